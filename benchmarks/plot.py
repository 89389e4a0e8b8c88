"""Draw how time and memory of a draw grow with the list, from what `run.py draw --json` printed.

`python benchmarks/plot.py RESULTS` writes docs/_static/draw-growth.svg. Both scales are logarithmic, so
that time which grows as the list does is a straight line of slope one.
"""

from __future__ import annotations

import json
import sys
from math import log10
from pathlib import Path

OUT = Path(__file__).parent.parent / "docs" / "_static" / "draw-growth.svg"
WIDTH, HEIGHT, LEFT, TOP, SIDE, TALL = 680, 330, 70, 40, 230, 220
STYLE = "font: 13px sans-serif; fill: #1a1a1a"


def points(lines: list[str]) -> dict[str, dict[int, float]]:
    """Return, for CPU seconds and for MiB, the median at each number of cases."""
    found: dict[str, dict[int, float]] = {"cpu s": {}, "MiB": {}}
    for line in lines[1:]:
        one = json.loads(line)
        for name, size in (("grow-1m", 1_000_000), ("grow-10m", 10_000_000)):
            if one["name"] == name:
                found[one["unit"]][size] = one["ours"]
                found[one["unit"]].setdefault(size // 10, one["against_value"])
    return found


def panel(left: int, title: str, unit: str, low: int, values: dict[int, float]) -> str:
    """Return one chart, over two tenfold steps of cases and three of the values from 10 to the power of `low`."""

    def at(size: float, value: float) -> tuple[float, float]:
        across = (log10(size) - 5) / 2 * SIDE
        return left + across, TOP + TALL - (log10(value) - low) / 3 * TALL

    drawn = [f'<text x="{left}" y="{TOP - 16}" font-weight="bold">{title}</text>']
    for step in range(4):
        y = at(1e5, 10 ** (low + step))[1]
        drawn.append(f'<path d="M{left} {y:.1f}h{SIDE}" stroke="#d0d0d0"/>')
        drawn.append(
            f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0 ** (low + step):g}</text>'
        )
    for size, said in ((1e5, "100,000"), (1e6, "1 million"), (1e7, "10 million")):
        x = at(size, 1)[0]
        drawn.append(f'<text x="{x:.1f}" y="{TOP + TALL + 20}" text-anchor="middle">{said}</text>')
    places = [at(size, value) for size, value in sorted(values.items())]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    drawn.append(f'<polyline points="{line}" fill="none" stroke="#0b5fa5" stroke-width="2"/>')
    anchors = ("start", "middle", "end")  # inside the chart, clear of its scale and of its edge
    for (x, y), (_, value), anchor in zip(places, sorted(values.items()), anchors, strict=True):
        drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#0b5fa5"/>')
        drawn.append(f'<text x="{x:.1f}" y="{y - 15:.1f}" text-anchor="{anchor}">{value:.3g} {unit}</text>')
    return "\n".join(drawn)


def main() -> None:
    """Write the chart, its values said in words for whoever cannot see it."""
    found = points(Path(sys.argv[1]).read_text().splitlines())
    said = "; ".join(
        f"{size:,} cases: {found['cpu s'][size]:.3g} CPU seconds, {found['MiB'][size]:.3g} MiB"
        for size in sorted(found["cpu s"])
    )
    time = panel(LEFT, "CPU seconds", "s", -1, found["cpu s"])
    memory = panel(LEFT + SIDE + 95, "Most memory held, MiB", "MiB", 1, found["MiB"])
    OUT.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" style="{STYLE}">\n'
        f"<title>A draw from a sealed ledger</title>\n<desc>{said}</desc>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n{time}\n{memory}\n'
        f'<text x="{LEFT}" y="{HEIGHT - 20}">listed cases</text>\n</svg>\n'
    )


if __name__ == "__main__":
    main()
