"""`reviewcore verify PUBLICATION` from the command line: inside its review, sent away, and one file alone."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command_line import say


@pytest.fixture(scope="module")
def county(demo: Callable[[str], Path]) -> Path:
    """Return a whole in-service."""
    return demo("caseload")


def test_a_publication_is_verified_within_its_review(county: Path) -> None:
    """If this fails, a coordinator cannot see that what goes out holds what was published and names nobody."""
    said = say("verify", county / "review/publications/state/2", "--keys", county / "keys")
    assert said.code == 0, said.words
    assert "the publication by the review's own record" in said.out
    assert "none is named" in said.out


def test_a_publication_that_was_sent_away_is_verified_by_its_file_of_data(
    county: Path, tmp_path: Path
) -> None:
    """If this fails, whoever is sent a publication cannot check it; or is told that names were looked for."""
    place = tmp_path / "sent"
    shutil.copytree(county / "review/publications/state/2", place)
    said = say("verify", place)
    assert said.code == 0, said.words
    assert "names: not looked for" in said.out
    one = say("verify", place / "report.docx")
    assert one.code == 0, one.words
    page = place / "report.html"
    page.write_text(
        page.read_text(encoding="utf-8").replace("</main>", "<p>Of 4 clients</p></main>"), encoding="utf-8"
    )
    spoilt = say("verify", place)
    assert spoilt.code == 1
    assert "WRONG   report.html: a <p> holds 4" in spoilt.out


def test_a_certificate_that_proves_nothing_or_of_something_else_is_told(county: Path, tmp_path: Path) -> None:
    """If this fails, a bent certificate, or one of other figures, passes for a proof that nobody is singled out."""
    place = tmp_path / "sent"
    shutil.copytree(county / "review/publications/state/2", place)
    proof = place / "certificate.json"
    assert "certificate.json: it proves that every withheld figure is hidden" in say("verify", place).out
    held = json.loads(proof.read_text(encoding="utf-8"))
    part = next(one for one in held["parts"].values() if one["hidden"])
    part["base"][0] += 1
    proof.write_text(json.dumps(held), encoding="utf-8")
    bent = say("verify", place)
    assert bent.code == 1
    assert "WRONG   certificate.json: " in bent.out
    shutil.copyfile(county / "review/publications/agency/2/certificate.json", proof)
    assert "the certificate is not about what stands there" in say("verify", place).out


def test_without_the_key_the_rest_is_verified(county: Path, tmp_path: Path) -> None:
    """If this fails, nothing can be checked by whoever has the folder and not the key."""
    said = say("verify", county / "review/publications/state/2", "--keys", tmp_path)
    assert said.code == 0, said.words
    assert "names: not looked for" in said.out
    assert "own record: not used" in said.out


def test_a_name_that_got_into_a_finished_file_is_told_without_the_name(county: Path, tmp_path: Path) -> None:
    """If this fails, a publication that names somebody is called clean, or the message names them again."""
    import csv

    root = tmp_path / "demo"
    shutil.copytree(county, root)
    with (root / "review/people.csv").open(newline="", encoding="utf-8") as file:
        name = next(csv.DictReader(file))["name"]
    page = root / "review/publications/state/2/report.html"
    page.write_text(
        page.read_text(encoding="utf-8").replace("</main>", f"<p>{name}</p></main>"), encoding="utf-8"
    )
    said = say("verify", page, "--keys", root / "keys")
    assert said.code == 1
    assert "it names somebody" in said.out
    assert name not in said.words
