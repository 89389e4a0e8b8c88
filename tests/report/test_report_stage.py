"""A publication is in place whole or not at all, once, and its record stays true."""

import os
import re
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from attrs import evolve, fields
from made_up_reports import FACTS, PLAN, PUBLICATION, document

from reviewcore.disclosure.publication import Theme, ThemeList
from reviewcore.errors import BadInput, Blocked, Refused
from reviewcore.profile.settings import Format, Profile
from reviewcore.report import stage
from reviewcore.report.formats import FORMATS, missing
from reviewcore.report.plan import Given, Paragraph, ReportPlan
from reviewcore.store import points
from reviewcore.store.database import connect, sqlite_url
from reviewcore.store.files import digest, write_whole
from reviewcore.store.keys import Key
from reviewcore.store.log import Log, table
from reviewcore.store.records import Records
from reviewcore.store.scan import Roster

DOCUMENTS = ("docx", "html", "pdf", "pptx", "xlsx")
PEOPLE = ({"person_id": "W-1", "name": "Mary Smith", "email": "msmith@alder.example"},)
SPANISH = ReportPlan((*PLAN.documents, evolve(PLAN.documents[0], language="es-MX")))


def _records(folder: Path) -> Records:
    folder.mkdir(exist_ok=True)
    engine = connect(sqlite_url(folder / "review.db"), table().metadata, "log")
    log = Log(engine, "alder", "r1", lambda: datetime(2027, 4, 30, tzinfo=UTC), "test")
    return Records(folder, log, Key(bytes(32)), Roster.of(PEOPLE, (), ()).find)


def _publish(folder: Path, plan: ReportPlan = PLAN) -> None:
    stage.publish(_records(folder), FACTS, plan, PUBLICATION)


def _files(folder: Path) -> dict[str, bytes]:
    root = folder / "publications"
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def test_a_publication_is_put_in_place_and_recorded(tmp_path: Path) -> None:
    """If this fails, files lie elsewhere, or the record does not say what went out."""
    _publish(tmp_path, SPANISH)
    assert sorted(_files(tmp_path)) == [
        f"publications/state/1/report{end}"
        for end in sorted(
            [f"{lang}.{name}" for lang in ("", ".es-mx") for name in DOCUMENTS] + [".json", ".csv.zip"]
        )
    ]
    (event,) = _records(tmp_path).log.events()
    assert event.kind == "report.published"
    assert event.body == {
        "audience": "state",
        "number": 1,
        "files": [{"path": name, "sha256": digest(data)} for name, data in _files(tmp_path).items()],
    }
    (published,) = stage.state(_records(tmp_path).log)
    assert (published.audience, published.number, len(published.files)) == ("state", 1, 12)


def test_said_twice_it_is_done_once(tmp_path: Path) -> None:
    """If this fails, a repeated command publishes again, or records twice what went out once."""
    _publish(tmp_path)
    before = _files(tmp_path)
    _publish(tmp_path)
    assert _files(tmp_path) == before
    assert len(_records(tmp_path).log.events()) == 1


def test_a_plan_with_problems_is_refused_and_nothing_written(tmp_path: Path) -> None:
    """If this fails, a number by hand reaches a document."""
    plan = ReportPlan((document(Paragraph(("All 4 of them",)), Paragraph(("and 5",))),))
    with pytest.raises(BadInput, match=r"report plan: document 'report' \(en\), block 1: .*Cite") as caught:
        stage.publish(_records(tmp_path), FACTS, plan, PUBLICATION)
    assert len(caught.value.problems) == 2
    assert not (tmp_path / "publications").exists()


@pytest.mark.parametrize("leak", ["Mary Smith", "SMITH, mary", "Máry Smith", "msmith@alder.example", "W-1"])
def test_a_name_blocks_and_nothing_is_written_or_said_of_whom(tmp_path: Path, leak: str) -> None:
    """If this fails, somebody is named in a publication, or in the message that keeps it back (PQCR-7, QSR-6)."""
    themes = ThemeList("strengths", "Strengths", (Theme("a", f"Thanks to {leak}"),))
    offenders = (
        (FACTS, PLAN, evolve(PUBLICATION, themes=(themes, PUBLICATION.themes[1]))),
        (FACTS, ReportPlan((document(Paragraph(("By ", Given(leak)))),)), PUBLICATION),
        (evolve(FACTS, agency=leak), PLAN, PUBLICATION),
        (evolve(FACTS, title=leak), PLAN, PUBLICATION),
    )
    for facts, plan, publication in offenders:
        with pytest.raises(Blocked) as caught:
            stage.publish(_records(tmp_path), facts, plan, publication)
        said = str(caught.value)
        assert "publications/state/1/report.html (" in said
        assert "publications/state/1/report.docx (" in said
        assert "agency.public_names" in said
        assert not {"smith", "w-1", "msmith"} & set(said.lower().replace("@", " ").split())
        assert not (tmp_path / "publications").exists()
        assert _records(tmp_path).log.events() == ()


