"""Planted bad plugins: one class for each way to break the agreement, and what the core says of it."""

from __future__ import annotations

import sys
import traceback
from typing import Any

import pluggy
import pytest
from attrs import define, frozen
from honest_type import Visits, VisitSettings

from reviewcore.errors import PluginFailed, Refused
from reviewcore.hookspecs import hookimpl
from reviewcore.language import Compare, Not
from reviewcore.notification.plan import NotificationPlan
from reviewcore.reviewtype import MilestoneKind, ReviewType, Source
from reviewcore.sealing import HOOKS, Plugins
from reviewcore.selection.plan import Count, Frame, SelectionPlan, Stratum

SECRET = "Jane Q. Public"
FRAME = Frame("cases", (), Count(40, 40), {"program": {"a": Count(20, 20)}})
loose = pluggy.HookimplMarker("reviewcore")


def sealed(plugin: type, **more: Any) -> Plugins:
    """Return the plugin as the core holds it."""
    return Plugins(plugin, "visits", "1.2", **more)


def refusal(plugin: Any) -> str:
    """Return what is said when the plugin is registered."""
    with pytest.raises(PluginFailed) as caught:
        sealed(plugin)
    return str(caught.value)


def failure(plugin: type) -> PluginFailed:
    """Return the failure when the plugin is asked for its selection."""
    with pytest.raises(PluginFailed) as caught:
        sealed(plugin).selection(FRAME, VisitSettings())
    return caught.value


def test_the_honest_type_is_accepted() -> None:
    """If this fails, the refusals below prove nothing: everything is refused."""
    plugins = sealed(Visits)
    assert (plugins.name, plugins.version, plugins.review_type().title) == ("visits", "1.2", "Visit review")
    assert plugins.selection(FRAME, VisitSettings(5)) == SelectionPlan((Stratum("all", 5),))
    assert plugins.notification((), (), VisitSettings()).letters[0].key == "notice"


@pytest.mark.parametrize(
    "options",
    [
        {"tryfirst": True},
        {"trylast": True},
        {"optionalhook": True},
        {"specname": "selection"},
        {"wrapper": True},
        {"hookwrapper": True},
    ],
)
def test_sealed_options_are_refused(options: dict[str, Any]) -> None:
    """If this fails, a plugin can put itself before or around the core's own calls."""

    class Pushes(Visits):
        """Asks to be called in a way of its own."""

        @loose(**options)
        def selection(self, frame: Any, settings: Any) -> Any:
            yield

    assert refusal(Pushes) == (
        f"visits 1.2: register: selection: {next(iter(options))} is not open to review types; write @hookimpl alone"
    )


def test_an_unknown_hook_is_refused_with_the_nearest() -> None:
    """If this fails, a misspelt hook is never called and nobody learns of it."""

    class Misspells(Visits):
        """Has a hook that there is not."""

        @hookimpl
        def selektion(self, frame: Any) -> Any:
            """Never called."""

    assert "selektion: there is no such hook; did you mean 'selection'?; there are review_type" in refusal(
        Misspells
    )


def test_a_hook_smuggled_in_by_the_instance_is_refused_too() -> None:
    """If this fails, only what stands in the class is looked at, and a hook set later gets past."""

    class Smuggles(Visits):
        """Grows a hook while it is made."""

        def __init__(self) -> None:
            self.selektion = hookimpl(lambda frame: None)

    assert "register" in refusal(Smuggles)


def test_extra_arguments_are_refused() -> None:
    """If this fails, a plugin believes that it is given the people's records."""

    class Wants(Visits):
        """Asks for more than a hook is given."""

        @hookimpl
        def selection(self, frame: Any, settings: Any, people: Any) -> Any:
            """Never called."""

    class Hopes(Visits):
        """Gives an argument a default, so that pluggy would leave it out."""

        @hookimpl
        def selection(self, frame: Any, settings: Any = None) -> Any:
            """Never called."""

    class Gathers(Visits):
        """Asks for whatever there is."""

        @hookimpl
        def selection(self, frame: Any, **settings: Any) -> Any:
            """Never called."""

    assert "selection: takes 'people', which it is not given; it is given frame, settings" in refusal(Wants)
    assert "selection: 'settings' has a default and would never be filled" in refusal(Hopes)
    assert "selection: takes 'settings', which it is not given" in refusal(Gathers)


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_mandatory(hook: str) -> None:
    """If this fails, a review stops at the stage that its type has forgotten, weeks after it began."""

    def unmarked(self: Any) -> None:
        """Not marked as a hook."""

    forgets = type("Forgets", (Visits,), {hook: None})
    forgets_the_mark = type("Forgets", (Visits,), {hook: unmarked})
    assert f"{hook}: missing" in refusal(forgets)
    assert f"{hook}: missing (it is there, but not marked with @hookimpl)" in refusal(forgets_the_mark)


