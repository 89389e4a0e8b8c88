"""Session guides as data: a TOML file in the plugin's folder, its blanks filled, checked before it is used.

The file holds one `Guide` as `reviewcore.interview.plan` names it; its texts may have blanks, `{{ name }}`,
as letters do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from attrs import evolve, fields

from reviewcore.errors import BadInput, Problem, nearest
from reviewcore.interview.plan import Guide, InterviewPlan, Step
from reviewcore.interview.strict import package_text, structured

_BLANK = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.S)


def read_guide(package: str, name: str, values: Mapping[str, str] | None = None) -> Guide:
    """Return the guide in `guides/NAME.toml` of a package, its blanks filled from `values`.

    Raises BadInput with every problem: a key that is unknown or missing, a blank that has no value. Values
    that the guide has no blank for are left alone, since letters may share them.
    """
    read = _read(package, name)
    given, where = values or {}, f"{package}/guides/{name}.toml"
    if unfilled := [blank for blank in _blanks(read) if blank not in given]:
        raise BadInput(
            Problem(where, f"blank '{blank}': there is no value for it{nearest(blank, given)}")
            for blank in dict.fromkeys(unfilled)
        )
    filled: Guide = _each(read, lambda text: _BLANK.sub(lambda found: given[found[1]], text))
    return filled


@cache  # a package's files do not change while it runs
def _read(package: str, name: str) -> Guide:
    text = package_text(package, "guides", name, "a session guide")
    return structured(text, f"{package}/guides/{name}.toml", Guide)


def _blanks(guide: Guide) -> list[str]:
    found: list[str] = []

    def keep(text: str) -> str:
        found.extend(one[1] for one in _BLANK.finditer(text))
        return text

    _each(guide, keep)
    return found


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """Return a guide or a part of it with every text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_each(one, change) for one in value)
    if isinstance(value, Guide | Step):
        names = [one.name for one in fields(type(value))]
        return evolve(value, **{name: _each(getattr(value, name), change) for name in names})
    return value


def problems(plan: InterviewPlan) -> Iterator[str]:
    """Yield what is wrong with the guides of a plan."""
    gathering = {kind.key for kind in plan.sessions if kind.of != "case"}
    for guide in plan.guides:
        said = f"guide '{guide.key}'"
        if guide.session not in gathering:
            yield f"{said}: it is for the session '{guide.session}', and no session that gathers people has that key"
        if not guide.steps:
            yield f"{said}: it has no step"
        for key, times in Counter(step.key for step in guide.steps).items():
            if times > 1:
                yield f"{said}: the key '{key}' is used for {times} steps; give each its own"
        for step in guide.steps:
            if not 0 <= step.least <= step.minutes or not step.minutes:
                yield (
                    f"{said}, step '{step.key}': {step.minutes} minutes and {step.least} at the least cannot be; "
                    "the least is between 0 and the minutes, and the minutes are more than 0"
                )
            if unknown := [one for one in step.objectives if not 1 <= one <= len(guide.objectives)]:
                yield (
                    f"{said}, step '{step.key}': there is no objective {', '.join(map(str, unknown))}; there are "
                    f"{len(guide.objectives)}"
                )
