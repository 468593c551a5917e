"""How far coders agree, what they dispute, and the labels that follow.

Krippendorff's alpha for nominal labels, any number of coders and missing labels (Krippendorff 2004,
"Content Analysis", ch. 11), and Cohen's kappa of each two coders. Both are functions of counts that
add up over statements, so that all bootstrap resamples are computed at once. The libraries that
offer alpha give no interval, and the best kept of them is under a licence that would bind ours; the
tests compare with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stance.errors import DataError
from stance.evaluation.resampling import Interval, bootstrap_counts, choose_clusters
from stance.evaluation.rows import group_of, read_rows
from stance.evaluation.scored import read_stance, row_name
from stance.labels import Stance

_STANCES = tuple(Stance)
_K = len(_STANCES)
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CodedStatement:
    """A statement with the labels of those who coded it.

    Attributes:
        id: names the statement; unique together with the target.
        target: what the stance is toward.
        labels: by coder; those who left it empty are not there.
        cells: of its first row, without label and coder.
    """

    id: str
    target: str
    labels: Mapping[str, Stance]
    cells: Mapping[str, object]

    @property
    def disputed(self) -> bool:
        """Whether two coders gave it different labels."""
        return len(set(self.labels.values())) > 1

    def majority(self) -> Stance | None:
        """The label of more than half of its coders, or None."""
        for label, count in Counter(self.labels.values()).items():
            if 2 * count > len(self.labels):
                return label
        return None


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two coders on the statements that both labelled.

    Attributes:
        first: a coder.
        second: another.
        statements: that both labelled.
        same: share of them with one label, in [0, 1].
        opposed: how many are favor to one and against to the other.
        kappa: Cohen's kappa; None where it is not defined, since both gave one and the same label
            throughout.
    """

    first: str
    second: str
    statements: int
    same: float
    opposed: int
    kappa: Interval | None


@dataclass(frozen=True, slots=True)
class CoderAgreement:
    """How far coders agree.

    Attributes:
        statements: all.
        shared: of them with two labels or more.
        disputed: of these with different labels.
        coders: how often each gave each label.
        alpha: Krippendorff's; None where it is not defined, since there is one label throughout.
        pairs: of coders with statements in common.
    """

    statements: int
    shared: int
    disputed: int
    coders: dict[str, dict[str, int]]
    alpha: Interval | None
    pairs: tuple[PairAgreement, ...]


def read_coded(
    paths: Sequence[Path], *, columns: Mapping[str, str] | None = None
) -> list[CodedStatement]:
    """Read what several coders labelled.

    Args:
        paths: CSV, TSV, JSONL, Parquet or Label Studio's JSON, each row with ``stance``, and
            ``coder`` where a file is not one coder's (else the file's name stands for it).
        columns: ``id``, ``target``, ``stance``, ``coder`` -> its column, where that has another
            name.

    Returns:
        The statements in the order in which they first appear.

    Raises:
        DataError: a file lacks a column or a label is unknown, or a coder labelled a statement
            twice; the message names file, row and field.
    """
    names = {key: key for key in ("id", "target", "stance", "coder")} | dict(columns or {})
    found: dict[tuple[str, str], tuple[dict[str, Stance], dict[str, object]]] = {}
    where: dict[tuple[str, str, str], str] = {}
    for path in paths:
        for place, cells in read_rows(path):
            if names["stance"] not in cells:
                raise DataError(
                    f"{place}: no field {names['stance']!r} with the label; there are "
                    f"{', '.join(cells)}"
                )
            column = names["id"] if names["id"] in cells else None
            target = cells.get(names["target"])
            key = (row_name(cells, column, place), "" if target is None else str(target))
            given = cells.get(names["coder"])
            coder = path.stem if given is None else str(given)
            before = where.setdefault((*key, coder), str(place))
            if before != str(place):
                raise DataError(f"{place}: {coder!r} labelled {key[0]!r} in {before} already")
            about = {k: v for k, v in cells.items() if k not in (names["stance"], names["coder"])}
            labels, first = found.setdefault(key, ({}, about))
            _same_words(first, about, key[0], place)
            stance = read_stance(cells[names["stance"]], names["stance"], place)
            if stance is not None:
                labels[coder] = stance
    return [CodedStatement(*key, labels, cells) for key, (labels, cells) in found.items()]


