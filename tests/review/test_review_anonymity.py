"""A whole review tells of nobody: neither its log, nor its ledger, nor its vault, nor anything published."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import whole_review as whole
from small_county import begin

from reviewcore import Review


def private(review: Review) -> set[str]:
    """Return everything that may tell of a person: the lists' identities and the notes' sentences."""
    found = whole.identities(review.folder) | set(whole.notes(review))
    for text in whole.notes(review):
        found |= {part.strip() for part in text.split(".") if len(part.strip()) > 20}
    return found


def places(review: Review) -> list[Path]:
    """Return every file in which nobody may be told of."""
    folder = review.folder
    stores = [*folder.glob("review.db*"), *folder.glob("vault.db*"), *folder.parent.glob("ledger.db*")]
    published = [path for path in (folder / "publications").rglob("*") if path.is_file()]
    assert len(stores) >= 3
    assert len(published) == 16
    return [*stores, *published]


def test_nobody_is_told_of_outside_the_papers(done: Review) -> None:
    """PQCR-7, ALL-3: if this fails, a stolen database or a published report tells who was reviewed."""
    wanted = private(done)
    assert len(wanted) > 100
    for path in places(done):
        assert whole.named(path, wanted) == set(), path.name


def test_no_event_tells_of_anybody(done: Review) -> None:
    """QSR-6: if this fails, whoever may read the log reads names in it."""
    wanted = private(done)
    for event in done.records.log.events():
        text = json.dumps(event.body, ensure_ascii=False, indent=1)
        assert whole.told(text, wanted) == set(), event.kind


def test_the_ledger_knows_a_worker_again_in_the_next_review(done: Review) -> None:
    """If this fails, what workers know of two reviews is not put together: their pseudonyms are of one review."""
    ledger = done._open().ledger
    people = whole.people_by_pseudonym(done).values()
    names = [ledger.member("worker\n" + one["person_id"]) for one in people]
    named = {ledger.mark(f"worker\n{name}") for name in names}
    told = [set(entry.measures["workers"]) for entry in ledger.entries()]
    assert told
    assert all(workers and workers <= named for workers in told)


def test_no_file_name_tells_of_anybody(done: Review) -> None:
    """If this fails, a look into a folder tells who was reviewed."""
    names = "\n".join(path.relative_to(done.folder).as_posix() for path in done.folder.rglob("*"))
    parts = names.replace("-", " ").replace("_", " ").replace("/", " ").replace(".", " ")
    wanted = private(done)
    assert whole.told(f"{names}\n{parts}", wanted) == set()


def test_the_search_finds_what_is_there(done: Review) -> None:
    """If this fails, the tests above would pass whatever was published."""
    letter = next((done.folder / "papers/letters/to-send").glob("*-worker.eml"))
    told, mail = whole.mails(done)[letter.stem]
    person = whole.people_by_pseudonym(done)[told["to"]]
    assert person["name"] in whole.named(letter, {person["name"].upper(), person["name"]})
    outbox = done.folder / "papers/letters/outbox.xlsx"
    assert person["email"] in whole.named(outbox, whole.identities(done.folder))
    case = whole.cases_by_pseudonym(done)[told["case"]]["case_id"]
    assert case in whole.words(mail)
    noted = private(done)  # a tool may have come back without a note
    assert any(whole.named(workbook, noted) for workbook in (done.folder / "returned").glob("*.xlsx"))


def test_notes_stay_sealed(birch: Review) -> None:
    """QSR-6: if this fails, what a worker said in confidence lies open in a file."""
    planted = whole.notes(birch)
    assert planted
    assert all(text.startswith(whole.CANARY) for text in planted)
    kept = {"returned"}  # the tools as they came back, which the review office locks away and `close` deletes
    for path in birch.folder.rglob("*"):
        if path.is_file() and path.relative_to(birch.folder).parts[0] not in kept:
            assert not any("Quetzalwren" in text or "red bicycle" in text for text in whole.readings(path)), (
                path.name
            )


# -- what may be changed without a change ----------------------------------------------------------------


def rewrite(path: Path, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> None:
    """Change the rows of a list."""
    rows = change(whole.rows(path))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def renamed(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return everybody with another name and address, and the same id."""
    return [
        row | {"name": f"Zephyrine Okonkwo{number:03}", "email": f"someone{number:03}@birch.example"}
        for number, row in enumerate(rows)
    ]


def shuffled(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows in another order, always the same."""
    return random.Random(7).sample(rows, len(rows))


def other(root: Path, **change: Any) -> Review:
    """Return the review of the same county with its lists changed."""
    begin(root)
    for name, how in change.items():
        rewrite(root / "review" / f"{name}.csv", how)
    return whole.run_whole(root)


def test_names_do_not_matter(birch: Review, tmp_path: Path) -> None:
    """If this fails, something of a person's name finds its way into what is published."""
    again = other(tmp_path, people=renamed)
    assert whole.publications(again.folder) == whole.publications(birch.folder)
    mail = next((again.folder / "papers/letters/to-send").glob("*-worker.eml")).read_text()
    assert "Okonkwo" in mail


def test_the_order_of_the_lists_does_not_matter(birch: Review, tmp_path: Path) -> None:
    """If this fails, whoever orders the list has a hand in the draw, or the tables tell of the order.

    The same cases are drawn and the same publications follow, byte for byte. Which reviewers are put on
    which team, and when a session is held, may follow the order of the people list.
    """
    again = other(tmp_path, people=shuffled, cases=shuffled)
    one, two = (
        {case["case"] for case in whole.body(review, "selection.drawn")["selected"]}
        for review in (birch, again)
    )
    assert one == two
    assert whole.publications(again.folder) == whole.publications(birch.folder)
