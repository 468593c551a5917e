"""The weights of antecedents and the confidence of speakers, from marked articles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from stance.errors import DataError
from stance.evaluation import Attributed, MarkedArticle, MarkedSpeaker
from stance.extract.antecedents import fitted_weights
from stance.extract.confidence import Evidence
from stance.extract.document import Document
from stance.extract.extractor import RuleExtractor
from stance.extract.quotations import Attribution
from stance.training import speakers
from stance.training.antecedents import PRIOR, fit, mentions_of, rightly_chosen
from stance.training.speakers import FoundArticle, cross_fitted, judged_links

TEXT = "{name} chairs the {body}. Peter Lund left early. “We will stay,” {pronoun} said."
SPEAKERS = [("Ana Ruiz", "she"), ("Ida Holm", "she"), ("Vera Moss", "she"), ("Eva Diaz", "she")]


def marked(name: str, pronoun: str, body: str = "port board") -> MarkedArticle:
    """An article whose only statement is a pronoun’s."""
    text = TEXT.format(name=name, pronoun=pronoun, body=body)
    start, source = text.index("“"), text.rindex(pronoun)
    said = Attributed(
        ((start, text.index("”") + 1),),
        ((source, source + len(pronoun)),),
        cue=((source + len(pronoun) + 1, len(text) - 1),),
        speakers=(name,),
    )
    return MarkedArticle(name, text, (said,), (MarkedSpeaker(name, "person"),))


ARTICLES = [marked(name, pronoun) for name, pronoun in SPEAKERS]


class Rules:
    """An extractor without a tagger."""

    minimum_confidence = 0.0

    def attributions(self, document: Document) -> tuple[list[Attribution], Evidence]:
        return RuleExtractor().attributions(document), Evidence([])


def test_a_pronoun_is_a_mention_with_its_right_candidate() -> None:
    (mention,) = mentions_of(ARTICLES[0])
    assert mention.model == "he"
    assert sum(mention.right) == 1 and not mention.right[-1]


def test_a_mention_without_a_right_candidate_teaches_nothing() -> None:
    article = ARTICLES[0]
    elsewhere = MarkedArticle(
        "x",
        article.text,
        tuple(
            Attributed(item.content, item.source, cue=item.cue, speakers=("Olga Brandt",))
            for item in article.attributions
        ),
        (MarkedSpeaker("Olga Brandt", "person"),),
    )
    assert mentions_of(elsewhere) == []


def test_a_fit_moves_weights_from_the_prior_as_mentions_ask() -> None:
    mentions = [item for article in ARTICLES for item in mentions_of(article)]
    assert fit([], "he") == {name: x for name, x in PRIOR["he"].items() if abs(x) >= 0.05}
    weights = {model: fit(mentions, model) for model in PRIOR}
    assert rightly_chosen(mentions, weights)["he"] == (len(ARTICLES), len(ARTICLES))


def test_links_are_judged_against_gold() -> None:
    (attribution,), _ = Rules().attributions(Document(ARTICLES[0].text))
    article = FoundArticle(ARTICLES[0], (attribution,))
    ((features, right),) = judged_links(article, fitted_weights())
    assert right
    assert features["intercept"] == 1.0 and features["he"] == 1.0


def test_articles_without_speakers_are_refused() -> None:
    with pytest.raises(DataError, match="no speaker is found"):
        cross_fitted([], [])


def test_the_command_writes_weights_and_confidence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Loaded:
        load = staticmethod(lambda precision: Rules())

    monkeypatch.setattr(speakers, "TaggerExtractor", Loaded)
    monkeypatch.setattr(speakers, "read_marked_articles", lambda path, articles: ARTICLES)
    (tmp_path / "out").mkdir()
    speakers.main(["a.jsonl", "--passages", "b.jsonl", "--output", str(tmp_path / "out")])
    weights = json.loads((tmp_path / "out" / "antecedent_weights.json").read_text("utf-8"))
    assert weights["fitted_on"] == ["a.jsonl", "b.jsonl"]
    assert set(weights["weights"]) == set(PRIOR)
    fitted = yaml.safe_load((tmp_path / "out" / "speaker_confidence.yaml").read_text("utf-8"))
    assert "intercept" in fitted["coefficients"]
    assert "ECE of their confidence" in capsys.readouterr().out
