"""Bad input as it comes to a county, each made for real and told by a command."""

from __future__ import annotations

import csv
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from typing import Literal, TypeAlias
from unittest import mock

import reviewcore_pqcr
import trustme

from reviewcore.store.lock import writing
from tests.cli.command_line import Said, on, process, say
from tests.interview.resaving import find, resave
from tests.mail_server import serving
from tests.review.small_county import AGENCY, REVIEW

Spoil: TypeAlias = Callable[[Path], AbstractContextManager[None] | None]
"""Makes the bad input in a county; what it returns is held while the command runs."""

Stage: TypeAlias = Literal["fresh", "sealed", "interviewing", "in-service"]
"""How far the review has come when the bad input meets it; or an in-service, of which nothing is done yet."""


class Bad:
    """One kind of bad input: how to make it, and the command that meets it."""

    def __init__(self, spoil: Spoil, meet: Callable[[Path], Said], stage: Stage) -> None:
        self.spoil, self.meet, self.stage = spoil, meet, stage


BAD: dict[str, Bad] = {}


def bad(
    name: str, *, stage: Stage = "fresh", meet: Callable[[Path], Said] = lambda root: on(root, "check")
) -> Callable[[Spoil], Spoil]:
    """Add a kind of bad input; `name` is what its row on the page begins with."""

    def add(spoil: Spoil) -> Spoil:
        BAD[name] = Bad(spoil, meet, stage)
        return spoil

    return add


Rows: TypeAlias = list[list[str]]


@contextmanager
def rows_of(root: Path, name: str) -> Iterator[Rows]:
    """Give a list's rows, headings first, to be changed."""
    path = root / "review" / name
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    yield rows
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def as_workbook(root: Path, name: str, rows: list[list[object]]) -> None:
    """Write a list as a workbook beside it, and name that one in the profile."""
    from xlsxwriter import Workbook

    path = root / "review" / name
    with Workbook(path.with_suffix(".xlsx")) as book:
        sheet = book.add_worksheet("List")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell)
    path.unlink()
    profile(root, f'file = "{name}"', f'file = "{path.stem}.xlsx"')


def profile(root: Path, old: str, new: str) -> None:
    """Change the review's profile."""
    path = root / "review" / "review.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@bad("A column is missing")
def a_column_is_missing(root: Path) -> None:
    with rows_of(root, "cases.csv") as rows:
        at = rows[0].index("worker_id")
        rows[:] = [row[:at] + row[at + 1 :] for row in rows]


@bad("A column has another heading than the profile says")
def a_column_has_another_heading_than_the_profile_says(root: Path) -> None:
    profile(root, "[lists.cases]\n", '[lists.cases]\ncolumns = { case_id = "Case number" }\n')


@bad("A case stands on the list twice")
def a_case_stands_on_the_list_twice(root: Path) -> None:
    with rows_of(root, "cases.csv") as rows:
        rows[5][0] = rows[2][0]


@bad("Two ids differ only in how an accent is written")
def two_ids_differ_only_in_how_an_accent_is_written(root: Path) -> None:
    with rows_of(root, "cases.csv") as rows:
        rows[2][0], rows[5][0] = "Ca\u00f1on 12", "Can\u0303on 12"


@bad("An id holds a character that cannot be seen")
def an_id_holds_a_character_that_cannot_be_seen(root: Path) -> None:
    with rows_of(root, "cases.csv") as rows:
        rows[3][0] = f"{rows[3][0][:3]}\u200b{rows[3][0][3:]}"


@bad("A worker has no name")
def a_worker_has_no_name(root: Path) -> None:
    with rows_of(root, "people.csv") as rows:
        worker = next(row for row in rows if "worker" in row[3])
        worker[1] = " "


@bad("A case's worker is not on the people list")
def a_case_s_worker_is_not_on_the_people_list(root: Path) -> None:
    with rows_of(root, "cases.csv") as rows:
        rows[3][1] = "E99999"


def _with_its_own_type(root: Path) -> Said:
    return process("check", root / "review", "--keys", root / "keys", before=(root / "plugins",))


