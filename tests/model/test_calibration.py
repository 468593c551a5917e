from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import f1_score

from stance.errors import CalibrationError
from stance.model.calibration import (
    Calibration,
    brier_score,
    expected_calibration_error,
    softmax,
)
from stance.training.calibration_fit import fit_calibration, fit_temperature, log_loss
from stance.untrusted import checksum_of

LOGITS = hnp.arrays(np.float32, (7, 3), elements=st.floats(-20, 20, width=32))


@given(LOGITS, st.floats(0.1, 10))
def test_probabilities_sum_to_one_and_keep_the_argmax(
    logits: np.ndarray, temperature: float
) -> None:
    probabilities = softmax(logits, temperature)
    np.testing.assert_allclose(probabilities.sum(1), 1, atol=1e-5)
    best = probabilities.max(1)
    chosen = probabilities[np.arange(7), logits.argmax(1)]
    np.testing.assert_allclose(chosen, best, rtol=1e-5)


def _sampled(temperature: float, n: int = 3000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(n, 3)) * 2
    gold = np.array(
        [
            rng.choice(3, p=row)
            for row in softmax(logits).astype(float)
            / softmax(logits).astype(float).sum(1, keepdims=True)
        ]
    )
    return (logits * temperature).astype(np.float32), gold


def test_temperature_of_overconfident_logits_is_found() -> None:
    logits, gold = _sampled(3.0)
    fitted = fit_temperature(logits, gold)
    assert fitted == pytest.approx(3.0, rel=0.15)
    before = expected_calibration_error(softmax(logits), gold)
    after = expected_calibration_error(softmax(logits, fitted), gold)
    assert after < 0.03 < before


def test_too_few_rows_or_a_missing_class() -> None:
    with pytest.raises(CalibrationError, match="at least 30"):
        fit_temperature(np.zeros((5, 3)), np.zeros(5, dtype=np.int64))
    with pytest.raises(CalibrationError, match="lack label"):
        fit_temperature(np.zeros((50, 3)), np.zeros(50, dtype=np.int64))
    with pytest.raises(CalibrationError, match="not all numbers"):
        fit_temperature(np.full((50, 3), np.nan), np.arange(50) % 3)


def test_one_temperature_where_a_kind_of_rows_lacks_a_class() -> None:
    logits, gold = _sampled(1.0, 200)
    around = (np.arange(200) < 90) & (gold != 1)
    assert around.sum() >= 30
    assert fit_calibration(logits, gold, logits, gold, around).context_temperature is None


def test_scores_of_a_target_go_before_those_of_a_kind(tmp_path: Path) -> None:
    tops = {"a": 0.9, "b": 0.5, "c": 0.2}
    scores = {name: tuple(np.linspace(0, top, 30)) for name, top in tops.items()}
    made = Calibration(
        conformal_scores=scores["a"],
        conformal_by_target={"the treaty": scores["b"], "a toll": scores["b"][:3]},
        conformal_by_kind={"indirect": scores["c"]},
    )
    made.save(tmp_path / "calibration.json")
    read = Calibration.load(tmp_path / "calibration.json")
    least = {name: pytest.approx((1 - some[27],) * 3) for name, some in scores.items()}
    assert read.thresholds(0.9) == least["a"]
    assert read.thresholds(0.9, "the treaty", "indirect") == least["b"]
    for target in ("another", "a toll", None):  # three scores are too few for 90 %
        assert read.thresholds(0.9, target, "indirect") == least["c"]
        assert read.thresholds(0.9, target, "direct") == read.thresholds(0.9)
    with pytest.raises(CalibrationError, match=r"conformal_by_kind\.mixed"):
        Calibration(conformal_by_kind={"mixed": (0.5, 0.4)})


def test_a_stance_with_enough_rows_has_a_threshold_of_its_own(tmp_path: Path) -> None:
    tops = {"all": 0.5, "against": 0.9, "neutral": 0.2}
    scores = {name: tuple(np.linspace(0, top, 30)) for name, top in tops.items()}
    made = Calibration(
        conformal_scores=scores["all"],
        conformal_by_stance={
            "against": scores["against"],
            "neutral": scores["neutral"],
            "favor": (0.3, 0.4),
        },
        conformal_by_target={"the treaty": scores["all"]},
    )
    made.save(tmp_path / "calibration.json")
    read = Calibration.load(tmp_path / "calibration.json")
    expected = [1 - scores[name][27] for name in ("against", "neutral", "all")]
    assert read.thresholds(0.9) == pytest.approx(tuple(expected))
    assert read.thresholds(0.5)[2] == pytest.approx(0.6)  # two scores are enough for a half
    assert read.thresholds(0.9, "the treaty") == pytest.approx((1 - scores["all"][27],) * 3)
    with pytest.raises(CalibrationError, match="'favour', which is no stance"):
        Calibration(conformal_by_stance={"favour": (0.5,)})


