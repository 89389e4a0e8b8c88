"""Reading finished Word, Excel and PowerPoint files: every part of the package, and no part that ours have not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from posixpath import basename
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from reviewcore.rereading.units import Read

_SHARED = r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(core|app)\.xml"
_PARTS = {
    "docx": rf"{_SHARED}|word/(document|styles|settings|numbering|footer1)\.xml|word/media/image\d+\.png"
    r"|word/_rels/(document|footer1)\.xml\.rels",
    "xlsx": rf"{_SHARED}|xl/(workbook|styles|sharedStrings)\.xml|xl/theme/theme1\.xml|xl/worksheets/sheet\d+\.xml"
    r"|xl/(charts/chart|drawings/drawing)\d+\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(worksheets|drawings)/_rels/\w+\.xml\.rels",
    "pptx": rf"{_SHARED}|ppt/(presentation|presProps|tableStyles|viewProps)\.xml|ppt/theme/theme\d+\.xml"
    r"|ppt/slide(s|Layouts|Masters)/slide(Layout|Master)?\d+\.xml|ppt/charts/chart\d+\.xml"
    r"|ppt/embeddings/Microsoft_Excel_Sheet\d+\.xlsx|ppt(/\w+)?/_rels/\w+\.xml\.rels",
}
"""The parts that files of ours are made of; any other could carry anything."""

_NAMES = {
    "main": "{http://schemas.openxmlformats.org/drawingml/2006/main}",
    "word": "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "sheet": "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
    "chart": "{http://schemas.openxmlformats.org/drawingml/2006/chart}",
}
_A, _W, _S, _C = (_NAMES[name] for name in ("main", "word", "sheet", "chart"))
_SAID = ("descr", "title", "tooltip", "display", "prompt", "promptTitle", "altText", "tblDescription")
_CODE = re.compile(r"&[A-Z&]")
_COUNTED = (
    "AppVersion", "i4", "TotalTime", "Words", "Paragraphs", "Slides", "Notes", "HiddenSlides", "MMClips", "DocSecurity",
)  # fmt: skip
"""What an office program counts of a file."""


def read(kind: str, data: bytes, within: str = "") -> Read:
    """Return what a package holds; `within` says of which other file it is a part."""
    made = Read()
    try:
        with ZipFile(BytesIO(data)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
    except BadZipFile:
        made.wrong.append("it is no whole file of its kind: it was cut short or changed on the way")
        return made
    roots: dict[str, ElementTree.Element] = {}
    for name, body in parts.items():
        if not re.fullmatch(_PARTS[kind], name):
            made.wrong.append(f"{within}a part that no file of ours has: {basename(name)}")
        elif name.endswith((".xml", ".rels")):
            keep = ElementTree.TreeBuilder(insert_comments=True)
            roots[name] = ElementTree.fromstring(body, ElementTree.XMLParser(target=keep))  # noqa: S314
    for name, root in roots.items():
        _anywhere(made, f"{within}{name}", root)
    {"docx": _word, "xlsx": _excel, "pptx": _slides}[kind](made, roots, parts, within)
    return made


def _anywhere(made: Read, name: str, root: ElementTree.Element) -> None:
    """Read what any part can hold: comments, what is read out for pictures, links, properties."""
    for one in root.iter():
        if not isinstance(one.tag, str):
            made.say(f"a comment in {name}", one.text)
            continue
        for key, value in one.attrib.items():
            bare = key.rpartition("}")[2]
            if bare in _SAID:
                made.say(f"the {bare} of something in {name}", value)
            elif bare == "TargetMode" and value == "External":
                made.wrong.append(f"a link out of the file in {name}")
            elif bare in ("show", "hidden", "state", "vanish") and _hides(one, bare, value):
                made.wrong.append(f"something hidden in {name}")
    if name.endswith("core.xml"):
        for one in root.iter():
            if isinstance(one.tag, str) and not one.tag.endswith("revision"):
                made.say("a property of the file", re.sub(r"T\d\d:\d\d:\d\dZ$", "", one.text or ""))
    if name.endswith("app.xml"):
        for one in root.iter():
            bare = one.tag.rpartition("}")[2] if isinstance(one.tag, str) else ""
            if bare not in _COUNTED and "!" not in (one.text or ""):  # the place of a sheet's own names
                made.say("a property of the file", one.text)


def _hides(one: ElementTree.Element, name: str, value: str) -> bool:
    if name == "show":
        return one.tag.endswith("}sld") and value in ("0", "false")
    return value in ("1", "true", "hidden", "veryHidden") and not one.tag.endswith("}definedName")


def _word(made: Read, roots: dict[str, ElementTree.Element], _: dict[str, bytes], __: str) -> None:
    for name, root in roots.items():
        if not name.startswith("word/") or name.endswith(".rels"):
            continue
        if any(one.tag == f"{_W}vanish" for one in root.iter()):
            made.wrong.append(f"hidden text in {name}")
        for one in root.iter(f"{_W}tblDescription"):
            made.say("what is read out for a table", one.get(f"{_W}val"))
        for one in root.iter(f"{_W}p"):
            made.say("a paragraph", "".join(_runs(one)))
        loose = [one.text for one in root.iter() if one.text and isinstance(one.tag, str) and one.tag not in
                 (f"{_W}t", f"{_W}instrText")]  # fmt: skip
        for text in loose:
            made.say(f"a text outside of all paragraphs in {name}", text)
        for table in root.iter(f"{_W}tbl"):
            rows = [
                tuple("".join(_runs(cell)) for cell in row.iter(f"{_W}tc")) for row in table.iter(f"{_W}tr")
            ]
            style = table.find(f"{_W}tblPr/{_W}tblStyle")
            if style is None or style.get(f"{_W}val") != "Bars":
                made.rows += [("a table", row) for row in rows]
    made.looked += ["its words and tables", "what is read out for pictures and tables", "its footer and properties",
                    "that it has no other part, and nothing hidden"]  # fmt: skip


def _runs(element: ElementTree.Element) -> Iterator[str]:
    for one in element.iter():
        if one.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            yield " "
        elif one.tag in (f"{_W}t", f"{_W}delText"):
            yield one.text or ""


def _excel(made: Read, roots: dict[str, ElementTree.Element], _: dict[str, bytes], within: str) -> None:
    strings = roots.get("xl/sharedStrings.xml")
    shared = ["".join(one.itertext()) for one in strings.iter(f"{_S}si")] if strings is not None else []
    shares = _percents(roots.get("xl/styles.xml"))
    for text in shared:
        made.say(f"{within}a text", text)
    for name, root in roots.items():
        if "/worksheets/" in name and not name.endswith(".rels"):
            for row in root.iter(f"{_S}row"):
                cells = [_cell(made, one, shared, shares, f"{within}{name}") for one in row.iter(f"{_S}c")]
                made.rows.append((f"{within}a sheet", tuple(cells)))
            for one in (*root.iter(f"{_S}oddFooter"), *root.iter(f"{_S}oddHeader")):
                made.say(f"{within}a footer", _CODE.sub(" ", one.text or ""))
            for kind in ("legacyDrawing", "dataValidation"):
                if root.find(f".//{_S}{kind}") is not None:
                    made.wrong.append(f"a {kind} in {name}, which no sheet of ours has")
        elif "/charts/" in name:
            _chart(made, root, within)
    for one in roots["xl/workbook.xml"].iter(f"{_S}sheet") if "xl/workbook.xml" in roots else ():
        made.say(f"{within}the name of a sheet", one.get("name"))
    made.looked += [
        "its cells, and the copies of them in charts", "texts of charts, and what is read out for them",
        "its footers and properties", "that nothing is hidden, no formula, no comment, no other part",
    ]  # fmt: skip


def _cell(made: Read, one: ElementTree.Element, shared: list[str], shares: set[int], where: str) -> str:
    value = one.findtext(f"{_S}v", "")
    if one.find(f"{_S}f") is not None:
        made.wrong.append(f"a formula in {where}")
    if one.get("t") == "s":
        text = shared[int(value)]
    elif one.get("t") in ("inlineStr", "str"):
        text = value or "".join(one.itertext())
    else:
        text = shown(value, percent=int(one.get("s", 0)) in shares)
    made.say(f"cell {one.get('r')} of {where}", text)
    return text


def _percents(styles: ElementTree.Element | None) -> set[int]:
    """Return the numbers of the cell styles that show a share as a percent."""
    if styles is None:
        return set()
    own = {one.get("numFmtId") for one in styles.iter(f"{_S}numFmt") if "%" in one.get("formatCode", "")}
    found = styles.find(f"{_S}cellXfs")
    return {
        n
        for n, one in enumerate(found if found is not None else ())
        if one.get("numFmtId") in {"9", "10", *own}
    }


def shown(value: str, *, percent: bool) -> str:
    """Return a number as its sheet shows it."""
    try:
        number = float(value)
    except ValueError:
        return value
    if percent:
        number = round(number * 100, 9)
    text = f"{int(number):,}" if number.is_integer() else str(number)
    return text + "%" * percent


def _chart(made: Read, root: ElementTree.Element, within: str) -> None:
    """Read a chart: the copies of cells that it keeps, and its words."""
    percent = any("%" in (one.text or "") for one in root.iter(f"{_C}formatCode")) or any(
        "%" in one.get("formatCode", "") for one in root.iter(f"{_C}numFmt"))  # fmt: skip
    for kept in root.iter():
        if kept.tag in (f"{_C}numCache", f"{_C}numLit"):
            for one in kept.iter(f"{_C}v"):
                value = one.text or ""
                share = percent or ("." in value and 0 < float(value) < 1)
                made.say(f"{within}a number that a chart keeps", shown(value, percent=share))
        elif kept.tag in (f"{_C}strCache", f"{_C}strLit"):
            for one in kept.iter(f"{_C}v"):
                made.say(f"{within}a name that a chart keeps", one.text)
    for paragraph in root.iter(f"{_A}p"):
        made.say(f"{within}a text of a chart", "".join(one.text or "" for one in paragraph.iter(f"{_A}t")))


def _slides(made: Read, roots: dict[str, ElementTree.Element], parts: dict[str, bytes], within: str) -> None:
    for name, root in roots.items():
        if "/charts/" in name and not name.endswith(".rels"):
            _chart(made, root, within)
        elif name.startswith("ppt/slide") and not name.endswith(".rels"):
            for paragraph in root.iter(f"{_A}p"):
                made.say("a slide", "".join(one.text or "" for one in paragraph.iter(f"{_A}t")))
            for table in root.iter(f"{_A}tbl"):
                for row in table.iter(f"{_A}tr"):
                    cells = tuple(
                        "".join(t.text or "" for t in cell.iter(f"{_A}t")) for cell in row.iter(f"{_A}tc")
                    )
                    made.rows.append(("a table on a slide", cells))
    for name, body in parts.items():
        if name.endswith(".xlsx"):
            inner = read("xlsx", body, "a chart's own workbook: ")
            made.units += inner.units
            made.wrong += inner.wrong
    made.looked += [
        "its slides and tables", "its charts, and the workbooks within them", "what is read out for pictures",
        "its properties", "that it has no other part, no notes, no comments and no hidden slide",
    ]  # fmt: skip
