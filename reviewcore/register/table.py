"""A county's list as a table: its headings and its rows, each of which knows how its place is said.

CSV, XLSX, Parquet and a database's tables; .xls and .ods are read too. What a workbook hides from the
reader (errors, formulas never calculated, zeros that are only shown, hidden rows) is looked up in `unseen`
for .xlsx. In .xls and .ods it cannot be seen: an error there reads as an empty cell and a hidden row as a
row like any other, which is why a list's count is held against the agency's own.
"""

from __future__ import annotations

from operator import itemgetter
from pathlib import Path

from attrs import frozen

from reviewcore.errors import BadInput, Problem
from reviewcore.register import delimited
from reviewcore.register.cells import Cell, Row, all_filled, blank, clean
from reviewcore.store.files import digest

_TYPES = {
    ".csv": "text", ".txt": "text", ".tsv": "text", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xlsb": "xlsb",
    ".xls": "xls", ".ods": "ods", ".parquet": "parquet",
}  # fmt: skip
_SAID = {
    "text": ("plain text such as CSV", "rename it to end in .csv"),
    "xlsx": ("an Excel workbook", "rename it to end in .xlsx"),
    "xlsb": ("a binary Excel workbook", "rename it to end in .xlsb"),
    "xls": ("an old Excel workbook", "rename it to end in .xls"),
    "ods": ("an OpenDocument spreadsheet", "rename it to end in .ods"),
    "parquet": ("a Parquet file", "rename it to end in .parquet"),
    "markup": ("a web page or XML", "open it in Excel and save it as an Excel workbook (.xlsx)"),
    "locked": ("a workbook locked with a password", "save a copy without the password"),
    "other": ("no list that can be read", "export it again as CSV or as an Excel workbook (.xlsx)"),
}
EACH = 20
"""So many rows with the same fault are named one by one; the others are counted."""
_HEAD = 20  # how far down to look for headings that stand under a title


@frozen(repr=False, eq=False)
class SheetTable:
    """A list: headings, and (row number, cells) for every row that is not empty. Numbers count from 1.

    `sha256` is the digest of the whole file, or of the database's table, as it was read. Where headings
    take no row, as in Parquet, `heading_row` is 0.
    """

    file: str
    sheet: str
    sha256: str
    heading_row: int
    headings: tuple[str, ...]
    rows: tuple[Row, ...]

    def place(self, row: int, column: int | None = None) -> str:
        """Say where a row stands, or in a workbook the cell: "cases.xlsx sheet Cases cell C7"."""
        if not self.sheet:
            return f"{self.file} row {row}" if row else self.file
        at = f"row {row}" if column is None else f"cell {letters(column)}{row}"
        return f"{self.file} sheet {self.sheet} {at}"


def letters(column: int) -> str:
    """Return the letters by which a spreadsheet calls a column counted from 0.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    head, last = divmod(column, 26)
    return (letters(head - 1) if head else "") + chr(ord("A") + last)


def read_table(path: Path, sheet: str = "") -> SheetTable:
    """Read a list from a file, or from one sheet of a workbook; raise BadInput where that cannot be."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise BadInput([Problem(path.name, "there is no such file; put the list there")]) from None
    except OSError as error:
        raise BadInput([Problem(path.name, f"the file cannot be read ({error.strerror})")]) from None
    if not data.strip():
        raise BadInput([Problem(path.name, "the file is empty; export the list again")])
    kind = _kind(data)
    named = _TYPES.get(path.suffix.lower(), kind)
    if kind != named or kind not in _TYPES.values():
        is_, mend = _SAID[kind]
        but = (
            f"its name ends in {path.suffix.lower()}, but inside it is {is_}"
            if path.suffix
            else f"it is {is_}"
        )
        raise BadInput([Problem(path.name, f"{but}; {mend}, and name the new file in the profile")])
    if kind == "parquet":
        from reviewcore.register import typed

        headings, found = typed.parquet(path)
        return SheetTable(path.name, "", digest(data), 0, headings, tuple(found))
    if kind == "text":
        name, rows = "", delimited.rows(data, path.name)
    else:
        from reviewcore.register import workbook

        name, rows = workbook.rows(data, path.name, sheet)
    return _table(path.name, name, digest(data), rows)


