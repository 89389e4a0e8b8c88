"""The stage of letters: drafts, the look at them, approval; each at most once, whatever is killed and repeated.

A letter is drafted under `papers/letters/drafts/` and stays there to be looked at; correct a list or the
profile, draft again, and it is written afresh. Approved, it is moved to `papers/letters/to-send/`, once,
and is never written again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from attrs import frozen

from reviewcore.errors import BadInput, Problem, Refused
from reviewcore.notification.compose import Composer, moment, wrong_address
from reviewcore.notification.given import milestones, roles
from reviewcore.notification.mergelist import xlsx
from reviewcore.notification.moved import Moving, called_off, moved
from reviewcore.notification.plan import Letter, Milestone, NotificationPlan, Role
from reviewcore.notification.recipients import Known, People, Recipient, recipients, tells_of_session
from reviewcore.notification.reminders import reminders
from reviewcore.notification.replies import read_replies, record, reply
from reviewcore.notification.state import DRAFTS, TO_SEND, Drafted, LettersState, preview, state
from reviewcore.notification.wording import problems
from reviewcore.profile.settings import Profile
from reviewcore.selection.plan import Count
from reviewcore.store import points
from reviewcore.store.files import digest
from reviewcore.store.records import Records
from reviewcore.store.vault import Vault

__all__ = [
    "DraftCounts", "approve", "draft", "milestones", "preview", "read_replies", "record", "reply", "roles", "state",
]  # fmt: skip

_OURS = re.compile(r"\.?[0-9]{4,}-[a-z0-9_-]+\.(eml|ics|docx)(\.part)?")
OUTBOX = "letters/outbox.xlsx"


@frozen
class DraftCounts:
    """What one run of `draft` did.

    `fallback` letters are in the first language because there is no wording in the recipient's own;
    `nobody` lists the letters that nobody on the people list gets, `waiting` those whose stage is to come,
    and `over` those not written to some because all that they invite to is over.
    """

    new: int
    changed: int
    withdrawn: int
    unchanged: int
    fallback: int
    nobody: tuple[str, ...]
    waiting: tuple[str, ...]
    over: tuple[str, ...] = ()


def draft(
    records: Records,
    vault: Vault,
    profile: Profile,
    plan: NotificationPlan,
    dates: tuple[Milestone, ...],
    at: datetime,
    *,
    remind: bool = False,
) -> DraftCounts:
    """Write every letter that can be written now and is not yet approved; nothing leaves.

    `dates` are the review's milestones, `at` the time that the letters are dated with; with `remind` those
    who have not answered are reminded, where the plan has it due. A draft that would come out the same is
    left as it is; one that a correction changed is written again under its id, and one that nobody is to
    get any more, or that invites to nothing but what is over, is withdrawn. Raise BadInput with everything
    that stands against it, before anything is written.
    """
    at = at.astimezone(UTC).replace(microsecond=0)
    people, known, before = People.read(vault), Known.read(records.log), state(records.log)
    _check(plan, profile, dates, people)
    composer = Composer(profile, plan, dates, _case_ids(vault, known), records.key)
    wanted = _wanted(plan, people, known)
    today = at.astimezone(ZoneInfo(profile.calendar.time_zone)).date()
    reminded = reminders(wanted, before, today, profile.calendar.holidays, due=remind)

    earlier = {letter.identity: letter for letter in before.letters.values()}
    number, fallback, unchanged = before.last, 0, 0
    fresh: list[Drafted] = []
    current: dict[str, Drafted] = {one.id: one for one in before.handed_over()}
    files: dict[str, bytes] = {}
    asked: list[tuple[Letter, Recipient, Drafted | None, Moving | None]] = [
        *((letter, recipient, None, None) for letter, recipient in wanted),
        *((one.letter, one.recipient, one.reminds, None) for one in reminded),
        *((one.letter, one.recipient, None, one) for one in moved(wanted, before, composer.tells)),
        *(
            (one.letter, one.recipient, None, one)
            for one in called_off(wanted, _known_kinds(plan, known), before, people.by_pseudonym)
        ),
    ]
    over: dict[str, None] = {}
    for letter, recipient, reminds, moving in asked:
        identity = moving.identity if moving else (letter.key, recipient.person.pseudonym, recipient.case)
        old = earlier.get(identity)
        if old and old.id in before.approved:
            continue
        if composer.over(letter, recipient, at, moving):
            over[letter.key] = None
            continue
        fallback += composer.wording(letter, recipient.person)[1]
        made = composer.make(letter, recipient, old.id, moment(old.at), reminds, moving) if old else None
        if made and made.entry == old:
            unchanged += 1
        else:
            number += 0 if old else 1
            name = old.id if old else f"{number:04}-{moving.key if moving else letter.key}"
            made = composer.make(letter, recipient, name, at, reminds, moving)
            fresh.append(made.entry)
        files |= made.files
        current[made.entry.id] = made.entry

    withdrawn = [one.id for one in before.letters.values() if one.id not in current]
    records.write_papers(files)
    ordered = [*before.letters, *(one.id for one in fresh if one.id not in before.letters)]
    outbox = _outbox(records, [current[one] for one in ordered if one in current], people)
    _clear(records.folder / "papers" / DRAFTS, current.values())
    if fresh or withdrawn:
        body = {"letters": [one.body() for one in fresh], "withdrawn": withdrawn, "papers": [outbox]}
        records.log.append("letters.drafted", body)
    changed = sum(one.id in before.letters for one in fresh)
    gets = {letter.key for letter, _ in wanted}
    return DraftCounts(
        new=len(fresh) - changed,
        changed=changed,
        withdrawn=len(withdrawn),
        unchanged=unchanged,
        fallback=fallback,
        nobody=tuple(one.key for one in plan.letters if one.after in known.done and one.key not in gets),
        waiting=tuple(one.key for one in plan.letters if one.after not in known.done),
        over=tuple(over),
    )


def _known_kinds(plan: NotificationPlan, known: Known) -> tuple[Letter, ...]:
    return tuple(letter for letter in plan.letters if letter.after in known.done)


def _check(plan: NotificationPlan, profile: Profile, dates: tuple[Milestone, ...], people: People) -> None:
    held = {role for person in people.everyone for role in person.roles}
    # A role that nobody holds is told by the counts; here only what the plan itself gets wrong is refused.
    named = held | {letter.to for letter in plan.letters}
    wrong = problems(plan, profile.languages, [Role(name, Count(0, 0)) for name in sorted(named)], dates)
    if wrong:
        raise BadInput(Problem("the letters of this review type", text) for text in wrong)


def _case_ids(vault: Vault, known: Known) -> dict[str, str]:
    if not known.drawn:
        return {}
    ids = {one["pseudonym"]: one["case_id"] for one in vault.all("case")}
    gone = [one["place"] for one in known.drawn if one["case"] not in ids]
    if gone:
        what = "is not on it any more; put back the list that the draw was made from and read the lists again"
        raise BadInput(Problem("case list", what, f"drawn case {place}") for place in gone)
    return {one["case"]: ids[one["case"]] for one in known.drawn}


def _wanted(plan: NotificationPlan, people: People, known: Known) -> list[tuple[Letter, Recipient]]:
    """Return who is to get which letter by now, the plan's letters in order, and in each the people in order."""
    wanted: dict[tuple[str, str, str], tuple[Letter, Recipient]] = {}
    wrong: list[Problem] = []
    for letter in _known_kinds(plan, known):
        found, problems_ = recipients(letter, tells_of_session(letter, plan), people, known)
        wrong += problems_
        for recipient in found:
            wrong += wrong_address(recipient)
            wanted.setdefault((letter.key, recipient.person.pseudonym, recipient.case), (letter, recipient))
    if wrong:
        raise BadInput(dict.fromkeys(wrong))
    return list(wanted.values())


