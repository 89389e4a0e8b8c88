"""The closed list of forms in which a name is found without fail, made by rules of their own.

Nothing here is shared with the search that is tried on it. `FORMS` are 28; `BEYOND` are measured and promised by
nobody.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from random import Random

FIRST = (  # noqa: SIM905
    "Mary James Robert Patricia John Jennifer Michael Linda William Elizabeth David Barbara Richard Susan José "
    "Jessica Thomas Sarah Christopher Karen Daniel Lisa Matthew Nancy Anthony Sandra Mark Grace Will May Joy Rose "
    "An Bo Xiomara Guadalupe Nguyễn Zoë Søren Łukasz Maximiliano Joaquín Fatima Mohammed Olumide Siobhán Anneliese "
    "Faith Hope Art Dawn Ray Jean Pat Nakia Tyrone DeShawn Aaliyah Marisol Consuelo Ignacio Esperanza Li Mei Thu"
).split()
LAST = (  # noqa: SIM905
    "Smith Johnson Williams Brown Jones García Miller Davis Rodríguez Martínez Hernández López González Wilson "
    "Anderson Thomas Taylor Moore Jackson Martin Lee Pérez Thompson White Harris Sánchez Clark Ramírez Lewis "
    "Robinson Walker Young Allen King Wright Scott Torres Nguyễn Hill Flores Green Adams Nelson Baker Hall Rivera "
    "Campbell Mitchell Carter Roberts O'Neil O'Brien Smith-Jones García-López Núñez Xu Ng Le Park Kim Price Case Day "
    "Fitzgerald Montgomery Villanueva Schwarzenegger Abdullahi Okonkwo Papadopoulos Kowalczyk Washington Banks Love"
).split()
PARTICLES = ("de la Cruz", "van der Berg", "De Leon", "von Trapp")
NICKNAMES = {
    "James": "Jimmy", "Robert": "Bob", "Patricia": "Trish", "John": "Jack", "Jennifer": "Jenny", "Michael": "Mike",
    "William": "Bill", "Elizabeth": "Liz", "David": "Dave", "Barbara": "Barb", "Richard": "Dick", "Susan": "Sue",
    "José": "Pepe", "Thomas": "Tommy", "Sarah": "Sally", "Christopher": "Kit", "Daniel": "Danny", "Matthew": "Matt",
    "Anthony": "Tony", "Sandra": "Sandy", "Mary": "Molly", "Guadalupe": "Lupita", "Ignacio": "Nacho",
    "Consuelo": "Chelo", "Mohammed": "Mo", "Nancy": "Nan",
}  # fmt: skip
_FIGURES = str.maketrans("aeiostAEIOST", "43105743105" + "7")
_LOOKALIKES = str.maketrans("aeopcyxiAEOPCTHKMBX", "аеорсухіАЕОРСТНКМВХ")
_ACCENTS = {"a": "á", "e": "ê", "i": "ï", "o": "õ", "u": "ú", "n": "ñ", "c": "ç", "y": "ý"}
_WIDE = {c: chr(ord(c) + 0xFEE0) for c in map(chr, range(33, 127))}

Form = Callable[[str, str, Random], str]


def letters(text: str) -> str:
    """Return the letters of a name as an e-mail address has them."""
    plain = unicodedata.normalize("NFKD", text.replace("ø", "o").replace("Ł", "L").replace("ł", "l"))
    return "".join(c for c in plain if c.isascii() and c.isalpha()).lower()


def slip(name: str, chance: Random, times: int) -> str:
    """Return a name with letters left out, doubled, swapped or mistaken; its first letter stays."""
    for _ in range(times):
        at, kind = chance.randrange(1, len(name)), chance.randrange(4)
        other = chance.choice("abcdefghijklmnopqrstuvwxyz")
        if kind == 0:
            name = name[:at] + other + name[at:]
        elif kind == 1 and len(name) > 4:
            name = name[:at] + name[at + 1 :]
        elif kind == 2 and at + 1 < len(name):
            name = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        else:
            name = name[:at] + other + name[at + 1 :]
    return name


def _slipped(_: str, last: str, chance: Random) -> str:
    """Return a surname with as many slips as its length allows; a short one as it is."""
    whole = last.split()[-1]
    long = len(letters(whole))
    if not whole.isalpha():  # a name in pieces is known by its pieces
        return whole
    return slip(whole, chance, 0 if long < 4 else 1 if long < 8 else 2)


def _within(text: str, mark: str, chance: Random) -> str:
    at = chance.randrange(1, len(text)) if len(text) > 1 else 0
    return text[:at] + mark + text[at:]


FORMS: Mapping[str, Form] = {
    "first and last": lambda f, s, _: f"{f} {s}",
    "in capitals": lambda f, s, _: f"{f} {s}".upper(),
    "in small letters": lambda f, s, _: f"{f} {s}".lower(),
    "last, first": lambda f, s, _: f"{s}, {f}",
    "last and first": lambda f, s, _: f"{s} {f}",
    "first alone": lambda f, _s, _: f,
    "last alone": lambda _f, s, _: s,
    "somebody's": lambda _f, s, _: f"{s}'s",
    "an initial and the last": lambda f, s, _: f"{f[0]}. {s}",
    "the first and an initial": lambda f, s, _: f"{f} {s[0]}.",
    "the last and an initial": lambda f, s, _: f"{s}, {f[0]}.",
    "initials": lambda f, s, _: f"{f[0]}.{s.split()[-1][0]}.".upper(),
    "e-mail address": lambda f, s, _: f"{letters(f)}.{letters(s)}@county.example",
    "login": lambda f, s, _: f"{letters(f)[0]}{letters(s.split()[-1])}",
    "login, last first": lambda f, s, _: f"{letters(s.split()[-1])}{letters(f)[0]}",
    "underlined": lambda f, s, _: f"{f}_{s.replace(' ', '_')}",
    "hyphenated": lambda f, s, _: f"{f}-{s.replace(' ', '-')}",
    "joined": lambda f, s, _: f"{f}{s.replace(' ', '')}",
    "spaced": lambda f, s, _: " ".join(f"{f}{s}".replace(" ", "")),
    "letter by letter": lambda f, s, _: "-".join(f"{f}{s}".replace(" ", "")),
    "with figures": lambda f, s, _: f"{f} {s}".translate(_FIGURES),
    "with accents": lambda f, s, _: "".join(_ACCENTS.get(c, c) for c in f"{f} {s}"),
    "with unseen characters": lambda f, s, r: f"{_within(f, chr(0x200B), r)} {_within(s, chr(0x200D), r)}",
    "with letters that look alike": lambda f, s, _: f"{f} {s}".translate(_LOOKALIKES),
    "in wide letters": lambda f, s, _: "".join(_WIDE.get(c, c) for c in f"{f} {s}"),
    "nickname and last": lambda f, s, _: f"{NICKNAMES.get(f, f)} {s}",
    "with the slips that its length allows": _slipped,
    "over two lines": lambda f, s, _: f"{f}\n{s}",
}
"""By what each is called: 28. Each is found in a sentence that says nothing else of anybody."""

BEYOND: Mapping[str, Form] = {
    "two slips in a surname of four to seven": lambda _f, s, r: (
        slip(s, r, 2) if 3 < len(s) < 8 and s.isalpha() else ""
    ),
    "three slips in a longer surname": lambda _f, s, r: slip(s, r, 3) if len(s) > 7 and s.isalpha() else "",
    "initials without dots": lambda f, s, _: f"{f[0]}{s[0]}".upper(),
    "backwards": lambda f, s, _: f"{f}{s}"[::-1],
    "first alone, in small letters": lambda f, _s, _: f.lower(),
    "figures and a slip": lambda _f, s, r: (
        slip(s, r, 1).translate(_FIGURES) if len(s) > 4 and s.isalpha() else ""
    ),
}

SENTENCES = (
    "Last week {} waited for two hours at the office",
    "The school had called {} before anyone else did",
    "They thought that {} would have taken the children at once",
    "It took three workers until {} felt heard",
    "After the hearing {} was not told about the next step",
    "We were told by {} to come back in spring",
)


def people(number: int, chance: Random) -> list[tuple[str, str]]:
    """Return so many people: first name and surname."""
    lasts = [*LAST, *PARTICLES]
    return [(chance.choice(FIRST), chance.choice(lasts)) for _ in range(number)]
