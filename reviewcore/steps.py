"""How each stage stands, in a few lines for the person who runs the review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewcore.coding.sheet import Code
    from reviewcore.notification.outgoing import Outbox
    from reviewcore.notification.stage import DraftCounts
    from reviewcore.notification.state import LettersState
    from reviewcore.promises import Promise
    from reviewcore.selection.stage import SelectionState
    from reviewcore.store.records import Records


@frozen
class Step:
    """A stage: what it did, one line each; what it waits for; where to look; what somebody may want to mend."""

    stage: str
    did: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    look: tuple[str, ...] = ()
    mend: tuple[str, ...] = ()


@frozen
class Status:
    """How a review stands: its stages, dates due, promises, and whom the profile trusts with names."""

    title: str
    type: str
    stages: tuple[Step, ...]
    due: tuple[tuple[str, str], ...]
    promises: tuple[Promise, ...]
    trusted: tuple[str, ...] = ()
    """The plugins that the profile lets see names and addresses."""


@frozen
class Verified:
    """What was checked and holds, and what is wrong, one line each."""

    checked: tuple[str, ...]
    wrong: tuple[str, ...]


def nothing_yet() -> Step:
    """Return the step of a review in which nothing has been done."""
    return Step("select", waits=("the lists: put them into the folder, then run `reviewcore select`",))


def all_stages(records: Records) -> tuple[Step, ...]:
    """Return every stage that has begun or can begin."""
    if not records.log.last("selection.drawn") and not records.log.last("selection.everyone"):
        return selection(records), notification(records)
    return (
        selection(records),
        notification(records),
        interview(records),
        aggregation(records),
        report(records),
    )


def safety(records: Records, call: str) -> Step:
    """Return how the concerns for somebody's safety stand; `call` says whom to call."""
    from reviewcore.notification.concern import state

    now = state(records.log)
    did = f"{len(now.raised)} concerns raised, the named person told of {len(now.told)}"
    waits = tuple(f"{one}: {call}; then `reviewcore concern --told {one}`" for one in now.open())
    return Step("safety", (did,), waits)


def selection(records: Records) -> Step:
    """Return how case selection stands."""
    from reviewcore.selection.stage import state

    now = state(records.log)
    invited = records.log.last("selection.everyone")
    if invited and invited.body:
        told = ", ".join(f"{role} {count}" for role, count in invited.body["roles"].items())
        return Step("select", (f"everyone is invited, and nobody is drawn ({told})",))
    if not now.committed:
        return nothing_yet()
    listed, eligible = now.committed["listed"], now.committed["eligible"]
    did = [
        f"{listed} cases listed, {eligible} of them eligible; sealed as {now.committed['commitment'][:16]}…"
    ]
    papers = tuple(dict.fromkeys(
        "/".join(one["path"].split("/")[:3])  # a page, or the folder of those who hold it
        for body in (now.committed, now.drawn) if body
        for one in body["papers"] if not one["path"].endswith(".pdf")
    ))  # fmt: skip
    if not now.drawn:
        rule = now.committed["seed_rule"]
        waits = f'the seed ({rule}): hand over the commitment, then `reviewcore select --seed "..."`'
        return Step("select", tuple(did), (waits,), papers)
    by_stratum = ", ".join(f"{name} {count}" for name, count in now.by_stratum.items())
    did.append(f"{len(now.selected)} cases drawn, each of another worker: {by_stratum}")
    if now.committed["per_worker"] != 1:
        did[-1] = f"{len(now.selected)} cases drawn: {by_stratum}"
    if "groups" in now.drawn:
        asked = sum(len(one["members"]) for one in now.drawn["groups"])
        did.append(f"{asked} people drawn for {len(now.drawn['groups'])} focus groups")
    return Step("select", (*did, *_replaced(now)), _waits(now), papers)


def _replaced(now: SelectionState) -> tuple[str, ...]:
    """Return how eliminations stand, and how each group responded."""
    from reviewcore.selection.replacing import rates

    replaced = now.eliminations.replaced
    if not replaced or not now.committed or not now.drawn:
        return ()
    out, into = sum(len(body["out"]) for body in replaced), sum(len(body["in"]) for body in replaced)
    lines = [f"{out} eliminated since, {into} came in for them"]
    for name, one in rates(now.committed, now.drawn, replaced).items():
        rate = "none could respond" if one.rate is None else f"{float(one.rate):.0%} responded"
        short = f"; {one.shortfall} short, for want of cases" if one.shortfall else ""
        lines.append(f"{name}: {one.approached} approached, {one.standing} stand, {rate}{short}")
    return tuple(lines)


def _waits(now: SelectionState) -> tuple[str, ...]:
    asked, signed = len(now.eliminations.asked), len(now.eliminations.waiting)
    waits = []
    if asked:
        waits.append(
            f"{asked} eliminations to be countersigned by somebody else: `reviewcore select --countersign CASE`"
        )
    if signed and now.committed:
        rule = now.committed["seed_rule"]
        waits.append(f'new dice ({rule}) for {signed} eliminated cases: `reviewcore select --seed "..."`')
    return tuple(waits)


