"""Wordpieces with features and tags: encoding a text for the tagger and decoding its scores.

No network here: numpy and the tokenizer only.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from stance.errors import ModelLoadError
from stance.extract.document import Document
from stance.extract.parameters import LEAST_READ, READ_SHARE
from stance.extract.quotations import RoleSpan
from stance.extract.segmentation import Range

logger = logging.getLogger(__name__)

TAGS = (
    "O",
    "B-source",
    "I-source",
    "B-cue",
    "I-cue",
    "B-content",
    "I-content",
    "J-content",  # begins a further piece of a content that an attribution interrupted
)
TAG_INDEX = {tag: index for index, tag in enumerate(TAGS)}
SHAPES = ("special", "lower", "title", "upper", "mixed", "digit", "other")
# A tag may follow another only where a span can go on: I-x after B-x, I-x (or J-content).
_ALLOWED = np.array(
    [
        [
            not tag.startswith("I-")
            or before in ("B-" + tag[2:], tag)
            or (tag == "I-content" and before == "J-content")
            for tag in TAGS
        ]
        for before in TAGS
    ]
)
_TRANSITIONS = np.where(_ALLOWED, 0.0, -1e4).astype(np.float32)
_START = np.array([-1e4 if tag.startswith("I-") else 0.0 for tag in TAGS], dtype=np.float32)


@dataclass(slots=True)
class EncodedText:
    """Wordpieces of one text.

    Attributes:
        ids: wordpiece ids, no special tokens.
        offsets: ``[n, 2]`` code points.
        features: ``[n, 3]``: case shape, quote state, paragraph start.
        paragraphs: token ranges of the paragraphs.
        begin: id of the token that begins an input of the network.
        end: id of the token that ends it.
    """

    ids: NDArray[np.int64]
    offsets: NDArray[np.int64]
    features: NDArray[np.int64]
    paragraphs: list[Range]
    begin: int
    end: int


def word_shape(word: str) -> int:
    """Index into ``SHAPES`` of a word's case pattern."""
    if not any(ch.isalnum() for ch in word):
        return 6
    if word[0].isdigit():
        return 5
    if word.islower():
        return 1
    if len(word) > 1 and word.isupper():
        return 3
    if word[0].isupper() and (len(word) == 1 or word[1:].islower()):
        return 2
    return 4


def encode_text(document: Document, tokenizer: Tokenizer) -> EncodedText:
    """Cut a text into wordpieces, paragraph by paragraph, with their offsets and features."""
    text, state = document.text, document.quote_state
    ids: list[int] = []
    offsets: list[Range] = []
    features: list[tuple[int, int, int]] = []
    bounds: list[Range] = []
    for start, end in document.paragraphs:
        body = text[start:end]
        encoding = tokenizer.encode(body, add_special_tokens=False)
        first = len(ids)
        shapes: dict[int | None, list[int]] = {}
        for word, (left, right) in zip(encoding.word_ids, encoding.offsets, strict=True):
            known = shapes.get(word)
            shapes[word] = [left, right] if known is None else [known[0], right]
        of_word = {
            word: word_shape(text[start + left : start + right] or " ")
            for word, (left, right) in shapes.items()
        }
        for piece, word, (left, right) in zip(
            encoding.ids, encoding.word_ids, encoding.offsets, strict=True
        ):
            if right <= left:
                continue
            begins = int(len(ids) == first)
            ids.append(piece)
            offsets.append((start + left, start + right))
            features.append((of_word[word], state[start + left], begins))
        if len(ids) > first:
            bounds.append((first, len(ids)))
    return EncodedText(
        np.asarray(ids, dtype=np.int64),
        np.asarray(offsets, dtype=np.int64).reshape(-1, 2),
        np.asarray(features, dtype=np.int64).reshape(-1, 3),
        bounds,
        *special_ids(tokenizer),
    )


def affordable(encoded: EncodedText, code_points: int) -> EncodedText:
    """A text without its paragraphs of most wordpieces a code point, where it has too many.

    Prose stays far below the limit (``READ_SHARE``); rows of symbols, letters set apart and scripts
    that the vocabulary lacks exceed it, and would take the tagger many times the time of prose.

    Args:
        encoded: the whole text.
        code_points: its length.
    """
    left = LEAST_READ + READ_SHARE * code_points
    if len(encoded.ids) <= left:
        return encoded
    spans = [
        (stop - start) / (1 + int(encoded.offsets[stop - 1, 1] - encoded.offsets[start, 0]))
        for start, stop in encoded.paragraphs
    ]
    kept: list[int] = []
    for number in sorted(range(len(spans)), key=spans.__getitem__):
        start, stop = encoded.paragraphs[number]
        left -= stop - start
        if left < 0:
            break
        kept.append(number)
    logger.warning(
        "%d of %d paragraphs hold too many symbols to be read as prose: rules alone read them",
        len(spans) - len(kept),
        len(spans),
    )
    return _only(encoded, sorted(kept))


