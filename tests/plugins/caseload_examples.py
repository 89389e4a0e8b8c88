"""The example agencies of the caseload plugin, as the engine reads them."""

from __future__ import annotations

from pathlib import Path

from reviewcore_caseload import Caseload, Settings

from reviewcore.aggregation.plan import Schema
from reviewcore.disclosure.publication import Publication
from reviewcore.profile.read import read
from reviewcore.profile.settings import Profile
from reviewcore.reviewtype import settled
from reviewcore.testing.made_up import publications

PROFILES = Path(__file__).parents[2] / "profiles"


def example(agency: str) -> Profile:
    """Return an example agency's profile, read as the engine reads it."""
    kind = Caseload().review_type()
    return read(PROFILES / f"caseload-{agency}.toml", Settings, kind.milestones, kind.sources)


def published(settings: Settings) -> dict[str, Publication]:
    """Return made-up publications for the agency, by what they are like."""
    plugin = Caseload()
    kind = settled(plugin.review_type(), settings)
    schema = Schema((), plugin.interview(settings).instruments, kind.of_kind("extract"))
    made = publications(plugin.aggregation(settings), schema, plugin.selection())
    return {said.partition(",")[0] if "all" not in said else said.rpartition(",")[0]: one
            for said, one in made if one.audience == "agency"}  # fmt: skip
