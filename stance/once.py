"""What is made once a process, such as the bundled models."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
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


class OnceEach(Generic[K, T]):
    """Makes an object for each key when it is first asked for, and once only, as :class:`Once`.

    Args:
        make: makes the object of a key.
    """

    def __init__(self, make: Callable[[K], T]) -> None:
        self._make = make
        self._lock = Lock()
        self._each: dict[K, Once[T]] = {}

    def __call__(self, key: K) -> T:
        """The object of a key; threads that ask for different keys do not wait for each other."""
        with self._lock:
            once = self._each.setdefault(key, Once(partial(self._make, key)))
        return once()
