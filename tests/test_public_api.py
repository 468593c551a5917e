from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest

import stance
from stance import errors

NAMES = {
    "Abstention",
    "Analysis",
    "CalibrationError",
    "Candidate",
    "Cell",
    "CheckpointInfo",
    "ConfigError",
    "CorpusSummary",
    "DataError",
    "Document",
    "Explanation",
    "Extractor",
    "Influence",
    "LabelError",
    "MissingExtraError",
    "ModelLoadError",
    "People",
    "Person",
    "Prediction",
    "Sentiment",
    "Span",
    "SpanError",
    "Speaker",
    "SpeakerRow",
    "SpeakerTable",
    "Stance",
    "StanceClassifier",
    "StanceError",
    "Statement",
    "__version__",
    "analyze",
    "analyze_many",
    "extract_statements",
    "html_to_document",
    "html_to_text",
    "load",
    "load_extractor",
    "read_people",
    "score",
    "speaker_table",
    "summarize",
}
HEAVY = ("torch", "transformers", "numpy", "pandas", "pyarrow", "datasets", "jinja2", "yaml")


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )
    return done.stdout.strip()


def test_the_public_names() -> None:
    assert set(stance.__all__) == NAMES
    assert set(dir(stance)) >= NAMES
    for name in NAMES:
        assert getattr(stance, name) is not None


def test_every_error_class_is_public() -> None:
    classes = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.StanceError)
    }
    assert classes <= NAMES
    for name in classes:
        assert issubclass(getattr(stance, name), stance.StanceError)


def test_the_version_is_that_of_the_distribution() -> None:
    assert stance.__version__ == version("newsstance")


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        stance.nonsense  # noqa: B018


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import stance", HEAVY),
        ("from stance import DataError, Prediction, Stance", HEAVY),
        ("from stance import Document", ("torch", "transformers", "numpy", "pandas", "pyarrow")),
        ("from stance import extract_statements", ("torch", "transformers", "pandas", "pyarrow")),
        ("from stance import analyze", ("torch", "transformers", "pandas", "pyarrow")),
        ("import stance.cli", ("torch", "transformers", "numpy", "pandas", "pyarrow", "jinja2")),
    ],
)
def test_imports_are_light(code: str, absent: tuple[str, ...]) -> None:
    loaded = run(f"{code}; import sys; print(*sys.modules)").split()
    assert not set(absent) & set(loaded)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['stance', '--help']\n"
        "from stance.cli import app\n"
        "try: app()\n"
        "except SystemExit: print('MODULES', *sys.modules)"
    )
    loaded = run(code).split("MODULES")[1].split()
    assert not {"torch", "transformers", "numpy", "pandas", "pyarrow", "datasets"} & set(loaded)


def test_inference_needs_no_training_extra() -> None:
    found = run(
        "import sys; sys.modules['peft'] = sys.modules['accelerate'] = None; import stance; "
        "print(stance.load().predict_one('Foreign troops must leave.', 'troops').stance)"
    )
    assert found in {"favor", "against", "neutral"}