def notification(records: Records, counts: DraftCounts | None = None) -> Step:
    """Return how the letters stand; after drafting, also what its `counts` tell somebody to look at."""
    from reviewcore.notification.stage import preview, state

    now, pending = state(records.log), preview(records.log)
    if not now.letters:
        return Step("notify", waits=("letters to be written: `reviewcore notify`",))
    did = [
        f"{one.key}: {one.drafted} written, {one.approved} handed over"
        + (f", {one.confirmed} confirmed" if one.confirmed else "")
        for one in now.counts()
    ]
    if again := sum(one.moves is not None for one in now.letters.values()):
        did.append(
            f"{again} letters tell what has changed since or is called off; the outbox says instead of which letters, "
            "and those are not to be sent any more"
        )
    mend = tuple(_remarks(counts)) if counts else ()
    told, waits = _sent(now)
    did += told
    if not pending:
        look = ("papers/letters/to-send", "papers/letters/outbox.xlsx")
        return Step("notify", tuple(did), waits, look, mend)
    letters, copies = sum(one.letters for one in pending), sum(one.copies for one in pending)
    with_copy = f", {copies} with a copy to the supervisor" if copies else ""
    waits = (f"a look at {letters} letters{with_copy}, then `reviewcore notify --approve`", *waits)
    return Step("notify", tuple(did), waits, ("papers/letters/drafts", "papers/letters/outbox.xlsx"), mend)


def _remarks(counts: DraftCounts) -> Iterator[str]:
    if counts.nobody:
        yield f"nobody on the lists gets {', '.join(counts.nobody)}"
    if counts.fallback:
        yield f"{counts.fallback} letters are not in their reader's language, since they are not written in it"
    if counts.over:
        yield f"{', '.join(counts.over)}: not written to some, since what it invites them to is over"


def _sent(now: LettersState) -> tuple[list[str], tuple[str, ...]]:
    """Return how the sending stands, once there was any: what was done, and what somebody must settle."""
    from reviewcore.notification.deliveries import standing
    from reviewcore.notification.outgoing import slots

    if not now.deliveries:
        return [], ()
    by: dict[str, list[str]] = {"sent": [], "waiting": [], "refused": [], "uncertain": []}
    for letter in now.handed_over():
        if whom := slots(letter):
            by[standing(whom, now.deliveries.get(letter.id, {}))].append(letter.id)
    did = [f"{len(by['sent'])} sent, {len(by['waiting'])} not sent yet"]
    waits = []
    if refused := by["refused"]:
        said = [f"{one} ({_codes(now, one)})" for one in refused]
        waits.append(
            f"{len(refused)} letters that the server refused: {_some(said)}. Correct the address in the letter and "
            "send it by hand, then `reviewcore notify --sent ID`; or `--unsent ID`, to have it sent again as it is"
        )
    if uncertain := by["uncertain"]:
        waits.append(
            f"{len(uncertain)} letters of which nobody knows whether they left: {_some(uncertain)}. Look in the mail "
            "server's log for the Message-ID, which begins with the letter's id, or ask whom it goes to; then "
            "`reviewcore notify --sent ID`, or `--unsent ID` to have it sent"
        )
    return did, tuple(waits)


def _codes(now: LettersState, letter: str) -> str:
    """Return whose delivery was refused, and with which code."""
    refused = {slot: one for slot, one in now.deliveries[letter].items() if one.standing == "refused"}
    return ", ".join(f"copy: {one.code}" if slot == "copy" else one.code for slot, one in refused.items())


def _some(words: list[str]) -> str:
    """Name the first twenty, and say how many more there are."""
    return ", ".join(words[:20]) + (f" and {len(words) - 20} more" if len(words) > 20 else "")


def to_send(now: LettersState, box: Outbox) -> Step:
    """Return what would be sent now, by kind, and what would not."""
    kinds: dict[str, int] = {}
    for one in box.ready:
        kinds[now.letters[one.letter].key] = kinds.get(now.letters[one.letter].key, 0) + 1
    did = [f"{key}: {count} to be sent" for key, count in kinds.items()] or ["nothing to be sent"]
    return Step("notify", (*did, *_held(box)), (), ("papers/letters/to-send",))


def sent(records: Records, box: Outbox) -> Step:
    """Return how the letters stand after some were sent, with those that stayed and why."""
    from attrs import evolve

    step = notification(records)
    return evolve(step, did=(*step.did, *_held(box)))


