"""A tally's plan, held against its extract before anything is counted."""

from __future__ import annotations

import pytest
from attrs import evolve

from reviewcore.aggregation.check import problems
from reviewcore.aggregation.plan import AggregationPlan, Crosstab, Rate, Schema, Tally
from reviewcore.language import Field
from reviewcore.reviewtype import Source

COUNTED = Source(
    "counted",
    (
        Field("clinic", "choice", choices=("North", "South")), Field("month", "month"),
        Field("certified", "number"), Field("participating", "number"),
    ),
    kind="extract",
)  # fmt: skip
TALLY = Tally(
    "caseload", "Caseload", "counted", ("certified", "participating"),
    (
        Crosstab("clinics", "Clinics", "clinic", ("certified", "rate")),
        Crosstab("months", "Months", "month", ("certified",)),
    ),
    nested=True, rates=(Rate("rate", "Rate", "participating", "certified"),), period="month",
)  # fmt: skip
SCHEMA = Schema((), (), (COUNTED,))
CLINICS = TALLY.tables[0]


def found(**change: object) -> list[str]:
    """Return what is wrong with the tally once it is changed."""
    return problems(AggregationPlan((), (), (evolve(TALLY, **change),)), SCHEMA)


def test_a_tally_that_fits_its_extract_is_accepted() -> None:
    """If this fails, no extract can be counted."""
    assert found() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"source": "countd"}, "there is no extract 'countd'; did you mean 'counted'?"),
        ({"counts": ("certifed", "participating")}, "its extract has no field 'certifed'; did you mean 'certified'?"),
        ({"counts": ("clinic",), "rates": (), "tables": ()}, "'clinic' is a choice field; it must be of kind 'number'"),
        ({"period": "clinic"}, "'clinic' is a choice field; it must be of kind 'month'"),
        ({"targets": ("assigned",), "targets_from": "none"}, "there is no extract 'none'"),
        ({"whole": "all"}, "counts that are each a part of the one before make up no whole"),
        ({"rates": (Rate("rate", "Rate", "came", "certified"),)}, "rate 'rate': 'came' is not one of its counts"),
        ({"tables": (evolve(CLINICS, rows="clinik"),)}, "table 'clinics': the extract has no field 'clinik'"),
        ({"tables": (evolve(CLINICS, columns="month", shows=("certified",)),)}, "'month' is a month field; rows and"),
        ({"tables": (evolve(CLINICS, shows=("kept",)),)}, "it has no 'kept' to show"),
        ({"tables": (evolve(CLINICS, columns="clinic"),)}, "it shows one count or rate"),
        ({"tables": (CLINICS, CLINICS)}, "the key 'clinics' is used 2 times"),
    ],
)  # fmt: skip
def test_a_tally_that_does_not_fit_is_told(change: dict[str, object], said: str) -> None:
    """If this fails, the author of a review type reads a KeyError instead of what to mend."""
    assert any(said in one for one in found(**change)), found(**change)