def _same_words(
    first: Mapping[str, object], other: Mapping[str, object], name: str, place: object
) -> None:
    for key in ("statement", "text"):
        if key in first and key in other and first[key] != other[key]:
            raise DataError(
                f"{place}: field {key!r} of {name!r} is {str(other[key])[:60]!r}, but "
                f"{str(first[key])[:60]!r} in a row before: are these the same statements?"
            )


def measure_agreement(
    coded: Sequence[CodedStatement], *, level: float = 0.95, resamples: int = 2000, seed: int = 13
) -> CoderAgreement:
    """Alpha of all coders and kappa of each two, with bootstrap intervals.

    Statements are drawn, or the articles (``group`` or ``article``) where there are ten or more.

    Args:
        coded: from :func:`read_coded`.
        level: nominal coverage of the intervals.
        resamples: of the bootstrap.
        seed: of it.

    Raises:
        DataError: no statement has the labels of two coders.
    """
    shared = [item for item in coded if len(item.labels) > 1]
    if not shared:
        raise DataError(
            "no statement was labelled by two coders: draw a sample with an overlap, such as "
            "`stance sample --coder ana --coder ben --overlap 50`"
        )
    coders = list(dict.fromkeys(coder for item in coded for coder in item.labels))
    pairs = []
    for first, second in combinations(coders, 2):
        both = [item for item in shared if first in item.labels and second in item.labels]
        if both:
            pairs.append(_pair(first, second, both, level, resamples, seed))
    table = np.array([_coincidences(item) for item in shared])
    return CoderAgreement(
        statements=len(coded),
        shared=len(shared),
        disputed=sum(item.disputed for item in shared),
        coders={coder: _counts(coded, coder) for coder in coders},
        alpha=_interval(table, shared, "alpha", level, resamples, seed),
        pairs=tuple(pairs),
    )


def _counts(coded: Sequence[CodedStatement], coder: str) -> dict[str, int]:
    given = Counter(item.labels[coder] for item in coded if coder in item.labels)
    return {str(label): given[label] for label in reversed(_STANCES)}


def _coincidences(item: CodedStatement) -> FloatArray:
    """Pairs of labels of a statement, each coder's weighing the same: ``[k * k]``."""
    counts = np.zeros(_K)
    for label in item.labels.values():
        counts[_STANCES.index(label)] += 1
    pairs = np.outer(counts, counts) - np.diag(counts)
    return np.asarray(pairs.ravel() / (len(item.labels) - 1))


def alpha_of_coincidences(table: npt.NDArray[np.number]) -> FloatArray:
    """Krippendorff's alpha ``[n]`` of coincidence matrices ``[n, k * k]``; NaN for one label."""
    matrix = np.asarray(table, np.float64).reshape(-1, _K, _K)
    margin = matrix.sum(axis=2)
    total = margin.sum(axis=1)
    observed = total - np.trace(matrix, axis1=1, axis2=2)
    expected = total**2 - (margin**2).sum(axis=1)
    # 1 - (n - 1) * (pairs that differ) / (pairs that would differ by chance)
    ratio = np.divide(observed, expected, out=np.full(len(matrix), np.nan), where=expected > 0)
    return np.asarray(1.0 - (total - 1.0) * ratio)


