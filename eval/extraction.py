"""Where the time of extraction goes: ``python -m eval.extraction ARTICLES...``.

It compares one article at a time, as the library works, with the tagger's windows of all articles
batched together, and prints the share of the network. Measured is processor time of one thread,
which other work on the machine leaves nearly as it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import islice
from typing import Annotated

import torch
import typer
from rich.console import Console
from rich.table import Table

from stance.cli.common import PrecisionName
from stance.engine.article_rows import ArticleReader
from stance.engine.inputs import TableOptions
from stance.engine.sources import find_sources
from stance.evaluation.provenance import code_version
from stance.extract import Document, TaggerExtractor, encode_text, pack_windows, pad_windows
from stance.extract.parameters import BATCH_TOKENS, WINDOW_CORE, WINDOW_MARGIN
from stance.extract.tagging import EncodedText


def main(
    articles: Annotated[list[str], typer.Argument(help="What stance analyze reads.")],
    most: Annotated[int, typer.Option(min=2, help="Articles that are read.")] = 64,
    precision: Annotated[
        PrecisionName, typer.Option(help="Number format of the tagger.")
    ] = PrecisionName.fp32,
) -> None:
    """Print words a second one article at a time, and what batching over articles could save."""
    torch.set_num_threads(1)
    reader = ArticleReader(*find_sources(articles, TableOptions(), None))
    items = (item for batch in reader.batches() for item in reader.read(batch))
    texts = [item.document.text for item in islice(items, most) if item.problem is None]
    words = sum(len(text.split()) for text in texts)
    extractor = TaggerExtractor.load(precision=precision.value)
    tagger = extractor.tagger
    extractor.extract(Document(texts[0]))  # warm
    encoded = [encode_text(Document(text), tagger.tokenizer) for text in texts]
    encoded = [one for one in encoded if len(one.ids)]

    def network(batches: list[list[tuple[EncodedText, tuple[int, int]]]]) -> None:
        for batch in batches:
            parts = [pad_windows(one, [window]) for one, window in batch]
            length = max(part[0].shape[1] for part in parts)
            padded = [_joined([part[i] for part in parts], length) for i in range(3)]
            with torch.inference_mode():
                tagger.network(*padded)

    windows = [_windows(one) for one in encoded]
    whole = _seconds(lambda: [extractor.extract(Document(text)) for text in texts])
    alone = _seconds(lambda: network([b for some in windows for b in _batches(some)]))
    together = _seconds(lambda: network(_batches([w for some in windows for w in some])))
    table = Table(
        title=f"{len(texts)} articles, {words} words, one thread, {tagger.precision}, "
        f"code {code_version()}, torch {torch.__version__}"
    )
    for name in ("what", "seconds", "words/s"):
        table.add_column(name, justify="left" if name == "what" else "right")
    for name, seconds in (
        ("one article at a time, all of it", whole),
        ("the network in it", alone),
        ("the network, batched over articles", together),
        ("all of it, batched over articles (reckoned)", whole - alone + together),
    ):
        table.add_row(name, f"{seconds:.2f}", f"{words / seconds:,.0f}")
    Console(width=120).print(table)


def _windows(encoded: EncodedText) -> list[tuple[EncodedText, tuple[int, int]]]:
    packed = pack_windows(encoded.paragraphs, core=WINDOW_CORE, margin=WINDOW_MARGIN)
    return [(encoded, window) for window, _ in packed]


def _batches(
    windows: list[tuple[EncodedText, tuple[int, int]]],
) -> list[list[tuple[EncodedText, tuple[int, int]]]]:
    """Windows of like lengths together, up to the tokens of a pass."""
    batches: list[list[tuple[EncodedText, tuple[int, int]]]] = [[]]
    for one in sorted(windows, key=lambda item: item[1][1] - item[1][0]):
        length = one[1][1] - one[1][0] + 2
        if batches[-1] and length * (len(batches[-1]) + 1) > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(one)
    return batches


def _joined(parts: list[torch.Tensor], length: int) -> torch.Tensor:
    """Rows of one length, padded with zeros."""
    out = torch.zeros((len(parts), length, *parts[0].shape[2:]), dtype=parts[0].dtype)
    for row, part in enumerate(parts):
        out[row, : part.shape[1]] = part[0]
    return out


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    typer.run(main)
