"""Write points: the places where something is about to become durable.

Every commit and every file that is put in place passes here first, so that a test can count them and
stop the process dead at each one. In use it does nothing.
"""

from __future__ import annotations


def about_to(what: str) -> None:
    """Announce that `what` is about to be written for good."""
