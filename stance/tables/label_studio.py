"""Label Studio's JSON: statements and articles out as tasks, people's labels in as rows.

Label Studio counts offsets in UTF-16 code units, as JavaScript does; ours are Unicode code points.
The two differ after each character beyond U+FFFF, such as an emoji.

Format: https://labelstud.io/guide/task_format and https://labelstud.io/guide/export.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from stance.errors import DataError, SpanError
from stance.untrusted import parse_json, read_bytes

if TYPE_CHECKING:
    from stance.analysis import Analysis
    from stance.schema import Span, Statement

Task = dict[str, object]
_CHOICES = "".join(f'<Choice value="{name}"/>' for name in ("favor", "neutral", "against"))
STATEMENT_CONFIG = f"""<View>
  <Header value="Where does the speaker stand toward: $target"/>
  <Text name="about" value="$speaker"/>
  <Text name="around" value="$context"/>
  <Text name="statement" value="$statement"/>
  <Choices name="stance" toName="statement" choice="single" required="true">{_CHOICES}</Choices>
</View>
"""
ARTICLE_CONFIG = f"""<View>
  <Header value="Target: $target"/>
  <Labels name="span" toName="text">
    <Label value="Statement"/><Label value="Speaker"/><Label value="Cue"/>
  </Labels>
  <Relations>
    <Relation value="goes on"/><Relation value="said by"/><Relation value="attributed with"/>
  </Relations>
  <Text name="text" value="$text"/>
  <Choices name="stance" toName="text" perRegion="true" whenTagName="span"
    whenLabelValue="Statement">{_CHOICES}</Choices>
