"""Holding finished files against their publication: what was looked at, and what they should not hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any

from reviewcore.errors import Refused
from reviewcore.report import scan
from reviewcore.rereading import archive, office, paper, web
from reviewcore.rereading.known import Document, Known, documents, known
from reviewcore.rereading.proof import CERTIFICATE, unproved
from reviewcore.rereading.units import Read
from reviewcore.store.records import Scan

DATA = "report.json"
Told = tuple[tuple[str, ...], tuple[str, ...]]


def reread(files: Mapping[str, bytes], truth: Mapping[str, Any] | None, find: Scan | None) -> Told:
    """Return what was looked at and holds, and what is wrong, one line each.

    `truth` is what the publication is by the review's own record; without it, the file of data that lies with
    the others is what they are held against. `find` looks for names; it is None where the vault is not at hand.
    Raises Refused where there is nothing to hold the files against.
    """
    wrong: list[str] = []
    data = truth
    if data is None:
        data = _parsed(files)
    elif DATA in files and json.loads(files[DATA]) != truth:
        wrong.append(f"{DATA}: it does not say what the review's own record says was published")
    held, made = known(data), {one.stem: one for one in documents(data)}
    looked: list[str] = []
    for name, content in sorted(files.items()):
        if name == DATA:
            looked.append(f"{name}: " + ("it is the publication by the review's own record" if truth else
                                         "every other file was held against it"))  # fmt: skip
            continue
        if name == CERTIFICATE:
            try:
                found = unproved(content, data)
            except Exception:  # as below
                found = ["it cannot be read: it was cut short or changed on the way; get a whole copy"]
            wrong += [f"{name}: {one}" for one in found]
            if not found:
                looked.append(
                    f"{name}: it proves that every withheld figure is hidden, and is about these figures"
                )
            continue
        suffix = PurePosixPath(name).suffix[1:]
        document = made.get(name.removesuffix(f".{suffix}"))
        if suffix not in READERS or (document is None and name != "report.csv.zip"):
            wrong.append(f"{name}: it is no file of this publication")
            continue
        try:
            found, told = READERS[suffix](content, document, held, data)
        except Exception:  # whatever a file is, it is told of and not passed over
            found, told = ["it cannot be read: it was cut short or changed on the way; get a whole copy"], []
        wrong += [f"{name}: {one}" for one in dict.fromkeys(found)]
        if not found:
            looked.append(
                f"{name}: no number that the publication does not hold; looked at {', '.join(told)}"
            )
    wrong += _names(files, find)
    if find is not None and not wrong:
        looked.append(
            f"names: {len(files)} files searched for everybody whom the review knows, and none is named"
        )
    elif find is None:
        looked.append("names: not looked for, since the vault that knows them is not here")
    return tuple(looked), tuple(wrong)


def _parsed(files: Mapping[str, bytes]) -> Mapping[str, Any]:
    if DATA not in files:
        raise Refused(
            f"there is nothing to hold these files against: put the publication's {DATA} beside them, or run this in "
            "the review's own folder"
        )
    try:
        data: Mapping[str, Any] = json.loads(files[DATA])
        known(data)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused(f"{DATA}: this is not a publication's file of data; get a whole copy") from None
    return data


def _names(files: Mapping[str, bytes], find: Scan | None) -> list[str]:
    if find is None:
        return []
    found = []
    for name, content in sorted(files.items()):
        try:
            count = scan.places(find, name, content)
        except Exception:
            found.append(f"{name}: it could not be searched for names")
            continue
        if count:
            found.append(f"{name}: it names somebody, at {count} places")
    return found


def _strange(read: Read, held: Known) -> list[str]:
    told = [(unit.where, held.strange(unit.text)) for unit in read.units]
    return [
        *read.wrong,
        *(f"{where} holds {', '.join(numbers)}, which the publication does not hold there" for where, numbers in told
          if numbers),
        *(f"{where} has a row that was not published so" for where, cells in read.rows if held.strange_row(cells)),
    ]  # fmt: skip


Reader = Callable[[bytes, "Document | None", Known, Mapping[str, Any]], tuple[list[str], list[str]]]


def _web(
    content: bytes, _: Document | None, held: Known, __: Mapping[str, Any]
) -> tuple[list[str], list[str]]:
    read = web.read(content)
    return _strange(read, held), read.looked


def _office(kind: str) -> Reader:
    def check(
        content: bytes, _: Document | None, held: Known, __: Mapping[str, Any]
    ) -> tuple[list[str], list[str]]:
        read = office.read(kind, content)
        return _strange(read, held), read.looked

    return check


def _paper(
    content: bytes, document: Document | None, held: Known, data: Mapping[str, Any]
) -> tuple[list[str], list[str]]:
    assert document is not None
    read, pages = paper.read(content)
    found = _strange(read, held)
    more = (data["agency"], data["review"])
    found += [f"its pages hold {one}" for one in paper.strange(pages, document, held, more)]
    return found, read.looked


def _archive(
    content: bytes, _: Document | None, held: Known, data: Mapping[str, Any]
) -> tuple[list[str], list[str]]:
    read = archive.read(content, data)
    return _strange(read, held), read.looked


READERS: Mapping[str, Reader] = {
    "html": _web, "docx": _office("docx"), "xlsx": _office("xlsx"), "pptx": _office("pptx"), "pdf": _paper,
    "zip": _archive,
}  # fmt: skip
