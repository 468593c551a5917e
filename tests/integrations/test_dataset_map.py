from __future__ import annotations

import pickle

import pytest
from datasets import Dataset, Value

from stance.columns import prediction_fields
from stance.errors import DataError
from stance.integrations import StanceMap

ROWS = {
    "statement": ["👍", "We will never accept foreign troops.", "The talks begin on Monday."],
    "about": ["troops", "foreign troops", "the talks"],
    "year": [2020, 2021, 2022],
}


def judge(**changes) -> StanceMap:
    return StanceMap(checkpoint="small", precision="fp32", **changes)


def test_a_mapped_dataset_has_the_columns_of_a_prediction(classifier) -> None:
    dataset = Dataset.from_dict(ROWS)
    by_row = judge(target_column="about")
    # The first batch has no stance at all: its types cannot be guessed from it.
    made = dataset.map(by_row, batched=True, batch_size=1, features=by_row.features(dataset))
    assert made.column_names[:3] == list(ROWS)
    assert made.features["stance"] == Value("string")
    wanted = [prediction_fields(p) for p in classifier.predict(ROWS["statement"], ROWS["about"])]
    for name in ("target", "stance", "abstained_because", "used_context"):
        assert list(made[name]) == [row[name] for row in wanted]
    assert made[0]["stance"] is None
    for row, expected in zip(made, wanted, strict=True):
        assert row["stance_against"] == pytest.approx(expected["stance_against"], abs=2e-4)


def test_it_pickles_by_its_settings_and_takes_one_target() -> None:
    one = judge(target="foreign troops")
    again = pickle.loads(pickle.dumps(one))  # noqa: S301
    assert again == one
    batch = {"statement": ROWS["statement"][1:]}
    assert again(batch) == one(batch)
    assert one(batch)["target"] == ["foreign troops"] * 2


def test_what_it_cannot_use_is_said() -> None:
    with pytest.raises(DataError, match="either target or target_column"):
        StanceMap()
    with pytest.raises(DataError, match="either target or target_column"):
        judge(target="a", target_column="about")
    with pytest.raises(DataError, match="no column 'statement', but text"):
        judge(target="a")({"text": ["x"]})
    with pytest.raises(DataError, match="batched=True"):
        judge(target="a")({"statement": "one row"})
    with pytest.raises(DataError, match="row 1: statement is missing"):
        judge(target="a")({"statement": ["x", None]})
