"""What each stage of an extraction costs grows with the length of a hostile text, not faster.

Times are compared with each other, never with a clock: four times the length may cost nine times
as much; what is quadratic costs sixteen times. A busy machine only ever adds to a time, so the
least of several counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random

import pytest

from stance.checkpoint import load_tokenizer, locate_backbone
from stance.errors import StanceError
from stance.extract import Document, encode_text, html_to_document, load_extractor
from stance.extract.linking import link_spans
from stance.extract.rules import direct_by_rules, indirect_by_rules
from stance.extract.speakers import SpeakerIndex
from stance.model import mask_statement
from tests.hostile.families import PAGES, TEXTS
from tests.hostile.test_articles import RandomTagger, random_extractor

RULES = load_extractor("rules")
TAGGER = RandomTagger(0, 0.8)
DENSE = random_extractor(0.8)
ROOM, NOISE, ROUNDS = 9.0, 0.03, 6


def parse(text: str) -> Callable[[], object]:
    return lambda: Document(text).quote_state and Document(text).sentences


def by_rules(text: str) -> Callable[[], object]:
    document = Document(text)
    return lambda: indirect_by_rules(document, direct_by_rules(document))


def link(text: str) -> Callable[[], object]:
    document = Document(text)
    spans = TAGGER.tag(document)
    return lambda: link_spans(document, spans)


def index_speakers(text: str) -> Callable[[], object]:
    return lambda: SpeakerIndex(Document(text))


def extract_by_rules(text: str) -> Callable[[], object]:
    return lambda: RULES.extract(Document(text))


def extract_from_tags(text: str) -> Callable[[], object]:
    return lambda: DENSE.extract(Document(text))


def encode(text: str) -> Callable[[], object]:
    tokenizer = load_tokenizer(locate_backbone("small"))
    return lambda: encode_text(Document(text), tokenizer)


def mask(text: str) -> Callable[[], object]:
    return lambda: mask_statement(text[: len(text) // 2], text[:-1])


STAGES = {
    "parsing": parse,
    "rules": by_rules,
    "linking": link,
    "names": index_speakers,
    "extraction by rules": extract_by_rules,
    "extraction from tags": extract_from_tags,
    "wordpieces": encode,
    "masking": mask,
}
FAMILIES = (
    "participles, then a quote", "nested single without ends", "closing marks behind words",
    "quote over paragraphs", "double quotes without ends", "statements after names",
    "namesakes quoted", "pronouns after names", "words and marks", "one word",
)  # fmt: skip


def cost(work: Callable[[], object]) -> float:
    """The least processor time of two runs, in seconds."""
    times = []
    for _ in range(2):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


def assert_linear(make: Callable[[int], Callable[[], object]], size: int) -> None:
    """The work on ``size``, twice and four times as much, each compared with the one before."""
    works = [make(size * factor) for factor in (1, 2, 4)]
    costs = [float("inf")] * 3
    for _ in range(ROUNDS):
        costs = [min(known, cost(work)) for known, work in zip(costs, works, strict=True)]
        if costs[2] <= min(ROOM * costs[0], ROOM / 2 * costs[1]) + NOISE:
            return
    pytest.fail(f"quadratic: {costs} s for {size} code points, twice and four times as many")


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_is_linear(stage: str, family: str) -> None:
    assert_linear(lambda size: STAGES[stage](TEXTS[family](size, Random(0))), 1_500)


def read(page: str) -> Callable[[], object]:
    def work() -> None:
        try:
            html_to_document(page)
        except StanceError:
            pass

    return work


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_reading_pages_is_linear(name: str) -> None:
    assert_linear(lambda size: read(PAGES[name](size, Random(0))), 100_000)


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("stage", ["extraction by rules", "extraction from tags"])
def test_extraction_is_linear_on_every_family(stage: str, name: str) -> None:
    assert_linear(lambda size: STAGES[stage](TEXTS[name](size, Random(0))), 30_000)
