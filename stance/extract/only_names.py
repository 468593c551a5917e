"""Contents that only name: a list of people, or what a thing is called; they are no statements."""

from __future__ import annotations

import re

from stance.extract.document import Document
from stance.extract.lexicon import lexicon
from stance.extract.parameters import LONGEST_LIST
from stance.extract.quotations import Attribution, is_quotation

_NAME = r"[^\W\d_a-z][\w’'.-]*(?: [^\W\d_a-z][\w’'.-]*){1,3}(?:, (?:(?:an?|the) [^,;:]{2,40}|\d+))?"
_PEOPLE = re.compile(rf"{_NAME}(?:,? and {_NAME}|, {_NAME})*")
_CALLED = frozenset("baptise baptize call christen dub name nickname".split())
_ARTICLES = (" a", " an", " the")


def only_names(document: Document, item: Attribution) -> bool:
    """Whether a content tells nothing but names.

    "Two men testified: | Ole Dahl, a smith, and Tor Berg, a baker": who they are. "She called | the
    dog “Rebel”": its name, unlike "called it a “disaster”".

    Args:
        document: the document.
        item: an attribution.
    """
    text = document.text
    if item.cue is None or len(item.content) > 1:
        return False
    (start, end), cue = item.content[0], text[slice(*item.cue)]
    colon = ":" in text[item.cue[1] - 1 : start] if item.cue[1] <= start else False
    if colon and end - start <= LONGEST_LIST and _PEOPLE.fullmatch(text, start, end):
        return True
    if lexicon().reporting_forms.get(cue.rsplit(" ", 1)[-1].lower(), cue) not in _CALLED:
        return False
    regions = document.regions_in(start, end)
    names = [
        region
        for region in regions
        if text[region.inner_start].isupper()
        and not is_quotation(document, region)
        and not text[start : region.start].rstrip().endswith(_ARTICLES)
    ]
    return bool(regions) and len(names) == len(regions) and start < regions[0].start
