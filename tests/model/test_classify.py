from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

import stance
from stance.config import WEIGHTS_DIR
from stance.errors import CalibrationError, ConfigError, DataError, LabelError, ModelLoadError
from stance.labels import Stance

STATEMENTS = [
    "No foreign soldier will set foot on our land.",
    "We beg the world to send troops before it is too late.",
    "The talks begin on Thursday.",
]


def test_prediction_fields(classifier) -> None:
    predictions = classifier.predict(STATEMENTS)
    assert len(predictions) == 3
    for prediction in predictions:
        assert list(prediction.stance_probabilities) == ["against", "neutral", "favor"]
        assert sum(prediction.stance_probabilities.values()) == pytest.approx(1, abs=1e-5)
        assert list(prediction.sentiment_probabilities) == ["negative", "neutral", "positive"]
        assert sum(prediction.sentiment_probabilities.values()) == pytest.approx(1, abs=1e-5)
        assert prediction.target == "foreign intervention"
        assert prediction.stance == max(
            prediction.stance_probabilities, key=prediction.stance_probabilities.__getitem__
        )
        assert -1 <= prediction.score <= 1


def test_clear_cases(classifier) -> None:
    labels = [p.stance for p in classifier.predict(STATEMENTS[:2])]
    assert labels == [Stance.AGAINST, Stance.FAVOR]


def test_base_joins_its_backbone_and_agrees_on_clear_cases() -> None:
    predictions = stance.load("base").predict(STATEMENTS)
    assert [p.stance for p in predictions] == [Stance.AGAINST, Stance.FAVOR, Stance.NEUTRAL]


def test_the_target_turns_the_stance(classifier) -> None:
    labels = [
        classifier.predict_one(STATEMENTS[0], target).stance
        for target in ("foreign intervention", "national sovereignty")
    ]
    assert labels == [Stance.AGAINST, Stance.FAVOR]


def test_empty_in_empty_out(classifier) -> None:
    assert classifier.predict([]) == []


def _array(predictions) -> np.ndarray:
    return np.array([list(p.stance_probabilities.values()) for p in predictions])


def test_batch_size_and_order_do_not_matter(classifier) -> None:
    many = STATEMENTS * 4 + ["Short.", "A much longer statement " * 12]
    whole = _array(classifier.predict(many))
    np.testing.assert_allclose(whole, _array(classifier.predict(many, batch_size=1)), atol=1e-4)
    np.testing.assert_allclose(
        whole[::-1], _array(classifier.predict(many[::-1], batch_size=5)), atol=1e-4
    )


@pytest.mark.parametrize("bad", [float("nan"), None, "", "   ", 7])
def test_a_bad_statement_names_its_row(classifier, bad) -> None:
    with pytest.raises(DataError, match="row 1: statement"):
        classifier.predict(["fine", bad])


def test_logits_that_are_not_numbers(classifier, monkeypatch) -> None:
    score = classifier._scorer.score

    def damaged(rows):
        scores = score(rows)
        scores.stance[-1, 0] = np.nan
        return scores

    monkeypatch.setattr(classifier._scorer, "score", damaged)
    with pytest.raises(ModelLoadError, match="not numbers, first for the statement 'The talks"):
        classifier.predict(STATEMENTS, batch_size=3)


def test_other_bad_arguments(classifier) -> None:
    with pytest.raises(DataError, match="statements is None"):
        classifier.predict(None)
    with pytest.raises(DataError, match="target is None"):
        classifier.predict(["fine"], None)
    with pytest.raises(DataError, match="one string"):
        classifier.predict("just a string")
    with pytest.raises(DataError, match="2 targets for 3 statements"):
        classifier.predict(STATEMENTS, ["a", "b"])
    with pytest.raises(DataError, match="row 0: target"):
        classifier.predict(["x"], "")
    with pytest.raises(DataError, match="contexts"):
        classifier.predict(STATEMENTS, contexts=["a"])
    with pytest.raises(DataError, match="abstain_below"):
        classifier.predict(STATEMENTS, abstain_below=2)
    with pytest.raises(CalibrationError, match="coverage"):
        classifier.predict(STATEMENTS, coverage=3)


def test_long_statements_are_cut_and_counted_never_the_target(classifier, caplog) -> None:
    with caplog.at_level("WARNING", logger="stance"):
        predictions = classifier.predict(["They must leave. " * 300, "Short."])
    assert [p.truncated for p in predictions] == [True, False]
    assert classifier.truncated == 1
    assert "1 of 2 statements" in caplog.text
    with pytest.raises(DataError, match="shorten the target"):
        classifier.predict(["x"], "a very long target " * 200)


def test_abstention_and_prediction_sets(classifier) -> None:
    sure = classifier.predict(STATEMENTS, abstain_below=0.0)
    none = classifier.predict(STATEMENTS, abstain_below=1.0)
    assert all(p.stance is not None and not p.abstained for p in sure)
    assert all(p.stance is None and p.abstained for p in none)
    assert all(p.stance_probabilities for p in none)
    narrow = classifier.predict(STATEMENTS, coverage=0.5)
    wide = classifier.predict(STATEMENTS, coverage=0.95)
    for a, b in zip(narrow, wide, strict=True):
        assert set(a.stance_set) <= set(b.stance_set)


