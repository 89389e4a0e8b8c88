"""Free text: where a note names somebody or gives somebody away, sentence by sentence."""

from reviewcore.freetext.reading import Found, Span, clean_sentences, look
from reviewcore.freetext.roster import Roster, roster

__all__ = ["Found", "Roster", "Span", "clean_sentences", "look", "roster"]
