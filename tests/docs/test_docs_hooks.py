"""The documentation says what is so: hooks, commands, events and links are read from the code and looked up."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
import small_agency
import whole_review as whole
from small_county import DICE, NOW, begin, journey, letters, opened

from reviewcore import Review, hookspecs, ports
from reviewcore.cli import COMMANDS
from reviewcore.errors import Refused
from reviewcore.ports import PORTS
from reviewcore.sealing import HOOKS, Plugins
from reviewcore.store.log import Log
from tests.mail_server import serving

ROOT = Path(__file__).parents[2]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PAGES = {
    path: path.read_text(encoding="utf-8")
    for path in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").glob("*.md")),
        *sorted((ROOT / "docs" / "howto").glob("*.md")),
    )
}
KIND = re.compile(r"[a-z]+\.[a-z_]+")


def declared() -> dict[str, str]:
    """Return every hook by its name, with its literal signature, from the specifications themselves."""
    marked = {name: one for name, one in vars(hookspecs).items() if hasattr(one, "reviewcore_spec")}
    return {name: f"{name}({', '.join(signature(one).parameters)})" for name, one in marked.items()}


def headings(page: str) -> list[str]:
    """Return the headings of a page, code blocks left out."""
    text = re.sub(r"^```.*?^```", "", page, flags=re.M | re.S)
    return [line.lstrip("#").strip() for line in text.splitlines() if re.match(r"#+ ", line)]


def untold(commands: Iterable[str], pages: Iterable[str]) -> list[str]:
    """Return the commands that no page shows as they are typed."""
    text = "\n".join(pages)
    return [name for name in commands if not re.search(rf"\breviewcore {name}\b(?!-)", text)]


def events_told(page: str) -> set[str]:
    """Return the kinds in the first column of the page's table of events."""
    table = page.split("| event | says |\n", 1)[1].split("\n\n", 1)[0]
    return {kind for row in table.splitlines() for kind in re.findall(r"`([a-z._]+)`", row.split("|")[1])}


def appended(source: str, names: Mapping[str, object]) -> list[str]:
    """Return the kinds that a module appends to a log; `names` are the module's own constants.

    A log's `append` takes a kind and a body, which tells it from a list's. Raises AssertionError for a kind
    that cannot be read, so that no event can hide from the table.
    """
    kinds: list[str] = []
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef):
            continue
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            if not isinstance(call.func, ast.Attribute):
                continue
            if call.func.attr == "append" and len(call.args) > 1:
                said = call.args[0]
                kind = said.value if isinstance(said, ast.Constant) else names.get(getattr(said, "id", ""))
                assert isinstance(kind, str), f"line {call.lineno}: write the kind as text or as a constant"
                kinds.append(kind)
            elif call.func.attr == "append_all" and ast.unparse(call.func.value).endswith("log"):
                pairs = [
                    n.elts[0] for n in ast.walk(function) if isinstance(n, ast.Tuple) and len(n.elts) == 2
                ]
                said_here = [one.value for one in pairs if isinstance(one, ast.Constant)]
                found = [one for one in said_here if isinstance(one, str) and KIND.fullmatch(one)]
                assert found, f"line {call.lineno}: write the kind beside its body, in the same function"
                kinds += found
    return kinds


def dead(page: Path, text: str) -> list[str]:
    """Return the links of a page, pictures too, that point to no file beside it."""
    links = re.findall(r"\]\(([^)\s#]+)[^)]*\)|```\{(?:image|figure)\} (\S+)", text)
    paths = [inline or block for inline, block in links]
    files = [one for one in paths if "://" not in one and ":" not in one]
    return [
        one for one in files if not (page.parent / one).exists() and Path(one).name not in made(page, one)
    ]


def made(page: Path, link: str) -> set[str]:
    """Return the pages that stand where a link leads once the documentation is built."""
    from tests.docs.test_docs_reference import PAGES as BUILT

    return set(BUILT) if (page.parent / link).resolve().parent == ROOT / "docs" / "reference" else set()


def test_every_hook_is_a_heading_with_its_signature() -> None:
    """If this fails, who writes a review type reads of a hook that is not so."""
    assert set(declared()) == {*HOOKS, *PORTS}
    assert [one for one in declared().values() if one not in headings(ARCHITECTURE)] == []


def test_a_hook_that_is_written_wrongly_would_be_found() -> None:
    """If this fails, the check above passes whatever the page says."""
    wrong = ARCHITECTURE.replace("selection(frame, settings)", "selection(settings, frame)")
    assert [n for n, said in declared().items() if said not in headings(wrong)] == ["selection"]


def test_every_hook_is_called_in_a_review(told: tuple[set[str], set[str]]) -> None:
    """If this fails, a hook is declared that no review ever calls."""
    assert uncalled(declared(), told[0]) == []


def uncalled(hooks: Collection[str], called: Collection[str]) -> list[str]:
    """Return the hooks that were not called."""
    return [name for name in hooks if name not in called]


