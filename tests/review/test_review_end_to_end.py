"""Both example counties, from their lists to their reports, looked at with nothing of the engine's own."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import whole_review as whole
from python_calamine import CalamineWorkbook

from reviewcore import Review

TOOL = Path(__file__).resolve().parents[2] / "plugins/reviewcore_pqcr/instruments/interview.toml"
K = {"agency": 5, "state": 11}
STAGES = ("select", "notify", "interview", "aggregate", "report")


def settings(review: Review) -> Mapping[str, Any]:
    """Return the profile as the county wrote it."""
    return tomllib.loads((review.folder / "review.toml").read_text(encoding="utf-8"))


# -- the whole ----------------------------------------------------------------------------------------


def test_all_five_stages_happen(done: Review) -> None:
    """If this fails, a county that follows the steps ends without one of the parts of its review."""
    status = done.status()
    assert tuple(step.stage for step in status.stages) == STAGES
    assert all(step.did and not step.waits for step in status.stages)
    for step in status.stages:
        assert all((done.folder / path).exists() for path in step.look), step.stage


def test_every_promise_is_kept_and_verified(done: Review) -> None:
    """If this fails, the review cannot show those who took part that it kept its word."""
    assert {promise.key: promise.standing for promise in done.status().promises} == dict.fromkeys(
        ("sealed", "cap", "told", "supervisor", "aggregate", "on time"), "kept"
    )
    verified = done.verify()
    assert verified.wrong == ()
    assert len(verified.checked) >= 9


def test_weighted_shares_stand_beside_the_plain_ones_and_are_written_nowhere(done: Review) -> None:
    """If this fails, rates are off where practice falls with caseload and nobody can see by how much (section 2)."""
    before = {path: path.stat().st_mtime_ns for path in done.folder.rglob("*") if path.is_file()}
    found = done.estimates()
    assert before == {path: path.stat().st_mtime_ns for path in done.folder.rglob("*") if path.is_file()}
    assert found
    for shares in found.values():
        (cases,) = {one.cases for one in shares.values()}
        if cases:
            assert abs(sum(one.weighted or 0.0 for one in shares.values()) - 1) < 1e-9
            assert abs(sum(one.plain or 0.0 for one in shares.values()) - 1) < 1e-9
    assert any(
        abs((one.weighted or 0.0) - (one.plain or 0.0)) > 1e-4
        for shares in found.values()
        for one in shares.values()
    )


def test_the_report_is_due_sixty_days_after_the_week(alder: Review) -> None:
    """PQCR-11: if this fails, the county plans for, and tells the union, the wrong last day."""
    last = settings(alder)["calendar"]["event_end"]
    assert ("the report is due", (last + timedelta(days=60)).isoformat()) in alder.status().due


# -- the draw -----------------------------------------------------------------------------------------


def sha(text: str) -> str:
    """Return the SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def can_be_filled(room: Mapping[str, int], cases: Sequence[Mapping[str, str]], used: set[str]) -> bool:
    """Return whether the quotas left can be filled by cases of different workers: a matching, place by place."""
    supply: dict[str, set[str]] = {name: set() for name in room}
    for one in cases:
        if one["worker"] not in used:
            supply[one["stratum"]].add(one["worker"])
    places = [name for name, left in room.items() for _ in range(left)]
    holds: dict[str, int] = {}

    def find(place: int, tried: set[str]) -> bool:
        for worker in sorted(supply[places[place]] - tried):
            tried.add(worker)
            if worker not in holds or find(holds[worker], tried):
                holds[worker] = place
                return True
        return False

    return all(find(place, set()) for place in range(len(places)))