def test_all_that_is_wrong_is_told_at_once() -> None:
    """If this fails, the author mends one hook at a time."""

    class Nothing:
        """No review type at all."""

    said = refusal(Nothing)
    assert all(f"{hook}: missing" in said for hook in HOOKS)
    assert "expected a class, got Visits" in refusal(Visits())


def of_type(**changes: Any) -> type:
    """Return a plugin whose review type is changed like this."""
    plain: dict[str, Any] = {"name": "visits", "title": "V", "settings": VisitSettings, "sources": ()}

    class Says(Visits):
        """Says something odd of itself."""

        @hookimpl
        def review_type(self) -> ReviewType:
            """Say it."""
            return ReviewType(**plain | changes)

    return Says


@define
class Changing:
    """Settings that can be changed."""

    quota: int = 1


@frozen
class Loose:
    """Settings that TOML cannot give exactly."""

    quotas: tuple[dict[str, int], ...] = ()


@frozen
class Outer:
    """Settings with such settings within."""

    loose: tuple[Loose, ...] = ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"api": 2}, "is made for api 2, this reviewcore serves 1; install a newer reviewcore"),
        ({"api": 0}, "is made for api 0, this reviewcore serves 1; install a newer visits"),
        ({"api": True}, "plan.api: expected an int, got bool"),
        ({"name": "pqcr"}, "calls itself 'pqcr', but it is installed as 'visits'"),
        ({"settings": Changing}, "Changing: settings are a frozen attrs class; mark it with @frozen"),
        ({"settings": dict}, "dict: settings are a frozen attrs class; mark it with @frozen"),
        ({"settings": Loose}, "Loose.quotas: a setting cannot be tuple[dict[str, int], ...]; use str"),
        ({"settings": Outer}, "Loose.quotas: a setting cannot be"),
        ({"settings": VisitSettings()}, "plan.settings: expected a class, got VisitSettings"),
        ({"sources": [Source("cases", ())]}, "plan.sources: expected a tuple, got list"),
        ({"sources": (Source("cases", ()),) * 2}, "source 'cases' is declared twice"),
        ({"milestones": (MilestoneKind("m", "m"),) * 2}, "milestone 'm' is declared twice"),
    ],
)
def test_what_a_type_says_of_itself_is_held_against_the_agreement(changes: dict[str, Any], said: str) -> None:
    """If this fails, a plugin made for another version, or with settings that change, goes to work."""
    assert refusal(of_type(**changes)).startswith(f"visits 1.2: review_type: {said}")


def selecting(answer: Any) -> type:
    """Return a plugin whose selection hook does what `answer` does."""

    class Answers(Visits):
        """Answers the selection in its own way."""

        @hookimpl
        def selection(self, frame: Any, settings: Any) -> Any:
            """Answer."""
            return answer(frame, settings)

    return Answers


class Lying(SelectionPlan):
    """A plan that shows one case per worker while it is checked, and three when it is used (PQCR-4)."""

    asked = 0

    def __init__(self) -> None:
        """Hold nothing: every answer is made up when it is asked for."""

    @property
    def per_worker(self) -> int:  # type: ignore[override]
        """Lie the second time."""
        type(self).asked += 1
        return 1 if type(self).asked == 1 else 3


class Text(str):
    """A str of one's own."""

    __slots__ = ()


class Many(tuple):  # type: ignore[type-arg]
    """A tuple of one's own."""

    __slots__ = ()


def unset() -> SelectionPlan:
    """Return a plan that was never filled in."""
    return object.__new__(SelectionPlan)


def deep() -> Any:
    """Return a condition that is nested too deeply to be walked through."""
    condition: Any = Compare("x", "is", 1)
    for _ in range(100_000):
        condition = Not(condition)
    return SelectionPlan((Stratum("a", 1),), condition)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda: None, "plan: expected SelectionPlan or Everyone, got NoneType"),
        (lambda: {"strata": ()}, "plan: expected SelectionPlan or Everyone, got dict"),
        (lambda: Lying(), "plan: expected SelectionPlan or Everyone, got Lying"),
        (lambda: SelectionPlan([Stratum("a", 1)]), "plan.strata: expected a tuple, got list"),  # type: ignore[arg-type]
        (lambda: SelectionPlan(Many((Stratum("a", 1),))), "plan.strata: expected a tuple, got Many"),
        (lambda: SelectionPlan((Stratum(Text("a"), 1),)), "plan.strata[0].name: expected a str, got Text"),
        (lambda: SelectionPlan((Stratum("a", True),)), "plan.strata[0].quota: expected an int, got bool"),
        (lambda: SelectionPlan((Stratum("a", 1.0),)), "plan.strata[0].quota: expected an int, got float"),  # type: ignore[arg-type]
        (
            lambda: SelectionPlan((), Compare("x", "like", 1)),  # type: ignore[arg-type]
            "plan.eligible.op: expected one of 'is', 'is_not', 'in'",
        ),
        (
            lambda: SelectionPlan((), Compare("x", "in", (1, [2]))),
            "plan.eligible.value[1]: expected a str or an int",
        ),  # type: ignore[arg-type]
        (unset, "plan.strata: was never set"),
        (deep, "raised RecursionError"),
        (lambda: sys.exit("stop"), "raised SystemExit in test_offending_plugins, line"),
    ],
)
def test_only_plans_of_exact_types_come_back(answer: Any, said: str) -> None:
    """If this fails, a plan can be one thing when it is checked and another when it is drawn from."""
    assert failure(selecting(lambda *_: answer())).what.startswith(said)


