"""The profile's file: read as TOML, or refused with the line and what would be right."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from reviewcore.errors import BadInput, Problem
from reviewcore.profile.settings import FORMAT

if TYPE_CHECKING:
    from reviewcore.profile.lines import Path as KeyPath

_HINTS: tuple[tuple[str, str], ...] = (
    ("[“”‘’]", 'use straight quotes (") in place of curly ones'),
    (
        r"=\s*(True|False|TRUE|FALSE|yes|no|Yes|No)\b",
        "write true or false, in small letters and without quotes",
    ),
    (r"=\s*\d{1,2}:\d{2}\s*(#|$)", "write a time with its seconds, as in 09:00:00"),
    (r"=\s*\d{1,2}[/.]\d{1,2}[/.]\d{2,4}", "write a date as year-month-day, as in 2027-03-01"),
    (
        r"=\s*\d{1,4}-\d{1,2}-\d{1,4}\s*(#|$)",
        "write a date as year-month-day with two digits each, as in 2027-03-01",
    ),
    (r"=\s*\"[^\"]*\\", "write a path with / in place of \\, or put it in single quotes"),
    (r"^\s*[\w.-]+\s*:", "write = in place of :"),
    (r"=\s*$", "write a value after the ="),
    (r"^\s*[^=\[\]#\"']+$", "write `name = value`, or begin the line with # to make it a comment"),
    (r"=\s*[^\W\d]", "put text in quotes"),
)
_TWICE = "overwrite|twice|already|redefin|mutable"


@frozen(repr=False, eq=False)
class Document:
    """A profile as it is written: its path, its text and its values, not yet checked."""

    path: Path
    text: str
    values: dict[str, Any]

    def problem(self, path: KeyPath, what: str) -> Problem:
        """Return a problem at the line where `path` stands, or nearest to where it should stand."""
        from reviewcore.profile.lines import line_of, locate

        return Problem(f"{self.path}:{line_of(locate(self.text), path)}", what, spell(path))


def spell(path: KeyPath) -> str:
    """Write a path of keys as one reads it.

    >>> spell(("review", "programs", 1, "case number"))
    'review.programs[1]."case number"'
    """
    words = ""
    for step in path:
        if isinstance(step, int):
            words += f"[{step}]"
        else:
            words += ("." if words else "") + (step if re.fullmatch(r"[\w-]+", step) else f'"{step}"')
    return words


def load(path: Path) -> Document:
    """Read a profile's TOML; raise BadInput where it is not there, not TOML or of a newer format."""
    if not path.is_file():
        raise BadInput(
            [Problem(str(path), "there is no profile here; `reviewcore new DIR --profile NAME` makes one")]
        )
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig").replace(
            "\r\n", "\n"
        )  # editors on Windows add a mark and carriage returns
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput([Problem(f"{path}:{line}", "not UTF-8 text; save the file as UTF-8")]) from None
    try:
        document = Document(path, text, _values(text))
    except tomllib.TOMLDecodeError as error:
        raise BadInput([_syntax(path, text, str(error))]) from None
    _check_format(document)
    return document


@lru_cache(maxsize=1)  # a profile is asked for its type, for what it allows, and then read
def _values(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def _syntax(path: Path, text: str, message: str) -> Problem:
    lines = text.split("\n")
    at = re.search(r"\(at line (\d+), column \d+\)", message)
    number = int(at[1]) if at else len(text.rstrip("\n").split("\n"))
    said = re.sub(r" \(at .*\)$", "", message)
    if re.search(_TWICE, said, re.IGNORECASE):
        hint = "this is given twice; keep one"
    elif not at:
        hint = "a quote or bracket that was opened further up is never closed"
    else:
        line = lines[number - 1]
        hint = next((words for pattern, words in _HINTS if re.search(pattern, line)), "")
    return Problem(f"{path}:{number}", f"not valid TOML: {hint or said}")


def _check_format(document: Document) -> None:
    """Refuse a profile of another format before anything else in it is judged."""
    written = document.values.get("profile")
    if type(written) is int and written > FORMAT:
        what = (
            f"this profile is of format {written} and was written for a newer reviewcore; this one reads up to "
            f"format {FORMAT}: install the newer one (pip install --upgrade reviewcore)"
        )
    elif type(written) is not int or written < 1:
        what = f"the profile's format comes first: write profile = {FORMAT} above everything else"
    else:
        return
    raise BadInput([document.problem(("profile",), what)])
