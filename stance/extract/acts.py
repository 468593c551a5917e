"""Verbs that do something, and nouns with a label: they tell an act, and no statement."""

from __future__ import annotations

import re

from stance.extract.lexicon import lexicon
from stance.extract.quotations import Attribution

WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
TO_BE = frozenset("am are be been being is was were 's ’s get gets got".split())
_ACT_UPON = re.compile(
    r"declare[sd] (?:an? |the )?(?:\w+ )?(?:states? of|days? of|emergency|holiday|war$|"
    r"victory$|truce$|ceasefire$|bankruptcy$)|"
    r"declare[sd] (?:the|an?|its|\w+) (?:\w+ ){0,4}an? (?:\w+ ){0,3}"
    r"(?:area|hero|heroine|holiday|monument|park|refuge|region|reserve|sanctuary|site|zone)\b|"
    r"declare[sd] (?:\w+ ){1,4}(?:bankrupt|open|closed|void|invalid|insolvent|elected)$|"
    r"question(?:s|ed|ing) (?:the |two |three |four |several |its |his |her )?(?:\w+ )?"
    r"(?:crew|men|man|woman|women|suspects?|drivers?|guards?|witness(?:es)?|neighbou?rs)$|"
    r"call(?:s|ed|ing)? (?:(?:an?|the|off|new|fresh|snap|early|general|urgent|\w+-\w+) )*"
    r"(?:strikes?|elections?|meeting|summit|vote|referendum|session|conference|halt|truce)"
    r"(?: (?:at|by|for|from|in|next|of|on|over|this|to)\b.*)?$|"
    r"(?:publish|releas|issu|launch|unveil|present|post)(?:es|e|ed) "
    r"(?:an?|the|its|his|her|their) (?:[\w-]+ ){0,3}"
    r"(?:book|magazine|memoir|paper|pictures?|report|review|study|survey|video)$|"
    r"(?:accept|declin|refus|turn)(?:s|es|ed|d) (?:down |up )?(?:an?|the|his|her|their|its) "
    r"(?:\w+ )?(?:offer|invitation|bribe|gift|present|prize|award|medal|job|post|seat|drink)s?$|"
    r"(?:finds?|found|discover(?:s|ed)) (?:[\w-]+ ){0,4}"
    r"(?:allegedly|alleged|apparently|purportedly|suspected) |"
    r"recall(?:s|ed|ing) (?:all|some|every|hundreds of|thousands of|[\d.,]+)\b|"
    r"(?:slam(?:s|med|ming)|shuts?|clos(?:e|es|ed)|open(?:s|ed)|lock(?:s|ed)|lift(?:s|ed)|"
    r"drop(?:s|ped)|(?:put|set|lay|laid|threw) (?:down|up|aside)) "
    r"(?:an?|the|his|her|their) (?:\w+ )?"
    r"(?:bag|ball|book|box|brakes?|curtains?|door|drawer|envelope|file|fists?|folder|gate|gavel|"
    r"glass|ledger|letter|lid|notebook|pen|phone|receiver|shop|shutters?|umbrella|window)(?![\w-])|"
    r"lists? (?:\w+ ){1,5}as (?:an?|the) |listed (?:\w+ ){1,5}as (?:an?|the) |"
    r"(?:remember|forget|forgot|miss|read|recall)(?:s|ed|ing)? (?:out )?"
    r"(?:the|an?|his|her|its|their)"
    r" (?:[\w’'-]+ ){0,3}[\w’'-]+ ?$"
)
"""Verbs that with such nouns tell an act or a memory ("called a strike", "remembers the road")."""
_WHEN = re.compile(
    r"[ ,]*(?:(?:ever|never|even|once|himself|herself|itself|on|late|last|this|earlier|later|also|"
    r"again|then|now|both|all|\w+day|morning|afternoon|evening|night|week|month|year|\w+ly)[ ,]+)*"
)
"""What may stand between a subject and its verb ("on Monday also")."""
_NUMERALS = frozenset(
    "a an one two three four five six seven eight nine ten some several many other".split()
)


def is_act_or_label(text: str, item: Attribution) -> bool:
    """Whether a cue does something ("designated") or labels a noun ("alleged") and says nothing."""
    if item.cue is None:
        return False
    known = lexicon()
    words = WORD.findall(text[slice(*item.cue)].lower())
    verbs = [word for word in words if word in known.judging_forms or word in known.act_forms]
    says = any(word in known.reporting_forms for word in words)
    if not says and verbs and verbs[0] in known.act_forms:
        return True
    said = text[slice(*item.content[0])].lower()
    upon = item.cue[0] < item.content[0][0]
    if upon and any(
        _ACT_UPON.match(f"{' '.join(words[n:])} {said}") for n in {0, max(0, len(words) - 1)}
    ):
        return True
    subject = (
        item.source is not None and _WHEN.fullmatch(text, item.source[1], item.cue[0]) is not None
    )
    if item.source is not None and text[slice(*item.source)].lower() in _NUMERALS:
        subject = False  # "five alleged members"
    helps = known.auxiliaries | known.adverbs | known.negation_words | TO_BE
    if len(words) > 1 and words[-1] in known.labels and words[0] not in helps:
        words, subject = words[-1:], False  # "found | alleged fakes"
    gap = text[item.cue[1] : item.content[0][0]]
    follows = item.cue[1] <= item.content[0][0] and not gap.strip()
    return len(words) == 1 and words[0] in known.labels and follows and not subject