def drawn_again(committed: Mapping[str, Any], seed_lines: Sequence[str]) -> list[str]:
    """Return the cases that rule T draws, worked out the slow way from the sealed list and the dice."""
    seed = sha("\n".join(["casedraw/1/seed", committed["commitment"], *seed_lines]))
    key = sha(f"casedraw/1/ticket\n{seed}")
    leaf = {
        one["case"]: sha(
            f"\0casedraw/1/leaf\n{one['case']}\n{one['worker']}\n{one['unit']}\n{one['stratum']}"
        )
        for one in committed["rows"]
    }
    order = sorted(committed["rows"], key=lambda one: (sha(key + leaf[one["case"]]), leaf[one["case"]]))
    room, used, taken = dict(committed["quotas"]), set[str](), []
    for place, one in enumerate(order):
        if not room[one["stratum"]] or one["worker"] in used:
            continue
        left = {**room, one["stratum"]: room[one["stratum"]] - 1}
        if can_be_filled(left, order[place + 1 :], used | {one["worker"]}):
            room, used = left, used | {one["worker"]}
            taken.append(one["case"])
    return taken


def test_the_draw_is_the_one_that_the_dice_give(done: Review) -> None:
    """If this fails, a witness who works the draw out by hand finds other cases than the county did."""
    committed, drawn = whole.body(done, "selection.committed"), whole.body(done, "selection.drawn")
    again = drawn_again(committed, drawn["seed_lines"])
    assert again == [one["case"] for one in drawn["selected"]]
    assert Counter(one["stratum"] for one in drawn["selected"]) == committed["quotas"]


def test_the_slow_draw_looks_at_the_dice_and_at_what_is_left() -> None:
    """If this fails, the comparison above would pass for a draw by the order of the list."""
    rows = [
        {"case": f"c{n}", "worker": worker, "unit": "", "stratum": stratum}
        for n, (worker, stratum) in enumerate([("a", "x"), ("a", "y"), ("b", "x")])
    ]
    committed = {"commitment": "0", "quotas": {"x": 1, "y": 1}, "rows": rows}
    for dice in range(20):  # only a has a case in y, so b must give the one in x
        assert sorted(drawn_again(committed, [f"dice {dice}"])) == ["c1", "c2"]
    committed = {**committed, "quotas": {"x": 1, "y": 0}}
    assert len({tuple(drawn_again(committed, [f"dice {dice}"])) for dice in range(20)}) == 2


def test_no_worker_has_more_than_one_case(done: Review) -> None:
    """PQCR-4: if this fails, a worker was drawn twice, whatever the engine's own promise says."""
    cases = whole.cases_by_pseudonym(done)
    drawn = [cases[one["case"]] for one in whole.body(done, "selection.drawn")["selected"]]
    assert max(Counter(row["worker_id"] for row in drawn).values()) == 1
    families = Counter(row["family_id"] for row in drawn if row["family_id"])
    assert max(families.values()) == 1
    assert {row["focus"] for row in drawn} == {"yes"}
    quota = {one["name"]: one["quota"] for one in settings(done)["review"]["programs"]}
    assert Counter(row["program"] for row in drawn) == quota


# -- the letters --------------------------------------------------------------------------------------


def test_the_union_is_invited_to_four_meetings(done: Review) -> None:
    """PQCR-9: if this fails, the union hears of a meeting too late, or not at all."""
    union = {
        pseudonym: row
        for pseudonym, row in whole.people_by_pseudonym(done).items()
        if "union representative" in row["roles"]
    }
    sent = [(told, mail) for told, mail in whole.mails(done).values() if told["key"] == "union"]
    assert Counter(told["to"] for told, _ in sent) == dict.fromkeys(union, 1)
    meetings = settings(done)["meetings"]
    for told, mail in sent:
        assert union[told["to"]]["email"] in mail["To"]
        invitations = whole.calendars(mail)
        assert len(invitations) == 4
        for key in ("planning", "orientation", "pre_briefing", "reflections"):
            day = f"{meetings[key]['date']:%Y%m%d}"
            assert sum(f"T{meetings[key]['start']:%H%M}" in one and day in one for one in invitations) == 1, (
                key
            )


