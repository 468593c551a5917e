"""Word lists of attribution: reporting verbs, titles, pronouns, roles. Data only."""

from __future__ import annotations

_VERBS = """
accept accuse acknowledge add admit advise affirm agree allege announce answer appeal argue ask
assert assure attest aver avow bark beg believe blast boast brag call caution charge chide cite
claim comment complain concede conclude concur condemn confess confide confirm conjecture contend
continue counter criticize criticise cry declare decry demand denounce deny describe detail
disclose dismiss dub echo elaborate emphasize emphasise estimate exclaim explain express
fume forecast gripe groan grumble hint hope implore imply indicate inform inquire insist instruct
interject intone joke jest lament laugh lecture maintain marvel mention mock mumble murmur muse
mutter note object observe offer opine plead pledge point pray predict proclaim promise pronounce
propose protest prophesy publish quip quote rail read reaffirm reason reassure rebut recall recite
recommend recount reflect refute reiterate rejoin remark remember remind repeat reply report
request respond retort retweet reveal rule say scoff scream shout sigh signal snap sneer speculate
state stipulate stress submit suggest suspect swear tease tell testify thank think threaten thunder
tout tweet underline underscore urge vent volunteer vow wail warn whisper wish wonder write yell
post joke praise defend label characterize characterise slam bemoan deride rebuke
"""

_IRREGULAR = {
    "say": "says said saying",
    "tell": "tells told telling",
    "think": "thinks thought thinking",
    "write": "writes wrote written writing",
    "swear": "swears swore sworn swearing",
    "read": "reads read reading",
    "deny": "denies denied denying",
    "cry": "cries cried crying",
    "reply": "replies replied replying",
    "imply": "implies implied implying",
    "testify": "testifies testified testifying",
    "decry": "decries decried decrying",
    "prophesy": "prophesies prophesied prophesying",
}
_DOUBLING = frozenset("admit beg brag chide concur dub quip rebut submit tag".split()) - {"chide"}


def _forms(verb: str) -> list[str]:
    """Inflected forms of a verb."""
    if verb in _IRREGULAR:
        return [verb, *_IRREGULAR[verb].split()]
    stem = verb + verb[-1] if verb in _DOUBLING else verb
    if verb.endswith("e"):
        return [verb, verb + "s", verb + "d", verb[:-1] + "ing"]
    plural = verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s")
    return [verb, plural, stem + "ed", stem + "ing"]


REPORTING_FORMS: dict[str, str] = {form: verb for verb in _VERBS.split() for form in _forms(verb)}
"""Every inflected form of a reporting verb -> its lemma."""

CLAUSE_VERBS: frozenset[str] = frozenset(
    """
    acknowledge add admit affirm agree allege announce argue assert believe boast caution claim
    complain concede conclude confirm contend counter declare deny disclose emphasize estimate
    explain hint hope imply indicate insist joke lament maintain mention note observe point
    predict promise propose recall reiterate remark repeat reply report respond reveal rule say
    signal speculate state stress suggest suspect swear testify think threaten tweet underscore
    vow warn write tell inform assure remind
    """.split()
)
"""Verbs whose clause after "that" is a statement."""

BARE_CLAUSE_VERBS: frozenset[str] = frozenset(
    "say think believe add claim hope insist suggest argue admit acknowledge tell".split()
)
"""Verbs whose clause may follow without "that"."""

SUBJECT_PRONOUNS: frozenset[str] = frozenset("he she they it i we who".split())
PERSON_PRONOUNS: dict[str, str] = {
    "he": "m", "him": "m", "his": "m", "himself": "m",
    "she": "f", "her": "f", "hers": "f", "herself": "f",
    "they": "p", "them": "p", "their": "p", "theirs": "p",
    "it": "n", "its": "n", "itself": "n",
    "who": "r", "which": "r", "that": "r", "whom": "r", "whose": "r",
    "i": "1", "me": "1", "my": "1", "we": "1p", "us": "1p", "our": "1p",
    "you": "2",
}  # fmt: skip
"""Pronoun -> gender or kind: m, f, p(lural), n(euter), r(elative), 1, 1p, 2."""

