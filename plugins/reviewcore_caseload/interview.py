"""The in-service itself: how it is led (CAS-2, CAS-5 to CAS-11), and the record that a note-taker fills in."""

from __future__ import annotations

from reviewcore.api import Guide, InterviewPlan, SessionKind, Step, read_instrument
from reviewcore_caseload.settings import Settings

OBJECTIVES = (
    "Agree on the agency's caseload goal.",
    "Mean the same things by the same words, and know what moves a caseload.",
    "Decide what each of us will do to reach the goal.",
)
BRING = (
    "The caseload reports of the past month, for everyone: publications/agency, printed or on the screen",
    "The outreach handouts and the planning sheet, a copy for each person",
    "A laptop and a projector, if you show slides; bring the slides up to date with this agency's clinics",
    "A flip chart or a board, markers in several colors, and tape",
    "The record of the session: one person takes notes in it, and writes no names",
)


def plan(settings: Settings) -> InterviewPlan:
    """One session for everyone, with a guide that stretches and shrinks to its length."""
    record = read_instrument("reviewcore_caseload", "session")
    kind = SessionKind(
        "session",
        "Caseload in-service",
        180,
        record.key,
        of="everyone",
        attended="attended",
        leader="facilitator",
    )
    guide = Guide(
        "agenda",
        "Caseload in-service: how to lead the session",
        kind.key,
        "You lead a conversation, not a lecture. Watch how the group is doing. Seek agreement that there is something "
        "to mend before you ask for ideas, and let people build on each other's. The minutes are a plan: where the "
        "talk is good, let it run, and take the time from the next part.",
        steps(settings),
        OBJECTIVES,
        BRING,
        (
            "CAS-1",
            "CAS-2",
            "CAS-4",
            "CAS-5",
            "CAS-6",
            "CAS-7",
            "CAS-8",
            "CAS-9",
            "CAS-10",
            "CAS-11",
            "ALL-1",
            "ALL-2",
        ),
    )
    return InterviewPlan((record,), (kind,), guides=(guide,))


def steps(settings: Settings) -> tuple[Step, ...]:
    """Return the eight parts of the session, three hours together (CAS-2)."""
    goal = settings.goal
    months = f"{goal.months} months" if goal.months > 1 else "a month"
    why = f" {goal.why[:1].upper()}{goal.why[1:]}." if goal.why else ""
    return (
        Step(
            "opening", "Opening", 15, 5, (),
            (
                "Introduce yourself, and let everyone say who they are and what they do.",
                "Thank the agency for asking you, and tell them what you know of caseload from your own work.",
                "Ask what they have tried together before, and what came of it.",
                "Say what the session is for, and read out who sees what is said here (at the end of this guide).",
            ),
        ),
        Step(
            "warm-up", "What would make today worth it?", 15, 5, (1,),
            (
                "Say that caseload has many sides, and that a clear aim makes it smaller.",
                "Ask: what would you like to walk out with? What would make this time well spent?",
                "Choose one aim for today with the group. The agency's goal comes next.",
            ),
            ("The aim for today, in the group's words. It stays up until the end.",),
        ),
        Step(
            "goal", "The agency's goal", 15, 10, (1, 2),
            (
                "Ask why caseload matters. If it is not said, say it: each family on it is served, and funding follows it.",
                f"Build the goal: who, what, by when. A proposal: {goal.who}, {goal.what}, within {months}.{why} How "
                "to get there comes later.",
                "Ask who is responsible for the caseload, until the answer is: all of us.",
                "Let each say which of their daily tasks moves it. Certifiers: certification and the second "
                "nutrition education. Clerical staff: scheduling and calls. Coordinator: outreach and planning.",
                "Agree on the words. Assigned: how many the state asks us to serve. Certified: in a valid "
                "certification this month. Participating: certified, and had benefits for the month.",
            ),
            ("The goal: who, what, by when. It stays up beside the aim.", "The three words and what they mean."),
        ),
        Step(
            "reports", "What the reports say", 15, 10, (2,),
            (
                f"Show where {settings.state} stands, and which reports {settings.system} can give.",
                "Go through the agency's own reports: how many participate, what share of the assigned that is, how "
                f"many of the certified had no {settings.benefits}, counts by category and by priority for each "
                "clinic, and show rates by type of appointment and clinic.",
                "A figure that is withheld stands for a small number of families. Nobody works it out, and nobody guesses.",
                "The newest month always looks low until it is settled. Look at its status before you compare.",
                "Ask: what do you notice? Where is this strong? What worries you?",
            ),
            ("Two columns: strong, and a concern.",),
        ),
        Step(
            "issues", "What stands in the way", 45, 20, (2, 3),
            (
                "Getting to us. What does it mean to be easy to reach? Where is it hard here? How soon is there an "
                "appointment, and where, and at what hours? What happens when somebody calls?",
                "Staying with us. What does it mean to keep a family? What moves show rates, by type of appointment "
                "and by clinic? Where do families feel that we work around them? How do we remind and reach them, and how "
                "well does that work?",
                "Write down what is said as it is said. Never write who said it.",
            ),
            ("One sheet for getting to us and one for staying with us.",),
        ),
        Step(
            "actions", "What we could do", 45, 20, (3,),
            (
                "Getting to us. How could there be more appointments? How could staff time be used better? What outreach "
                "is missing?",
                "Staying with us. What would keep families? What would raise show rates? What other ways are there "
                "for the second nutrition education? How could we say things better? What helps staff to "
                "put families first?",
                "First all ideas, without judging any. Then sort them.",
            ),
            ("Ideas beside the issues that they answer.",),
        ),
        Step(
            "next", "Who does what", 15, 10, (3,),
            (
                "Let the group choose what to begin with: what would help most, and what can we do ourselves?",
                "For each: who does what, where, and by when. Nobody is named who is not in the room.",
                "Agree when you look at it again, what you will look at, and what you do if it does not work.",
                "Ask what will keep the caseload once the goal is reached.",
            ),
            ("The plan: who, what, where, by when.",),
        ),
        Step(
            "closing", "Closing", 15, 5, (),
            (
                "Sum up in a few sentences what the group has decided.",
                "Say what you have seen that makes you sure they can do it.",
                "Celebrate.",
                "Afterwards, for yourself: what follow-up would help this agency?",
            ),
        ),
    )  # fmt: skip