def test_every_selected_worker_is_told_of_their_own_case_only(done: Review) -> None:
    """PQCR-3: if this fails, a worker is not told, or is told of a colleague's case."""
    people, cases = whole.people_by_pseudonym(done), whole.cases_by_pseudonym(done)
    own = {
        one["worker"]: cases[one["case"]]["case_id"]
        for one in whole.body(done, "selection.drawn")["selected"]
    }
    listed = {row["case_id"] for row in cases.values()}
    sent = whole.mails(done).values()
    for key in ("worker", "appointment"):
        assert Counter(told["to"] for told, _ in sent if told["key"] == key) == dict.fromkeys(own, 1), key
    for told, mail in sent:
        text = f"{mail['Subject']}\n{whole.words(mail)}\n{''.join(whole.calendars(mail))}"
        mine = {own[told["to"]]} if told["key"] in ("worker", "appointment") else set()
        assert {case for case in listed if case in text} == mine, told["id"]
        assert people[told["to"]]["email"] in mail["To"], told["id"]
        assert f"Dear {people[told['to']]['name']}," in text, told["id"]


def test_the_appointment_is_the_one_of_the_schedule(done: Review) -> None:
    """If this fails, a worker comes at an hour at which nobody waits for them."""
    sessions = {one["worker"]: one for one in whole.body(done, "interview.scheduled")["sessions"]}
    for told, mail in whole.mails(done).values():
        if told["key"] == "appointment":
            one = sessions[told["to"]]
            day, (invitation,) = date.fromisoformat(one["day"]), whole.calendars(mail)
            assert f"{day:%B} {day.day}, {day.year}" in whole.words(mail)
            assert f"{day:%Y%m%d}T{one['start'].replace(':', '')}00" in invitation


def test_every_supervisor_of_a_selected_worker_is_told(done: Review) -> None:
    """QSR-8: if this fails, a unit loses a worker's hours without its supervisor knowing."""
    people = whole.people_by_pseudonym(done)
    workers = [people[one["worker"]] for one in whole.body(done, "selection.drawn")["selected"]]
    wanted = {row["supervisor_id"] for row in workers if row["supervisor_id"]}
    told = {
        people[one["to"]]["person_id"] for one, _ in whole.mails(done).values() if one["key"] == "supervisor"
    }
    assert told == wanted


def test_every_letter_says_whom_to_tell(done: Review) -> None:
    """ALL-1, ALL-2: if this fails, someone under pressure, or worried for a child, has nobody to turn to."""
    safety, contact = settings(done)["safety"], settings(done)["agency"]["contact"]
    sent = whole.mails(done)
    assert len(sent) == len(list((done.folder / "papers/letters/to-send").glob("*.eml"))) > 20
    for name, (_, mail) in sent.items():
        text = whole.words(mail)
        for wanted in (safety["name"], safety["phone"], safety["email"], contact):
            assert wanted in text, name
        assert "safety" in text, name


# -- the schedule -------------------------------------------------------------------------------------


