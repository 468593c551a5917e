"""A running server: many at one time, what its own description allows, how it begins and ends."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import stance
from stance.cli import app

pytest.importorskip("fastapi")
httpx = pytest.importorskip("httpx")

TARGET = "foreign intervention"
SAID = ("We want the troops out", "Let the troops come and help us", "The harbour opens at nine")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """Its address and process number."""
    log = tmp_path_factory.mktemp("serve") / "log"
    command = [sys.executable, "-m", "stance", "serve", "--port", "0", "--checkpoint", "small"]
    command += ["--extractor", "rules", "--precision", "fp32"]
    with log.open("w") as told:
        process = subprocess.Popen(command, stderr=told)
    for _ in range(3000):
        if "open http://" in log.read_text():
            break
        time.sleep(0.2)
    address = log.read_text().split("open ")[1].split()[0]
    yield address, process.pid
    process.send_signal(signal.SIGINT)
    assert process.wait(120) == 0
    assert "ended" in log.read_text() and "Traceback" not in log.read_text()


def memory(process: int) -> int:
    """Peak resident memory in MB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024


async def ask(client: object, words: str) -> object:
    body = {"statements": [{"statement": words, "target": TARGET}]}
    return await client.post("/v1/score", json=body, timeout=120)  # type: ignore[attr-defined]


@pytest.mark.slow
def test_32_clients_are_all_answered(server: tuple[str, int]) -> None:
    address, _ = server
    seconds = 60
    classifier = stance.load("small", precision="fp32")
    words = [f"{SAID[n % 3]} {n}" for n in range(640)]
    began = time.perf_counter()
    expected = classifier.predict(words, TARGET)
    plain = len(words) / (time.perf_counter() - began)
    answers: list[tuple[int, object]] = []

    async def one(client: object, number: int, until: float) -> None:
        at = number
        while time.perf_counter() < until:
            answers.append((at % 640, await ask(client, words[at % 640])))
            at += 32

    async def all_clients() -> None:
        async with httpx.AsyncClient(base_url=address) as client:
            until = time.perf_counter() + seconds
            await asyncio.gather(*(one(client, n, until) for n in range(32)))

    asyncio.run(all_clients())
    for at, answer in answers:
        assert answer.status_code == 200  # type: ignore[attr-defined]
        found = answer.json()["predictions"][0]  # type: ignore[attr-defined]
        assert found["stance_favor"] == pytest.approx(
            expected[at].stance_probabilities["favor"], abs=2e-3
        )
    served = len(answers) / seconds
    told = f"\n32 clients: {served:.1f} a second, {served / plain:.2f} of {plain:.1f} in one batch"
    print(told)  # noqa: T201


@pytest.mark.slow
def test_200_at_once_get_their_own_answer_or_come_back(server: tuple[str, int]) -> None:
    address, process = server

    async def all_at_once() -> list[tuple[int, object]]:
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(base_url=address, limits=limits) as client:
            asked = [ask(client, f"{SAID[n % 3]} {n}") for n in range(200)]
            return list(enumerate(await asyncio.gather(*asked)))

    answers = asyncio.run(all_at_once())
    good = [(n, a) for n, a in answers if a.status_code == 200]  # type: ignore[attr-defined]
    assert len(good) >= 100
    for _, answer in answers:
        assert answer.status_code in (200, 503)  # type: ignore[attr-defined]
        if answer.status_code == 503:  # type: ignore[attr-defined]
            assert int(answer.headers["retry-after"]) > 0  # type: ignore[attr-defined]
    classifier = stance.load("small", precision="fp32")
    expected = classifier.predict([f"{SAID[n % 3]} {n}" for n, _ in good], TARGET)
    for (_, answer), right in zip(good, expected, strict=True):
        found = answer.json()["predictions"][0]  # type: ignore[attr-defined]
        assert found["stance_favor"] == pytest.approx(right.stance_probabilities["favor"], abs=2e-3)
    assert memory(process) < 2500


@pytest.mark.slow
def test_it_keeps_what_its_description_says(server: tuple[str, int], tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(
        "[checks.negative_data_rejection]\nexpected-statuses = [400, 403, 413, 415, 422, 503]\n"
    )
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{server[0]}/openapi.json"]
    command += ["--max-examples", "40", "--request-timeout", "60", "--seed", "1"]
    # What a checkpoint cannot read is more than a schema can say.
    command += ["--exclude-checks", "positive_data_acceptance"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=1200)
    told = [line[:300] for line in (done.stdout + done.stderr).splitlines()]
    assert done.returncode == 0, "\n".join(told)


@pytest.mark.parametrize("words", [["--host", "203.0.113.7"], ["--host", "no such name"]])
def test_an_address_that_is_not_ours_is_one_line(words: list[str]) -> None:
    from typer.testing import CliRunner

    done = CliRunner().invoke(app, ["serve", *words])
    assert done.exit_code == 2 and "error: cannot listen at" in done.output
    assert "--port" in done.output


def test_a_taken_port_is_one_line() -> None:
    import socket

    from typer.testing import CliRunner

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = CliRunner().invoke(app, ["serve", "--port", str(port)])
    assert done.exit_code == 2 and f"port {port}" in done.output
