"""Behavioural cases and their files.

Three kinds of case, one JSON object a line:

* ``minimum_functionality``: one statement and target with its ``expected`` stance.
* ``invariance``: two to four variants whose predicted stance must be the same (and, where
  the case gives ``expected``, be that stance).
* ``direction``: two to four variants, each with its own ``expected`` stance; all must be right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from stance.errors import DataError
from stance.labels import Stance
from stance.untrusted import parse_json

CaseKind = Literal["minimum_functionality", "invariance", "direction"]

_KINDS: tuple[CaseKind, ...] = get_args(CaseKind)
_VARIANT_KEYS = {"text", "target", "context", "speaker"}
_KEYS: dict[CaseKind, tuple[set[str], set[str]]] = {  # kind -> required, optional
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


def load_cases(folder: Path) -> list[Case]:
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


def _read_case(line: str, where: str) -> Case:
    """Parse and check one row."""
    try:
        row = parse_json(line)
    except ValueError as error:
        raise DataError(f"{where}: not valid JSON ({error})") from None
    if not isinstance(row, dict):
        raise DataError(f"{where}: expected a JSON object, got {type(row).__name__}")
    kind = case_kind(row.get("kind"), where)
    required, optional = _KEYS[kind]
    _check_keys(row, required, optional, where)
    identifier = _string(row, "id", where)
    capability = _string(row, "capability", where)
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


def _read_variant(row: Mapping[str, object], expected: Stance | None, where: str) -> Variant:
    context = _string(row, "context", where) if row["context"] is not None else ""
    speaker = _string(row, "speaker", where) if row["speaker"] is not None else None
    return Variant(
        text=_string(row, "text", where),
        target=_string(row, "target", where),
        context=context,
        speaker=speaker,
        expected=expected,
    )


def _check_keys(
    row: Mapping[str, object], required: set[str], optional: set[str], where: str
) -> None:
    missing = required - set(row)
    if missing:
        raise DataError(f"{where}: missing {', '.join(sorted(missing))}")
    unknown = set(row) - required - optional
    if unknown:
        raise DataError(f"{where}: unknown key {', '.join(sorted(unknown))}")


def _string(row: Mapping[str, object], key: str, where: str) -> str:
    value = row[key]
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"{where}: {key!r} must be a text that is not empty, got {value!r}")
    return value


def case_kind(value: object, where: str) -> CaseKind:
    """The kind that a word names.

    Raises:
        DataError: it names none; the message begins with ``where``.
    """
    for kind in _KINDS:
        if value == kind:
            return kind
    raise DataError(f"{where}: 'kind' is {value!r}, must be one of {', '.join(_KINDS)}")


def _stance(row: Mapping[str, object], where: str) -> Stance:
    for stance in Stance:
        if row.get("expected") == stance.value:
            return stance
    names = ", ".join(stance.value for stance in Stance)
    raise DataError(f"{where}: 'expected' is {row.get('expected')!r}, must be one of {names}")
