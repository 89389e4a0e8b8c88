"""reviewcore: case reviews whose draw anyone can check and whose results single nobody out.

`Review` is what a program embeds; `reviewcore.api` is what the author of a review type imports.
Names are loaded when they are first used, so that `import reviewcore` stays light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewcore.errors import BadInput, Blocked, PluginFailed, Problem, Refused, ReviewError
    from reviewcore.review import Review

__version__ = "0.1.0"
__all__ = [
    "BadInput",
    "Blocked",
    "PluginFailed",
    "Problem",
    "Refused",
    "Review",
    "ReviewError",
    "__version__",
]


def __getattr__(name: str) -> object:
    if name in __all__:
        from importlib import import_module

        home = "reviewcore.review" if name == "Review" else "reviewcore.errors"
        return getattr(import_module(home), name)
    raise AttributeError(f"module 'reviewcore' has no attribute {name!r}")