TITLES: frozenset[str] = frozenset(
    """
    mr mrs ms miss dr prof professor sir dame lord lady mx sen senator rep representative gov
    governor president vice prime minister premier chancellor king queen prince princess pope
    judge justice gen general col colonel lt lieutenant sgt sergeant capt captain cmdr commander
    adm admiral maj major rev reverend father sister bishop archbishop cardinal rabbi imam mayor
    secretary ambassador attorney chief chairman chairwoman director speaker congressman
    congresswoman councilman councilwoman commissioner sheriff detective officer spokesman
    spokeswoman spokesperson candidate nominee democrat republican former ex-president deputy
    defense foreign interior finance first lady coach sen. rep. gov. mr. mrs. ms. dr. prof.
    hon hon. gen. lt. col. sgt. capt. cmdr. adm. maj. rev. pres. pres amb. amb atty. dep. sec. u.s.
    editor reporter correspondent columnist analyst economist businessman billionaire author
    democratic gop conservative liberal incumbent retired acting mexican american british russian
    chinese french german israeli iranian canadian vice-president co-founder founder ceo
    actor actress singer activist strategist adviser advisor aide pollster host anchor
    """.split()
)
"""Words before a name that are not part of it."""

ROLE_NOUNS: frozenset[str] = frozenset(
    """
    president minister premier chancellor senator congressman congresswoman representative governor
    mayor secretary ambassador chief chairman chairwoman director speaker spokesman spokeswoman
    spokesperson candidate nominee leader official officials officer general colonel judge justice
    lawyer attorney prosecutor analyst economist professor researcher scientist expert experts
    author writer columnist reporter journalist editor host adviser advisor aide strategist pollster
    businessman mogul billionaire activist organizer voter voters resident residents witness
    critic critics supporter supporters source sources diplomat diplomats soldier farmer teacher
    doctor nurse student worker mother father wife husband son daughter brother sister man woman
    sheriff commissioner commander pope bishop priest king queen prince king politician lawmaker
    lawmakers democrat republican
    """.split()
)

MALE_HINTS: frozenset[str] = frozenset(
    "mr mr. sir lord king prince father brother son husband spokesman chairman congressman "
    "businessman councilman pope actor".split()
)
FEMALE_HINTS: frozenset[str] = frozenset(
    "mrs mrs. ms ms. miss dame lady queen princess mother sister daughter wife spokeswoman "
    "chairwoman congresswoman councilwoman actress".split()
)
FEMALE_NAMES: frozenset[str] = frozenset(
    """
    hillary claudia kellyanne melania ivanka elizabeth mary sarah susan karen nancy megyn michelle
    angela theresa jill ann anne anna barbara jennifer jessica donna debbie katrina hope gloria
    kathleen linda lisa laura julia julie jane janet kate katie kelly kim maria margaret martha
    megan nicole nikki olivia patricia rachel rebecca rosa ruth samantha sandra sharon stephanie
    tammy teresa tiffany vanessa victoria wendy alicia amy andrea carol caroline catherine
    christina cynthia dana deborah diane dianne dolores dorothy emily emma eva gwen hannah heather
    helen huma irene isabel jackie joan joanna judith kamala katherine kirsten leslie loretta
    marine madeleine michele monica naomi natalie paula
    """.split()
)
MALE_NAMES: frozenset[str] = frozenset(
    """
    donald barack john james robert michael william david richard joseph thomas charles mike tim
    paul george bill bob jim joe tom steve mark kevin brian jeff scott eric peter ted bernie marco
    jeb rudy newt chris mitt harry mitch chuck rand ben gary evan vladimir bashar xi justin
    emmanuel francois boris nigel jeremy adam alan albert alex alexander andrew anthony antonio
    arthur benjamin brad bruce carl carlos christopher corey daniel dan dennis douglas edward
    frank fred gerald glenn greg gregory henry howard ian jack jacob jake jason jay jerry jon
    jonathan jose josh juan keith ken kenneth larry lawrence lee leon louis luis manuel martin
    matt matthew miguel nathan neil nicholas nick oliver oscar pablo patrick pedro philip phil
    ralph ray raymond reince roger ron ronald roy russell ryan sam samuel sean sergei stephen
    steven stuart terry tony vincent walter warren wayne will wolf
    """.split()
)

