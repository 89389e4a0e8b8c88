"""Everything that ties the cells of one split to the row over all cases, as one network.

Cases flow from each row (a group, whose size is known) by the categories of the split's coding into the
columns of the overall row's coding, or into "not rated", and on to one end. Rows that print nothing of
their own are gathered on the way, since their sum can be told by what is left over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import Factory, define, frozen

from reviewcore.aggregation.values import Category
from reviewcore.disclosure.flow import Network, Node
from reviewcore.disclosure.lines import Line, Printed
from reviewcore.disclosure.rules import Group

Subject = Literal["rated", "counts"]
_UNRATED = "not rated"


@frozen
class Guard:
    """A number that is not printed and must stay open.

    `cells` are the inner cells that it sums, `size` the most that it could be, and `zero` says that it
    would be 0 by what the printed counts leave over, which is as good as printed.
    """

    arc: int
    cells: tuple[int, ...]
    size: int
    zero: bool
    subject: Subject


@define
class System:
    """The network, its guards, and for each inner cell how many cases a coalition of workers has there."""

    network: Network
    own: dict[int, int]
    guards: list[Guard] = Factory(list)

    def guard(self, arc: int, cells: list[int], size: int, zero: bool, subject: Subject) -> None:
        """Guard an arc, unless it is printed."""
        if self.network.least[arc] < self.network.most[arc]:
            self.guards.append(Guard(arc, tuple(cells), size, zero, subject))


def union(groups: Mapping[str, Group], keys: list[str]) -> Group:
    """Return several groups as one."""
    return Group(
        {m: worker for key in keys for m, worker in groups[key].workers.items()},
        {m: code for key in keys for m, code in groups[key].ratings.items()},
    )


def build(
    everybody: Group, overall: Printed, groups: Mapping[str, Group], split: Printed, coalition: int
) -> System:
    """Return the system of one split's table under the overall row, both as printed."""
    (line,) = overall.lines.values()
    rest = union(groups, [key for key in groups if not split.lines[key].counts])
    untold = union(groups, [key for key in groups if not split.lines[key].rated])
    none_untold = line.rated and untold.size == untold.rated
    system = System(Network(), {})
    net = system.network
    columns = {column.key: column for column in overall.coding}
    joined: dict[Node, list[int]] = {}

    def left_over(column: Category) -> bool:
        return line.counts and rest.count(column.codes) == 0

    def inner(start: Node, end: Node, codes: frozenset[str] | None, group: Group, fixed: bool) -> int:
        own = group.own(codes)
        count = own.total()
        arc = net.arc(start, end, count, *((count, count) if fixed else (0, group.size)))
        system.own[arc] = sum(cases for _, cases in own.most_common(coalition))
        joined.setdefault(end, []).append(arc)
        return arc

    for key, group in groups.items():
        said, row = split.lines[key], ("row", key)
        for place, category in enumerate(split.coding):
            cell, cells = ("cell", key, category.key), []
            meets = [one for one in overall.coding if one.codes & category.codes]
            for column in meets:
                to = ("silent" if said.silent() else "said", "column", column.key)
                within = column.codes <= category.codes
                arc = inner(cell, to, column.codes & category.codes, group, fixed=False)
                zero = left_over(column) if within else line.counts and not everybody.count(column.codes)
                if len(meets) > 1 or not within:
                    system.guard(arc, [arc], group.size, zero, "counts")
                cells.append(arc)
            count = group.count(category.codes)
            arc = net.arc(row, cell, count, *_range(said, place, count, group.size))
            zero = all(one.codes <= category.codes and left_over(one) for one in meets)
            system.guard(arc, cells, group.size, zero, "counts")
        aside = ("said" if said.rated else "silent", _UNRATED)
        arc = inner(row, aside, None, group, fixed=said.rated)
        system.guard(arc, [arc], group.size, none_untold, "rated")

    silent = sum(group.size for key, group in groups.items() if split.lines[key].silent())
    whole: dict[Node, list[int]] = {}
    for node, cells in joined.items():
        part, *name = node
        arc = net.arc(node, tuple(name), sum(net.flow[cell] for cell in cells), 0, everybody.size)
        whole.setdefault(tuple(name), []).extend(cells)
        if part == "silent" and name == [_UNRATED]:
            system.guard(arc, cells, untold.size, none_untold, "rated")
        elif part == "silent":
            system.guard(arc, cells, silent, left_over(columns[name[-1]]), "counts")
    for place, column in enumerate(overall.coding):
        name_, count = ("column", column.key), everybody.count(column.codes)
        arc = net.arc(name_, ("end",), count, *_range(line, place, count, everybody.size))
        system.guard(arc, whole.get(name_, []), everybody.size, False, "counts")
    left = everybody.size - everybody.rated
    arc = net.arc((_UNRATED,), ("end",), left, *((left, left) if line.rated else (0, everybody.size)))
    system.guard(arc, whole.get((_UNRATED,), []), everybody.size, False, "rated")
    return system


def _range(line: Line, place: int, count: int, size: int) -> tuple[int, int]:
    if line.counts:
        return count, count
    return line.spans[place] if line.spans else (0, size)