@pytest.mark.parametrize("shift", [-1.0, 0.0, 1.0])
def test_conformal_sets_cover_each_class(shift: float) -> None:
    logits, gold = _sampled(1.0, 8000)
    tilted = logits + np.array([0.0, shift, 0.0])  # a model that says neutral too seldom or often
    fitted = fit_calibration(tilted[:4000], gold[:4000], tilted[:4000], gold[:4000])
    probabilities = softmax(tilted[4000:], fitted.stance_temperature)
    for coverage in (0.7, 0.9):
        held = (probabilities >= fitted.thresholds(coverage))[np.arange(4000), gold[4000:]]
        assert held.mean() == pytest.approx(coverage, abs=0.02)
        for column in range(3):
            assert held[gold[4000:] == column].mean() == pytest.approx(coverage, abs=0.04)
    with pytest.raises(CalibrationError, match="between 0 and 1"):
        fitted.thresholds(1.0)


def test_rows_with_a_context_have_a_temperature_of_their_own(tmp_path: Path) -> None:
    plain, gold = _sampled(1.0)
    logits = np.concatenate([plain, plain * 4])
    both = np.concatenate([gold, gold])
    around = [False] * len(gold) + [True] * len(gold)
    fitted = fit_calibration(logits, both, logits, both, around)
    assert fitted.stance_temperature == pytest.approx(1.0, rel=0.15)
    assert fitted.context_temperature == pytest.approx(4.0, rel=0.15)
    path = tmp_path / "calibration.json"
    fitted.save(path)
    assert list(Calibration.load(path).stance_temperatures([True, False])) == [
        fitted.context_temperature,
        fitted.stance_temperature,
    ]


def test_round_trip_and_damage(tmp_path: Path) -> None:
    logits, gold = _sampled(2.0, 200)
    fitted = fit_calibration(logits, gold, logits, gold)
    path = tmp_path / "calibration.json"
    fitted.save(path)
    again = Calibration.load(path)
    assert again.stance_temperature == fitted.stance_temperature
    assert again.thresholds(0.9) == pytest.approx(fitted.thresholds(0.9), abs=1e-5)
    assert again.quality == fitted.quality and again.quality.n == 200


QUALITY = {"n": 9, "ece_before": 0, "ece_after": 0, "brier_before": 0, "brier_after": 0}
STORED: dict[str, object] = {
    "stance_temperature": 1.5,
    "sentiment_temperature": 2,
    "context_temperature": None,
    "stance_bias": [0, 0.0, 0],
    "quality": None,
    "conformal_scores": [0.0, 0.25, 0.25, 1.0],
}


