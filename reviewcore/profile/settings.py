"""The settings that every review has, whatever its type. A type adds its own under `[review]`.

All are frozen attrs classes. Nobody prints or compares them, so they have neither repr nor equality, whose
making would slow every start; for the same reason their types are not put off into text. A check that
fails raises ValueError with what would be right, and `read` turns it into a problem with file and line.
What a setting is, the comments of the shipped profiles say; one that they need not show says it in its
metadata, under "words".
"""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Literal, TypeAlias

from attrs import Factory, field, frozen

from reviewcore.profile.lists import List
from reviewcore.profile.rules import Rule, at_least, between, filled, matches

FORMAT = 1
"""The format of profiles that this version writes, and the newest that it reads."""


_identifier = matches(
    r"[a-z0-9][a-z0-9.-]*", "use small letters, digits, dots and hyphens, as in 'alder-2027'"
)


def _address(value: str) -> None:
    filled.check(value)
    if not re.fullmatch(_ADDRESS, value):
        raise ValueError("must be an e-mail address, as in 'reviews@county.example'")


_ADDRESS = r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+"
_email = Rule(_address, {"pattern": f"^{_ADDRESS}$"})
_email_or_none = Rule(lambda value: _address(value) if value else None, {"pattern": f"^({_ADDRESS})?$"})


def _zone(_: object, __: object, value: str) -> None:
    """A time zone has a name of the tz database, as in America/Los_Angeles."""
    import tzdata

    # The time zones themselves are only loaded where a time is reckoned.
    if value in Path(tzdata.__file__).with_name("zones").read_text(encoding="utf-8").split():
        return
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # 'Pacific' is a folder of zones
        raise ValueError(f"unknown time zone '{value}'; use a name such as 'America/Los_Angeles'") from None


@frozen(repr=False, eq=False)
class Agency:
    """Who reviews: the county's agency, whom to ask, and which of its names are public.

    `county` is written as in the people list: whoever has another county there is a peer.
    """

    id: str = field(validator=_identifier)
    name: str = field(validator=filled)
    county: str = field(validator=filled)
    address: str = field(validator=filled)
    contact: str = field(validator=filled)
    contact_email: str = field(validator=_email)
    contact_phone: str = field(validator=filled)
    signed_by: str = field(validator=filled)
    signed_title: str = field(validator=filled)
    public_names: tuple[str, ...] = ()


@frozen(repr=False, eq=False)
class Safety:
    """The person who is told at once of a concern for somebody's safety, and of pressure or reprisal (ALL-2)."""

    name: str = field(validator=filled)
    phone: str = field(validator=filled)
    email: str = field(validator=_email)


@frozen(repr=False, eq=False)
class Meeting:
    """A meeting of the review, or its event week's daily hours."""

    date: date
    start: time
    end: time = field()
    place: str = field(validator=filled)

    @end.validator
    def _after_start(self, _: object, value: time) -> None:
        """A meeting ends after it starts."""
        if value <= self.start:
            raise ValueError(f"must be after the start, {self.start:%H:%M}")


@frozen(repr=False, eq=False)
class Calendar:
    """When the review is held. The report's days run from the event's last day."""

    time_zone: str = field(validator=_zone)
    event_start: date
    event_end: date = field()
    day_start: time
    day_end: time = field()
    report_due_days: int = field(default=60, validator=at_least(1))
    holidays: tuple[date, ...] = ()

    @event_end.validator
    def _not_before(self, _: object, value: date) -> None:
        """The event does not end before it begins."""
        if value < self.event_start:
            raise ValueError(f"must not be before event_start, {self.event_start}")

    @day_end.validator
    def _later(self, _: object, value: time) -> None:
        """A day ends after it starts."""
        if value <= self.day_start:
            raise ValueError(f"must be after day_start, {self.day_start:%H:%M}")

    def days(self) -> tuple[date, ...]:
        """Return the event's working days: its weekdays that are not holidays."""
        span = (self.event_end - self.event_start).days + 1
        every = (self.event_start + timedelta(days=n) for n in range(span))
        return tuple(day for day in every if day.weekday() < 5 and day not in self.holidays)

    def report_due(self) -> date:
        """Return the day on which the report is due."""
        return self.event_end + timedelta(days=self.report_due_days)


