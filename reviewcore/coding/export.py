"""The codebook for other programs: REFI-QDA's exchange format (.qdc), which MAXQDA, NVivo and ATLAS.ti read, or CSV."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from reviewcore.coding.sheet import Code, by_title
from reviewcore.coding.values import Coded
from reviewcore.errors import Refused

_SPACE = "urn:QDA-XML:codebook:1.0"


def export(name: str, codes: Sequence[Code], now: Coded) -> bytes:
    """Return the codebook as a file of this name: .qdc or .csv. Merged codes are left out, and named with theirs.

    It holds codes and no note, no mark and no person.
    """
    if name.endswith(".qdc"):
        return _refi(codes, now)
    if name.endswith(".csv"):
        return _csv(codes, now)
    raise Refused(
        "a codebook is exported as .qdc (REFI-QDA, for MAXQDA, NVivo and ATLAS.ti) or as .csv; name one"
    )


def standing(codes: Sequence[Code], now: Coded) -> list[tuple[Code, str]]:
    """Return the codes that stand, each with the labels of those that were merged into it."""
    labels = {code.mark: code.label for code in codes}
    return [
        (
            code,
            "; ".join(labels[one] for one in labels if one != code.mark and now.standing(one) == code.mark),
        )
        for code in codes
        if now.standing(code.mark) == code.mark
    ]


def _refi(codes: Sequence[Code], now: Coded) -> bytes:
    ElementTree.register_namespace("", _SPACE)
    root = ElementTree.Element(f"{{{_SPACE}}}CodeBook", {"origin": "reviewcore"})
    every = ElementTree.SubElement(root, f"{{{_SPACE}}}Codes")
    groups = {}
    for key, title in by_title(codes).items():
        said = {"guid": _guid(key), "name": title, "isCodable": "false"}
        groups[key] = ElementTree.SubElement(every, f"{{{_SPACE}}}Code", said)
    for code, merged in standing(codes, now):
        said = {"guid": _guid("/".join(code.mark)), "name": code.label, "isCodable": "true"}
        made = ElementTree.SubElement(groups[code.mark[0]], f"{{{_SPACE}}}Code", said)
        if merged:
            ElementTree.SubElement(made, f"{{{_SPACE}}}Description").text = f"Also: {merged}"
    data: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _guid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"reviewcore:code:{name}"))


def _csv(codes: Sequence[Code], now: Coded) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("list", "list title", "code", "label", "also"))
    for code, merged in standing(codes, now):
        writer.writerow((code.mark[0], code.list_title, code.mark[1], code.label, merged))
    return b"\xef\xbb\xbf" + text.getvalue().encode()
