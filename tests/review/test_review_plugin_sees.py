"""What a review type is given in the course of a whole review: nothing of anybody, and no small number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import whole_review as whole
from attrs import fields, has
from reviewcore_pqcr import PQCR
from small_county import DICE, NOW, begin, letters, opened

from reviewcore import Review
from reviewcore.api import hookimpl
from reviewcore.disclosure.codec import to_json
from reviewcore.disclosure.publication import Publication
from reviewcore.sealing import Plugins
from reviewcore.selection.plan import Count

SEEN: list[tuple[str, object]] = []
"""Everything that the listening type was given: the hook, and the value."""


class Listening:
    """Answers as the peer review does, and writes down everything that it is given."""

    @hookimpl
    def review_type(self) -> Any:
        """Say what it is."""
        return PQCR().review_type()

    @hookimpl
    def selection(self, frame: Any, settings: Any) -> Any:
        """Listen to the frame."""
        SEEN.append(("selection", frame))
        SEEN.append(("selection", settings))
        return PQCR().selection(settings)

    @hookimpl
    def notification(self, roles: Any, dates: Any, settings: Any) -> Any:
        """Listen to roles and dates."""
        SEEN.extend(("notification", one) for one in (roles, dates, settings))
        return PQCR().notification(roles, settings)

    @hookimpl
    def interview(self, settings: Any) -> Any:
        """Listen to the settings."""
        SEEN.append(("interview", settings))
        return PQCR().interview(settings)

    @hookimpl
    def aggregation(self, schema: Any, settings: Any) -> Any:
        """Listen to the schema."""
        SEEN.append(("aggregation", schema))
        SEEN.append(("aggregation", settings))
        return PQCR().aggregation(schema)

    @hookimpl
    def report(self, publication: Any, settings: Any) -> Any:
        """Listen to the publication."""
        SEEN.append(("report", publication))
        SEEN.append(("report", settings))
        return PQCR().report(publication, settings)


def listened(root: Path) -> Review:
    """Return the county's review with the listening type in the place of its own."""
    own = opened(root)
    return Review(
        own.folder, own.profile, Plugins(Listening, "pqcr", "1"), root / "keys", lambda: NOW, "tester"
    )


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> tuple[Review, tuple[tuple[str, object], ...]]:
    """Return a finished review, and everything that its type was given."""
    root = tmp_path_factory.mktemp("listening")
    begin(root)
    SEEN.clear()
    review = listened(root)
    review.check()
    review.select()
    letters(review)
    review.select([DICE])
    letters(review)
    review.interview()
    letters(review)
    whole.hand_back(review, change=whole.canary)
    review.run()
    return review, tuple(SEEN)


def values(value: object) -> Iterator[object]:
    """Yield a value and all that it holds, down to texts and numbers."""
    yield value
    inside: list[object] = []
    kind: Any = type(value)
    if has(kind):
        inside = [getattr(value, one.name) for one in fields(kind)]
    elif isinstance(value, Mapping):
        inside = [*value.keys(), *value.values()]
    elif isinstance(value, (tuple, list, set, frozenset)):
        inside = list(value)
    elif hasattr(value, "__dict__") and not isinstance(value, type):
        inside = list(vars(value).values())
    for one in inside:
        yield from values(one)


def test_every_hook_was_called_in_a_review_that_ended(heard: tuple[Review, Any]) -> None:
    """If this fails, the tests below look at less than a whole review."""
    review, seen = heard
    assert {hook for hook, _ in seen} == {"selection", "notification", "interview", "aggregation", "report"}
    assert len(whole.publications(review.folder)) == 16


def test_a_review_type_is_told_of_nobody(heard: tuple[Review, Any]) -> None:
    """PQCR-7, QSR-6: if this fails, whoever writes a review type can carry names out of a county."""
    review, seen = heard
    people = whole.people_by_pseudonym(review)
    wanted = whole.identities(review.folder) | set(whole.notes(review)) | {"Quetzalwren"}
    pseudonyms = {*people, *whole.cases_by_pseudonym(review)}
    for hook, value in seen:
        texts = [one for one in values(value) if isinstance(one, (str, bytes))]
        assert not pseudonyms & set(texts), hook
        said = "\n".join(str(one) for one in texts)
        assert whole.told(said, wanted) == set(), hook
        assert whole.told(repr(value), wanted) == set(), hook


def test_a_review_type_is_told_no_small_count(heard: tuple[Review, Any]) -> None:
    """disclosure.md 1: if this fails, a frame tells that one worker alone has such a case."""
    review, seen = heard
    k = review.profile.audiences.k("public")
    exact = {len(whole.people_by_pseudonym(review)), len(whole.cases_by_pseudonym(review))}
    counts = [one for _, value in seen for one in values(value) if isinstance(one, Count)]
    assert counts
    for one in counts:
        assert one.low != one.high or one.low == 0 or one.low >= k, one
    assert exact & {one.low for one in counts if one.low == one.high} or any(
        one.low < one.high for one in counts
    )


def test_the_publication_is_the_protected_one(heard: tuple[Review, Any]) -> None:
    """PQCR-7: if this fails, a review type sees a figure before it is protected."""
    review, seen = heard
    given = {
        (one.audience, one.number): to_json(one)
        for hook, one in seen
        if hook == "report" and isinstance(one, Publication)
    }
    told = {
        (e.body["audience"], e.body["number"]): e.body["publication"]
        for e in review.records.log.events("aggregation.tabulated")
        if e.body
    }
    assert {key: as_lists(one) for key, one in given.items()} == told
    for publication in given.values():
        k = review.profile.audiences.k(publication["audience"])
        for table in publication["tables"]:
            for row in table["rows"]:
                assert not any(kind == "count" and 1 <= value < k for kind, value in row["cells"])
                assert all(value is None for kind, value in row["cells"] if kind == "withheld")


def as_lists(value: Any) -> Any:
    """Return a value with every tuple as a list, as JSON has it."""
    if isinstance(value, dict):
        return {key: as_lists(one) for key, one in value.items()}
    return [as_lists(one) for one in value] if isinstance(value, (list, tuple)) else value


def test_a_leak_would_be_heard(heard: tuple[Review, Any]) -> None:
    """If this fails, the tests above would pass whatever a review type is given."""
    review, _ = heard
    row = next(iter(whole.people_by_pseudonym(review).values()))
    texts = [one for one in values({"deep": ({"down": [row["email"]]},)}) if isinstance(one, str)]
    assert whole.told("\n".join(texts), whole.identities(review.folder)) == {
        row["email"],
        row["name"].split()[-1],
    }
