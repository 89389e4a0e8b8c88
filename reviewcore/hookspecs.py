"""The life cycle: one hook per stage, one by which a review type says what it is; and the ports.

A hook receives small frozen values that hold no person and no answer, and returns a plan. Only the
core draws, fills letters, sends, collects, tabulates, protects and writes. Mark an implementation with
`reviewcore.api.hookimpl`; the parameters keep these names, and any of them may be left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from reviewcore.aggregation.plan import AggregationPlan, Schema
    from reviewcore.disclosure.publication import Publication
    from reviewcore.interview.plan import InterviewPlan
    from reviewcore.notification.plan import Milestone, NotificationPlan, Role
    from reviewcore.notification.transport import Transport
    from reviewcore.report.plan import ReportPlan
    from reviewcore.reviewtype import ReviewType
    from reviewcore.selection.plan import Everyone, Frame, SelectionPlan

PROJECT = "reviewcore"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec(firstresult=True)
def review_type() -> ReviewType:  # type: ignore[empty-body]
    """Say what the review type is: name, title, settings class, the lists and milestones that it needs.

    >>> from attrs import frozen
    >>> from reviewcore.api import Field, ReviewType, Source, hookimpl
    >>> @frozen
    ... class Settings:
    ...     quota: int
    >>> class Visits:
    ...     @hookimpl
    ...     def review_type(self) -> ReviewType:
    ...         return ReviewType("visits", "Visit review", Settings, (Source("cases", ()),))
    >>> Visits().review_type().title
    'Visit review'
    """


@hookspec(firstresult=True)
def selection(frame: Frame, settings: Any) -> SelectionPlan | Everyone:  # type: ignore[empty-body]
    """Plan the case selection: strata, quotas, caps, who is eligible; or everyone.

    >>> from types import SimpleNamespace
    >>> from reviewcore.api import Count, Frame, SelectionPlan, Stratum, hookimpl
    >>> class Visits:
    ...     @hookimpl
    ...     def selection(self, frame, settings) -> SelectionPlan:
    ...         return SelectionPlan((Stratum("all", min(settings.quota, frame.total.low)),))
    >>> frame = Frame("cases", (), Count(40, 40))
    >>> Visits().selection(frame, SimpleNamespace(quota=12)).strata[0].quota
    12
    """


@hookspec(firstresult=True)
def notification(  # type: ignore[empty-body]
    roles: tuple[Role, ...], dates: tuple[Milestone, ...], settings: Any
) -> NotificationPlan:
    """Plan the letters: who is told what and when, in which words.

    >>> from reviewcore.api import Letter, NotificationPlan, Wording, hookimpl
    >>> class Visits:
    ...     @hookimpl
    ...     def notification(self, roles, dates, settings) -> NotificationPlan:
    ...         wording = Wording("notice", "en", "A review", "Dear {{ recipient }}, ...", ("recipient",))
    ...         return NotificationPlan((Letter("notice", "selected worker", "draw"),), (wording,))
    >>> Visits().notification((), (), None).letters[0].to
    'selected worker'
    """


@hookspec(firstresult=True)
def interview(settings: Any) -> InterviewPlan:  # type: ignore[empty-body]
    """Plan the interviews: instruments, sessions, rules for teams.

    >>> from reviewcore.api import (
    ...     Code, Instrument, InterviewPlan, Item, Scale, Section, SessionKind, TeamRules, hookimpl)
    >>> class Visits:
    ...     @hookimpl
    ...     def interview(self, settings) -> InterviewPlan:
    ...         scale = Scale("yes-no", (Code("1", "no"), Code("2", "yes")), acceptable=("2",))
    ...         item = Item("seen", "Was the child seen in the month?", scale="yes-no")
    ...         tool = Instrument("tool", "Tool", "1", "review team", (Section("Visits", (item,)),), (scale,))
    ...         return InterviewPlan((tool,), (SessionKind("case", "Case", 60, "tool"),), TeamRules(1))
    >>> Visits().interview(None).instruments[0].items()[0].key
    'seen'
    """


@hookspec(firstresult=True)
def aggregation(schema: Schema, settings: Any) -> AggregationPlan:  # type: ignore[empty-body]
    """Plan the tables: measures by splits, and themes.

    >>> from reviewcore.api import AggregationPlan, Measure, Schema, hookimpl
    >>> class Visits:
    ...     @hookimpl
    ...     def aggregation(self, schema, settings) -> AggregationPlan:
    ...         return AggregationPlan((Measure("seen", "Child seen in the month", "tool", "seen"),))
    >>> Visits().aggregation(Schema((), ()), None).measures[0].rungs
    ('codes', 'zones', 'acceptable', 'band')
    """


@hookspec(firstresult=True)
def report(publication: Publication, settings: Any) -> ReportPlan:  # type: ignore[empty-body]
    """Plan the documents: words, and citations of published cells.

    >>> from reviewcore.api import Cite, Document, Paragraph, Publication, ReportPlan, hookimpl
    >>> class Visits:
    ...     @hookimpl
    ...     def report(self, publication, settings) -> ReportPlan:
    ...         said = Paragraph(("Rated: ", Cite("seen", "all", "rated"), "."))
    ...         return ReportPlan((Document("report", publication.audience, "Visits", (said,)),))
    >>> Visits().report(Publication("state", 1, ()), None).documents[0].kind
    'report'
    """


@hookspec
def transports() -> tuple[Transport, ...]:  # type: ignore[empty-body]
    """Offer ways on which letters leave. A port, not a hook of review types: trusted code, which sees addresses.

    `offer` hands over all but the last word, and what it offered can be taken back; `deliver` says the last
    word. Here the last word is a file's name.

    >>> from pathlib import Path
    >>> from reviewcore.ports import Answer, Message, Sending, Transport, Way, hookimpl
    >>> class Folder:
    ...     def __init__(self, way):
    ...         self.folder = way.folder / way.sending.options["folder"]
    ...     def offer(self, message):
    ...         self.path = self.folder / f"{message.letter}.eml"
    ...         self.path.with_suffix(".part").write_bytes(message.data)
    ...         return tuple(Answer("accepted") for _ in message.recipients)
    ...     def deliver(self):
    ...         self.path.with_suffix(".part").rename(self.path)
    ...         return Answer("accepted")
    ...     def abandon(self):
    ...         self.path.with_suffix(".part").unlink()
    ...     def close(self):
    ...         pass
    >>> class Pickup:
    ...     @hookimpl
    ...     def transports(self) -> tuple[Transport, ...]:
    ...         return (Transport("folder", Folder),)
    >>> (transport,) = Pickup().transports()
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as outgoing:
    ...     way = Way(Sending(by="folder", options={"folder": outgoing}), Path("review"))
    ...     connection = transport.open(way)
    ...     letter = Message("0001-union", "kim@alder.example", ("una@union.example",), b"Subject: x")
    ...     connection.offer(letter), connection.deliver(), [path.name for path in Path(outgoing).iterdir()]
    ((Answer(outcome='accepted', code=''),), Answer(outcome='accepted', code=''), ['0001-union.eml'])
    """
