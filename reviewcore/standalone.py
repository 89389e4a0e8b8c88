"""A draw on its own, in memory: for a program that has a case list and keeps the papers itself.

No review folder, no vault and no plugin: `seal` reads the list, checks it as a review would and commits to
it; `draw`, once the seed is rolled, draws. It is the same draw with the same papers as a review's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from attrs import frozen

from reviewcore.errors import BadInput
from reviewcore.profile.settings import List
from reviewcore.register.cases import cases_and_problems
from reviewcore.reviewtype import Source
from reviewcore.selection import stage
from reviewcore.selection.casedraw import Blinding
from reviewcore.selection.plan import SelectionPlan
from reviewcore.selection.values import FrameRow
from reviewcore.store.keys import Key
from reviewcore.store.memory import MemoryRecords, in_memory
from reviewcore.uncollected import uncollected


@frozen
class SealedList:
    """A list that is sealed. `case_ids` opens pseudonyms, for whoever holds this object alone."""

    commitment: str
    case_ids: dict[str, str]
    records: MemoryRecords

    def papers(self) -> dict[str, bytes]:
        """Return the papers so far by name: first those of the sealed list, then those of the draw.

        They are made when they are first asked for.
        """
        return self.records.papers()


@uncollected()
def seal(
    path: Path,
    listing: List,
    source: Source,
    plan: SelectionPlan,
    key: bytes,
    at: datetime,
    seed_rule: str = "dice 24",
) -> SealedList:
    """Read the case list at `path` and commit to it, before any seed is known.

    `source` declares the list's fields, `plan` asks for them, `key` are 32 secret bytes, `at` is the time
    that is committed to. Raises BadInput with every problem of the list or the plan, and Refused where the
    quotas cannot be filled.
    """
    _, cases, problems = cases_and_problems(path, listing, source, None)
    if problems:
        raise BadInput(problems)
    blinding = Blinding(key)
    worker = {one: blinding.worker(one) for one in {case.worker_id for case in cases}}
    families = list({case.family_id for case in cases} - {""})
    family = dict(zip(families, blinding.salts("family", families), strict=True)) | {"": ""}
    pseudonyms = blinding.cases([case.case_id for case in cases])
    rows = [
        FrameRow(pseudonym, worker[case.worker_id], "", family[case.family_id], "", case.fields)
        for case, pseudonym in zip(cases, pseudonyms, strict=True)
    ]
    records = in_memory(lambda: at, Key(key))
    stage.commit(records, key, rows, plan, {one.name: one for one in source.fields}, seed_rule, at)
    body = records.log.events()[-1].body or {}
    case_ids = {row.case: case.case_id for row, case in zip(rows, cases, strict=True)}
    return SealedList(body["commitment"], case_ids, records)


@uncollected()
def draw(sealed: SealedList, lines: Sequence[str]) -> tuple[str, ...]:
    """Draw with the seed's lines and return the case ids that were drawn, in the order of the draw."""
    stage.draw(sealed.records, lines)
    drawn = stage.state(sealed.records.log)
    return tuple(sealed.case_ids[one.row.case] for one in drawn.selected)
