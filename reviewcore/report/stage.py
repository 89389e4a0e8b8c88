"""The last stage: documents made of a publication, scanned when finished, put in place whole or not at all.

Addressed letters are papers, not publications: they bear names, and do not pass here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from attrs import frozen

from reviewcore.disclosure.publication import Publication
from reviewcore.errors import BadInput, Blocked, Problem, Refused
from reviewcore.pace import Tell
from reviewcore.report import check, csvfile, docx, html, jsonfile, pdf, pptx, scan, xlsx
from reviewcore.report.formats import FORMATS, missing
from reviewcore.report.plan import Document, ReportPlan
from reviewcore.report.resolve import page
from reviewcore.report.values import Facts, Page
from reviewcore.store import points
from reviewcore.store.files import digest, write_all
from reviewcore.store.log import Log
from reviewcore.store.records import Records, Scan

__all__ = ["Facts", "Published", "changed", "missing", "publish", "render", "state"]

PUBLISHED = "report.published"
_WRITERS: Mapping[str, Callable[[Page], bytes]] = {
    "html": html.write,
    "docx": docx.write,
    "xlsx": xlsx.write,
    "pdf": pdf.write,
    "pptx": pptx.write,
}
"""What writes a document, by the ending of its file; the one file of data is written of them all."""


@frozen
class Published:
    """What went out: to whom, the how-manieth publication, and each file's path and SHA-256."""

    audience: str
    number: int
    files: Mapping[str, str]


def publish(
    records: Records,
    facts: Facts,
    plan: ReportPlan,
    publication: Publication,
    formats: Collection[str] = tuple(FORMATS),
    certificate: bytes | None = None,
    tell: Tell | None = None,
) -> None:
    """Render all documents, scan the finished files, write them whole, and record them; said twice, done once.

    The publication's `certificate` is put beside them, as `certificate.json`; `tell` is told what is being written.

    Raises BadInput where the plan says something that was not published, Blocked where a finished file
    names somebody, and Refused where a document cannot be written in one of the formats, or other files stand
    in the publication's place. Then nothing is written.
    """
    if any((p.audience, p.number) == (publication.audience, publication.number) for p in state(records.log)):
        return
    wrong = check.problems(plan, publication)
    if wrong:
        raise BadInput(Problem("report plan", text) for text in wrong)
    place = f"publications/{publication.audience}/{publication.number}"
    files = render(facts, plan, publication, formats, lambda name: tell(f"{place}/{name}") if tell else None)
    if certificate is not None:
        files["certificate.json"] = certificate
    _refuse_names(records.scan, place, files)
    _put(records.folder / place, place, files)
    entries = [{"path": f"{place}/{name}", "sha256": digest(data)} for name, data in sorted(files.items())]
    body = {"audience": publication.audience, "number": publication.number, "files": entries}
    records.log.append(PUBLISHED, body)


def render(
    facts: Facts,
    plan: ReportPlan,
    publication: Publication,
    formats: Collection[str] = tuple(FORMATS),
    tell: Tell = lambda _: None,
) -> dict[str, bytes]:
    """Return every finished file by its name: each document in each of the formats, and one file of data."""
    pages = tuple(page(document, publication, facts) for document in plan.documents)
    files: dict[str, bytes] = {}
    for document, final in zip(plan.documents, pages, strict=True):
        for ending in (one for one in formats if one in _WRITERS):
            tell(name := f"{_stem(document)}.{ending}")
            files[name] = _WRITERS[ending](final)
    if "json" in formats:
        files["report.json"] = jsonfile.write(pages, publication, facts)
    if "csv" in formats:
        files[csvfile.NAME] = csvfile.write(publication, facts)
    return files


def data_file(facts: Facts, plan: ReportPlan, publication: Publication) -> bytes:
    """Return the publication and its documents as one file of data, whichever formats the profile names."""
    return jsonfile.write(tuple(page(one, publication, facts) for one in plan.documents), publication, facts)


def state(log: Log) -> tuple[Published, ...]:
    """Return what has been published, in order."""
    bodies = [event.body for event in log.events(PUBLISHED) if event.body is not None]
    return tuple(
        Published(body["audience"], body["number"], {one["path"]: one["sha256"] for one in body["files"]})
        for body in bodies
    )


def changed(folder: Path, log: Log) -> list[str]:
    """Return which published files are missing or no longer what was published, in words."""
    wrong = []
    for published in state(log):
        for path, expected in published.files.items():
            file = folder / path
            if not file.is_file():
                wrong.append(f"{path}: missing")
            elif digest(file.read_bytes()) != expected:
                wrong.append(f"{path}: changed since it was published")
    return wrong


def _stem(document: Document) -> str:
    """Return a document's file name: its kind, and its language where that is not English."""
    return document.kind if document.language == "en" else f"{document.kind}.{document.language.lower()}"


def _refuse_names(scanner: Scan, place: str, files: Mapping[str, bytes]) -> None:
    found = {name: scan.places(scanner, name, data) for name, data in sorted(files.items())}
    hits = [f"{place}/{name} ({count})" for name, count in found.items() if count]
    if hits:
        raise Blocked(
            f"nothing was published: a finished file names somebody whom it must not name (in brackets, at how "
            f"many places): {', '.join(hits)}. Look through the labels of tables and themes and what the "
            "profile puts into the text; a name that may be told, such as the director's, belongs in "
            "agency.public_names"
        )


def _put(folder: Path, place: str, files: Mapping[str, bytes]) -> None:
    """Put all files in place by one rename; accept a folder that holds these very files already."""
    if folder.exists():
        if {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == dict(files):
            return
        raise Refused(
            f"{place}: other files stand here, and the log does not know them: move them away, then repeat "
            "(nothing was written)"
        )
    staging = folder.with_name(f".{folder.name}.part")
    for left in staging.iterdir() if staging.exists() else ():
        if left.name not in files:  # half a file of a run that was cut short
            left.unlink()
    write_all({staging / name: data for name, data in sorted(files.items())})
    points.about_to(f"folder {place}")
    staging.rename(folder)
