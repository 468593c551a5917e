from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from stance.errors import DataError, LabelError
from stance.integrations import StanceEstimator

TARGET = "foreign intervention"
STATEMENTS = [
    "We will never accept foreign troops on our soil.",
    "Only an intervention from outside can end this war.",
    "The talks begin on Monday.",
    "Their bombers must stay away from our country.",
    "We ask our allies to send soldiers at once.",
    "The minister arrived at noon.",
]
LABELS = ["oppose", "support", "neutral", "oppose", "support", "neutral"]


def estimator(**changes) -> StanceEstimator:
    return StanceEstimator(TARGET, checkpoint="small", precision="fp32", **changes)


def test_it_speaks_the_names_of_the_labels_it_was_fitted_with() -> None:
    fitted = estimator().fit(STATEMENTS, LABELS)
    assert list(fitted.classes_) == ["neutral", "oppose", "support"]
    shares = fitted.predict_proba(STATEMENTS)
    assert shares.shape == (6, 3)
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert list(fitted.predict(STATEMENTS)) == list(fitted.classes_[shares.argmax(axis=1)])
    plain = estimator().fit(STATEMENTS)
    assert list(plain.classes_) == ["against", "favor", "neutral"]
    np.testing.assert_array_equal(plain.predict_proba(STATEMENTS)[:, [2, 0, 1]], shares)
    assert fitted.predict_proba([]).shape == (0, 3)


def test_it_clones_and_pickles_by_its_settings() -> None:
    fitted = estimator(adapt=True).fit(STATEMENTS, LABELS)
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params() and not hasattr(copy, "classes_")
    stored = pickle.dumps(fitted)
    assert len(stored) < 10_000
    again = pickle.loads(stored)  # noqa: S301
    np.testing.assert_array_equal(again.predict_proba(STATEMENTS), fitted.predict_proba(STATEMENTS))


def test_it_works_in_a_pipeline_under_cross_validation() -> None:
    strip = FunctionTransformer(lambda texts: [text.strip() for text in texts])
    scores = cross_val_score(
        make_pipeline(strip, estimator()), np.array(STATEMENTS), LABELS, cv=2, error_score="raise"
    )
    assert scores.shape == (2,) and (scores > 1 / 3).all()


def test_adapting_learns_from_the_labels() -> None:
    flipped = ["support" if label == "oppose" else "oppose" for label in LABELS]
    learned = estimator(adapt=True).fit(STATEMENTS, flipped)
    assert list(learned.classes_) == ["neutral", "oppose", "support"]
    shares = learned.predict_proba(STATEMENTS)
    assert (shares[:, 0] == 0).all()  # no label is neutral
    assert learned.score(STATEMENTS, flipped) > estimator().fit(STATEMENTS).score(
        STATEMENTS, flipped
    )


def test_a_data_frame_may_hold_targets_contexts_and_speakers() -> None:
    frame = pd.DataFrame(
        {
            "statement": STATEMENTS[:2],
            "target": ["foreign troops", "the harbour"],
            "context": ["“We will never accept foreign troops on our soil.” He left.", None],
            "speaker": ["Ada Berg", None],
        }
    )
    own = StanceEstimator(checkpoint="small", precision="fp32").fit(frame)
    whole = own.predict_proba(frame)
    for part in (frame[["statement", "target"]], frame.assign(target="a carbon tax")):
        assert (own.predict_proba(part) != whole).any()


def test_what_it_cannot_use_is_said() -> None:
    with pytest.raises(LabelError, match="unknown stance label 'yes'"):
        estimator().fit(STATEMENTS[:1], ["yes"])
    with pytest.raises(LabelError, match="'support' and 'favor': use one"):
        estimator().fit(STATEMENTS[:2], ["support", "favor"])
    with pytest.raises(DataError, match="2 labels for 1 statements"):
        estimator().fit(STATEMENTS[:1], LABELS[:2])
    with pytest.raises(DataError, match="two stances or more"):
        estimator(adapt=True).fit(STATEMENTS[:1], ["favor"])
    with pytest.raises(DataError, match="no target"):
        StanceEstimator(checkpoint="small").fit(STATEMENTS).predict(STATEMENTS)
    with pytest.raises(DataError, match="no column 'statement'"):
        estimator().fit(STATEMENTS).predict(pd.DataFrame({"text": STATEMENTS}))
    with pytest.raises(NotFittedError):
        estimator().predict(STATEMENTS)
