"""Finding, allowing and loading review types, among packages that are really installed in a folder."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewcore import __version__, plugins
from reviewcore.errors import PluginFailed, Refused

HONEST = Path(__file__).parent.parent / "offenders" / "honest_type.py"


def install(site: Path, package: str, version: str, types: dict[str, str], summary: str = "") -> None:
    """Put a package with entry points into `site`, as pip would."""
    info = site / f"{package.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    said = f"Summary: {summary}\n" if summary else ""
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n{said}")
    lines = "\n".join(f"{name} = {target}" for name, target in types.items())
    (info / "entry_points.txt").write_text(f"[{plugins.GROUP}]\n{lines}\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages, with the honest type as the module `visits_review`."""
    shutil.copy(HONEST, tmp_path / "visits_review.py")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(plugins, "BUNDLED", {})
    yield tmp_path
    for name in ("visits_review", "broken_review"):
        sys.modules.pop(name, None)


def test_a_bundled_type_is_found_by_the_table(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, the types of the wheel need a scan of all that is installed, or an allowance."""
    monkeypatch.setattr(plugins, "BUNDLED", {"visits": "visits_review:Visits"})
    monkeypatch.setattr(plugins, "_entries", lambda: pytest.fail("scanned what is installed"))
    loaded = plugins.load("visits")
    assert (loaded.name, loaded.version, loaded.review_type().title) == (
        "visits",
        __version__,
        "Visit review",
    )


def test_a_bundled_name_cannot_be_taken(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, another package can slip in under the name of a bundled type."""
    install(site, "impostor", "9", {"visits": "nowhere:Impostor"})
    monkeypatch.setattr(plugins, "BUNDLED", {"visits": "visits_review:Visits"})
    assert plugins.load("visits", ("impostor",)).version == __version__


@pytest.mark.parametrize("allowed", ["visits-review", "Visits_Review", "visits"])
def test_a_third_partys_type_is_loaded_where_the_profile_allows_it(site: Path, allowed: str) -> None:
    """If this fails, nobody can add a review type, or only by one spelling of its package's name."""
    install(site, "visits-review", "1.2", {"visits": "visits_review:Visits"})
    loaded = plugins.load("visits", (allowed,))
    assert (loaded.name, loaded.version) == ("visits", "1.2")


def test_what_the_profile_does_not_name_is_not_even_imported(site: Path) -> None:
    """If this fails, code runs because it is installed, not because the county allowed it."""
    install(site, "visits-review", "1.2", {"visits": "visits_review:Visits"})
    with pytest.raises(Refused) as caught:
        plugins.load("visits", ("something-else",))
    assert str(caught.value) == (
        "review type 'visits' is installed (visits-review 1.2) but the profile does not allow it; write "
        'plugins = ["visits-review"] in the profile if you trust it'
    )
    assert "visits_review" not in sys.modules


def test_an_unknown_type_is_refused_with_the_nearest(site: Path) -> None:
    """If this fails, a slip of the pen in `type` leaves the county without a way on."""
    install(site, "visits-review", "1.2", {"visits": "visits_review:Visits"})
    with pytest.raises(Refused) as caught:
        plugins.load("vissits")
    assert str(caught.value) == (
        "no review type 'vissits' is installed; did you mean 'visits'?; there are visits. Install the package "
        "that provides it"
    )


def test_two_providers_of_one_name_are_both_named(site: Path) -> None:
    """If this fails, which of two packages answers is a matter of luck."""
    install(site, "visits-review", "1.2", {"visits": "visits_review:Visits"})
    install(site, "other-visits", "3", {"visits": "visits_review:Visits"})
    with pytest.raises(
        Refused, match=r"is provided by: other-visits 3 / visits-review 1\.2; write in the profile's"
    ):
        plugins.load("visits", ("visits",))
    assert plugins.load("visits", ("visits-review",)).version == "1.2"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise ValueError('Jane Q. Public')", "raised ValueError in broken_review, line 1"),
        ("import nowhere_at_all", "raised ModuleNotFoundError in broken_review, line 1"),
        ("import sys\nsys.exit(3)", "raised SystemExit in broken_review, line 2"),
        ("Broken = 1", "register: expected a class, got int"),
        ("", "raised AttributeError"),
    ],
)
def test_a_package_that_cannot_be_imported_is_named_without_its_message(
    site: Path, code: str, said: str
) -> None:
    """If this fails, one broken package ends the program, or its message comes out."""
    (site / "broken_review.py").write_text(code)
    install(site, "broken-review", "0.1", {"broken": "broken_review:Broken"})
    with pytest.raises(PluginFailed) as caught:
        plugins.load("broken", ("broken-review",))
    assert str(caught.value).startswith("broken 0.1: ")
    assert str(caught.value).endswith(said)
    assert caught.value.__context__ is None
    if "raised" in said:
        with pytest.raises(PluginFailed) as caught:
            plugins.load("broken", ("broken-review",), debug=True)
        assert caught.value.__cause__ is not None


def test_what_is_installed_is_listed_without_being_run(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, `reviewcore types` runs code that no profile has allowed, or is stopped by a broken package."""
    (site / "broken_review.py").write_text("raise ValueError")
    install(site, "broken-review", "0.1", {"broken": "broken_review:Broken"}, "A review that breaks")
    install(site, "reviewcore", "0.1", {"visits": "visits_review:Visits"})
    monkeypatch.setattr(plugins, "BUNDLED", {"visits": "visits_review:Visits"})
    assert plugins.available() == (
        plugins.TypeInfo("visits", "Visit review", __version__, "reviewcore"),
        plugins.TypeInfo("broken", "A review that breaks", "0.1", "broken-review"),
    )
