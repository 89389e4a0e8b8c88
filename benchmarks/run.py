"""The one door to every benchmark: `python benchmarks/run.py [NAME ...] [--quick] [--json]`.

Contenders run side by side in one run, in turn, each run in a child process of its own; the median of at
least five counts. With --json, the first line says the machine and versions, and then comes one object a
line: name, ours, against (in words), unit, ratio, target, holds, and the raw samples. Units are seconds on
the clock ("s"), seconds of all cores ("cpu s"), the most memory held ("MiB"), or what a contender printed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from contest import Contest, Target, Unit  # noqa: E402

MODULES = ("start", "review", "notices", "draw", "disclosure", "freetext")
OTHERS = ("duckdb", "pandas", "pyarrow", "consistent_sampler", "pytauargus")
VERSIONS = ("reviewcore", "attrs", "cattrs", "click", "pluggy", "sqlalchemy")


def contests() -> dict[str, list[Contest]]:
    """Return all contests by the name of their module."""
    return {name: list(importlib.import_module(name).CONTESTS) for name in MODULES}


def run(command: tuple[str, ...], folder: Path) -> dict[Unit, float]:
    """Run a command in a child process and return what it took; end here where it fails.

    Bytecode is kept, as whoever installs a package has it, whatever the environment here asks for.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile("w+") as said:
        begun = time.perf_counter()
        child = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT, env=kept)
        _, status, used = os.wait4(child.pid, 0)
        taken = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        lines = said.read().splitlines()
    if child.returncode:
        sys.exit("\n".join((" ".join(command), *lines)))
    took: dict[Unit, float] = {
        "s": taken,
        "cpu s": used.ru_utime + used.ru_stime,
        "MiB": used.ru_maxrss / 1024,
    }
    with suppress(IndexError, ValueError):  # most contenders print nothing
        took["printed"] = float(lines[-1])
    return took


def once(command: tuple[str, ...], contest: Contest, prepared: Path) -> dict[Unit, float]:
    """Run one contender in a child process, in a fresh copy of the prepared folder or in the folder itself."""
    if not contest.fresh:
        return run(command, prepared)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "run"
        shutil.copytree(prepared, folder)
        return run(command, folder)


def hold(contest: Contest, runs: int, prepared: Path) -> list[dict[str, object]]:
    """Let both contenders run in turn and return the results, a flat record for each target."""
    pairs = [
        (once(contest.ours, contest, prepared), once(contest.against, contest, prepared))
        for _ in range(runs + contest.warm)
    ]
    counted = pairs[contest.warm :]  # a first pair only warms the disk
    return [record(contest, target, counted) for target in contest.targets()]


def record(
    contest: Contest, target: Target, pairs: list[tuple[dict[Unit, float], dict[Unit, float]]]
) -> dict[str, object]:
    """Return what came of one target as a flat record."""
    ours, against = ([pair[side][target.unit] for pair in pairs] for side in (0, 1))
    mine, theirs = median(ours), median(against)
    return {
        "name": contest.name,
        "ours": round(mine, 4),
        "against": contest.against_words,
        "unit": target.unit,
        "ratio": round(mine / theirs, 3) if theirs else None,
        "target": target.words,
        "holds": target.holds(mine, theirs),
        "against_value": round(theirs, 4),
        "samples": {"ours": [round(x, 4) for x in ours], "against": [round(x, 4) for x in against]},
    }


def main() -> None:
    """Run the contests that were named, or all of them."""
    known = contests()
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of: {', '.join(known)}, or one contest"
    )
    parser.add_argument(
        "--quick", action="store_true", help="at most five runs each, and only the quick contests"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    chosen = parser.parse_args()
    every = [contest for group in known.values() for contest in group]
    wanted = [c for c in every if not chosen.names or c.name in chosen.names or c.group in chosen.names]
    if unknown := set(chosen.names) - {c.name for c in every} - {c.group for c in every}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(c.name for c in every)}")
    machine = {
        "machine": platform.machine(), "system": platform.system(), "cores": os.cpu_count(),
        "python": platform.python_version(), **{name: version(name) for name in VERSIONS},
        **{name: version(name) for name in OTHERS if find_spec(name)},
    }  # fmt: skip
    print(
        json.dumps(machine) if chosen.json else "  ".join(f"{k} {v}" for k, v in machine.items()), flush=True
    )
    with tempfile.TemporaryDirectory() as scratch:
        prepared: dict[tuple[str, ...], Path] = {}
        for contest in wanted:
            if chosen.quick and not contest.quick:
                continue
            if contest.prepare not in prepared:
                prepared[contest.prepare] = Path(scratch) / str(len(prepared))
                prepared[contest.prepare].mkdir()
                if contest.prepare:
                    run(contest.prepare, prepared[contest.prepare])
            runs = min(contest.runs, 5) if chosen.quick else contest.runs
            for result in hold(contest, runs, prepared[contest.prepare]):
                say(result, as_json=chosen.json)


def say(result: dict[str, object], *, as_json: bool) -> None:
    """Print one result: for a program, or for a person."""
    if as_json:
        print(json.dumps(result), flush=True)
        return
    verdict = "holds" if result["holds"] else "MISSED"
    print(
        f"{result['name']:<16}{result['ours']:>9} {result['unit']}  against {result['against']}: "
        f"{result['against_value']}, ratio {result['ratio']}; target {result['target']}: {verdict}",
        flush=True,
    )


if __name__ == "__main__":
    main()
