"""What the author of a review type tests with: it passes the honest and fails each offender by name."""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from reviewcore import plugins
from reviewcore.aggregation.plan import AggregationPlan, Measure
from reviewcore.errors import PluginFailed
from reviewcore.hookspecs import hookimpl
from reviewcore.interview.plan import InterviewPlan, SessionKind, TeamRules
from reviewcore.language import Compare, Field
from reviewcore.notification.plan import Letter, NotificationPlan, Wording
from reviewcore.profile.read import read, type_name
from reviewcore.report.plan import Cite, Document, Paragraph, ReportPlan
from reviewcore.reviewtype import MilestoneKind, ReviewType, Source
from reviewcore.selection.plan import SelectionPlan, Stratum
from reviewcore.testing import conformance

ROOT = Path(__file__).parents[2]
sys.path += [str(ROOT / "tests" / "offenders"), str(ROOT / "plugins")]

from honest_type import Visits, VisitSettings  # noqa: E402  (it lies beside the offenders)


def _bundled(profile: str) -> tuple[type, Any]:
    """Return the class of a bundled type and the settings of one of its example counties."""
    path = ROOT / "profiles" / f"{profile}.toml"
    module, _, name = plugins.BUNDLED[type_name(path)].partition(":")
    plugin = getattr(__import__(module), name)
    return plugin, read(path, plugins.load(type_name(path)).review_type().settings).settings


TestVisits = conformance(Visits)
TestPeerReview = conformance(*_bundled("pqcr-alder"))
TestSmallPeerReview = conformance(*_bundled("pqcr-birch"))
TestServiceReview = conformance(*_bundled("qsr-cedar"), ("en", "es"))
TestSmallServiceReview = conformance(*_bundled("qsr-dogwood"))
TestInService = conformance(*_bundled("caseload-elder"))
TestSmallInService = conformance(*_bundled("caseload-fir"))


def said(plugin: type, test: str, **more: Any) -> str:
    """Return what a test of the conformance class says of an offender."""
    with pytest.raises(AssertionError) as caught:
        getattr(conformance(plugin, **more)(), test)()
    return str(caught.value)


def test_a_plan_that_depends_on_chance_is_caught() -> None:
    """If this fails, a review type may plan another draw each time, and nobody can verify the first."""
    numbers = count(1)

    class Chances(Visits):
        """Plans another quota every time."""

        @hookimpl
        def selection(self) -> Any:
            """Plan by chance."""
            return SelectionPlan((Stratum("all", next(numbers)),))

    assert said(Chances, "test_its_case_selection") == (
        "selection: plans something else when it is asked again with the same inputs"
    )


def test_a_selection_by_what_is_not_declared_is_caught() -> None:
    """If this fails, the plan is refused only on the day of the draw."""

    class Peeks(Visits):
        """Selects by a field that is not declared."""

        @hookimpl
        def selection(self) -> Any:
            """Plan by the worker's name."""
            return SelectionPlan((Stratum("all", 1, Compare("worker_name", "is", "x")),))

    assert "worker_name" in said(Peeks, "test_its_case_selection")


def test_a_letter_with_an_undeclared_blank_is_caught() -> None:
    """If this fails, a letter goes to drafting with a blank that nobody fills."""

    class Blanks(Visits):
        """Uses a blank that there is not."""

        @hookimpl
        def notification(self) -> Any:
            """Plan one letter."""
            wording = Wording("notice", "en", "A review", "Dear {{ nickname }}, ...", ("nickname",))
            return NotificationPlan((Letter("notice", "selected worker", "draw"),), (wording,))

    assert "nickname" in said(Blanks, "test_its_letters")


def test_a_letter_missing_in_a_language_is_caught() -> None:
    """If this fails, a county that writes in Spanish learns on the day that a letter is English only."""
    assert "es" in said(Visits, "test_its_letters", languages=("es",))


