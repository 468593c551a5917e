"""Checkpoints of other authors never bring code, and a hub that is out of reach is told at once."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from stance.errors import ModelLoadError
from stance.model.foreign import foreign_folder, refuse_code

PLAIN = {"model_type": "bert", "hidden_size": 16, "id2label": {"0": "favor", "1": "against"}}


def checkpoint(folder: Path, name: str, record: object) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(PLAIN), encoding="utf-8")
    (folder / name).write_text(json.dumps(record), encoding="utf-8")
    return folder


CODE = [
    ("config.json", {**PLAIN, "auto_map": {"AutoModel": "evil.Model"}}, "asks for code"),
    ("config.json", {"model_type": "mine", "auto_map": {"AutoConfig": "a/b--e.C"}}, "auto_map"),
    ("config.json", {**PLAIN, "text_config": {"auto_map": {"AutoConfig": "e.C"}}}, "auto_map"),
    ("config.json", {**PLAIN, "custom_pipelines": {"x": {"impl": "e.P"}}}, "custom_pipelines"),
    ("config.json", {**PLAIN, "_attn_implementation": "evil/kernel"}, "code of another place"),
    ("config.json", {**PLAIN, "attn_implementation": "evil/kernel:run"}, "code of another place"),
    ("tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["e.T", None]}}, "asks for code"),
    ("adapter_config.json", {"base_model_name_or_path": "evil/base"}, "adapter of another library"),
]


@pytest.mark.parametrize(("name", "record", "message"), CODE)
def test_a_checkpoint_that_asks_for_code_is_refused(
    tmp_path: Path, name: str, record: object, message: str
) -> None:
    folder = checkpoint(tmp_path / "mine", name, record)
    for module in ("evil.py", "e.py"):
        (folder / module).write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n", encoding="utf-8")
    with pytest.raises(ModelLoadError, match=message):
        foreign_folder(str(folder), None)
    assert not (tmp_path / "ran").exists()


def test_nobody_is_asked_whether_code_may_run(tmp_path: Path) -> None:
    name, record, _ = CODE[1]
    folder = checkpoint(tmp_path / "mine", name, record)
    (folder / "e.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n", encoding="utf-8")
    code = f"import stance; stance.load({str(folder)!r}, kind='nli')"
    done = subprocess.run(
        [sys.executable, "-c", code], input="y\n" * 9, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 1 and "asks for code of the checkpoint's own" in done.stderr
    assert "[y/N]" not in done.stdout + done.stderr and not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"num_hidden_layers": 10**7}, "num_hidden_layers is 10000000"),
        ({"hidden_size": -3}, "hidden_size is -3"),
        ({"vocab_size": 1e300}, "vocab_size is 1e"),
        ({"text_config": {"hidden_size": 10**9}}, "hidden_size is 1000000000"),
    ],
)
def test_a_network_that_would_fill_the_memory_is_refused(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    with pytest.raises(ModelLoadError, match=message):
        refuse_code(checkpoint(tmp_path / "mine", "config.json", {**PLAIN, **change}))


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"[" * 9_000, b'{"hidden_size": 1e'])
def test_a_damaged_configuration_is_named(tmp_path: Path, content: bytes) -> None:
    folder = checkpoint(tmp_path / "mine", "tokenizer_config.json", {})
    refuse_code(folder)
    (folder / "config.json").write_bytes(content)
    with pytest.raises(ModelLoadError, match=r"config\.json"):
        refuse_code(folder)


@pytest.mark.parametrize("name", ["../../etc/none", "a b", "x" * 5_000, "nul\x00", "a/b/c", ""])
def test_what_is_neither_a_folder_nor_a_hub_id_is_no_question_for_a_hub(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stance.model.foreign.why_not_on_hub", lambda *_: pytest.fail("asked"))
    with pytest.raises(ModelLoadError) as raised:
        foreign_folder(name or str(tmp_path / "none" / "here" / "x"), None)
    assert len(str(raised.value)) < 500


@pytest.mark.parametrize("swallowed", [True, False])
def test_a_hub_out_of_reach_is_one_line_within_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swallowed: bool
) -> None:
    over = threading.Event()

    def answer(*_: object, **__: object) -> None:
        if swallowed:
            over.wait()
        raise OSError("Network is unreachable\nand a page of more")

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.HfApi.model_info", answer)
    monkeypatch.setattr("stance.checkpoint.hub.HUB_SECONDS", 0.2 if swallowed else 60)
    with pytest.raises(ModelLoadError) as raised:
        foreign_folder("nobody/none", None)
    over.set()
    said = str(raised.value)
    assert "\n" not in said
    assert ("did not answer" if swallowed else "Network is unreachable") in said