def test_context_may_contain_the_statement(classifier) -> None:
    text = "It’s not going to happen."
    context = f"Asked about the plan to send troops, she was firm. “{text}” Then she left."
    prediction = classifier.predict([text], contexts=[context])[0]
    assert prediction.stance is not None
    assert classifier.predict([text], contexts=[text]) == classifier.predict([text])


def test_text_that_is_not_english_is_warned_of(classifier) -> None:
    german = "Wir werden niemals zulassen, dass fremde Soldaten unser Land betreten."
    arabic = "لن نقبل أي تدخل أجنبي في بلادنا"
    plain, *odd = classifier.predict([STATEMENTS[0], german, arabic])
    assert plain.warnings == ()
    assert all("English" in p.warnings[0] for p in odd)


def test_text_unlike_the_training_text_is_warned_of(classifier) -> None:
    long = "We will not accept another foreign base on this island, whatever it pays. " * 10
    figures = "No. 10 said 1,200 U.N. troops (UNIFIL) would leave by 31/12/2026."
    code = "SELECT * FROM users WHERE id = 4 AND (a < 3);"
    found = [p.warnings for p in classifier.predict([code, long, figures])]
    assert "looks like code" in found[0][0]
    assert "more than 120 words" in found[1][0]
    assert found[2] == ()


def test_any_sequence_classification_checkpoint(tiny_checkpoint) -> None:
    folder = tiny_checkpoint({0: "FAVOR", 1: "AGAINST", 2: "NONE"})
    loaded = stance.load(folder, kind="sequence-classification")
    prediction = loaded.predict_one("we want them out", "them")
    assert sum(prediction.stance_probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert prediction.sentiment is None
    cut = loaded.predict(["we want them out " * 200], "them")[0]
    assert cut.truncated


def test_placeholder_labels_need_a_map(tiny_checkpoint, tmp_path) -> None:
    folder = tiny_checkpoint({0: "LABEL_0", 1: "LABEL_1"})
    with pytest.raises(LabelError, match="LABEL_0"):
        stance.load(folder, kind="sequence-classification")
    config = tmp_path / "model.yaml"
    config.write_text(
        f"kind: sequence-classification\ncheckpoint: {folder}\n"
        "labels: {LABEL_0: against, LABEL_1: favor}\n",
        encoding="utf-8",
    )
    prediction = stance.load(config).predict_one("we want them out")
    assert prediction.stance_probabilities["neutral"] < 1e-6


def test_any_nli_checkpoint(tiny_checkpoint) -> None:
    folder = tiny_checkpoint({0: "entailment", 1: "neutral", 2: "contradiction"})
    prediction = stance.load(folder, kind="nli").predict_one("we want them out")
    assert sum(prediction.stance_probabilities.values()) == pytest.approx(1, abs=1e-4)
    with pytest.raises(LabelError):
        stance.load(folder, kind="sequence-classification")


def test_hub_checkpoints_say_that_they_read_no_context(tiny_checkpoint, caplog) -> None:
    model = stance.load(
        tiny_checkpoint({0: "entailment", 1: "neutral", 2: "contradiction"}), kind="nli"
    )
    model.predict(["Never."], contexts=["He rose. “Never.”"])
    assert "contexts and speakers are unused" in caplog.text


def test_arguments_that_mean_nothing_to_a_checkpoint_are_refused(tmp_path) -> None:
    with pytest.raises(ConfigError, match="labels means nothing to a bundled"):
        stance.load("small", labels={"LABEL_0": "favor"})
    config = tmp_path / "model.yaml"
    config.write_text("kind: bundled\ncheckpoint: small\n", encoding="utf-8")
    assert stance.load(config, device="cpu").facts["device"] == "cpu"
    with pytest.raises(ConfigError, match="revision means nothing"):
        stance.load(config, revision="main")
    config.write_text("kind: nli\ntemperature: 0\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="temperature"):
        stance.load(config)


def test_the_kind_is_never_guessed(tiny_checkpoint) -> None:
    folder = tiny_checkpoint({0: "favor", 1: "against", 2: "neutral"})
    with pytest.raises(ModelLoadError, match="kind="):
        stance.load(folder)


def test_truncated_weights_are_refused(tmp_path) -> None:
    folder = tmp_path / "adapter"
    shutil.copytree(WEIGHTS_DIR / "small", folder)
    weights = folder / "adapter.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ModelLoadError, match="SHA-256"):
        stance.load(folder)


def test_adapter_of_another_format(tmp_path) -> None:
    folder = tmp_path / "adapter"
    shutil.copytree(WEIGHTS_DIR / "small", folder)
    facts = json.loads((folder / "adapter.json").read_text())
    (folder / "adapter.json").write_text(json.dumps({**facts, "format": 99}))
    with pytest.raises(ModelLoadError, match="format 99"):
        stance.load(folder)
