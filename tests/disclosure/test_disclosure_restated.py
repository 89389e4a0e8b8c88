"""A month of an extract beside what was told of it before: only what moved by many, or not at all, is told anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewcore.aggregation.plan import Crosstab, Tally
from reviewcore.aggregation.values import Month, Tallied
from reviewcore.disclosure.history import restated
from reviewcore.disclosure.publication import AUDIENCES, Audience
from reviewcore.disclosure.tallied import Printed, told, without
from reviewcore.errors import Blocked
from reviewcore.store.ledger import Entry

K = {"team": 3, "agency": 5, "state": 11, "public": 11}
TALLY = Tally(
    "t", "T", "source", ("certified",), (Crosstab("all", "All", "clinic", ("certified",)),), period="month"
)
MONTHS = tuple(Month(period, "issued", {}, {}) for period in ("2027-01", "2027-02"))
TALLIED = Tallied(TALLY, (), MONTHS, 0)


def entry(audience: Audience, counts: dict[str, int], population: str = "caseload") -> Entry:
    """One earlier publication."""
    return Entry("earlier", audience, 1, population, {}, counts)


@given(
    st.sampled_from(AUDIENCES), st.sampled_from(AUDIENCES), st.integers(0, 60), st.integers(0, 60)
)  # fmt: skip
def test_a_count_is_too_near_where_whoever_knows_both_could_tell_of_few(
    now: Audience, then: Audience, new: int, old: int
) -> None:
    """If this fails, somebody who holds both publications reads off how many came in late."""
    k = {"team": 3, "agency": 5}.get(
        "team" if "team" in (now, then) else "agency" if "agency" in (now, then) else "", 11
    )
    found = restated([entry(then, {"a": old})], now, "caseload", {"a": new}, K)
    assert bool(found) == (new != old and abs(new - old) < k)


def test_only_counts_of_the_same_population_and_name_are_held_against_each_other() -> None:
    """If this fails, a review of another kind blocks this one."""
    assert not restated([entry("agency", {"a": 10}, "another")], "agency", "caseload", {"a": 11}, K)
    assert not restated([entry("agency", {"b": 10})], "agency", "caseload", {"a": 11}, K)


def printed(first: int, second: int) -> tuple[Printed, ...]:
    """Two months with one count each."""
    return tuple(Printed(month, {"certified": n}) for month, n in zip(MONTHS, (first, second), strict=True))


def test_a_month_with_one_near_count_is_withheld_whole() -> None:
    """If this fails, the other counts of the month give the near one back."""
    both = (printed(30, 30)[0], Printed(MONTHS[1], {"certified": 30, "certified|clinic=North": 12}))
    made = without(TALLIED, both, frozenset({"t|2027-02|certified"}), "agency")
    assert made[0] == both[0]
    assert dict(made[1].numbers) == {"certified": None, "certified|clinic=North": None}


def test_where_the_tables_are_of_that_month_nothing_is_published_and_the_ways_out_are_told() -> None:
    """If this fails, an agency gets an empty report, and no word of what to do."""
    with pytest.raises(Blocked) as caught:
        without(TALLIED, printed(30, 30), frozenset({"t|2027-01|certified"}), "state")
    for words in (
        "'state'",
        "January 2027 (issued)",
        "Wait for a month",
        "narrower audience",
        "nothing was published",
    ):
        assert words in str(caught.value)
    assert "30" not in str(caught.value)


def test_what_is_withheld_is_not_remembered_as_told() -> None:
    """If this fails, the ledger holds a number that nobody was told."""
    months = (printed(30, 30)[0], Printed(MONTHS[1], {"certified": None}))
    assert dict(told("t", months)) == {"t|2027-01|certified": 30}
