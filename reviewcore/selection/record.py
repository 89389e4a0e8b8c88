"""The record of the meeting at which the seed was made: one page, to be signed and kept by those who were there.

It is said once, as blocks, and set twice: as HTML, and by typst as a PDF where the extra `pdf` is installed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from reviewcore.errors import Refused

Block = tuple[str, Any]
"""("h", heading), ("p", paragraph), ("code", a line to compare), ("list", lines), ("table", rows), ("sign", who)."""

_TITLE = "Record of the case selection"
_STYLE = """
@page { size: letter; margin: 18mm }
body { font: 11pt/1.45 Georgia, serif; max-width: 42em; margin: 2em auto; padding: 0 1em; color: #111 }
h1 { font-size: 1.5em } h2 { font-size: 1.1em; margin: 1.2em 0 .3em }
code { font: .8em/1.3 monospace; overflow-wrap: anywhere }
table { border-collapse: collapse } td, th { text-align: left; padding: .2em 1.5em .2em 0 }
.sign td { border-bottom: 1px solid #111; width: 14em; height: 2em }
"""


def blocks(committed: Mapping[str, Any], drawn: Mapping[str, Any]) -> list[Block]:
    """Return what the record says. It names nobody: those who were there sign it by hand."""
    titles = {one["name"]: one.get("title") or one["name"] for one in committed["plan"]["strata"]}
    count = Counter(one["stratum"] for one in drawn["selected"])
    cap, earlier = committed["plan"]["per_worker"], len(committed["earlier"])
    before = "It was the first list sealed for this review."
    if earlier:
        before = f"Before it, lists were sealed and set aside: {earlier}. They stay on record."
    most = "one case" if cap == 1 else f"{cap} cases"
    closed = (
        f"The list of all cases that can be drawn was sealed {_moment(committed['time'])}. {before} Its commitment, "
        "handed over before anything was rolled:"
    )
    check = (
        "With the papers of the draw and Python: python -I -S verify.py . in their folder. A second draw is refused, "
        "and the attempt goes on record. What no paper can show, those who sign have seen: that the commitment came "
        "before the seed, and that these are the lines as they fell."
    )
    return [
        ("h", "1. The list was closed first"),
        ("p", closed),
        ("code", committed["commitment"]),
        ("h", "2. Then the seed was made in front of everybody"),
        ("p", f"Asked for: {_rule(committed['seed_rule'])}. What was rolled, read aloud and written down:"),
        ("list", [_spaced(line) for line in drawn["seed_lines"]]),
        ("h", "3. The cases were drawn from the list and the seed, and from nothing else"),
        ("table", [["Group", "Cases drawn"], *([_first(titles[name]), str(count[name])] for name in titles)]),
        ("p", f"No worker has more than {most}. Digest of the result:"),
        ("code", drawn["result"]),
        ("h", "4. Anybody can check it"),
        ("p", check),
        ("h", "5. We were there (name and signature, date)"),
        ("sign", ["For the union", "For the agency", "Witness", "Witness"]),
    ]


def page(said: list[Block]) -> str:
    """Return the record as a page of HTML."""
    body = "\n".join(_html(kind, content) for kind, content in said)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{_TITLE}</title>\n'
        f"<style>{_STYLE}</style></head><body><main>\n<h1>{_TITLE}</h1>\n{body}\n</main></body></html>\n"
    )


def _html(kind: str, content: Any) -> str:
    if kind == "list":
        return "<ul>" + "".join(f"<li><code>{escape(line)}</code></li>" for line in content) + "</ul>"
    if kind == "table":
        made = [
            "".join(f"<{cell}>{escape(one)}</{cell}>" for one in row)
            for cell, row in zip(["th", *["td"] * len(content)], content, strict=False)
        ]
        return "<table>" + "".join(f"<tr>{row}</tr>" for row in made) + "</table>"
    if kind == "sign":
        lines = "".join(f"<tr><th>{escape(who)}</th><td></td><td></td></tr>" for who in content)
        return f'<table class="sign">{lines}</table>'
    if kind == "code":
        return f"<p><code>{escape(content)}</code></p>"
    tag = "h2" if kind == "h" else "p"
    return f"<{tag}>{escape(content)}</{tag}>"


def pdf(said: list[Block], sealed: str) -> bytes | None:
    """Return the record as a PDF that readers of every kind can use (PDF/UA-1), None where typst is not installed.

    `sealed` is the time that the file bears, so that the same draw gives the same bytes. typst works in an
    interpreter of its own, since its threads do not come along where a process forks.
    """
    if find_spec("typst") is None:
        return None
    import subprocess
    import sys

    given = {"blocks": json.dumps(said, ensure_ascii=False), "title": _TITLE}
    moment = int(datetime.fromisoformat(sealed).timestamp())
    program = (
        "import json, sys, typst; given = json.load(sys.stdin); sys.stdout.buffer.write(typst.compile("
        "given['page'].encode(), format='pdf', sys_inputs=given['inputs'], ignore_system_fonts=True, "
        "pdf_standards=['ua-1'], timestamp=given['moment']))"
    )
    template = Path(__file__).with_name("record.typ").read_text(encoding="utf-8")
    stdin = json.dumps({"page": template, "inputs": given, "moment": moment})
    done = subprocess.run(  # noqa: S603 - our own program, and no shell
        [sys.executable, "-c", program], input=stdin.encode(), capture_output=True, check=False
    )  # fmt: skip
    if done.returncode:
        raise Refused(
            "the record of the draw could not be made as a PDF; take the extra `pdf` away or mend typst"
        )
    return done.stdout


def _moment(at: str) -> str:
    """Say a recorded time to the second.

    >>> _moment("2027-02-09T17:00:00Z")
    'on Tuesday, February 9, 2027, at 17:00:00 UTC'
    """
    said = datetime.fromisoformat(at)
    return f"on {said:%A}, {said:%B} {said.day}, {said.year}, at {said:%H:%M:%S} UTC"


def _rule(rule: str) -> str:
    """Say what the seed is to be made of.

    >>> _rule("dice 24")
    '24 dice'
    """
    return re.sub(r"\bdice ([0-9]+)", r"\1 dice", rule)


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _spaced(line: str) -> str:
    """Return a line of dice in fours, as one reads it aloud."""
    if not line.startswith("dice "):
        return line
    digits = line[5:]
    return "dice " + " ".join(digits[n : n + 4] for n in range(0, len(digits), 4))
