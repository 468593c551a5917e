"""The library as a component of a spaCy pipeline: ``nlp.add_pipe("stance", config={...})``.

spaCy finds it by the package's entry point and reads the types of the factory's arguments when the
module is imported, so that annotations stand here unquoted.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from stance.checkpoint import PrecisionChoice
from stance.errors import MissingExtraError
from stance.integrations.loading import shared_classifier, shared_extractor

try:
    from spacy.language import Language
    from spacy.tokens import Doc
except ImportError as error:
    raise MissingExtraError(
        "the spaCy component needs spaCy: pip install 'newsstance[spacy]'"
    ) from error


class StanceComponent:
    """Puts the statements of each text into ``doc._.statements``.

    A statement is a dict as one row of ``stance analyze``'s table: its offsets (``start``, ``end``,
    ``spans``) count characters of ``doc.text``, and ``predictions`` lists a dict for each target.
    Such plain values survive ``Doc.to_bytes`` and ``nlp.pipe(..., n_process=2)``. The models are
    loaded with the first text and shared by all components of a process.

    Args:
        targets: what the stance is toward; without one statements are found and not judged.
        checkpoint: as in :func:`stance.load`.
        extractor: as in :func:`stance.load_extractor`.
        precision: as in :func:`stance.load`.
        device: as in :func:`stance.load`.

    Raises:
        DataError: a target is empty or given twice.
    """

    def __init__(
        self,
        targets: list[str],
        checkpoint: str,
        extractor: str,
        precision: PrecisionChoice,
        device: str | None,
    ) -> None:
        from stance.pipeline import check_targets

        self.targets = check_targets(targets) if targets else ()
        self.checkpoint = checkpoint
        self.extractor = extractor
        self.precision = precision
        self.device = device
        if not Doc.has_extension("statements"):
            Doc.set_extension("statements", default=[])

    def __call__(self, doc: Doc) -> Doc:
        """Find and judge the statements of one text."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 32) -> Iterator[Doc]:
        """Find and judge the statements of many texts, ``batch_size`` of them together."""
        waiting = iter(stream)
        while docs := list(islice(waiting, batch_size)):
            self._judge(docs)
            yield from docs

    def _judge(self, docs: list[Doc]) -> None:
        from stance.columns import prediction_fields, statement_fields
        from stance.extract import Document
        from stance.model import judged_text

        extractor = shared_extractor(self.extractor, self.precision, self.device)
        records: list[dict[str, Any]] = []
        judged: list[tuple[str, str, str | None]] = []
        for doc in docs:
            found = list(extractor.extract(Document(doc.text))) if doc.text.strip() else []
            own = [statement_fields(i, statement) for i, statement in enumerate(found, start=1)]
            doc._.statements = own
            records += own
            judged += [(*judged_text(doc.text, item), item.speaker) for item in found]
        predictions = []
        if self.targets and judged:
            classifier = shared_classifier(self.checkpoint, self.precision, self.device, False)
            rows = [(row, target) for row in judged for target in self.targets]
            predictions = classifier.predict(
                [words for (words, _, _), _ in rows],
                [target for _, target in rows],
                [context for (_, context, _), _ in rows],
                speakers=[speaker for (_, _, speaker), _ in rows],
                progress=False,
            )
        width = len(self.targets)
        for i, record in enumerate(records):
            part = predictions[i * width : (i + 1) * width]
            record["predictions"] = [prediction_fields(prediction) for prediction in part]


@Language.factory(
    "stance",
    assigns=["doc._.statements"],
    default_config={
        "targets": [],
        "checkpoint": "default",
        "extractor": "default",
        "precision": "auto",
        "device": None,
    },
)
def make_component(
    nlp: Language,
    name: str,
    targets: list[str],
    checkpoint: str,
    extractor: str,
    precision: PrecisionChoice,
    device: str | None,
) -> StanceComponent:
    """What spaCy calls for ``nlp.add_pipe("stance")``; the arguments are those of the component."""
    return StanceComponent(targets, checkpoint, extractor, precision, device)
