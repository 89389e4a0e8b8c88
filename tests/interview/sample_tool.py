"""A small tool with one question of every kind, for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from reviewcore.interview.guide import Notice
from reviewcore.interview.plan import Code, Instrument, Item, Scale, Section, Zone
from reviewcore.language import All, Compare, Field

CREATED = datetime(2027, 1, 5, 9, tzinfo=UTC)
TOKEN = "K7QF-2M9X"
PROGRAM = Field("program", "choice", "program", ("child-welfare", "probation"))
NOTICE = Notice(
    "Alder County peer review", "Alder County", "Pat Lee", "555-0100", "pat@alder.example",
    "Sam Roe", "555-0199", "sam@alder.example",
)  # fmt: skip

PRACTICE = Scale(
    "practice",
    (
        Code("1", "seldom", "Hardly ever seen."),
        Code("2", "in part", "Seen now and then."),
        Code("3", "well", "Seen mostly."),
        Code("4", "strongly", "Seen throughout."),
    ),
    ("3", "4"),
    (Zone("to build", ("1", "2")), Zone("to share", ("3", "4"))),
)

TOOL = Instrument(
    "interview", "Interview tool", "1", "review team",
    (
        Section("First", (
            Item("voice", "Was the child heard?", scale="practice", not_applicable=("Child is an infant",)),
            Item("why", "What got in the way?", "many",
                 choices=(Code("time", "time"), Code("travel", "travel"), Code("other", "something else")),
                 when=Compare("voice", "at_most", 2)),
            Item("court", "Was the court told?", "choice", choices=(Code("y", "told"), Code("n", "not told")),
                 when=Compare("program", "is", "probation")),
        )),
        Section("Second", (
            Item("visits", "How many visits?", "number", required=False),
            Item("plan", "Was the plan shared?", scale="practice",
                 when=All((Compare("program", "is", "child-welfare"), Compare("visits", "at_least", 2)))),
            Item("notes", "What else?", "text", required=False),
            Item("more", "What did the court say?", "text", when=Compare("court", "is", "y")),
        )),
    ),
    (PRACTICE,),
)  # fmt: skip

WELFARE = {"program": "child-welfare"}
PROBATION = {"program": "probation"}
