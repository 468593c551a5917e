"""What is made once is made once, from however many threads."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from stance.once import OnceEach


def test_eight_threads_make_one_object_a_key() -> None:
    made: list[str] = []
    barrier = threading.Barrier(8)

    def make(key: str) -> object:
        time.sleep(0.02)
        made.append(key)
        return object()

    each = OnceEach(make)

    def ask(number: int) -> object:
        barrier.wait()
        return each("even" if number % 2 == 0 else "odd")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(8)))
    assert sorted(made) == ["even", "odd"] and len(set(map(id, found))) == 2


def test_what_failed_is_tried_again() -> None:
    answers = iter([ValueError("not yet"), "made"])

    def make(key: int) -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    each = OnceEach(make)
    with pytest.raises(ValueError, match="not yet"):
        each(1)
    assert each(1) == each(1) == "made"


def test_extractors_share_the_bundled_tagger(monkeypatch: pytest.MonkeyPatch) -> None:
    from stance.extract import extractor
    from stance.extract.tagger import Tagger

    loads: list[object] = []

    def load(**options: object) -> object:
        loads.append(options)
        time.sleep(0.02)
        return object()

    monkeypatch.setattr(Tagger, "load", load)
    monkeypatch.setattr(extractor, "_bundled_tagger", OnceEach(extractor._load_bundled))
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: extractor.load_extractor(), range(8)))
    assert len(loads) == 1 and len({id(item.tagger) for item in made}) == 1
