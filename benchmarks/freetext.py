"""The search of free text: how fast it reads, what it finds, and how often it is wrong.

`python benchmarks/freetext.py` prints all of it. Names are made by `name_forms`, which shares nothing with the
search. False hits are counted in text that names nobody: Python's own manual, and, where they are at hand, the
papers that reviews are told of.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from pydoc_data.topics import topics
from random import Random

from contest import Contest
from name_forms import BEYOND, FORMS, SENTENCES, Form, letters, people

from reviewcore.freetext import Roster, look, roster

NOTES, PEOPLE = 5_497, 308
REAL = Path(__file__).resolve().parents[2] / "shared" / "source-documents"


def made() -> tuple[list[tuple[str, str]], Roster]:
    """Return the people, and the search for them."""
    known = people(PEOPLE, Random(1))
    return known, roster(
        {"name": f"{first} {last}", "email": f"{letters(first)[0]}{letters(last)}@county.example"}
        for first, last in known
    )


def notes(known: list[tuple[str, str]]) -> str:
    """Return notes of several sentences, half of which name somebody in one form or another."""
    chance, forms = Random(2), list(FORMS.values())
    words = [word for text in topics.values() for word in text.split() if word.isalpha()]
    found = []
    for number in range(NOTES):
        first, last = chance.choice(known)
        name = chance.choice(forms)(first, last, chance) if number % 2 else "the mother"
        plain = " ".join(chance.choice(words) for _ in range(30))
        found.append(f"{plain}. {chance.choice(SENTENCES).format(name)}. {plain}.")
    return "\n".join(found)


def recall(
    known: list[tuple[str, str]], find: Roster, forms: Mapping[str, Form]
) -> dict[str, tuple[int, int]]:
    """Return for each form how many names were found, of how many."""
    chance, told = Random(3), {}
    for name, form in forms.items():
        texts = [chance.choice(SENTENCES).format(one) for person in known if (one := form(*person, chance))]
        told[name] = sum(bool(look(f"{text}.", find.find)) for text in texts), len(texts)
    return told


def clocked(work: Callable[[], object]) -> float:
    """Return the seconds of one core that a piece of work takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    """Print speed, recall and false hits."""
    known, find = made()
    text = notes(known)
    if sys.argv[1:] == ["speed"]:
        print(len(text) / clocked(lambda: look(text, find.find)) / 1e6)
        return
    print(f"{len(text):,} characters of notes, {PEOPLE} people, one core")
    print(
        f"  search for names  {len(text) / clocked(lambda: find.find(text)) / 1e6:.2f} million characters a second"
    )
    print(
        f"  sentence by sentence, patterns too  {len(text) / clocked(lambda: look(text, find.find)) / 1e6:.2f}"
    )
    for title, forms in (("closed list", FORMS), ("beyond it", BEYOND)):
        told = recall(known, find, forms)
        got, of = (sum(one[n] for one in told.values()) for n in (0, 1))
        print(f"{title}: {len(forms)} forms, {got} of {of} found, recall {got / of:.3f}")
        for name, (one, every) in told.items():
            if one < every:
                print(f"  {name}: {one} of {every}, {one / every:.3f}")
    nobody = {"Python's manual": "\n".join(topics.values())}
    if REAL.is_dir():
        nobody["real papers"] = "\n".join(path.read_text(errors="replace") for path in REAL.glob("*.txt"))
    for title, text in nobody.items():
        hits = find.find(text)
        print(f"false hits in {title}: {len(hits) / len(text.split()) * 1000:.1f} of 1,000 words")


CONTESTS = [
    Contest(
        "freetext",
        "freetext",
        (sys.executable, __file__, "speed"),
        (sys.executable, "-c", "print(0.3)"),
        "0.3 million characters a second",
        "at least as fast",
        lambda mine, theirs: mine >= theirs,
        unit="printed",
        runs=5,
    )
]

if __name__ == "__main__":
    main()