FLOORS: Mapping[str, int] = {"team": 3, "agency": 5, "state": 11, "public": 11}
"""The smallest k of each audience. A profile can raise it, never lower it."""

RULE_SETS: Mapping[str, int] = {"k5": 5, "calhhs-11": 11, "cms-11": 11}


@frozen(repr=False, eq=False)
class AudienceRules:
    """Under which rules an audience is published to: a ready-made rule set, or k itself."""

    publish: bool = True
    rules: Literal["k5", "calhhs-11", "cms-11"] | None = None
    k: int | None = field(default=None, validator=at_least(3))


def _floor(name: str) -> Rule:
    """Return a check that an audience's rules do not go below its floor."""
    floor = FLOORS[name]
    enough = [one for one, k in RULE_SETS.items() if k >= floor]

    def check(rules: AudienceRules) -> None:
        if rules.k is not None and rules.k < floor:
            raise ValueError(
                f"k must be at least {floor} (got {rules.k}): a floor can be raised, never lowered"
            )
        if rules.rules and rules.rules not in enough:
            known = ", ".join(f"'{one}'" for one in enough)
            raise ValueError(f"rules '{rules.rules}' is below this audience's floor of {floor}; use {known}")

    return Rule(check, {"properties": {"k": {"minimum": floor}, "rules": {"enum": enough}}})


@frozen(repr=False, eq=False)
class Audiences:
    """Who is published to. Without a word an audience has its floor; `team` gets no publication."""

    team: AudienceRules = field(factory=lambda: AudienceRules(publish=False), validator=_floor("team"))
    agency: AudienceRules = field(factory=AudienceRules, validator=_floor("agency"))
    state: AudienceRules = field(factory=AudienceRules, validator=_floor("state"))
    public: AudienceRules = field(factory=lambda: AudienceRules(publish=False), validator=_floor("public"))

    def k(self, audience: str) -> int:
        """Return the smallest count of persons that may be shown to an audience."""
        rules: AudienceRules = getattr(self, audience)
        return max(FLOORS[audience], rules.k or 0, RULE_SETS[rules.rules] if rules.rules else 0)

    def published(self) -> tuple[str, ...]:
        """Return the audiences that are published to, the widest-knowing first."""
        return tuple(name for name in FLOORS if getattr(self, name).publish)


Trait: TypeAlias = Literal[
    "residence", "service", "population", "enrolled", "members", "age", "race", "ethnicity", "language", "sex"
]
"""What a field is, as the CalHHS guideline scores it."""


@frozen(repr=False, eq=False)
class ScoredField:
    """A field as the CalHHS guideline scores it: by a number, the smallest that it has, or by name."""

    is_a: Trait = field(metadata={"words": "what the field is, as the guideline scores it"})
    smallest: int | None = field(
        default=None,
        validator=at_least(0),
        metadata={
            "words": "how many people the smallest group has in the state, or the place; of age, years"
        },
    )
    group: str = field(default="", metadata={"words": "which, where it is scored by name"})


@frozen(repr=False, eq=False)
class Score:
    """What the CalHHS guideline asks, so that `check` can say how it scores each table: advice, and no more."""

    population: int = field(validator=at_least(1), metadata={"words": "how many people live in the county"})
    time: Literal["month", "quarter", "half year", "year", "2 to 4 years", "5 years"] = field(
        default="year", metadata={"words": "the time that the results are about"}
    )
    enrolled: int | None = field(
        default=None,
        validator=at_least(1),
        metadata={"words": "of a program for people with low income: its members in the state"},
    )
    fields: Mapping[str, ScoredField] = field(
        factory=dict, metadata={"words": "the fields by which results are split, where more is known of them"}
    )


@frozen(repr=False, eq=False)
class Store:
    """Where the agency's ledger lies, seen from the review's folder."""

    ledger: str = "../ledger.db"


