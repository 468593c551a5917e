"""``stance download``, stopped at random moments: the next one ends it, and nothing is left."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from stance.checkpoint import download_backbone, needed_backbones
from stance.checkpoint.registry import BACKBONES
from tests.hostile.forked import Command, interrupted

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="of POSIX")
FILES = {
    "config.json": b"{}" * 40,
    "tokenizer.json": b'{"model": {}}' * 50,
    "model.safetensors": bytes(range(256)) * 20,
}
PARTS, PAUSE = 10, 0.01


def copy_slowly(source: Path, destination: Path) -> None:
    """Copy a file in parts, so that a signal meets it half written."""
    content = source.read_bytes()
    step = -(-len(content) // PARTS)
    with destination.open("wb") as out:
        for start in range(0, len(content), step):
            out.write(content[start : start + step])
            out.flush()
            time.sleep(PAUSE)


@pytest.fixture
def wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The files of a cache where all is that ``small`` needs; tiny ones lie outside the cache."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
    wanted = {}
    for backbone in needed_backbones("small"):
        folder = tmp_path / "given" / backbone
        folder.mkdir(parents=True)
        spec = replace(BACKBONES[backbone], files=hashes, space=0)
        monkeypatch.setitem(BACKBONES, backbone, spec)
        for name, content in FILES.items():
            (folder / name).write_bytes(content)
            wanted[f"{spec.folder}/{name}"] = content
    monkeypatch.setenv("STANCE_BACKBONES", str(tmp_path / "given"))
    download_backbone("small", cache=tmp_path / "other")  # loaded here, the commands need not
    monkeypatch.setattr("stance.checkpoint.fetch.shutil.copyfile", copy_slowly)
    return wanted


def held(cache: Path) -> dict[str, bytes]:
    """What is in a cache, locks left out."""
    files = (path for path in cache.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(path.relative_to(cache)): path.read_bytes() for path in files}


def folders(files: dict[str, bytes]) -> set[str]:
    return {name.split("/")[0] for name in files}


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("before", ["nothing", "damaged", "whole"])
def test_a_killed_download_is_ended_by_the_next(
    before: str, seed: int, wanted: dict[str, bytes], tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    if before != "nothing":
        for name, content in wanted.items():
            (cache / name).parent.mkdir(parents=True, exist_ok=True)
            (cache / name).write_bytes(content[:-1] if before == "damaged" else content)
    words = ["download", "small", "--cache", cache]
    within = len(wanted) * PARTS * PAUSE * 1.5
    done, number = interrupted(words, tmp_path, within, Random(f"{before}{seed}"))
    assert done.code in (0, -number, 128 + number), done
    assert "Traceback" not in done.printed
    found = held(cache)
    if before == "whole":
        assert found == wanted
    elif before == "nothing":
        there = folders(found) & folders(wanted)
        assert all(found.get(n) == wanted[n] for n in wanted if n.split("/")[0] in there)
    again = Command(words, tmp_path).ended()
    assert again.code == 0, again.printed
    assert held(cache) == wanted
    assert {path.name for path in cache.iterdir() if path.suffix != ".lock"} == folders(wanted)


@pytest.mark.parametrize("seed", range(4))
def test_a_full_disk_leaves_nothing_and_the_next_download_ends_it(
    seed: int, wanted: dict[str, bytes], tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    words = ["download", "small", "--cache", cache]
    share = Random(f"full{seed}").uniform(0.01, 0.95)
    limit = int(share * max(map(len, wanted.values())))
    done = Command(words, tmp_path, file_limit=limit).ended()
    assert done.code == 2, done
    assert "cannot make" in done.printed and "Traceback" not in done.printed
    assert not held(cache)
    assert Command(words, tmp_path).ended().code == 0
    assert held(cache) == wanted


def test_two_downloads_at_once_end_alike(wanted: dict[str, bytes], tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    words = ["download", "small", "--cache", cache]
    pair = [Command(words, tmp_path) for _ in range(2)]
    assert [command.ended().code for command in pair] == [0, 0]
    assert held(cache) == wanted
