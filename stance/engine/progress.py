"""How far a run is: a bar on a terminal, lines in the log elsewhere."""

from __future__ import annotations

import logging
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tqdm import tqdm

logger = logging.getLogger(__name__)
_SECONDS = 30.0  # between two lines of the log


class Progress:
    """Tells of one stage of a run; a context manager.

    Args:
        unit: what is counted, such as ``row``.
        total: how many there are.
        done: how many of them an earlier run did.
        stage: what is done, such as ``joining``.
        show: a bar or none; None shows it only on a terminal.
    """

    def __init__(
        self,
        unit: str,
        total: int,
        *,
        done: int = 0,
        stage: str = "scoring",
        show: bool | None = None,
    ) -> None:
        self._unit, self._total, self._stage = unit, total, stage
        self._first = self._done = done
        self._show = sys.stderr.isatty() if show is None else show
        self._bar: tqdm[None] | None = None

    def __enter__(self) -> Progress:
        self._began = self._told = time.monotonic()
        if self._show:
            from tqdm import tqdm

            self._bar = tqdm(
                desc=self._stage,
                unit=self._unit,
                total=self._total,
                initial=self._done,
                file=sys.stderr,
            )
        return self

    def advance(self, count: int) -> None:
        """So many more are done."""
        self._done += count
        if self._bar is not None:
            self._bar.update(count)
        elif time.monotonic() - self._told >= _SECONDS:
            self._told = time.monotonic()
            rate = (self._done - self._first) / (self._told - self._began)
            logger.info(
                "%s: %d of %d %ss, %.1f a second, %d minutes left",
                self._stage,
                self._done,
                self._total,
                self._unit,
                rate,
                round((self._total - self._done) / rate / 60),
            )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()