def kappa_of_counts(table: npt.NDArray[np.number]) -> FloatArray:
    """Cohen's kappa ``[n]`` of confusion matrices ``[n, k * k]``; NaN where it is not defined."""
    matrix = np.asarray(table, np.float64).reshape(-1, _K, _K)
    total = matrix.sum(axis=(1, 2))
    observed = np.trace(matrix, axis1=1, axis2=2) * total
    expected = (matrix.sum(axis=1) * matrix.sum(axis=2)).sum(axis=1)
    chance = total**2 - expected
    kappa = np.full(len(matrix), np.nan)
    return np.asarray(np.divide(observed - expected, chance, out=kappa, where=chance > 0))


def _pair(
    first: str,
    second: str,
    both: Sequence[CodedStatement],
    level: float,
    resamples: int,
    seed: int,
) -> PairAgreement:
    table = np.zeros((len(both), _K * _K))
    for row, item in zip(table, both, strict=True):
        one, other = (_STANCES.index(item.labels[coder]) for coder in (first, second))
        row[one * _K + other] = 1.0
    matrix = table.sum(axis=0).reshape(_K, _K)
    return PairAgreement(
        first=first,
        second=second,
        statements=len(both),
        same=float(np.trace(matrix) / len(both)),
        opposed=int(matrix[0, -1] + matrix[-1, 0]),
        kappa=_interval(table, both, "kappa", level, resamples, seed),
    )


def _interval(
    table: FloatArray,
    items: Sequence[CodedStatement],
    measure: str,
    level: float,
    resamples: int,
    seed: int,
) -> Interval | None:
    statistic = alpha_of_coincidences if measure == "alpha" else kappa_of_counts
    if np.isnan(statistic(table.sum(axis=0, keepdims=True))).any():
        return None

    def defined(sums: npt.NDArray[np.number]) -> FloatArray:
        """A resample with one label throughout is one of full agreement."""
        return np.nan_to_num(statistic(sums), nan=1.0)

    groups = [group_of(item.cells) for item in items]
    clusters, unit = choose_clusters(
        [None if group is None else str(group) for group in groups],
        [str(number) for number in range(len(items))],
    )
    order = {cluster: number for number, cluster in enumerate(dict.fromkeys(clusters))}
    sums = np.zeros((len(order), table.shape[1]))
    np.add.at(sums, [order[cluster] for cluster in clusters], table)
    return bootstrap_counts(sums, defined, unit=unit, resamples=resamples, level=level, seed=seed)


def adjudicate(
    coded: Sequence[CodedStatement],
    decisions: Sequence[CodedStatement] = (),
    *,
    majority: bool = False,
) -> list[dict[str, object]]:
    """One row a statement with the label that follows, and what each coder said.

    A label follows where all who labelled it agree, else where it was decided, else (with
    ``majority``) where more than half agree; else ``stance`` is empty and ``dispute`` tells the
    labels.

    Args:
        coded: the statements.
        decisions: the same statements with the label of whoever settled disputes.
        majority: also settle by majority.

    Raises:
        DataError: a decision is about none of the statements, or two differ.
    """
    known = {(item.id, item.target) for item in coded}
    decided: dict[tuple[str, str], Stance] = {}
    for item in decisions:
        if (item.id, item.target) not in known:
            raise DataError(f"a decision is about {item.id!r}, which nobody labelled")
        if item.disputed:
            raise DataError(f"the decisions on {item.id!r} differ: decide it once")
        for given in item.labels.values():
            decided[item.id, item.target] = given
    coders = list(dict.fromkeys(coder for item in coded for coder in item.labels))
    rows = []
    for item in coded:
        agreed = None if item.disputed else next(iter(item.labels.values()), None)
        settled = decided.get((item.id, item.target), agreed)
        if settled is None and majority:
            settled = item.majority()
        dispute = "; ".join(f"{coder}: {label}" for coder, label in item.labels.items())
        rows.append(
            {
                **item.cells,
                "stance": settled,
                "dispute": dispute if item.disputed else None,
                **{f"stance_{coder}": item.labels.get(coder) for coder in coders},
            }
        )
    return rows
