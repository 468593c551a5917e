"""How sure it is that an attribution is a statement at all: a logistic regression of few features.

The features are the tagger's own probabilities, the form of the content, and its cue. The
coefficients are fitted by ``python -m stance.training.statement_confidence`` on articles that the
tagger was not trained on, and stand in ``data/statement_confidence.yaml``.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate

import yaml

from stance.extract.closing_clauses import tells
from stance.extract.completion import is_naming, stands_alone
from stance.extract.document import Document
from stance.extract.expected import tells_expected
from stance.extract.layout import lead_of
from stance.extract.lexicon import lexicon
from stance.extract.parameters import LEAST_PROBABILITY, LONGEST_GAP
from stance.extract.parentheses import is_parenthetical, is_set_off
from stance.extract.quotations import Attribution, Role, RoleSpan
from stance.extract.quote_marks import ENDS_QUOTE
from stance.extract.segmentation import Range

_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_FINITE = re.compile(
    r"\b(?:is|are|was|were|am|has|had|have|will|would|can|could|may|might|must|should|shall|did|"
    r"does|do|[^\W\d_]+n[’']t|[^\W\d_]{2,}ed|it[’']s|[^\W\d_]+[’'](?:re|ll|ve|d))\b",
    re.IGNORECASE,
)
_ENDS_OPEN = frozenset(
    "a an the this these those his her its their our my of in on at from for with to by about "
    "and or but as than that which who whose into over under between such more".split()
)
_JUDGES = re.compile(
    r"(?:welcom|condemn|denounc|deplor|prais|applaud|critici[sz]|reject|hail|decr|slamm)(?:ed|ied|es|s)"
)
_CALLS_FOR = re.compile(
    r"(?:also )?(?:(?:call|appeal)(?:s|ed)? (?:again )?for|demand(?:s|ed)?|den(?:y|ies|ied))"
)
_OBJECT = re.compile(r"(?:the|a|an|his|her|its|their|this|that|these|those)\b")
_RELATIVE = re.compile(r"\b(?:which|that|who|whom) $")
_IN_WORDS_OF = re.compile(r"\b[Ii]n the (?:view|opinion|words|eyes) of $")
_BEGINS_IN_LOWER_CASE = re.compile(r"\s*[a-z(]")


@dataclass(frozen=True, slots=True)
class Weights:
    """The fitted regression.

    Attributes:
        coefficients: by feature, ``intercept`` among them.
        threshold: statements below are not returned by default.
        by_rules: the share that is right of what rules alone found, by form (:func:`form_of`).
    """

    coefficients: Mapping[str, float]
    threshold: float
    by_rules: Mapping[str, float]


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The coefficients, read once a process."""
    place = files("stance.extract") / "data" / "statement_confidence.yaml"
    return Weights(**yaml.safe_load(place.read_text(encoding="utf-8")))


class Evidence:
    """The tagger's spans by role, to look up how sure it was of a range."""

    def __init__(self, spans: Sequence[RoleSpan]) -> None:
        self._spans: dict[Role, list[RoleSpan]] = {"source": [], "cue": [], "content": []}
        for span in sorted(spans, key=lambda item: item.start):
            self._spans[span.role].append(span)
        # How far the spans up to each reach: from the first that reaches a range on they matter.
        self._reach = {
            role: list(accumulate((span.end for span in found), max))
            for role, found in self._spans.items()
        }

    def probability(self, role: Role, pieces: Sequence[Range]) -> float:
        """The tagger's mean probability of a role over ranges; 0 where it saw none there."""
        total = covered = 0.0
        for start, end in pieces:
            spans = self._spans[role]
            for number in range(bisect_right(self._reach[role], start), len(spans)):
                span = spans[number]
                if span.start >= end:
                    break
                common = min(end, span.end) - max(start, span.start)
                if common > 0:
                    total += common * span.score
                    covered += common
        return total / covered if covered else 0.0


