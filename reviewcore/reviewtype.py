"""What a review type says about itself: its name, settings, data sources and milestones."""

from __future__ import annotations

from attrs import frozen

from reviewcore.language.fields import Field

API = 1
"""The version of `reviewcore.api` that this engine serves."""


@frozen
class Source:
    """A list that the review needs, one row per case. The core itself asks for the case's id, its worker
    and, where there is one, its family; `fields` are the further ones that the type uses."""

    name: str
    fields: tuple[Field, ...]
    words: str = ""


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
