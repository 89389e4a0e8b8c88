"""Focus groups: who is asked, drawn from everybody with the role by the same seed as the cases (QSR-4).

A person's line is their pseudonym P; a group's key is that of the purpose `focus/KEY` (docs/casedraw.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from reviewcore.errors import Refused
from reviewcore.selection import casedraw
from reviewcore.selection.plan import Group

Body: TypeAlias = dict[str, Any]


def seal(groups: Sequence[Group], people: Iterable[tuple[str, Collection[str]]]) -> list[Body]:
    """Return each group with its own list, as the commitment keeps it: pseudonyms in byte order, and their root.

    `people` are everybody's pseudonym and roles. Raises Refused for every group that nobody could be in.
    """
    everyone = list(people)
    sealed: list[Body] = []
    for group in groups:
        listed = sorted(person for person, roles in everyone if group.role in roles)
        sealed.append(
            {
                "key": group.key, "title": group.title, "role": group.role, "size": group.size,
                "alternates": group.alternates, "meeting": group.meeting,
                "listed": listed, "root": casedraw.root(listed),
            }
        )  # fmt: skip
    empty = [f"'{one['title']}' (role '{one['role']}')" for one in sealed if not one["listed"]]
    if empty:
        raise Refused(
            f"nobody on the people list has the role of these focus groups: {', '.join(empty)}; add the people, "
            "or take the group out of the profile"
        )
    return sealed


def draw(sealed: Iterable[Mapping[str, Any]], seed: str) -> list[Body]:
    """Return who was drawn for each group, members and then alternates, in the order of their numbers.

    Whoever was drawn for an earlier group, as a member or an alternate, is passed over.
    """
    taken: set[str] = set()
    drawn: list[Body] = []
    for group in sealed:
        key = casedraw.purpose_key(seed, f"focus/{group['key']}")
        free = [person for person in group["listed"] if person not in taken]
        order = sorted(free, key=lambda person: (casedraw.ticket(key, person), person))
        members, rest = order[: group["size"]], order[group["size"] :]
        alternates = rest[: group["alternates"]]
        taken |= {*members, *alternates}
        drawn.append({"key": group["key"], "members": members, "alternates": alternates})
    return drawn