_SECRETS = ("password_file", "password_command", "token_file", "token_command")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@frozen(repr=False, eq=False)
class Sending:
    """How letters are sent. Without a host, or another transport in `by`, they are sent by hand.

    No secret stands here: a password or an OAuth 2 token is read from a file, or is the first line that a
    command prints. `sender` is the address that the server lets this account write from; without it the
    agency's `contact_email`. Both timeouts are in seconds, `answer_timeout` that for a server's word that it
    has taken a letter: ten minutes, since RFC 5321 lets it take so long. 0 in `per_minute` is no limit.
    """

    by: str = field(default="smtp", validator=_identifier)
    host: str = ""
    port: int | None = field(default=None, validator=at_least(1))
    tls: Literal["starttls", "tls", "none"] = field(default="starttls")
    ca_file: str = ""
    username: str = ""
    password_file: str = ""
    password_command: tuple[str, ...] = ()
    token_file: str = ""
    token_command: tuple[str, ...] = ()
    sender: str = field(default="", validator=_email_or_none)
    reply_to: str = field(default="", validator=_email_or_none)
    timeout: int = field(default=60, validator=at_least(1))
    answer_timeout: int = field(default=600, validator=at_least(1))
    connections: int = field(default=3, validator=at_least(1))
    per_connection: int = field(default=100, validator=at_least(1))
    per_minute: int = field(default=0, validator=at_least(0))
    options: Mapping[str, str] = Factory(dict)

    @tls.validator
    def _encrypted(self, _: object, value: str) -> None:
        """Nothing goes unencrypted, except to a relay on this very machine."""
        if value == "none" and self.host not in _LOOPBACK:
            raise ValueError(
                "'none' is for a relay on this very machine (host = \"localhost\") alone; use 'starttls' or 'tls'"
            )

    def __attrs_post_init__(self) -> None:
        """A user name has one secret, and a secret has a user name."""
        given = [name for name in _SECRETS if getattr(self, name)]
        if len(given) > 1:
            raise ValueError(f"{given[1]}: {given[0]} is given already; keep one")
        if given and not self.username:
            raise ValueError(f"username: missing; {given[0]} belongs to a user name")
        if self.username and not given:
            raise ValueError(f"username: say where its secret is, with one of {', '.join(_SECRETS)}")

    @property
    def by_hand(self) -> bool:
        """Whether the profile names no way to send, so that a person sends the letters."""
        return self.by == "smtp" and not self.host


@frozen(repr=False, eq=False)
class Tables:
    """How tables are made and protected.

    Protecting them may take so many `minutes`; when they are over, nothing is published. With `weighted`, shares are
    also told as estimates for all cases of the list, each drawn case counted by its chance.
    """

    minutes: int = field(
        default=60,
        validator=at_least(1),
        metadata={"words": "how many minutes it may take to protect the tables; then nothing is published"},
    )
    weighted: bool = field(
        default=False,
        metadata={
            "words": "whether shares are also estimated for all cases of the list, where that tells of nobody"
        },
    )


@frozen(repr=False, eq=False)
class Themes:
    """How themes are found: by so many people who read the notes, apart; with 0, by the teams on their tools."""

    coders: int = field(
        default=0,
        validator=between(0, 2),
        metadata={"words": "how many people code the notes for themes, each apart; 0: the teams mark them"},
    )


Replacements: TypeAlias = Literal["next number", "new dice"]
"""What brings in the case that replaces one: its number in the draw, which is known, or dice for each batch."""

Format: TypeAlias = Literal["html", "docx", "xlsx", "pdf", "json", "pptx", "csv"]


def _formats(_: object, __: object, value: tuple[Format, ...]) -> None:
    """At least one format is named, and each once."""
    if not value:
        raise ValueError('name at least one format, as in ["html"], or leave this out for the usual five')
    if len(set(value)) < len(value):
        raise ValueError("name each format once")


@frozen(repr=False, eq=False)
class Profile:
    """Everything a review depends on. `settings` is the review type's own class, read from `[review]`."""

    profile: int
    id: str = field(validator=_identifier)
    type: str
    title: str = field(validator=filled)
    agency: Agency
    safety: Safety
    calendar: Calendar
    meetings: Mapping[str, Meeting]
    lists: Mapping[str, List]
    settings: Any
    seed_rule: str = "dice 24"
    replacements: Replacements = "next number"
    rooms: int = field(default=20, validator=at_least(1))
    audiences: Audiences = Factory(Audiences)
    score: Score | None = None
    languages: tuple[str, ...] = ("en",)
    formats: tuple[Format, ...] = field(default=("html", "docx", "xlsx", "pdf", "json"), validator=_formats)
    plugins: tuple[str, ...] = ()
    trusted: tuple[str, ...] = ()
    store: Store = Factory(Store)
    sending: Sending = Factory(Sending)
    themes: Themes = Factory(Themes)
    tables: Tables = Factory(Tables)
