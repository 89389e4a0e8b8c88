"""The schema for editors and the strict reader: what one refuses, and what the other does."""

from __future__ import annotations

import re
import subprocess
import sysconfig
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from attrs import field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from sample_settings import GOOD, Settings

from reviewcore.errors import BadInput
from reviewcore.plugins import BUNDLED, load
from reviewcore.profile.read import read, type_name
from reviewcore.profile.schema import rules_of, schema
from reviewcore.profile.words import words_of
from reviewcore.reviewtype import MilestoneKind, ReviewType, Source
from reviewcore.start import new_review, schema_text
from tests.cli.command_line import say

PROFILES = Path(__file__).parents[2] / "profiles"
VISITS = ReviewType(
    "visits",
    "Visit review",
    Settings,
    (Source("cases", ()),),
    (MilestoneKind("orientation", "the orientation"),),
)

DECLARED = {
    "A time zone has a name of the tz database, as in America/Los_Angeles.": "unknown time zone ",
    "The event does not end before it begins.": "must not be before event_start",
    "A day ends after it starts.": "must be after day_start",
    "A meeting ends after it starts.": "must be after the start",
    "Each of the two programs is named once.": "name child-welfare and probation once each",
    "A program has one of the tools that are written for it.": "for (child-welfare|probation) use one of ",
    "The smallest team is not above the largest, and has room for its peers.": "must not be above (largest|smallest)",
    "Nothing goes unencrypted, except to a relay on this very machine.": "'none' is for a relay",
    "A user name has one secret, and a secret has a user name.": (
        "(missing; .* belongs to a user name|say where its secret is|.* is given already; keep one)"
    ),
    "At least one format is named, and each once.": "name (at least one format|each format once)",
    "The event has a working day: a weekday that is no holiday.": "there is no working day from ",
    "No meeting is on a holiday.": ".* is one of calendar.holidays",
    "The most is not below the quota.": "must not be below quota",
    "Refuse a range that is none.": "must not be below minimum",
}
"""Every rule that is declared to join settings, and how the reader begins to say that it is broken."""


# -- an oracle: JSON Schema as TOML's own types have it, and not as Python's do --------------------------

KINDS: dict[str, Any] = {
    "string": lambda value: type(value) is str,
    "integer": lambda value: type(value) is int,
    "number": lambda value: type(value) is int or (type(value) is float and abs(value) < float("inf")),
    "boolean": lambda value: type(value) is bool,
    "array": lambda value: type(value) is list,
    "object": lambda value: type(value) is dict,
}
TIMES: dict[str, Any] = {
    "date": lambda value: type(value) is date,
    "partial-time": lambda value: type(value) is time,
    "date-time": lambda value: type(value) is datetime and value.tzinfo,
    "date-time-local": lambda value: type(value) is datetime and not value.tzinfo,
}


