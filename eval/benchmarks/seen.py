"""Which statements the bundled models were trained on, as hashes without a word of them.

``python -m eval.benchmarks.seen --data DIR`` makes the file anew from the training files.
"""

from __future__ import annotations

import hashlib
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
import typer

from stance.errors import DataError
from stance.evaluation.rows import read_rows

HERE = Path(__file__).resolve().parent
TRAINED = HERE / "trained.npy"
FILES = (
    *("stance_train", "target_sentiment_train", "news_stance_train", "news_world_train"),
    *("news_intervention_train", "attribution_train", "attribution_world_train"),
)
OWN = ("statements", "calibration")
FIRST_WORDS = 40  # of an article: its end is often cut in another way
Hashes = npt.NDArray[np.uint64]
_ADDRESS = re.compile(r"https?://\S+|@\w+")
_WORD = re.compile(r"[^\W_]+")


def normalised(text: str) -> str:
    """The words of a text in small letters, without punctuation, addresses and names of users."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_WORD.findall(_ADDRESS.sub(" ", plain)))


def beginning(article: str) -> str:
    """The first words of an article."""
    return " ".join(normalised(article).split()[:FIRST_WORDS])


def hash_of(text: str) -> int:
    """The first 64 bits of the SHA-256 of a normalised text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def read_hashes(path: Path) -> Hashes:
    """The stored hashes, ascending.

    Raises:
        DataError: the file is missing or damaged.
    """
    try:
        found = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise DataError(f"cannot read {path}: {error}") from error
    if found.ndim != 1 or found.dtype != np.uint64:
        raise DataError(f"{path}: not a list of 64-bit hashes")
    hashes: Hashes = found
    return hashes


def are_seen(texts: Iterable[str], hashes: Hashes) -> list[bool]:
    """Which texts, normalised as above, are among those that the hashes are of."""
    known = set(hashes.tolist())
    return [hash_of(text) in known for text in texts]


def training_texts(data: Path) -> Iterator[str]:
    """Everything that a recipe of the bundled models may read, normalised.

    Statements; of articles, the beginning and each attributed content.

    Raises:
        DataError: a file is missing or damaged.
    """
    root = HERE.parents[1] / "configs" / "train"
    own = [file for folder in OWN for file in sorted((root / folder).glob("*.jsonl"))]
    for file in [*(data / f"{name}.jsonl.gz" for name in FILES), *own]:
        for place, row in read_rows(file):
            text = row.get("text")
            if not isinstance(text, str):
                raise DataError(f"{place}: field 'text' is no text")
            if "attributions" not in row:
                yield normalised(text)
                continue
            yield beginning(text)
            attributions = row["attributions"]
            for item in attributions if isinstance(attributions, list) else []:
                pieces = [text[start:end] for start, end in item.get("content") or []]
                yield normalised(" ".join(pieces))


def main(
    data: Annotated[Path, typer.Option(help="Folder of the training files.")],
    output: Annotated[Path, typer.Option("--output", "-o")] = TRAINED,
) -> None:
    """Write the hashes of all training statements."""
    found = {hash_of(text) for text in training_texts(data) if text}
    np.save(output, np.array(sorted(found), np.uint64))
    typer.echo(f"{len(found)} hashes in {output}", file=sys.stderr)


if __name__ == "__main__":
    typer.run(main)
