"""What is made once a process, such as the bundled models."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Makes an object when it is first asked for, and once only, from however many threads.

    Where making fails, the next call tries again.

    Args:
        make: makes the object.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: list[T] = []

    def __call__(self) -> T:
        """The object."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]