def _change_the_type(root: Path, file: str, old: str, new: str) -> None:
    """Put a changed copy of the shipped review type where it is found first."""
    ours = Path(reviewcore_pqcr.__file__).parent
    package = root / "plugins" / ours.name
    shutil.copytree(ours, package, ignore=shutil.ignore_patterns("__pycache__"))
    text = (package / file).read_text(encoding="utf-8")
    assert old in text
    (package / file).write_text(text.replace(old, new), encoding="utf-8")


@bad("Dates came as Excel's day numbers", meet=_with_its_own_type)
def dates_came_as_excel_s_day_numbers(root: Path) -> None:
    flag = 'Field("focus", "flag", "in the focus area of its program"),'
    _change_the_type(root, "about.py", flag, f'{flag} Field("opened", "date", "opened on"),')
    with rows_of(root, "cases.csv") as rows:
        for row, value in zip(rows, ["opened", "46023", *["2026-01-01"] * len(rows)], strict=False):
            row.append(value)


@bad("Ids lost the zeros in front")
def ids_lost_the_zeros_in_front(root: Path) -> None:
    with rows_of(root, "cases.csv") as rows:
        for number, row in enumerate(rows[1:]):
            row[0] = f"{number:05d}".lstrip("0") if number == 7 else f"{number:05d}"


@bad("Some ids are numbers, others text")
def some_ids_are_numbers_others_text(root: Path) -> None:
    with rows_of(root, "cases.csv") as rows:
        made: list[list[object]] = [list(row) for row in rows]
    for number, row in enumerate(made[1:41], 70001):
        row[0] = number
    as_workbook(root, "cases.csv", made)


@bad("A merged heading stands over the headings")
def a_merged_heading_stands_over_the_headings(root: Path) -> None:
    with rows_of(root, "cases.csv") as rows:
        over = ["Open cases", "", "", "What is known of the case", "", "", ""]
        made: list[list[object]] = [[*row] for row in (over, *rows)]
    as_workbook(root, "cases.csv", made)


@bad("The file is empty")
def the_file_is_empty(root: Path) -> None:
    (root / "review" / "cases.csv").write_bytes(b"\r\n")


@bad("The file has headings and nothing under them")
def the_file_has_headings_and_nothing_under_them(root: Path) -> None:
    with rows_of(root, "cases.csv") as rows:
        del rows[1:]


@bad("The list is not there")
def the_list_is_not_there(root: Path) -> None:
    (root / "review" / "cases.csv").unlink()


@bad("An old workbook was renamed")
def an_old_workbook_was_renamed(root: Path) -> None:
    path = root / "review" / "cases.csv"
    path.with_suffix(".xlsx").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2048))
    path.unlink()
    profile(root, 'file = "cases.csv"', 'file = "cases.xlsx"')


@bad("The list is a web page with a workbook's name")
def the_list_is_a_web_page_with_a_workbook_s_name(root: Path) -> None:
    path = root / "review" / "cases.csv"
    path.with_suffix(".xls").write_text("<html><table><tr><td>case_id</td></tr></table></html>")
    path.unlink()
    profile(root, 'file = "cases.csv"', 'file = "cases.xls"')


@bad("A row has one value too many")
def a_row_has_one_value_too_many(root: Path) -> None:
    path = root / "review" / "cases.csv"
    lines = path.read_text().splitlines()
    lines[3] += ",more"
    path.write_text("\n".join(lines) + "\n")


@bad("The count is not the agency's own")
def the_count_is_not_the_agency_s_own(root: Path) -> None:
    with rows_of(root, "cases.csv") as rows:
        rows.pop()


@bad("A word that the review does not know")
def a_word_that_the_review_does_not_know(root: Path) -> None:
    with rows_of(root, "cases.csv") as rows:
        rows[4][3] = "parole"


@bad("A Parquet file is damaged")
def a_parquet_file_is_damaged(root: Path) -> None:
    (root / "review" / "cases.parquet").write_bytes(b"PAR1 cut short PAR1")
    profile(root, 'file = "cases.csv"', 'file = "cases.parquet"')


