"""The tool, the interview and the teams of a peer review."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from reviewcore.api import Instrument, InterviewPlan, SessionKind, TeamRules, read_instrument
from reviewcore_pqcr.settings import FocusTool, Settings

FOCUS_SECTIONS: Mapping[FocusTool, str] = {
    "placement-stability": "Focus area: stable placements",
    "reunification": "Focus area: going home to the family",
    "going-home": "Focus area: from placement back to home",
    "adulthood": "Focus area: ready for adult life",
}
"""The sections of the tool that are written for one focus area, by their title."""


def tool(settings: Settings) -> Instrument:
    """Return the tool with the sections of this county's focus areas, and no others (PQCR-3)."""
    whole = read_instrument("reviewcore_pqcr", "interview")
    wanted = {FOCUS_SECTIONS[program.tool] for program in settings.programs}
    unwanted = set(FOCUS_SECTIONS.values()) - wanted
    return evolve(whole, sections=tuple(one for one in whole.sections if one.title not in unwanted))


def plan(settings: Settings) -> InterviewPlan:
    """One interview for every case, with a supervisor only at the worker's own request (PQCR-3, PQCR-6)."""
    teams = settings.teams
    return InterviewPlan(
        (tool(settings),),
        (SessionKind("case", "Case interview", settings.interview_minutes, "interview", supervisor=True),),
        TeamRules(teams.number, teams.smallest, teams.largest, teams.peers),
    )