def test_a_session_without_its_instrument_is_caught() -> None:
    """If this fails, an interview is scheduled for which there is no tool."""

    class Forgets(Visits):
        """Has a session with a tool that there is not."""

        @hookimpl
        def interview(self) -> Any:
            """Plan a session."""
            return InterviewPlan((), (SessionKind("case", "Case", 60, "tool"),), TeamRules(1))

    assert said(Forgets, "test_its_instruments") == "session case: there is no instrument 'tool'"


def test_a_measure_of_nothing_is_caught() -> None:
    """If this fails, a table is planned that can never be filled."""

    class Measures(Visits):
        """Measures an item that there is not."""

        @hookimpl
        def aggregation(self) -> Any:
            """Plan a table."""
            return AggregationPlan((Measure("sen", "Seen", "tool", "sen"),))

    assert "sen" in said(Measures, "test_its_tables")


def test_a_report_that_counts_on_being_shown_a_table_is_caught() -> None:
    """If this fails, a small county, where everything is withheld, gets no report at all."""

    class Counts(Visits):
        """Cites a table without looking whether it was published."""

        @hookimpl
        def report(self, publication: Any) -> Any:
            """Plan a document."""
            block = Paragraph(("Rated: ", Cite("seen", "all", "rated"), "."))
            return ReportPlan((Document("report", publication.audience, "Visits", (block,)),))

    lines = said(Counts, "test_its_documents").split("\n")
    assert {line.split(":")[0] for line in lines} == {
        f"nothing, for {audience}" for audience in ("team", "agency", "state", "public")
    }


def test_settings_without_defaults_ask_for_an_example() -> None:
    """If this fails, the author of such a type sees a TypeError instead of the next thing to do."""

    class Asks(Visits):
        """Has a setting without a default."""

        @hookimpl
        def review_type(self) -> ReviewType:
            """Say what it is."""
            return ReviewType("visits", "Visits", Asked, ())

    assert said(Asks, "test_its_tables") == (
        "Asked has settings without defaults; give an example: conformance(Asks, Asked(...))"
    )


@frozen
class Asked:
    """Settings without a default."""

    quota: int


def test_what_is_odd_about_a_type_is_told_at_once() -> None:
    """If this fails, an author mends a declaration one fault at a time."""

    class Odd(Visits):
        """Declares what cannot be meant."""

        @hookimpl
        def review_type(self) -> ReviewType:
            """Say what it is."""
            fields = (Field("program", "choice"), Field("days", "number", choices=("1",)))
            return ReviewType(
                "visits",
                " ",
                VisitSettings,
                (Source("cases", fields),),
                (MilestoneKind("exit-meeting", "x"),),
            )

    assert said(Odd, "test_it_is_sealed_in_and_says_what_it_is").split("\n") == [
        "review_type: the title is empty",
        "cases.program: give choices to a field of kind 'choice', and to no other",
        "cases.days: give choices to a field of kind 'choice', and to no other",
        "milestone 'exit-meeting': its key names blanks; use letters and underscores, and say what it is",
    ]


def test_a_plugins_own_error_is_shown_whole() -> None:
    """If this fails, an author cannot see in their own tests why a hook failed."""

    class Fails(Visits):
        """Fails to plan."""

        @hookimpl
        def interview(self) -> Any:
            """Fail."""
            raise KeyError("which key")

    with pytest.raises(PluginFailed) as caught:
        conformance(Fails)().test_its_instruments()
    assert str(caught.value.__cause__) == "'which key'"


def test_an_odd_list_of_key_people_is_told() -> None:
    """ALL-1: if this fails, consent is asked of a role that nobody can have, and so of nobody."""

    class Odd(Visits):
        """Asks grandparents for consent, and lists none."""

        @hookimpl
        def review_type(self) -> ReviewType:
            """Declare key people who cannot be."""
            people = Source(
                "key_people",
                (Field("consent"),),
                kind="key people",
                roles=("aunt",),
                consent=("grandparent",),
            )
            return ReviewType("visits", "Visits", VisitSettings, (Source("cases", ()), people))

    assert said(Odd, "test_it_is_sealed_in_and_says_what_it_is").split("\n") == [
        "key_people: consent: 'grandparent' is not one of its roles",
        "key_people.consent: the core asks for this column itself; give yours another name",
    ]
