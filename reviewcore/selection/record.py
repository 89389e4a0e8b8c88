"""The record of the meeting at which the seed was made: one page, to be signed and kept by those who were there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from html import escape
from typing import Any

_STYLE = """
@page { size: letter; margin: 18mm }
body { font: 11pt/1.45 Georgia, serif; max-width: 42em; margin: 2em auto; padding: 0 1em; color: #111 }
h1 { font-size: 1.5em } h2 { font-size: 1.1em; margin: 1.2em 0 .3em }
code { font: .8em/1.3 monospace; overflow-wrap: anywhere }
table { border-collapse: collapse } td, th { text-align: left; padding: .2em 1.5em .2em 0 }
td.line { border-bottom: 1px solid #111; width: 14em; height: 2em }
"""


def page(committed: Mapping[str, Any], drawn: Mapping[str, Any]) -> str:
    """Return the record as a page of HTML. It names nobody: those who were there sign it by hand."""
    titles = {one["name"]: one.get("title") or one["name"] for one in committed["plan"]["strata"]}
    count = Counter(one["stratum"] for one in drawn["selected"])
    groups = "".join(f"<tr><td>{escape(titles[name])}</td><td>{count[name]}</td></tr>" for name in titles)
    lines = "".join(f"<li><code>{escape(_spaced(line))}</code></li>" for line in drawn["seed_lines"])
    cap = committed["plan"]["per_worker"]
    most = "No worker has more than one case." if cap == 1 else f"No worker has more than {cap} cases."
    earlier = len(committed["earlier"])
    before = (
        "It was the first list sealed for this review."
        if not earlier
        else f"Before it, lists were sealed and set aside: {earlier}. They stay on record."
    )
    sign = "".join(
        f'<tr><td>{who}</td><td class="line"></td><td class="line"></td></tr>'
        for who in ("For the union", "For the agency", "Witness", "Witness")
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Record of the case selection</title>
<style>{_STYLE}</style></head><body><main>
<h1>Record of the case selection</h1>
<h2>1. The list was closed first</h2>
<p>The list of all cases that can be drawn was sealed {escape(committed["time"])}. {before}
Its commitment, handed over before anything was rolled:</p>
<p><code>{committed["commitment"]}</code></p>
<h2>2. Then the seed was made in front of everybody</h2>
<p>What was asked for: {escape(committed["seed_rule"])}. What was rolled, read aloud and written down:</p>
<ul>{lines}</ul>
<h2>3. The cases were drawn from the list and the seed, and from nothing else</h2>
<table><tr><th>Group</th><th>Cases drawn</th></tr>{groups}</table>
<p>{most} Digest of the result:</p>
<p><code>{drawn["result"]}</code></p>
<h2>4. Anybody can check it</h2>
<p>With the papers of the draw and Python: <code>python -I -S verify.py .</code> in their folder. A second draw is
refused, and the attempt goes on record. What no paper can show, those who sign have seen: that the commitment came
before the seed, and that these are the lines as they fell.</p>
<h2>5. We were there</h2>
<table><tr><th>For</th><th>Name and signature</th><th>Date</th></tr>{sign}</table>
</main></body></html>
"""


def _spaced(line: str) -> str:
    """Return a line of dice in fours, as one reads it aloud."""
    if not line.startswith("dice "):
        return line
    digits = line[5:]
    return "dice " + " ".join(digits[n : n + 4] for n in range(0, len(digits), 4))