def features(document: Document, item: Attribution, evidence: Evidence) -> dict[str, float]:
    """What the regression reads of an attribution, by name."""
    text, words = document.text, lexicon()
    said = " ".join(text[start:end] for start, end in item.content)
    tokens = _WORD.findall(said)
    cue_words = _WORD.findall(text[slice(*item.cue)].lower()) if item.cue else []
    lemmas = {words.reporting_forms.get(word) for word in cue_words}
    source = evidence.probability("source", [item.source]) if item.source else 0.0
    return {
        "intercept": 1.0,
        "content": _logit(evidence.probability("content", item.content)),
        "source": _logit(source) if source else 0.0,
        "no_source": float(item.source is None),
        "quoted": _quoted_share(document, item.content),
        "length": math.log1p(len(tokens)),
        "one_word": float(len(tokens) < 2),
        "finite": float(_FINITE.search(said) is not None),
        "speech": float(bool(lemmas & words.clause_verbs)),
        "other_speech": float(bool(lemmas - words.clause_verbs - {None})),
        "judging": float(any(word in words.judging_forms for word in cue_words)),
        "gap": math.log1p(min(_gap(item), LONGEST_GAP)),
        "ends_open": float(_ends_open(text, item.content[-1][1], tokens)),
    }


def with_confidence(document: Document, item: Attribution, evidence: Evidence) -> Attribution:
    """An attribution with the probability that it is a statement, found by tagger or rules."""
    if item.verbatim:
        return item
    if evidence.probability("content", item.content) == 0.0:
        return by_rules(document, item)
    values = features(document, item, evidence)
    score = sum(factor * values[name] for name, factor in weights().coefficients.items())
    confidence = 1.0 / (1.0 + math.exp(-score))
    if _stands_alone(document, item) or _is_plain(document, item):  # however short they are
        confidence = max(confidence, weights().by_rules["standing"])
    return replace(item, confidence=confidence)


def by_rules(document: Document, item: Attribution) -> Attribution:
    """An attribution that rules alone found, with the share of such ones that is right."""
    if item.verbatim:
        return item
    return replace(item, confidence=weights().by_rules[form_of(document, item)])


def form_of(document: Document, item: Attribution) -> str:
    """``quoted`` or ``indirect``; of quotes without cue and source ``standing`` or ``loose``.

    A standing quote is a sentence of its own.
    """
    if _quoted_share(document, item.content) < 1:
        return "indirect"
    if item.cue or item.source:
        return "quoted"
    return "standing" if _stands_alone(document, item) else "loose"


def _stands_alone(document: Document, item: Attribution) -> bool:
    """Whether a content begins with a quote that is a sentence of its own."""
    start, end = item.content[0]
    regions = document.regions_in(start, end)
    return any(region.start == start and stands_alone(document, region) for region in regions)


def _is_plain(document: Document, item: Attribution) -> bool:
    """Whether the form leaves no doubt.

    A passive with "by", a name that judges, a headline, somebody who is expected to say it, a quote
    whose comma leads on to the clause, a clause between commas within a sentence.
    """
    if item.source is None:
        return False
    text, (start, end) = document.text, item.source
    line = document.paragraphs[document.paragraph_at(start)]
    if text[end : item.content[0][0]].strip() == ":" and lead_of(document, line[0]) == start:
        timed = line[0] < start  # "09:05 Police: road open."
        return timed or text[line[1] - 1].isalnum() or text[line[1] - 1] in ENDS_QUOTE
    if text[end : item.content[0][0]] == ", " and _IN_WORDS_OF.search(text, line[0], start):
        return True
    if item.cue is None:
        return False
    if _is_aside(document, item) or _is_relative(text, item) or _is_behind(document, item):
        return True
    cue = text[slice(*item.cue)]
    if _tells_that(text, item, cue):
        return True
    if text[max(0, start - 3) : start] == "by ":
        words, known = cue.lower().split(), lexicon()
        judged = not (known.reporting_forms.keys() | known.judging_forms).isdisjoint(words[1:])
        return judged and words[0] in ("is", "are", "was", "were", "been", "being")
    near = text[end : item.cue[0]] in (" ", ", ")
    near = near and text[item.cue[1] : item.content[0][0]] == " " and text[start].isupper()
    if _CALLS_FOR.fullmatch(cue) and text[start].isupper():
        return near
    if _JUDGES.fullmatch(cue) and text[start].isupper():
        return near and _OBJECT.match(text, item.content[0][0]) is not None
    return tells_expected(cue) or _leads_on(document, item)


def _tells_that(text: str, item: Attribution, cue: str) -> bool:
    """Whether source, verb of saying and "that" stand right behind each other."""
    if item.source is None or item.cue is None:
        return False
    verb = lexicon().reporting_forms.get(cue.rsplit(" ", 1)[-1].lower())
    near = text[item.source[1] : item.cue[0]] == text[item.cue[1] : item.content[0][0]] == " "
    return near and verb in lexicon().clause_verbs and text.startswith("that ", item.content[0][0])


