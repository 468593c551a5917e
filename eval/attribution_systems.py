"""The extractors of the attribution benchmark: ours, a regular expression, and textacy."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from stance.checkpoint import read_adapter_info
from stance.config import WEIGHTS_DIR
from stance.errors import ConfigError, MissingExtraError
from stance.evaluation.tasks.attribution.articles import Attributed
from stance.evaluation.tasks.attribution.run import AttributionSettings, System
from stance.extract import Document, load_extractor

if TYPE_CHECKING:
    from spacy.language import Language

SYSTEMS = ("stance", "rules", "textacy", "textacy-paragraphs", "regex")


@dataclass(frozen=True, slots=True)
class AttributionConfig(AttributionSettings):
    """Settings of the benchmark (``configs/eval/attribution.yaml``).

    Attributes:
        task: ``attribution``.
        systems: what is compared.
        spacy_model: that textacy uses.
    """

    task: Literal["attribution"] = "attribution"
    systems: tuple[str, ...] = SYSTEMS
    spacy_model: str = "en_core_web_sm"

    def __post_init__(self) -> None:
        """Check ranges and names.

        Raises:
            ConfigError: a value is out of range or a system is unknown.
        """
        AttributionSettings.__post_init__(self)
        for name in self.systems:
            if name not in SYSTEMS:
                raise ConfigError(f"unknown system {name!r}: use {', '.join(SYSTEMS)}")


def load_systems(config: AttributionConfig) -> tuple[dict[str, System], dict[str, str]]:
    """The systems of a config; of third-party ones that cannot start, the reason instead.

    Raises:
        ModelLoadError: our own extractor's weights are missing or damaged.
    """
    systems: dict[str, System] = {}
    not_run: dict[str, str] = {}
    for name in config.systems:
        try:
            systems[name] = _system(name, config)
        except MissingExtraError as error:
            not_run[name] = str(error)
    return systems, not_run


def _system(name: str, config: AttributionConfig) -> System:
    if name == "regex":
        return System(regex_system)
    if name in ("textacy", "textacy-paragraphs"):
        run = _textacy(config.spacy_model, by_paragraph=name != "textacy")
        return System(run, third_party=True)
    extractor = load_extractor("default" if name == "stance" else "rules", precision="fp32")
    tagger = read_adapter_info(WEIGHTS_DIR / "attribution") if name == "stance" else None
    return System(
        lambda text: [Attributed.of(s) for s in extractor.extract(Document(text))],
        sha256=None if tagger is None else tagger.sha256,
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
        names = tuple(text[start:end] for start, end in source)
        found.append(Attributed((content,), source, True, speakers=names))
    return found


def _textacy(model: str, *, by_paragraph: bool) -> Callable[[str], Sequence[Attributed]]:
    """Direct quotations of textacy, on the whole article or paragraph by paragraph.

    Raises:
        MissingExtraError: textacy or its model is not installed.
    """
    try:
        import spacy
        from textacy.extract.triples import direct_quotations

        nlp: Language = spacy.load(model)
    except (ImportError, OSError) as error:
        raise MissingExtraError(
            f"textacy cannot run here ({error}): pip install 'newsstance[eval]'"
        ) from error

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
                named = ((source[0][0], source[-1][1]),) if source else ()
                names = tuple(text[start:end] for start, end in named)
                found.append(Attributed((span,), named, True, speakers=names))
        return found

    return run
