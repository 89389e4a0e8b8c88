"""The demos, one for each review type: its profile, its made-up county, and what to look at afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from reviewcore.review import Review

_PAPERS = (
    "publications/agency/1/report.html",
    "publications/state/1/report.docx",
    "papers/letters/outbox.xlsx",
    "papers/schedule/schedule.xlsx",
    "papers/selection/commitment.txt",
)


@frozen
class Made:
    """A county that was made up: how large it is, how its lists are written, what it adds once the draw is made."""

    name: str
    people: int
    cases: int
    write: Callable[[Path], object]
    drawn: Callable[[Review], object] = lambda _: None


@frozen
class Kind:
    """The demo of one review type: its shipped profile, its county for a number of cases, where to look."""

    profile: str
    make: Callable[[int | None], Made]
    look: tuple[str, ...] = _PAPERS


def _pqcr() -> Kind:
    from reviewcore.demo.county import make

    def made(cases: int | None) -> Made:
        county = make(cases=cases or 480)
        return Made(county.name, len(county.people), len(county.cases), county.write)

    return Kind("pqcr-alder", made)


def _qsr() -> Kind:
    from reviewcore.demo.cedar import make

    def made(cases: int | None) -> Made:
        county = make(cases=cases or 400)

        def drawn(review: Review) -> None:
            listing = review.profile.lists["key_people"].file
            county.write_key_people(review.folder / listing, review.drawn_cases())

        return Made(county.name, len(county.people), len(county.cases), county.write, drawn)

    return Kind("qsr-cedar", made, (*_PAPERS, "papers/schedule/sign-in.xlsx", "papers/guides"))


KINDS: Mapping[str, Callable[[], Kind]] = {"pqcr": _pqcr, "qsr": _qsr}
"""By the name of the type; a county is loaded only when its demo is asked for."""
