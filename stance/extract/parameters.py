"""Every number that the rules, the linking and the speakers go by, in one place.

All were set by hand while the extractor was written. No measurement of them is recorded, so read
them as sizes that work on English news, not as estimates. The scores among them are no
probabilities.
Lengths count code points unless a line says words or names.
"""

from __future__ import annotations

from typing import Final

# --- Paragraphs and quotation marks (segmentation, quote_marks) ---------------------------------

WRAPPED_LINE: Final = 120
"""A longer line is never one of a hard-wrapped paragraph."""
LONGEST_PARAGRAPH: Final = 10_000
"""A longer paragraph is read in parts, as several, so that none costs more than one of this size.

In 16,000 news articles the longest paragraph had fewer than 2,000 and the longest sentence 600."""
LONGEST_SENTENCE: Final = 1000
"""A longer sentence is read in parts, as several."""
CLAUSE_AT_END_REACH: Final = 200
"""An attributing clause with which a quote without a closing mark ends is no longer."""
SINGLE_QUOTE_REACH: Final = 1500
"""How far the closing mark of a single quote is looked for."""

# --- What counts as a quotation (quotations) ----------------------------------------------------

WORK_TITLE_REACH: Final = 30
"""How far before a quote words such as "titled" or "the film" are looked for."""
WORK_TITLE_WORDS: Final = 6
"""After such words a longer quote is a statement all the same, if it ends like a sentence."""
CAPITALISED_TITLE_WORDS: Final = 7
"""Fewer words, all capitalised, without final punctuation: the title of a work."""
SINGLE_QUOTE_WORDS: Final = 6
"""Fewer words between single marks, without final punctuation: a term, not a statement."""
FILLED_SHARE: Final = 0.5
"""A tagged content that covers this share of a quote is widened to its marks."""
LIST_REACH: Final = 150
"""How far before its last two names a list of sources begins."""
SOURCE_COMPLETION: Final = 60
"""How far a source that stops at a determiner ("this") may be lengthened."""
LED_IN_QUOTE: Final = 25
"""A shorter quote at the end of a content stays one with the words before it."""
MARK_SLACK: Final = 2
"""A content that ends this far behind a quote still ends with it (a mark, a comma)."""

# --- Attributing clauses and rules (clauses, rules) ---------------------------------------------

CLAUSE_WORDS: Final = 22
"""A clause after a quote has its verb among this many words."""
LOWER_CASE_LEAD: Final = 30
"""Within this many code points after a quote a small letter shows that its sentence goes on."""
JOINT_WORDS: Final = 4
"""Up to this many words between two quotes are a joint without a subject of its own."""
LEAST_INDIRECT: Final = 3
"""An indirect statement is longer than this."""
SCORE_STATED: Final = 0.9
"""Score of a link that a clause or a byline states."""
SCORE_UNATTRIBUTED: Final = 0.0
"""Score of a quote that nothing attributes."""
SCORE_FROM_PARAGRAPH_BEFORE: Final = 0.6
"""Score of a source taken from the paragraph before a quote that opens a paragraph."""
FACTOR_SAME_PARAGRAPH: Final = 0.8
"""Factor on the score of a source taken from the quote before in the same paragraph."""
SCORE_ADDED_QUOTE: Final = 0.6
"""Score of a whole quoted sentence that only the rules attribute."""
LEAST_ADDED_QUOTE_WORDS: Final = 2
"""Such a quote has more words than this."""
SCORE_NESTED_QUOTE: Final = 0.7
"""Score of a quote within a quote that has a speaker of its own there."""
NESTED_SOURCE_WORDS: Final = 5
"""A source within a quote has at most this many words."""

# --- Modality (modality) ------------------------------------------------------------------------

AUXILIARY_REACH: Final = 40
"""How far before a cue its auxiliaries ("would not") are looked for."""
CONDITION_REACH: Final = 12
"""How far before a clause "if", "unless" or "whether" is looked for."""

# --- Layout (layout) ----------------------------------------------------------------------------

