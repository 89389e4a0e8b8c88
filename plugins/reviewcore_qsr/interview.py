"""The tools, the case reviews, the focus groups and their guide."""

from __future__ import annotations

from attrs import evolve

from reviewcore.api import (
    Guide,
    Instrument,
    InterviewPlan,
    Item,
    Section,
    SessionKind,
    Step,
    TeamRules,
    read_instrument,
)
from reviewcore_qsr.indicators import INDICATORS, summaries
from reviewcore_qsr.settings import Settings

REVIEWERS = 2
"""How many reviewers a case has."""

FOCUS_MINUTES = 90

OWN_WORDS = "own-words"
"""The item of the focus groups' tool from which sentences may be quoted, where the agency quotes any."""

TOPICS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("expectations", "What is expected of practice", (
        "When you think of good work with a family here, what does it look like?",
        "How do you know what is expected of you, and does it fit what families need?",
    )),
    ("teams", "The use of teams", (
        "Who sits down together for a family, and who is missing?",
        "What makes a team meeting worth the time?",
    )),
    ("training", "Training", ("What did you learn that you use every week?", "What do you wish you had been shown?")),
    ("supervision", "Supervision", (
        "Where do you go to think a hard case through?",
        "What would make that time more helpful?",
    )),
    ("contact", "Contact with children, youth and families", (
        "How much time is there to be with people, and what takes it away?",
        "What is different where there is enough of it?",
    )),
    ("services", "Access to services", (
        "What can families here get when they need it, and what not?",
        "What do you do when there is a wait, or nothing near?",
    )),
    ("partners", "Working with other agencies", (
        "With whom does work go smoothly, and why?",
        "Where do families fall between two agencies?",
    )),
    ("pressure", "Work pressure and what relieves it", (
        "What weighs on people in this work?",
        "What helps, and who notices when it gets too much?",
    )),
    ("turnover", "Staff turnover", (
        "What makes people stay, and what makes them go?",
        "What does it mean for families?",
    )),
    ("vacancies", "Vacant positions", (
        "What happens to the work of a position that is empty?",
        "What has been tried, and what helped?",
    )),
)  # fmt: skip
"""The ten topics of a focus group, each with questions to open it (QSR-5)."""

_AGAIN = "Who sees it otherwise? Who can add to that?"

_LONGER = ("expectations", "contact", "services", "partners", "pressure")
"""Topics to which groups have most to say; the agenda is an hour and a half, and an hour at the least."""


def case_tool(settings: Settings) -> Instrument:
    """Return the case review tool with the indicators that this agency has chosen (QSR-1)."""
    frame = read_instrument("reviewcore_qsr", "case-review")
    *before, heard = frame.sections
    chosen = [one.section() for one in INDICATORS if one.key in settings.indicators]
    return evolve(frame, sections=(*before, *chosen, summaries(), heard))


def focus_tool(settings: Settings) -> Instrument:
    """Return the tool for notes of a group; where the agency quotes, with a place for the group's own words (QSR-6).

    They are what the group as a whole agrees to, so there is no speaker, here as elsewhere.
    """
    tool = read_instrument("reviewcore_qsr", "focus-group")
    if not settings.quotes:
        return tool
    words = Item(
        OWN_WORDS,
        "Which sentences does the group agree to, word for word, for the report?",
        "text",
        required=False,
        help="At the end, read each sentence back, and leave out what anybody objects to. Write no names, no figures "
        "and nothing that points to one person, family or case. Only the sentences that a named person of the "
        "review office approves are printed, with no group and no place.",
    )
    intro = tool.intro.replace("Do not quote; sum up.", "But for the last part, do not quote; sum up.")
    return evolve(tool, intro=intro, sections=(*tool.sections, Section("In the group's own words", (words,))))


def guide(settings: Settings) -> Guide:
    """Return the facilitator's guide: a welcome with what is promised, the ten topics, a close (QSR-4 to QSR-6)."""
    quoted = "that nobody is quoted, and that only themes are told"
    agreed: tuple[str, ...] = ()
    if settings.quotes:
        quoted = (
            "that themes are told, and that a sentence is quoted only if the group agrees to it at the end"
        )
        agreed = (
            "Ask which few sentences, if any, the group wants in the report in its own words. Read each back.",
            "Leave out what anybody objects to, and what could point to somebody.",
        )
    welcome = Step(
        "welcome", "Welcome, and what we promise", 10, 5, (1,),
        (
            "Thank people for coming. Say who you are, who takes notes, and when the group will end.",
            "Say why there is a review: to learn how children and families are doing and how practice serves them.",
            f"Say that notes are taken without names, {quoted}.",
            "Say that nobody has to speak or to stay, that an interpreter can be had, and whom to tell of pressure.",
            "Say that a danger to anyone goes at once to the safety contact and not into the notes.",
            "Ask people to talk with each other, to build on what others say, and to leave what is said in the room.",
        ),
        ("We talk about practice, not about persons or cases.", "No names. What is said here stays here."),
    )  # fmt: skip
    topics = tuple(
        Step(
            key,
            title,
            10 if key in _LONGER else 5,
            5,
            (2,),
            (*questions, "Who sees it otherwise? Who can add to that?"),
        )
        for key, title, questions in TOPICS
    )
    close = Step(
        "close", "What matters most, and what comes next", 5, 5, (3,),
        (
            "Ask each who wants to: what one thing should be kept, and what one thing changed first?",
            "Sum up what you heard, without names, and ask whether it is right.",
            *agreed,
            "Say when the report is due and how people will hear of it. Thank them.",
            "Afterwards, go through the notes with the note-taker and mark the themes the same day.",
        ),
    )  # fmt: skip
    return Guide(
        "facilitator", "Focus group: the facilitator's guide", "group",
        "You lead a talk among six to twelve people with similar roles. Your task is to let them think together. "
        "The topics stand in an order that works well, but follow the group: what matters to it comes first, and "
        "other topics may come up as time allows. Ask openly, wait, and bring in those who have not spoken yet.",
        (welcome, *topics, close),
        (
            "People know what the group is for and what is promised to them.",
            "The group tells how practice works here, what helps and what gets in the way.",
            "What matters most to the group is summed up in its own sense.",
        ),
        ("The sign-in sheet", "The notes workbook, for the note-taker", "The list of topics, large enough to read",
         "Water, tissues, and a clock that you can see"),
        ("QSR-4", "QSR-5", "QSR-6", "ALL-1", "ALL-2"),
    )  # fmt: skip


def plan(settings: Settings) -> InterviewPlan:
    """Two reviewers have each case for some days and see its key people (QSR-3); focus groups meet once (QSR-4)."""
    tools = [case_tool(settings)]
    sessions = [
        SessionKind(
            "case", "Case review", settings.interview_minutes, "case-review", supervisor=True,
            days=settings.days_per_case,
        )
    ]  # fmt: skip
    if settings.focus_groups:
        tools.append(focus_tool(settings))
        sessions.append(
            SessionKind(
                "group", "Focus group", FOCUS_MINUTES, "focus-group", of="group", attended="attended",
                leader="facilitator",
            )
        )  # fmt: skip
    rules = TeamRules(settings.teams, REVIEWERS, REVIEWERS, settings.peers)
    return InterviewPlan(
        tuple(tools), tuple(sessions), rules, (guide(settings),) if settings.focus_groups else ()
    )
