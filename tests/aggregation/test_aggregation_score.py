"""The CalHHS guideline's score: the totals that it prints itself, its points, and that it shows nobody more."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from reviewcore.aggregation.plan import AggregationPlan, Crosstab, Measure, Schema, Tally
from reviewcore.aggregation.rungs import Planned
from reviewcore.aggregation.score import advice, guideline, of_field, problems, scored
from reviewcore.aggregation.values import Month, Tallied
from reviewcore.interview.plan import Code, Instrument, Item, Scale, Section
from reviewcore.language import Field
from reviewcore.profile.settings import Score, ScoredField
from tests.real_input import shared
from tests.review import small_county

SMALL = 1  # a count below 11
WIC, CALFRESH, HSP = 1_000_000, 5_500_000, 13_000
CALIFORNIA = 39_000_000
ORACLES = {
    "county-level events, population < 4,000": (3_900, 0, 0),
    "county-level events, population 10,000": (10_000, 0, 0),
    "county-level events, population 30,000": (30_000, 0, 0),
    "statewide, means-tested WIC (1 million) incl. +1 interaction": (CALIFORNIA, WIC, 0),
    "statewide, CalFresh (5.5 million)": (CALIFORNIA, CALFRESH, 0),
    "statewide, CalWORKs HSP (13,000)": (CALIFORNIA, HSP, 0),
    "county population < 4,000, WIC": (3_900, WIC, 0),
    "county population < 4,000, CalWORKs HSP": (3_900, HSP, 0),
    "health plan 10,000 members, WIC": (0, WIC, 10_000),
    "health plan 150,000 members, WIC": (0, WIC, 150_000),
}
"""The worked examples of the guideline: who lives there, who is in the programme, who is in the health plan."""


def domain() -> dict[str, object]:
    """Return the guideline as it was copied out, apart from ours."""
    return tomllib.loads((shared().parent / "domain" / "ddg_tables.toml").read_text(encoding="utf-8"))


def test_the_totals_that_the_guideline_prints_are_reached() -> None:
    """If this fails, a county hears another score than the guideline's own examples have."""
    for oracle in domain()["oracle"]:
        population, enrolled, members = ORACLES[oracle["desc"]]
        parts = [("enrolled", of_field(ScoredField("enrolled", enrolled)))] if enrolled else []
        if members:  # the plan's members stand where a place would
            parts.append(("residence", of_field(ScoredField("members", members))))
        found = scored(SMALL, "year", population, parts)
        assert sum(one.points for one in found) == oracle["score"], (oracle["desc"], found)


def _from(key: str) -> int | str:
    """Return where a row of the guideline begins: ">29" at 30, "11-29" at 11, "<=4000" at 0; or its name."""
    number = re.search(r"\d+", key)
    if not number or not re.fullmatch(r"[<>=]*\d+(-\d+)?", key):
        return key
    if key.startswith("<"):
        return 0
    return int(number.group()) + (key.startswith(">") and not key.startswith(">="))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("events", "events"), ("groups", "other_variable_by_groups"), ("residence", "residence_geography_population"),
        ("service", "service_geography_population"), ("population", "population_trait"),
        ("enrolled", "means_tested_enrollment"), ("members", "insurance_coverage_members"), ("age", "age_range_years"),
    ],
)  # fmt: skip
def test_every_row_of_points_is_the_guidelines(ours: str, theirs: str) -> None:
    """If this fails, a number was copied wrongly, and a table is scored by points that nobody gives."""
    rows = (guideline() | guideline()["fields"])[ours]["rows"]
    mine = {row["least"]: row["points"] for row in rows if "least" in row}
    their = {_from(key): points for key, points in domain()[theirs].items()}
    their = {0 if one == 1 else one: points for one, points in their.items() if isinstance(one, int)}
    assert mine == their
    assert [row["points"] for row in rows if "name" in row] == [
        points for key, points in domain()[theirs].items() if isinstance(_from(key), str)
    ]


def test_points_by_name_are_the_guidelines() -> None:
    """If this fails, time or a trait that is scored by name has other points than the guideline gives."""
    theirs, points = domain(), guideline()
    named = {
        what: [row["points"] for row in points["fields"][what]["rows"]]
        for what in ("race", "ethnicity", "language")
    }
    assert sorted(row["points"] for row in points["time"]["rows"]) == sorted(theirs["time"].values())
    assert named["race"] == list(theirs["race_grouped"].values())
    assert named["ethnicity"] == list(theirs["ethnicity_hispanic_yes_no"].values())
    assert named["language"] == list(theirs["language_en_es_other"].values())
    sex = {row["points"] for row in points["fields"]["sex"]["rows"]}
    assert sex == set(theirs["sex_gender"].values())
    assert points["most"] == theirs["release_without_masking_max_score"]
    apart = {row["least"]: row["points"] for row in points["alone"]["rows"]}
    assert apart == {5: -5, 3: -3, 0: 0}
    assert [row["points"] for row in points["parted"]["rows"]] == [
        theirs["interactions"][key] for key in ("1 var", "2 vars", "3 vars")
    ]


