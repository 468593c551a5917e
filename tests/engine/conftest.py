"""A classifier without weights, and short ways to write, score and read tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from stance.engine import RunReport, score
from stance.labels import Stance
from stance.schema import CheckpointInfo, Prediction

DELIMITERS = {".csv": ",", ".tsv": "\t"}


class Fake:
    """A classifier that favours everything and cannot read the target "unreadable"."""

    def __init__(self) -> None:
        self.calls: list[dict[str, object]] = []
        self.asked: list[str] = []

    judge_all = False

    @property
    def info(self) -> CheckpointInfo:
        return CheckpointInfo("bundled", "fake", "cpu", reads_context=True, sha256="f" * 64)

    @property
    def calibration(self) -> Fake:
        return self

    def thresholds(self, coverage: float) -> tuple[float, ...]:
        return (0.1, 0.1, 0.1)

    def target_problem(self, target: str) -> str | None:
        self.asked.append(target)
        return "no such target" if target == "unreadable" else None

    def predict(
        self,
        statements: Sequence[str],
        targets: Sequence[str],
        contexts: Sequence[str | None],
        **options: object,
    ) -> list[Prediction]:
        self.calls.append(
            {"statements": statements, "targets": targets, "contexts": contexts, **options}
        )
        shares = {"against": 0.1, "neutral": 0.2, "favor": 0.7}
        return [
            Prediction(target, Stance.FAVOR, shares, used_context=bool(context))
            for target, context in zip(targets, contexts, strict=True)
        ]


@pytest.fixture
def fake() -> Fake:
    return Fake()


@pytest.fixture(name="score")
def score_fixture(fake: Fake) -> Callable[..., RunReport]:
    """Score toward "troops" with the classifier that has no weights."""

    def run(source: Path, output: Path, targets: object = "troops", **options) -> RunReport:
        if targets == "troops" and "columns" in options and options["columns"].target:
            targets = None
        return score(source, targets, output=output, classifier=fake, **options)  # type: ignore

    return run


@pytest.fixture
def write() -> Callable[[Path, str], Path]:
    def to_file(path: Path, text: str) -> Path:
        path.write_bytes(text.encode("utf-8"))
        return path

    return to_file


@pytest.fixture
def read() -> Callable[[Path], list[dict[str, object]]]:
    def rows(path: Path) -> list[dict[str, object]]:
        if path.suffix in DELIMITERS:
            before = csv.field_size_limit(2**24)
            try:
                with path.open(encoding="utf-8", newline="") as handle:
                    return list(csv.DictReader(handle, delimiter=DELIMITERS[path.suffix]))
            finally:
                csv.field_size_limit(before)
        if path.suffix == ".jsonl":
            return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        import pyarrow.parquet as pq

        return pq.read_table(path).to_pylist()

    return rows


@pytest.fixture
def column(read) -> Callable[[Path, str], list[object]]:
    return lambda path, name: [row[name] for row in read(path)]