</View>
"""
_STATEMENT, _SPEAKER, _CUE = "Statement", "Speaker", "Cue"
_GOES_ON, _SAID_BY, _ATTRIBUTED = "goes on", "said by", "attributed with"


class Utf16Offsets:
    """Offsets of one text, from code points to UTF-16 code units and back.

    Args:
        text: that both refer to.
    """

    def __init__(self, text: str) -> None:
        self._points = [i for i, character in enumerate(text) if ord(character) > 0xFFFF]
        self._units = [point + count for count, point in enumerate(self._points)]
        self._length = len(text)

    def to_units(self, point: int) -> int:
        """The code unit at which a code point begins, or the end of the text.

        Raises:
            SpanError: the text is not that long.
        """
        if not 0 <= point <= self._length:
            raise SpanError(f"offset {point} is not in a text of {self._length} code points")
        return point + bisect_left(self._points, point)

    def to_points(self, unit: int) -> int:
        """The code point that begins at a code unit, or the end of the text.

        Raises:
            SpanError: the text is not that long, or the unit is the second half of a character.
        """
        before = bisect_left(self._units, unit)
        if before and self._units[before - 1] == unit - 1:
            raise SpanError(f"UTF-16 offset {unit} is in the middle of a character")
        if not 0 <= unit - before <= self._length:
            raise SpanError(f"UTF-16 offset {unit} is not in the text")
        return unit - before


def statement_tasks(rows: Sequence[Mapping[str, object]]) -> list[Task]:
    """One task a row, for the labelling interface of ``STATEMENT_CONFIG``.

    Args:
        rows: with ``statement`` and ``target``; all their cells become the task's data.
    """
    shown = {"speaker": "", "context": ""}
    return [
        {"data": {**shown, **{key: "" if v is None else v for key, v in row.items()}}}
        for row in rows
    ]


def article_tasks(analysis: Analysis) -> list[Task]:
    """One task a target, in which what was found and predicted is marked already.

    Regions are of the kinds Statement, Speaker and Cue; relations join the pieces of a statement,
    and each statement to its speaker and cue.
    """
    document = analysis.document
    return [
        {
            "data": {
                "document_id": document.id or "",
                "title": document.title or "",
                "target": target,
                "text": document.text,
            },
            "predictions": [{"model_version": "stance", "result": _regions(analysis, column)}],
        }
        for column, target in enumerate(analysis.targets)
    ]


def _regions(analysis: Analysis, column: int) -> list[dict[str, object]]:
    offsets = Utf16Offsets(analysis.text)
    found: list[dict[str, object]] = []
    marks: dict[tuple[str, int, int], str] = {}

    def mark(kind: str, span: Span) -> str:
        """The region of a span; several statements may share a speaker or a cue."""
        key = (kind, span.start, span.end)
        if key not in marks:
            marks[key] = f"{kind[0].lower()}{span.start}-{span.end}"
            found.append(_region(marks[key], span, offsets, "labels", [kind], "span"))
        return marks[key]

    for statement, row in zip(analysis.statements, analysis.predictions, strict=True):
        pieces = [mark(_STATEMENT, span) for span in statement.spans]
        stance = row[column].stance
        if stance is not None:
            first = statement.spans[0]
            found.append(_region(pieces[0], first, offsets, "choices", [stance.value], "stance"))
        found += [_relation(one, two, _GOES_ON) for one, two in pairwise(pieces)]
        for kind, name, span in _of(statement):
            found.append(_relation(pieces[0], mark(kind, span), name))
    return found


def _of(statement: Statement) -> Iterator[tuple[str, str, Span]]:
    if statement.speaker_mention is not None:
        yield _SPEAKER, _SAID_BY, statement.speaker_mention
    if statement.cue is not None:
        yield _CUE, _ATTRIBUTED, statement.cue


def _region(
    name: str, span: Span, offsets: Utf16Offsets, kind: str, values: list[str], tag: str
) -> dict[str, object]:
    value = {
        "start": offsets.to_units(span.start),
        "end": offsets.to_units(span.end),
        "text": span.text,
        kind: values,
    }
    return {"id": name, "type": kind, "from_name": tag, "to_name": "text", "value": value}


def _relation(one: str, other: str, name: str) -> dict[str, object]:
    return {
        "type": "relation",
        "from_id": one,
        "to_id": other,
        "direction": "right",
        "labels": [name],
    }


def read_label_studio(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield (number of the task, row) of a file that Label Studio exported as JSON.

    A task whose text is a statement gives a row for each person who labelled it, with the task's
    data, ``coder`` and ``stance``; a skipped or unlabelled one has no stance. An article gives a
    row for each statement marked in it, with ``id``, ``statement``, ``start``, ``end``, ``spans``
    (code points), ``speaker_mention``, ``cue``, ``stance`` and ``coder``.

    Raises:
        DataError: the file is missing, no such JSON, or a region does not fit its text; the message
            names file, task and region.
    """
    try:
        tasks = parse_json(read_bytes(path).decode("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise DataError(f"cannot read {path}: {error}") from error
    if not isinstance(tasks, list):
        raise DataError(f"{path} is no list of tasks: export it from Label Studio as JSON")
    for number, task in enumerate(tasks, start=1):
        where = f"{path}, task {number}"
        data = task.get("data") if isinstance(task, dict) else None
        if not isinstance(data, dict):
            raise DataError(f"{where} has no 'data': export it from Label Studio as JSON")
        annotations = task.get("annotations") or []
        if not isinstance(annotations, list) or not all(isinstance(a, dict) for a in annotations):
            raise DataError(f"{where}: 'annotations' is no list of annotations")
        is_article = "statement" not in data and isinstance(data.get("text"), str)
        for annotation in annotations or ([] if is_article else [{}]):
            for row in _rows(data, annotation, where, is_article=is_article):
                yield number, row


def _rows(
    data: Mapping[str, object], annotation: Mapping[str, object], where: str, *, is_article: bool
) -> Iterator[dict[str, object]]:
    result = annotation.get("result") or []
    if not isinstance(result, list) or not all(isinstance(item, dict) for item in result):
        raise DataError(f"{where}: 'result' is no list of regions")
    if annotation.get("was_cancelled"):
        result = []
    cells = {key: None if value == "" else value for key, value in data.items()}
    coder = cells.get("coder") or _coder(annotation)
    if is_article:
        text = str(data["text"])
        about = {key: value for key, value in cells.items() if key != "text"}
        name = about.get("document_id") or where.rpartition(" ")[2]
        for row in _statements(result, text, where):
            place = f"{name}:{row['start']}-{row['end']}"
            yield {**about, "id": place, **row, "coder": coder}
        return
    chosen = [_choice(item, where) for item in result if item.get("from_name") == "stance"]
    if len(chosen) > 1:
        raise DataError(f"{where}: one annotation has {len(chosen)} stances: choose one")
    yield {**cells, "stance": chosen[0] if chosen else None, "coder": coder}


def _coder(annotation: Mapping[str, object]) -> str | None:
    who = annotation.get("completed_by")
    if isinstance(who, dict):
        who = who.get("email") or who.get("id")
    return None if who is None else str(who)


def _choice(item: Mapping[str, object], where: str) -> str:
    value = item.get("value")
    choices = value.get("choices") if isinstance(value, dict) else None
    if not isinstance(choices, list) or len(choices) != 1 or not isinstance(choices[0], str):
        raise DataError(f"{where}: choose one stance, not {choices!r}")
    return choices[0]


def _statements(
    result: Sequence[Mapping[str, object]], text: str, where: str
) -> Iterator[dict[str, object]]:
    offsets = Utf16Offsets(text)
    spans: dict[str, tuple[str, int, int]] = {}
    stances: dict[str, str] = {}
    links: dict[str, dict[str, list[str]]] = {}
    for item in result:
        name = str(item.get("id"))
        if item.get("type") == "labels":
            spans[name] = _span(item, text, offsets, f"{where}, region {name}")
        elif item.get("type") == "choices":
            stances[name] = _choice(item, f"{where}, region {name}")
        elif item.get("type") == "relation":
            for label in _texts(item.get("labels")) or [""]:
                ends = links.setdefault(str(item.get("from_id")), {})
                ends.setdefault(label, []).append(str(item.get("to_id")))
    following = {end for ends in links.values() for end in ends.get(_GOES_ON, ())}
    for name, (kind, _, _) in sorted(spans.items(), key=lambda item: item[1][1:]):
        if kind != _STATEMENT or name in following:
            continue
        pieces = [name]
        while more := links.get(pieces[-1], {}).get(_GOES_ON):
            if more[0] not in spans or more[0] in pieces:
                raise DataError(f"{where}, region {name}: its pieces form no line")
            pieces.append(more[0])
        places = [spans[piece][1:] for piece in pieces]
        row: dict[str, object] = {
            "statement": " ".join(text[start:end] for start, end in places),
            "start": places[0][0],
            "end": places[-1][1],
            "spans": [list(place) for place in places],
            "stance": next((stances[piece] for piece in pieces if piece in stances), None),
        }
        for key, label in (("speaker_mention", _SAID_BY), ("cue", _ATTRIBUTED)):
            linked = [end for piece in pieces for end in links.get(piece, {}).get(label, ())]
            found = [spans[end][1:] for end in linked if end in spans]
            row[key] = text[slice(*found[0])] if found else None
        yield row


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _span(
    item: Mapping[str, object], text: str, offsets: Utf16Offsets, where: str
) -> tuple[str, int, int]:
    value = item.get("value")
    if not isinstance(value, dict):
        raise DataError(f"{where} has no 'value'")
    kinds, start, end = _texts(value.get("labels")), value.get("start"), value.get("end")
    if len(kinds) != 1 or not isinstance(start, int) or not isinstance(end, int) or start >= end:
        raise DataError(f"{where}: give it one label, and 'start' before 'end'")
    try:
        place = offsets.to_points(start), offsets.to_points(end)
    except SpanError as error:
        raise DataError(f"{where}: {error}") from None
    stored = value.get("text")
    if isinstance(stored, str) and stored != text[slice(*place)]:
        raise DataError(
            f"{where}: [{start}, {end}) of the text is {text[slice(*place)][:60]!r}, not "
            f"{stored[:60]!r}: the text was changed after it was marked"
        )
    return kinds[0], *place


def tasks_json(tasks: Sequence[Task]) -> str:
    """The text of a file that Label Studio imports."""
    return json.dumps(list(tasks), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