def _write(folder: Path, content: object) -> Path:
    path = folder / "calibration.json"
    if isinstance(content, dict):
        content = {**content, "checksum": checksum_of(content)}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_the_least_that_a_file_holds(tmp_path: Path) -> None:
    assert Calibration.load(_write(tmp_path, STORED)) == Calibration(
        stance_temperature=1.5, sentiment_temperature=2.0, conformal_scores=(0.0, 0.25, 0.25, 1.0)
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stance_temperature": 0}, "stance_temperature is 0"),
        ({"stance_temperature": -1.5}, "stance_temperature is -1.5"),
        ({"stance_temperature": float("nan")}, "stance_temperature is nan"),
        ({"sentiment_temperature": float("inf")}, "sentiment_temperature is inf"),
        ({"context_temperature": 0.0}, "context_temperature is 0"),
        ({"stance_temperature": "1.5"}, "stance_temperature must be a number"),
        ({"stance_temperature": True}, "stance_temperature must be a number"),
        ({"stance_temperature": None}, "stance_temperature must be a number"),
        ({"conformal_scores": [0.2, 0.1]}, r"conformal_scores\[1\] is 0.1"),
        ({"conformal_scores": [0.2, 1.1]}, r"conformal_scores\[1\] is 1.1"),
        ({"conformal_scores": [-0.1]}, r"conformal_scores\[0\] is -0.1"),
        ({"conformal_scores": [0.1, float("nan"), 0.2]}, r"conformal_scores\[1\] is nan"),
        ({"conformal_scores": 0.1}, "conformal_scores must be a list"),
        ({"stance_bias": [0.1, 0.2]}, r"stance_bias is \[0.1, 0.2\]: give three numbers"),
        ({"stance_bias": [0.1, float("nan"), 0.2]}, "stance_bias is .*: give three numbers"),
        ({"stance_bias": 0.1}, "stance_bias must be a list"),
        ({"stance_temperature": 1e-12}, "stance_temperature is 1e-12: .* from 0.01 to 100"),
        ({"stance_temperature": 1e12}, "stance_temperature is 1"),
        ({"sentiment_temperature": 10**250}, "sentiment_temperature is 1"),
        ({"stance_bias": [0.1, 1e9, 0.2]}, "stance_bias is .*: give three numbers from -10 to 10"),
        ({"stance_bias": [0, 0, float("-inf")]}, "stance_bias is"),
        ({"quality": QUALITY | {"n": -1}}, "quality: n is -1"),
        ({"quality": QUALITY | {"ece_after": 1.5}}, "quality: ece_after is 1.5"),
        ({"quality": QUALITY | {"brier_before": float("nan")}}, "quality: brier_before is nan"),
        ({"quality": QUALITY | {"n": 2.5}}, "n must be a whole number"),
        ({"temprature": 1.0}, "unknown key 'temprature'"),
        ({"quality": {"n": 3}}, "missing key 'ece_before'"),
    ],
)
def test_a_damaged_file_names_the_field(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(CalibrationError, match=message) as raised:
        Calibration.load(_write(tmp_path, {**STORED, **changes}))
    assert "calibration.json" in str(raised.value)


def test_a_bias_of_the_classes_is_found_stored_and_applied(tmp_path: Path) -> None:
    logits, gold = _sampled(1.0)
    shift = np.array([0.5, -1.0, 0.5])
    shifted = (logits - shift) * 2  # what the model gives, too neutral and too sharp
    around = np.arange(len(gold)) % 2 == 0
    shifted[around] *= 1.5
    fitted = fit_calibration(shifted, gold, shifted, gold, around.tolist(), bias="likelihood")
    assert fitted.stance_bias == pytest.approx(tuple(shift), abs=0.15)
    assert sum(fitted.stance_bias) == pytest.approx(0, abs=1e-9)
    assert fitted.stance_temperature == pytest.approx(2.0, rel=0.15)
    assert fitted.context_temperature == pytest.approx(3.0, rel=0.15)
    path = tmp_path / "calibration.json"
    fitted.save(path)
    found = Calibration.load(path).stance_probabilities(shifted, around)
    assert found == pytest.approx(softmax(logits), abs=0.08)
    without = fit_calibration(shifted, gold, shifted, gold, around.tolist())
    plain = without.stance_probabilities(shifted, around)
    assert without.stance_bias == (0.0, 0.0, 0.0)
    assert log_loss(found, gold) < log_loss(plain, gold) - 0.01


@pytest.mark.parametrize("shift", [0.6, -0.4])
def test_neutral_is_shifted_to_the_highest_macro_f1(shift: float) -> None:
    logits, gold = _sampled(1.0)
    tilted = logits + np.array([0.0, shift, 0.0])  # says neutral too often, or too seldom
    fitted = fit_calibration(tilted, gold, tilted, gold, bias="macro F1")
    plain = fit_calibration(tilted, gold, tilted, gold)
    against, neutral, favor = fitted.stance_bias
    assert against == favor == pytest.approx(-neutral / 2)
    assert np.sign(neutral) == -np.sign(shift)
    none = [False] * len(gold)
    best, before = (
        f1_score(gold, made.stance_probabilities(tilted, none).argmax(1), average="macro")
        for made in (fitted, plain)
    )
    assert best > before
    few = fit_calibration(tilted[:400], gold[:400], tilted[:400], gold[:400], bias="macro F1")
    assert few.stance_bias == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("key", list(STORED))
def test_a_missing_field_is_named(tmp_path: Path, key: str) -> None:
    some = {name: value for name, value in STORED.items() if name != key}
    with pytest.raises(CalibrationError, match=f"missing key '{key}'"):
        Calibration.load(_write(tmp_path, some))


@pytest.mark.parametrize("content", [[], "x", 1, None])
def test_a_file_of_another_kind(tmp_path: Path, content: object) -> None:
    with pytest.raises(CalibrationError, match=r"calibration\.json"):
        Calibration.load(_write(tmp_path, content))
    (tmp_path / "calibration.json").write_text("{", encoding="utf-8")
    with pytest.raises(CalibrationError, match=r"cannot read .*calibration\.json"):
        Calibration.load(tmp_path / "calibration.json")


def test_brier_bounds() -> None:
    perfect = np.eye(3, dtype=np.float32)
    assert brier_score(perfect, np.arange(3)) == 0
    assert brier_score(perfect[[1, 2, 0]], np.arange(3)) == 2


@pytest.mark.parametrize("n", [1, 7, 20, 21, 99, 100, 613])
def test_threshold_is_the_order_statistic_of_mapie(n: int) -> None:
    from mapie.conformity_scores import LACConformityScore

    scores = np.random.default_rng(n).beta(1, 4, n)
    ours = Calibration(conformal_scores=tuple(np.sort(scores).tolist()))
    for coverage in (0.48, 0.5, 0.8125, 0.9, 0.97):
        if (n + 1) * coverage > n:
            with pytest.raises(CalibrationError, match="calibration rows"):
                ours.thresholds(coverage)
            continue
        theirs = LACConformityScore().get_conformity_score_quantiles(
            scores, np.array([1.0 - coverage]), "prefit"
        )
        assert ours.thresholds(coverage) == pytest.approx((1.0 - theirs[0],) * 3, abs=1e-12)


def test_threshold_by_hand() -> None:
    scores = Calibration(conformal_scores=tuple(i / 100 for i in range(1, 100)))
    assert scores.thresholds(0.55)[0] == pytest.approx(0.45)  # the 55th of 99 scores
    assert scores.thresholds(0.9)[0] == pytest.approx(0.10)
    assert scores.thresholds(0.07)[0] == pytest.approx(0.93)  # 100 * 0.07 is a little above 7
    assert scores.thresholds(1e-12)[0] == pytest.approx(0.99)
