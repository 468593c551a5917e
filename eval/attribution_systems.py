"""The extractors of the attribution benchmark behind one signature: text -> attributions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stance.errors import DataError
from stance.extract.document import Document
from stance.extract.extractor import load_extractor

Range = tuple[int, int]


@dataclass(frozen=True)
class AttributionConfig:
    """Settings of the benchmark (``configs/eval/attribution.yaml``)."""

    task: str = "attribution"
    systems: tuple[str, ...] = ("stance", "rules", "textacy", "textacy-paragraphs", "regex")
    spacy_model: str = "en_core_web_sm"
    bootstrap: int = 1000
    seed: int = 7
    single_sentences: bool = True


@dataclass(frozen=True)
class Attributed:
    """One attribution, gold or predicted."""

    content: tuple[Range, ...]
    source: tuple[Range, ...] = ()
    direct: bool = False


System = Callable[[str], list[Attributed]]


def system(name: str, config: AttributionConfig) -> System:
    """The extractor of a name in ``AttributionConfig.systems``.

    Raises:
        DataError: the name is unknown, or what the system needs is not installed.
    """
    if name in ("stance", "rules"):
        extractor = load_extractor("default" if name == "stance" else "rules")

        def ours(text: str) -> list[Attributed]:
            found = extractor.extract(Document(text))
            return [
                Attributed(
                    tuple((span.start, span.end) for span in item.spans),
                    ((item.speaker_mention.start, item.speaker_mention.end),)
                    if item.speaker_mention
                    else (),
                    item.kind == "direct",
                )
                for item in found
            ]

        return ours
    if name == "regex":
        return regex_system
    if name in ("textacy", "textacy-paragraphs"):
        return _textacy(config.spacy_model, by_paragraph=name != "textacy")
    raise DataError(
        f"unknown system {name!r}: use stance, rules, textacy, textacy-paragraphs, regex"
    )


_VERB = r"(?:said|says|told|asked|added|wrote|tweeted|argued|explained|noted|replied|claimed)"
_NAME = r"(?:[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+)*|he|she|they|He|She|They)"
_REGEX = re.compile(
    rf"(?P<a>[“\"][^“”\"\n]+[”\"]),? (?:(?P<s1>{_NAME}) {_VERB}|{_VERB} (?P<s2>{_NAME}))"
    rf"|(?P<s3>{_NAME}) {_VERB}[^“”\"\n.]{{0,40}}?[,:]? (?P<b>[“\"][^“”\"\n]+[”\"])"
    rf"|(?P<c>[“\"][^“”\"\n]{{25,}}[”\"])"
)


def regex_system(text: str) -> list[Attributed]:
    """Quotation marks with a name and a verb beside them."""
    found = []
    for item in _REGEX.finditer(text):
        content = next(item.span(key) for key in ("a", "b", "c") if item[key])
        source = tuple(item.span(key) for key in ("s1", "s2", "s3") if item[key])
        found.append(Attributed((content,), source, True))
    return found


def _textacy(model: str, *, by_paragraph: bool) -> System:
    """Direct quotations of textacy, on the whole article or paragraph by paragraph."""
    try:
        import spacy
        from textacy.extract.triples import direct_quotations

        nlp: Any = spacy.load(model)
    except (ImportError, OSError) as error:
        raise DataError(f"textacy cannot run here ({error}); install the eval extra") from error

    def run(text: str) -> list[Attributed]:
        found = []
        parts = re.finditer(r"[^\n]+", text) if by_paragraph else [re.match(r"[\s\S]*", text)]
        for part in parts:
            if part is None:
                continue
            doc = nlp(part.group())
            base = part.start()
            try:
                triples = list(direct_quotations(doc))
            except ValueError:
                if not by_paragraph:
                    raise
                continue
            for speaker, _, content in triples:
                source = tuple(
                    (base + token.idx, base + token.idx + len(token)) for token in speaker
                )
                span = (base + content.start_char, base + content.end_char)
                found.append(
                    Attributed((span,), ((source[0][0], source[-1][1]),) if source else (), True)
                )
        return found

    return run
