"""Files as counties send them: what is read, and what is refused with one clear message."""

from __future__ import annotations

import struct
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from register_lists import CASE_HEAD, CASE_ROWS, faults, told, write_csv, write_xlsx

from reviewcore.errors import Refused
from reviewcore.register.table import read_table

HEAD = ["Case ID", "Worker"]
ROWS = [["0012", "W1"], ["0013", "W2"]]


def test_csv_keeps_ids_as_text_and_knows_its_places(tmp_path: Path) -> None:
    """If this fails, ids lose their zeros, or a problem points at another row than the spreadsheet shows."""
    path = write_csv(tmp_path / "cases.csv", HEAD, [["0012", 'two\nlines, "quoted"'], [], ["0013", "W2"]])
    table = read_table(path)
    assert table.headings == ("Case ID", "Worker")
    assert table.rows == ((2, ("0012", 'two\nlines, "quoted"')), (4, ("0013", "W2")))
    assert table.place(4) == table.place(4, 1) == "cases.csv row 4"


def test_workbook_parts_texts_numbers_and_dates(tmp_path: Path) -> None:
    """If this fails, a date cell or a text id of a workbook is read as something else."""
    rows = [["Case ID", "Opened", "Visits"], ["0012", date(2024, 5, 1), 3], ["0013", date(2024, 5, 2), 1.5]]
    table = read_table(write_xlsx(tmp_path / "cases.xlsx", {"Cases": rows}))
    assert table.rows == ((2, ("0012", date(2024, 5, 1), 3.0)), (3, ("0013", date(2024, 5, 2), 1.5)))
    assert table.place(7, 2) == "cases.xlsx sheet Cases cell C7"
    assert table.place(7) == "cases.xlsx sheet Cases row 7"


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("cp1252", b""), ("utf-16", b"")]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_that_offices_use(
    tmp_path: Path, encoding: str, mark: bytes, delimiter: str
) -> None:
    """If this fails, a list saved by Excel's own choices is refused or its letters are garbled."""
    text = "\r\n".join(delimiter.join(row) for row in [HEAD, ["0012", "Zoë – Núñez"]])
    (tmp_path / "cases.csv").write_bytes(mark + text.encode(encoding))
    table = read_table(tmp_path / "cases.csv")
    assert (table.headings, table.rows) == (("Case ID", "Worker"), ((2, ("0012", "Zoë – Núñez")),))


TEXT_FILES = {
    "empty": (b"", "cases.csv: the file is empty"),
    "blank": (b" \n\n", "cases.csv: the file is empty"),
    "only commas": (b",,\n,,\n", "cases.csv: there is nothing on the list"),
    "headings only": (b"Case ID,Worker\n\n", "cases.csv row 1: there are headings, but no row under them"),
    "nul": (b"Case ID,Worker\n1,\x00W\n", "cases.csv line 2: there are zero bytes in the file"),
    "undecodable": (b"Case ID,Worker\n1,\x81\n", "cases.csv line 2: there are letters here that cannot be read"),
    "half utf-16": (b"\xff\xfeC\x00a", "cases.csv line 1: there are letters here that cannot be read"),
    "open quote": (b'Case ID,Worker\n1,"W\n2,V\n', "cases.csv row 2: quotation marks do not match"),
    "too many cells": (b"Case ID,Worker\n1,W\n2,V,x\n", "cases.csv row 3: the row has 3 cells and the headings have 2"),
    "too few cells": (b"Case ID,Worker\n1\n2,V\n", "cases.csv row 2: the row has 1 cell and the headings have 2"),
    "title": (
        b"Open cases at July\n\nCase ID,Worker\n1,W\n",
        "cases.csv row 1: this looks like a title, and row 3 looks like the headings; delete the rows above",
    ),
    "web page": (b" <html><table>", "cases.csv: its name ends in .csv, but inside it is a web page or XML; open it"),
    "pdf": (b"%PDF-1.7", "cases.csv: its name ends in .csv, but inside it is no list that can be read; export"),
}  # fmt: skip


@pytest.mark.parametrize("case", TEXT_FILES)
def test_text_that_is_no_list_is_refused_with_its_place_and_the_mend(tmp_path: Path, case: str) -> None:
    """If this fails, a damaged file is read as if it were whole, or refused without saying where."""
    data, said = TEXT_FILES[case]
    (tmp_path / "cases.csv").write_bytes(data)
    assert said in told(read_table, tmp_path / "cases.csv")


