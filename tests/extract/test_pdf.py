"""PDF files: lines become paragraphs, and what is no text is refused by name."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from stance.engine.article_files import About, find_articles, read_article
from stance.errors import DataError, MissingExtraError
from stance.extract import pdf_to_text

PAGE = [
    "Mayor welcomes the fleet",
    "PORT CITY - The ships that came in on Monday will stay for a",
    "month, and nobody knows yet who pays. We welcome the fleet, said",
    "Mayor Ann Lee.",
    "The council meets again on Friday, when the second part of the",
    "budget is read.",
    "1",
]


def pdf(*pages: Sequence[str]) -> bytes:
    """A PDF whose pages show lines of text, written by hand."""
    objects: list[bytes] = []
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number, lines in enumerate(pages):
        shown = "".join(f"0 -14 Td ({line}) Tj\n" for line in lines)
        stream = f"BT /F1 10 Tf 50 800 Td\n{shown}ET".encode("latin-1")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << "
            + f"/F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n".encode()
    return out + b"%%EOF\n"


def test_lines_become_paragraphs_across_pages() -> None:
    second = ["It was the third reading, and the gallery was full of people", "waiting.", "2 / 2"]
    text = pdf_to_text(pdf(PAGE, second), "a.pdf")
    assert text.split("\n\n") == [
        PAGE[0],
        " ".join(PAGE[1:4]),
        " ".join(PAGE[4:6]),
        " ".join(second[:2]),
    ]


def test_a_paragraph_goes_on_over_a_page() -> None:
    text = pdf_to_text(pdf([*PAGE[:3], "7"], PAGE[3:]), "a.pdf")
    assert text.split("\n\n")[1] == " ".join(PAGE[1:4])


def test_a_folder_holds_pdf_files(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(PAGE))
    (tmp_path / "b.txt").write_text("The sun rose.")
    files = find_articles([str(tmp_path)])
    assert [Path(file).name for file in files] == ["a.pdf", "b.txt"]
    document = read_article(files[0], About(outlet="The Port"))
    assert document.outlet == "The Port" and document.id == files[0]
    assert "We welcome the fleet, said Mayor Ann Lee." in document.text


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"%PDF-1.4\nnothing else", r"a\.pdf cannot be read as a PDF"),
        (pdf(PAGE)[:-300], r"a\.pdf cannot be read as a PDF"),
        (pdf([]), "holds no text, as scans do"),
        (pdf(["3"]), "holds no text"),
        (pdf(*[[]] * 2001), "more than 2,000 pages"),
    ],
)
def test_what_is_no_text_is_refused_by_name(raw: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        pdf_to_text(raw, "a.pdf")


def test_without_the_extra_it_is_named(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(PAGE))
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(MissingExtraError, match=r"a\.pdf is a PDF.*newsstance\[pdf\]"):
        read_article(str(tmp_path / "a.pdf"))