def test_a_hook_that_nothing_calls_would_be_found(told: tuple[set[str], set[str]]) -> None:
    """If this fails, the check above passes whatever is called."""
    assert uncalled([*declared(), "farewell"], told[0]) == ["farewell"]


def test_every_command_is_shown() -> None:
    """If this fails, a command can only be found by those who know that it is there."""
    assert untold(COMMANDS, PAGES.values()) == []


def test_a_command_that_is_not_shown_would_be_found() -> None:
    """If this fails, a command whose name begins another's, or stands in prose, passes as shown."""
    assert untold(["new", "run"], ["reviewcore new-type x; then run reviewcore"]) == ["new", "run"]


def test_every_event_is_told() -> None:
    """If this fails, the log holds what the documentation does not name, and no auditor knows to ask for it."""
    kinds: set[str] = set()
    for path in sorted((ROOT / "reviewcore").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if path.name != "log.py" and re.search(r"\.append(_all)?\(", source):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            kinds.update(appended(source, vars(import_module(module))))
    assert kinds == events_told(ARCHITECTURE)


def test_every_event_of_a_review_is_told(told: tuple[set[str], set[str]]) -> None:
    """If this fails, an event was written by a way that reading the code did not see."""
    never = {
        "register.key_people", "safety.raised", "safety.told",  # no key people, and nobody in danger
        "themes.coded", "themes.merged", "themes.restored",  # the teams mark the themes
        "quotes.approved", "quotes.withdrawn",  # nobody is quoted
    }  # fmt: skip
    assert told[1] == events_told(ARCHITECTURE) - never


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("log.append('letters.lost', {})", ["letters.lost"]),
        ("records.log.append(LOST, {})", ["letters.lost"]),
        ("records.log.append_all([('letters.lost', {})])", ["letters.lost"]),
        ("found.append('letters.lost')", []),
    ],
)
def test_an_event_is_read_from_the_code(line: str, kinds: list[str]) -> None:
    """If this fails, an event that nobody has told of is not seen."""
    found = appended(f"def act():\n    {line}\n", {"LOST": "letters.lost"})
    assert found == kinds
    assert set(found) <= {"letters.lost"} - events_told(ARCHITECTURE)


def test_an_event_that_cannot_be_read_is_refused() -> None:
    """If this fails, a kind that is put together while it runs hides from the table."""
    with pytest.raises(AssertionError, match="line 2: write the kind as text"):
        appended("def act():\n    log.append(f'letters.{what}', {})\n", {})


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """If this fails, somebody who reads on finds nothing."""
    assert dead(page, PAGES[page]) == []


def test_a_dead_link_would_be_found() -> None:
    """If this fails, the check above passes whatever is linked; a web address and a place on a page are none."""
    text = "[a](docs/none.md) ![b](none.png) [c](https://x.example) [d](README.md#top) [e](#here)"
    assert dead(ROOT / "README.md", text) == ["docs/none.md", "none.png"]


def case_of(review: Review) -> str:
    """Return the id of a drawn case, by its worker on the list and the pseudonyms of the log."""
    drawn = whole.body(review, "selection.drawn")["selected"][0]
    return str(whole.cases_by_pseudonym(review)[drawn["case"]]["case_id"])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], set[str]]:
    """Run a small review that draws, and one that invites everyone; return what they called and wrote."""
    root = tmp_path_factory.mktemp("told")
    called: set[str] = set()
    events: dict[str, Mapping[str, Any]] = {}
    append_all, call, offers = Log.append_all, Plugins._call, ports._offers

    def noted(log: Log, entries: Iterable[tuple[str, Any]], *more: int) -> object:
        entries = list(entries)
        events.update(entries)
        return append_all(log, entries, *more)

    def heard(plugins: Plugins, stage: str, *kind: object, **given: object) -> object:
        called.add(stage)
        return call(plugins, stage, *kind, **given)

    def offered(*plugin: Any) -> object:
        called.update(PORTS)
        return offers(*plugin)

    with pytest.MonkeyPatch.context() as patch, serving(root / "mail") as server:
        patch.setattr(ports, "_offers", offered)
        patch.setattr(Log, "append_all", noted)
        patch.setattr(Plugins, "_call", heard)
        begin(root)
        profile = root / "review" / "review.toml"
        how = f'[sending]\nhost = "127.0.0.1"\nport = {server.port}\ntls = "none"\n'
        profile.write_text(profile.read_text() + how)
        review = opened(root)
        review.select()
        letters(review)
        review.reply(events["letters.drafted"]["letters"][0]["id"], "yes")
        august = datetime(2027, 8, 2, tzinfo=UTC)  # when the first letters are due
        Review.open(root / "review", keys=root / "keys", clock=lambda: august).send()
        review.select([DICE])
        with pytest.raises(Refused, match="on record"):
            review.select(["dice 271828182845904523536028"])
        case = case_of(review)
        review.open_lines(case)
        review.eliminate(case, "declined")
        Review.open(review.folder, keys=review.keys, clock=lambda: NOW, actor="second").countersign(case)
        journey(root).close()
        small_agency.begin(root / "agency")
        small_agency.before(root / "agency")
    return called, set(events)