def _held(box: Outbox) -> list[str]:
    """Return which letters stay today, and why."""
    did = []
    if box.early:
        first = min(leave for _, leave in box.early)
        did.append(f"{len(box.early)} letters leave later, the first of them on {first}")
    if box.missing:
        did.append(
            f"{len(box.missing)} letters are not in papers/letters/to-send any more: {_some(list(box.missing))}. "
            "Whoever sent them by hand records it: `reviewcore notify --sent ID`"
        )
    if box.changed:
        did.append(f"{len(box.changed)} letters are not as approved any more: {_some(list(box.changed))}")
    if box.replaced:
        did.append(
            f"{len(box.replaced)} letters stay, since a later one tells the time or place as it is now: "
            f"{_some(list(box.replaced))}"
        )
    if box.answered:
        did.append(f"{len(box.answered)} reminders stay, since their recipients have answered meanwhile")
    return did


def interview(records: Records) -> Step:
    """Return how the interviews stand."""
    from reviewcore.interview.naming import ADVICE, said
    from reviewcore.interview.stage import state

    now = state(records.log)
    if not now.sessions and not now.gatherings:
        return Step("interview", waits=("the schedule: `reviewcore interview`",))
    did = []
    if now.sessions:
        days = sorted({one["day"] for one in now.sessions})
        if planned := sum(len(one.get("appointments", ())) for one in now.sessions):
            last = max(one["until"] for one in now.sessions)
            did.append(f"{len(now.sessions)} case reviews by {len(now.teams)} teams, {days[0]} to {last}")
            seen = [held for body in now.answered.values() for held in body.get("interviews", {}).values()]
            held = sum(one["held"] for one in seen)
            did.append(f"{planned} interviews planned, {held} held, {len(seen) - held} not held")
        else:
            did.append(f"{len(now.sessions)} interviews by {len(now.teams)} teams, {days[0]} to {days[-1]}")
    if now.gatherings:
        did.append("; ".join(f"{one['title']}: {one['day']}, {one['start']}" for one in now.gatherings))
    tool = "completed tool" if now.sessions else "record of the session"
    did.append(f"{_counted(len(now.answered), tool)} taken in")
    named = {token: body["named"] for token, body in now.answered.items() if body.get("named")}
    mend: tuple[str, ...] = ()
    if named:
        did.append(f"{_counted(len(named), tool)} with sentences that seem to name somebody")
        mend = (*(said(token, one) for token, one in named.items()), ADVICE)
    missing = len(now.missing)
    look = (*(["papers/schedule/schedule.xlsx"] if now.sessions else []), "papers/sessions")
    if not missing:
        return Step("interview", tuple(did), (), look, mend)
    if now.sessions:
        waits = (
            f"{_counted(missing, tool)}: put the workbooks into `returned`, then `reviewcore run` "
            "(or close the list as it stands with `reviewcore aggregate`)"
        )
    else:
        waits = f"{_counted(missing, tool)}: put the workbook into `returned`, then `reviewcore run`"
    return Step("interview", tuple(did), (waits,), look, mend)


def _counted(number: int, what: str) -> str:
    """Say how many there are of a thing; its first noun takes the plural.

    >>> _counted(1, "completed tool"), _counted(0, "record of the session")
    ('1 completed tool', '0 records of the session')
    """
    noun, of, rest = what.partition(" of ")
    return f"{number} {noun}{'' if number == 1 else 's'}{of}{rest}"


def coding(records: Records, book: tuple[Code, ...], coders: int) -> Step:
    """Return how the coding of the notes stands."""
    from reviewcore.coding.stage import lines
    from reviewcore.coding.values import coded

    missing = max(coders - len(coded(records.log).marks), 0)
    waits = (f"{_counted(missing, 'coding sheet')}: put them into `returned/coding`, then `reviewcore code`",)
    return Step(
        "code", lines(records.log, book), waits if missing else (), ("papers/coding",) if coders else ()
    )


def aggregation(records: Records) -> Step:
    """Return how the tables stand."""
    from reviewcore.aggregation.state import state

    now = state(records.log)
    if not now.frozen_at:
        what = "the tables" if records.log.last("selection.everyone") else "the answers to be closed"
        return Step("aggregate", waits=(f"{what}: `reviewcore aggregate`",))
    did = [f"answers closed with {_counted(len(now.tokens), 'completed tool')}"]
    if records.log.last("selection.everyone"):
        heard = "and the record of the session" if now.tokens else "before the session was held"
        did = [f"tables made of the extracts {heard}"]
    did += [f"tables protected for the {audience}" for audience in now.published]
    return Step("aggregate", tuple(did))


def report(records: Records) -> Step:
    """Return how the report stands."""
    from reviewcore.report.stage import state

    published = state(records.log)
    if not published:
        return Step("report", waits=("the documents: `reviewcore report`",))
    did = tuple(
        f"{one.audience}, publication {one.number}: {len(one.files)} files, scanned for every name on the lists"
        for one in published
    )
    look = tuple(f"publications/{one.audience}/{one.number}" for one in published)
    return Step("report", did, (), look)