GOOD = Scale("good", (Code("no", "No"), Code("yes", "Yes")), acceptable=("yes",))
TOOL = Instrument("tool", "Tool", "1", "team", (Section("One", (Item("q", "Q", scale="good"),)),), (GOOD,))
CASES = AggregationPlan((Measure("q", "Q", "tool", "q", ("setting",)),))
FIELDS = Schema((Field("setting", "choice", choices=("home", "away")),), (TOOL,))


def told(score: Score, planned: Planned, ks: dict[str, int]) -> list[str]:
    """Return the advice for a review of cases, without its last line, which says what the points mean."""
    *lines, last = advice(score, CASES, FIELDS, planned, (), ks)
    assert "from 13 on" in last
    assert "at any score" in last
    return lines


def test_each_audience_hears_the_score_of_the_tables_that_it_sees() -> None:
    """If this fails, a coordinator is told of tables that the audience never sees, or not of those that it does."""
    lines = told(
        Score(163_000), Planned(60, {"setting": {"home": 30, "away": 30}}), {"agency": 5, "state": 11}
    )
    assert lines[1] == (
        "agency, tables by setting: CalHHS score 12, by its score it could go out as it is (smallest count below 11 "
        "+7; place of residence, up to 250,000 people +1; setting: fewer than 5 groups +3; one field besides time and "
        "place +1)"
    )
    over = ("tables over all cases", "tables by setting")
    assert [line.partition(":")[0] for line in lines] == [
        f"{who}, {what}" for who in ("agency", "state") for what in over
    ]
    few = told(Score(163_000), Planned(20, {"setting": {"home": 10, "away": 10}}), {"agency": 5, "state": 11})
    assert [line.partition(":")[0] for line in few] == ["agency, tables over all cases"]


def test_what_the_profile_says_of_a_field_is_scored() -> None:
    """If this fails, a place is scored beside the county it lies in, or a rare trait as if nothing were known of it."""
    planned = Planned(60, {"setting": {"home": 30, "away": 30}})
    rare = Score(163_000, fields={"setting": ScoredField("population", 9_000)})
    assert "CalHHS score 16, its small counts must be withheld" in told(rare, planned, {"agency": 5})[1]
    place = Score(163_000, fields={"setting": ScoredField("residence", 9_000)})
    line = told(place, planned, {"agency": 5})[1]
    assert "CalHHS score 12" in line
    assert "250,000" not in line
    assert "besides" not in line


def test_an_extract_is_scored_by_its_own_smallest_count_and_month() -> None:
    """If this fails, a county hears of an extract's tables what holds of others, or of a year's figures."""
    tally = Tally(
        "t",
        "T",
        "e",
        ("served",),
        (Crosstab("by clinic", "Served by clinic", "clinic", ("served",)),),
        period="month",
    )
    by = (Field("clinic", "choice", choices=("a", "b")),)
    month = Month("2027-03", "", {("a",): (240,), ("b",): (15,)}, {})
    score = Score(30_000, enrolled=WIC)
    line, _ = advice(
        score,
        AggregationPlan((), tallies=(tally,)),
        Schema((), ()),
        Planned(0, {}),
        (Tallied(tally, by, (month,), 0),),
        {"public": 11},
    )
    assert (
        "Served by clinic: CalHHS score 21" in line
    )  # 5 of 15, 5 a month, 4 the county, 3 clinics, 2 WIC, 2 fields
    assert "smallest count from 11 to 99 +5; one month +5" in line


def test_words_about_fields_that_cannot_be_scored_are_told() -> None:
    """If this fails, a slip in the profile is scored as something else, and nobody hears of it."""
    fields = {
        "seting": ScoredField("population", 9_000),
        "setting": ScoredField("race", 9_000),
    }
    said = [str(one) for one in problems(Score(163_000, fields=fields), CASES)]
    assert said[0].startswith("review.toml: score.fields.seting: no result is split by it")
    assert said[1].endswith("give group, one of 'large groups', 'small groups too'")
    wrong = Score(1, fields={"setting": ScoredField("race", group="other")})
    assert "expected one of 'large groups'" in str(*problems(wrong, CASES))
    assert "give smallest" in str(*problems(Score(1, fields={"setting": ScoredField("age")}), CASES))


def test_no_score_shows_anybody_more(tmp_path: Path) -> None:
    """If this fails, a score that a profile was given is a way below the floor."""
    small_county.begin(tmp_path)
    profile = tmp_path / "review" / "review.toml"
    text = profile.read_text(encoding="utf-8")
    head, _, tail = text.partition("[score]")
    bare = head + tail[tail.index("[review]") :]
    found = {}
    for name, written in (
        ("high", text), ("none", bare),
        ("low", bare.replace("[review]", '[score]\npopulation = 30000000\ntime = "5 years"\n\n[review]', 1)),
    ):  # fmt: skip
        profile.write_text(written, encoding="utf-8")
        review = small_county.opened(tmp_path)
        check = [line for line in review.check().did if "CalHHS" not in line]
        found[name] = (
            check,
            {one: review.profile.audiences.k(one) for one in ("team", "agency", "state", "public")},
        )
        scores = [line for line in review.check().did if "CalHHS score" in line]
        assert bool(scores) == (name != "none")
        if name == "low":
            assert all("-" in line for line in scores)
    assert found["high"] == found["none"] == found["low"]
    shutil.rmtree(tmp_path / "review")
