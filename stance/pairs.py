"""(statement, target, context) -> token ids. The target is never cut; truncation is counted.

Layout: ``[CLS] target [SEP] statement [SEP] context [SEP]``. Where the context contains the
statement, its words are replaced there by ``[...]``, so that the judged words stand once, in their
own segment, and the context can only inform.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from stance.errors import DataError

IntArray = npt.NDArray[np.int64]
HOLE = "[...]"
MIN_STATEMENT_TOKENS = 16


@dataclass(frozen=True, slots=True)
class EncodedPair:
    """Token ids of one pair, and the token range that holds the statement."""

    ids: list[int]
    statement_start: int
    statement_end: int
    statement_tokens_cut: int
    context_tokens_cut: int


def carve_context(statement: str, context: str | None, speaker: str | None = None) -> str:
    """Word the context segment: speaker, then the surroundings with a hole for the statement."""
    words = (context or "").strip()
    if words and statement.strip():
        pattern = r"\s+".join(re.escape(word) for word in statement.split())
        words = re.sub(pattern, lambda _: HOLE, words, count=1, flags=re.IGNORECASE)
        if words.strip(" \"'“”‘’«»") == HOLE:
            words = ""
    return name_speaker(words, speaker)


def name_speaker(context: str, speaker: str | None) -> str:
    """Put who spoke before a carved context."""
    return f"{speaker}: {context}".strip() if speaker else context


class PairEncoder:
    """Turns pairs into ids with a fast tokenizer read from ``tokenizer.json``.

    Args:
        folder: backbone folder.
        max_length: limit of tokens a pair may have, special tokens included.
        max_context: limit of tokens the context may have.

    Raises:
        DataError: (from ``encode``) a target alone leaves no room for the statement.
    """

    def __init__(self, folder: Path, *, max_length: int = 256, max_context: int = 128) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        vocabulary = self.tokenizer.get_vocab()
        self.cls_id = vocabulary["[CLS]"] if "[CLS]" in vocabulary else vocabulary["<s>"]
        self.sep_id = vocabulary["[SEP]"] if "[SEP]" in vocabulary else vocabulary["</s>"]
        self.pad_id = vocabulary["[PAD]"] if "[PAD]" in vocabulary else vocabulary["<pad>"]
        self.unk_id = vocabulary["[UNK]"]
        self.hole_ids = self.tokenizer.encode(HOLE, add_special_tokens=False).ids
        self.max_length = max_length
        self.max_context = max_context

    def encode(
        self, statements: Sequence[str], targets: Sequence[str], contexts: Sequence[str]
    ) -> list[EncodedPair]:
        """Encode pairs; ``contexts`` are worded by :func:`carve_context` (may be empty)."""
        texts = [*statements, *targets, *contexts]
        encoded = self.tokenizer.encode_batch(texts, add_special_tokens=False)
        ids = [list(item.ids) for item in encoded]
        n = len(statements)
        return [self._assemble(ids[i], ids[n + i], ids[2 * n + i], targets[i]) for i in range(n)]

    def _assemble(
        self, statement: list[int], target: list[int], context: list[int], name: str
    ) -> EncodedPair:
        room = self.max_length - len(target) - 3
        if room < MIN_STATEMENT_TOKENS:
            raise DataError(
                f"target of {len(target)} tokens leaves no room for a statement (the model reads "
                f"{self.max_length}): shorten the target {name[:60]!r}"
            )
        kept = statement[:room]
        spare = min(room - len(kept) - 1, self.max_context)
        around = _around(context, self.hole_ids, spare) if spare >= 8 else []
        ids = [self.cls_id, *target, self.sep_id]
        start = len(ids)
        ids += [*kept, self.sep_id]
        if around:
            ids += [*around, self.sep_id]
        return EncodedPair(
            ids=ids,
            statement_start=start,
            statement_end=start + len(kept),
            statement_tokens_cut=len(statement) - len(kept),
            context_tokens_cut=len(context) - len(around),
        )

    def pad(self, pairs: Sequence[EncodedPair]) -> dict[str, IntArray]:
        """Pad a batch: int64 ``[n, longest]`` ids and attention, statement and target masks."""
        longest = max(len(pair.ids) for pair in pairs)
        ids = np.full((len(pairs), longest), self.pad_id, dtype=np.int64)
        attention = np.zeros((len(pairs), longest), dtype=np.int64)
        statement = np.zeros((len(pairs), longest), dtype=np.int64)
        target = np.zeros((len(pairs), longest), dtype=np.int64)
        for row, pair in enumerate(pairs):
            ids[row, : len(pair.ids)] = pair.ids
            attention[row, : len(pair.ids)] = 1
            statement[row, pair.statement_start : pair.statement_end] = 1
            target[row, 1 : pair.statement_start - 1] = 1
        return {
            "input_ids": ids,
            "attention_mask": attention,
            "statement_mask": statement,
            "target_mask": target,
        }


def _around(ids: list[int], hole: list[int], room: int) -> list[int]:
    """Cut a context to ``room`` tokens about the hole, or about its middle where there is none."""
    if len(ids) <= room:
        return ids
    starts = range(len(ids) - len(hole) + 1)
    centre = next((i for i in starts if ids[i : i + len(hole)] == hole), len(ids) // 2)
    begin = max(0, min(centre - room // 2, len(ids) - room))
    return ids[begin : begin + room]
