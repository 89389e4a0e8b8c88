"""From answers to inner cells: who was rated what. Nothing here is fit to go out; the door makes it so."""

from __future__ import annotations

from collections.abc import Iterable

from reviewcore.aggregation.plan import AggregationPlan
from reviewcore.aggregation.rungs import as_text
from reviewcore.aggregation.values import Answered, Member, Tabulated
from reviewcore.errors import Refused


def tabulate(plan: AggregationPlan, sessions: Iterable[Answered]) -> Tabulated:
    """Return the inner cells of every measure and theme of the plan.

    A case counts once, however many sessions it had. An item that was not applicable or not answered
    leaves its case out of that measure's denominator. Raises Refused where one case was rated twice on
    the same item.
    """
    held = sorted(sessions, key=lambda one: one.token)
    population = {
        one.member: Member(
            one.member,
            one.worker,
            one.stratum,
            {name: as_text(value) for name, value in sorted(one.fields.items())},
        )
        for one in held
        if one.member
    }
    ratings: dict[str, dict[str, str]] = {}
    for measure in plan.measures:
        rated = ratings.setdefault(measure.key, {})
        for one in held:
            if one.instrument != measure.instrument or measure.item not in one.answers:
                continue
            if one.member in rated:
                raise Refused(
                    f"measure '{measure.key}': a case was rated twice with the tool '{measure.instrument}'; "
                    "a case counts once, so give each session of a case a tool of its own"
                )
            rated[one.member] = str(one.answers[measure.item])
    voiced: dict[str, dict[str, frozenset[str]]] = {}
    for theme in plan.themes:
        sessions_of: dict[str, set[str]] = {}
        for one in held:
            answer = one.answers.get(theme.item)
            if one.instrument == theme.instrument and isinstance(answer, tuple):
                for code in answer:
                    sessions_of.setdefault(code, set()).add(one.token)
        voiced[theme.key] = {code: frozenset(found) for code, found in sorted(sessions_of.items())}
    return Tabulated(
        tuple(population[key] for key in sorted(population)),
        {key: dict(sorted(found.items())) for key, found in ratings.items()},
        voiced,
        {one.token: one.attendees for one in held},
    )
