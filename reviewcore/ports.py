"""Ports: ways out that a plugin can open, and what its author imports.

A transport sees names and addresses: it is trusted code. It is loaded only where the profile names its
package under `plugins` and again under `trusted`, and it is outside the promise that no plugin meets a
person. A plugin offers it in the entry-point group `reviewcore.ports`, as a class with the hook
`transports`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

from reviewcore import __version__, hookspecs
from reviewcore.errors import PluginFailed, Refused, nearest
from reviewcore.hookspecs import hookimpl
from reviewcore.notification.transport import (
    Answer,
    Connection,
    Message,
    Offered,
    Outcome,
    Transport,
    Unusable,
    Way,
)
from reviewcore.plugins import allowed_entries, package, version
from reviewcore.profile.settings import Sending
from reviewcore.sealing import irregular, raised

if TYPE_CHECKING:
    from reviewcore.profile.settings import Profile

__all__ = [
    "Answer", "Connection", "Message", "Outcome", "Sending", "Transport", "Unusable", "Way", "hookimpl",
    "transport", "transports",
]  # fmt: skip

GROUP = "reviewcore.ports"
PORTS = ("transports",)
"""Every port, by its hook."""


class Smtp:
    """The transport that comes with reviewcore."""

    @hookimpl
    def transports(self) -> tuple[Transport, ...]:
        """Offer sending by SMTP."""
        from reviewcore.notification.smtp import connect

        return (Transport("smtp", connect),)


def transport(profile: Profile) -> Offered:
    """Return the transport that the profile's `[sending] by` names; raise Refused where there is none.

    No other package is looked for, and none imported, where that is the one that comes with reviewcore.
    """
    wanted = profile.sending.by
    trusted = () if wanted == "smtp" else profile.trusted
    found = transports(profile.plugins, trusted)
    named = [one for one in found if one.transport.name == wanted]
    if not named:
        names = sorted({one.transport.name for one in found})
        raise Refused(
            f"sending.by: no transport '{wanted}' is offered{nearest(wanted, names)}; there are {', '.join(names)}. "
            "Install the package that offers it, and name it in the profile under plugins and under trusted"
        )
    if len(named) > 1:
        raise Refused(
            f"sending.by: '{wanted}' is provided by: {' / '.join(f'{one.plugin} {one.version}' for one in named)}; "
            "keep one of them under trusted"
        )
    return named[0]


def transports(plugins: tuple[str, ...] = (), trusted: tuple[str, ...] = ()) -> tuple[Offered, ...]:
    """Return every transport on offer: reviewcore's own, then those of packages in both lists.

    Raise Refused for a package that is trusted and not allowed, PluginFailed where one breaks the
    agreement; what its exception says is not repeated.
    """
    found = list(_offers("reviewcore", __version__, Smtp))
    untold = sorted(set(trusted) - set(plugins))
    if untold:
        raise Refused(f"trusted: {', '.join(untold)} must stand under plugins, too")
    for entry in allowed_entries(GROUP, trusted) if trusted else ():
        try:
            plugin, what = entry.load(), ""
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # whatever its module does, the host lives
            plugin, what = None, raised(error, entry.value)
        if plugin is None:
            raise PluginFailed(package(entry), version(entry), "import", what)
        found += _offers(package(entry), version(entry), plugin)
    return tuple(found)


def _offers(name: str, number: str, plugin: type) -> tuple[Offered, ...]:
    """Call one plugin's hook in a manager of its own, and check what it returns."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    answers: object = None
    found = list(irregular(plugin, manager, PORTS, "ports"))
    what = "; ".join(found)
    if not what:
        try:
            manager.register(plugin(), name)
            answers = next(iter(manager.hook.transports()), None)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit included: a plugin does not end its host
            what = raised(error, getattr(plugin, "__module__", ""))
        else:
            what = _unfit(answers)
    if what or type(answers) is not tuple:
        raise PluginFailed(name, number, "transports", what)
    return tuple(Offered(one, name, number) for one in answers)


def _unfit(answers: object) -> str:
    if type(answers) is not tuple:
        return f"expected a tuple of Transport, got {type(answers).__name__}"
    for place, one in enumerate(answers):
        if type(one) is not Transport:
            return f"transports[{place}]: expected a Transport, got {type(one).__name__}"
        if type(one.name) is not str or not callable(one.open):
            return f"transports[{place}]: name must be text, and open a function"
    return ""