@bad("A database has no such table")
def a_database_has_no_such_table(root: Path) -> None:
    with closing(sqlite3.connect(root / "warehouse.db")) as connection, connection:
        connection.execute("CREATE TABLE open_cases (case_id TEXT)")
    file = f'file = "sqlite:///{(root / "warehouse.db").as_posix()}"'
    profile(root, 'file = "cases.csv"', f'{file}\nsheet = "open_case"')


@bad("A database cannot be reached")
def a_database_cannot_be_reached(root: Path) -> None:
    file = 'file = "postgresql+psycopg://reader@127.0.0.1:1/cases"'
    profile(root, 'file = "cases.csv"', f'{file}\nsheet = "open_cases"')


@bad("The profile is from a newer version")
def the_profile_is_from_a_newer_version(root: Path) -> None:
    profile(root, "profile = 1", "profile = 99")


@bad("A setting is unknown")
def a_setting_is_unknown(root: Path) -> None:
    profile(root, "rooms = 2", "roms = 2")


@bad("A blank of the profile is not filled in", meet=lambda root: say("check", root / "made"))
def a_blank_of_the_profile_is_not_filled_in(root: Path) -> None:
    assert say("new", root / "made", "--profile", "pqcr").code == 0


@bad("A format is unknown")
def a_format_is_unknown(root: Path) -> None:
    profile(root, "rooms = 2", 'formats = ["html", "docs"]')


@bad("A format needs a part that is not installed")
def a_format_needs_a_part_that_is_not_installed(root: Path) -> AbstractContextManager[None]:
    return mock.patch.dict(sys.modules, {"typst": None})


@bad("The profile is not TOML")
def the_profile_is_not_toml(root: Path) -> None:
    profile(root, 'contact = "Ilse', "contact = Ilse")


@bad("The folder holds no review", meet=lambda root: say("check", root / "elsewhere"))
def the_folder_holds_no_review(root: Path) -> None:
    (root / "elsewhere").mkdir()


@bad("A letter names an unknown blank", meet=_with_its_own_type)
def a_letter_names_an_unknown_blank(root: Path) -> None:
    _change_the_type(root, "letters/en/union.toml", "{{ signed_by }}", "{{ singed_by }}")


@bad("The review is too small for its quotas")
def the_review_is_too_small_for_its_quotas(root: Path) -> None:
    profile(root, "quota = 8", "quota = 40")


@bad("A group has no case", meet=lambda root: on(root, "select"))
def a_group_has_no_case(root: Path) -> None:
    with rows_of(root, "cases.csv") as rows:
        at = rows[0].index("program")
        for row in rows[1:]:
            row[at] = "child-welfare"


@bad("The list was changed after it was sealed", stage="sealed", meet=lambda root: on(root, "select"))
def the_list_was_changed_after_it_was_sealed(root: Path) -> None:
    with rows_of(root, "cases.csv") as rows:
        rows[1][0], rows[2][0] = f"{rows[2][0]}x", f"{rows[1][0]}x"


@bad(
    "The seed has neither the dice nor the beacon's round",
    stage="sealed",
    meet=lambda root: on(root, "select", "--seed", f"beacon drand 8 {'ab' * 32}"),
)
def the_seed_has_neither_the_dice_nor_the_beacon_s_round(root: Path) -> None:
    profile(root, "[agency]", 'seed_rule = "dice 24 and beacon drand 7"\n\n[agency]')
    assert on(root, "select").code == 0


