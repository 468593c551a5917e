from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.torch import load_file

import stance
from stance.checkpoint.files import sha256_of
from stance.config import WEIGHTS_DIR
from stance.errors import CalibrationError, ConfigError, DataError, LabelError, ModelLoadError
from stance.labels import Abstention, Stance
from stance.model.classifier import StanceClassifier
from stance.schema import CheckpointInfo
from stance.untrusted import checksum_of

TARGET = "foreign intervention"
STATEMENTS = [
    "No foreign soldier will set foot on our land.",
    "We beg the world to send troops before it is too late.",
    "The talks begin on Thursday.",
]


def test_prediction_fields(classifier) -> None:
    predictions = classifier.predict(STATEMENTS, TARGET)
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
    labels = [p.stance for p in classifier.predict(STATEMENTS[:2], TARGET)]
    assert labels == [Stance.AGAINST, Stance.FAVOR]


def test_base_joins_its_backbone_and_agrees_on_clear_cases() -> None:
    predictions = stance.load("base").predict(STATEMENTS, TARGET)
    assert [p.stance for p in predictions] == [Stance.AGAINST, Stance.FAVOR, Stance.NEUTRAL]


def test_the_target_turns_the_stance(classifier) -> None:
    labels = [
        classifier.predict_one(STATEMENTS[0], target).stance
        for target in ("foreign intervention", "national sovereignty")
    ]
    assert labels == [Stance.AGAINST, Stance.FAVOR]


def test_empty_in_empty_out(classifier) -> None:
    assert classifier.predict([], TARGET) == []


def test_targets_are_required(classifier) -> None:
    with pytest.raises(TypeError, match="targets"):
        classifier.predict(STATEMENTS)
    with pytest.raises(TypeError, match="target"):
        classifier.predict_one(STATEMENTS[0])
    with pytest.raises(DataError, match="row 0: target is empty"):
        classifier.predict([], "")


def test_one_target_for_each_statement(classifier) -> None:
    targets = ["foreign intervention", "national sovereignty", "peace talks"]
    together = classifier.predict(STATEMENTS, targets)
    assert [p.target for p in together] == targets
    for statement, target, prediction in zip(STATEMENTS, targets, together, strict=True):
        alone = classifier.predict_one(statement, target)
        assert alone.stance == prediction.stance
        assert alone.score == pytest.approx(prediction.score, abs=1e-4)


def test_one_statement_takes_context_and_speaker_as_many_do(classifier) -> None:
    said, context, speaker = "It won’t happen.", "Asked about troops, she was firm.", "Ada Berg"
    (expected,) = classifier.predict([said], TARGET, [context], speakers=[speaker])
    assert classifier.predict_one(said, TARGET, context, speaker=speaker) == expected
    assert classifier.predict_one(said, TARGET) != expected


def test_threads_get_the_answers_that_one_gets(classifier) -> None:
    jobs = [
        ([f"{text} ({i})" for text in STATEMENTS], f"target number {i}", [None, f"Number {i}.", ""])
        for i in range(12)
    ]
    one_by_one = [classifier.predict(*job) for job in jobs]
    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(lambda job: classifier.predict(*job), jobs))
    for alone, among_others in zip(one_by_one, at_once, strict=True):
        assert [p.target for p in alone] == [p.target for p in among_others]
        np.testing.assert_allclose(_array(alone), _array(among_others), atol=1e-5)


@pytest.mark.parametrize("kind", ["sequence-classification", "nli"])
def test_threads_share_a_hub_checkpoint(tiny_checkpoint, kind) -> None:
    names = ("favor", "neutral", "against")
    if kind == "nli":
        names = ("entailment", "neutral", "contradiction")
    model = stance.load(tiny_checkpoint(dict(enumerate(names))), kind=kind)
    jobs = [["we want them out " * (1 + i * 29 % 90), "speaker is in"] for i in range(16)]
    one_by_one = [model.predict(job, "them") for job in jobs]
    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(lambda job: model.predict(job, "them"), jobs))
    for alone, among_others in zip(one_by_one, at_once, strict=True):
        assert [p.truncated for p in alone] == [p.truncated for p in among_others]
        np.testing.assert_allclose(_array(alone), _array(among_others), atol=1e-5)


def test_what_is_known_of_a_bundled_checkpoint(classifier) -> None:
    info = classifier.info
    assert (info.kind, info.name, info.backbone) == ("bundled", "small", "base")
    assert info.labels == ("against", "neutral", "favor")
    assert info.reads_context and info.max_length == 256 and info.max_context == 96
    stored = json.loads((WEIGHTS_DIR / "small" / "adapter.json").read_text(encoding="utf-8"))
    assert info.sha256 == stored["sha256"]
    assert CheckpointInfo.from_record(info.to_record()) == info


