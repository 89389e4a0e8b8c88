"""One review's plugin, sealed: registered only as agreed, called with copies, believed only after a check.

Each review has a manager of its own; none is global. What a hook is given is a copy, and what it returns
is checked to the last value and copied too, so that a plugin has hold of nothing that the core works
with. In one process Python cannot stop a hostile plugin; but there it never meets a person.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any, final

import pluggy

from reviewcore import hookspecs
from reviewcore.errors import PluginFailed, Refused, nearest
from reviewcore.exact import Unfit, taken
from reviewcore.reviewtype import API, ReviewType

if TYPE_CHECKING:
    from reviewcore.aggregation.plan import AggregationPlan, Schema
    from reviewcore.disclosure.publication import Publication
    from reviewcore.interview.plan import InterviewPlan
    from reviewcore.notification.plan import Milestone, NotificationPlan, Role
    from reviewcore.report.plan import ReportPlan
    from reviewcore.selection.plan import Everyone, Frame, SelectionPlan

HOOKS = ("review_type", "selection", "notification", "interview", "aggregation", "report")
"""Every hook, in the order in which they are called. A review type answers all of them."""

_SEALED = ("wrapper", "hookwrapper", "tryfirst", "trylast", "optionalhook", "specname")


@final
class Plugins:
    """One review's review type, sealed: its hooks as methods whose answers have been checked.

    Every method raises PluginFailed where the plugin raises, or returns anything but the plan agreed on.
    """

    def __init__(self, plugin: type, name: str, version: str, *, debug: bool = False) -> None:
        self._name, self._version, self._debug = name, version, debug
        self._module = getattr(plugin, "__module__", "")
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._register(plugin)
        self._type: ReviewType = self._call("review_type", ReviewType)
        self._check_type()

    @property
    def name(self) -> str:
        """The name of the review type."""
        return self._name

    @property
    def version(self) -> str:
        """The version of the package that it comes from."""
        return self._version

    def review_type(self) -> ReviewType:
        """Return what the review type says about itself."""
        return self._type

    def selection(self, frame: Frame, settings: object) -> SelectionPlan | Everyone:
        """Return the plan of the case selection."""
        from reviewcore.selection.plan import Everyone, SelectionPlan

        plan: SelectionPlan | Everyone = self._call(
            "selection", SelectionPlan | Everyone, frame=frame, settings=settings
        )
        return plan

    def notification(
        self, roles: tuple[Role, ...], dates: tuple[Milestone, ...], settings: object
    ) -> NotificationPlan:
        """Return the plan of the letters."""
        from reviewcore.notification.plan import NotificationPlan

        plan: NotificationPlan = self._call(
            "notification", NotificationPlan, roles=roles, dates=dates, settings=settings
        )
        return plan

    def interview(self, settings: object) -> InterviewPlan:
        """Return the plan of instruments, sessions and teams."""
        from reviewcore.interview.plan import InterviewPlan

        plan: InterviewPlan = self._call("interview", InterviewPlan, settings=settings)
        return plan

    def aggregation(self, schema: Schema, settings: object) -> AggregationPlan:
        """Return the plan of the tables."""
        from reviewcore.aggregation.plan import AggregationPlan

        plan: AggregationPlan = self._call("aggregation", AggregationPlan, schema=schema, settings=settings)
        return plan

    def report(self, publication: Publication, settings: object) -> ReportPlan:
        """Return the plan of the documents."""
        from reviewcore.report.plan import ReportPlan

        plan: ReportPlan = self._call("report", ReportPlan, publication=publication, settings=settings)
        return plan

    def _register(self, plugin: type) -> None:
        if found := list(irregular(plugin, self._manager, HOOKS, "review types")):
            raise self._failed("register", "; ".join(found))
        cause = None
        try:
            self._manager.register(plugin(), self._name)
            self._manager.check_pending()
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # its __init__ is the plugin's code, too
            what, cause = raised(error, self._module), error if self._debug else None
        else:
            return
        raise self._failed("register", what) from cause

    def _call(self, stage: str, kind: Any, /, **given: object) -> Any:
        """Call one hook, and raise outside of `except`, so that not even the context keeps what it said."""
        if "settings" in given and type(given["settings"]) is not self._type.settings:
            wanted, got = self._type.settings.__name__, type(given["settings"]).__name__
            raise Refused(f"{stage}: {self._name} takes its own settings, a {wanted}; got {got}")
        cause = None
        try:
            answer = getattr(self._manager.hook, stage)(**deepcopy(given))
            return taken(answer, kind, "plan")
        except KeyboardInterrupt:
            raise
        except Unfit as error:
            what = str(error)
        except BaseException as error:  # SystemExit included: a plugin does not end its host
            what, cause = raised(error, self._module), error if self._debug else None
        raise self._failed(stage, what) from cause

    def _check_type(self) -> None:
        from reviewcore.profile.strict import check_types

        said, wrong = self._type, ""
        if said.api != API:
            newer = "reviewcore" if said.api > API else self._name
            wrong = f"is made for api {said.api}, this reviewcore serves {API}; install a newer {newer}"
        elif said.name != self._name:
            wrong = f"calls itself '{said.name}', but it is installed as '{self._name}'"
        elif twice := list(_twice(said)):
            wrong = "; ".join(twice)
        else:
            try:
                check_types(said.settings)
            except Refused as error:
                wrong = str(error)
        if wrong:
            raise self._failed("review_type", wrong)

    def _failed(self, stage: str, what: str) -> PluginFailed:
        return PluginFailed(self._name, self._version, stage, what)


def _twice(said: ReviewType) -> Iterator[str]:
    """Yield what a review type declares more than once."""
    declared = {"source": [source.name for source in said.sources]}
    declared |= {"milestone": [kind.key for kind in said.milestones]}
    declared |= {
        f"field of '{source.name}'": [field.name for field in source.fields] for source in said.sources
    }
    for what, names in declared.items():
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{what} '{name}' is declared twice"


def irregular(plugin: type, manager: pluggy.PluginManager, hooks: tuple[str, ...], who: str) -> Iterator[str]:
    """Yield what is wrong with a plugin as one of `who`, which answer `hooks`, before any of its code has run."""
    if not inspect.isclass(plugin):
        yield f"expected a class, got {type(plugin).__name__}"
        return
    marked = {name for name in dir(plugin) if manager.parse_hookimpl_opts(plugin, name) is not None}
    for name in sorted(marked):
        options: Mapping[str, Any] = manager.parse_hookimpl_opts(plugin, name) or {}
        sealed = [option for option in _SEALED if options.get(option)]
        if sealed:
            yield f"{name}: {', '.join(sealed)} is not open to {who}; write @hookimpl alone"
        if name not in hooks:
            yield f"{name}: there is no such hook{nearest(name, hooks)}; there are {', '.join(hooks)}"
            continue
        given = list(inspect.signature(getattr(hookspecs, name)).parameters)
        own = inspect.isfunction(inspect.getattr_static(plugin, name))  # a plain method: its first is itself
        for parameter in list(inspect.signature(getattr(plugin, name)).parameters.values())[own:]:
            if parameter.name not in given or parameter.kind is not parameter.POSITIONAL_OR_KEYWORD:
                yield f"{name}: takes '{parameter.name}', which it is not given; it is given {_listed(given)}"
            elif parameter.default is not parameter.empty:
                yield f"{name}: '{parameter.name}' has a default and would never be filled; take the default away"
    for name in hooks:
        if name not in marked:
            there = " (it is there, but not marked with @hookimpl)" if hasattr(plugin, name) else ""
            yield f"{name}: missing{there}; {who} answer every hook"


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "nothing"


def raised(error: BaseException, root: str) -> str:
    """Say what kind of exception it was and where the plugin raised it, without its message."""
    place, trace = "", error.__traceback__
    package = re.split("[.:]", root)[0]
    while trace:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] == package:
            place = f" in {module}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return f"raised {type(error).__name__}{place}"