def test_every_ragged_row_is_told_at_once_but_trailing_commas_are_fine(tmp_path: Path) -> None:
    """If this fails, the county mends one row per attempt, or is sent back for harmless commas."""
    (tmp_path / "cases.csv").write_bytes(b"Case ID,Worker,\n1,W,,\n2\n3,V,\n4,W,,x\n")
    assert told(read_table, tmp_path / "cases.csv").count("\n") == 1
    (tmp_path / "cases.csv").write_bytes(b"Case ID,Worker,\n1,W,,\n3,V\n")
    assert len(read_table(tmp_path / "cases.csv").rows) == 2


def test_a_renamed_file_is_told_for_what_it_is(tmp_path: Path) -> None:
    """If this fails, a renamed export gives a parser's error instead of the one thing to do."""
    book = write_xlsx(tmp_path / "cases.xlsx", {"Cases": [HEAD, *ROWS]}).read_bytes()
    old = xls([HEAD, *ROWS])
    renamed = {
        "cases.xls": (b"Case ID,Worker\n1,W\n", "inside it is plain text such as CSV; rename it to end in .csv"),
        "page.xls": (b"<table><tr>", "inside it is a web page or XML; open it in Excel and save it as"),
        "book.csv": (book, "its name ends in .csv, but inside it is an Excel workbook; rename it to end in .xlsx"),
        "old.xlsx": (old, "inside it is an old Excel workbook; rename it to end in .xls"),
        "word.xlsx": (zipped({"word/document.xml": b""}), "inside it is no list that can be read"),
        "broken.xlsx": (book[: len(book) // 2], "inside it is no list that can be read"),
        "locked.xlsx": (
            old + "EncryptedPackage".encode("utf-16-le"),
            "inside it is a workbook locked with a password; save a copy without the password",
        ),
    }  # fmt: skip
    for name, (data, said) in renamed.items():
        (tmp_path / name).write_bytes(data)
        message = told(read_table, tmp_path / name)
        assert message.startswith(f"{name}: ")
        assert said in message


def test_files_that_are_not_there_or_no_files(tmp_path: Path) -> None:
    """If this fails, a wrong path in the profile ends in a traceback."""
    assert "cases.csv: there is no such file" in told(read_table, tmp_path / "cases.csv")
    (tmp_path / "folder.csv").mkdir()
    assert "folder.csv: the file cannot be read" in told(read_table, tmp_path / "folder.csv")


def test_sheets_are_named_where_they_are_not_plain(tmp_path: Path) -> None:
    """If this fails, the wrong sheet is drawn from in silence."""
    path = write_xlsx(tmp_path / "cases.xlsx", {"Notes": [["Read me"]], "Cases": [HEAD, *ROWS], "Empty": []})
    assert read_table(path, "Cases").sheet == "Cases"
    assert "there is no sheet named 'Kases'; the workbook has 'Notes', 'Cases', 'Empty'" in told(
        read_table, path, "Kases"
    )
    assert (
        "several sheets with something on them; say which is the list, sheet = one of 'Notes', 'Cases'"
        in told(read_table, path)
    )
    only = write_xlsx(tmp_path / "one.xlsx", {"Sheet1": [HEAD, *ROWS], "Sheet2": []})
    assert read_table(only).sheet == "Sheet1"


def test_merged_headings_over_the_headings_are_told(tmp_path: Path) -> None:
    """If this fails, a line of merged group headings is taken for the headings."""
    rows = [
        [lambda book, sheet, r, c: sheet.merge_range(0, 0, 0, 1, "Case"), None, "Worker", ""],
        ["Case ID", "Opened", "Worker ID", "Unit"],
        ["1", "2024-05-01", "W1", "North"],
    ]
    said = told(read_table, write_xlsx(tmp_path / "cases.xlsx", {"Cases": rows}))
    assert "cases.xlsx sheet Cases row 1: this looks like a title, and row 2 looks like the headings" in said


def test_hidden_rows_of_an_xlsx_are_told(tmp_path: Path) -> None:
    """If this fails, cases that a filter hides are drawn although nobody saw them on the list."""

    def hide(book: object, sheet: object, row: int, column: int) -> None:
        sheet.write_string(row, column, "0013")  # type: ignore[attr-defined]
        sheet.set_row(row, None, None, {"hidden": True})  # type: ignore[attr-defined]

    path = write_xlsx(tmp_path / "cases.xlsx", {"Cases": [HEAD, ROWS[0], [hide, "W2"], [hide, "W2"]]})
    assert "cases.xlsx sheet Cases row 3: this row and 1 more are hidden; clear the filter" in told(
        read_table, path
    )


def test_old_and_open_formats_are_read_too(tmp_path: Path) -> None:
    """If this fails, .xls or .ods, which calamine reads as well, no longer can be."""
    (tmp_path / "cases.xls").write_bytes(xls([HEAD, *ROWS]))
    (tmp_path / "cases.ods").write_bytes(ods([HEAD, *ROWS]))
    for name in ("cases.xls", "cases.ods"):
        table = read_table(tmp_path / name)
        assert table.headings == ("Case ID", "Worker")
        assert table.rows == ((2, ("0012", "W1")), (3, ("0013", "W2")))


def test_without_the_office_part_a_workbook_is_refused_with_the_two_ways_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If this fails, a lean installation answers a workbook with an import error."""
    path = write_xlsx(tmp_path / "cases.xlsx", {"Cases": [HEAD, *ROWS]})
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(Refused, match=r"cases.xlsx: to read workbooks, install .* or save the list as CSV"):
        read_table(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=80),
    start=st.sampled_from(
        [b"", b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"), b"a,b\n1,2\n", b"\xff\xfe"]
    ),
    name=st.sampled_from(["a.csv", "a.xlsx", "a.xls", "a.ods", "a"]),
)
def test_no_bytes_whatever_end_in_a_traceback(tmp_path: Path, data: bytes, start: bytes, name: str) -> None:
    """If this fails, some damaged file gives the county a traceback instead of a message."""
    (tmp_path / name).write_bytes(start + data)
    assert all(problem.where.startswith(name) for problem in faults(read_table, tmp_path / name))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10_000), byte=st.integers(0, 255), cut=st.integers(0, 10_000))
def test_a_damaged_workbook_is_refused_or_read(tmp_path: Path, at: int, byte: int, cut: int) -> None:
    """If this fails, a half-copied workbook ends in a traceback."""
    data = bytearray(write_xlsx(tmp_path / "whole.xlsx", {"Cases": [CASE_HEAD, *CASE_ROWS]}).read_bytes())
    data[at % len(data)] = byte
    (tmp_path / "cases.xlsx").write_bytes(data[: len(data) - cut % 2 * (cut % len(data))])
    assert len(faults(read_table, tmp_path / "cases.xlsx")) < 2


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_what_csv_holds_comes_back_as_it_was(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    """If this fails, quotes, line breaks or strange letters move or change what a list says."""
    path = write_csv(tmp_path / "cases.csv", HEAD, rows)
    filled = [row for row in rows if any(cell.strip() not in ("", "NULL") for cell in row)]
    if not filled:
        return
    assert [cells for _, cells in read_table(path).rows] == filled


# -- two file formats for which there is no writer at hand ----------------------------------------------


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip file."""
    import io

    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def ods(rows: list[list[str]]) -> bytes:
    """Return an OpenDocument spreadsheet of texts."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Cases">'
        f"{cells}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": b"",
        }
    )


def xls(rows: list[list[str]]) -> bytes:
    """Return an Excel 97 workbook of texts: one BIFF8 stream in a compound file."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def opening(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))

    name = b"Cases"
    globals_size = len(opening(5)) + 4 + 8 + len(name) + 4
    book = (
        opening(5)
        + record(0x85, struct.pack("<IBBBB", globals_size, 0, 0, len(name), 0) + name)
        + record(0x0A, b"")
    )
    sheet = opening(0x10)
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            sheet += record(0x204, struct.pack("<HHHHB", row, column, 0, len(cell), 0) + cell.encode())
    stream = (book + sheet + record(0x0A, b"")).ljust(4096, b"\0")
    sectors = len(stream) // 512

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = (name.encode("utf-16-le") + b"\0\0") if name else b""
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    header = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0).ljust(436, b"\xff")
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    table = b"".join(struct.pack("<I", one) for one in fat).ljust(512, b"\xff")
    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream))
    directory += 2 * entry("", 0, 0xFFFFFFFF, 0, 0)
    return header + table + directory + stream
