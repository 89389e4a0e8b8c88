"""Attacks that once succeeded: the smallest example found of each."""

from __future__ import annotations

import pytest
from attrs import evolve

from tests.attacks import scores
from tests.attacks.design import Case, Design
from tests.attacks.driver import (
    Agency,
    Blocked,
    Review,
    engine_that_forgets_bands,
    engine_without_applicability,
)
from tests.attacks.finished import files
from tests.attacks.known import Loss
from tests.attacks.readers import READERS
from tests.attacks.rounds import Out, assault

ONE = Design(
    {"site": ("North", "South")}, {"q": ("1", "2")}, {"team": {"q": "acceptable", "q/site": None}}, {"team": 3},
    {"q": ("site",)},
)  # fmt: skip


def cases(where: str, answers: str, start: int = 0) -> list[Case]:
    """Return a case for each letter: its site by the first letter, its answer, "-" for not rated."""
    places = {"N": "North", "S": "South"}
    return [
        Case(f"c{n:02}", f"w{n}", {"site": places[place]}, {"q": answer.replace("-", "")})
        for n, (place, answer) in enumerate(zip(where, answers, strict=True), start=start)
    ]


def lost(design: Design, *steps: list[Case]) -> list[Loss]:
    """Publish one review again and again, each time with further cases, and attack all of it."""
    review, out = Review(Agency(), design), []
    have: list[Case] = []
    for new in steps:
        have = [*have, *new]
        review.draw(have)
        review.answer(new)
        try:
            given = review.publish()
        except Blocked:
            continue
        seen = {name: READERS["json"](files(one, ("json",))["json"]) for name, one in given.items()}
        out.append(Out(dict(review.frozen), seen))
    return assault(design, out, insiders=1)[0]


BAND_FIRST = cases("N" * 12, "112222222222"), cases("N" * 8, "11222222", start=12)


def test_a_band_and_later_counts_of_more_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, "most were acceptable" and, some cases later, the counts tell of the cases that came between."""
    assert lost(ONE, *BAND_FIRST) == []
    engine_that_forgets_bands(monkeypatch)
    caught = lost(ONE, *BAND_FIRST)
    scores.record(
        "planted: bands forgotten",
        {"reviews": 1, "reviews caught": int(bool(caught)), "numbers lost": len(caught)},
    )
    assert caught


def test_rows_that_add_up_to_a_count_that_the_ledger_closes() -> None:
    """If this fails, the cases rated in all, withheld beside an earlier publication, are the sum of the sites' rows."""
    design = evolve(ONE, rungs={"team": {"q": "acceptable", "q/site": "band"}})
    first = cases("NNNNNNNNNNNNNNNNSS", "----11112222222222")
    later = cases("NNNNNNNNNS", "-122222222", start=18)
    assert lost(design, first, later) == []


def test_a_narrower_audience_with_a_smaller_k() -> None:
    """If this fails, the public's band, fit for its k of 11, tells the state a count closer than its k of 12 allows."""
    rungs = {"q": "band", "q/site": None}
    design = evolve(ONE, k={"state": 12, "public": 11}, rungs={"state": rungs, "public": rungs})
    assert lost(design, cases("N" * 22, "1" * 12 + "2" * 10)) == []


def test_an_item_that_is_not_asked_of_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, how many cases an item applies to, less those told of one site, tells of the other site's few."""
    design = Design(
        {"site": ("North", "South"), "setting": ("in", "out")}, {"q": ("1", "2")},
        {"team": {"q": None, "q/site": "band"}}, {"team": 4}, {"q": ("site",)}, applies={"q": ("setting", "out")},
    )  # fmt: skip
    places = ["North out"] * 8 + ["South out"] * 2 + ["North in"] * 6 + ["South in"] * 6
    asked = [
        Case(
            f"c{n:02}",
            f"w{n}",
            dict(zip(("site", "setting"), place.split(), strict=True)),
            {"q": answer.strip()},
        )
        for n, (place, answer) in enumerate(zip(places, "1112222212" + " " * 12, strict=True))
    ]
    assert lost(design, asked) == []
    engine_without_applicability(monkeypatch)
    caught = lost(design, asked)
    scores.record(
        "planted: applicability off",
        {"reviews": 1, "reviews caught": int(bool(caught)), "numbers lost": len(caught)},
    )
    assert caught


def test_later_cases_of_which_few_are_asked() -> None:
    """If this fails, the numbers rated at two times tell how few of a site's later cases were asked at all."""
    design = Design(
        {"site": ("North", "South"), "setting": ("in", "out")}, {"q": ("1", "2")},
        {"team": {"q": None, "q/site": "band"}}, {"team": 4}, {"q": ("site",)}, applies={"q": ("setting", "out")},
    )  # fmt: skip

    def made(start: int, **of: str) -> list[Case]:
        placed = [(site, answer.strip()) for site, answers in of.items() for answer in answers]
        return [
            Case(f"c{n}", f"w{n}", {"site": site, "setting": "out" if answer else "in"}, {"q": answer})
            for n, (site, answer) in enumerate(placed, start=start)
        ]

    first = made(0, North="1" * 6 + "2" * 18 + " " * 11, South="1" * 4 + "2" * 16 + " " * 24)
    assert lost(design, first, made(79, North="22  ", South="22  ")) == []


def test_the_number_rated_alone_tells_an_insider() -> None:
    """If this fails, a worker with several cases learns from the number rated alone how others can have been rated."""
    design = evolve(ONE, k={"agency": 5}, rungs={"agency": {"q": "acceptable", "q/site": None}})
    made = cases("NNNNNNNSSSSSS", "2221-2-------")
    assert (
        lost(design, [evolve(one, worker="w0") if n < 2 or n == 6 else one for n, one in enumerate(made)])
        == []
    )