def _check_papers(root: Path) -> Said:
    """Run the verifier that lies with the papers; what it says is its answer."""
    folder = root / "review/papers/selection/witness"
    command = [sys.executable, "-I", "-S", "verify.py", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return Said(done.returncode, "", done.stdout + done.stderr)


@bad("Papers of two draws lie together", stage="sealed", meet=_check_papers)
def papers_of_two_draws_lie_together(root: Path) -> None:
    profile(root, "quota = 3", "quota = 2")
    assert on(root, "select").code == 0
    papers = root / "review/papers/selection"
    shutil.copy(papers / "witness-2/ledger.json", papers / "witness/ledger.json")


@bad("A witness's ledger was cut short", stage="sealed", meet=_check_papers)
def a_witness_s_ledger_was_cut_short(root: Path) -> None:
    path = root / "review/papers/selection/witness/ledger.json"
    path.write_bytes(path.read_bytes()[:-500])


@bad(
    "A case is to be eliminated for a reason that is none",
    stage="interviewing",
    meet=lambda root: on(root, "select", "--eliminate", "C1", "--reason", "inconvenient"),
)
def a_case_is_to_be_eliminated_for_a_reason_that_is_none(root: Path) -> None:
    """Change nothing: the reason is given with the command."""


@bad("The folder was copied in part", stage="sealed", meet=lambda root: on(root, "status"))
def the_folder_was_copied_in_part(root: Path) -> None:
    (root / "review" / "vault.db").unlink()


@bad("The log was left behind in copying", stage="sealed", meet=lambda root: on(root, "status"))
def the_log_was_left_behind_in_copying(root: Path) -> None:
    (root / "review" / "review.db").unlink()


@bad("A file was cut short in copying", stage="sealed", meet=lambda root: on(root, "status"))
def a_file_was_cut_short_in_copying(root: Path) -> None:
    path = root / "review" / "review.db"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@bad("The folder was worked on by a newer version", stage="sealed", meet=lambda root: on(root, "status"))
def the_folder_was_worked_on_by_a_newer_version(root: Path) -> None:
    with sqlite3.connect(root / "review" / "review.db") as raw:
        raw.execute("update meta set format = 99")
    raw.close()


@bad("The key is not there", stage="sealed", meet=lambda root: on(root, "select"))
def the_key_is_not_there(root: Path) -> None:
    (root / "keys" / AGENCY / f"{REVIEW}.key").unlink()


@bad("The seed comes before the list is sealed", meet=lambda root: on(root, "select", "--seed", "dice 1234"))
def the_seed_comes_before_the_list_is_sealed(root: Path) -> None:
    """Change nothing: the seed is the first thing that is given."""


@bad("The seed has too few dice", stage="sealed", meet=lambda root: on(root, "select", "--seed", "dice 1234"))
def the_seed_has_too_few_dice(root: Path) -> None:
    """Change nothing: four dice are given."""


@bad(
    "The store's URL has a slip",
    stage="sealed",
    meet=lambda root: on(root, "status", "--store", "postgres:x://county@host/reviews"),
)
def the_store_s_url_has_a_slip(root: Path) -> None:
    """Change nothing: the URL is given with the command."""


@bad("A second process works on the same review", stage="sealed", meet=lambda root: on(root, "select"))
def a_second_process_works_on_the_same_review(root: Path) -> AbstractContextManager[None]:
    return writing(root / "review")


def _total(row: list[str]) -> bool:
    """Return whether a row of the agency's extract is of all its clinics."""
    return row[0] == "Fir"


@bad("An extract labels a clinic as the agency", stage="in-service")
def an_extract_labels_a_clinic_as_the_agency(root: Path) -> None:
    with rows_of(root, "participation.csv") as rows:
        for row in rows[1:]:
            row.append("agency" if _total(row) else "clinic")
        rows[0].append("level")
        rows[4][-1] = "agency"


@bad("The totals of an extract do not add up", stage="in-service")
def the_totals_of_an_extract_do_not_add_up(root: Path) -> None:
    with rows_of(root, "participation.csv") as rows:
        total = next(row for row in rows if _total(row))
        total[5] = str(int(total[5]) + 10)


@bad("A count of an extract is negative", stage="in-service")
def a_count_of_an_extract_is_negative(root: Path) -> None:
    with rows_of(root, "participation.csv") as rows:
        rows[1][5] = "-3"


@bad("A count of an extract has a fraction", stage="in-service")
def a_count_of_an_extract_has_a_fraction(root: Path) -> None:
    with rows_of(root, "participation.csv") as rows:
        rows[1][5] = "2.5"


@bad("A month stands on an extract twice", stage="in-service")
def a_month_stands_on_an_extract_twice(root: Path) -> None:
    with rows_of(root, "assignment.csv") as rows:
        rows.append(rows[1])


@bad("A category is unknown to the profile", stage="in-service")
def a_category_is_unknown_to_the_profile(root: Path) -> None:
    with rows_of(root, "participation.csv") as rows:
        rows[2][3] = "pregnent"


@bad("A part is larger than its whole", stage="in-service")
def a_part_is_larger_than_its_whole(root: Path) -> None:
    with rows_of(root, "participation.csv") as rows:
        more = int(rows[1][5]) + 1
        for row in rows[1:]:
            if row[1:5] == rows[1][1:5] and (row is rows[1] or _total(row)):
                row[6] = str(int(row[6]) + more)


@bad("A clinic is missing from a month of an extract", stage="in-service")
def a_clinic_is_missing_from_a_month_of_an_extract(root: Path) -> None:
    with rows_of(root, "assignment.csv") as rows:
        del rows[2]


@bad("The agenda is longer than the meeting", stage="in-service")
def the_agenda_is_longer_than_the_meeting(root: Path) -> None:
    profile(root, "end = 15:00:00", "end = 14:00:00")


def _replies(root: Path) -> Said:
    return on(root, "reply", "--from", root / "replies.csv")


@bad("A reply is to no letter", stage="interviewing", meet=_replies)
def a_reply_is_to_no_letter(root: Path) -> None:
    (root / "replies.csv").write_text("letter,answer,supervisor\nnone-such,yes,\n")


def _returned(root: Path) -> Path:
    """Leave one workbook among those that came back, and return it."""
    first, *others = sorted((root / "review" / "returned").iterdir())
    for path in others:
        path.unlink()
    return first


@bad("A workbook was filled in wrongly", stage="interviewing", meet=lambda root: on(root, "interview"))
def a_workbook_was_filled_in_wrongly(root: Path) -> None:
    path = _returned(root)
    data = path.read_bytes()
    path.write_bytes(resave(data, {("Tool", f"D{find(data, 'Tool', 'record-current')}"): "quite good"}))


@bad("A workbook came back half copied", stage="interviewing", meet=lambda root: on(root, "interview"))
def a_workbook_came_back_half_copied(root: Path) -> None:
    path = _returned(root)
    path.write_bytes(path.read_bytes()[:3000])


@bad(
    "A reply is from somebody who was not invited",
    stage="interviewing",
    meet=lambda root: on(root, "reply", "--from", root / "stranger.ics"),
)
def a_reply_is_from_somebody_who_was_not_invited(root: Path) -> None:
    invitation = (
        next((root / "review/papers/letters/to-send").glob("*.ics")).read_bytes().replace(b"\r\n ", b"")
    )
    lines = [line for line in invitation.split(b"\r\n") if not line.startswith((b"ATTENDEE", b"METHOD"))]
    at = lines.index(b"BEGIN:VEVENT")
    lines[at + 1 : at + 1] = [b"ATTENDEE;PARTSTAT=ACCEPTED:mailto:stranger@elsewhere.example"]
    lines[1:1] = [b"METHOD:REPLY"]
    (root / "stranger.ics").write_bytes(b"\r\n".join(lines))


def _mail_server(root: Path, certified_for: str, **more: str) -> ExitStack:
    """Run a mail server for as long as what is returned is held, and name it in the profile."""
    held = ExitStack()
    folder = Path(held.enter_context(TemporaryDirectory()))
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(root / "authority.pem"))
    authority.issue_cert(certified_for).private_key_and_cert_chain_pem.write_to_path(str(folder / "own.pem"))
    server = held.enter_context(serving(folder, "--starttls", str(folder / "own.pem")))
    server.orders(user="reviews", password="right")
    sending(root, host="localhost", port=server.port, ca_file="../authority.pem", **more)
    return held