LABEL_WORDS: Final = 6
"""The label of a line of a transcript has at most this many words."""
LEAST_TURNS: Final = 2
"""Lines labelled in capitals that make a transcript."""
LEAST_NAMED_TURNS: Final = 3
"""Lines labelled with names that make one, if a name comes back and another one answers."""
PLAIN_SUBJECT: Final = 160
"""The verb of a plain sentence begins this near behind its start."""
HEADLINE_LENGTH: Final = 150
"""A longer line is no headline."""
CONFIDENCE_OF_FORM: Final = 0.95
"""Confidence of turns and posts, set by hand: no labelled articles hold enough of them."""

# --- Admission (admission) ----------------------------------------------------------------------

OWNER_REACH: Final = 30
"""How far before a source the noun is looked for whose owner it is ("the tone of")."""
SUBJECT_TOKENS: Final = 5
"""A subject begins within so many tokens of its sentence."""
FIGURE_REACH: Final = 24
"""How far behind a cue its object is read ("tell | their own story:")."""
ASKED_BEFORE: Final = 80
"""How far before a question the words are looked for that put it to somebody ("when asked")."""

# --- Completion (completion) --------------------------------------------------------------------

ANTECEDENT_WORDS: Final = 8
"""The noun phrase before a relative clause has at most this many words."""
PARENTHESIS_TAIL: Final = 60
"""How far behind the verb of an attributing clause between commas its second comma stands."""
LEAST_HALF: Final = 5
"""So many words before an attributing clause between commas may be a statement without the rest."""
RELATIVE_LEAD: Final = 12
"""How far before a source its relative pronoun is looked for."""

# --- Confidence (confidence) --------------------------------------------------------------------

LEAST_PROBABILITY: Final = 0.005
"""Probabilities of the tagger are kept this far from 0 and 1."""
LONGEST_GAP: Final = 200
"""Greater distances between content and cue count as this one."""

# --- Windows of the tagger (tagger), in wordpieces ----------------------------------------------

WINDOW_CORE: Final = 160
"""Whole paragraphs are packed up to this size; their tags are kept."""
WINDOW_MARGIN: Final = 32
"""Read on either side as context; their tags are not kept."""
READ_SHARE: Final = 0.25
"""So many wordpieces a code point the tagger reads of a text; news has 0.2, symbols have 1."""
LEAST_READ: Final = 300
"""It reads so many more of any text."""
BATCH_TOKENS: Final = 512
"""Most wordpieces of a batch, padding included: two windows or three, which stay in a processor's
cache (2,048 take an eighth more time)."""

# --- Conventions of tagged spans (conventions) --------------------------------------------------

CUE_LEAD: Final = 24
"""A word before a cue that may belong to it is no longer."""

# --- Linking of tagged spans (linking) ----------------------------------------------------------

CROSS_SENTENCE: Final = 90.0
"""Cost of a sentence end between two spans; a cost of 1 is one code point of distance."""
CROSS_CONTENT: Final = 60.0
"""Cost of another content between two spans, whose own length then counts less."""
CONTENT_LENGTH_DISCOUNT: Final = 0.8
"""Share of that content's length that is taken off the distance."""
CROSS_CUE: Final = 25.0
"""Cost of another cue between a cue and a source."""
USED_CUE: Final = 80.0
"""Cost of a cue that already belongs to another content."""
AFTER_INDIRECT: Final = 25.0
"""Cost of a cue that follows an indirect content."""
FARTHEST_SOURCE: Final = 400.0
"""A source that costs more does not belong to the cue."""
OWN_CONTENT_REACH: Final = 30
"""What a verb says begins this near behind it."""
NEIGHBOURS: Final = 6
"""How many spans on either side are compared, so that a huge paragraph stays cheap."""
CROSSED_CONTENTS: Final = 12
"""Spans with more contents between them have nothing to do with each other."""
RELATIVE_CUE_REACH: Final = 40
"""How far before a cue the relative pronoun stands that is its subject."""
TAIL_SLACK: Final = 3
"""A content that runs on farther than this behind a quote may hold its clause too."""
TAIL_REACH: Final = 120
"""How far behind such a content the clause may reach."""
CUE_SLACK: Final = 12
"""A tagged cue this far before the clause's own is the same cue."""
SCORE_CLAUSE_IN_TAIL: Final = 0.6
"""Score of source and cue that rules read in such a tail."""
FACTOR_NO_CUE: Final = 0.8
"""Factor on the score of a content without a cue."""
FACTOR_LED_IN: Final = 0.8
"""Factor on the score of a source in a paragraph before that ends with a colon."""
FACTOR_QUOTE_BEFORE: Final = 0.6
"""Factor on the score of a source taken from the quote before."""