@pytest.mark.parametrize(
    ("context", "speaker", "used"),
    [
        (None, None, False),
        ("", None, False),
        (None, "Ada Berg", False),
        ("Never.", None, False),
        ("[...]", "Ada Berg", False),
        ("“Never,” she said. “Never.”", None, True),
        ("Asked about the troops, she was firm.", "Ada Berg", True),
    ],
)
def test_used_context_tells_what_was_read(classifier, context, speaker, used) -> None:
    assert classifier.predict_one("Never.", TARGET, context, speaker=speaker).used_context is used


def test_a_statement_that_fills_the_model_leaves_no_context(classifier) -> None:
    context = "Asked about the troops, she was firm."
    long, short = classifier.predict(["They must leave. " * 300, "Leave."], TARGET, [context] * 2)
    assert long.truncated and not long.used_context
    assert short.used_context and not short.truncated


def _array(predictions) -> np.ndarray:
    return np.array([list(p.stance_probabilities.values()) for p in predictions])


def test_batch_size_and_order_do_not_matter(classifier) -> None:
    many = STATEMENTS * 4 + ["Short.", "A much longer statement " * 12]
    whole = _array(classifier.predict(many, TARGET))
    single = _array(classifier.predict(many, TARGET, batch_size=1))
    np.testing.assert_allclose(whole, single, atol=1e-4)
    np.testing.assert_allclose(
        whole[::-1], _array(classifier.predict(many[::-1], TARGET, batch_size=5)), atol=1e-4
    )


@pytest.mark.parametrize("bad", [float("nan"), None, "", "   ", 7])
def test_a_bad_statement_names_its_row(classifier, bad) -> None:
    with pytest.raises(DataError, match="row 1: statement"):
        classifier.predict(["fine", bad], TARGET)


def test_logits_that_are_not_numbers(classifier, monkeypatch) -> None:
    score = classifier._scorer.score

    def damaged(rows, **options):
        scores = score(rows, **options)
        scores.stance[-1, 0] = np.nan
        return scores

    monkeypatch.setattr(classifier._scorer, "score", damaged)
    with pytest.raises(ModelLoadError, match="not numbers, first for the statement 'The talks"):
        classifier.predict(STATEMENTS, TARGET, batch_size=3)


def test_other_bad_arguments(classifier) -> None:
    with pytest.raises(DataError, match="statements is None"):
        classifier.predict(None, TARGET)
    with pytest.raises(DataError, match="targets is None"):
        classifier.predict(["fine"], None)
    with pytest.raises(DataError, match="one string"):
        classifier.predict("just a string", TARGET)
    with pytest.raises(DataError, match="2 targets for 3 statements"):
        classifier.predict(STATEMENTS, ["a", "b"])
    with pytest.raises(DataError, match="row 0: target"):
        classifier.predict(["x"], "")
    with pytest.raises(DataError, match="contexts"):
        classifier.predict(STATEMENTS, TARGET, contexts=["a"])
    with pytest.raises(DataError, match="abstain_below"):
        classifier.predict(STATEMENTS, TARGET, abstain_below=2)
    with pytest.raises(CalibrationError, match="coverage"):
        classifier.predict(STATEMENTS, TARGET, coverage=3)


def test_long_statements_are_cut_and_counted_never_the_target(classifier, caplog) -> None:
    with caplog.at_level("WARNING", logger="stance"):
        predictions = classifier.predict(["They must leave. " * 300, "Short."], TARGET)
    assert [p.truncated for p in predictions] == [True, False]
    assert caplog.text.count("1 of 2 statements got no stance: 1 cut") == 1
    caplog.clear()
    judge_all = StanceClassifier(classifier._scorer, judge_all=True)
    with caplog.at_level("WARNING", logger="stance"):
        (long,) = judge_all.predict(["They must leave. " * 300], TARGET)
    assert long.truncated and long.stance is not None
    assert "1 of 1 statements were longer than the model reads and were cut" in caplog.text
    caplog.clear()
    with caplog.at_level("WARNING", logger="stance"):
        classifier.predict(["Short."], TARGET)
    assert caplog.text == ""
    with pytest.raises(DataError, match="shorten the target"):
        classifier.predict(["x"], "a very long target " * 200)


