"""The bar that a call of the classifier shows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(total: int, shown: bool | None) -> Iterator[Callable[[int], object]]:
    """Gives what moves a bar on; the bar is on stderr, and None shows it only on a terminal."""
    if not (sys.stderr.isatty() if shown is None else shown):
        yield lambda rows: None
        return
    from tqdm import tqdm

    with tqdm(total=total, unit="statement", file=sys.stderr) as bar:
        yield bar.update