# --- Names (names) ------------------------------------------------------------------------------

HEADLINE_SHARE: Final = 0.6
"""A paragraph with a greater share of capitalised words is a headline."""
HEADLINE_LEAST_WORDS: Final = 3
"""A headline has more longer words than this."""
HEADLINE_NAME_WORDS: Final = 3
"""In a headline a longer capitalised run is no name."""
DATELINE_REACH: Final = 80
"""A dateline ("OSLO (Agency) - ") ends this near behind the start of its paragraph."""
CREDIT_REACH: Final = 300
"""A photo's credit begins this near before the end of its paragraph."""
NAMESAKES: Final = 12
"""So many bearers of one short name are kept, the longest and earliest names first."""
SHORTENED_WORDS: Final = 8
"""Short forms are made of so many words of a person's name."""
COUNTRY_STEM: Final = 4
"""Letters under which a country and its adjective meet ("mexi")."""

LEAST_ADVERB: Final = 5
"""A longer word that ends in "ly" is an adverb unless it is a first name."""
LEAST_HEARD: Final = 5
"""A shorter surname is nobody's under another spelling."""
NOUN_BEFORE: Final = 20
"""How far before a name the noun of a body stands that announces it."""
OF_AGE: Final = 18
"""From this age on people are called "Mr" or "Ms"."""
INTRODUCTION_LINES: Final = 4
"""So many lines before a transcript may say who is interviewed."""
LONGEST_LIST: Final = 400
"""Longer contents are no mere list of people."""
SURNAME_REACH: Final = 2_000
"""How far from a word that begins a sentence it is looked for within one, where it is a name."""
OWN_LAND: Final = 0.8
"""How sure it is that "the country" is the only one that the sentence before named."""
FOUNDER_REACH: Final = 600
"""How far from a body's name its owner is looked for, whom it is not named after if he is there."""
INCLUDING_REACH: Final = 200
"""How far before a name the "including" stands that begins a list."""

OFFICE_REACH: Final = 90
"""How far before a name its office begins ("Minister for Ports, Rail and Sport Karl Ost")."""

# --- Speakers (speakers) ------------------------------------------------------------------------