def test_a_coroutine_is_no_plan() -> None:
    """If this fails, an async hook's answer is taken for a plan."""

    class Later(Visits):
        """Answers later."""

        @hookimpl
        def interview(self) -> Any:
            """Answer later."""
            yield 1

    with pytest.raises(PluginFailed, match="interview: plan: expected InterviewPlan, got generator"):
        sealed(Later).interview(VisitSettings())


def test_a_plan_cannot_be_changed_by_the_one_who_made_it() -> None:
    """If this fails, a plugin that kept hold of its plan changes it after it was checked."""
    kept: list[Any] = []

    def keep(*_: Any) -> SelectionPlan:
        kept.append(SelectionPlan((Stratum("all", 1),)))
        return kept[0]  # type: ignore[no-any-return]

    plan = sealed(selecting(keep)).selection(FRAME, VisitSettings())
    object.__setattr__(kept[0], "per_worker", 3)
    object.__setattr__(kept[0].strata[0], "quota", 99)
    assert plan == SelectionPlan((Stratum("all", 1),))

    values = {"focus": "safety"}

    class Keeps(Visits):
        """Keeps the values of its letters."""

        @hookimpl
        def notification(self, roles: Any) -> Any:
            """Plan no letters, with values that change."""
            return NotificationPlan((), (), values)

    letters = sealed(Keeps).notification((), (), VisitSettings())
    values["focus"] = "changed"
    assert letters.values == {"focus": "safety"}


def test_what_the_core_holds_cannot_be_changed_by_a_plugin() -> None:
    """If this fails, a plugin shrinks the frame that the draw's certificate speaks of."""

    def spoil(frame: Frame, _: Any) -> SelectionPlan:
        frame.counts["program"].clear()  # type: ignore[attr-defined]
        object.__setattr__(frame, "total", Count(1, 1))
        return SelectionPlan((Stratum("all", 1),))

    frame = Frame("cases", (), Count(40, 40), {"program": {"a": Count(20, 20)}})
    sealed(selecting(spoil)).selection(frame, VisitSettings())
    assert frame == FRAME


def blab(*_: Any) -> Any:
    """Raise with a message that quotes somebody."""
    raise LookupError(SECRET)


def test_a_plugins_own_message_never_comes_out() -> None:
    """If this fails, an exception's text, its chain or its frames carry what the plugin saw into a log."""
    error = failure(selecting(blab))
    line = blab.__code__.co_firstlineno + 2
    assert str(error) == f"visits 1.2: selection: raised LookupError in test_offending_plugins, line {line}"
    assert error.__cause__ is None
    assert error.__context__ is None
    shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert SECRET not in shown


def test_with_made_up_people_the_cause_is_shown() -> None:
    """If this fails, an author cannot see why the hook failed, even where nobody real is concerned."""
    with pytest.raises(PluginFailed) as caught:
        sealed(selecting(blab), debug=True).selection(FRAME, VisitSettings())
    assert isinstance(caught.value.__cause__, LookupError)
    assert SECRET in "".join(traceback.format_exception(caught.value))


def test_a_plugin_that_cannot_be_made_is_named() -> None:
    """If this fails, an error in a plugin's own __init__ ends in its message and no name."""

    class Breaks(Visits):
        """Cannot be made."""

        def __init__(self) -> None:
            raise ValueError(SECRET)

    said = refusal(Breaks)
    assert said.startswith("visits 1.2: register: raised ValueError in test_offending_plugins, line ")
    assert SECRET not in said


def test_only_ctrl_c_gets_through() -> None:
    """If this fails, somebody who stops the program is told that a plugin failed."""

    def stop(*_: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sealed(selecting(stop)).selection(FRAME, VisitSettings())


def test_settings_of_another_type_are_not_handed_over() -> None:
    """If this fails, an embedding program mixes up two reviews' settings and the plugin guesses."""
    with pytest.raises(Refused, match=r"selection: visits takes its own settings, a VisitSettings; got dict"):
        sealed(Visits).selection(FRAME, {"quota": 3})


def test_managers_do_not_leak_into_each_other() -> None:
    """If this fails, one review's plugin answers for another review."""

    class Other(Visits):
        """Draws ten."""

        @hookimpl
        def selection(self) -> Any:
            """Draw ten."""
            return SelectionPlan((Stratum("all", 10),))

    first, second = sealed(Visits), sealed(Other)
    assert first.selection(FRAME, VisitSettings()) == SelectionPlan((Stratum("all", 3),))
    assert second.selection(FRAME, VisitSettings()) == SelectionPlan((Stratum("all", 10),))
