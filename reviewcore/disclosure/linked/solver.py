"""The linear solver, and how much of it may be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import define

from reviewcore.errors import Refused

if TYPE_CHECKING:
    import highspy


BUDGET = 200_000
"""How many linear programs at most are solved for one set of tables."""
TINY = 1e-6
"""What counts as nothing in the solver's numbers."""


@define
class Budget:
    """How many linear programs may still be solved. A count, not a clock: the same tables give the same result."""

    left: int
    spent: int = 0

    def spend(self) -> None:
        """Take one; raise Refused where none is left."""
        if self.spent >= self.left:
            raise Refused(
                f"these tables could not be protected within {self.left} steps; publish fewer tables at once, "
                "or coarser ones"
            )
        self.spent += 1


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
