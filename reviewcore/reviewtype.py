"""What a review type says about itself: its name, settings, data sources and milestones."""

from typing import Literal, TypeAlias

from attrs import evolve, frozen

from reviewcore.language.fields import Field

API = 1
"""The version of `reviewcore.api` that this engine serves."""

SourceKind: TypeAlias = Literal["cases", "key people", "extract"]


@frozen
class Source:
    """A list that the review needs, beside the people list that every review has.

    "cases": one row per case. The core itself asks for the case's id, its worker and, where there is one,
    its family. "key people": those who are interviewed about the drawn cases, one row each, known once the
    draw is made. The core asks for the case's id and for name, e-mail address, role, consent, interpreter
    and place. Their part is one of `roles`; those in `consent` (families, children, youth) are interviewed
    only where their consent is on record (ALL-1). The case's own worker is always interviewed, and not listed.
    "extract": counts from the agency's own system, without a person in them; one row for each combination
    of the fields of kind "choice" and "text", its counts in the fields of kind "number". `fields` are those
    that the type uses beside what the core asks for.
    """

    name: str
    fields: tuple[Field, ...]
    words: str = ""
    kind: SourceKind = "cases"
    roles: tuple[str, ...] = ()
    consent: tuple[str, ...] = ()


@frozen
class MilestoneKind:
    """A meeting or date that the profile must set, or may where it is not `required`."""

    key: str
    words: str
    required: bool = True


@frozen
class ReviewType:
    """A review type. `settings` is a frozen attrs class, read from `[review]` in the profile."""

    name: str
    title: str
    settings: type
    sources: tuple[Source, ...]
    milestones: tuple[MilestoneKind, ...] = ()
    roles: tuple[str, ...] = ()
    api: int = API

    def cases(self) -> Source:
        """Return the case list; without a field in it where the review has none."""
        return next(iter(self.of_kind("cases")), Source("cases", ()))

    def key_people(self) -> Source | None:
        """Return the list of key people, where the review has one."""
        return next(iter(self.of_kind("key people")), None)

    def of_kind(self, kind: SourceKind) -> tuple[Source, ...]:
        """Return the sources of one kind, in order."""
        return tuple(source for source in self.sources if source.kind == kind)


def settled(kind: ReviewType, settings: object) -> ReviewType:
    """Return the review type with the choices that the county's `settings` give to its fields."""

    def field(one: Field) -> Field:
        return evolve(one, choices=tuple(getattr(settings, one.setting))) if one.setting else one

    if not any(one.setting for source in kind.sources for one in source.fields):
        return kind
    return evolve(
        kind,
        sources=tuple(evolve(source, fields=tuple(map(field, source.fields))) for source in kind.sources),
    )