SUBJECT_REACH: Final = 40
"""A name this near behind a sentence start stands like a subject."""
ROLE_LEAD_REACH: Final = 50
"""How far back the words are read whose last may be a role noun."""
APPOSITION_REACH: Final = 90
"""How far behind a name its apposition (", the finance chief,") ends."""
APPOSITION_WORDS: Final = 6
"""An apposition without an article has fewer words than this."""
GENDER_PLACES: Final = 12
"""How many places of a name are looked at to guess its gender."""
GENDER_WINDOW: Final = 180
"""How far behind each of them pronouns are counted."""
GENDER_RATIO: Final = 2
"""One gender's pronouns must outnumber the other's more than this many times."""
RELATIVE_REACH: Final = 120
"""How far back the apposition is looked for that a relative pronoun may follow."""
RELATIVE_GAP: Final = 4
"""A relative pronoun follows its name within fewer code points than this."""
PRONOUN_REACH: Final = 2000
"""How far back a pronoun's antecedent is looked for; distances are divided by this."""
PRONOUN_PLACES: Final = 60
"""How many names back it is looked for."""
OBLIQUE_REACH: Final = 40
"""How far before a name the preposition is looked for that it depends on."""
WEAK_HINT: Final = 0.4
"""What a less known first name tells of the gender, beside a well-known one."""
PRONOUN_LEAD: Final = 4
"""A pronoun this near behind the start of its sentence begins it."""
LEAD_SENTENCES: Final = 5
"""In so many first sentences a noun may mean someone who is named only after it..."""
AHEAD_SENTENCES: Final = 5
"""...within so many sentences..."""
AHEAD_PLACES: Final = 20
"""...and names."""
MOST_PROBABILITY: Final = 0.98
"""No speaker has a higher confidence, and no choice among antecedents counts for more in it."""
GOES_ON_BEFORE: Final = 14
"""How far before a mention "added" stands, where a speaker goes on..."""
GOES_ON_BEHIND: Final = 60
"""...and from its start on."""
LEAST_ANTECEDENT: Final = 0.4
"""A likelier antecedent is taken; else nobody is named."""
MOST_ITSELF: Final = 0.5
"""A noun that stands for itself with a higher probability is no other's."""
LEAST_NOUN: Final = 0.28
"""...nor where nobody else is likelier than this."""
LEAST_RETOLD: Final = 0.6
"""A noun that says nothing stands for somebody named where that is likelier than this."""
OWN_REPORTER: Final = 0.9
"""Probability of the reporter whom "our correspondent" means, where one is named."""
CANDIDATES: Final = 3
"""So many candidates are kept with their probabilities."""
POSSESSIVE_WORDS: Final = 6
"""A mention that begins with "his" or "her" has fewer words than this."""
PAIR_SENTENCES: Final = 30
"""So far behind two that were named together "both" or "the two" may mean them..."""
NEAR_PAIR_SENTENCES: Final = 6
"""...and so far a plural without such a word."""
GROUP_SENTENCES: Final = 6
"""Where a group was named so few sentences before, "they" is not one person..."""
LONE_PERSON_SENTENCES: Final = 2
"""...and that person spoke no more than these before."""
LONE_PERSON: Final = 0.6
"""The probability that "they" means the one person, where that is the only reading left."""
SHORT_NAME: Final = 3
"""A word of a body's name that is longer may stand for it alone."""
CUE_BEFORE: Final = 12
"""A verb of saying stands this near before the name of who speaks..."""
CUE_BEHIND: Final = 70
"""...or behind its start."""
LONGER_WORD: Final = 5
"""Words this long, and so many of their letters, tell what a sentence is about."""
LEAST_CLIPPED: Final = 2
"""What is left of a content beside the words that attribute it has so many words."""
NESTED: Final = 3
"""Statements that may stand within one another."""
ISSUER_REACH: Final = 80
"""How far from the word "statement" the name of its issuer may stand."""
ISSUER_MENTIONS: Final = 8
"""How many earlier mentions of a text are asked for its issuer."""
ISSUER_SENTENCES: Final = 2
"""How many sentences before "a statement said" its issuer may have been spoken of."""
ACRONYM_REACH: Final = 30
"""How far behind a name its acronym in parentheses ends."""
ROLE_REACH: Final = 120
"""How far from a name its title or apposition is looked for, to tell what it is tied to."""
FIRST_REACH: Final = 20_000
"""How far before an unnamed speaker its first mention is looked for."""
TIE_GAP: Final = 4
"""Between a body and the role that it owns ("Chile’s minister") are at most so many characters."""
DESCRIPTION_REACH: Final = 80
"""How far before a noun the words are read that tell which one it is..."""
DESCRIPTION_WORDS: Final = 5
"""...and how many."""
DESCRIPTIONS: Final = 40
"""So many described places of a noun are looked at before it."""
ACRONYM_WORDS: Final = 12
"""So many words before an acronym in parentheses may spell it out..."""
ACRONYM_LETTERS: Final = 200
"""...within so many characters."""
