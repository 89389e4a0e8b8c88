"""A draw on its own, in memory: for a program that has a case list and keeps the papers itself.

No review folder, no vault and no plugin: `seal` reads the list, checks it as a review would and commits to
it; `draw`, once the seed is rolled, draws. It is the same draw with the same papers as a review's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define, field

from reviewcore.errors import BadInput, Refused
from reviewcore.language import Field
from reviewcore.register.cases import cases_and_problems
from reviewcore.reviewtype import Source
from reviewcore.selection import casedraw, encode, groups, sealed, seedrule
from reviewcore.selection.frame import Framed
from reviewcore.selection.plan import SelectionPlan
from reviewcore.selection.values import FrameRow
from reviewcore.uncollected import each, uncollected

if TYPE_CHECKING:
    from reviewcore.profile.lists import List


@define(repr=False, eq=False)
class SealedList:
    """A list that is sealed, and, once there is a seed, what was drawn from it.

    `committed` has the commitment with all that it binds, `drawn` the draw, as the events of a review keep them
    (without the list). `case_ids` opens pseudonyms, for whoever holds this object alone.
    """

    committed: Mapping[str, Any]
    case_ids: Mapping[str, str]
    drawn: Mapping[str, Any] | None = field(default=None, init=False)
    _framed: Framed
    _plan: SelectionPlan
    _fields: Mapping[str, Field]
    _papers: dict[str, bytes] = field(factory=dict, init=False)

    @property
    def commitment(self) -> str:
        """Return the digest to be handed out before there is a seed."""
        return str(self.committed["commitment"])

    def papers(self) -> dict[str, bytes]:
        """Return the papers so far by name: first those of the sealed list, then those of the draw.

        They are made when they are first asked for, and the chances of all cases worked out, which follow
        from what was committed to.
        """
        from reviewcore.profile.settings import FLOORS
        from reviewcore.selection import written
        from reviewcore.selection.chances import chances

        plan, said = self._plan, {**self.committed, "attempt": 1}
        if not self._papers:
            tickets = casedraw.preview_key(said["plan_hash"], said["root"])
            previewed = chances(self._framed.entries, plan.quotas(), plan.per_worker, tickets).said()
            body = {
                **said,
                "rows": encode.rows_json(self._framed.rows, self._framed.entries),
                "chances": previewed,
            }
            rule = seedrule.read_rule(said["seed_rule"])
            self._papers |= written.of_the_list(body, plan, self._fields, rule, FLOORS["public"])
        if self.drawn and "selection/result.txt" not in self._papers:
            self._papers |= written.of_the_draw(said, self.drawn)
        return dict(self._papers)


@uncollected()
def seal(
    path: Path,
    listing: List,
    source: Source,
    plan: SelectionPlan,
    key: bytes,
    at: datetime,
    seed_rule: str = "dice 24",
) -> SealedList:
    """Read the case list at `path` and commit to it, before any seed is known.

    `source` declares the list's fields, `plan` asks for them, `key` are 32 secret bytes, `at` is the time
    that is committed to. Raises BadInput with every problem of the list or the plan, and Refused where the
    quotas cannot be filled.
    """
    _, cases, problems = cases_and_problems(path, listing, source, None)
    if problems:
        raise BadInput(problems)
    blinding, fields = casedraw.Blinding(key), {one.name: one for one in source.fields}
    case_ids, worker_ids, family_ids, values = zip(*cases, strict=True)
    pseudonyms, none = blinding.cases(case_ids), ("",) * len(cases)
    people = tuple(set(worker_ids))
    worker = dict(zip(people, blinding.workers(people), strict=True))
    several = [name for name, count in Counter(family_ids).items() if name and count > 1]
    family = {name: f"family {number}" for number, name in enumerate(several)}
    families = [family.get(name, "") for name in family_ids]
    rows = each(FrameRow, pseudonyms, map(worker.__getitem__, worker_ids), none, families, none, values)
    framed = sealed.drawable(rows, plan, fields)
    rule = seedrule.read_rule(seed_rule, again=plan.fresh_alternates)
    root = casedraw.root(one.leaf for one in framed.entries)
    gathered = groups.seal(plan.groups, ())
    committed = sealed.head(root, encode.plan_json(plan), framed.sizes(), blinding, rule, at, (), gathered)
    opened = dict(zip(pseudonyms, case_ids, strict=True))
    return SealedList(committed, opened, framed, plan, fields)


@uncollected()
def draw(sealed_list: SealedList, lines: Sequence[str]) -> tuple[str, ...]:
    """Draw with the seed's lines and return the case ids that were drawn, in the order of the draw.

    Raises Refused where the lines are not exactly what the sealed rule asks for, and where another seed has
    been drawn with.
    """
    committed, framed = sealed_list.committed, sealed_list._framed
    given = sealed.lines_of(lines, committed)
    if sealed_list.drawn and given != sealed_list.drawn["seed_lines"]:
        raise Refused("the draw has been made with another seed, and stays: a second draw is refused")
    if not sealed_list.drawn:
        made = sealed.numbered(committed, framed.entries, given)
        taken = {*made.taken()}
        mine = [pair for pair in zip(framed.rows, framed.entries, strict=True) if pair[1].leaf in taken]
        rows = {entry.leaf: encode.rows_json([row], [entry])[0] for row, entry in mine}
        sealed_list.drawn = sealed.drawn(committed, rows, made, given)
    return tuple(sealed_list.case_ids[one["case"]] for one in sealed_list.drawn["selected"])
