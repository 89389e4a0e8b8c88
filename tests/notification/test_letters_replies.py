"""Replies: by hand and from a file; every one is kept, and the last yes or no holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from letters_of_alder import Alder, alder

from reviewcore.errors import BadInput, Refused
from reviewcore.notification.stage import approve, read_replies, record, reply, state
from reviewcore.notification.state import Reply, Standing


@pytest.fixture
def review(tmp_path: Path) -> Alder:
    """The small review with the letters up to the draw approved."""
    made = alder(tmp_path)
    made.draw()
    made.draft()
    approve(made.records)
    return made


def file(review: Alder, text: str | bytes) -> Path:
    """A file of replies."""
    path = review.records.folder / "replies.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def wrong(review: Alder, text: str | bytes) -> list[str]:
    """What is wrong with a file of replies; nothing of it is recorded."""
    before = review.told()
    with pytest.raises(BadInput) as caught:
        read_replies(file(review, text), review.records.log)
    assert review.told() == before
    return [str(problem) for problem in caught.value.problems]


def test_receipt_and_availability_are_each_confirmed(review: Alder) -> None:
    """Who got the letter and who can come are two questions (QSR-7); the request for a supervisor is a third."""
    records = review.records
    assert reply(records, "0004-worker", "receipt")
    assert state(records.log).standing("0004-worker") == Standing(True, None, False)
    assert reply(records, "0004-worker", "yes", supervisor=True)
    assert not reply(records, "0004-worker", "yes", supervisor=True)
    assert reply(records, "0004-worker", "receipt")
    assert state(records.log).standing("0004-worker") == Standing(True, True, True)
    assert [one.confirmed for one in state(records.log).counts()] == [0, 0, 1, 0]
    assert reply(records, "0004-worker", "no")
    assert state(records.log).standing("0004-worker") == Standing(True, False, False)
    assert len(state(records.log).replies["0004-worker"]) == 4


def test_a_reply_to_no_letter_is_refused(review: Alder) -> None:
    """A reply booked to a letter that nobody got would confirm somebody who never said so."""
    with pytest.raises(Refused, match="there is no letter with this id; ids stand in papers"):
        reply(review.records, "0099-worker", "yes")
    with pytest.raises(Refused, match="only a worker whose case was drawn can ask for their supervisor"):
        reply(review.records, "0001-union", "yes", supervisor=True)
    with pytest.raises(Refused, match="one of yes, no, receipt"):
        reply(review.records, "0001-union", "maybe")  # type: ignore[arg-type]
    review.schedule()
    review.draft()
    with pytest.raises(Refused, match="has not been approved"):
        reply(review.records, "0008-appointment", "yes")


@pytest.mark.parametrize(
    "text",
    [
        "letter,answer,supervisor\r\n0004-worker,Yes,YES\r\n0001-union,receipt,\r\n0002-reviewer,,\r\n",
        "\ufeffanswer;letter;supervisor\nyes;0004-worker;yes\nreceipt;0001-union;no\n",
    ],
)
def test_replies_are_read_from_a_file_and_only_once(review: Alder, text: str) -> None:
    """A file that is read again, after a kill or by mistake, must not count anybody twice."""
    path = file(review, text)
    read = read_replies(path, review.records.log)
    assert [(one.letter, one.reply) for one in read] == [
        ("0004-worker", Reply("yes", True)), ("0001-union", Reply("receipt")),
    ]  # fmt: skip
    assert record(review.records, read) == 2
    before = review.told()
    assert record(review.records, read_replies(path, review.records.log)) == 0
    assert review.told() == before


def test_every_wrong_row_is_named_and_no_cell_is_repeated(review: Alder) -> None:
    """One row at a time would cost a round each; a repeated cell could be somebody's name."""
    assert wrong(
        review,
        "letter,answer,supervisor\n0004-worker,maybe,\n0099-Una Birch,yes,\n0004-worker,yes,perhaps\n"
        "0001-union,yes,yes\n",
    ) == [
        "replies.csv, row 2: answer: must be one of yes, no, receipt",
        (
            "replies.csv, row 3: letter: there is no letter with this id; ids stand in papers/letters/outbox.xlsx, "
            "as '0001-union'"
        ),
        "replies.csv, row 4: supervisor: must be yes, no or empty",
        "replies.csv, row 4: letter: answered in row 2 already; keep the row that holds, take the other away",
        (
            "replies.csv, row 5: letter: only a worker whose case was drawn can ask for their supervisor to sit in; "
            "leave supervisor empty"
        ),
    ]


def test_a_wrong_heading_loses_no_request(review: Alder) -> None:
    """A misspelt column, passed over, would lose every worker's request for their supervisor (PQCR-3)."""
    assert wrong(review, "letter,answer,supervisr\n0004-worker,yes,yes\n") == [
        "replies.csv, row 1: column 3: unknown heading; did you mean 'supervisor'?"
    ]
    assert wrong(review, "who,letter\n") == [
        "replies.csv, row 1: column 1: unknown heading; the columns are letter, answer, supervisor",
        "replies.csv, row 1: no column 'answer'; add it",
    ]
    assert wrong(review, "") == [
        "replies.csv, row 1: no column 'letter'; add it",
        "replies.csv, row 1: no column 'answer'; add it",
    ]
    assert wrong(review, "letter,answer,answer\n") == [
        "replies.csv, row 1: a heading stands twice; keep one of the columns"
    ]
    assert wrong(review, b"letter,answer\n\xff\xfe,yes\n") == [
        "replies.csv: not a text in UTF-8; save it as 'CSV UTF-8'"
    ]
    with pytest.raises(BadInput, match=r"gone\.csv: there is no such file"):
        read_replies(review.records.folder / "gone.csv", review.records.log)
