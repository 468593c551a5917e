"""Where analysed articles go: the terminal, a table, JSON or pages."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, cast

from stance.cli.common import stdout_as_file
from stance.errors import DataError
from stance.files import check_output, is_stream, write_text

if TYPE_CHECKING:
    from stance.analysis import Analysis
    from stance.engine.run import Target
    from stance.schema import Correction, Explanation
    from stance.tables import TableFormat

    Explanations = Sequence[Sequence[Explanation]]


class Format(str, Enum):
    """Output formats of ``stance analyze``."""

    table = "table"
    csv = "csv"
    tsv = "tsv"
    jsonl = "jsonl"
    parquet = "parquet"
    json = "json"
    html = "html"
    label_studio = "label-studio"


_ENDINGS = {
    f".{item.value}": item for item in Format if item not in (Format.table, Format.label_studio)
}
_ENDINGS[".htm"] = Format.html


class Output(Protocol):
    """Takes one analysis after another; an error within leaves no half file behind."""

    def __enter__(self) -> Output:
        """Begin."""

    def add(self, source: str, analysis: Analysis) -> None:
        """Take the analysis of one of the articles."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""


def choose_format(output: Path | None, wanted: Format | None) -> Format:
    """The output's format: as wanted, else as the ending of its name tells.

    Args:
        output: file or folder to write to; standard output when None.
        wanted: of ``--format``.

    Raises:
        DataError: neither tells it, or it does not go with the output.
    """
    if output is None:
        if wanted is Format.parquet:
            raise DataError("Parquet cannot be printed: name a file with -o")
        return wanted or Format.table
    if wanted is Format.table:
        raise DataError("a table is printed: leave out -o, or choose another --format")
    if wanted is not None:
        return wanted
    if is_folder(output):
        return Format.html
    plain = output.with_suffix("") if output.suffix.lower() in (".gz", ".zst") else output
    if plain.suffix.lower() in _ENDINGS:
        return _ENDINGS[plain.suffix.lower()]
    raise DataError(
        f"cannot tell the format of {output}: end it in one of {', '.join(_ENDINGS)}, or give "
        "--format"
    )


def is_folder(output: Path) -> bool:
    """Whether a folder of pages is meant: one that is there, or a name without an ending."""
    return os.path.isdir(output) or not (output.suffix or is_stream(output))


def open_output(
    output: Path | None, kind: Format, sources: Sequence[str], *, overwrite: bool
) -> Output | Target:
    """Make the output, and refuse one that is there already before any work is done.

    Args:
        output: file or folder to write to; standard output when None.
        kind: from :func:`choose_format`.
        sources: names of the articles, to name their pages by.
        overwrite: replace files that are there.

    Raises:
        DataError: the output exists, is one of the articles, or cannot hold several.
    """
    pages = plan_pages(output, sources) if kind is Format.html else {}
    _refuse_articles([*pages.values(), output], sources)
    if kind is Format.table:
        from stance.cli.terminal import PrintedTable

        return PrintedTable()
    if kind is Format.html:
        return Pages(pages, overwrite=overwrite)
    if kind is Format.json:
        return JsonObject(output, overwrite=overwrite)
    if kind is Format.label_studio:
        return LabelStudioTasks(output, overwrite=overwrite)
    return _rows_target(output, kind, overwrite=overwrite)


def _rows_target(output: Path | None, kind: Format, *, overwrite: bool) -> Target:
    """Where the engine writes rows."""
    from stance.engine.parts import check_outputs
    from stance.engine.sources import output_target

    target = output_target(
        output or Path("-"), cast("TableFormat", kind.value), overwrite=overwrite
    )
    check_outputs(target.path, overwrite=overwrite)
    return target


def _refuse_articles(outputs: Sequence[Path | None], sources: Sequence[str]) -> None:
    """Refuse an output that is an article, also where existing files may be replaced."""
    articles = {_identity(source) for source in sources if os.path.isfile(source)}
    for output in outputs:
        if output is not None and os.path.isfile(output) and _identity(output) in articles:
            raise DataError(f"{output} is one of the articles: choose another output with -o")


def _identity(path: str | Path) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_dev, found.st_ino


