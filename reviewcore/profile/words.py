"""What a profile's comments say of its settings: the words are written once, where a county reads them.

A setting that is commented out counts as well: it stands there to say what holds without it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reviewcore.profile.lines import locate

Where = tuple[str, ...]
"""A setting's keys. `*` stands for every entry of a list."""

_HIDDEN = re.compile(r"^# ?(?=\[[\w.]+\]|[\w.]+ = )", re.MULTILINE)
_COMMENT = re.compile(r"""(?:[^"'#]|"[^"\n]*"|'[^'\n]*')*\#\s*(.*?)\s*$""")


def words_of(text: str) -> Mapping[Where, str]:
    """Return the comment beside each setting and each heading of a profile; of several, the first.

    >>> words_of('[review]\\n# rooms = 2  # at once\\n[[review.units]]\\nname = "x#"  # as listed')
    {('review', 'rooms'): 'at once', ('review', 'units', '*', 'name'): 'as listed'}
    """
    shown = _HIDDEN.sub("", text)
    on_line: dict[int, list[tuple[str | int, ...]]] = {}
    for path, line in locate(shown).items():
        on_line.setdefault(line, []).append(path)
    found: dict[Where, str] = {}
    for number, written in enumerate(shown.split("\n"), 1):
        said = _COMMENT.match(written)
        if not said or not said[1] or number not in on_line:
            continue
        paths = on_line[number]
        if written.startswith("["):  # the heading's own table, and not one around it or an entry of it
            path = max((one for one in paths if type(one[-1]) is str), key=len, default=())
        else:  # the setting, and not what is within its value
            path = min(paths, key=len)
        if path:
            found.setdefault(tuple("*" if type(step) is int else str(step) for step in path), said[1])
    return found
