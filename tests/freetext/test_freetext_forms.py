"""Every way of writing a name that is on the closed list is found, by a list that shares no code with the search."""

import sys
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewcore.freetext import Roster, clean_sentences, look, roster
from reviewcore.freetext.slips import Slips

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from name_forms import FIRST, FORMS, LAST, NICKNAMES, PARTICLES, SENTENCES, letters, people

PEOPLE = people(308, Random(5))


def on_the_list(known: list[tuple[str, str]], **more: str) -> Roster:
    return roster([{"name": f"{first} {last}", **more} for first, last in known])


WHOLE = on_the_list(PEOPLE)


def missed(found: Roster, form: str, chance: Random) -> list[str]:
    """Return the sentences with one form of each name in which nobody is found."""
    made = [FORMS[form](first, last, chance) for first, last in PEOPLE]
    told = [chance.choice(SENTENCES).format(one) for one in made]
    return [text for text in told if not any("a name" in one.holds for one in look(f"{text}.", found.find))]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_closed_list_is_found(form: str) -> None:
    """If this fails, somebody can be named in a quote by writing the name in a way that people do."""
    assert len(FORMS) == 28
    for seed in range(3):
        assert missed(WHOLE, form, Random(seed)) == []


@pytest.mark.parametrize(
    ("form", "broken"),
    [
        ("first and last", lambda r: evolve(r, plain=None)),
        ("letter by letter", lambda r: evolve(r, plain=None)),
        ("joined", lambda r: evolve(r, plain=None, slips=Slips.of(()))),
        ("with figures", lambda r: evolve(r, disguised=None)),
        ("initials", lambda r: evolve(r, initials=frozenset())),
        ("with the slips that its length allows", lambda r: evolve(r, slips=Slips.of(()))),
    ],
)
def test_a_search_without_one_of_its_passes_is_caught(form: str, broken: Callable[[Roster], Roster]) -> None:
    """If this fails, the closed list would hold for a search that lacks one of its passes."""
    assert missed(broken(WHOLE), form, Random(1))


@pytest.mark.parametrize(("name", "short"), NICKNAMES.items())
def test_a_nickname_alone_is_found(name: str, short: str) -> None:
    """If this fails, whoever is known by a short name is named by it."""
    find = on_the_list([(name, "Okonkwo")]).find
    assert look(f"In the end {short} agreed.", find)


@settings(max_examples=150)
@given(
    st.sampled_from(FIRST), st.sampled_from([*LAST, *PARTICLES]), st.sampled_from(sorted(FORMS)),
    st.randoms(use_true_random=False), st.text("abc ,.;-\n\u200f\u200e\u200d0é字", max_size=30),
)  # fmt: skip
def test_a_form_is_found_whatever_stands_around_it(
    first: str, last: str, form: str, chance: Random, around: str
) -> None:
    """If this fails, marks, line ends or other scripts beside a name hide it."""
    find = on_the_list([(first, last), ("Theodora", "Quackenbush")]).find
    text = f"{around} We were told by {FORMS[form](first, last, chance)} to come. {around}"
    assert find(text)
    for clean in clean_sentences(text, find):
        assert "We were told by" not in clean


_LETTERS = st.characters(categories=["Lu", "Ll", "Lo"])


@settings(max_examples=200)
@given(
    st.text(_LETTERS, min_size=3, max_size=9), st.text(_LETTERS, min_size=3, max_size=9), st.text(max_size=40)
)
def test_a_full_name_in_any_script_is_found(first: str, last: str, around: str) -> None:
    """If this fails, a name in another script than the Latin one can be told."""
    find = roster([{"name": f"{first} {last}"}]).find
    marked = f"{first[0]}\u200d{first[1:]} \u200f{last}"
    for name in (
        f"{first} {last}",
        f"{last}, {first}",
        unicodedata.normalize("NFD", f"{first} {last}"),
        marked,
    ):
        spans = find(f"{around}: {name} .")
        assert spans, name


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_what_is_found_stands_in_the_text_in_order(text: str) -> None:
    """If this fails, the place that a note-taker is told is no place of the note."""
    spans = WHOLE.find(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


@pytest.mark.parametrize(
    "text",
    [
        "as such her school was told", "we can like them", "the will of young people", "many of them may come",
        "so they had to go and do it", "An apple a day", "The days at the park were good", "it took more than that",
        "They went to court in spring. So it went.", "the whole area is a green place", "we ask for a fair price",
    ],
)  # fmt: skip
def test_ordinary_words_name_nobody(text: str) -> None:
    """If this fails, so many sentences are held back that nobody reads what they are told."""
    known = [("Asher", "Day"), ("An", "Li"), ("Will", "Young"), ("Mary", "May"), ("So", "Do"), ("Bo", "Moore"),
             ("Art", "Park"), ("Joy", "Price"), ("Aria", "Green")]  # fmt: skip
    assert on_the_list(known).find(text) == ()


def test_a_name_that_may_be_told_is_told_and_only_in_full() -> None:
    """If this fails, the director cannot be thanked, or half a public name opens the door to another's."""
    find = roster([{"name": "Mary Smith"}], ("Mary Smith", "Smith County")).find
    assert find("Our director, Mary Smith, and Smith County were there") == ()
    assert find("They asked Smith about it")


def test_ids_and_addresses_of_a_list_are_found(tmp_path: Path) -> None:
    """If this fails, a case number of the list itself stands in a quote."""
    find = roster([{"name": "Mary Smith", "email": "mjs2041@alder.example"}]).find
    assert find("write to mjs2041 about it")
    assert letters("Núñez") == "nunez"
