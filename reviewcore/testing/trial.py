"""A review type on trial: its hooks called as the core calls them, with made-up inputs, twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from reviewcore.aggregation.plan import AggregationPlan, Schema
from reviewcore.disclosure.publication import Publication
from reviewcore.interview.plan import InterviewPlan
from reviewcore.language import Field
from reviewcore.notification.plan import NotificationPlan
from reviewcore.register.mapping import KEY_PEOPLE
from reviewcore.report.plan import ReportPlan
from reviewcore.reviewtype import Source, settled
from reviewcore.sealing import Plugins
from reviewcore.selection.plan import Everyone, SelectionPlan
from reviewcore.testing import made_up

T = TypeVar("T")


class Trial:
    """One review type, sealed in twice, so that what it answers can be held against what it answers again.

    Every method raises AssertionError where the two answers differ: a plan that depends on chance, on
    the clock or on an earlier call could not be verified by anybody.
    """

    def __init__(self, plugin: type, settings: object = None) -> None:
        name = _name(plugin)
        self.sealed = Plugins(plugin, name, "on trial", debug=True)
        self.again = Plugins(plugin, name, "on trial", debug=True)
        self.review_type = self.sealed.review_type()
        if settings is None:
            try:
                settings = self.review_type.settings()
            except (TypeError, ValueError):
                kind = self.review_type.settings.__name__
                raise AssertionError(
                    f"{kind} has settings without defaults; give an example: "
                    f"conformance({plugin.__name__}, {kind}(...))"
                ) from None
        self.settings = settings
        self.review_type = settled(self.review_type, settings)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The declared fields of the case list."""
        return self.review_type.cases().fields

    def odd(self) -> Iterator[str]:
        """Yield what is odd about what the review type says of itself."""
        said = self.review_type
        if said != settled(self.again.review_type(), self.settings):
            yield "review_type: says something else when it is asked again"
        for what, text in (("name", said.name), ("title", said.title)):
            if not text.strip():
                yield f"review_type: the {what} is empty"
        if not said.sources:
            yield "review_type: declares no source; a review needs a list of cases, or an extract"
        for source in said.sources:
            for field in source.fields:
                if (field.kind == "choice") != bool(field.choices):
                    yield f"{source.name}.{field.name}: give choices to a field of kind 'choice', and to no other"
                if field.titles and len(field.titles) != len(field.choices):
                    yield f"{source.name}.{field.name}: give a title to every choice, or to none"
                if len(set(field.choices)) != len(field.choices):
                    yield f"{source.name}.{field.name}: a choice is given twice"
            if source.kind == "key people":
                yield from _odd_key_people(source)
        for kind in said.milestones:
            if not kind.key.isidentifier() or not kind.words.strip():
                yield f"milestone '{kind.key}': its key names blanks; use letters and underscores, and say what it is"

    def selection(self) -> SelectionPlan | Everyone:
        """Return the plan of the case selection, for four hundred made-up cases."""
        frame = made_up.frame(self.review_type.cases())
        return _same(
            "selection",
            *(one.selection(frame, self.settings) for one in (self.sealed, self.sealed, self.again)),
        )

    def notification(self) -> NotificationPlan:
        """Return the plan of the letters, for every milestone and role that the type declares."""
        roles, dates = made_up.roles(self.review_type), made_up.dates(self.review_type)
        return _same(
            "notification",
            *(
                one.notification(roles, dates, self.settings)
                for one in (self.sealed, self.sealed, self.again)
            ),
        )

    def interview(self) -> InterviewPlan:
        """Return the plan of the interviews."""
        return _same(
            "interview", *(one.interview(self.settings) for one in (self.sealed, self.sealed, self.again))
        )

    def schema(self) -> Schema:
        """Return what may be measured: the declared fields and the plan's own instruments."""
        extracts = self.review_type.of_kind("extract")
        return Schema(self.fields, self.interview().instruments, extracts)

    def aggregation(self) -> AggregationPlan:
        """Return the plan of the tables."""
        schema = self.schema()
        return _same(
            "aggregation",
            *(one.aggregation(schema, self.settings) for one in (self.sealed, self.sealed, self.again)),
        )

    def report(self, publication: Publication) -> ReportPlan:
        """Return the plan of the documents that are made of a publication."""
        return _same(
            "report",
            *(one.report(publication, self.settings) for one in (self.sealed, self.sealed, self.again)),
        )


def _odd_key_people(source: Source) -> Iterator[str]:
    """Yield what is odd about a list of key people."""
    if not source.roles:
        yield f"{source.name}: give the roles that key people can have"
    for role in sorted(set(source.consent) - set(source.roles)):
        yield f"{source.name}: consent: '{role}' is not one of its roles"
    for name in sorted({field.name for field in source.fields} & set(KEY_PEOPLE)):
        yield f"{source.name}.{name}: the core asks for this column itself; give yours another name"


def _name(plugin: type) -> str:
    """Return what the review type calls itself; whatever else is wrong with it is told when it is sealed in."""
    try:
        return str(plugin().review_type().name)
    except Exception:  # told whole, and in its place, by Plugins
        return plugin.__name__


def _same(stage: str, first: T, second: T, other: T) -> T:
    if first != second or first != other:
        raise AssertionError(f"{stage}: plans something else when it is asked again with the same inputs")
    return first
