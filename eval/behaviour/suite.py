"""Load, run and score the hand-written behavioural cases of this folder.

Three kinds of case, one JSON object a line:

* ``minimum_functionality``: one statement and target with its ``expected`` stance.
* ``invariance``: two to four variants whose predicted stance must be the same (and, where
  the case gives ``expected``, be that stance).
* ``direction``: two to four variants, each with its own ``expected`` stance; all must be right.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from stance.errors import DataError
from stance.labels import Stance, parse_label

CaseKind = Literal["minimum_functionality", "invariance", "direction"]
Predict = Callable[
    [Sequence[str], Sequence[str], Sequence[str], Sequence[str | None]], Sequence[str]
]

FOLDER = Path(__file__).resolve().parent
CAPABILITIES = (
    "negation",
    "target_swap",
    "paraphrase",
    "speaker_name",
    "sentiment_divergence",
    "reported_speech",
    "irrelevant_target",
    "typos",
    "case",
    "quote_marks",
    "length",
    "target_wording",
)

_KINDS: tuple[str, ...] = get_args(CaseKind)
_VARIANT_KEYS = {"text", "target", "context", "speaker"}
_KEYS: dict[str, tuple[set[str], set[str]]] = {  # kind -> required, optional
    "minimum_functionality": (
        {"id", "capability", "kind", "expected"} | _VARIANT_KEYS,
        {"note"},
    ),
    "invariance": ({"id", "capability", "kind", "variants", "note"}, {"expected"}),
    "direction": ({"id", "capability", "kind", "variants"}, {"note"}),
}
_MIN_VARIANTS, _MAX_VARIANTS = 2, 4


@dataclass(frozen=True, slots=True)
class Variant:
    """One input of a case.

    Attributes:
        text: the statement that is judged.
        target: what its stance is toward.
        context: the sentences around it, ``""`` where there are none.
        speaker: who says it, or None.
        expected: the right stance, or None where only sameness is asked for.
    """

    text: str
    target: str
    context: str = ""
    speaker: str | None = None
    expected: Stance | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One behavioural test.

    Attributes:
        id: unique over the suite.
        capability: what is tested; the name of the case's file.
        kind: how the case is judged, see the module's docstring.
        variants: one input for ``minimum_functionality``, two to four for the other kinds.
        note: what differs between the variants, or ``""``.
    """

    id: str
    capability: str
    kind: CaseKind
    variants: tuple[Variant, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case with what was predicted for its variants.

    Attributes:
        case: the case.
        predicted: one stance a variant.
    """

    case: Case
    predicted: tuple[Stance, ...]

    @property
    def wrong(self) -> bool:
        """Whether a variant that has an expected stance got another one."""
        return any(
            variant.expected is not None and variant.expected is not stance
            for variant, stance in zip(self.case.variants, self.predicted, strict=True)
        )

    @property
    def moved(self) -> bool:
        """Whether the stance differs over the variants of an invariance case."""
        return self.case.kind == "invariance" and len(set(self.predicted)) > 1

    @property
    def failed(self) -> bool:
        """Whether the case failed: a wrong stance, or one that moved."""
        return self.wrong or self.moved

    @property
    def text(self) -> str:
        """The case in plain lines: each variant, what was predicted and what was expected."""
        note = f": {self.case.note}" if self.case.note else ""
        lines = [f"{self.case.id} ({self.case.capability}, {self.case.kind}{note})"]
        for variant, stance in zip(self.case.variants, self.predicted, strict=True):
            line = f"  {stance} toward {variant.target!r}: {variant.text}"
            if variant.speaker is not None:
                line += f" [speaker: {variant.speaker}]"
            if variant.context:
                line += f" [context: {variant.context}]"
            if variant.expected is not None:
                line += f" [expected: {variant.expected}]"
            lines.append(line)
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class CapabilityRate:
    """Failures of one capability.

    Attributes:
        capability: its name.
        cases: how many cases were run.
        failures: how many failed.
        moved: how many of the failures are invariance cases whose stance moved; the other
            failures of invariance cases are steady but wrong.
        failed: the failed cases; ``failed[i].text`` shows one.
    """

    capability: str
    cases: int
    failures: int
    moved: int
    failed: tuple[CaseResult, ...]

    @property
    def rate(self) -> float:
        """Failures over cases, in [0, 1]."""
        return self.failures / self.cases


def load_suite(folder: Path = FOLDER) -> list[Case]:
    """Read every ``*.jsonl`` file of a folder, checking each row.

    Args:
        folder: one file for each capability, named after it.

    Returns:
        The cases, by file name and line.

    Raises:
        DataError: no file is found or a row breaks the schema; the message names file and line.
    """
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise DataError(f"no behavioural cases (*.jsonl) in {folder}")
    cases: list[Case] = []
    seen: dict[str, str] = {}
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except UnicodeDecodeError as error:
            raise DataError(f"{path.name}: not UTF-8 text ({error.reason})") from None
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            where = f"{path.name}, line {number}"
            case = _read_case(line, where)
            if case.capability != path.stem:
                raise DataError(
                    f"{where}: capability {case.capability!r} in the file of {path.stem!r}"
                )
            if case.id in seen:
                raise DataError(f"{where}: id {case.id!r} is already used in {seen[case.id]}")
            seen[case.id] = where
            cases.append(case)
    return cases


def run_suite(cases: Sequence[Case], predict: Predict) -> list[CaseResult]:
    """Predict every variant of every case in one batched call.

    Args:
        cases: as read by :func:`load_suite`.
        predict: takes statements, targets, contexts (``""`` where there is none) and speakers
            (None where unknown), all of one length, and returns one stance label for each.

    Returns:
        One result a case, in the order given.

    Raises:
        DataError: ``predict`` returned another number of labels than it was asked for.
        LabelError: ``predict`` returned an unknown label.
    """
    variants = [variant for case in cases for variant in case.variants]
    if not variants:
        return []
    labels = predict(
        [variant.text for variant in variants],
        [variant.target for variant in variants],
        [variant.context for variant in variants],
        [variant.speaker for variant in variants],
    )
    if len(labels) != len(variants):
        raise DataError(f"predict returned {len(labels)} labels for {len(variants)} statements")
    stances = [parse_label(Stance, label) for label in labels]
    results: list[CaseResult] = []
    start = 0
    for case in cases:
        end = start + len(case.variants)
        results.append(CaseResult(case, tuple(stances[start:end])))
        start = end
    return results


def failure_rates(results: Sequence[CaseResult]) -> list[CapabilityRate]:
    """Count the failures of each capability.

    Args:
        results: as returned by :func:`run_suite`.

    Returns:
        One entry for each capability that has results, in the order of ``CAPABILITIES``.
    """
    rates: list[CapabilityRate] = []
    for capability in CAPABILITIES:
        own = [result for result in results if result.case.capability == capability]
        if not own:
            continue
        failed = tuple(result for result in own if result.failed)
        moved = sum(result.moved for result in failed)
        rates.append(CapabilityRate(capability, len(own), len(failed), moved, failed))
    return rates


def _read_case(line: str, where: str) -> Case:
    """Parse and check one row."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise DataError(f"{where}: not valid JSON ({error.msg})") from None
    if not isinstance(row, dict):
        raise DataError(f"{where}: expected a JSON object, got {type(row).__name__}")
    kind = _choice(row, "kind", _KINDS, where)
    required, optional = _KEYS[kind]
    _check_keys(row, required, optional, where)
    identifier = _string(row, "id", where)
    capability = _choice(row, "capability", CAPABILITIES, where)
    note = _string(row, "note", where) if "note" in row else ""
    if kind == "minimum_functionality":
        variants = (_read_variant(row, _stance(row, where), where),)
        return Case(identifier, capability, "minimum_functionality", variants, note)
    items = row["variants"]
    if not isinstance(items, list) or not _MIN_VARIANTS <= len(items) <= _MAX_VARIANTS:
        raise DataError(
            f"{where}: 'variants' must be a list of {_MIN_VARIANTS} to {_MAX_VARIANTS} objects"
        )
    shared = _stance(row, where) if "expected" in row else None
    keys = _VARIANT_KEYS | ({"expected"} if kind == "direction" else set())
    read: list[Variant] = []
    for position, item in enumerate(items, start=1):
        place = f"{where}, variant {position}"
        if not isinstance(item, dict):
            raise DataError(f"{place}: expected a JSON object, got {type(item).__name__}")
        _check_keys(item, keys, set(), place)
        expected = _stance(item, place) if kind == "direction" else shared
        read.append(_read_variant(item, expected, place))
    inputs = {(v.text, v.target, v.context, v.speaker) for v in read}
    if len(inputs) != len(read):
        raise DataError(f"{where}: two variants are the same")
    if kind == "direction":
        if len({variant.expected for variant in read}) == 1:
            raise DataError(f"{where}: a direction case needs variants of different stance")
        return Case(identifier, capability, "direction", tuple(read), note)
    return Case(identifier, capability, "invariance", tuple(read), note)


def _read_variant(row: Mapping[str, Any], expected: Stance | None, where: str) -> Variant:
    context = _string(row, "context", where) if row["context"] is not None else ""
    speaker = _string(row, "speaker", where) if row["speaker"] is not None else None
    return Variant(
        text=_string(row, "text", where),
        target=_string(row, "target", where),
        context=context,
        speaker=speaker,
        expected=expected,
    )


def _check_keys(row: Mapping[str, Any], required: set[str], optional: set[str], where: str) -> None:
    missing = required - set(row)
    if missing:
        raise DataError(f"{where}: missing {', '.join(sorted(missing))}")
    unknown = set(row) - required - optional
    if unknown:
        raise DataError(f"{where}: unknown key {', '.join(sorted(unknown))}")


def _string(row: Mapping[str, Any], key: str, where: str) -> str:
    value = row[key]
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"{where}: {key!r} must be a text that is not empty, got {value!r}")
    return value


def _choice(row: Mapping[str, Any], key: str, allowed: Sequence[str], where: str) -> str:
    value = row.get(key)
    if value not in allowed:
        raise DataError(f"{where}: {key!r} is {value!r}, must be one of {', '.join(allowed)}")
    return str(value)


def _stance(row: Mapping[str, Any], where: str) -> Stance:
    return Stance(_choice(row, "expected", [stance.value for stance in Stance], where))
