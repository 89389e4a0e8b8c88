"""The linear solver, and how much of it may be used."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import define

from reviewcore.errors import Refused

if TYPE_CHECKING:
    import highspy


INSTEAD = (
    "nothing is published. Publish fewer tables at once, tables with fewer splits, or coarser ones, or give it "
    "more time"
)
BUDGET = 200_000
"""How many linear programs at most are solved for one set of tables."""
NODES = 2000
"""How many branches a search among whole numbers may take before the question counts as undecided."""
TINY = 1e-6
"""What counts as nothing in the solver's numbers."""


Progress: TypeAlias = Callable[[str, int], None]
"""Told what is being done, and how many numbers that is still to be done for."""


@define
class Budget:
    """How much may still be done: a count of steps, so that the same tables give the same result, and a time.

    A step is a linear program, or the search for one number's cycles. `until` is by `time.monotonic`; when it
    is past, everything ends in a refusal, and never in another result.
    """

    left: int
    spent: int = 0
    until: float | None = None
    progress: Progress | None = None

    @classmethod
    def of(cls, steps: int, seconds: float | None, progress: Progress | None) -> Budget:
        """Return a budget that begins now."""
        return cls(steps, 0, None if seconds is None else monotonic() + seconds, progress)

    def tell(self, doing: str, left: int) -> None:
        """Let whoever waits know what is being done."""
        if self.progress:
            self.progress(doing, left)

    def seconds(self) -> float | None:
        """Return how much time is left, None where there is no end to it."""
        return None if self.until is None else max(0.0, self.until - monotonic())

    def spend(self) -> None:
        """Take a step; raise Refused where none is left, or no time."""
        if self.spent >= self.left:
            raise Refused(f"these tables could not be protected within {self.left} steps; {INSTEAD}")
        self.check()
        self.spent += 1

    def check(self) -> None:
        """Raise Refused where the time is up."""
        if self.until is not None and monotonic() > self.until:
            raise Refused(f"these tables could not be protected in the time that was given; {INSTEAD}")


def quiet(simplex: Literal["dual", "primal"]) -> highspy.Highs:
    """Return a solver that says nothing and gives the same answer every time."""
    import highspy

    program: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "presolve": "off",
        "solver": "simplex",
        "simplex_strategy": 1 if simplex == "dual" else 4,
        "primal_feasibility_tolerance": 1e-9,
        "mip_feasibility_tolerance": 1e-9,
    }
    for option, value in options.items():
        program.setOptionValue(option, value)
    return program