def test_abstention_and_prediction_sets(classifier) -> None:
    sure = classifier.predict(STATEMENTS, TARGET, abstain_below=0.0)
    none = classifier.predict(STATEMENTS, TARGET, abstain_below=1.0)
    assert all(p.stance is not None and not p.abstained for p in sure)
    assert all(p.stance is None and p.abstained for p in none)
    assert all(p.stance_probabilities for p in none)
    assert {p.abstained_because for p in none} == {Abstention.UNSURE}
    narrow = classifier.predict(STATEMENTS, TARGET, coverage=0.5)
    wide = classifier.predict(STATEMENTS, TARGET, coverage=0.95)
    for a, b in zip(narrow, wide, strict=True):
        assert set(a.stance_set) <= set(b.stance_set)


def test_kinds_choose_their_prediction_sets(classifier, monkeypatch) -> None:
    made = replace(
        classifier.calibration,
        conformal_by_kind={"direct": (1.0,) * 30, "indirect": (0.0,) * 30},
    )
    monkeypatch.setattr(StanceClassifier, "calibration", made)
    several = classifier.predict(
        [STATEMENTS[0]] * 3, TARGET, kinds=["direct", "indirect", None], coverage=0.9
    )
    wide, narrow, usual = (prediction.stance_set for prediction in several)
    assert wide == tuple(Stance) and narrow == ()
    assert usual == classifier.predict(STATEMENTS[:1], TARGET, coverage=0.9)[0].stance_set
    with pytest.raises(DataError, match="1 kinds for 3 statements"):
        classifier.predict(STATEMENTS, TARGET, kinds=["direct"], coverage=0.9)
    with pytest.raises(DataError, match="1 kinds for 3 statements"):
        classifier.predict(STATEMENTS, TARGET, kinds=["direct"])


def test_context_may_contain_the_statement(classifier) -> None:
    text = "It’s not going to happen."
    context = f"Asked about the plan to send troops, she was firm. “{text}” Then she left."
    prediction = classifier.predict([text], TARGET, contexts=[context])[0]
    assert prediction.stance is not None
    assert classifier.predict([text], TARGET, contexts=[text]) == classifier.predict([text], TARGET)


def test_what_cannot_be_judged_gets_no_stance_but_a_reason(classifier, caplog) -> None:
    german = "Wir werden niemals zulassen, dass fremde Soldaten unser Land betreten."
    arabic = "لن نقبل أي تدخل أجنبي في بلادنا"
    emoji, long = "👍👍👍", "We will fight every landing on this coast. " * 60
    texts = [STATEMENTS[0], german, arabic, emoji, long]
    with caplog.at_level("WARNING", logger="stance"):
        found = classifier.predict(texts, TARGET, abstain_below=0.2)
    reasons = [None, "not English", "not English", "no letters", "cut"]
    assert [p.abstained_because and str(p.abstained_because) for p in found] == reasons
    assert [p.stance is None for p in found] == [reason is not None for reason in reasons]
    assert "4 of 5 statements got no stance: 2 not English, 1 no letters, 1 cut" in caplog.text
    assert found[0].warnings == () and "not in English" in found[1].warnings[0]
    judge_all = StanceClassifier(classifier._scorer, judge_all=True)
    anyway = judge_all.predict(texts, TARGET)
    assert all(p.stance is not None and not p.abstained for p in anyway)
    assert [p.warnings for p in anyway] == [p.warnings for p in found]
    assert [p.stance_probabilities for p in anyway] == [p.stance_probabilities for p in found]


def test_a_checkpoint_of_others_may_read_other_languages(tiny_checkpoint) -> None:
    folder = tiny_checkpoint({0: "FAVOR", 1: "AGAINST", 2: "NONE"})
    loaded = stance.load(folder, kind="sequence-classification")
    spanish, emoji = loaded.predict(["No queremos tropas extranjeras aquí.", "👍"], "them")
    assert spanish.stance is not None and spanish.warnings == ()
    assert emoji.abstained_because is Abstention.NO_LETTERS
    assert (
        stance.load(folder, kind="sequence-classification", judge_all=True)
        .predict_one("👍", "them")
        .stance
        is not None
    )


def test_text_unlike_the_training_text_is_warned_of(classifier) -> None:
    long = "We will not accept another foreign base on this island, whatever it pays. " * 10
    figures = "No. 10 said 1,200 U.N. troops (UNIFIL) would leave by 31/12/2026."
    code = "SELECT * FROM users WHERE id = 4 AND (a < 3);"
    found = [p.warnings for p in classifier.predict([code, long, figures], TARGET)]
    assert "looks like code" in found[0][0]
    assert "more than 120 words" in found[1][0]
    assert found[2] == ()


