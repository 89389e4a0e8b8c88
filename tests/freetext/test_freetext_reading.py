"""Notes are read sentence by sentence: what tells who somebody is keeps the whole sentence back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewcore.freetext import clean_sentences, look, roster
from reviewcore.freetext.patterns import PATTERNS
from reviewcore.freetext.reading import sentences

NOBODY = roster([]).find
MARY = roster(
    [{"name": "Mary Smith"}, {"name": "Нина Петрова"}, {"name": "محمد علي"}, {"name": "李小龍"}]
).find

GIVEN_AWAY = {
    "a phone number": ["(555) 555-0170", "555-0170", "555.555.0170", "+1 555 555 0170", "555 555 0170",
                       "５５５-０１７０", "555\u2011555\u20110170", "5\u200b55-0170"],
    "a date": ["3/14/2026", "2026-03-14", "14.3.26", "March 3", "Mar. 3rd", "the 3rd of March", "3 de marzo", "3/14",
               "٣/١٤/٢٠٢٦", "May 2026", "2026年3月14日"],
    "an e-mail address": ["x.y@county.example", "x (at) county (dot) example"],
    "a web address": ["www.example.org/me", "https://a.example", "@somebody"],
    "an address": ["12 Oak Street", "1204 N. Old Mill Rd", "Apt 4", "P.O. Box 77", "CA 95814"],
    "a number that stands for somebody": ["C-2044", "case 204", "19-004512", "12345", "078-05-1120", "#204", "JV12345",
                                          "docket no. 77"],
}  # fmt: skip


@pytest.mark.parametrize(("what", "text"), [(what, one) for what, many in GIVEN_AWAY.items() for one in many])
def test_what_tells_who_somebody_is_keeps_the_sentence_back(what: str, text: str) -> None:
    """If this fails, a number, a date or an address in a quote leads to a person."""
    note = f"That was good. They were told {text} and so they went. It helped."
    found = look(note, NOBODY)
    assert [one.sentence for one in found if what in one.holds] == [2]
    assert clean_sentences(note, NOBODY) == ("That was good.", "It helped.")
    assert set(GIVEN_AWAY) == set(PATTERNS)


@pytest.mark.parametrize(
    "text",
    ["It took 3 workers and 12 weeks.", "Two of 10 came.", "They waited 9 months for 1 visit.", "It was 50 percent.",
     "They march on.", "We may go 2 times.", "In a good way."],
)  # fmt: skip
def test_figures_that_tell_nothing_pass(text: str) -> None:
    """If this fails, every sentence with a figure is kept back."""
    assert look(text, NOBODY) == ()


def test_a_whole_sentence_goes_and_the_others_stay() -> None:
    """If this fails, what is left of a sentence still points at somebody, or clean sentences are lost."""
    note = "Dr. A. Jones came. She saw Mary\nSmith twice! Did it help? Yes… “It did.” So they said."
    assert [one.sentence for one in look(note, MARY)] == [2, 3]
    left = clean_sentences(note, MARY)
    assert left == ("Dr. A. Jones came.", "Did it help?", "Yes…", "“It did.”", "So they said.")


@pytest.mark.parametrize(
    "text",
    ["Приходила нина, и мы ждали.", "قال محمد علي ذلك.", "قال مُحَمَّد عَلِي ذلك.", "今天李小龍說很好。",
     "\u202eMary\u202c came.",
     "\u200fMary\u200f Smith came.", "M\u200da\u200cr\u2060y came.", "Ｍａｒｙ came.", "They saw 𝐌𝐚𝐫𝐲 there."],
)  # fmt: skip
def test_other_scripts_and_unseen_marks_hide_nobody(text: str) -> None:
    """If this fails, a right-to-left mark, a joiner or another script carries a name out."""
    assert look(text, MARY)


def test_a_note_of_a_megabyte_is_read_whole() -> None:
    """If this fails, a long note stops the review, or its end is not looked at."""
    long = "It took a long time until anybody came to the house and listened to them. " * 14_000
    found = look(f"{long}Then Mary came.", MARY)
    assert len(long) > 1_000_000
    assert [one.sentence for one in found] == [14_001]
    for bad in ("a.", "5", "м", "\u200d", "M a r ", "-", "x@", "1-", "(555) ", "... ", "12 oak "):
        look(bad * (200_000 // len(bad)), MARY)  # it would take hours if anything grew with the square


@settings(max_examples=200)
@given(st.text("Mary Smith.!?\n 12-/ab。؟…", max_size=120))
def test_sentences_lose_nothing(text: str) -> None:
    """If this fails, a part of a note is in no sentence, and is never looked at."""
    found = sentences(text)
    assert "".join("".join(text[a:b].split()) for a, b in found) == "".join(text.split())
    wrong = {one.sentence for one in look(text, MARY)}
    assert len(clean_sentences(text, MARY)) == len(found) - len(wrong)
    assert not any(look(clean, MARY) for clean in clean_sentences(text, MARY) if len(found) == 1)
