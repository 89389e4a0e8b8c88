"""Collecting the returned workbooks: each good one is recorded, each bad one is told of and left alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from reviewcore.errors import BadInput, Problem, Refused
from reviewcore.interview.naming import naming
from reviewcore.interview.plan import InterviewPlan
from reviewcore.interview.posted import posted, write
from reviewcore.interview.returned import Expected, Returned, read
from reviewcore.interview.sessions import expected_of, talks_of
from reviewcore.language import Field

if TYPE_CHECKING:
    from reviewcore.store.log import Log
    from reviewcore.store.records import Records
    from reviewcore.store.vault import Vault

RETURNED = Path("returned")
"""The folder, inside the review's, that workbooks are put into when they come back."""

_LITTER = ("thumbs.db", "desktop.ini")  # what file managers leave behind


@frozen
class Collected:
    """What a round of collecting did: the tokens recorded, those already known, and what is wrong."""

    new: tuple[str, ...]
    unchanged: tuple[str, ...]
    problems: tuple[Problem, ...]


def collect(
    records: Records,
    vault: Vault,
    plan: InterviewPlan,
    folder: Path = RETURNED,
    *,
    fields: Iterable[Field] = (),
    public: Iterable[str] = (),
) -> Collected:
    """Record every returned workbook that is new or was corrected; `folder` is seen from the review's folder.

    The files are only read. The same bytes again change nothing, other bytes for the same session replace
    what was recorded. Free text is sealed in the vault before the event that records its workbook. The event
    says which sentences of it name somebody, by cell and number; `public` are names that may be told.
    """
    expected = expected_of(records.log, plan, fields)
    if not expected:
        raise Refused("there are no sessions yet: schedule the interviews first (reviewcore interview)")
    talks = talks_of(records.log)
    sessions = {
        token: Expected(tool.key, row, talks.get(token, frozenset()))
        for token, (tool, row) in expected.items()
    }
    tools = {instrument.key: instrument for instrument in plan.instruments}
    read_in: dict[str, dict[str, Returned]] = {}
    names: dict[tuple[str, str], str] = {}
    problems: list[Problem] = []
    for path in _files(records.folder / folder):
        if path.suffix.lower() != ".xlsx":
            problems.append(Problem(path.name, "only Excel workbooks (.xlsx) are read; save it as one"))
            continue
        try:
            one = read(path, tools, sessions)
        except BadInput as error:
            problems += error.problems
            continue
        read_in.setdefault(one.token, {})[one.sha256] = one
        names.setdefault((one.token, one.sha256), path.name)

    history = _history(records.log)
    new, unchanged = [], []
    for token, files in sorted(read_in.items()):
        seen = history.get(token, [])
        fresh = [sha for sha in files if sha not in seen]
        if len(fresh) > 1:
            what = f"there are {len(fresh)} different new workbooks for session {token}; keep the one that counts"
            problems += [Problem(names[token, sha], what) for sha in fresh]
        elif fresh:
            new.append(files[fresh[0]])
        elif seen[-1] not in files and len(files) == 1:  # an earlier version was put back, alone
            new += files.values()
        else:
            unchanged.append(token)
    _record(records, vault, plan, new, tuple(public))
    return Collected(tuple(one.token for one in new), tuple(unchanged), tuple(problems))


def _files(folder: Path) -> list[Path]:
    """Return the files that came back, in order, without what office programs and file managers leave."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and not path.name.startswith((".", "~$")) and path.name.lower() not in _LITTER
    )


def _history(log: Log) -> Mapping[str, list[str]]:
    """Return the digests of all workbooks recorded for each session, in order."""
    found: dict[str, list[str]] = {}
    for event in log.events("interview.answered"):
        if event.body is not None:
            found.setdefault(event.body["token"], []).append(event.body["sha256"])
    return found


def _scheduled_at(log: Log) -> datetime:
    event = log.last("interview.scheduled")
    assert event is not None
    return datetime.fromisoformat(event.at)


def _gathering(log: Log, token: str) -> Mapping[str, Any]:
    """Return the session of a group, or of everyone, as it is scheduled."""
    event = log.last("interview.scheduled")
    assert event is not None
    assert event.body is not None
    return next(one for one in event.body["gatherings"] if one["token"] == token)


def _record(
    records: Records, vault: Vault, plan: InterviewPlan, new: Sequence[Returned], public: tuple[str, ...]
) -> None:
    """Seal the notes, then append the events, all at once."""
    notes: dict[str, dict[str, str]] = {}
    events: list[tuple[str, dict[str, Any]]] = []
    tools = {tool.key: tool for tool in plan.instruments}
    texts = {tool.key: [i.key for i in tool.items() if i.kind == "text"] for tool in plan.instruments}
    sealed = vault.get_all("note", [f"{one.token}/{item}" for one in new for item in texts[one.instrument]])
    for one in new:
        for item in texts[one.instrument]:
            name = f"{one.token}/{item}"
            before, now = sealed.get(name), one.notes.get(item, "")
            # A note that was taken back is emptied; one that is sealed already is not sealed again.
            if before != {"text": now} and (now or before):
                notes[name] = {"text": now}
        body: dict[str, Any] = {
            "token": one.token,
            "instrument": one.instrument,
            "version": one.version,
            "answers": {k: list(a) if isinstance(a, tuple) else a for k, a in one.answers.items()},
            "not_applicable": dict(one.not_applicable),
            "sha256": one.sha256,
        }
        if one.held:
            body["interviews"] = {key: held.body() for key, held in one.held.items()}
        if named := naming(tools[one.instrument], one.notes, one.cells, vault.reader(public)):
            body["named"] = named
        if posted(tools[one.instrument], one.notes):
            at = _scheduled_at(records.log)
            paper = write(tools[one.instrument], one.notes, _gathering(records.log, one.token), at)
            body["papers"] = [records.write_paper(f"plans/{one.token}.docx", paper)]
        events.append(("interview.answered", body))
    if notes:
        vault.put_all("note", notes)
    if events:
        records.log.append_all(events)