def test_any_sequence_classification_checkpoint(tiny_checkpoint) -> None:
    folder = tiny_checkpoint({0: "FAVOR", 1: "AGAINST", 2: "NONE"})
    loaded = stance.load(folder, kind="sequence-classification")
    prediction = loaded.predict_one("we want them out", "them")
    assert sum(prediction.stance_probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert prediction.sentiment is None
    assert not prediction.used_context
    cut = loaded.predict(["we want them out " * 200], "them")[0]
    assert cut.truncated
    info = loaded.info
    assert info.labels == ("FAVOR", "AGAINST", "NONE") and not info.reads_context
    assert info.sha256 == sha256_of(folder / "model.safetensors") and info.backbone is None


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
    prediction = stance.load(config).predict_one("we want them out", "them")
    assert prediction.stance_probabilities["neutral"] < 1e-6


def test_any_nli_checkpoint(tiny_checkpoint) -> None:
    folder = tiny_checkpoint({0: "entailment", 1: "neutral", 2: "contradiction"})
    prediction = stance.load(folder, kind="nli").predict_one("we want them out", "them")
    assert sum(prediction.stance_probabilities.values()) == pytest.approx(1, abs=1e-4)
    with pytest.raises(LabelError):
        stance.load(folder, kind="sequence-classification")


def test_hub_checkpoints_say_that_they_read_no_context(tiny_checkpoint, caplog) -> None:
    model = stance.load(
        tiny_checkpoint({0: "entailment", 1: "neutral", 2: "contradiction"}), kind="nli"
    )
    model.predict(["Never."], TARGET, contexts=["He rose. “Never.”"])
    model.predict(["Never."], TARGET, speakers=["Ada Berg"])
    assert caplog.text.count("contexts and speakers are unused") == 2
    caplog.clear()
    model.predict(["Never."], TARGET)
    assert caplog.text == ""


def test_pickled_weights_are_refused(tiny_checkpoint, tmp_path) -> None:
    folder = tmp_path / "pickled"
    shutil.copytree(tiny_checkpoint({0: "favor", 1: "against", 2: "neutral"}), folder)
    tensors = load_file(folder / "model.safetensors")
    torch.save(tensors, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelLoadError, match="safetensors"):
        stance.load(folder, kind="sequence-classification")


def test_damaged_hub_weights_are_refused(tiny_checkpoint, tmp_path) -> None:
    folder = tmp_path / "cut"
    shutil.copytree(tiny_checkpoint({0: "favor", 1: "against", 2: "neutral"}), folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-50])
    with pytest.raises(ModelLoadError, match="cannot load"):
        stance.load(folder, kind="sequence-classification")


def test_arguments_that_mean_nothing_to_a_checkpoint_are_refused(tmp_path) -> None:
    with pytest.raises(ConfigError, match="labels means nothing to a bundled"):
        stance.load("small", labels={"LABEL_0": "favor"})
    config = tmp_path / "model.yaml"
    config.write_text("kind: bundled\ncheckpoint: small\n", encoding="utf-8")
    assert stance.load(config, device="cpu").info.device == "cpu"
    with pytest.raises(ConfigError, match="revision means nothing"):
        stance.load(config, revision="main")
    config.write_text("kind: nli\ntemperature: 0\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="temperature"):
        stance.load(config)


def test_a_hub_checkpoint_is_not_asked_to_read_more_than_it_can(tiny_checkpoint, tmp_path) -> None:
    folder = tiny_checkpoint({0: "favor", 1: "against", 2: "neutral"})
    config = tmp_path / "long.yaml"
    config.write_text(f"kind: nli\ncheckpoint: {folder}\nmax_length: 100000\n", encoding="utf-8")
    with pytest.raises(ModelLoadError, match=r"max_length is 100000.*at most"):
        stance.load(config)


def test_half_characters_are_read_as_the_replacement_character(classifier, tiny_checkpoint) -> None:
    def rows(half: str) -> tuple[list[str], str, list[str]]:
        return [f"No {half} troops."], "troops", [f"He said{half}: No {half} troops. Never."]

    hub = stance.load(tiny_checkpoint({0: "favor", 1: "against"}), kind="sequence-classification")
    for model in (classifier, hub):
        odd, plain = (model.predict(*rows(half))[0] for half in ("\ud83d", "\ufffd"))
        assert odd.stance_probabilities == plain.stance_probabilities
        with pytest.raises(DataError, match=r"row 0: target .* holds half a character"):
            model.predict(["No."], "troops \udfff")
    text = "“We want no troops \ud83d here,” said Ada Berg."
    analysis = stance.analyze(text, "troops", classifier=classifier)
    (statement,) = analysis.statements
    assert (statement.start, statement.end) == (1, 26)
    assert statement.text == analysis.text[1:26] == "We want no troops \ufffd here,"
    assert analysis.to_frame()["statement"][0] == statement.text
    assert analysis.to_html().encode()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((["a"], 3.0), {}, "targets is 3.0"),
        ((5, "x"), {}, "statements is 5"),
        ((["a"], "x", 5), {}, "contexts is 5"),
        ((["a"], ["x"]), {"speakers": [7]}, "row 0: speaker is 7"),
        ((["a"], "x"), {"batch_size": "2"}, "batch_size is '2'"),
        ((["a"], "x"), {"batch_size": 2.5}, "batch_size is 2.5"),
        ((["a"], "x"), {"batch_size": True}, "batch_size is True"),
        ((["a"], "x"), {"abstain_below": "0.5"}, "abstain_below is '0.5'"),
        ((["a"], "x"), {"abstain_below": float("nan")}, "abstain_below is nan"),
        ((["a"], "x"), {"coverage": "0.5"}, "coverage is '0.5'"),
    ],
)
def test_arguments_of_another_type_are_refused(classifier, arguments, options, message) -> None:
    with pytest.raises(DataError, match=message):
        classifier.predict(*arguments, **options)


