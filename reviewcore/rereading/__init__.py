"""Reading finished files again: whether they hold a number that their publication does not, or name anybody."""

from reviewcore.rereading.check import reread

__all__ = ["reread"]