def _type(_: Any, kind: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    fits = TIMES[schema["format"]] if "format" in schema else KINDS[kind]
    if not fits(value):
        yield ValidationError(f"{value!r} is no {schema.get('format', kind)}")


def _pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    if type(value) is str and not re.search(pattern.replace("$", r"\Z"), value):  # as in ECMAScript
        yield ValidationError(f"{value!r} is not like {pattern}")


Oracle: Any = extend(Draft202012Validator, {"type": _type, "pattern": _pattern})


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where a profile is written that is then read."""
    return tmp_path_factory.mktemp("schema") / "review.toml"


def said(kind: ReviewType, values: dict[str, Any], place: Path) -> list[str]:
    """Return what the strict reader says of a profile, each without its place."""
    place.write_text(tomli_w.dumps(values), encoding="utf-8")
    try:
        if type_name(place) != kind.name:
            return ["of another type"]
        read(place, kind.settings, kind.milestones, kind.sources)
    except BadInput as error:
        return [problem.what for problem in error.problems]
    return []


# -- profiles that differ from a good one ---------------------------------------------------------------

TEXTS = st.sampled_from(
    ["", " ", "____", "a ____", "x", "alder-2027", "Alder", "a@b.c", "a@b", "-a", "a\n", "Pacific"]
)
DATES = st.dates(date(2027, 4, 20), date(2027, 5, 31))
TIMES_OF_DAY = st.sampled_from([time(8), time(9, 30), time(17)])
AT_NOON = datetime(2027, 5, 3, 12, tzinfo=UTC)
MOMENTS = st.sampled_from([AT_NOON, AT_NOON.replace(tzinfo=None)])
PLAIN = st.one_of(
    TEXTS, st.integers(-2, 70), st.sampled_from([1.0, 0.5, float("inf")]), st.booleans(), DATES, TIMES_OF_DAY, MOMENTS
)  # fmt: skip
COMPARED = st.builds(
    lambda op, value: {"field": "f", op: value},
    st.sampled_from(["is", "is_not", "in", "not_in", "at_least", "known", "like"]),
    PLAIN | st.lists(PLAIN, max_size=2),
)
CONDITIONS = st.recursive(
    COMPARED,
    lambda inner: st.builds(lambda key, of: {key: of}, st.sampled_from(["all", "any"]), st.lists(inner, max_size=2))
    | st.builds(lambda part: {"not": part}, inner),
    max_leaves=3,
)  # fmt: skip
ANYTHING = st.one_of(
    PLAIN, st.lists(PLAIN, max_size=3), st.dictionaries(st.sampled_from("ab"), PLAIN, max_size=2), CONDITIONS
)  # fmt: skip
BY_FORMAT = {"date": DATES, "partial-time": TIMES_OF_DAY, "date-time": MOMENTS, "date-time-local": MOMENTS}


def fitting(made: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values of about the kind that a part of the schema asks for."""
    if "format" in made:
        return BY_FORMAT[made["format"]]
    if "enum" in made or "const" in made:
        return st.sampled_from(made.get("enum") or [made["const"]])
    if made.get("type") == "array":
        return st.lists(fitting(made["items"]), max_size=3)
    if made.get("type") == "object":
        inner = made.get("additionalProperties")
        return st.dictionaries(st.sampled_from("ab"), fitting(inner), max_size=2) if inner else st.just({})
    kinds = {
        "string": TEXTS,
        "integer": st.integers(0, 70),
        "boolean": st.booleans(),
        "number": st.floats(0, 1),
    }
    return kinds.get(made.get("type", ""), CONDITIONS | MOMENTS)


def parts(
    made: dict[str, Any], path: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Yield every setting that a schema knows, and its own schema."""
    for key, inner in made.get("properties", {}).items():
        yield (*path, key), inner
        yield from parts(inner, (*path, key))
        if inner.get("type") == "array":
            yield from parts(inner["items"], (*path, key, 0))


@st.composite
def changed(draw: st.DrawFn, good: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Return a good profile in which one to three settings were changed, taken away or added."""
    values = deepcopy(good)
    known = list(parts(made))
    for _ in range(draw(st.integers(1, 3))):
        path, inner = draw(st.sampled_from(known))
        table: Any = values
        for step in path[:-1]:
            if isinstance(table, list):
                table = table[step] if step < len(table) else None
            elif isinstance(table, dict):
                table = table.setdefault(step, {})
        if not isinstance(table, dict):
            continue
        act = draw(st.sampled_from(["fit", "fit", "any", "drop", "add"]))
        if act == "drop":
            table.pop(path[-1], None)
        else:
            table[path[-1] + "x" * (act == "add")] = draw(fitting(inner) if act == "fit" else ANYTHING)
    return values


ALDER = tomllib.loads((PROFILES / "pqcr-alder.toml").read_text(encoding="utf-8"))
PQCR = load("pqcr").review_type()


def agree(kind: ReviewType, made: dict[str, Any], values: dict[str, Any], place: Path) -> None:
    """See that schema and reader say the same of a profile, but for the rules that are the reader's."""
    found = said(kind, values, place)
    undeclared = [one for one in found if not any(re.match(begin, one) for begin in DECLARED.values())]
    # what is written and read again, so that both see the same values
    wrong = [
        error.message for error in Oracle(made).iter_errors(tomllib.loads(place.read_text(encoding="utf-8")))
    ]
    if wrong:
        assert found, f"an editor would refuse what is right: {wrong}"
    else:
        assert undeclared == [], "an editor would accept this"


@settings(max_examples=250)
@given(st.data())
def test_schema_and_reader_agree_on_a_peer_review(place: Path, data: st.DataObject) -> None:
    """If this fails, an editor marks what is right, or is silent on what `check` will refuse."""
    made = schema(PQCR, {})
    agree(PQCR, made, data.draw(changed(ALDER, made)), place)


@settings(max_examples=250)
@given(st.data())
def test_schema_and_reader_agree_on_settings_of_every_kind(place: Path, data: st.DataObject) -> None:
    """If this fails, the schema is wrong for a kind of setting that other review types have."""
    made = schema(VISITS, {})
    programs = [{"name": "a", "minimum": 5}]
    good = tomllib.loads(GOOD) | {
        "review": {"method": "simple", "programs": programs, "eligible": {"field": "f", "is": 1}}
    }
    agree(VISITS, made, data.draw(changed(good, made)), place)


@pytest.mark.parametrize(
    ("part", "keyword"),
    [("rooms", "minimum"), ("rooms", "type"), ("id", "pattern"), ("languages", "uniqueItems")],
)
def test_a_schema_that_forgets_a_rule_would_be_found(part: str, keyword: str, place: Path) -> None:
    """If this fails, the searches above pass whatever the schema says."""
    made = deepcopy(schema(PQCR, {}))
    del made["properties"][part][keyword]
    wrong = {"minimum": 0, "type": "six", "pattern": "Alder", "uniqueItems": ["en", "en"]}[keyword]
    with pytest.raises(AssertionError, match="an editor would accept this"):
        agree(PQCR, made, {**ALDER, part: wrong}, place)


def test_a_schema_that_asks_too_much_would_be_found(place: Path) -> None:
    """If this fails, the searches above pass where an editor marks what is right."""
    made = deepcopy(schema(PQCR, {}))
    made["properties"]["rooms"]["maximum"] = 5
    with pytest.raises(AssertionError, match="an editor would refuse what is right"):
        agree(PQCR, made, ALDER, place)


def test_the_good_ones_are_good_to_both(place: Path) -> None:
    """If this fails, the searches above begin from a profile that is refused anyway, and find nothing."""
    for name in ("pqcr-alder", "pqcr-birch"):
        values = tomllib.loads((PROFILES / f"{name}.toml").read_text(encoding="utf-8"))
        assert (said(PQCR, values, place), list(Oracle(schema(PQCR, {})).iter_errors(values))) == ([], [])
    visits = tomllib.loads(GOOD)
    assert (said(VISITS, visits, place), list(Oracle(schema(VISITS, {})).iter_errors(visits))) == ([], [])
    Draft202012Validator.check_schema(schema(PQCR, {}))
    Draft202012Validator.check_schema(schema(VISITS, {}))


def test_every_rule_that_is_the_readers_own_is_declared() -> None:
    """If this fails, the page on the profile is silent on a rule that no editor can check."""
    assert {*rules_of(PQCR), *rules_of(VISITS)} == set(DECLARED)


def test_a_rule_that_says_nothing_is_found() -> None:
    """If this fails, a review type can have a rule of which nobody reads."""

    @frozen
    class Silent:
        quota: int = field(default=1)

        @quota.validator
        def _even(self, _: object, value: int) -> None:
            if value % 2:
                raise ValueError("must be even")

    with pytest.raises(RuntimeError, match="_even: say the rule in the first line of its docstring"):
        rules_of(ReviewType("silent", "Silent", Silent, ()))


# -- what is committed ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BUNDLED)
def test_the_committed_schema_is_the_one_that_the_classes_give(name: str) -> None:
    """If this fails, editors check by yesterday's settings: reviewcore types --schema NAME."""
    committed = (PROFILES / "schema" / f"{name}.json").read_text(encoding="utf-8")
    assert committed == schema_text(load(name).review_type()) == say("types", "--schema", name).out


@pytest.mark.parametrize("name", BUNDLED)
def test_every_setting_is_described(name: str) -> None:
    """If this fails, a county meets a setting of which its profile says nothing: comment it in profiles/NAME.toml."""
    silent = [".".join(map(str, path)) for path, one in parts(schema(load(name).review_type(), words(name)))
              if not one.get("description")]  # fmt: skip
    assert silent == []


def words(name: str) -> Any:
    """Return what the shipped profile of a type says of its settings."""
    return words_of((PROFILES / f"{name}.toml").read_text(encoding="utf-8"))


def test_a_setting_without_words_would_be_found() -> None:
    """If this fails, the check above passes whatever the profile says."""
    silent = {path for path, one in parts(schema(PQCR, {})) if "description" not in one}
    assert ("review", "interview_minutes") in silent
    assert ("calendar",) not in silent  # its class says what it is


def leaves(values: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield every value of a document, and where it stands."""
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, (*path, key))
        elif not isinstance(value, list) or not value or not isinstance(value[0], dict):
            yield (*path, key), value


@pytest.mark.parametrize("name", BUNDLED)
def test_each_default_in_a_comment_is_the_default(name: str) -> None:
    """If this fails, the profile says that something holds without a setting, and something else does."""
    line = re.compile(r"^(?:# ?)?(\[{1,2}[\w.]+\]{1,2})|^# ?(\w+ = .*)", re.M)
    text = (PROFILES / f"{name}.toml").read_text(encoding="utf-8")
    hidden = tomllib.loads("\n".join(heading or said for heading, said in line.findall(text)))
    told = dict(parts(schema(load(name).review_type(), {})))
    shown = {
        path: value
        for path, value in leaves(hidden)
        if path[-1] not in ("k", "rules", "control_total", "port")
    }
    assert len(shown) > 10
    assert {path: told[path].get("default", {}) for path in shown} == shown


def test_a_profile_names_the_schema_of_its_type() -> None:
    """If this fails, an editor checks a profile by nothing, or by another type's settings."""
    for path in PROFILES.glob("*.toml"):
        first = path.read_text(encoding="utf-8").split("\n")[0]
        assert first == f"#:schema ./schema/{type_name(path)}.json", path.name
        assert (PROFILES / first.removeprefix("#:schema ./")).is_file()


def test_a_new_review_has_its_schema_beside_it(tmp_path: Path) -> None:
    """If this fails, a county's editor looks for a schema that is not there."""
    for name in ("pqcr", "pqcr-alder"):
        new_review(tmp_path / name, name)
        first, rest = (tmp_path / name / "review.toml").read_text(encoding="utf-8").split("\n", 1)
        assert first == "#:schema ./review.schema.json"
        assert "#:schema" not in rest
        assert (tmp_path / name / "review.schema.json").read_text(encoding="utf-8") == schema_text(PQCR)


# -- a real editor's checker ------------------------------------------------------------------------------

GOOD_CHANGES = {"as it is": ("", ""), "k is raised": ("[review]\n", "[audiences.agency]\nk = 7\n[review]\n")}
BAD_CHANGES = {
    "a missing setting": ('county = "Alder"\n', ""),
    "a missing table": ('[review.union]\nlocal = "Local 0000"\n', ""),
    "an unknown setting": ("rooms = 6", "roms = 6"),
    "an unknown table": ("[review]\n", "[reviews]\nx = 1\n[review]\n"),
    "an unknown setting deep within": ('local = "Local 0000"', 'local = "Local 0000"\nlocale = "x"'),
    "an unknown list": ("[lists.cases]", '[lists.clients]\nfile = "x.csv"\n[lists.cases]'),
    "a missing meeting": ("[meetings.planning]", "[meetings.plan]"),
    "text for a number": ("rooms = 6", 'rooms = "6"'),
    "a fraction for a whole number": ("rooms = 6", "rooms = 6.0"),
    "text for true or false": ("contracted = false", 'contracted = "false"'),
    "text for a date": ("event_start = 2027-05-10", 'event_start = "2027-05-10"'),
    "a date for text": ('title = "Alder County Peer Quality Case Review 2027"', "title = 2027-05-10"),
    "text for a time": ("day_start = 08:30:00", 'day_start = "08:30:00"'),
    "a date with a time for a date": ("event_start = 2027-05-10", "event_start = 2027-05-10T00:00:00"),
    "a word that is none of the choices": ('tool = "going-home"', 'tool = "homeward"'),
    "a number below the least": ("rooms = 6", "rooms = 0"),
    "a number above the most": ("largest = 4", "largest = 5"),
    "a floor that is lowered": ("[review]\n", "[audiences.state]\nk = 10\n[review]\n"),
    "a rule set below the floor": ("[review]\n", '[audiences.state]\nrules = "k5"\n[review]\n'),
    "an id with capitals": ('id = "alder-2027"', 'id = "Alder-2027"'),
    "an address that is none": ("peer.review@alder.example", "peer.review at alder"),
    "a blank": ('place = "Main hall, 100 Example Way"', 'place = "____"'),
    "nothing but spaces": ('local = "Local 0000"', 'local = "  "'),
    "an empty list": ('languages = ["en"]', "languages = []"),
    "the same twice": ('languages = ["en"]', 'languages = ["en", "en"]'),
    "a list of the wrong kind": ('languages = ["en"]', "languages = [1]"),
    "another review type": ('type = "pqcr"', 'type = "visits"'),
    "a newer format": ("profile = 1", "profile = 2"),
}  # fmt: skip


def lint(path: Path) -> subprocess.CompletedProcess[str]:
    """Check a profile by its own first line, as an editor does."""
    tombi = Path(sysconfig.get_path("scripts")) / "tombi"
    return subprocess.run(
        [tombi, "lint", "--offline", path.name], cwd=path.parent, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("change", [*GOOD_CHANGES, *BAD_CHANGES])
def test_an_editor_tells_the_good_from_the_bad(change: str, tmp_path: Path) -> None:
    """If this fails, an editor is silent on this mistake, or calls a right profile wrong."""
    new_review(tmp_path / "new", "pqcr-alder")
    path = tmp_path / "new" / "review.toml"
    old, new = {**GOOD_CHANGES, **BAD_CHANGES}[change]
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = lint(path)
    assert done.returncode == (change in BAD_CHANGES), done.stdout + done.stderr
    assert bool(said(PQCR, tomllib.loads(path.read_text(encoding="utf-8")), tmp_path / "x.toml")) == (
        change in BAD_CHANGES
    )


def test_an_editor_marks_every_blank_of_a_new_profile(tmp_path: Path) -> None:
    """If this fails, a county cannot see in its editor what is still to be filled in."""
    new_review(tmp_path / "new", "pqcr")
    path = tmp_path / "new" / "review.toml"
    blanks = [
        number
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if '= "____"' in line
    ]
    words = re.sub(r"\x1b\[[0-9;]*m", "", "".join((done := lint(path)).stdout + done.stderr))
    assert {int(number) for number in re.findall(r"review\.toml:(\d+):", words)} == set(blanks)
