"""How a cue puts its statement: asserted, negated, denied, supposed, or asked."""

from __future__ import annotations

import re

from stance.extract.lexicon import lexicon
from stance.extract.parameters import AUXILIARY_REACH, CONDITION_REACH
from stance.extract.segmentation import Range
from stance.schema import Modality

_CONDITION = re.compile(
    r"\b(?:anyone|anybody|someone|whoever|if|unless|until|whether|lest|"
    r"(?:suppose|supposing|assuming|imagine|provided|in case)"
    r"(?: that)?) $|(?:^|[.!?]\s+)(?:should|were|had) $",
    re.IGNORECASE,
)
_PROSPECT = re.compile(
    r"\b(?:expected|likely|due|set|about|poised|going|scheduled|prepared|preparing|planning|plans|"
    r"planned|intends|intending|ready|tempted|free) to (?:\w+ly )?(\w+)"
)
_QUESTION_WORD = r"(?:whether|if|who|whom|whose|what|which|when|where|why|how)\b"
_ADDRESSED = re.compile(
    r"(?:the|his|her|its|their|an?|[A-Z]\w+) (?:\w+ ){0,2}(?:whether|if|why|how|when|where|what)\b"
)
"""Whom a question is put to, which taggers take for a part of it ("asked | the witness when")."""
_ASKED = re.compile(rf"[\s“\"‘'«]*(?:on |about |of |as to )?{_QUESTION_WORD}", re.IGNORECASE)
_WANTS_TO_KNOW = re.compile(rf"to (?:know|learn|hear|be told) {_QUESTION_WORD}", re.IGNORECASE)
_QUESTION_MARK = re.compile(r"\?[\s”\"’'»,]*$")
_NOT_THE_LAST = re.compile(r"[.!?…][\"”’')]*\s")
_NO_ONE = re.compile(r"(?:nobody|none|neither|nor|no|not (?:an?|one|even))\b", re.IGNORECASE)
_INVERTED = re.compile(
    r"\b(?:nor|neither|never(?: once| before)?|not once|at no (?:point|stage|time)|nowhere) "
    r"(?:did|does|do|has|have|had|will|would|could) $",
    re.IGNORECASE,
)
_ASKS_FIRST = re.compile(
    r"(?:^|[.!?:”\"’\n]\s*)(?:And |But |So )?"
    r"(?:(?:Did|Does|Do|Has|Have|Had|Will|Would|Can|Could|Should) |"
    r"(?:Is|Was) it (?:true|the case|possible|a fact) that (?:the |an? |his |her |its )?)$"
)
"""Before a source it makes its sentence a question ("Did the minister say that ...?")."""
_WITHHOLDS = re.compile(
    r"\b(?:yet to|avoid(?:s|ed|ing)?|unwilling to|unable to|reluctant to|short of|shied away from) "
)
_WAVED_ASIDE = re.compile(
    r"\b(?:rebuff\w*|(?:brush|wav|shrug|laugh)\w* (?:aside|away|off)|poured scorn on)\b"
)
_CALLED_UNTRUE = re.compile(
    r"\b(?:false|untrue|baseless|groundless|unfounded|nonsense|lies|fabricated|fake)\b"
)


def modality_at(
    text: str, cue: Range | None, source: Range | None, content: tuple[Range, ...] = ()
) -> Modality:
    """Modality of a cue with the auxiliaries and the "if" before it, and of what it introduces."""
    said = " ".join(text[start:end] for start, end in content)
    if cue is None:
        return "question" if _is_one_question(said) else "asserted"
    words = lexicon()
    start, end = cue
    lead: list[str] = []
    low = source[1] if source and source[1] <= start else 0  # no word of the source: "TV Nor"
    for word in reversed(text[max(low, start - AUXILIARY_REACH) : start].split()):
        plain = word.lower().replace("’", "'")
        known = plain in words.auxiliaries or plain in words.hypothetical_words
        of_name = low > 0 and word[0].isupper()
        if of_name or (not known and plain not in words.negation_words):
            break
        lead.insert(0, word)
    if content and end < content[0][0] <= end + AUXILIARY_REACH:
        end = content[0][0]  # "plans | to tell investors |"
    first = min(start, source[0]) if source else start
    if _CONDITION.search(text, max(0, first - CONDITION_REACH), first):
        return "hypothetical"
    modality = modality_of(" ".join([*lead, text[start:end]]), said)
    if source is not None and modality in ("asserted", "hypothetical"):
        inverted = _INVERTED.search(text, max(0, source[0] - AUXILIARY_REACH), source[0])
        ends = content[-1][1] if content else end
        asks = _ASKS_FIRST.search(text, max(0, source[0] - AUXILIARY_REACH), source[0])
        if asks and source[0] < start and "?" in text[ends - 1 : ends + 1]:
            return "question"
        if inverted or _NO_ONE.match(text, *source):
            return "negated"
    return modality


def modality_of(cue: str, said: str = "") -> Modality:
    """How a cue puts what is said.

    Args:
        cue: with its auxiliaries: asserts ("said"), negates ("did not say"), denies ("denied"),
            supposes ("would say") or asks ("asked whether").
        said: the words that it introduces; a question mark or a "whether" makes them a question.
    """
    known = lexicon()
    words = cue.lower().replace("’", "'").split()
    negated = any(word in known.negation_words or word.endswith("n't") for word in words)
    if negated or _WITHHOLDS.search(" ".join(words) + " "):
        return "negated"
    if _is_one_question(said) or _WANTS_TO_KNOW.match(said):
        asks = True
    else:
        verbs = {known.reporting_forms.get(word.rstrip(":,")) for word in words}
        introduced = words[-1:] in (["whether"], ["if"], ["about"]) or _ASKED.match(said)
        introduced = introduced or _ADDRESSED.match(said)
        asks = bool(verbs & known.question_verbs and introduced)
        asks = asks or bool(words[-2:] in (["to", "know"], ["to", "hear"]) and _ASKED.match(said))
    words = [word for word in words if not (asks and word in ("whether", "if"))]
    held_back = "only" in words or said.lower().startswith("only ")
    if any(word in known.hypothetical_words for word in words) and not held_back:
        return "hypothetical"  # unlike "would say only"
    prospect = _PROSPECT.search(" ".join([*words, *said.lower().split()[:3]]))
    if prospect and prospect.group(1) in known.reporting_forms:
        return "hypothetical"
    if asks:
        return "question"
    return "denied" if _denies(words, said) else "asserted"


def _is_one_question(said: str) -> bool:
    """Whether words are one sentence, and that a question."""
    mark = _QUESTION_MARK.search(said)
    return mark is not None and not _NOT_THE_LAST.search(said[: mark.start()])


def _denies(words: list[str], said: str) -> bool:
    """Whether a cue says that something is untrue ("denied", "dismissed the reports that")."""
    known = lexicon()
    lemmas = [known.reporting_forms.get(word.rstrip(":,"), "") for word in words]
    if any(lemma in known.denial_verbs for lemma in lemmas):
        return True
    rejects = any(lemma in known.rejection_verbs for lemma in lemmas)
    rejects = rejects or _WAVED_ASIDE.search(" ".join(words)) is not None
    untrue = "call" in lemmas and _CALLED_UNTRUE.search(said.lower())
    if not rejects and not untrue:
        return False
    head = re.findall(r"[\w’'-]+", said.lower())[:6]
    return any(word in known.claim_nouns for word in [*words, *head])
