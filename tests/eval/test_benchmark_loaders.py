"""Loaders of public benchmarks, on files written for these tests in the published formats."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.benchmarks import polnear
from eval.benchmarks.config import Benchmark, BenchmarksConfig, find_files, read_rows
from stance.config import load_yaml_dataclass
from stance.errors import ConfigError, DataError
from stance.labels import Sentiment, Stance

ROOT = Path(__file__).resolve().parents[2]
CONFIG = load_yaml_dataclass(ROOT / "configs" / "eval" / "benchmarks.yaml", BenchmarksConfig)
BY_NAME = {benchmark.name: benchmark for benchmark in CONFIG.benchmarks}
Rows = list[dict[str, object]]
F, A, N = Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL


def write_csv(path: Path, rows: Rows, delimiter: str = ",") -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def semeval(folder: Path) -> None:
    lines = [
        "ID\tTarget\tTweet\tStance",
        '7\tZoos\tClose "them all, now #SemST\tAGAINST',  # an open quotation mark is a character
        "8\tZoos\tI’m off to see the bears #SemST\tNONE",
        "9\tBicycles\tMore lanes, please! #SemST\tFAVOR",
    ]
    path = folder / "SemEval2016-Task6-subtaskA-testdata-gold.txt"
    path.write_bytes("\r\n".join(lines).encode("windows-1252"))


def vast(folder: Path) -> None:
    rows: Rows = [
        {"new_id": n, "arc_id": 5, "post": post, "new_topic": topic, "label": label, "seen?": seen}
        for n, post, topic, label, seen in (
            (1, "Zoos teach, I say.\n\nThey do.", "zoos", 1, 0),
            (1, "Zoos teach, I say.\n\nThey do.", "cages", 0, 1),
            (2, "Who knows", "zoos", 2, 0),
        )
    ]
    write_csv(folder / "vast_test.csv", rows)


def pstance(folder: Path) -> None:
    for name, target in (("trump", "Ana"), ("biden", "Bo"), ("bernie", "Cy")):
        rows: Rows = [
            {"Tweet": f"Vote for {target}, friends", "Target": target, "Stance": "FAVOR"},
            {"Tweet": f"Never {target}", "Target": target, "Stance": "AGAINST"},
        ]
        write_csv(folder / f"raw_test_{name}.csv", rows)


def perspectrum(folder: Path) -> None:
    claims = [
        {
            "cId": number,
            "text": f"Claim {number}",
            "perspectives": [
                {"pids": [10, 11], "stance_label_3": "SUPPORT", "evidence": []},
                {"pids": [12], "stance_label_3": "UNDERMINE", "evidence": []},
                {"pids": [13], "stance_label_3": "not-a-perspective", "evidence": []},
            ],
        }
        for number in (1, 2)
    ]
    pool = [{"pId": n, "text": f"Perspective {n}", "source": "us"} for n in range(10, 14)]
    for name, content in (
        ("perspectrum_with_answers_v1.0.json", claims),
        ("perspective_pool_v1.0.json", pool),
        ("dataset_split_v1.0.json", {"1": "train", "2": "test"}),
    ):
        (folder / name).write_text(json.dumps(content))


def claim_stance(folder: Path) -> None:
    rows: Rows = [
        {
            "topicId": 3,
            "split": split,
            "topicText": "This house would close zoos",
            "claims.claimId": number,
            "claims.stance": label,
            "claims.claimCorrectedText": text,
        }
        for number, split, label, text in (
            (1, "train", "PRO", "cages hurt"),
            (2, "test", "CON", "zoos save species"),
            (3, "test", "PRO", "bears suffer"),
        )
    ]
    write_csv(folder / "claim_stance_dataset_v1.csv", rows)


def argkp(folder: Path) -> None:
    rows: Rows = [
        {"topic": "Close zoos", "argument": argument, "key_point": key, "stance": s, "label": 0}
        for argument, s in (("Bears suffer", 1), ("Zoos save species", -1))
        for key in ("one", "two")
    ]
    write_csv(folder / "ArgKP_dataset.csv", rows)


def gwsd(folder: Path) -> None:
    rows: Rows = [
        {"sentence": text, "worker_0": "agrees", "disagree": d, "agree": a, "neutral": n}
        | {"guid": f"s{i}", "in_held_out_test": test}
        for i, (text, d, a, n, test) in enumerate(
            (
                ("A screen", "", "", "", ""),
                ("It is warm", 0.1, 0.2, 0.7, False),
                ('The "sea" rises', 0.1, 0.8, 0.1, True),
                ("It is a hoax", 0.9, 0.05, 0.05, True),
                ("Who can say", 0.4, 0.4, 0.2, True),
                ("It rains", 0.0, 0.0, 1.0, True),
            )
        )
    ]
    write_csv(folder / "GWSD.tsv", rows, "\t")


def newsmtsc(folder: Path) -> None:
    row = {
        "primary_gid": "x_1",
        "sentence_normalized": "Ana praised Bo and Cy.",
        "targets": [
            {"Input.gid": "x_1", "from": 12, "to": 14, "mention": "Bo", "polarity": 6.0},
            {"Input.gid": "x_2", "from": 0, "to": 3, "mention": "Ana", "polarity": 4.0},
        ],
    }
    (folder / "devtest_rw.jsonl").write_text(json.dumps(row) + "\n")


WRITERS: dict[str, tuple[Callable[[Path], None], list[tuple[str, str, str, object]]]] = {
    "SemEval-2016 6A": (
        semeval,
        [
            ("7", 'Close "them all, now', "Zoos", A),
            ("8", "I’m off to see the bears", "Zoos", N),
            ("9", "More lanes, please!", "Bicycles", F),
        ],
    ),
    "VAST": (
        vast,
        [
            ("1", "Zoos teach, I say.\n\nThey do.", "zoos", F),
            ("1", "Zoos teach, I say.\n\nThey do.", "cages", A),
            ("2", "Who knows", "zoos", N),
        ],
    ),
    "P-Stance": (
        pstance,
        [
            ("raw_test_trump-1", "Vote for Ana, friends", "Ana", F),
            ("raw_test_trump-2", "Never Ana", "Ana", A),
            ("raw_test_biden-1", "Vote for Bo, friends", "Bo", F),
            ("raw_test_biden-2", "Never Bo", "Bo", A),
            ("raw_test_bernie-1", "Vote for Cy, friends", "Cy", F),
            ("raw_test_bernie-2", "Never Cy", "Cy", A),
        ],
    ),
    "Perspectrum": (
        perspectrum,
        [
            ("2-10", "Perspective 10", "Claim 2", F),
            ("2-11", "Perspective 11", "Claim 2", F),
            ("2-12", "Perspective 12", "Claim 2", A),
        ],
    ),
    "IBM claim stance": (
        claim_stance,
        [
            ("2", "zoos save species", "This house would close zoos", A),
            ("3", "bears suffer", "This house would close zoos", F),
        ],
    ),
    "IBM ArgKP": (
        argkp,
        [("1", "Bears suffer", "Close zoos", F), ("2", "Zoos save species", "Close zoos", A)],
    ),
    "GWSD": (
        gwsd,
        [
            ("s2", 'The "sea" rises', "Climate change is a serious concern", F),
            ("s3", "It is a hoax", "Climate change is a serious concern", A),
            ("s5", "It rains", "Climate change is a serious concern", N),
        ],
    ),
    "NewsMTSC real-world": (
        newsmtsc,
        [
            ("x_1", "Ana praised Bo and Cy.", "Bo", Sentiment.POSITIVE),
            ("x_2", "Ana praised Bo and Cy.", "Ana", Sentiment.NEUTRAL),
        ],
    ),
}


def load(name: str, folder: Path):
    files, why = find_files(BY_NAME[name], [folder])
    assert not why
    return read_rows(BY_NAME[name], files)


@pytest.mark.parametrize("name", WRITERS)
def test_rows_of_each_format(name, tmp_path) -> None:
    write, expected = WRITERS[name]
    write(tmp_path)
    rows = load(name, tmp_path)
    found = [(row.id, row.text, row.target, row.stance or row.sentiment) for row in rows]
    assert found == expected


def test_parts_and_groups(tmp_path) -> None:
    vast(tmp_path)
    assert [(row.source, row.group) for row in load("VAST", tmp_path)] == [
        ("zero-shot", "5"),
        ("few-shot", "5"),
        ("zero-shot", "5"),
    ]
    perspectrum(tmp_path)
    assert {row.group for row in load("Perspectrum", tmp_path)} == {"2"}


@pytest.mark.parametrize(
    ("name", "file", "old", "new", "message"),
    [
        ("SemEval-2016 6A", "SemEval*.txt", b"\tNONE", b"\tMAYBE", "line 3: unknown label 'MAYBE'"),
        ("SemEval-2016 6A", "SemEval*.txt", b"8\tZoos\t", b"8\t", "line 3: 3 fields for 4"),
        ("SemEval-2016 6A", "SemEval*.txt", b"Tweet\t", b"Text\t", "line 1: the header"),
        ("SemEval-2016 6A", "SemEval*.txt", b"9\tBicycles", b"7\tZoos", "line 4: the id '7'"),
        ("VAST", "vast_test.csv", b"seen?", b"new?", "no column seen?"),
        ("VAST", "vast_test.csv", b"zoos,2", b"zoos,", "field 'label' is missing"),
        ("VAST", "vast_test.csv", b"Who knows,zoos,2,0", b"Who knows,zoos,2,7", "'seen?' is '7'"),
        ("P-Stance", "raw_test_biden.csv", b"Bo,FAVOR", b",FAVOR", "line 2: field 'Target'"),
        ("Perspectrum", "perspective_pool*", b'"pId": 12', b'"pId": 99', "12 is not in"),
        ("Perspectrum", "dataset_split*", b'"2"', b'"3"', "row 2: claim 2 has no split"),
        ("Perspectrum", "perspectrum_with*", b"SUPPORT", b"PERHAPS", "unknown label 'PERHAPS'"),
        ("Perspectrum", "perspectrum_with*", b'"cId"', b"cId", "line 1: not JSON"),
        ("IBM claim stance", "claim*.csv", b"test", b"dev", "no row of the test split"),
        ("IBM ArgKP", "ArgKP*", b"Close zoos,Zoos save species,one,-1", b"Close zoos,x,", "line 4"),
        ("GWSD", "GWSD.tsv", b"0.9", b"9", "line 5: field 'disagree' is '9': no probability"),
        ("GWSD", "GWSD.tsv", b"True", b"yes", "line 4: field 'in_held_out_test' is 'yes'"),
        ("NewsMTSC real-world", "devtest_rw.jsonl", b"4.0", b'"4"', "row 2: field 'polarity'"),
        ("NewsMTSC real-world", "devtest_rw.jsonl", b"4.0", b"5.0", "unknown label '5'"),
        ("NewsMTSC real-world", "devtest_rw.jsonl", b"[{", b"{", "line 1"),
    ],
)
def test_a_malformed_file_is_an_error_that_names_file_and_row(
    tmp_path, name, file, old, new, message
) -> None:
    WRITERS[name][0](tmp_path)
    (path,) = tmp_path.glob(file)
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))
    with pytest.raises(DataError) as caught:
        load(name, tmp_path)
    assert message in str(caught.value)
    assert path.name in str(caught.value)


TEXT = "“We stay,” said Ana Ruiz.\nBo agreed that it was late."
BRAT = (
    "T1\tContent 0 10\t“We stay,”\nT2\tCue 11 15\tsaid\nT3\tSource 16 24\tAna Ruiz\n"
    "E1\tAttribution:T2 Source:T3 Cue:T2 Content:T1\n#1\tAnnotatorNotes E1\tsure\n"
    "T4\tContent 36 52;0 3\tthat it was late “We\nT5\tCue 29 35\tagreed\n"
    "E2\tAttribution:T5 Cue:T5 Content:T4 \n"
)


def compartment(folder: Path, brat: str = BRAT) -> Path:
    for name in ("text", "attributions"):
        (folder / name).mkdir(parents=True)
    (folder / "text" / "paper_2016.txt").write_text(TEXT, encoding="utf-8")
    (folder / "attributions" / "paper_2016_ab12.ann").write_text(brat, encoding="utf-8")
    (folder / "attributions" / "paper_2016_ff.ann").write_text("not read\n")
    return folder


def test_marked_articles(tmp_path) -> None:
    (article,) = polnear.read(compartment(tmp_path / "test"))
    assert (article.id, article.text, article.speakers) == ("paper_2016", TEXT, None)
    first, second = article.attributions
    assert (first.content, first.cue, first.source) == (((0, 10),), ((11, 15),), ((16, 24),))
    assert first.direct and not second.direct
    assert (second.content, second.source) == (((0, 3), (36, 52)), ())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("11 15\tsaid", "11 16\tsaids", "ab12.ann, line 2: these characters"),
        ("Source:T3", "Source:T9", "ab12.ann, line 4: there is no span 'T9'"),
        ("T5\tCue", "Cue", "line 7: neither a span nor an event"),
    ],
)
def test_a_malformed_annotation_is_named(tmp_path, old, new, message) -> None:
    folder = compartment(tmp_path / "test", BRAT.replace(old, new))
    with pytest.raises(DataError, match=message):
        polnear.read(folder)
    (folder / "text" / "alone.txt").write_text("Alone.")
    with pytest.raises(DataError, match="no attributions/alone_"):
        polnear.read(folder)


def test_settings_that_cannot_be() -> None:
    def benchmark(**changes: object) -> Benchmark:
        fields = {"name": "x", "format": "argkp", "files": ("a",), "training": "nothing"}
        return Benchmark(**{**fields, **changes})

    with pytest.raises(ConfigError, match="unknown stance"):
        benchmark(labels={"1": "perhaps"})
    with pytest.raises(ConfigError, match="unknown sentiment"):
        benchmark(labels={"1": "favor"}, answers="sentiment")
    with pytest.raises(ConfigError, match="'sha256' for each"):
        benchmark(sha256=("a", "b"))
    with pytest.raises(ConfigError, match="format polnear"):
        benchmark(answers="statements")
    assert benchmark(labels={"-1": "con", "1": "pro", "x": "leave out"}).allowed == [0, 2]
