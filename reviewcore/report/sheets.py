"""Which tables of a document stand together on which sheet of its workbook.

Tables of one chapter that have the same columns make one long table: it can be filtered, and its
statements compared. Where they have not, each kind has a sheet of its own.
"""

from __future__ import annotations

from typing import TypeAlias

from attrs import define, field, frozen

from reviewcore.report.values import Bar, Chart, Grid, Head, Page, Place, plain

_LONGEST = 31  # characters, as Excel has it
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


Drawn: TypeAlias = tuple[type[Bar | Place], tuple[int, ...]] | None
"""What the rows of a table are drawn as, and which columns are."""


@frozen
class Shown:
    """A table as it stands on a sheet: which block of the page it is, under which heading, and drawn how."""

    block: int
    section: str
    grid: Grid
    chart: Chart | None


@define
class Sheet:
    """One sheet of tables. `scale` names the bands where all of its charts are on one scale."""

    name: str
    heading: str
    columns: tuple[str, ...]
    drawn: Drawn
    scale: tuple[str, ...]
    tables: list[Shown] = field(factory=list)

    @property
    def bars(self) -> bool:
        """Say whether the rows are drawn as bars."""
        return self.drawn is not None and self.drawn[0] is Bar

    @property
    def bands(self) -> tuple[str, ...]:
        """Return the names of the bands that the rows are drawn on; none where they are not."""
        return self.scale if self.drawn is not None and self.drawn[0] is Place else ()

    @property
    def sections(self) -> bool:
        """Say whether the tables stand under several headings."""
        return len({one.section for one in self.tables}) > 1

    @property
    def subjects(self) -> bool:
        """Say whether there are several tables."""
        return len(self.tables) > 1

    @property
    def title(self) -> str:
        """Return what the only table of a sheet is called; of several each row says it."""
        return "" if self.subjects or not self.tables else self.tables[0].grid.title

    def takes(self, heading: str, columns: tuple[str, ...], drawn: Drawn, scale: tuple[str, ...]) -> bool:
        """Say whether a table belongs here; one that is withheld throughout is on no scale, and fits to any."""
        alike = (heading, columns, drawn) == (self.heading, self.columns, self.drawn)
        return alike and (self.scale == scale or not (self.scale and scale))


def sheets(page: Page) -> list[Sheet]:
    """Return the sheets of a document's tables, in the order in which the document first needs them."""
    made: list[Sheet] = []
    taken = {page.words.contents.casefold(), page.words.text.casefold(), "history"}
    chapter = section = page.title
    for number, block in enumerate(page.blocks):
        match block:
            case Head(1, text):
                chapter = section = plain(text)
            case Head(2, text):
                section = plain(text)
            case Grid() | Chart():
                grid, chart = (block, None) if isinstance(block, Grid) else (block.table, block)
                drawn = _drawn(chart)
                scale = chart.scale if chart and drawn else ()
                sheet = next((one for one in made if one.takes(chapter, grid.columns, drawn, scale)), None)
                if sheet is None:
                    sheet = Sheet(_name(chapter, taken), chapter, grid.columns, drawn, scale)
                    made.append(sheet)
                sheet.scale = sheet.scale or scale
                sheet.tables.append(Shown(number, section, grid, chart))
            case _:
                pass
    return made


def _drawn(chart: Chart | None) -> Drawn:
    """Return what a table's rows are drawn as; nothing where a row of it would have several places."""
    if chart is None or len(chart.rows) != len(chart.table.rows):
        return None
    return type(chart.rows[0]), chart.drawn


def _name(heading: str, taken: set[str]) -> str:
    """Return a sheet's name: the heading, as far as Excel allows, and a letter where it is taken.

    >>> _name("What was found", {"what was found"})
    'What was found (b)'
    """
    base = " ".join(heading.translate(_FORBIDDEN).split()).strip("'") or "-"
    for number in range(len(taken) + 1):
        end = f" ({_letters(number)})" if number else ""
        name = base if len(base + end) <= _LONGEST else base[: _LONGEST - len(end) - 1].rstrip() + "…"
        if (name + end).casefold() not in taken:
            break
    taken.add((name + end).casefold())
    return name + end


def _letters(number: int) -> str:
    """Return the letters for a number, counted from 0.

    >>> _letters(1), _letters(26)
    ('b', 'aa')
    """
    return (_letters(number // 26 - 1) if number > 25 else "") + "abcdefghijklmnopqrstuvwxyz"[number % 26]
