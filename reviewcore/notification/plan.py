"""What a review type is shown of the people and dates, and what it answers: the letters and their wording."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from attrs import Factory, frozen

from reviewcore.selection.plan import Count

Stage: TypeAlias = Literal["planning", "draw", "schedule"]


@frozen
class Role:
    """A role that people of the review have, with how many hold it, as exact as a plugin may know."""

    name: str
    count: Count
    languages: tuple[str, ...] = ()


@frozen
class Milestone:
    """A date of the review: a meeting, the event week, a date due. Times are in the profile's time zone."""

    key: str
    words: str
    starts: datetime
    ends: datetime
    place: str = ""


@frozen
class DaysFrom:
    """So many days before (negative) or after a milestone."""

    milestone: str
    days: int = 0


@frozen
class Wording:
    """The text of one letter in one language: a sandboxed template that can only fill declared blanks.

    `body` is plain text: paragraphs parted by an empty line, and lists of lines that begin with "- ".
    `blanks` names every blank that subject and body use; `requirements` the ids that the text meets.
    """

    key: str
    language: str
    subject: str
    body: str
    blanks: tuple[str, ...]
    requirements: tuple[str, ...] = ()


@frozen
class Reminder:
    """A letter to those who have not answered another, so many days before they were to have done so.

    `key` is its own, and also that of its wording where `wording` names no other; it fills the same blanks
    as the letter. It goes at most once to each, without invitations and without a copy.
    """

    key: str
    days_before: int = 3
    wording: str = ""


@frozen
class Letter:
    """One kind of letter.

    `to` is a role of the people list, or one of the roles that the review itself gives:
    "selected worker", "supervisor of a selected worker", "reviewer", "key person" of a selected case, and
    "drawn for KEY", the members of the focus group with that key. A key person gets one letter for all their
    interviews, in the language for which they have an interpreter, and it has the blanks case_id, role and
    interpreter; their supervisor is never copied (QSR-3). `after` is the stage that must be
    done before it can be written. `invites` names the milestones for which an invitation (.ics) goes
    with it; "interview" is the recipient's own session. `copy_supervisor` sends the recipient's
    supervisor a copy, and the wording must say so. `printed` also makes a document to sign.
    `wording` is the key of its wording, where letters share one; else its own. `meeting` is the milestone
    of which the blanks meeting_when and meeting_where tell, and `values` fills blanks of this letter alone.
    `reminder` is for a letter with a reply-by date.
    """

    key: str
    to: str
    after: Stage = "planning"
    leave: DaysFrom | None = None
    reply_by: DaysFrom | None = None
    invites: tuple[str, ...] = ()
    copy_supervisor: bool = False
    printed: bool = False
    wording: str = ""
    meeting: str = ""
    values: Mapping[str, str] = Factory(dict)
    reminder: Reminder | None = None

    def said_in(self) -> str:
        """Return the key of the letter's wording."""
        return self.wording or self.key


@frozen
class NotificationPlan:
    """All letters with their wordings. `values` fills the blanks that come from the review's own settings."""

    letters: tuple[Letter, ...]
    wordings: tuple[Wording, ...]
    values: Mapping[str, str] = Factory(dict)
