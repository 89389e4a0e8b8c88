"""An agenda that stretches and shrinks to the time that there is (CAS-2). Pure arithmetic, in minutes."""

from __future__ import annotations

from collections.abc import Sequence

from reviewcore.interview.plan import Step

UNIT = 5
"""Agendas are planned in steps of so many minutes; what is left over goes to the longest part."""


def needed(steps: Sequence[Step]) -> int:
    """Return the minutes that the agenda cannot do without."""
    return sum(step.least for step in steps)


def stretched(steps: Sequence[Step], minutes: int) -> tuple[int, ...]:
    """Return how many minutes each step gets, 0 for one that is left out; together exactly `minutes`.

    Every step gets the same share of its own time, in units of five minutes, and never less than its
    least. Steps that may be left out are, the last first, for as long as the others would have less than
    three quarters of their time. Raises ValueError where not even the least that each needs fits.

    >>> stretched((Step("open", "Opening", 15, 5), Step("talk", "Issues", 45, 20)), 120)
    (30, 90)
    """
    if minutes < needed(steps):
        raise ValueError(f"the agenda needs at least {needed(steps)} minutes, and there are {minutes}")
    kept = list(range(len(steps)))
    for place in reversed(range(len(steps))):
        if steps[place].least == 0 and 4 * minutes < 3 * sum(steps[one].minutes for one in kept):
            kept.remove(place)
    given = [steps[place].least if place in kept else 0 for place in range(len(steps))]
    while (left := minutes - sum(given)) >= UNIT:
        # The step that has the smallest share of its own time so far; the longer one of two alike.
        place = min(kept, key=lambda one: (given[one] / steps[one].minutes, -steps[one].minutes, one))
        given[place] += UNIT
    given[max(kept, key=lambda one: (given[one], -one))] += left
    return tuple(given)
