"""The one door to every benchmark: `python benchmarks/run.py [NAME ...] [--quick] [--json]`.

Contenders run side by side in one run, in turn, each run in a child process of its own; the median of at
least five counts. With --json, the first line says the machine and versions, and then comes one object a
line: name, ours, against (in words), unit, ratio, target, holds, and the raw samples.
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
from importlib.metadata import version
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from contest import Contest  # noqa: E402

MODULES = ("start", "review", "notices")
VERSIONS = ("reviewcore", "attrs", "cattrs", "click", "pluggy", "sqlalchemy")


def contests() -> dict[str, list[Contest]]:
    """Return all contests by the name of their module."""
    return {name: list(importlib.import_module(name).CONTESTS) for name in MODULES}


def run(command: tuple[str, ...], folder: Path) -> float:
    """Run a command in a child process and return its wall seconds; end here where it fails.

    Bytecode is kept, as whoever installs a package has it, whatever the environment here asks for.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=kept)
    taken = time.perf_counter() - begun
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    return taken


def seconds(command: tuple[str, ...], prepared: Path) -> float:
    """Run one contender in a child process, in a fresh copy of the prepared folder."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "run"
        shutil.copytree(prepared, folder)
        return run(command, folder)


def hold(contest: Contest, runs: int) -> dict[str, object]:
    """Let both contenders run in turn and return the result as one flat record."""
    ours: list[float] = []
    against: list[float] = []
    with tempfile.TemporaryDirectory() as prepared:
        if contest.prepare:
            run(contest.prepare, Path(prepared))
        for number in range(runs + 1):
            pair = seconds(contest.ours, Path(prepared)), seconds(contest.against, Path(prepared))
            if number:  # the first pair only warms the disk
                ours.append(pair[0])
                against.append(pair[1])
    mine, theirs = median(ours), median(against)
    return {
        "name": contest.name,
        "ours": round(mine, 4),
        "against": contest.against_words,
        "unit": "s",
        "ratio": round(mine / theirs, 3),
        "target": contest.target,
        "holds": contest.holds(mine, theirs),
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
    parser.add_argument("--quick", action="store_true", help="five runs each, and only the quick contests")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    chosen = parser.parse_args()
    every = [contest for group in known.values() for contest in group]
    wanted = [c for c in every if not chosen.names or c.name in chosen.names or c.group in chosen.names]
    if unknown := set(chosen.names) - {c.name for c in every} - {c.group for c in every}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(c.name for c in every)}")
    machine = {
        "machine": platform.machine(), "system": platform.system(), "cores": os.cpu_count(),
        "python": platform.python_version(), **{name: version(name) for name in VERSIONS},
    }  # fmt: skip
    print(
        json.dumps(machine) if chosen.json else "  ".join(f"{k} {v}" for k, v in machine.items()), flush=True
    )
    for contest in wanted:
        if chosen.quick and not contest.quick:
            continue
        result = hold(contest, 5 if chosen.quick else contest.runs)
        if chosen.json:
            print(json.dumps(result), flush=True)
        else:
            verdict = "holds" if result["holds"] else "MISSED"
            print(
                f"{result['name']:<16}{result['ours']:>9} s  against {contest.against_words}: "
                f"{result['against_value']} s, ratio {result['ratio']}; target {contest.target}: {verdict}",
                flush=True,
            )


if __name__ == "__main__":
    main()
