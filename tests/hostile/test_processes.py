"""Models in forked, spawned and threaded programs, and pickled."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from shutil import copytree

import pytest
import torch

import stance
from stance.analysis import Analysis
from stance.checkpoint import TAGGER, read_adapter, write_adapter
from stance.config import WEIGHTS_DIR
from stance.errors import ModelLoadError
from stance.extract import Tagger, TaggerExtractor, TaggerNetwork
from stance.model import StanceClassifier

TEXTS = [
    f"“We will keep the {place} open,” the mayor said. Ada Berg warned that it was too old."
    for place in ("bridge", "harbour", "school", "road")
]
TARGET = "closing the bridge"
SECONDS = 120


@pytest.fixture(scope="module")
def small() -> StanceClassifier:
    return stance.load("small")


@pytest.fixture(scope="module")
def tagger() -> TaggerExtractor:
    return stance.load_extractor("default")  # type: ignore[return-value]


@pytest.fixture(scope="module")
def analysed(
    small: StanceClassifier, tagger: TaggerExtractor
) -> tuple[Callable[[str], list[tuple[str, str]]], list[list[tuple[str, str]]]]:
    """What analyses one text, and what it says of all of them in this process."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)  # a forked process inherits none of them
    analyse = Analyse(small, tagger)
    yield analyse, [analyse(text) for text in TEXTS]
    torch.set_num_threads(before)


class Analyse:
    """A call that a pool can send to its processes."""

    def __init__(self, classifier: StanceClassifier, extractor: TaggerExtractor) -> None:
        self.classifier, self.extractor = classifier, extractor

    def __call__(self, text: str) -> list[tuple[str, str]]:
        return answers(
            stance.analyze(text, TARGET, classifier=self.classifier, extractor=self.extractor)
        )


def answers(result: Analysis) -> list[tuple[str, str]]:
    return [
        (statement.text, str(row[0].stance))
        for statement, row in zip(result.statements, result.predictions, strict=True)
    ]


loaded: Analyse | None = None


def analyse_with_what_was_loaded(text: str) -> list[tuple[str, str]]:
    assert loaded is not None
    return loaded(text)


def test_a_process_forked_after_loading_answers(analysed) -> None:
    global loaded
    loaded, expected = analysed
    with multiprocessing.get_context("fork").Pool(2) as pool:
        found = pool.map_async(analyse_with_what_was_loaded, TEXTS).get(SECONDS)
    assert found == expected
    assert loaded(TEXTS[0]) == expected[0], "the parent goes on"


@pytest.mark.slow
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_models_can_be_sent_to_processes(analysed, method: str) -> None:
    analyse, expected = analysed
    # Of the library alone, since a process that is spawned may not find the tests.
    work = partial(
        stance.analyze, targets=TARGET, classifier=analyse.classifier, extractor=analyse.extractor
    )
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert [*map(answers, pool.map_async(work, TEXTS).get(SECONDS))] == expected


def test_threads_agree(analysed) -> None:
    analyse, expected = analysed
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(analyse, TEXTS * 2)) == expected * 2


def test_a_model_is_pickled_as_its_checkpoint(analysed) -> None:
    analyse, expected = analysed
    packed = pickle.dumps(analyse)
    assert len(packed) < 5_000
    assert pickle.loads(packed)(TEXTS[0]) == expected[0]  # noqa: S301


def test_a_checkpoint_that_changed_since_is_not_taken_for_the_pickled_one(tmp_path: Path) -> None:
    folder = copytree(WEIGHTS_DIR / TAGGER, tmp_path / TAGGER)
    packed = pickle.dumps(Tagger.load(folder))
    kept = read_adapter(folder)
    changed = {name: value + 1 for name, value in kept.tensors.items()}
    write_adapter(folder, kept.info, changed)
    with pytest.raises(ModelLoadError, match="other weights"):
        pickle.loads(packed)  # noqa: S301


def test_a_tagger_of_no_folder_says_why_it_cannot_be_pickled(tagger: TaggerExtractor) -> None:
    network = tagger.tagger.network
    assert isinstance(network, TaggerNetwork)
    with pytest.raises(TypeError, match="not loaded from a folder"):
        pickle.dumps(Tagger(network, tagger.tagger.tokenizer))
