"""Checkpoints of other authors: where their files lie, and that they bring no code. No torch.

Only configurations, vocabularies and safetensors are fetched. A checkpoint that asks for code of
its own, or of another place, is refused before anything of it is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from stance.checkpoint import in_one_line, why_not_on_hub
from stance.errors import ModelLoadError
from stance.untrusted import in_short, read_json_object

_HUB_ID = re.compile(r"[\w-][\w.-]{0,95}(/[\w-][\w.-]{0,95})?", re.ASCII)
_PATTERNS = ["*.json", "*.txt", "*.model", "model*.safetensors"]
_CONFIGS = ("config.json", "tokenizer_config.json", "processor_config.json")
_CODE_KEYS = {"auto_map", "custom_pipelines", "custom_pipeline"}
# What a network is built from before its weights are read; the largest known have half of these.
_MOST = {
    "hidden_size": 1 << 15,
    "intermediate_size": 1 << 17,
    "max_position_embeddings": 1 << 21,
    "num_attention_heads": 1 << 10,
    "num_hidden_layers": 1 << 8,
    "type_vocab_size": 1 << 10,
    "vocab_size": 1 << 21,
    "dim": 1 << 15,
    "hidden_dim": 1 << 17,
    "n_layers": 1 << 8,
    "n_heads": 1 << 10,
    "d_model": 1 << 15,
    "embedding_size": 1 << 15,
}


def foreign_folder(checkpoint: str, revision: str | None) -> Path:
    """The folder of a checkpoint, fetched from the hub where it is a hub id.

    Where the hub cannot be reached, what was fetched before is taken.

    Raises:
        ModelLoadError: it is neither a folder nor on the hub or in its cache, or it holds code.
    """
    folder = Path(checkpoint)
    try:
        there = folder.is_dir()
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or error
        raise ModelLoadError(f"cannot load {in_short(checkpoint)}: {problem}") from error
    if not there:
        folder = _snapshot(checkpoint, revision)
    refuse_code(folder)
    return folder


def _snapshot(hub_id: str, revision: str | None) -> Path:
    if not _HUB_ID.fullmatch(hub_id):
        raise ModelLoadError(
            f"cannot load {in_short(hub_id)}: it is no folder, and no hub id, such as owner/name"
        )
    from huggingface_hub import snapshot_download

    problem = why_not_on_hub(hub_id, revision)
    try:
        return Path(
            snapshot_download(
                hub_id,
                revision=revision,
                allow_patterns=_PATTERNS,
                local_files_only=problem is not None,
            )
        )
    except Exception as error:  # the client raises many kinds
        raise ModelLoadError(
            f"cannot load {hub_id}: it is no folder, it was not fetched before, and "
            f"{problem or in_one_line(error)}"
        ) from error


def refuse_code(folder: Path) -> None:
    """Refuse a checkpoint that brings or asks for code, or whose network would fill the memory.

    Raises:
        ModelLoadError: it does, or a configuration cannot be read; the message names the file.
    """
    if (folder / "adapter_config.json").exists():
        raise ModelLoadError(
            f"{folder} holds an adapter of another library (adapter_config.json), which stands on "
            "weights of another place: merge it into its model first"
        )
    for name in _CONFIGS:
        path = folder / name
        if not path.exists():
            continue
        for key, value in _entries(read_json_object(path, error=ModelLoadError)):
            if key in _CODE_KEYS and value:
                raise ModelLoadError(
                    f"{path} asks for code of the checkpoint's own ({key}), which is never run: "
                    "use a checkpoint whose architecture the transformers library has"
                )
            if key.strip("_").startswith(("attn_implementation", "experts_implementation")) and (
                "/" in str(value) or ":" in str(value)
            ):
                raise ModelLoadError(
                    f"{path} asks for code of another place ({key} {in_short(value)}), which is "
                    "never run: delete the key"
                )
            most = _MOST.get(key)
            if most is not None and isinstance(value, (int, float)) and not 0 <= value <= most:
                raise ModelLoadError(f"{path}: {key} is {in_short(value)}: it is at most {most:,}")


def _entries(record: dict[str, object]) -> Iterator[tuple[str, object]]:
    """Every key of an object and of the objects in it, with its value."""
    waiting: list[object] = [record]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from value.items()
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
