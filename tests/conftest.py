"""What all tests share: search profiles, and saying plainly what this machine could not run."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "default", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.register_profile("deep", settings.get_profile("default"), max_examples=2000, derandomize=False)
settings.load_profile("default")

REQUIRE_ALL = os.environ.get("REVIEWCORE_REQUIRE") == "all"
SHARED = Path(__file__).resolve().parents[2] / "shared"


def absent(what: str) -> None:
    """Skip the test for want of `what`; where everything is required, fail it."""
    if REQUIRE_ALL:
        pytest.fail(f"{what} is required here, and is not there")
    pytest.skip(f"{what} is not on this machine")


@pytest.fixture
def need() -> Callable[..., str]:
    """Return the path of a program that a test runs for real, or skip the test where there is none."""

    def find(*names: str) -> str:
        for name in names:
            if found := shutil.which(name):
                return found
        absent(" or ".join(names))
        raise AssertionError

    return find


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real inputs beside the project, or skip the test where it is absent."""
    if not SHARED.is_dir():
        absent("the folder of real inputs beside the project")
    return SHARED


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the folder of a review type's demo, run once for all processes of this test run, and only looked at."""
    base = tmp_path_factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str) -> Path:
        into, ended, failed = (root / f"demo-{name}{end}" for end in ("", ".ended", ".failed"))
        try:
            (root / f"demo-{name}.begun").touch(exist_ok=False)
        except FileExistsError:  # here, or in another process, which may still be at it
            until = time.monotonic() + 300
            while not ended.exists():
                assert not failed.exists(), "the demo failed in another process, which says why"
                assert time.monotonic() < until, "the demo does not end in another process"
                time.sleep(0.1)
            return into
        from reviewcore.demo.run import run_demo

        try:
            run_demo(name, into)
        except BaseException:
            failed.touch()
            raise
        ended.touch()
        return into

    return made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was not run, once each, so that a green run does not hide it."""
    reasons = sorted({str(r.longrepr[2]) for r in terminalreporter.stats.get("skipped", []) if r.longrepr})
    if reasons:
        terminalreporter.section("not run on this machine")
        for reason in reasons:
            terminalreporter.line(reason.removeprefix("Skipped: "))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run where everything is required and something was skipped all the same."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if REQUIRE_ALL and reporter and reporter.stats.get("skipped") and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