def test_other_files_in_its_place_are_never_overwritten(tmp_path: Path) -> None:
    """If this fails, what somebody may have been given already is silently replaced."""
    write_whole(tmp_path / "publications/state/1/report.html", b"something else")
    with pytest.raises(Refused, match=r"publications/state/1: other files stand here.*move them away"):
        _publish(tmp_path)
    assert _files(tmp_path) == {"publications/state/1/report.html": b"something else"}
    assert _records(tmp_path).log.events() == ()


def test_changed_and_missing_files_are_named(tmp_path: Path) -> None:
    """If this fails, a file that was altered after it went out passes for what was published."""
    _publish(tmp_path)
    log = _records(tmp_path).log
    assert stage.changed(tmp_path, log) == []
    (tmp_path / "publications/state/1/report.docx").unlink()
    with (tmp_path / "publications/state/1/report.json").open("ab") as file:
        file.write(b" ")
    assert stage.changed(tmp_path, log) == [
        "publications/state/1/report.docx: missing",
        "publications/state/1/report.json: changed since it was published",
    ]


def test_only_the_formats_that_are_asked_for_are_written(tmp_path: Path) -> None:
    """If this fails, a county's choice of formats changes nothing, or changes what the files say."""
    _publish(tmp_path / "all")
    every = {Path(name).name: data for name, data in _files(tmp_path / "all").items()}
    stage.publish(_records(tmp_path / "some"), FACTS, PLAN, PUBLICATION, ("pdf", "json"))
    some = {Path(name).name: data for name, data in _files(tmp_path / "some").items()}
    assert some == {name: every[name] for name in ("report.pdf", "report.json")}


def test_a_format_that_cannot_be_written_is_told_before_anything_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If this fails, a review comes to its end before anyone learns that its report cannot be written."""
    assert missing(FORMATS) == []
    for module in ("docx", "xlsxwriter", "typst"):
        monkeypatch.setitem(sys.modules, module, None)
    said = list(map(str, missing(FORMATS)))
    assert [text.partition(" files")[0] for text in said] == [
        f"review.toml: formats: to write '{name}'" for name in ("docx", "xlsx", "pdf", "pptx")
    ]
    assert [re.search(r"reviewcore\[(\w+)\]", text)[1] for text in said] == [
        "office",
        "office",
        "pdf",
        "office",
    ]
    assert missing(("html", "json")) == []


def test_every_format_that_a_profile_can_name_is_written() -> None:
    """If this fails, a profile may name a format that nothing writes, and it is left out in silence."""
    assert tuple(FORMATS) == get_args(Format)
    assert set(fields(Profile).formats.default) == set(FORMATS) - {"pptx", "csv"}
    assert set(FORMATS) == {Path(name).suffixes[0][1:] for name in stage.render(FACTS, PLAN, PUBLICATION)}


# -- killed at any write ----------------------------------------------------------------------------


def _killed_at(number: int, folder: Path) -> bool:
    """Publish in a child that is killed at its how-manieth write; say whether it came that far."""
    child = os.fork()
    if child == 0:
        passed = 0

        def stop(what: str) -> None:
            nonlocal passed
            passed += 1
            if passed == number:
                os.kill(os.getpid(), signal.SIGKILL)

        points.about_to = stop
        try:
            _publish(folder)
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _survives_every_kill(tmp_path: Path) -> int:
    """Kill at each write in turn, resume, and compare with an undisturbed run; return how many writes there are."""
    _publish(tmp_path / "undisturbed")
    expected, number = _files(tmp_path / "undisturbed"), 1
    body = _records(tmp_path / "undisturbed").log.events()[0].body
    while _killed_at(number, folder := tmp_path / f"killed-{number}"):
        visible = {name for name in _files(folder) if "/." not in name}
        assert visible in (set(), set(expected)), "a part of a publication stands where people look"
        _publish(folder)
        assert _files(folder) == expected
        assert [event.body for event in _records(folder).log.events()] == [body]
        number += 1
    return number - 1


needs_fork = pytest.mark.skipif(sys.platform == "win32", reason="needs os.fork and SIGKILL")


@needs_fork
def test_killed_at_any_write_it_ends_in_the_same_bytes(tmp_path: Path) -> None:
    """If this fails, a power cut leaves half a publication, or two, or none that can be completed."""
    assert _survives_every_kill(tmp_path) == 7 + 1 + 1  # files, the folder, the event


def _straight_into_place(folder: Path, place: str, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        write_whole(folder / name, data)


def _leaving_the_staging(folder: Path, place: str, files: dict[str, bytes]) -> None:
    if folder.exists():
        return
    staging = folder.with_name(f".{folder.name}.part")
    staging.mkdir(parents=True)
    for name, data in files.items():
        write_whole(staging / name, data)
    points.about_to("folder")
    staging.rename(folder)


@needs_fork
@pytest.mark.parametrize("offender", [_straight_into_place, _leaving_the_staging])
def test_writing_otherwise_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, offender: Callable[..., None]
) -> None:
    """If this fails, the test above would pass a stage that shows half a publication or cannot resume."""
    monkeypatch.setattr(stage, "_put", offender)
    with pytest.raises((AssertionError, FileExistsError)):
        _survives_every_kill(tmp_path)
