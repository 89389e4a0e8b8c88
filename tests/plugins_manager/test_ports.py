"""Transports of other packages: loaded only where they are allowed and trusted, and held to the agreement."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from attrs import evolve

from reviewcore import __version__, ports
from reviewcore.errors import PluginFailed, Refused
from reviewcore.ports import Sending, transport, transports
from reviewcore.profile.settings import Profile
from tests.cli.command_line import on
from tests.review.small_county import begin, letters, opened

MAILDIR = Path(__file__).with_name("maildir_transport.py")
BOTH = {"plugins": ("maildir-review",), "trusted": ("maildir-review",)}


def install(site: Path, package: str, targets: dict[str, str], version: str = "1.2") -> None:
    """Put a package that offers ports into `site`, as pip would."""
    info = site / f"{package.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    lines = "\n".join(f"{name} = {target}" for name, target in targets.items())
    (info / "entry_points.txt").write_text(f"[{ports.GROUP}]\n{lines}\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages, with the Maildir among them."""
    folder = tmp_path / "site"
    folder.mkdir()
    shutil.copy(MAILDIR, folder / "maildir_review.py")
    monkeypatch.syspath_prepend(str(folder))
    install(folder, "maildir-review", {"maildir": "maildir_review:Maildirs"})
    yield folder
    for name in ("maildir_review", "broken_review"):
        sys.modules.pop(name, None)


@pytest.fixture
def profile(tmp_path: Path) -> Callable[..., Profile]:
    """Return a function that gives the small county's profile, with another way to send."""
    begin(tmp_path / "county")
    made = opened(tmp_path / "county").profile

    def with_(by: str = "maildir", **changes: Any) -> Profile:
        return evolve(made, sending=Sending(by=by), **changes)

    return with_


def test_what_comes_with_reviewcore_needs_no_search(
    profile: Callable[..., Profile], site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If this fails, sending by SMTP waits for a scan of all that is installed, or another can take its name."""
    install(site, "impostor", {"smtp": "nowhere:Impostor"})
    monkeypatch.setattr(ports, "allowed_entries", lambda *_: pytest.fail("scanned what is installed"))
    found = transport(profile("smtp", plugins=("impostor",), trusted=("impostor",)))
    assert (found.transport.name, found.plugin, found.version) == ("smtp", "reviewcore", __version__)


def test_a_transport_is_loaded_where_it_is_allowed_and_trusted(
    profile: Callable[..., Profile], site: Path
) -> None:
    """If this fails, a county cannot send on its own way."""
    found = transport(profile(**BOTH))
    assert (found.transport.name, found.plugin, found.version) == ("maildir", "maildir-review", "1.2")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "sending.by: no transport 'maildir' is offered; there are smtp"),
        ({"plugins": ("maildir-review",)}, "name it in the profile under plugins and under trusted"),
        ({"trusted": ("maildir-review",)}, "trusted: maildir-review must stand under plugins, too"),
    ],
)
def test_what_is_not_trusted_is_not_even_imported(
    profile: Callable[..., Profile], site: Path, changes: dict[str, Any], said: str
) -> None:
    """If this fails, code that nobody has vouched for is given names and addresses."""
    with pytest.raises(Refused, match=said):
        transport(profile(**changes))
    assert "maildir_review" not in sys.modules


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise ValueError('Jane Q. Public')", "import: raised ValueError in broken_review, line 1"),
        ("Broken = 1", "expected a class, got int"),
        ("class Broken: pass", "transports: missing; ports answer every hook"),
        ("    def transports(self): return [1]", "expected a tuple of Transport, got list"),
        ("    def transports(self): return (1,)", "transports\\[0\\]: expected a Transport, got int"),
        ("    def transports(self): return (Transport(1, print),)", "transports\\[0\\]: name must be text"),
        ("    def transports(self): raise ValueError('Jane')", "raised ValueError in broken_review, line 4"),
        ("    def transports(self, people): return ()", "takes 'people', which it is not given"),
        ("    def selection(self): return ()", "selection: there is no such hook; there are transports"),
    ],
)  # fmt: skip
def test_a_port_that_breaks_the_agreement_is_named(site: Path, code: str, said: str) -> None:
    """If this fails, a broken plugin stops the review in a traceback, or its message comes out."""
    whole = f"from reviewcore.ports import Transport, hookimpl\nclass Broken:\n    @hookimpl\n{code}\n"
    (site / "broken_review.py").write_text(whole if code.startswith(" ") else code)
    install(site, "broken-review", {"broken": "broken_review:Broken"}, "0.1")
    with pytest.raises(PluginFailed, match=said) as caught:
        transports(("broken-review",), ("broken-review",))
    assert str(caught.value).startswith("broken-review 0.1: ")
    assert "Jane" not in str(caught.value)


def test_two_packages_with_one_name_are_both_named(profile: Callable[..., Profile], site: Path) -> None:
    """If this fails, by which of two packages letters leave is a matter of luck."""
    install(site, "other-maildir", {"maildir": "maildir_review:Maildirs"}, "3")
    both = ("maildir-review", "other-maildir")
    with pytest.raises(Refused, match=r"'maildir' is provided by: maildir-review 1\.2 / other-maildir 3"):
        transport(profile(plugins=both, trusted=both))


def test_letters_leave_by_a_trusted_transport_and_status_names_it(tmp_path: Path, site: Path) -> None:
    """If this fails, nobody learns whose code was given names, or another way than SMTP sends twice."""
    root = tmp_path / "county"
    begin(root)
    review = opened(root)
    review.select()
    letters(review)
    path = root / "review" / "review.toml"
    text = path.read_text().replace(
        "\n[agency]", '\nplugins = ["maildir-review"]\ntrusted = ["maildir-review"]\n\n[agency]'
    )
    path.write_text(text + '\n[sending]\nby = "maildir"\n')
    with mock.patch("tests.cli.command_line.NOW", datetime(2027, 8, 2, 17, tzinfo=UTC)):
        missing = on(root, "notify", "--send", "--yes")
        assert "sending.options: say where the Maildir is" in missing.err
        path.write_text(path.read_text() + 'options = { folder = "../maildir" }\n')
        due = {
            one["id"]
            for event in review.records.log.events("letters.drafted")
            for one in (event.body or {})["letters"]
            if one["leave"] <= "2027-08-02"
        }
        for _ in range(2):
            assert on(root, "notify", "--send", "--yes").code == 0
            assert {one.name.partition(".")[0] for one in (root / "maildir/new").glob("*")} == due
    assert due
    said = on(root, "status").out
    assert "trusted with names and addresses: maildir-review" in said
    assert "addresses were given to maildir of maildir-review 1.2" in said
    assert on(root, "verify").code == 0
