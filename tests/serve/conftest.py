"""A server whose classifier knows two words, asked as a client would."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np
import pytest

import stance
from stance.errors import DataError
from stance.labels import Stance
from stance.model import Rows, WordTrials
from stance.model.calibration import Calibration, FloatArray
from stance.schema import CheckpointInfo, Prediction

pytest.importorskip("fastapi")


class Words:
    """Says against to "out" and favor to "come"; counts its calls; "slow" takes its time."""

    def __init__(self) -> None:
        self.info = CheckpointInfo("bundled", "words", "cpu", reads_context=True, sha256="f" * 64)
        self.calibration = Calibration(conformal_scores=tuple(i / 100 for i in range(100)))
        self.judge_all = False
        self.calls: list[int] = []
        self.waits = threading.Event()
        self.waits.set()

    def target_problem(self, target: str) -> str | None:
        return "target is too long" if len(target) > 200 else None

    def word_trials(self, rows: Rows) -> WordTrials:
        if problem := self.target_problem(rows.targets[0]):
            raise DataError(problem)
        return WordTrials.of(rows, reads_context=True, readable=lambda target: bool(target))

    def probabilities(self, rows: Rows, head: str) -> FloatArray:
        """Each "out" is worth .2, each "come" in the context .1."""
        self.waits.wait(20)
        self.calls.append(len(rows))
        out = [words.count("out") for words in rows.statements]
        come = [(words or "").count("come") for words in rows.contexts]
        against = [min(0.9, 0.3 + 0.2 * o + 0.1 * c) for o, c in zip(out, come, strict=True)]
        return np.array([[p, 0.1, 0.9 - p] for p in against], np.float32)

    def predict(
        self,
        statements: Sequence[str],
        targets: Sequence[str],
        contexts: Sequence[str | None],
        *,
        abstain_below: float | None = None,
        coverage: float | None = None,
        **options: object,
    ) -> list[Prediction]:
        self.waits.wait(60)
        self.calls.append(len(statements))
        made = []
        for statement, target in zip(statements, targets, strict=True):
            if "broken" in statement:
                raise DataError("row 0: broken")
            if "slow" in statement:
                time.sleep(1)
            best = 0 if "out" in statement else 2 if "come" in statement else 1
            shares = [0.1, 0.1, 0.1]
            shares[best] = 0.8
            unsure = abstain_below is not None and abstain_below > 0.8
            made.append(
                Prediction(
                    target,
                    None if unsure else list(Stance)[best],
                    dict(zip(map(str, Stance), shares, strict=True)),
                    abstained_because=stance.Abstention.UNSURE if unsure else None,
                    stance_set=None if coverage is None else (list(Stance)[best],),
                )
            )
        return made


@pytest.fixture
def words() -> Words:
    return Words()


@pytest.fixture
def client(words: Words) -> Iterator[Callable[..., Any]]:
    """Makes a client of a server with some limits."""
    from starlette.testclient import TestClient

    from stance.serve import ServerSettings, create_app

    with ExitStack() as stack:

        def make(**limits: Any) -> TestClient:
            app = create_app(words, stance.load_extractor("rules"), ServerSettings(**limits))  # type: ignore[arg-type]
            return stack.enter_context(TestClient(app, base_url="http://127.0.0.1:8000"))

        yield make
