"""What the tests of whole reviews share: handing tools back, and looking at what a review has left.

Nothing here asks the engine what it did: files are read as anybody would read them, and what is
reckoned is reckoned anew.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

from attrs import evolve
from pypdf import PdfReader
from small_county import DICE, letters, opened

from reviewcore import Review
from reviewcore.demo.answers import fill_in
from reviewcore.interview.sessions import expected_of
from reviewcore.interview.stage import filled

Fill = Callable[[str, Any], Any]
"""What a test makes of a session's answers: it is given the token and what the demo would answer."""


def begun(root: Path) -> Review:
    """Run the county's review up to the interviews: the tools are out, none is back."""
    review = opened(root)
    review.select()
    letters(review)
    review.select([DICE])
    letters(review)
    review.interview()
    letters(review)
    return review


def hand_back(review: Review, *tokens: str, change: Fill | None = None) -> tuple[str, ...]:
    """Put completed tools into the folder that they come back to: all of them, or those of `tokens`."""
    plan, fields = review.plugins.interview(review.profile.settings), review.type.sources[0].fields
    sessions = expected_of(review.records.log, plan, fields)
    given = tokens or tuple(sessions)
    for token in given:
        instrument, row = sessions[token]
        made = fill_in(instrument, row, token)
        made = change(token, made) if change else made
        workbook = filled(
            review.records, review.profile, plan, token,
            answers=made.answers, not_applicable=made.not_applicable, notes=made.notes, fields=fields,
        )  # fmt: skip
        (review.folder / "returned" / f"{token}.xlsx").write_bytes(workbook)
    return given


CANARY = "Quetzalwren said that the red bicycle stayed in the yard"


def canary(token: str, made: Any) -> Any:
    """Plant a sentence in every note of a completed tool."""
    return evolve(made, notes={item: f"{CANARY}, {token}, {item}" for item in made.notes})


def run_whole(root: Path) -> Review:
    """Run the small county's review to its end, with a planted sentence in every note."""
    review = begun(root)
    hand_back(review, change=canary)
    review.run()
    return opened(root)


def body(review: Review, kind: str) -> Mapping[str, Any]:
    """Return what the last event of a kind says."""
    event = review.records.log.last(kind)
    assert event is not None, f"no event {kind}"
    assert event.body is not None, f"the event {kind} was erased"
    return event.body


def answers(review: Review) -> dict[str, Mapping[str, Any]]:
    """Return the latest recorded answers of each session."""
    return {e.body["token"]: e.body for e in review.records.log.events("interview.answered") if e.body}


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a list as the county handed it in."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def people_by_pseudonym(review: Review) -> dict[str, dict[str, str]]:
    """Return the people list's rows by the pseudonym under which the log speaks of each."""
    of_id = {one["person_id"]: one["pseudonym"] for one in _vault(review).all("person")}
    return {of_id[row["person_id"]]: row for row in rows(review.folder / "people.csv")}


def cases_by_pseudonym(review: Review) -> dict[str, dict[str, str]]:
    """Return the case list's rows by the pseudonym under which the log speaks of each."""
    of_id = {one["case_id"]: one["pseudonym"] for one in _vault(review).all("case")}
    return {of_id[row["case_id"]]: row for row in rows(review.folder / "cases.csv")}


def notes(review: Review) -> list[str]:
    """Return the text of every sealed note."""
    return [one["text"] for one in _vault(review).all("note")]


def _vault(review: Review) -> Any:
    vault = review._open().vault
    assert vault is not None
    return vault


# -- letters ------------------------------------------------------------------------------------------


def mails(review: Review) -> dict[str, tuple[Mapping[str, Any], EmailMessage]]:
    """Return every letter that was handed over, by its id: what the log says of it, and the message."""
    told = {
        one["id"]: one
        for event in review.records.log.events("letters.drafted")
        if event.body
        for one in event.body["letters"]
    }
    return {name: (told[name], message) for name, message in _messages(review.folder).items()}


@cache
def _messages(folder: Path) -> dict[str, EmailMessage]:
    found = {}
    for path in sorted((folder / "papers/letters/to-send").glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        found[path.stem] = message
    return found


def words(message: EmailMessage) -> str:
    """Return a message's plain text, its lines as they were before they were sent."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def calendars(message: EmailMessage) -> list[str]:
    """Return the invitations attached to a message, each unfolded."""
    found = [part for part in message.iter_attachments() if str(part.get_filename()).endswith(".ics")]
    texts = [part.get_payload(decode=True) for part in found]
    return [re.sub(r"\r?\n[ \t]", "", text.decode()) for text in texts if isinstance(text, bytes)]


# -- what left the county -----------------------------------------------------------------------------


def identities(folder: Path, public: frozenset[str] = frozenset()) -> set[str]:
    """Return every name, surname, e-mail address, person's, case's and family's id of a county's lists."""
    found: set[str] = set()
    for row in rows(folder / "people.csv"):
        found |= {row["name"], row["name"].split()[-1], row["person_id"], row["email"]}
    for row in rows(folder / "cases.csv"):
        found |= {row["case_id"], row["family_id"]}
    return {one for one in found if one and not one.isdecimal()} - public


def readings(path: Path) -> Iterator[str]:
    """Yield a file as it can be read: its bytes as text, and each part of an archive."""
    yield path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".pdf":
        yield from (page.extract_text() for page in PdfReader(path).pages)
    if is_zipfile(path):
        with ZipFile(path) as archive:
            yield "\n".join(archive.namelist())
            for name in archive.namelist():
                yield archive.read(name).decode("utf-8", "replace")


def named(path: Path, wanted: set[str]) -> set[str]:
    """Return which of `wanted` a file tells, as words of their own and in any mix of capitals.

    Ids are only looked for as they are written: some would be found in small letters in any digest.
    """
    return set().union(*(told(text, wanted) for text in readings(path)))


def told(text: str, wanted: Iterable[str]) -> set[str]:
    """Return which of `wanted` a text tells; see `named`."""
    small, found = text.casefold(), set()
    for one in wanted:
        here, look = (small, one.casefold()) if re.search("[a-z]", one) else (text, one)
        if look in here and re.search(rf"(?<!\w){re.escape(look)}(?!\w)", here):
            found.add(one)
    return found


def publications(folder: Path) -> dict[str, bytes]:
    """Return every published file by its path in the review's folder."""
    found = sorted(path for path in (folder / "publications").rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