class JsonObject:
    """One JSON object: the articles, and all their statements in a list that names them."""

    def __init__(self, output: Path | None, *, overwrite: bool) -> None:
        self._output = output
        self._overwrite = overwrite
        self._parts: list[dict[str, object]] = []
        if output is not None:
            check_output(output, overwrite=overwrite)

    def __enter__(self) -> JsonObject:
        return self

    def add(self, source: str, analysis: Analysis) -> None:
        """Keep the article's object."""
        self._parts.append(analysis.to_dict())

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            text = json.dumps(_join(self._parts), ensure_ascii=False, indent=2) + "\n"
            _write(self._output, text, overwrite=self._overwrite)


class LabelStudioTasks:
    """A list of Label Studio's tasks, one an article and target, with all that was found marked."""

    def __init__(self, output: Path | None, *, overwrite: bool) -> None:
        self._output = output
        self._overwrite = overwrite
        self._tasks: list[dict[str, object]] = []
        if output is not None:
            check_output(output, overwrite=overwrite)

    def __enter__(self) -> LabelStudioTasks:
        return self

    def add(self, source: str, analysis: Analysis) -> None:
        """Keep the article's tasks."""
        from stance.tables import article_tasks

        self._tasks += article_tasks(analysis)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            from stance.tables import tasks_json

            _write(self._output, tasks_json(self._tasks), overwrite=self._overwrite)


def _join(parts: list[dict[str, object]]) -> dict[str, object]:
    documents = [cast("dict[str, object]", part["document"]) for part in parts]
    return {
        **{key: parts[0][key] for key in ("schema_version", "targets")},
        "documents": [
            {**document, "text": part["text"]}
            for document, part in zip(documents, parts, strict=True)
        ],
        "statements": [
            {"document_id": document["id"], **statement}
            for document, part in zip(documents, parts, strict=True)
            for statement in cast("list[dict[str, object]]", part["statements"])
        ],
    }


class Pages:
    """One HTML page an article, on standard output or in files.

    Attributes:
        explain: gives the words that mattered, which the pages then show.
        corrections: of the one article, shown again.
        corrections_file: that they were read from.
    """

    def __init__(self, pages: dict[str, Path | None], *, overwrite: bool) -> None:
        self.explain: Callable[[Analysis], Explanations] | None = None
        self.corrections: Sequence[Correction] = ()
        self.corrections_file: Path | None = None
        self._pages = pages
        self._overwrite = overwrite
        for page in pages.values():
            if page is not None:
                check_output(page, overwrite=overwrite)

    def __enter__(self) -> Pages:
        return self

    def add(self, source: str, analysis: Analysis) -> None:
        """Write the article's page."""
        title = analysis.document.title or (None if source == "-" else Path(source).name)
        explanations = self.explain(analysis) if self.explain else None
        try:
            page = analysis.to_html(title, explanations=explanations, corrections=self.corrections)
        except DataError as error:
            raise DataError(f"{self.corrections_file}: {error}") from None
        _write(self._pages[source], page + "\n", overwrite=self._overwrite)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """All is written already."""


def plan_pages(output: Path | None, sources: Sequence[str]) -> dict[str, Path | None]:
    """The file of each article's page; None for standard output.

    Raises:
        DataError: several articles have no folder to go to.
    """
    if output is not None and is_folder(output):
        taken: set[str] = set()
        pages: dict[str, Path | None] = {}
        for source in sources:
            stem = "article" if source == "-" else Path(source).stem
            name, count = stem, 1
            while _folded(name) in taken:
                count += 1
                name = f"{stem}-{count}"
            taken.add(_folded(name))
            pages[source] = output / f"{name}.html"
        return pages
    if len(sources) > 1:
        raise DataError(f"{len(sources)} articles give as many pages: name a folder with -o")
    return {source: output for source in sources}


def _folded(name: str) -> str:
    """Names that some file systems hold to be one: "A" and "a", "é" in one code point or two."""
    return unicodedata.normalize("NFC", name).casefold()


def _write(output: Path | None, text: str, *, overwrite: bool) -> None:
    if output is not None:
        write_text(output, text, overwrite=overwrite)
        return
    with stdout_as_file() as handle:
        handle.write(text)
