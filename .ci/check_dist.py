"""Check wheel and source archive, then run the demo from the wheel in an empty environment.

`python .ci/check_dist.py dist`. The backbone comes from the cache that `stance download` filled.
What the environment holds then is listed beside the wheel: a bill of materials in CycloneDX.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUFFIXES = {".py", ".typed", ".json", ".jsonl", ".yaml", ".txt", ".tsv", ".csv", ".safetensors"}
TEMPLATES = {".html", ".css", ".js", ".j2", ".md"}
DEMO = ("--target", "foreign intervention")


def shipped() -> set[str]:
    """Files of the library as a wheel must hold them: what git tracks beneath stance/."""
    tracked = subprocess.run(
        ["git", "ls-files", "stance"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\n")
    wanted = {name for name in tracked if Path(name).suffix in SUFFIXES | TEMPLATES}
    strangers = {name for name in tracked if name} - wanted
    if strangers:
        raise SystemExit(f"of a kind that the wheel check does not know: {sorted(strangers)}")
    return wanted | {"stance/targets.yaml"}


def check_wheel(path: Path) -> None:
    """Everything of the library is in the wheel, and nothing else."""
    with zipfile.ZipFile(path) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    wanted = shipped()
    if names != wanted:
        raise SystemExit(
            f"{path.name}: missing {sorted(wanted - names)}, not wanted {sorted(names - wanted)}"
        )


def check_source_archive(path: Path) -> None:
    """The source archive holds what builds, tests and evaluates the library."""
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "constraints.txt"}
    wanted |= {"NOTICE", "SECURITY.md", "requirements/linux-x86_64.txt"}
    wanted |= {"configs/targets.yaml", "eval/__main__.py", "tests/conftest.py"}
    wanted |= shipped() - {"stance/targets.yaml"}
    left_over = {n for n in names if n.split("/")[0] in {"out", "dist", ".venv"}}
    if wanted - names or left_over:
        raise SystemExit(
            f"{path.name}: missing {sorted(wanted - names)}, not wanted {sorted(left_over)}"
        )


def write_materials(python: str, wheel: Path) -> None:
    """List what an environment holds that the wheel alone was installed into, beside the wheel.

    From the metadata of the installed packages, without a network. The installers that an empty
    environment comes with are no part of the list.
    """
    path = wheel.with_name("-".join(wheel.name.split("-")[:2]) + ".cdx.json")
    uninstall = [python, "-m", "pip", "uninstall", "--quiet", "--yes", "setuptools", "pip"]
    subprocess.run(uninstall, check=True)
    describe = ["-m", "cyclonedx_py", "environment", "--output-reproducible", "--of", "JSON", "-o"]
    root = ["--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "library"]
    subprocess.run([sys.executable, *describe, str(path), *root, python], check=True)
    materials = json.loads(path.read_text(encoding="utf-8"))
    for component in materials["components"]:  # of the wheel: the folder where it was built
        component["externalReferences"] = [
            reference
            for reference in component.get("externalReferences", [])
            if not reference["url"].startswith("file:")
        ]
    path.write_text(json.dumps(materials, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    names = {component["name"].lower() for component in materials["components"]}
    if not {"torch", "transformers", "tokenizers", "safetensors", "numpy"} <= names:
        raise SystemExit(f"{path.name} lacks packages that the wheel needs: {sorted(names)}")
    sys.stdout.write(f"{path.name}: {len(names)} packages\n")


def run_demo(wheel: Path) -> None:
    """Install the wheel into an empty environment and analyse the example from elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        binaries = Path(folder) / ("Scripts" if os.name == "nt" else "bin")
        python = str(binaries / "python")
        constraints = str(ROOT / "constraints.txt")
        install = [python, "-m", "pip", "install", "--quiet", "-c", constraints, str(wheel)]
        subprocess.run(install, cwd=folder, check=True)
        listed = subprocess.run(
            [python, "-m", "pip", "list", "--format=freeze"],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        elsewhere = Path(folder) / "elsewhere"
        elsewhere.mkdir()
        demo = [str(binaries / "stance"), "analyze", str(ROOT / "examples" / "article.txt"), *DEMO]
        clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            demo, cwd=elsewhere, check=True, capture_output=True, text=True, env=clean
        )
        if "Sheinbaum" not in done.stdout or "against" not in done.stdout:
            raise SystemExit(f"the demo printed no statement:\n{done.stdout}\n{done.stderr}")
        sys.stdout.write(f"{wheel.name}: demo runs; {len(listed)} packages installed\n")
        write_materials(python, wheel)


def main() -> None:
    """Check the one wheel and the one archive of a folder."""
    folder = Path(sys.argv[1]).resolve()
    (wheel,) = folder.glob("*.whl")
    (archive,) = folder.glob("*.tar.gz")
    check_wheel(wheel)
    check_source_archive(archive)
    for path in (wheel, archive):
        sys.stdout.write(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, contents as expected\n")
    run_demo(wheel)


if __name__ == "__main__":
    main()