def _leads_on(document: Document, item: Attribution) -> bool:
    """Whether a whole quote ends with a comma, behind which its clause follows in its sentence.

    Or with another mark, behind which the clause begins with a small letter.
    """
    if item.clause is None or item.inherited:
        return False
    text, end, (first, last) = document.text, item.content[0][1], item.clause
    led = text[end - 2 : end - 1] == "," or (text[end - 2] in "!?" and text[first].islower())
    if not (led and text[end - 1] in ENDS_QUOTE and end <= first):
        return False
    near = last <= document.sentence_at(end - 1)[1] and not text[end:first].strip()
    return near and _quoted_share(document, item.content) == 1


def _is_aside(document: Document, item: Attribution) -> bool:
    """Whether a clause of saying stands between commas in the sentence that is said."""
    if item.cue is None or len(item.content) != 2:
        return False
    if not (is_parenthetical(document, item) or is_set_off(document, item)):
        return False
    words = document.text[slice(*item.cue)].lower().split()
    known = lexicon()
    said = any(word in known.reporting_forms for word in words)
    subject = document.text[slice(*item.source)].lower() if item.source else ""
    said = said or (subject in ("he", "she", "they") and len(words) == 1)  # "she fears"
    return said or words[0] == "according" or words[-1] in ("view", "opinion", "words", "mind")


def _is_behind(document: Document, item: Attribution) -> bool:
    """Whether a comma and a verb of saying with its subject follow what is said, to its end.

    In a headline it may go on ("Tunnel open, ministers claim after week of delays").
    """
    if item.source is None or item.cue is None or len(item.content) > 1:
        return False
    text, start = document.text, item.content[0][0]
    first, second = sorted((item.source, item.cue))
    verb = lexicon().reporting_forms.get(text[slice(*item.cue)].lower())
    gap = text[item.content[0][1] - 1 : first[0]]
    near = gap[1:] in (", ", "? ", "! ") or gap in ("? ", "! ")
    near = near and text[first[1] : second[0]] == " "
    ends = text[second[1] : second[1] + 1] in ("", ".", "\n")
    line = document.paragraphs[document.paragraph_at(start)]
    ends = ends or (line == document.sentence_at(start) and text[line[1] - 1].isalnum())
    says = verb in lexicon().clause_verbs or tells(text[slice(*item.cue)].lower())
    return near and ends and (says or verb in lexicon().question_verbs)


def _is_relative(text: str, item: Attribution) -> bool:
    """Whether a clause of saying stands right behind "which" or "that" and before what is said."""
    if item.source is None or item.cue is None or len(item.content) != 2:
        return False
    noun, said = item.content
    by_account = text[slice(*item.cue)].lower() == "according to"
    if by_account and noun[1] < item.cue[0] < item.source[0] < said[0]:
        return _RELATIVE.search(text[noun[1] : item.cue[0]]) is not None
    if not (noun[0] < item.source[0] and item.source[1] + 1 == item.cue[0]):
        return False
    between = text[max(noun[0], item.source[0] - len(", which ")) : item.source[0]]
    relative = _RELATIVE.search(between) is not None and len(between) >= item.source[0] - noun[1]
    words = text[slice(*item.cue)].lower().split()
    verb = lexicon().reporting_forms.get(words[0]) if words else None
    tells = verb in lexicon().clause_verbs or is_naming(text[slice(*item.cue)])
    return relative and item.cue[1] + 1 == said[0] and tells


def _quoted_share(document: Document, content: Sequence[Range]) -> float:
    """The share of a content's letters that stands between quotation marks."""
    letters = quoted = 0
    for start, end in content:
        for position in range(start, end):
            if document.text[position].isalnum():
                letters += 1
                quoted += document.quote_state[position] == 2
    return quoted / letters if letters else 0.0


def _gap(item: Attribution) -> int:
    """Code points between a content and its cue."""
    if item.cue is None:
        return 0
    begin, stop = item.cue
    return min(max(0, start - stop, begin - end) for start, end in item.content)


def _ends_open(text: str, end: int, tokens: Sequence[str]) -> bool:
    """Whether a content breaks off within a phrase."""
    if tokens and tokens[-1].lower() in _ENDS_OPEN:
        return True
    goes_on = _BEGINS_IN_LOWER_CASE.match(text, end) is not None
    return goes_on and text[end - 1] not in ENDS_QUOTE


def _logit(probability: float) -> float:
    bounded = min(max(probability, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY)
    return math.log(bounded / (1 - bounded))