def test_the_week_can_be_held(done: Review) -> None:
    """PQCR-5: if this fails, a team has no peer, or somebody must be in two places at once."""
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(
        "the_checker", Path(__file__).parents[1] / "properties/schedule_checker.py"
    )
    assert spec is not None
    assert spec.loader is not None
    checker = module_from_spec(spec)
    spec.loader.exec_module(checker)

    profile, scheduled = settings(done), whole.body(done, "interview.scheduled")
    listed = whole.people_by_pseudonym(done)
    by_id = {row["person_id"]: pseudonym for pseudonym, row in listed.items()}
    people = {
        pseudonym: {
            "county": row["county"], "unit": row["unit"], "supervisor": by_id.get(row["supervisor_id"], "")
        }
        for pseudonym, row in listed.items()
    }  # fmt: skip
    teams = {one["team"]: one["members"] for one in scheduled["teams"]}
    wanted, host, calendar = profile["review"]["teams"], profile["agency"]["county"], profile["calendar"]
    assert len(teams) == wanted["number"]
    assert 2 <= wanted["smallest"] <= wanted["largest"] <= 4
    assert checker.wrong_teams(teams, people, host, smallest=2, largest=4, peers=1) == []
    length = (calendar["event_end"] - calendar["event_start"]).days + 1
    days = [calendar["event_start"] + timedelta(days=n) for n in range(length)]
    assert (
        checker.wrong_times(
            scheduled["sessions"], teams, people, host,
            tokens={one["token"] for one in scheduled["sessions"]}, days=days,
            opens=f"{calendar['day_start']:%H:%M}", closes=f"{calendar['day_end']:%H:%M}", minutes=60,
            rooms=profile["rooms"],
        )
        == []
    )  # fmt: skip
    drawn = {one["case"]: one["worker"] for one in whole.body(done, "selection.drawn")["selected"]}
    assert {one["case"]: one["worker"] for one in scheduled["sessions"]} == drawn
    assert len({one["token"] for one in scheduled["sessions"]}) == len(drawn)


# -- the figures --------------------------------------------------------------------------------------


def by_hand(folder: Path) -> dict[str, dict[str, str]]:
    """Return what stands in each returned workbook: by session, each question's entry, "" where none."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((folder / "returned").glob("*.xlsx")):
        book = CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_name("Tool").to_python(skip_empty_area=False)
        width = max(map(len, sheet))
        head = next(n for n, row in enumerate(sheet) if "Answer" in row)
        answer = sheet[head].index("Answer")
        assert width > answer
        keys = [row for row in sheet[head + 1 :] if str(row[0]).strip()]
        found[path.stem] = {str(row[0]): str(row[answer]).strip() for row in keys}
    return found


def acceptable() -> dict[str, set[str]]:
    """Return which codes of each rated question count as acceptable, as the tool's file says."""
    tool = tomllib.loads(TOOL.read_text(encoding="utf-8"))
    scales = {one["key"]: set(one["acceptable"]) for one in tool["scales"]}
    return {
        item["key"]: scales[item["scale"]]
        for section in tool["sections"]
        for item in section["items"]
        if item.get("kind", "scale") == "scale"
    }


def counted(done: Review) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any], list[str]]]:
    """Yield every row of every published rating: the audience, its table, the row, the codes given there."""
    program = {
        one["token"]: whole.cases_by_pseudonym(done)[one["case"]]["program"]
        for one in whole.body(done, "interview.scheduled")["sessions"]
    }
    sheets = by_hand(done.folder)
    for path in sorted((done.folder / "publications").glob("*/*/report.json")):
        published = json.loads(path.read_text(encoding="utf-8"))
        for table in published["tables"]:
            if table["key"] == "sample":
                continue
            for row in table["rows"]:
                codes = [
                    sheet[item].split()[0].rstrip(".:")
                    for token, sheet in sheets.items()
                    if row["key"] in ("all", program[token])
                    and sheet.get(item := table["key"].split("/")[0], "")
                ]
                yield published["audience"], table, row, codes


def how_many(done: Review) -> Counter[str]:
    """Return how many cases were reviewed, in all and of each program."""
    cases = whole.cases_by_pseudonym(done)
    programs = [cases[one["case"]]["program"] for one in whole.body(done, "interview.scheduled")["sessions"]]
    return Counter({"all": len(programs), **Counter(programs)})


