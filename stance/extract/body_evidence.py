"""What is said of bodies alone: a name of unknown form beside it is no person's."""

from __future__ import annotations

import re

from stance.extract import parameters as p
from stance.extract.entities import Entity
from stance.extract.names import given_gender

_IS_BODY = re.compile(
    r"(?:, which (?!(?:is|was) why)|(?:,[^,;.:“”\"\n]{3,60},)? (?:[a-z]+ly )?"
    r"(?:added|announced|argued|confirmed|denied|insisted|said|says|stated|told (?:[a-z]+ ){1,2}?)"
    r"(?: (?:on|last|this|late) [\w]+)?(?: that)? (?:its |it (?:would|will|had|has|was|is|plans|"
    r"could|cannot|does|did|no longer)(?: not| never| now| soon| also| already)? "
    r"(?:appeal|boycott|bought|buil|buy|cease|clos|contest|cut|dismiss|donat|expand|expel|fight|"
    r"fir|hir|invest|investigat|la(?:y|id) off|launch|march|open|pay|paid|plan|provid|publish|pull|"
    r"recall|recruit|reopen|resum|review|sell|sold|shut|sponsor|stop|strik|sue|supply|support|suspend|"
    r"withdr)\w*))"
)
"""Behind a name at a sentence start, what is said of a body ("Orex, which", "said its plant")."""
_OF_PERSON = re.compile(r"\b(?:he|she|his|her|him)\b", re.IGNORECASE)


def acts_like_a_body(text: str, entity: Entity, end: int) -> bool:
    """Whether what is said of a name that ends there is said of bodies alone, and of nobody."""
    if entity.person > 2 or given_gender(entity.words[0]) or not _IS_BODY.match(text, end):
        return False
    return _OF_PERSON.search(text, end, end + p.GENDER_WINDOW) is None
