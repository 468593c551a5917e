"""Training data as records: public pairs, own statements, and their readers."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.errors import DataError
from stance.jsonl import read_jsonl, read_label, read_text
from stance.labels import Sentiment, Stance


@dataclass(frozen=True, slots=True)
class TrainingPair:
    """One pair with the labels it has; None where a source does not give one.

    ``context_decides`` marks a statement whose label hangs on its context.
    """

    statement: str
    target: str
    stance: Stance | None
    sentiment: Sentiment | None
    source: str
    context: str = ""
    speaker: str | None = None
    context_decides: bool = False


def read_stance_pairs(path: Path) -> list[TrainingPair]:
    """Read a public stance file: ``text``, ``target``, ``stance``, ``source`` a row.

    Raises:
        DataError: the file is missing or damaged, or a row lacks a field or has an unknown label.
    """
    pairs = []
    for number, row in read_jsonl(path):
        where = f"{path}, line {number}"
        pairs.append(
            TrainingPair(
                statement=read_text(row, "text", where),
                target=read_text(row, "target", where),
                stance=read_label(Stance, row, "stance", where),
                sentiment=None,
                source=read_text(row, "source", where),
            )
        )
    return pairs


def read_tone_pairs(path: Path) -> list[TrainingPair]:
    """Read news sentences whose mentions all carry one polarity, one row a sentence.

    The sentence's tone is that polarity; sentences with mixed mentions are left out. The target
    is one of the mentions, so that tone is learned beside a target that does not matter to it.

    Raises:
        DataError: the file is missing or damaged, or a row lacks a field or has an unknown label.
    """
    by_text: dict[str, list[tuple[str, Sentiment]]] = {}
    for number, row in read_jsonl(path):
        where = f"{path}, line {number}"
        label = read_label(Sentiment, row, "sentiment", where)
        by_text.setdefault(read_text(row, "text", where), []).append(
            (read_text(row, "target", where), label)
        )
    return [
        TrainingPair(text, mentions[0][0], None, mentions[0][1], "news-tone")
        for text, mentions in by_text.items()
        if len({label for _, label in mentions}) == 1
    ]


@dataclass(frozen=True, slots=True)
class OwnStatement:
    """One hand-written statement with its labelled targets."""

    id: str
    text: str
    speaker: str | None
    context: str
    sentiment: Sentiment
    targets: tuple[tuple[str, Stance], ...]
    theme: str
    file: str
    group: str | None = None

    def pairs(self) -> list[TrainingPair]:
        """One pair for each labelled target."""
        return [
            TrainingPair(
                self.text,
                target,
                stance,
                self.sentiment,
                f"own-{self.file}",
                context=self.context,
                speaker=self.speaker,
                context_decides=self.group is not None,
            )
            for target, stance in self.targets
        ]


def read_own_statements(folder: Path) -> list[OwnStatement]:
    """Read every ``*.jsonl`` of hand-written statements in a folder.

    Raises:
        DataError: a row lacks a field, repeats an id or has an unknown label.
    """
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise DataError(f"{folder} holds no *.jsonl file of statements")
    statements: list[OwnStatement] = []
    seen: set[str] = set()
    for path in files:
        for number, row in read_jsonl(path):
            where = f"{path.name}, line {number}"
            identity = read_text(row, "id", where)
            if identity in seen:
                raise DataError(f"{where}: id {identity!r} is used twice")
            seen.add(identity)
            listed = row.get("targets")
            if not isinstance(listed, list) or not listed:
                raise DataError(f"{where}: field 'targets' must be a non-empty list")
            statements.append(
                OwnStatement(
                    id=identity,
                    text=read_text(row, "text", where),
                    speaker=str(row["speaker"]) if row.get("speaker") else None,
                    context=str(row.get("context") or ""),
                    sentiment=read_label(Sentiment, row, "sentiment", where),
                    targets=tuple(_labelled_target(item, where) for item in listed),
                    theme=str(row.get("theme") or path.stem),
                    file=path.stem,
                    group=str(row["group"]) if row.get("group") else None,
                )
            )
    return statements


def _labelled_target(item: object, where: str) -> tuple[str, Stance]:
    if not isinstance(item, dict):
        raise DataError(f"{where}: field 'targets': {item!r} is not an object")
    return read_text(item, "target", where), read_label(Stance, item, "stance", where)


def split_by_theme(
    statements: Sequence[OwnStatement], share: float, seed: int
) -> tuple[list[OwnStatement], list[OwnStatement]]:
    """Split own statements into (train, held out) so that no (file, theme) is in both.

    What is held out is for development results, and for calibration where a recipe names no
    calibration folder. Themes are shuffled and held out, file by file, until the share is reached.
    """
    held: list[OwnStatement] = []
    train: list[OwnStatement] = []
    for file in sorted({s.file for s in statements}):
        rows = [s for s in statements if s.file == file]
        themes = sorted({s.theme for s in rows})
        random.Random(f"{seed}-{file}").shuffle(themes)
        chosen: set[str] = set()
        count = 0
        for theme in themes:
            size = sum(s.theme == theme for s in rows)
            if count + size <= 1.5 * share * len(rows) and count < share * len(rows):
                chosen.add(theme)
                count += size
        held += [s for s in rows if s.theme in chosen]
        train += [s for s in rows if s.theme not in chosen]
    return train, held


_FLIP = {Stance.FAVOR: Stance.AGAINST, Stance.AGAINST: Stance.FAVOR, Stance.NEUTRAL: Stance.NEUTRAL}


def flip(stance: Stance) -> Stance:
    """The stance toward the opposite target."""
    return _FLIP[stance]
