"""The routes: a JSON API, and the page that uses it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse

import stance
from stance.analysis import Analysis
from stance.engine.articles import describe_extractor
from stance.engine.judging import Judge, Question, answer_fields
from stance.errors import DataError, StanceError
from stance.extract import Document, Extractor, html_to_document
from stance.model import Rows, StanceClassifier, judged_text
from stance.pipeline import check_options, check_targets
from stance.schema import Prediction
from stance.serve import messages
from stance.serve.guard import Guard
from stance.serve.page import render_start
from stance.serve.results import (
    RowKind,
    TableUpload,
    article_results,
    explanation_fields,
    stream_events,
)
from stance.serve.settings import ServerSettings
from stance.serve.worker import Progress, Worker

_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": messages.Refusal, "description": text}
    for status, text in {
        400: "The request is no JSON, or is for another host",
        403: "A page of another site asks",
        413: "The request is too large",
        415: "The request is no JSON",
        422: "A field is missing, unknown or out of range",
        503: "Too many requests at one time; see the header Retry-After",
        504: "The answer took too long",
    }.items()
}


def create_app(
    classifier: StanceClassifier,
    extractor: Extractor,
    settings: ServerSettings | None = None,
) -> Callable[..., Any]:
    """The page and the API as an ASGI application.

    Nothing that it is sent is kept after the answer, and it asks no other server. It has no login:
    whoever reaches it may use it.

    Args:
        classifier: from :func:`stance.load`.
        extractor: from :func:`stance.load_extractor`.
        settings: limits; the usual ones when None.
    """
    worker = Worker(extractor, Judge(classifier))

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        yield
        worker.close()

    app = FastAPI(
        title="stance",
        summary="Stance and sentiment of quoted statements in news.",
        version=stance.__version__,
        docs_url=None,  # these pages load scripts from other servers
        redoc_url=None,
        lifespan=living,
    )
    _add_api(app, worker)
    _add_page(app, worker)
    app.add_exception_handler(StanceError, _refuse_data)
    app.add_exception_handler(RequestValidationError, _refuse_fields)
    return Guard(app, settings or ServerSettings())


def _add_api(app: FastAPI, worker: Worker) -> None:
    classifier = worker.judge.classifier
    checkpoint = classifier.info.to_record()

    @app.post("/v1/analyze", response_model=messages.AnalyzedArticle, responses=_REFUSALS)
    async def analyze(article: messages.Article) -> dict[str, object]:
        """Find the statements of an article and judge each toward each target."""
        return {**(await _analysis(worker, article)).to_dict(), "checkpoint": checkpoint}

    @app.post("/v1/score", response_model=messages.ScoredStatements, responses=_REFUSALS)
    async def score(asked: messages.Statements) -> dict[str, object]:
        """Judge statements, each toward its target."""
        targets = list(dict.fromkeys(row.target for row in asked.statements))
        check_options(asked.abstain_below, asked.coverage, classifier=classifier, targets=targets)
        answers = await worker.ask(
            [Question(s.statement, s.target, s.context, s.speaker) for s in asked.statements],
            abstain_below=asked.abstain_below,
            coverage=asked.coverage,
        )
        rows = zip(answers, asked.statements, strict=True)
        return {
            "checkpoint": checkpoint,
            "predictions": [answer_fields(answer, row.target) for answer, row in rows],
        }

    @app.post("/v1/explain", response_model=messages.ExplainedStatements, responses=_REFUSALS)
    async def explain(asked: messages.Unexplained) -> dict[str, object]:
        """Say which words moved each answer: every word is left out in turn."""
        rows = asked.statements
        found = await worker.explain(
            Rows(
                [row.statement for row in rows],
                [row.target for row in rows],
                [row.context for row in rows],
                [row.speaker for row in rows],
            ),
            asked.head,
        )
        return {
            "checkpoint": checkpoint,
            "explanations": [explanation_fields(item) for item in found],
        }

    @app.get("/v1/health", response_model=messages.Health, responses={400: _REFUSALS[400]})
    async def health() -> dict[str, object]:
        """Whether the server answers."""
        return {"status": "ok"}

    @app.get("/v1/version", response_model=messages.Version, responses={400: _REFUSALS[400]})
    async def version() -> dict[str, object]:
        """Which version, checkpoint and extractor answer."""
        return {
            "version": stance.__version__,
            "checkpoint": checkpoint,
            "extractor": describe_extractor(worker.extractor),
        }


def _add_page(app: FastAPI, worker: Worker) -> None:
    info = worker.judge.classifier.info

    @app.get("/", include_in_schema=False)
    async def start() -> Response:
        page, policy = render_start(info.name, stance.__version__)
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})

    @app.post("/page/article", include_in_schema=False)
    async def article(asked: messages.Article) -> Response:
        async def work(progress: Progress) -> dict[str, object]:
            analysis = await _analysis(worker, asked, progress)
            return await worker.run(lambda: article_results(analysis))

        return StreamingResponse(stream_events(work), media_type="application/x-ndjson")

    @app.post("/page/table", include_in_schema=False)
    async def table(
        request: Request,
        name: Annotated[str, Query(min_length=1, max_length=1000)],
        rows: RowKind = RowKind.statements,
        target: Annotated[list[str] | None, Query(max_length=20)] = None,
        statement_column: str | None = None,
        target_column: str | None = None,
    ) -> Response:
        upload = TableUpload(
            await request.body(), name, rows, tuple(target or ()), statement_column, target_column
        )

        async def work(progress: Progress) -> dict[str, object]:
            return await upload.results(worker, progress)

        return StreamingResponse(stream_events(work), media_type="application/x-ndjson")


async def _analysis(
    worker: Worker, article: messages.Article, progress: Progress | None = None
) -> Analysis:
    """Find and judge the statements of an article.

    Raises:
        DataError: it has no text, or both kinds of it; or a target cannot be read.
    """
    if (article.text is None) == (article.html is None):
        raise DataError("give the article as text or as html, one of the two")
    targets = check_targets(article.targets)
    check_options(
        article.abstain_below,
        article.coverage,
        classifier=worker.judge.classifier,
        targets=targets,
    )
    document = await worker.run(lambda: _document(article))
    statements = await worker.extract(document)
    judged = [judged_text(document.text, statement) for statement in statements]
    answers = await worker.ask(
        [
            Question(words, target, context, statement.speaker, statement.kind)
            for statement, (words, context) in zip(statements, judged, strict=True)
            for target in targets
        ],
        abstain_below=article.abstain_below,
        coverage=article.coverage,
        progress=progress,
    )
    predictions: list[Prediction] = []
    for answer in answers:
        if isinstance(answer, str):
            raise DataError(answer)
        predictions.append(answer)
    width = len(targets)
    rows = tuple(
        tuple(predictions[begin : begin + width]) for begin in range(0, len(predictions), width)
    )
    return Analysis(document, targets, statements, rows)


def _document(article: messages.Article) -> Document:
    about = {
        name: value
        for name in ("id", "title", "date", "outlet", "url")
        if (value := getattr(article, name))
    }
    if article.html is None:
        return Document(article.text or "", **about)
    read = html_to_document(article.html, id=about.pop("id", None), url=about.pop("url", None))
    if not read.text.strip():
        raise DataError("the page has no text: paste the article's own")
    return replace(read, **about)


async def _refuse_data(request: Request, error: Exception) -> Response:
    return JSONResponse({"detail": str(error)}, 422)


async def _refuse_fields(request: Request, error: Exception) -> Response:
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    said = []
    for problem in problems:
        place = ".".join(str(part) for part in problem["loc"] if part != "body")
        said.append(f"{place}: {problem['msg']}" if place else problem["msg"])
    return JSONResponse({"detail": "; ".join(said[:10])}, 422)
