from __future__ import annotations

import subprocess
import sys

import pytest

import stance

NAMES = {
    "Analysis",
    "Document",
    "Extractor",
    "Prediction",
    "Sentiment",
    "Span",
    "Stance",
    "StanceClassifier",
    "StanceError",
    "Statement",
    "__version__",
    "analyze",
    "extract_statements",
    "html_to_document",
    "html_to_text",
    "load",
    "load_extractor",
}


def test_the_public_names() -> None:
    assert set(stance.__all__) == NAMES
    for name in NAMES:
        assert getattr(stance, name) is not None


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        stance.nonsense  # noqa: B018


@pytest.mark.parametrize("statement", ["import stance", "from stance import extract_statements"])
def test_import_is_light(statement: str) -> None:
    code = f"{statement}; import sys; print('torch' in sys.modules, 'transformers' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == ["False", "False"]


def test_inference_needs_no_training_extra() -> None:
    code = (
        "import sys; sys.modules['peft'] = sys.modules['accelerate'] = None; import stance; "
        "print(stance.load().predict_one('Foreign troops must leave.', 'troops').stance)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stdout.strip() in {"favor", "against", "neutral"}
