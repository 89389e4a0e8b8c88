"""Finding a review type and allowing it: nothing is loaded that the profile does not name.

Bundled types are found by a table, without looking through all that is installed; any other must be
allowed by the profile. What is loaded is sealed by `reviewcore.sealing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from attrs import frozen

from reviewcore import __version__
from reviewcore.errors import PluginFailed, Refused, nearest
from reviewcore.sealing import Plugins, raised

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

BUNDLED: Mapping[str, str] = {
    "pqcr": "reviewcore_pqcr:PQCR",
    "qsr": "reviewcore_qsr:QSR",
    "caseload": "reviewcore_caseload:Caseload",
}
"""The review types of this wheel, by name: where their class is."""

GROUP = "reviewcore.types"
"""The entry-point group in which other packages offer review types."""


@frozen
class TypeInfo:
    """An installed review type: its name, what it is, its version, and the package that it comes from."""

    name: str
    title: str
    version: str
    where: str


def available() -> tuple[TypeInfo, ...]:
    """Return all installed review types, the bundled ones first.

    Only those are imported for their titles; of any other is told what its package says of itself, since
    nothing may run that no profile has allowed.
    """
    bundled = (load(name) for name in BUNDLED)
    return tuple(
        TypeInfo(one.name, one.review_type().title, one.version, "reviewcore") for one in bundled
    ) + tuple(TypeInfo(entry.name, _summary(entry), version(entry), package(entry)) for entry in _entries())


def load(name: str, allowed: tuple[str, ...] = (), *, debug: bool = False) -> Plugins:
    """Return the review type called `name`, imported and sealed.

    `allowed` is the profile's `plugins`: the packages, or types, that may be loaded beside the bundled
    ones. Raises Refused where the type is not installed or not allowed, PluginFailed where it breaks the
    agreement. `debug` chains the plugin's own exceptions: for made-up people only.
    """
    if name in BUNDLED:
        return _imported(name, BUNDLED[name], __version__, debug)
    entries = list(_entries())
    named = [entry for entry in entries if entry.name == name]
    permitted = {_canonical(one) for one in allowed}
    chosen = [entry for entry in named if _canonical(package(entry)) in permitted]
    chosen = chosen or [entry for entry in named if _canonical(entry.name) in permitted]
    if len(chosen) > 1:
        raise Refused(
            f"review type '{name}' is provided by: {_providers(chosen)}; write in the profile's plugins "
            "the one package that you mean"
        )
    if chosen:
        return _imported(name, chosen[0].value, version(chosen[0]), debug)
    if named:
        raise Refused(
            f"review type '{name}' is installed ({_providers(named)}) but the profile does not allow it; write "
            f'plugins = ["{package(named[0])}"] in the profile if you trust it'
        )
    known = sorted({*BUNDLED, *(entry.name for entry in entries)})
    raise Refused(
        f"no review type '{name}' is installed{nearest(name, known)}; there are {', '.join(known)}. Install the "
        "package that provides it"
    )


def _entries(group: str = GROUP) -> Iterator[EntryPoint]:
    """Yield what other packages offer, in a fixed order; this scans everything that is installed."""
    from importlib.metadata import entry_points

    found = (entry for entry in entry_points(group=group) if _canonical(package(entry)) != "reviewcore")
    yield from sorted(found, key=lambda entry: (entry.name, package(entry)))


def allowed_entries(group: str, allowed: tuple[str, ...]) -> Iterator[EntryPoint]:
    """Yield what the packages in `allowed` offer in a group of entry points; no other is loaded."""
    permitted = {_canonical(one) for one in allowed}
    yield from (entry for entry in _entries(group) if _canonical(package(entry)) in permitted)


def package(entry: EntryPoint) -> str:
    """Return the name of the package that offers this."""
    return entry.dist.name if entry.dist else "a package without a name"


def version(entry: EntryPoint) -> str:
    """Return that package's version."""
    return entry.dist.version if entry.dist else "unknown"


def _summary(entry: EntryPoint) -> str:
    return (
        str(entry.dist.metadata["Summary"] or "") if entry.dist and "Summary" in entry.dist.metadata else ""
    )


def _providers(entries: list[EntryPoint]) -> str:
    return " / ".join(f"{package(entry)} {version(entry)}" for entry in entries)


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _imported(name: str, target: str, version: str, debug: bool) -> Plugins:
    module, _, attribute = target.partition(":")
    cause = None
    try:
        plugin = getattr(import_module(module), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever its module does, the host lives
        what, cause = raised(error, target), error if debug else None
    else:
        return Plugins(plugin, name, version, debug=debug)
    raise PluginFailed(name, version, "import", what) from cause
