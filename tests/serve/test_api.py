"""The API answers what is asked, joins who asks at one time, and refuses the rest."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from threading import Semaphore
from typing import Any

import pytest

from stance.serve.worker import Worker

Client = Callable[..., Any]
TARGET = "foreign intervention"


def statements(*said: str, target: str = TARGET) -> dict[str, Any]:
    return {"statements": [{"statement": words, "target": target} for words in said]}


def test_statements_are_judged_in_order(client: Client) -> None:
    asked = statements("Get out.", "Let them come.", "It rains.")
    asked["statements"][1]["speaker"] = "Ana Ruiz"
    answer = client().post("/v1/score", json=asked)
    assert answer.status_code == 200
    found = answer.json()["predictions"]
    assert [row["stance"] for row in found] == ["against", "favor", "neutral"]
    assert found[0]["stance_against"] == 0.8 and found[0]["error"] is None
    assert answer.json()["checkpoint"]["name"] == "words"
    assert answer.headers["cache-control"] == "no-store"


def test_an_article_is_analyzed(client: Client) -> None:
    text = "🌉 “Get them out,” said Ana Ruiz, the mayor. It rained."
    answer = (
        client()
        .post(
            "/v1/analyze",
            json={"text": text, "targets": [TARGET, "rain"], "title": "A", "abstain_below": 0.9},
        )
        .json()
    )
    assert answer["text"] == text and answer["document"]["title"] == "A"
    (found,) = answer["statements"]
    assert text[found["start"] : found["end"]] == "Get them out,"
    assert found["speaker"] == "Ana Ruiz" and found["speakers"][0]["role"] == "mayor"
    assert [p["target"] for p in found["predictions"]] == [TARGET, "rain"]
    assert found["predictions"][0]["abstained_because"] == "unsure"


def test_a_page_is_read_as_html(client: Client) -> None:
    page = "<html><title>T</title><body><p>“Come in,” said Bo Ek.</p><script>x()</script></body>"
    answer = client().post("/v1/analyze", json={"html": page, "targets": [TARGET]}).json()
    assert answer["text"] == "“Come in,” said Bo Ek."
    assert answer["statements"][0]["predictions"][0]["stance"] == "neutral"  # "Come" has a capital


@pytest.mark.parametrize(
    ("route", "body", "said"),
    [
        ("score", {"statements": []}, "statements: "),
        ("score", statements(" "), "statements.0.statement"),
        ("score", {**statements("x"), "coverage": 1}, "coverage: "),
        ("score", {**statements("x"), "colour": 1}, "colour: Extra inputs"),
        ("score", statements("x", target="y" * 250), "target is too long"),
        ("score", statements(*["x"] * 1001), "at most 1000 items"),
        ("score", statements("broken"), "broken"),
        ("explain", statements("x", target="y" * 250), "target is too long"),
        ("explain", statements(*["x"] * 101), "at most 100 items"),
        ("explain", statements("x " * 2000), "2,002 words and sentences"),
        ("explain", {**statements("x"), "head": "mood"}, "head: "),
        ("explain", {**statements("x"), "abstain_below": 0.5}, "abstain_below: Extra inputs"),
        ("analyze", {"targets": ["x"]}, "one of the two"),
        ("analyze", {"text": "a", "html": "a", "targets": ["x"]}, "one of the two"),
        ("analyze", {"text": "a", "targets": ["x", "x"]}, "given twice"),
        ("analyze", {"text": "a", "targets": []}, "targets: "),
        ("analyze", {"html": "<p></p>", "targets": ["x"]}, "has no text"),
        ("analyze", {"text": 5, "targets": ["x"]}, "text: "),
    ],
)
def test_what_is_wrong_is_said(client: Client, route: str, body: Any, said: str) -> None:
    answer = client().post(f"/v1/{route}", json=body)
    assert answer.status_code == 422 and said in answer.json()["detail"]


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b'{"text": 1' + b"0" * 6000 + b"}"])
def test_what_is_no_json_is_refused(client: Client, body: bytes) -> None:
    sent = client().post("/v1/score", content=body, headers={"content-type": "application/json"})
    assert sent.status_code in (400, 422) and sent.json()["detail"]


def test_one_bad_statement_leaves_the_others(client: Client) -> None:
    found = client().post("/v1/score", json=statements("Get out.", "broken")).json()["predictions"]
    assert found[0]["stance"] == "against" and "broken" in found[1]["error"]


def test_who_asks_at_one_time_is_answered_together(
    client: Client, words: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived = Semaphore(0)
    ask = Worker.ask

    async def counted(*arguments: Any, **options: Any) -> Any:
        arrived.release()
        return await ask(*arguments, **options)

    monkeypatch.setattr(Worker, "ask", counted)
    server = client()
    words.waits.clear()
    said = [f"{'out' if n % 2 else 'come'} {n}" for n in range(20)]
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(server.post, "/v1/score", json=statements(s)) for s in said]
        assert all(arrived.acquire(timeout=30) for _ in asked)  # one is answered, the others wait
        words.waits.set()
        found = [a.result().json()["predictions"][0]["stance"] for a in asked]
    assert found == ["against" if n % 2 else "favor" for n in range(20)]
    assert sum(words.calls) == 20 and len(words.calls) < 10


def test_the_words_that_moved_an_answer(client: Client) -> None:
    asked = statements("🌉 Get out, out!", "It rains.")
    asked["statements"][0]["context"] = "He said: Get out, out! Let them come. It rained."
    answer = client().post("/v1/explain", json=asked)
    assert answer.status_code == 200 and answer.json()["checkpoint"]["name"] == "words"
    first, second = answer.json()["explanations"]
    assert (first["label"], first["probability"]) == ("against", pytest.approx(0.8))
    moved = [(word["span"]["text"], word["part"]) for word in first["strongest"]]
    assert moved[:2] == [("out", "statement")] * 2 and ("come", "context") in moved
    assert first["strongest"][0]["weight"] == pytest.approx(0.2)
    span = first["strongest"][0]["span"]
    assert "🌉 Get out, out!"[span["start"] : span["end"]] == "out"
    assert "come" in first["sentence"]["span"]["text"]
    assert len(first["words"]) > len(first["strongest"])
    assert second["strongest"] == [] and second["sentence"] is None


def test_who_asks_for_words_at_one_time_gets_their_own(client: Client, words: Any) -> None:
    made = client()
    with ThreadPoolExecutor(5) as pool:
        asked = [
            pool.submit(made.post, "/v1/explain", json=statements("Get out. " * n))
            for n in (1, 2, 30, 40)
        ]
        asked.append(pool.submit(made.post, "/v1/score", json=statements("Get out.")))
        found = [each.result().json() for each in asked]
    counts = [len(f["explanations"][0]["words"]) for f in found[:4]]
    assert counts == [4, 6, 62, 82]  # two of each are the target's
    assert found[4]["predictions"][0]["stance"] == "against"
    assert len(words.calls) > 2  # a part at a time, so that others get their turn


def test_too_many_at_one_time_are_told_to_come_back(client: Client, words: Any) -> None:
    server = client(most_waiting=2)
    words.waits.clear()
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(server.post, "/v1/score", json=statements("out")) for _ in range(8)]
        wait(asked, return_when=FIRST_COMPLETED)  # none is answered yet, so one is refused
        words.waits.set()
        found = [a.result() for a in asked]
    assert 1 <= sum(answer.status_code == 503 for answer in found) <= 6
    for answer in found:
        assert answer.status_code in (200, 503)
        if answer.status_code == 503:
            assert int(answer.headers["retry-after"]) > 0 and "try again" in answer.json()["detail"]


def test_large_and_slow_requests_end(client: Client) -> None:
    server = client(most_bytes=1000)
    large = server.post("/v1/score", json=statements("x" * 2000))
    assert large.status_code == 413 and "1,000 bytes" in large.json()["detail"]
    pieces = (b" " * 400 for _ in range(5))  # says no length
    json_type = {"content-type": "application/json"}
    assert server.post("/v1/score", content=pieces, headers=json_type).status_code == 413
    slow = client(seconds=0.3).post("/v1/score", json=statements("slow"))
    assert slow.status_code == 504 and "send less" in slow.json()["detail"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 400),
        ({"host": "127.0.0.1.evil.example:8000"}, 400),
        ({"host": ""}, 400),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:9000"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://["}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"content-length": "-1"}, 400),
        ({"origin": "http://127.0.0.1:8000"}, 200),
        ({"host": "LOCALHOST:8000"}, 200),
        ({"host": "[::1]:8000"}, 200),
    ],
)
def test_other_sites_are_refused(client: Client, headers: dict[str, str], status: int) -> None:
    answer = client().post("/v1/score", json=statements("x"), headers=headers)
    assert answer.status_code == status
    assert status == 200 or answer.json()["detail"]


def test_health_version_and_description(client: Client) -> None:
    server = client()
    assert server.get("/v1/health").json() == {"status": "ok"}
    told = server.get("/v1/version").json()
    assert told["checkpoint"]["sha256"] == "f" * 64 and told["version"]
    described = server.get("/openapi.json").json()
    assert set(described["paths"]) == {
        f"/v1/{n}" for n in ("analyze", "score", "explain", "health", "version")
    }
    assert server.get("/docs").status_code == 404  # it would load scripts from elsewhere
    assert server.get("/v1/nothing").status_code == 404


def test_the_page_loads_nothing_from_elsewhere(client: Client) -> None:
    page = client().get("/")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "default-src" in page.text and "unsafe" not in page.text
    assert "http://" not in page.text and "https://" not in page.text


def events(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines()]


def table(client: Any, content: str | bytes, name: str, **query: Any) -> list[dict[str, Any]]:
    params = {"name": name, "target": [TARGET], **query}
    return events(client.post("/page/table", content=content, params=params))


def test_a_table_is_scored_with_progress(client: Client) -> None:
    rows = "".join(f"{n},=cmd|{'out' if n % 2 else 'come'}\r\n" for n in range(70))
    told = table(client(), "n;quote\r\n".replace(";", ",") + rows + "70,\r\n", "my.csv")
    assert [e["done"] for e in told[:-1]] == [0, 32, 64, 71] and told[0]["total"] == 71
    found = told[-1]["result"]
    assert (found["scored"], found["errors"]) == (70, 1)
    assert "row 71" in found["reasons"][0]
    assert any("quote" in note for note in found["notes"])
    back = list(csv.DictReader(io.StringIO(found["csv"])))
    assert len(back) == 71 and back[1]["quote"] == "=cmd|out" and back[1]["stance"] == "against"
    assert "<html" in found["page"]
    assert len(found["rows"]) == 71 and found["columns"][:2] == ["n", "quote"]


def test_a_table_of_articles(client: Client) -> None:
    rows = '{"title": "A", "text": "“Get them out,” said Ana Ruiz."}\n' * 3
    found = table(client(), rows, "my.jsonl", rows="articles")[-1]["result"]
    back = list(csv.DictReader(io.StringIO(found["csv"])))
    assert [row["speaker"] for row in back] == ["Ana Ruiz"] * 3
    assert back[0]["stance"] == "against" and back[0]["title"] == "A"


@pytest.mark.parametrize(
    ("content", "name", "query", "said"),
    [
        (b"a,b\n1,2\n", "x.csv", {}, "no column"),
        (b"text\nx\n", "x.xlsx", {}, ".csv"),
        (b"text\nx\n", "x.csv", {"target": []}, "no target"),
        (b"text\nx\n", "x.csv", {"target_column": "t"}, "choose one"),
        (b"", "x.csv", {}, "x.csv"),
        (b"PAR1nothing", "../../x.parquet", {}, "x.parquet"),
        (b"text\nx\n", "x.csv", {"rows": "articles", "target_column": "t"}, "statements"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(
    client: Client, content: bytes, name: str, query: dict[str, Any], said: str
) -> None:
    told = table(client(), content, name, **query)
    assert said in told[-1]["error"] and "tmp" not in told[-1]["error"]


def test_an_article_of_the_page_has_its_view_and_table(client: Client) -> None:
    text = "“Get <b>them</b> out,” said Ana Ruiz."
    told = events(client().post("/page/article", json={"text": text, "targets": [TARGET]}))
    assert told[0] == {"done": 1, "total": 1}
    found = told[-1]["result"]
    assert found["statements"] == 1 and "&lt;b&gt;" in found["page"]
    assert [row["speaker"] for row in csv.DictReader(io.StringIO(found["csv"]))] == ["Ana Ruiz"]
    assert json.loads(found["json"])["text"] == text