@pytest.mark.parametrize("nothing", [None, float("nan"), np.float32("nan"), pd.NA, pd.NaT])
def test_every_mark_for_nothing_is_no_context_and_no_speaker(classifier, nothing) -> None:
    (plain,) = classifier.predict([STATEMENTS[0]], TARGET)
    options = {"batch_size": np.int64(4), "abstain_below": np.float32(0.0)}
    (bare,) = classifier.predict([STATEMENTS[0]], TARGET, [nothing], speakers=[nothing], **options)
    assert bare == plain
    with pytest.raises(DataError, match="row 0: statement is missing"):
        classifier.predict([nothing], TARGET)


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


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"task": "attribution"}, "task 'attribution' .* is not of a stance model"),
        ({"labels": ["favor", "neutral", "against"]}, "favor, neutral, against is not of a stance"),
        ({"labels": ["yes", "no"]}, "yes, no is not of a stance"),
        ({"max_length": None}, "cannot be null"),
        ({"max_length": 4096}, "max_length is 4096: .* reads 512 at most"),
        ({"max_length": 10}, "max_length is 10: a pair takes 20 tokens or more"),
        ({"max_context": 256}, "max_context is 256: it must be less than max_length, 256"),
        ({"backbone": "large"}, "large"),
    ],
)
def test_an_adapter_that_is_no_stance_model(tmp_path, changes, message) -> None:
    folder = tmp_path / "adapter"
    shutil.copytree(WEIGHTS_DIR / "small", folder)
    record = json.loads((folder / "adapter.json").read_text(encoding="utf-8"))
    record |= changes
    record["checksum"] = checksum_of(record)
    (folder / "adapter.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ModelLoadError, match=message):
        stance.load(folder)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("adapter.json", {"scale": 4.0}),
        ("adapter.json", {"max_length": 128}),
        ("adapter.json", {"max_context": 0}),
        ("adapter.json", {"backbone": "small"}),
        ("adapter.json", {"layers": [0, 1, 2, 3, 4]}),
        ("calibration.json", {"stance_temperature": 0.9}),
        ("calibration.json", {"stance_bias": [2.0, -1.0, -1.0]}),
        ("calibration.json", {"conformal_scores": [0.5] * 100}),
        ("calibration.json", {"quality": None}),
        ("calibration.json", {"checksum": None}),
    ],
)
def test_an_edited_checkpoint_is_refused_however_likely_its_values(tmp_path, name, changes) -> None:
    folder = tmp_path / "adapter"
    shutil.copytree(WEIGHTS_DIR / "small", folder)
    record = json.loads((folder / name).read_text(encoding="utf-8")) | changes
    (folder / name).write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises((ModelLoadError, CalibrationError), match=f"{name} was damaged or edited"):
        stance.load(folder)


def test_an_adapter_without_calibration(tmp_path) -> None:
    folder = tmp_path / "adapter"
    shutil.copytree(WEIGHTS_DIR / "small", folder)
    (folder / "calibration.json").unlink()
    with pytest.raises(CalibrationError, match=r"calibration\.json"):
        stance.load(folder)