def _outbox(records: Records, letters: list[Drafted], people: People) -> dict[str, str]:
    def said(pseudonym: str | None) -> tuple[str, str]:
        if pseudonym is None:
            return "", ""
        person = people.by_pseudonym.get(pseudonym)
        return (
            (person.name, person.email or "(on paper)") if person else ("(no longer on the people list)", "")
        )

    rows = tuple(
        (
            one.id, one.key, *said(one.to), one.role, one.language, *said(one.copy), one.leave, one.reply_by or "",
            one.moves or "", ", ".join(_name(file) for file in one.files),
        )
        for one in letters
    )  # fmt: skip
    latest = max((one.at for one in letters), default="1980-01-01T00:00:00Z")
    return records.write_paper(OUTBOX, xlsx(rows, moment(latest)))


def _clear(folder: Path, letters: Iterable[Drafted]) -> None:
    """Remove drafts that no letter has any more: withdrawn ones, and what a killed run left half done."""
    kept = {_name(file) for letter in letters for file in letter.files}
    for path in sorted(folder.iterdir()) if folder.exists() else ():
        if _OURS.fullmatch(path.name) and path.name not in kept:
            points.about_to(f"removal of {path.name}")
            path.unlink()


def _name(file: Mapping[str, str]) -> str:
    return file["path"].rpartition("/")[2]


def approve(records: Records) -> int:
    """Approve every drafted letter and hand it over: move it to `papers/letters/to-send/`. Return how many.

    The approval is recorded first, and then each file is moved in one step of the file system. So a letter
    that was handed over cannot be handed over again: there is nothing left to move, even if the person who
    sends it has meanwhile taken it away. Repeated after a kill, what had not been moved is moved. Raise
    Refused where a draft was changed or taken away after it was written.
    """
    before = state(records.log)
    pending = before.pending()
    spoiled = [
        file["path"]
        for one in pending
        for file in one.files
        if not _whole(records, file["path"], file["sha256"])
    ]
    if spoiled:
        raise Refused(
            f"{', '.join(spoiled)}: changed or taken away after it was drafted. What goes out is what was drafted: "
            "draft the letters again, look at them, then approve (nothing was approved)"
        )
    if pending:
        records.log.append("letters.approved", {"ids": [one.id for one in pending]})
    _hand_over(records, state(records.log))
    return len(pending)


def _whole(records: Records, path: str, sha256: str) -> bool:
    file = records.folder / path
    return file.exists() and digest(file.read_bytes()) == sha256


def _hand_over(records: Records, now: LettersState) -> None:
    to_send = records.folder / "papers" / TO_SEND
    for letter in now.handed_over():
        for file in letter.files:
            source = records.folder / file["path"]
            if source.exists():
                to_send.mkdir(parents=True, exist_ok=True)
                points.about_to(f"hand-over of {source.name}")
                source.replace(to_send / source.name)
