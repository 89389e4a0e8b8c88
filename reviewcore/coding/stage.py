"""Coding as a stage: sheets out, sheets in, codes merged and taken apart again, all of it in the log."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewcore.aggregation.plan import AggregationPlan
from reviewcore.coding import sheet
from reviewcore.coding.sheet import Code, Note
from reviewcore.coding.values import CODED, MERGED, RESTORED, agreement, coded
from reviewcore.errors import BadInput, Problem, Refused, nearest
from reviewcore.interview.plan import InterviewPlan
from reviewcore.store.files import digest

if TYPE_CHECKING:
    from reviewcore.store.log import Log
    from reviewcore.store.records import Records
    from reviewcore.store.vault import Vault

RETURNED = Path("returned/coding")
CODERS = ("a", "b")


def codes(plan: AggregationPlan, interviews: InterviewPlan) -> tuple[Code, ...]:
    """Return the codebook: every theme of every list, in the order of the tools."""
    tools = {tool.key: tool for tool in interviews.instruments}
    return tuple(
        Code((one.key, choice.code), one.title, choice.label)
        for one in plan.themes
        for item in tools[one.instrument].items()
        if item.key == one.item
        for choice in item.choices
    )


def notes(log: Log, vault: Vault, plan: AggregationPlan, interviews: InterviewPlan) -> tuple[Note, ...]:
    """Return the notes to be coded: all free text of tools with themes, but for what a group posted itself."""
    tools = {tool.key: tool for tool in interviews.instruments}
    lists: dict[str, list[str]] = {}
    for one in plan.themes:
        lists.setdefault(one.instrument, []).append(one.key)
    asked = [
        (f"{body['token']}/{item.key}", item.words, tuple(lists[body["instrument"]]))
        for body in _answered(log)
        if body["instrument"] in lists
        for item in tools[body["instrument"]].items()
        if item.kind == "text" and not item.posted
    ]
    texts = vault.get_all("note", [name for name, _, _ in asked])
    return tuple(
        Note(name, words, str(texts[name]["text"]), found)
        for name, words, found in asked
        if name in texts and texts[name]["text"]
    )


def code(
    records: Records, vault: Vault, plan: AggregationPlan, interviews: InterviewPlan, coders: int, title: str
) -> None:
    """Write a sheet for each coder, and take in those that came back; raise BadInput with all that is wrong in them.

    A sheet that is read already changes nothing. The others are taken in even where one has mistakes.
    """
    if not coders:
        raise Refused(
            "the profile names no coders, so themes are those that the teams marked on their tools: to have the notes "
            "coded too, set coders = 1 or 2 under [themes] in review.toml"
        )
    book, found = codes(plan, interviews), notes(records.log, vault, plan, interviews)
    if not found:
        raise Refused(
            "there are no notes to code yet; take in the completed tools first (reviewcore interview)"
        )
    version = _version(found, book)
    created = _moment(records.log)
    for coder in CODERS[:coders]:
        records.write_paper(
            f"coding/coder-{coder}.xlsx", sheet.write(coder, found, book, version, title, created)
        )
    problems: list[Problem] = []
    for path in sorted((records.folder / RETURNED).glob("*.xlsx")):
        if path.name.startswith("~$"):
            continue
        data = path.read_bytes()
        try:
            coder, marks = sheet.read(path.name, data, found, book, version)
        except BadInput as error:
            problems += error.problems
            continue
        if coder not in CODERS[:coders]:
            problems.append(
                Problem(path.name, f"the profile has {coders} coder; this sheet is the second one's")
            )
        elif coded(records.log).sheets.get(coder) != (sha256 := digest(data)):
            body = {"coder": coder, "coders": coders, "sha256": sha256, "marks": marks}
            records.log.append(CODED, body)
    if problems:
        raise BadInput(problems)


def merge(records: Records, plan: AggregationPlan, interviews: InterviewPlan, mark: str, into: str) -> None:
    """Merge a code, given as LIST/CODE, into another of the same list; raise Refused where one is not known."""
    known = {"/".join(one.mark): one for one in codes(plan, interviews)}
    themes = mark.partition("/")[0]
    target = f"{themes}/{into.rpartition('/')[2]}"
    for one in (mark, target):
        if one not in known:
            raise Refused(f"there is no code '{one}'; codes are written as LIST/CODE{nearest(one, known)}")
    now = coded(records.log)
    if now.standing(known[target].mark) == known[mark].mark:
        raise Refused(f"'{target}' is merged into '{mark}' already; undo that first (reviewcore code --undo)")
    records.log.append(MERGED, {"list": themes, "code": known[mark].mark[1], "into": known[target].mark[1]})


def undo(records: Records) -> None:
    """Take the last merging back; raise Refused where there is none."""
    if not coded(records.log).merged:
        raise Refused("no codes are merged, so there is nothing to undo")
    records.log.append(RESTORED, {})


def lines(log: Log, book: tuple[Code, ...]) -> tuple[str, ...]:
    """Say how the coding stands: who has coded, how far they agree, what is merged."""
    now, labels = coded(log), {one.mark: one.label for one in book}
    told = [f"{len(now.marks)} of {now.coders} coding sheets taken in"] if now.coders else []
    overall, by_code = agreement(now)
    if overall is not None:
        told.append(f"the two coders agree: Krippendorff's alpha {overall:.2f} over {len(by_code)} themes")
        least = sorted((value, mark) for mark, value in by_code.items() if value is not None)[:3]
        told += [
            f"least agreed on: {labels.get(mark, mark[1])} ({value:.2f})"
            for value, mark in least
            if value < 0.8
        ]
    told += [f"{labels.get(a, a[1])}: merged into {labels.get(b, b[1])}" for a, b in now.merged.items()]
    return tuple(told)


def _answered(log: Log) -> list[dict[str, Any]]:
    last = {event.body["token"]: dict(event.body) for event in log.events("interview.answered") if event.body}
    return [last[token] for token in sorted(last)]


def _moment(log: Log) -> datetime:
    event = log.last("interview.scheduled")
    assert event is not None
    return datetime.fromisoformat(event.at)


def _version(found: tuple[Note, ...], book: tuple[Code, ...]) -> str:
    """Return a digest of all that the sheet asks, so that a sheet of other notes is known for one."""
    said = "\x1f".join(
        [*(f"{one.name}\x1e{one.text}" for one in found), *("/".join(one.mark) for one in book)]
    )
    return hashlib.sha256(said.encode()).hexdigest()[:16]