def sending(root: Path, **settings: object) -> None:
    """Add a way to send to the review's profile."""
    path = root / "review" / "review.toml"
    lines = [
        f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}"
        for name, value in settings.items()
    ]
    path.write_text(
        path.read_text(encoding="utf-8") + "\n".join(["\n[sending]", *lines, ""]), encoding="utf-8"
    )


def _send(root: Path) -> Said:
    """Send on a day on which letters are due."""
    with mock.patch("tests.cli.command_line.NOW", datetime(2027, 8, 2, 17, tzinfo=UTC)):
        return on(root, "notify", "--send", "--yes")


@bad("The mail server cannot be reached", stage="interviewing", meet=_send)
def the_mail_server_cannot_be_reached(root: Path) -> None:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        sending(root, host="localhost", port=free.getsockname()[1])


@bad("The mail server's certificate is another's", stage="interviewing", meet=_send)
def the_mail_server_s_certificate_is_another_s(root: Path) -> ExitStack:
    return _mail_server(root, "mail.other.example")


@bad("The mail server does not take the password", stage="interviewing", meet=_send)
def the_mail_server_does_not_take_the_password(root: Path) -> ExitStack:
    (root / "password").write_text("wrong")
    (root / "password").chmod(0o600)
    return _mail_server(root, "localhost", username="reviews", password_file="../password")


