"""The readers of finished files, one file for each format: `FORMAT` is its ending, `read` makes of it what is `Seen`.

A new format is one more module here; every test of formats then attacks it too.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module

from tests.attacks.seen import Seen

READERS: dict[str, Callable[[bytes], Seen]] = {}
for _found in pkgutil.iter_modules(__path__, ""):
    if _found.name.startswith("_"):
        continue
    _module = import_module(f"{__name__}.{_found.name}")
    READERS[_module.FORMAT] = _module.read
