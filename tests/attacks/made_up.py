"""Made-up reviews: designs, cases and answers, drawn by Hypothesis. Small, since small is what must be protected."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from tests.attacks.design import THEMES, Case, Design

LEAST = {"team": 3, "agency": 5, "state": 11, "public": 11}
SITES = ("North", "South", "West")
RUNGS = st.sampled_from(("codes", "zones", "acceptable", "acceptable", "acceptable", "band", None))


@st.composite
def designs(draw: st.DrawFn, most_items: int = 2) -> Design:
    """Draw what a review asks of how many splits, with which rungs, for which audiences."""
    splits: dict[str, tuple[str, ...]] = {"site": SITES[: draw(st.integers(2, 3))]}
    inside: dict[tuple[str, str], Mapping[str, str]] = {}
    second = draw(st.sampled_from(("", "", "county", "setting")))
    if second == "county":
        splits["county"] = ("East", "Coast")
        inside["site", "county"] = dict(zip(SITES, ("East", "East", "Coast"), strict=True))
        splits["site"] = SITES
    elif second:
        splits["setting"] = ("in", "out")
    items, tables, applies = {}, {}, {}
    for number in range(draw(st.integers(1, most_items))):
        key = f"q{number}"
        items[key] = tuple("123456"[: draw(st.sampled_from((2, 2, 2, 3)))])
        tables[key] = tuple(splits) if draw(st.integers(0, 3)) else ("site",)
        if second == "setting" and number and draw(st.booleans()):
            applies[key] = ("setting", "out")
            tables[key] = ("site",)
    k = {name: LEAST[name] + draw(st.sampled_from((0, 0, 1))) for name in draw(st.sampled_from(
        (("team",), ("team", "agency"), ("agency",), ("agency", "state"), ("team", "agency", "state", "public"))
    ))}  # fmt: skip
    k = {
        name: max(k.values()) if LEAST[name] == 11 else least for name, least in k.items()
    }  # no audience's above a narrower's
    keys = [one for key in items for one in (key, *(f"{key}/{split}" for split in tables[key]))]
    planned: dict[str, dict[str, str | None]] = {}
    fixed = {key: draw(RUNGS) for key in keys}
    for name in k:
        coarser = draw(st.booleans())
        planned[name] = {
            key: ("band" if coarser and name != next(iter(k)) else rung) for key, rung in fixed.items()
        }
    weights = draw(st.sampled_from(((),) * 7 + (("60", "100", "170"),)))
    return Design(splits, items, planned, k, tables, applies, inside, weights)


def case(source, design: Design, number: int, shape: Mapping[str, float]) -> Case:
    """Make up one case: its places, its worker, its answers, which are rarely the worst and sometimes none."""
    values = {name: source.choice(options) for name, options in design.splits.items()}
    if shape["lopsided"] > source.random():
        values["site"] = design.splits["site"][0]
    for (fine, coarse), places in design.inside.items():
        values[coarse] = places[values[fine]]
    codes = {}
    for key, options in design.items.items():
        low = source.random() < shape["low"]
        codes[key] = source.choice(options[: len(options) // 2] if low else options[len(options) // 2 :])
        split, value = design.applies.get(key, ("", ""))
        if source.random() < shape["missing"] or (split and values[split] != value):
            codes[key] = ""
    themes = tuple(one for one in THEMES if source.random() < 0.3)
    worker = f"w{number // 2}" if source.random() < shape["shared"] else f"w{number}"
    weight = source.choice(design.weights) if design.weights else ""
    return Case(f"c{number:03}", worker, values, codes, themes, weight)


SHAPES = st.fixed_dictionaries(
    {
        "lopsided": st.sampled_from((0.0, 0.3, 0.6)),
        "low": st.sampled_from((0.1, 0.2, 0.3, 0.5)),
        "missing": st.sampled_from((0.0, 0.0, 0.1, 0.3)),
        "shared": st.sampled_from((0.0, 0.3)),
    }
)
"""How answers are spread: how many in the first site, how many low, not rated, of a worker with two cases."""
