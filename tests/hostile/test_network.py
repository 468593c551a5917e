"""Without a network all that is bundled or was fetched works, and a hub id fails in one line."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import NoReturn

import pytest
from typer.testing import CliRunner

from stance.checkpoint.hub import HUB_SECONDS
from stance.cli import app

ROWS = "".join(f"{i},We {('welcome', 'reject')[i % 2]} it.,plan {i % 3}\n" for i in range(30))


class Refused(OSError):
    """What a blocked network says."""


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, classifier) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise Refused("the network is blocked in this test")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    (tmp_path / "in.csv").write_text("id,statement,target\n" + ROWS)
    monkeypatch.chdir(tmp_path)


@pytest.mark.slow
def test_every_command_works_without_a_network(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("“We reject the plan,” said Ada Berg, the mayor.\n")
    labelled = "".join(f"{row},favor\n" for row in ROWS.splitlines())
    (tmp_path / "labels.csv").write_text("id,statement,target,stance\n" + labelled)
    for line in (
        "download small",
        "info --checkpoint small",
        "analyze a.txt -t plan --checkpoint small -o analysed.csv",
        "score in.csv --target-column target --checkpoint small -o scored.csv",
        "sample scored.csv -n 5 -o sample.csv",
        "estimate scored.csv labels.csv",
        "evaluate labels.csv --checkpoint small -o evaluated",
        "speakers analysed.csv",
    ):
        done = CliRunner().invoke(app, line.split())
        assert done.exit_code == 0, f"{line}: {done.output} {done.exception!r}"


@pytest.mark.parametrize(
    "config",
    [
        "kind: sequence-classification\ncheckpoint: nobody/stances\n",
        "kind: nli\ncheckpoint: nobody/entailment\n",
    ],
)
def test_a_hub_id_fails_in_one_clear_line(tmp_path: Path, config: str) -> None:
    assert HUB_SECONDS <= 4
    (tmp_path / "m.yaml").write_text(config)
    line = "score in.csv -t plan -o o.csv --target-column target --checkpoint m.yaml"
    done = CliRunner().invoke(app, line.replace(" -t plan", "").split())
    assert done.exit_code == 2 and not (tmp_path / "o.csv").exists()
    (said,) = done.stderr.strip().splitlines()[-1:]
    assert said.startswith("error: ") and "nobody/" in said and "hub" in said
    assert "Traceback" not in done.output
