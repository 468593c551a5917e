"""Names of a package that are imported when they are first used (PEP 562).

So that ``import stance`` is light: torch, pandas and Arrow load only for those who need them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module


def lazy_names(package: str, names: Mapping[str, str]) -> Callable[[str], object]:
    """What a package takes as its ``__getattr__``.

    The package lists the same names in ``__all__`` and imports them under ``TYPE_CHECKING``, for
    type checkers and readers.

    Args:
        package: its ``__name__``.
        names: module below the package -> its public names, parted by spaces.

    Returns:
        A function that gives the object of a name, and raises AttributeError for any other.
    """
    home = {name: module for module, listed in names.items() for name in listed.split()}

    def find(name: str) -> object:
        if name in home:
            return getattr(import_module(f"{package}.{home[name]}"), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return find
