"""What ``stance analyze`` takes for an article."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest

from stance.engine.article_files import find_articles, missing, read_article
from stance.errors import DataError

QUOTE = "“We welcome them,” said Ann Lee."


@pytest.mark.parametrize(
    "name",
    ["nowhere.txt", QUOTE, QUOTE * 200, f"{QUOTE}\n{QUOTE}", "a" * 300, "../" * 3000 + "a", "a\0b"],
)
def test_what_is_no_file_is_said_shortly(name: str) -> None:
    assert find_articles([name]) == [name]
    message = missing(name)
    assert message is not None and "is no file: give a file or folder, or pipe the text" in message
    assert len(message) < 300
    with pytest.raises(DataError, match="is no file"):
        read_article(name)


def test_a_file_in_a_locked_folder_is_not_called_missing(tmp_path, monkeypatch) -> None:
    file = str(tmp_path / "locked" / "a.txt")

    def refuse(path: object, *_: object, **__: object) -> None:  # as for all users but root
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr(os, "stat", refuse)
    monkeypatch.setattr(io, "open", refuse)
    monkeypatch.setattr(os, "open", refuse)
    assert missing(file) is None
    with pytest.raises(DataError, match=r"cannot read .*a\.txt: Permission denied"):
        read_article(file)


@pytest.mark.parametrize("text", ["Why? " * 500, "[They said] " * 300])
def test_a_text_with_signs_of_a_pattern(text: str) -> None:
    with pytest.raises(DataError, match="no file matches") as error:
        find_articles([text])
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    "start",
    [
        "<!doctype html>\n<html>",
        "<!DOCTYPE  HTML PUBLIC 'x'><html>",
        "<HTML lang='en'>",
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html>',
        "\n\n  <!-- a --><!-- b -->\n<html>",
        "\ufeff\ufeff<html>",
        "<head><title>T</title></head>",
        "<body class='x'>",
        "<!-- x -->" * 400 + "<html>",
    ],
)
def test_pages_are_known_by_their_beginning(tmp_path: Path, start: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{start}<p>{QUOTE}</p>", encoding="utf-8")
    assert read_article(str(path)).text.strip() == QUOTE


@pytest.mark.parametrize(
    "text",
    ["<header> they wrote.", "Said <html> he.", "<!-- never closed <html>", "<p>Ann.</p>", "<b>"],
)
def test_other_texts_stay_as_they_are(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    assert read_article(str(path)).text == text


def test_an_ending_may_tell_as_well(tmp_path: Path) -> None:
    for name in ("a.html", "b.HTM", "c.xhtml"):
        (tmp_path / name).write_text(f"<div><p>{QUOTE}</p></div>", encoding="utf-8")
    found = find_articles([str(tmp_path)])
    assert len(found) == 3
    assert [read_article(name).text.strip() for name in found] == [QUOTE] * 3


def test_an_article_counts_once_by_whatever_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.txt").write_text(QUOTE, encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "x" / "a.txt")
    names = ["x/a.txt", "./x/a.txt", "x/../x/a.txt", str(tmp_path / "x/a.txt"), "x", "link.txt"]
    for name in names:
        others = [other for other in names if other != name]
        assert len(find_articles([name, *others])) == 1
    assert find_articles(["-", "x/a.txt", "-"]) == ["-", "x/a.txt"]


def test_folders_and_hidden_files_are_no_articles(tmp_path: Path) -> None:
    for name in ("a.txt", "._a.txt", ".hidden/b.txt", "sub.html/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(QUOTE, encoding="utf-8")
    expected = [str(tmp_path / name) for name in ("a.txt", "sub.html/c.txt")]
    assert find_articles([str(tmp_path)]) == expected