@bad("The secret can be read by others", stage="interviewing", meet=_send)
def the_secret_can_be_read_by_others(root: Path) -> ExitStack:
    (root / "password").write_text("right")
    (root / "password").chmod(0o644)
    return _mail_server(root, "localhost", username="reviews", password_file="../password")


# -- a quality service review ---------------------------------------------------------------------------


def _qsr(root: Path) -> None:
    """Put a county with a quality service review in the place of the one that is there."""
    from tests.review.small_qsr import begin

    shutil.rmtree(root)
    begin(root)


@bad("A parent's consent is not on record")
def a_parents_consent_is_not_on_record(root: Path) -> None:
    from reviewcore.demo.cedar import KeyPerson
    from reviewcore.demo.people import write_list

    _qsr(root)
    case = (root / "review" / "cases.csv").read_text("utf-8").splitlines()[1].partition(",")[0]
    mother = KeyPerson(case, "Wren Ashfell", "", "mother", "", "", "")
    write_list(root / "review" / "key_people.csv", KeyPerson, [mother])
    profile(root, "key_people.xlsx", "key_people.csv")


@bad("The score is asked about a field that parts nobody")
def the_score_is_asked_about_a_field_that_parts_nobody(root: Path) -> None:
    profile(root, "[score.fields.program]", "[score.fields.programme]")


@bad("The teams have too few days for the cases")
def the_teams_have_too_few_days_for_the_cases(root: Path) -> None:
    _qsr(root)
    profile(root, "days_per_case = 1", "days_per_case = 2")


@bad(
    "The notes are to be coded and the profile names no coders",
    stage="interviewing",
    meet=lambda root: on(root, "code"),
)
def the_notes_are_to_be_coded_and_the_profile_names_no_coders(root: Path) -> None:
    assert on(root, "interview").code == 0


@bad("A coding sheet has a mark that is none", stage="interviewing", meet=lambda root: on(root, "code"))
def a_coding_sheet_has_a_mark_that_is_none(root: Path) -> None:
    from openpyxl import load_workbook

    path = root / "review" / "review.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[themes]\ncoders = 1\n", encoding="utf-8")
    assert on(root, "interview").code == 0
    assert on(root, "code").code == 0
    book = load_workbook(root / "review/papers/coding/coder-a.xlsx")
    sheet = book["Coding"]
    sheet.cell(3, 4).value = "perhaps"
    (root / "review/returned/coding").mkdir()
    book.save(root / "review/returned/coding/a.xlsx")


@bad(
    "A publication was sent without its file of data",
    meet=lambda root: say("verify", root / "sent/report.html"),
)
def a_publication_was_sent_without_its_file_of_data(root: Path) -> None:
    (root / "sent").mkdir()
    (root / "sent/report.html").write_text("<!DOCTYPE html>", encoding="utf-8")
