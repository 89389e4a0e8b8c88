"""The profiles that come with reviewcore: in the installed wheel, else in the source tree beside it."""

from __future__ import annotations

from pathlib import Path

from reviewcore.errors import Refused, nearest


def names() -> tuple[str, ...]:
    """Return the names of all shipped profiles, sorted; refuse where none were installed."""
    return tuple(sorted(found.stem for found in _home().glob("*.toml")))


def path(name: str) -> Path:
    """Return where the shipped profile called `name` lies; refuse where there is none by that name.

    A name that ends in `.toml` is a file's own path: of a profile that another package brings.
    """
    known = names()
    if name.endswith(".toml"):
        if not Path(name).is_file():
            raise Refused(
                f"{name}: there is no such file; give a profile's path, or one of {', '.join(known)}"
            )
        return Path(name)
    if name not in known:
        raise Refused(f"no profile '{name}' is shipped{nearest(name, known)}; there are {', '.join(known)}")
    return _home() / f"{name}.toml"


def _home() -> Path:
    """Return the folder of shipped profiles.

    A wheel carries it inside the package. An editable install does not (hatchling leaves out what the
    wheel adds), so there the source tree's own folder serves: the one beside its pyproject.toml.
    """
    package = Path(__file__).parent
    installed, tree = package / "shipped", package.parents[1]
    if any(installed.glob("*.toml")):
        return installed
    if (tree / "pyproject.toml").is_file() and any((tree / "profiles").glob("*.toml")):
        return tree / "profiles"
    raise Refused(
        f"no shipped profiles in {installed}: this installation is not whole; install reviewcore again, "
        "from its wheel"
    )
