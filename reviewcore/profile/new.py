"""A new review folder: a shipped profile, its comments kept, with what is known already filled in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from reviewcore.errors import Refused, nearest
from reviewcore.profile import shipped
from reviewcore.profile.document import spell
from reviewcore.profile.lines import Path as KeyPath
from reviewcore.profile.lines import locate
from reviewcore.store.files import write_whole

PROFILE = "review.toml"
SCHEMA = "review.schema.json"
_SETTING = re.compile(r"""(\s*[^=\[{]+?\s*=\s*)(?:"[^"\\]*"|'[^']*'|[^\s#\[{"']+)(\s*(?:#.*)?)""")
_NAMED = re.compile(r"\A#:schema [^\n]*\n")
_OF_A_REVIEW = (PROFILE, "review.db", "vault.db", "papers", "publications")


def new(
    folder: Path,
    name: str,
    columns: Mapping[str, Mapping[str, str]] | None = None,
    values: Mapping[str, object] | None = None,
    schema: str = "",
) -> Path:
    """Write the shipped profile `name` into a new review folder and return where it stands.

    `columns` maps the lists ("cases", "people") to our fields and the file's headings. `values` maps
    settings, written as "agency.name", to what replaces their blank. `schema` is laid beside the profile
    for editors, and named in its first line. Everything else stays as it is, so `check` names what is
    still to be filled in. Refuses a folder that holds a review already.
    """
    held = [held for held in _OF_A_REVIEW if (folder / held).exists()]
    if held:
        raise Refused(f"{folder} holds a review already ({', '.join(held)}); choose another folder")
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is a file; choose a folder, new or empty")
    text = shipped.path(name).read_text(encoding="utf-8")
    text = f"#:schema ./{SCHEMA}\n" * bool(schema) + _NAMED.sub("", text, count=1)
    text = fill(text, values or {}, columns or {})
    (folder / "returned").mkdir(parents=True, exist_ok=True)  # completed tools come back here
    if schema:
        write_whole(folder / SCHEMA, schema.encode())
    write_whole(folder / PROFILE, text.encode())  # last, since its being there is what makes the review
    return folder / PROFILE


def fill(text: str, values: Mapping[str, object], columns: Mapping[str, Mapping[str, str]]) -> str:
    """Return a profile's text with these settings and columns put in, every comment where it was.

    Raises Refused for a setting that the profile does not have on a line of its own.
    """
    for key, value in values.items():
        text = _put(text, tuple(key.split(".")), value)
    for kind, mapping in columns.items():
        table: KeyPath = ("lists", kind, "columns")
        known = locate(text)
        absent = {field: heading for field, heading in mapping.items() if (*table, field) not in known}
        for field in (field for field in mapping if field not in absent):
            text = _put(text, (*table, field), mapping[field])
        text = _add(text, table, absent)
    return text


def _put(text: str, path: KeyPath, value: object) -> str:
    """Replace the value of a setting that stands on one line, keeping what else is on it."""
    known = locate(text)
    lines = text.split("\n")
    at = known.get(path, 0) - 1
    if at >= 0 and (found := _SETTING.fullmatch(lines[at])):
        lines[at] = found[1] + tomli_w.dumps({"x": value}).removeprefix("x = ").rstrip("\n") + found[2]
        changed = "\n".join(lines)
        if _reads_as(changed, _with(text, path, value)):
            return changed
    near = nearest(spell(path), tuple(spell(one) for one in known if one != path))
    raise Refused(f"the profile has no setting {spell(path)} on a line of its own{near}")


def _add(text: str, table: KeyPath, entries: Mapping[str, object]) -> str:
    """Add entries to a table: under its heading, or under a new heading at the end."""
    if not entries:
        return text
    lines = text.rstrip("\n").split("\n")
    heading = f"[{spell(table)}]"
    written = tomli_w.dumps(entries).rstrip("\n").split("\n")
    at = next((at for at, line in enumerate(lines, 1) if line.split("#")[0].strip() == heading), None)
    if at is None:
        lines += ["", heading, *written]
    else:
        lines[at:at] = written
    changed, expected = "\n".join(lines) + "\n", text
    for field, value in entries.items():
        expected = tomli_w.dumps(_with(expected, (*table, field), value))
    if not _reads_as(changed, tomllib.loads(expected)):
        raise Refused(f"the profile has no table {heading} under a heading of its own; give it one")
    return changed


def _reads_as(text: str, expected: dict[str, object]) -> bool:
    try:
        return tomllib.loads(text) == expected
    except tomllib.TOMLDecodeError:
        return False


def _with(text: str, path: KeyPath, value: object) -> dict[str, Any]:
    """Return the document with one value set, as it must read afterwards."""
    document = tomllib.loads(text)
    inner: Any = document
    for step in path[:-1]:
        inner = inner.setdefault(step, {}) if isinstance(inner, dict) else inner[step]
    inner[path[-1]] = value
    return document