def test_the_figures_are_those_of_the_workbooks(done: Review) -> None:
    """If this fails, a county publishes figures that nobody gave."""
    good, checked, reviewed = acceptable(), Counter[str](), how_many(done)
    for audience, table, row, codes in counted(done):
        good_ones = sum(code in good[table["key"].split("/")[0]] for code in codes)
        for column, cell in zip(table["columns"], row["cells"], strict=True):
            what = (audience, table["key"], row["key"], column["key"])
            if cell["value"] is None:
                continue
            checked[column["key"]] += 1
            if column["key"] == "rated":
                assert cell["value"] == len(codes), what
            elif column["key"] == "acceptable":
                assert cell["value"] == good_ones, what
            elif column["key"] == "not-acceptable":
                assert cell["value"] == len(codes) - good_ones, what
            elif column["key"] == "band":
                told = row["cells"][0]["value"] is not None
                known = len(codes) if told else asked(done, audience, table["key"], row["key"])
                assert band_holds(cell["value"], good_ones, len(codes), known, K[audience]), what
            else:
                assert cell["value"] == sum(code == column["key"] for code in codes), what
    for path in (done.folder / "publications").glob("*/*/report.json"):
        (sample,) = (one for one in json.loads(path.read_text())["tables"] if one["key"] == "sample")
        shown = {row["key"]: row["cells"][0]["value"] for row in sample["rows"]}
        assert all(value in (None, reviewed[key]) for key, value in shown.items())
        assert shown["all"] == reviewed["all"]
    wanted = 60 if done.profile.id == "alder-2027" else 1
    assert checked["rated"] + checked["band"] >= wanted, checked


def asked(done: Review, audience: str, table: str, row: str) -> int:
    """Return of how many cases a rating was asked, as the certificate tells it, or else how many were reviewed."""
    held = json.loads((done.folder / f"publications/{audience}/1/certificate.json").read_bytes())
    sizes = {one["name"].removeprefix("sizes|"): one["value"] for one in held["parts"]["sizes"]["numbers"]}
    split = "" if row == "all" else "program"
    size = sizes.get(f"asked interview.{table.split('/')[0]} {split}|{row}") or sizes[f"{split}|{row}"]
    assert isinstance(size, int)
    return size


def band_holds(band: str, good: int, rated: int, known: int, k: int) -> bool:
    """Return whether a band is true of so many acceptable among those rated.

    Its edges follow from what the reader knows: how many were rated, or only of how many it was asked.
    """
    edge, half = max(k, known // 4), (known + 1) // 2
    few, most = good <= edge, rated - good <= edge
    return {
        "few": few, "some": not few and not most, "most": most, "fewer than half": good < half,
        "half or more": good >= half or rated - good <= known - half,
    }[band]  # fmt: skip


def test_no_small_count_is_published(done: Review) -> None:
    """disclosure.md 1: if this fails, a figure from 1 to k-1 is out, and one person can be found in it."""
    for path in sorted((done.folder / "publications").glob("*/*/report.json")):
        published = json.loads(path.read_text(encoding="utf-8"))
        k = K[published["audience"]]
        for table in published["tables"]:
            for row in table["rows"]:
                for cell in row["cells"]:
                    if cell.get("kind") == "count":
                        assert not 1 <= cell["value"] < k, (published["audience"], table["key"], row["key"])
                values = {
                    column["key"]: cell for column, cell in zip(table["columns"], row["cells"], strict=True)
                }
                if "band" in values and values["band"]["value"] is not None:
                    assert values["rated"]["value"] is None or values["rated"]["value"] >= 2 * k


def test_themes_are_those_of_the_workbooks(done: Review) -> None:
    """disclosure.md 1: if this fails, a theme is told that fewer than k people stand behind."""
    sheets = by_hand(done.folder)
    for path in sorted((done.folder / "publications").glob("*/*/report.json")):
        published = json.loads(path.read_text(encoding="utf-8"))
        k = K[published["audience"]]
        for one in published["themes"]:
            for theme in one["themes"]:
                row = f"{one['key']}-themes/{theme['key']}"
                raised = sum(sheet.get(row, "").casefold() in ("yes", "x") for sheet in sheets.values())
                assert raised >= 2, (published["audience"], row)
                assert 2 * raised >= k, (published["audience"], row)  # a worker, and perhaps a supervisor
