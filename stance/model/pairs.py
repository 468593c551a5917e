"""(statement, target, context) -> token ids. The target is never cut; truncation is counted.

Layout: ``[CLS] target [SEP] statement [SEP] context [SEP]``. Where the context contains the
statement, its words are replaced there by ``[...]`` (:data:`MASK`; the statement is *masked*), so
that the judged words stand once, in their own segment, and the context can only inform.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stance.checkpoint import load_tokenizer
from stance.errors import DataError
from stance.schema import Statement
from stance.texts import without_surrogates

IntArray = npt.NDArray[np.int64]
MASK = "[...]"
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")  # whole words: "No" does not stand in "Norway"
MIN_STATEMENT_TOKENS = 16
_BATCH_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class EncodedPair:
    """Token ids of one pair, and the token range that holds the statement.

    ``used_context`` tells whether the model reads words of a context.
    """

    ids: list[int]
    statement_start: int
    statement_end: int
    statement_tokens_cut: int
    context_tokens_cut: int
    used_context: bool


def mask_statement(statement: str, context: str | None) -> str:
    """Mask the statement in its context with ``[...]``; "" where no other word is there.

    A context that is masked already stays as it is.
    """
    words = (context or "").strip()
    place = statement_place(statement, words)
    if place:
        words = f"{words[: place[0]]}{MASK}{words[place[1] :]}"
    return readable_context(words)


def statement_place(statement: str, context: str) -> tuple[int, int] | None:
    """Where a statement stands in its context; None where it does not, or is masked already."""
    if not context or MASK in context:
        return None
    judged = _in_lines(statement.strip())
    held = _in_lines(context)
    place = held.find(judged)
    if place < 0 or judged == "\n":
        return None
    first = held.count("\n", 0, place)
    found = islice(_TOKEN.finditer(context), first, first + judged.count("\n") - 1)
    start, end = next(found).span()
    for match in found:
        end = match.end()
    return start, end


def readable_context(masked: str) -> str:
    """A masked context, or "" where it holds no word beside the mask."""
    return masked if any(c.isalnum() for c in masked.replace(MASK, "")) else ""


def _in_lines(text: str) -> str:
    """Tokens in lines of their own, so that a search for some finds whole ones, in linear time.

    They are written one by one: a list of them would take a hundred bytes a word.
    """
    lines = StringIO()
    lines.write("\n")
    for match in _TOKEN.finditer(text):
        token = match.group()
        lines.write(" \n" if token.isspace() else f"{token.lower()}\n")
    return lines.getvalue()


def mask_range(article: str, context: str, start: int, end: int) -> str:
    """Mask ``article[start:end]`` in its context, a slice of the article, with ``[...]``.

    Unlike :func:`mask_statement` it masks a quote that its attribution interrupts, with what lies
    between its pieces.

    Raises:
        DataError: the context is no passage of the article about that range.
    """
    left = article.find(context, max(0, start - len(context)))
    if not 0 <= left <= end:
        raise DataError(f"the context is no passage of the article about [{start}, {end})")
    right = left + len(context)
    return f"{article[left : max(left, start)]}{MASK}{article[min(end, right) : right]}"


def judged_text(text: str, statement: Statement) -> tuple[str, str]:
    """The words a model should judge, and their context with ``[...]`` in their place.

    A direct quote speaks for itself. An indirect one ("the strikes") often carries its stance in
    the cue ("condemned"), so the words from its speaker and cue to its end are taken.

    Args:
        text: the article that the statement's offsets refer to.
        statement: found in that article.

    Raises:
        DataError: the statement's context is no passage of the article about the statement.
    """
    start, end = judged_range(text, statement)
    words = statement.text if statement.kind == "direct" else text[start:end]
    return words, mask_range(text, statement.context, start, end)


def judged_range(text: str, statement: Statement) -> tuple[int, int]:
    """Where what :func:`judged_text` gives stands in the article, pieces and what is between."""
    spans = [*statement.spans]
    if statement.kind != "direct":
        for part in (statement.cue, statement.speaker_mention):
            if part and "\n" not in text[min(part.start, spans[0].start) : spans[0].start]:
                spans.append(part)
    return min(s.start for s in spans), max(s.end for s in spans)


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
        self.tokenizer = load_tokenizer(folder)
        vocabulary = self.tokenizer.get_vocab()
        self.cls_id = vocabulary["[CLS]"] if "[CLS]" in vocabulary else vocabulary["<s>"]
        self.sep_id = vocabulary["[SEP]"] if "[SEP]" in vocabulary else vocabulary["</s>"]
        self.pad_id = vocabulary["[PAD]"] if "[PAD]" in vocabulary else vocabulary["<pad>"]
        self.mask_ids = self.tokenizer.encode(MASK, add_special_tokens=False).ids
        self.max_length = max_length
        self.max_context = max_context

    def target_problem(self, target: str) -> str | None:
        """Why a target cannot be read, or None where it can."""
        return self._too_long(len(self._ids([target])[target]), target)

    def _too_long(self, length: int, target: str) -> str | None:
        if self.max_length - length - 3 >= MIN_STATEMENT_TOKENS:
            return None
        return (
            f"target of {length} tokens leaves no room for a statement (the model reads "
            f"{self.max_length}): shorten the target {target[:60]!r}"
        )

    def encode(
        self,
        statements: Sequence[str],
        targets: Sequence[str],
        contexts: Sequence[str | None],
        speakers: Sequence[str | None],
        *,
        masked: bool = False,
    ) -> list[EncodedPair]:
        """Encode aligned rows; statements are masked in contexts, speakers put before them.

        Args:
            statements: the words to judge.
            targets: one each.
            contexts: one each, or None.
            speakers: one each, or None.
            masked: the contexts are masked already, as far as they hold their statements.
        """
        judged = dict.fromkeys(zip(statements, contexts, strict=True))
        masks = {
            pair: readable_context((pair[1] or "").strip()) if masked else mask_statement(*pair)
            for pair in judged
        }
        around = [masks[pair] for pair in zip(statements, contexts, strict=True)]
        named = [f"{speaker}:" if speaker else "" for speaker in speakers]
        ids = self._ids([*statements, *targets, *around, *named])
        for target in dict.fromkeys(targets):
            problem = self._too_long(len(ids[target]), target)
            if problem:
                raise DataError(problem)
        return [
            self._assemble(*(ids[text] for text in row))
            for row in zip(statements, targets, around, named, strict=True)
        ]

    def _ids(self, texts: Sequence[str]) -> dict[str, list[int]]:
        """Token ids of each text; texts that stand in many rows are read once.

        A tokenizer takes some eighty bytes a character: it gets a million of them at a time.
        """
        ids: dict[str, list[int]] = {text: [] for text in texts}
        batch: list[tuple[str, str]] = []
        size = 0
        for text in ids:
            for piece in _pieces(without_surrogates(text)):
                if batch and size + len(piece) > _BATCH_CHARACTERS:
                    self._read(batch, ids)
                    batch, size = [], 0
                batch.append((text, piece))
                size += len(piece)
        self._read(batch, ids)
        return ids

    def _read(self, batch: Sequence[tuple[str, str]], ids: dict[str, list[int]]) -> None:
        pieces = [piece for _, piece in batch]
        encoded = self.tokenizer.encode_batch_fast(pieces, add_special_tokens=False)
        for (text, _), item in zip(batch, encoded, strict=True):
            ids[text].extend(item.ids)

    def _assemble(
        self, statement: list[int], target: list[int], context: list[int], speaker: list[int]
    ) -> EncodedPair:
        room = self.max_length - len(target) - 3
        kept = statement[:room]
        spare = min(room - len(kept) - 1, self.max_context)
        named: list[int] = []
        around: list[int] = []
        if spare >= 8:
            named = speaker[: spare // 2]
            around = _around(context, self.mask_ids, spare - len(named))
        ids = [self.cls_id, *target, self.sep_id]
        start = len(ids)
        ids += [*kept, self.sep_id]
        if named or around:
            ids += [*named, *around, self.sep_id]
        return EncodedPair(
            ids=ids,
            statement_start=start,
            statement_end=start + len(kept),
            statement_tokens_cut=len(statement) - len(kept),
            context_tokens_cut=len(context) - len(around),
            used_context=bool(around),
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


def _pieces(text: str) -> Iterator[str]:
    """A text in pieces that end between words, where it is long; a word is cut if it is itself."""
    start = 0
    while len(text) - start > _BATCH_CHARACTERS:
        stop = text.rfind(" ", start + 1, start + _BATCH_CHARACTERS)
        stop = stop if stop > 0 else start + _BATCH_CHARACTERS
        yield text[start:stop]
        start = stop
    yield text[start:]


def _around(ids: list[int], mask: list[int], room: int) -> list[int]:
    """Cut a context to ``room`` tokens about its mask, or about its middle without one."""
    if len(ids) <= room:
        return ids
    starts = range(len(ids) - len(mask) + 1)
    centre = next((i for i in starts if ids[i : i + len(mask)] == mask), len(ids) // 2)
    begin = max(0, min(centre - room // 2, len(ids) - room))
    return ids[begin : begin + room]