def _only(encoded: EncodedText, paragraphs: Sequence[int]) -> EncodedText:
    """Some paragraphs of a text, by their position."""
    ranges = [encoded.paragraphs[number] for number in paragraphs]
    rows = np.concatenate([np.zeros(0, np.int64), *(np.arange(*span) for span in ranges)])
    stops = list(accumulate(stop - start for start, stop in ranges))
    return replace(
        encoded,
        ids=encoded.ids[rows],
        offsets=encoded.offsets[rows],
        features=encoded.features[rows],
        paragraphs=list(zip([0, *stops[:-1]], stops, strict=False)),
    )


def special_ids(tokenizer: Tokenizer) -> tuple[int, int]:
    """Ids of the tokens that begin and end an input, as the tokenizer itself sets them.

    Raises:
        ModelLoadError: the tokenizer does not put one token at either end.
    """
    ids = tokenizer.encode("", add_special_tokens=True).ids
    if len(ids) != 2:
        raise ModelLoadError(
            f"the tokenizer puts {len(ids)} special tokens around an empty text: the tagger needs "
            "one that begins and one that ends it"
        )
    return ids[0], ids[1]


def pack_windows(
    paragraphs: Sequence[Range], *, core: int, margin: int
) -> Iterator[tuple[Range, Range]]:
    """Pack whole paragraphs into windows.

    Yields:
        ``((start, end), (core_start, core_end))``: the window with its margins on both sides, and
        the core whose tags are kept. Cores partition the tokens.
    """
    if not paragraphs:
        return
    total = paragraphs[-1][1]
    cores: list[Range] = []
    begin = end = paragraphs[0][0]
    for start, stop in paragraphs:
        if stop - begin > core and end > begin:
            cores.append((begin, end))
            begin = start
        while stop - begin > core:
            cores.append((begin, begin + core))
            begin += core
        end = stop
    if end > begin:
        cores.append((begin, end))
    for left, right in cores:
        yield (max(0, left - margin), min(total, right + margin)), (left, right)


def viterbi(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """The best allowed tag sequence of ``[n, tags]`` log-probabilities."""
    length = len(scores)
    back = np.zeros((length, len(TAGS)), dtype=np.int64)
    best = scores[0] + _START
    columns = np.arange(len(TAGS))
    for index in range(1, length):
        paths = best[:, None] + _TRANSITIONS
        back[index] = paths.argmax(0)
        best = paths[back[index], columns] + scores[index]
    tags = np.zeros(length, dtype=np.int64)
    tags[-1] = int(best.argmax())
    for index in range(length - 1, 0, -1):
        tags[index - 1] = back[index, tags[index]]
    return tags


def read_spans(
    text: str,
    tags: NDArray[np.int64],
    offsets: NDArray[np.int64],
    scores: NDArray[np.float32],
) -> list[RoleSpan]:
    """Spans of a tag sequence, widened to whole words."""
    spans: list[RoleSpan] = []
    index, length = 0, len(tags)
    while index < length:
        tag = TAGS[tags[index]]
        if tag == "O":
            index += 1
            continue
        role = tag[2:]
        stop = index + 1
        while stop < length and TAGS[tags[stop]] == f"I-{role}":
            stop += 1
        start, end = int(offsets[index, 0]), int(offsets[stop - 1, 1])
        floor = spans[-1].end if spans else 0
        while start > floor and text[start].isalnum() and text[start - 1].isalnum():
            start -= 1
        while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
            end += 1
        while stop < length and offsets[stop, 1] <= end:
            stop += 1
        chosen = scores[np.arange(index, stop), tags[index:stop]]
        if end > start:
            spans.append(
                RoleSpan(
                    role,  # type: ignore[arg-type]
                    start,
                    end,
                    float(np.exp(chosen.mean())),
                    tag == "J-content",
                )
            )
        index = stop
    return spans
