"""A county's list read, sealed, committed to and drawn from, in memory: `python draw_county.py [papers]`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

AT = datetime(2027, 1, 11, 17, tzinfo=UTC)
DICE = "dice 314159265358979323846264"


def county(papers: str = "") -> None:
    """Read a county's case list, seal it, commit to it and draw, in memory; and make the papers, where asked."""
    from reviewcore.language import Compare, Field
    from reviewcore.profile.lists import List
    from reviewcore.reviewtype import Source
    from reviewcore.selection.plan import SelectionPlan, Stratum
    from reviewcore.standalone import draw, seal

    programs = ("child-welfare", "probation")
    fields = (
        Field("program", "choice", choices=programs), Field("placement", "text"), Field("months_open", "number"),
        Field("focus", "flag"),
    )  # fmt: skip
    strata = tuple(
        Stratum(name, quota, Compare("program", "is", name))
        for name, quota in zip(programs, (40, 20), strict=True)
    )
    plan = SelectionPlan(strata, Compare("focus", "is", True))
    cases = Path("review/cases.csv")
    sealed = seal(cases, List(cases.name), Source("cases", fields), plan, bytes(32), AT)
    assert len(draw(sealed, [DICE])) == 60
    assert not papers or len(sealed.papers()) >= 12


if __name__ == "__main__":
    county(*sys.argv[1:])