NOT_NAMES: frozenset[str] = frozenset(
    """
    the a an this that these those he she it they we i you his her its their our my your but and or
    if when while as in on at by for from to of with after before since until although though
    because so yet nor not no yes there here what who how why where which monday tuesday wednesday
    thursday friday saturday sunday january february march april may june july august september
    october november december mr mrs ms today yesterday tomorrow now then also however meanwhile
    still even just only more most many some several all both each every such according during
    one two three four five six seven eight nine ten last next earlier later asked other others
    another those any once despite under over between among about instead perhaps maybe well
    """.split()
)
"""Capitalised at a sentence start, but no name."""

ANONYMOUS_NOUNS: frozenset[str] = frozenset(
    """
    official officials source sources person people aide aides adviser advisers advisor advisors
    analyst analysts expert experts critic critics observer observers diplomat diplomats insider
    insiders supporter supporters witness witnesses resident residents voter voters lawmakers
    republicans democrats operatives operative strategists strategist staffers staffer researchers
    scientists economists investigators authorities activists protesters employee employees
    spokesman spokeswoman spokesperson man woman others some many several pollsters economist
    attorneys lawyers prosecutors reporters journalists men women
    """.split()
)

HYPOTHETICAL_WORDS: frozenset[str] = frozenset(
    "would could might may should will if whether shall can".split()
)
NEGATION_WORDS: frozenset[str] = frozenset(
    "not n't n’t never no declined declines decline refused refuses refuse failed fails without "
    "neither nor didn't didn’t doesn't doesn’t don't don’t won't won’t wouldn't wouldn’t "
    "hasn't hasn’t hadn't hadn’t couldn't couldn’t cannot can't can’t stopped".split()
)

CLAUSE_STARTERS: frozenset[str] = frozenset(
    """
    that but and because although though while when whenever after before if as since until where
    whereas unless so or nor whether which than
    """.split()
)
PHRASE_ENDERS: frozenset[str] = frozenset(
    """
    in during at on to who which when after as before while told adding about by through via for
    with from over against under since until because and that if outside inside
    upon amid into where without
    referring speaking citing noting pointing sitting standing explaining describing
    monday tuesday wednesday thursday friday saturday sunday yesterday today last this earlier
    later recently once here afterward flatly bluntly simply
    """.split()
)
ADVERBS: frozenset[str] = frozenset(
    """
    also later then again once repeatedly often now just recently already still even further
    has have had was is were are been being be did does do would will could may might must can
    always never not first initially subsequently rightly wrongly famously only
    reportedly allegedly earlier yesterday today monday tuesday wednesday thursday friday saturday
    sunday both all himself herself themselves itself
    """.split()
)

ORGANISATION_WORDS: frozenset[str] = frozenset(
    """
    university department committee house senate party time post new court bank institute
    association council agency bureau union group center centre fund commission campaign inc corp
    company office ministry administration congress parliament foundation federation force army
    navy police guard journal herald tribune gazette network radio tv cnn nbc abc cbs msnbc fox bbc
    reuter press magazine college school hospital church league team street wall board service
    authority coalition alliance movement organization organisation society club america nation
    international national state kingdom republic county city north south east west hall
    """.split()
)
"""Words that make a name an organisation or a place (a final "s" is ignored)."""

PLACES: frozenset[str] = frozenset(
    """
    america mexico canada china russia iran iraq syria israel france germany britain england
    ukraine japan india pakistan afghanistan turkey venezuela cuba brazil colombia europe asia
    africa washington texas florida ohio california virginia michigan iowa nevada wisconsin
    pennsylvania georgia arizona colorado london paris berlin moscow beijing brussels chicago
    boston manhattan brooklyn hollywood libya egypt yemen somalia nigeria kenya sudan ethiopia
    libya lebanon jordan spain italy poland hungary greece sweden norway
    """.split()
)

NESTED_VERBS: frozenset[str] = frozenset(
    "say tell ask reply write shout scream cry answer yell whisper promise warn call".split()
)
"""Verbs that introduce a quote within a quote."""