def read_database(url: str, table: str, section: str) -> SheetTable:
    """Read a list from a table or view of a database; raise BadInput where that cannot be."""
    from reviewcore.register import typed

    sha256, (headings, rows) = typed.database(url, table, section)
    return SheetTable(f"table {table}", "", sha256, 0, headings, tuple(rows))


def _table(file: str, sheet: str, sha256: str, rows: list[Row]) -> SheetTable:
    filled = list(filter(None, map(itemgetter(1), rows)))
    if len(filled) < len(rows) or not all_filled(list(map(itemgetter(0), filled))):
        rows = [row for row in rows if not all(map(blank, row[1]))]
    bare = SheetTable(file, sheet, sha256, 0, (), ())
    if not rows:
        raise BadInput([Problem(f"{file} sheet {sheet}" if sheet else file, "there is nothing on the list")])
    number, first = rows[0]
    below = _under_a_title(rows)
    if below is not None:
        raise BadInput(
            [
                Problem(
                    bare.place(number),
                    f"this looks like a title, and row {below} looks like the headings; delete the rows above "
                    "it, so that one row of headings stands first",
                )
            ]
        )
    if len(rows) == 1:
        raise BadInput([Problem(bare.place(number), "there are headings, but no row under them")])
    headings = [" ".join(clean(cell).split()) if isinstance(cell, str) else "" for cell in first]
    problems = [] if sheet else _ragged(bare, first, rows[1:])
    if problems:
        raise BadInput(problems)
    return SheetTable(file, sheet, sha256, number, tuple(headings), tuple(rows[1:]))


def _under_a_title(rows: list[Row]) -> int | None:
    """Return the row of the headings where a title or a line of merged headings stands above them."""
    first = sum(not blank(cell) for cell in rows[0][1])
    for number, cells in rows[1:_HEAD]:
        filled = [cell for cell in cells if not blank(cell)]
        texts = {cell for cell in filled if isinstance(cell, str) and not any(map(str.isdigit, cell))}
        if 2 * first <= len(filled) == len(texts):
            return number
    return None


def _ragged(table: SheetTable, first: tuple[Cell, ...], rows: list[Row]) -> list[Problem]:
    """Tell of rows with more or fewer cells than there are headings: a value has moved a column."""
    if set(map(len, map(itemgetter(1), rows))) == {len(first)}:
        return []
    found = []
    least = _filled(first)
    for number, cells in rows:
        have = len(cells)
        if have == len(first):
            continue
        if have > len(first):
            have = max(_filled(cells), len(first))
        if not least <= have <= len(first):
            what = (
                f"the row has {have} cell{'s' * (have != 1)} and the headings have {len(first)}; a value with a "
                "comma needs quotation marks, and a line must not be broken in two"
            )
            found.append(Problem(table.place(number), what))
    if more := found[EACH:]:
        what = f"{len(more)} more rows are wrong in the same way"
        return [*found[:EACH], Problem(more[0].where, what)]
    return found


def _filled(cells: tuple[Cell, ...]) -> int:
    """Return how many cells there are up to the last one that is not blank."""
    return next((at for at in range(len(cells), 0, -1) if not blank(cells[at - 1])), 0)


def _kind(data: bytes) -> str:
    """Tell what a file is by what is in it."""
    if data.startswith(b"PK\x03\x04"):
        from reviewcore.register import workbook

        return workbook.kind(data)
    if data.startswith(bytes.fromhex("d0cf11e0a1b11ae1")):
        return "locked" if "EncryptedPackage".encode("utf-16-le") in data else "xls"
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")):
        return "other"
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "markup"
    return "text"
