"""The examples in the docstrings, the README and the documentation are run as tests, as they stand there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sybil import Example, Sybil
from sybil.example import SybilFailure
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

from tests.docs.shell import Shell, check, marks, shown_before

HERE = Path(__file__).parent


@contextmanager
def reader() -> Iterator[Shell]:
    """Stand where a reader stands: in a folder with the README's review in it, and with a home of their own."""
    from reviewcore.demo.county import make
    from reviewcore.profile.new import new

    with TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        folder = Path(scratch)
        patch.setenv("HOME", scratch)  # where keys go by default
        patch.setenv("USERPROFILE", scratch)
        county = make("Alder")
        totals = {
            "lists.people.control_total": len(county.people),
            "lists.cases.control_total": len(county.cases),
        }
        new(folder / "work" / "alder-2027", "pqcr-alder", values=totals)
        county.write(folder / "work" / "alder-2027")
        before = Path.cwd()
        shell = Shell(folder)
        shell.prepare()
        os.chdir(folder / "work")
        try:
            yield shell
        finally:
            os.chdir(before)  # before the folder goes: Windows deletes none that somebody stands in


def typed(example: Example) -> str | None:
    """Run the commands of a block."""
    text, start = example.document.text, example.region.start
    return check(example.namespace["reader"], example.parsed, marks(text, start), shown_before(text, start))


docstrings = Sybil(parsers=[DocTestParser()], path=str(HERE / "reviewcore"), patterns=["**/*.py"]).pytest()
pages = Sybil(parsers=[PythonCodeBlockParser(), CodeBlockParser("console", typed), SkipParser()])
PAGES = (HERE / "README.md", *HERE.glob("docs/*.md"), *HERE.glob("docs/howto/*.md"))


class Page(pytest.Item):
    """All examples of a page, in their order, since each builds on those before it."""

    def runtest(self) -> None:
        """Run them where a reader stands; stop at the first that is not so."""
        document = pages.parse(self.path)
        with reader() as shell:
            document.namespace["reader"] = shell
            for example in document.examples():
                example.evaluate()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ARG002  (pytest calls it so)
        """Say of an example only what it says itself."""
        if isinstance(excinfo.value, SybilFailure):
            return str(excinfo.value)
        return super().repr_failure(excinfo, "short")

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the page."""
        return self.path, 0, self.path.name


class PageFile(pytest.File):
    """A page of the documentation that holds examples."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield its examples as one test."""
        if next(iter(pages.parse(self.path).examples()), None):
            yield Page.from_parent(self, name="examples")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the examples of a file, where it is one that may hold some."""
    if file_path in PAGES:
        return PageFile.from_parent(parent, path=file_path)
    return docstrings(file_path, parent)
