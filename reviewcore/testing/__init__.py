"""What the author of a review type tests with.

Three lines are a whole test file::

    from reviewcore.testing import conformance
    from my_review import MyReview
    TestMyReview = conformance(MyReview)
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reviewcore.testing.trial import Trial

__all__ = ["conformance"]


def conformance(
    plugin: type,
    settings: object = None,
    languages: tuple[str, ...] = ("en",),
    profile: Path | None = None,
) -> type:
    """Return a class of tests that pytest collects: whether `plugin` is a review type as agreed.

    `settings` are those that the hooks are given; without them the settings class's defaults. `languages`
    are those that its letters must be written in. `profile` is the file that a county fills in, with its
    blanks: it is held against the settings. Everybody and everything that the hooks are shown is
    made up, so a plugin's own exceptions are shown whole.
    """

    class Conformance:
        """Whether a review type keeps the agreement, hook by hook, on made-up inputs."""

        def test_it_is_sealed_in_and_says_what_it_is(self) -> None:
            """If this fails, the core refuses the review type when a profile names it."""
            _none(Trial(plugin, settings).odd())

        def test_its_case_selection(self) -> None:
            """If this fails, the draw is refused: the plan names fields or values that are not declared."""
            from reviewcore.selection.frame import problems
            from reviewcore.selection.plan import Everyone

            trial = Trial(plugin, settings)
            plan = trial.selection()
            if not isinstance(plan, Everyone):
                _none(problems(plan, {field.name: field for field in trial.fields}))

        def test_its_letters(self) -> None:
            """If this fails, no letter can be drafted: a wording or a blank is missing or not allowed."""
            from reviewcore.notification.wording import problems
            from reviewcore.testing.made_up import dates, roles

            trial = Trial(plugin, settings)
            _none(
                problems(trial.notification(), languages, roles(trial.review_type), dates(trial.review_type))
            )

        def test_its_instruments(self) -> None:
            """If this fails, no tool can be handed out: a scale, a code or a condition is not sound."""
            from reviewcore.interview.instruments import problems

            trial = Trial(plugin, settings)
            fields = {field.name: field for field in trial.fields}
            plan = trial.interview()
            known = {instrument.key for instrument in plan.instruments}
            found = [f"{one.key}: {said}" for one in plan.instruments for said in problems(one, fields)]
            unknown = [one for one in plan.sessions if one.instrument not in known]
            _none(
                found + [f"session {one.key}: there is no instrument '{one.instrument}'" for one in unknown]
            )

        def test_its_tables(self) -> None:
            """If this fails, nothing can be tabulated: a measure is of something that is not there."""
            from reviewcore.aggregation.check import problems

            trial = Trial(plugin, settings)
            _none(problems(trial.aggregation(), trial.schema()))

        def test_its_documents(self) -> None:
            """If this fails, a document cites what was not published, as in a small review nothing may be."""
            from reviewcore.report.check import problems
            from reviewcore.testing.made_up import publications

            trial = Trial(plugin, settings)
            made = publications(trial.aggregation(), trial.schema(), trial.selection())
            _none(f"{said}: {text}" for said, one in made for text in problems(trial.report(one), one))

    class WithProfile(Conformance):
        """The same, and whether the profile that the package brings fits it."""

        def test_its_profile(self) -> None:
            """If this fails, a county starts from a profile that is refused, or that is silent on a setting."""
            from reviewcore.testing.profiles import problems

            assert profile is not None
            _none(problems(profile, Trial(plugin, settings).review_type))

    made = WithProfile if profile else Conformance
    made.__name__ = made.__qualname__ = f"Test{plugin.__name__}"
    return made


def _none(problems: Iterable[str]) -> None:
    """Fail with all the problems, where there are any."""
    found = list(problems)
    if found:
        raise AssertionError("\n".join(found))
