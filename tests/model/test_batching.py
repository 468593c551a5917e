from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import stance
from stance.checkpoint import pick_precision
from stance.checkpoint import precision as precision_module
from stance.errors import ConfigError
from stance.model import classifier as classifier_module
from stance.model.batching import distinct, token_batches
from stance.model.scorer import Rows

CPU = torch.device("cpu")
ROWS = [
    ("They must leave our country at once.", "foreign troops", None, None),
    ("They must leave our country at once.", "foreign troops", "He rose to speak.", None),
    ("They must leave our country at once.", "the harbour", None, None),
    ("We welcome every soldier who comes.", "foreign troops", None, "Ada Berg"),
]


@given(st.lists(st.integers(1, 300)), st.integers(1, 4000), st.none() | st.integers(1, 40))
def test_batches_hold_every_row_once_within_the_budget(lengths, budget, most) -> None:
    batches = token_batches(lengths, budget, most)
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = max(lengths[row] for row in batch)
        assert len(batch) == 1 or len(batch) * longest <= budget
        assert most is None or len(batch) <= most
    in_order = [lengths[row] for batch in batches for row in batch]
    assert in_order == sorted(lengths, reverse=True)


def test_rows_that_are_alike_are_one_and_others_are_not() -> None:
    rows = Rows(*map(list, zip(*[*ROWS, *ROWS[::-1]], strict=True)))
    once, places = distinct(rows)
    assert len(once) == len(ROWS)
    assert places == [0, 1, 2, 3, 3, 2, 1, 0]


def test_repeated_rows_are_scored_once_and_all_are_answered(classifier, monkeypatch) -> None:
    read: list[int] = []
    score = classifier._scorer.score

    def counted(rows, **options):
        read.append(len(rows))
        return score(rows, **options)

    monkeypatch.setattr(classifier._scorer, "score", counted)
    statements, targets, contexts, speakers = map(list, zip(*ROWS, strict=True))
    plain = classifier.predict(statements, targets, contexts, speakers=speakers)
    order = [3, 0, 0, 2, 1, 3, 0]
    again = classifier.predict(
        [statements[i] for i in order],
        [targets[i] for i in order],
        [contexts[i] for i in order],
        speakers=[speakers[i] for i in order],
    )
    assert read == [4, 4]
    for i, prediction in zip(order, again, strict=True):
        assert prediction.stance is plain[i].stance
        assert prediction.stance_probabilities == pytest.approx(
            plain[i].stance_probabilities, abs=1e-4
        )
    again[1].stance_probabilities.clear()  # the answer to one row is nobody else's
    assert again[2].stance_probabilities


def test_windows_keep_the_order(classifier, monkeypatch) -> None:
    statements = [f"We want {n} of them to leave{' now' * n}." for n in range(7)]
    whole = classifier.predict(statements, "them")
    monkeypatch.setattr(classifier_module, "WINDOW", 3)
    parts = classifier.predict(statements, "them")
    for a, b in zip(whole, parts, strict=True):
        assert a.stance_probabilities == pytest.approx(b.stance_probabilities, abs=1e-4)


@pytest.mark.parametrize(
    ("flags", "held", "able"),
    [
        ({"avx2", "avx512_bf16"}, None, True),
        ({"avx2", "amx_bf16"}, "ALL", True),
        ({"avx2", "avx512_bf16"}, "avx2", False),
        ({"avx2", "avx512f"}, None, False),
        (set(), None, False),
    ],
)
def test_auto_takes_bf16_where_the_processor_multiplies_it(monkeypatch, flags, held, able) -> None:
    monkeypatch.setattr(precision_module, "_processor_flags", lambda: frozenset(flags))
    monkeypatch.delenv("ONEDNN_MAX_CPU_ISA", raising=False)
    if held:
        monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", held)
    assert pick_precision("auto", CPU) == pick_precision(None, CPU) == ("bf16" if able else "fp32")
    assert pick_precision("fp32", CPU) == "fp32"
    if able:
        assert pick_precision("bf16", CPU) == "bf16"
    else:
        with pytest.raises(ConfigError, match=r"cpu does not multiply: use fp32"):
            pick_precision("bf16", CPU)


def test_an_unknown_number_format() -> None:
    with pytest.raises(ConfigError, match="precision is 'fp8': use one of auto, fp32, bf16"):
        stance.load("small", precision="fp8")


def test_bf16_answers_as_fp32_does(classifier, monkeypatch) -> None:
    monkeypatch.setattr(precision_module, "multiplies_bf16", lambda device: True)
    half = stance.load("small", precision="bf16")
    assert half.info.precision == "bf16" and classifier.info.precision == "fp32"
    columns = [*map(list, zip(*ROWS, strict=True))]
    found = [
        np.array(
            [
                list(p.stance_probabilities.values())
                for p in model.predict(*columns[:3], speakers=columns[3])
            ]
        )
        for model in (classifier, half)
    ]
    np.testing.assert_allclose(found[0], found[1], atol=0.05)
    assert (found[0] != found[1]).any()
