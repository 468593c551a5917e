"""Hostile articles by family: what breaks or slows an extraction, at any size asked for.

A family is a function from a number of code points and a generator of random numbers to a text of
about that many. Every family is made here, from pieces; none holds a text of others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

Family = Callable[[int, Random], str]

_CUES = "said says saying told tells claims warned denied announced according asked".split()
_GIVEN = "Ada Bo Carla Dag Eve Finn Gro Hugo Ina Jon Kai Liv Mads Nora Ole Pia".split()
_NAMES = "Berg Dahl Lund Vance Ruiz Saleh Okoro Ito Park Novak Silva Mwangi Haddad".split()
_TITLES = "Mr Mrs Dr Prof Sen Gov President Minister Mayor Lord Sir Judge Chairman".split()
_PRONOUNS = "he she it they who I we".split()
_NOUNS = "statement report minister spokesman officials union company letter court".split()


def repeated(piece: str) -> Family:
    """A piece over and over."""

    def make(size: int, random: Random) -> str:
        return (piece * (size // len(piece) + 1))[: max(size, len(piece))]

    return make


def before_quote(piece: str) -> Family:
    """A piece over and over, and then a quotation with its speaker."""

    def make(size: int, random: Random) -> str:
        return repeated(piece)(size, random) + "“We will stay here,” Ada Berg said."

    return make


def nested(opening: str, closing: str) -> Family:
    """Marks opened one within another, and closed again."""

    def make(size: int, random: Random) -> str:
        depth = max(1, size // (len(opening) + len(closing)))
        return opening * depth + closing * depth

    return make


def within(opening: str, piece: str, closing: str) -> Family:
    """A piece over and over between two marks."""

    def make(size: int, random: Random) -> str:
        body = repeated(piece)(size, random)
        return f"{opening}{body}{closing} Ada Berg said."

    return make


def shuffled(pieces: str, joint: str = " ", stop: str = "") -> Family:
    """Words drawn at random."""
    words = pieces.split()

    def make(size: int, random: Random) -> str:
        made: list[str] = []
        length = 0
        while length < size:
            word = random.choice(words) + (stop if random.random() < 0.1 else "")
            made.append(word)
            length += len(word) + len(joint)
        return joint.join(made)

    return make


def numbered(pattern: str) -> Family:
    """A pattern with a name of its own each time; ``@`` stands for the name."""

    def make(size: int, random: Random) -> str:
        made: list[str] = []
        length = number = 0
        while length < size:
            name = "".join(chr(97 + int(digit)) for digit in str(number)).capitalize()
            made.append(pattern.replace("@", name))
            length += len(made[-1])
            number += 1
        return "".join(made)

    return make


def drawn(low: int, high: int) -> Family:
    """Code points drawn from a range; half characters are among those of some ranges."""

    def make(size: int, random: Random) -> str:
        return "".join(chr(random.randint(low, high)) for _ in range(size))

    return make


TEXTS: dict[str, Family] = {
    # cue verbs
    "participles, then a quote": before_quote("saying; "),
    "participles with commas": before_quote("saying, "),
    "cues": shuffled(" ".join(_CUES)),
    "cues with stops": shuffled(" ".join(_CUES), stop="."),
    "according to": repeated("according to "),
    "according to with names": repeated("according to Ada Berg, "),
    "said that said that": repeated("said that "),
    "he said she said": repeated("he said she said "),
    "asked whether": repeated("asked whether "),
    "would not have said": repeated("would not have said that "),
    "is expected to say": repeated("is expected to say "),
    "shows that": repeated("it shows that which suggests "),
    "which said was": repeated("a law which Berg said was "),
    # quotes
    "double quotes without ends": repeated("“we stay” said he "),
    "straight quotes without ends": repeated('"we stay" said he '),
    "single quotes without ends": repeated("‘we will stay,’ he said "),
    "nested single": nested("‘we say ", "so,’ he said "),
    "nested single in double": within("“", "he told me, ‘we will go,’ and ", "”"),
    "nested single without ends": within("“", "‘we all go,’ he ", "”"),
    "nested double": nested("“We ", "go” "),
    "nested straight": nested('("', '")'),
    "opening marks": repeated("“"),
    "closing marks": repeated("”"),
    "closing marks behind words": repeated("no,” "),
    "closing marks behind sentences": repeated("Now no. Yes,” "),
    "straight marks": repeated('"'),
    "single marks": repeated("'"),
    "curly single marks": repeated("’"),
    "opening single marks": repeated("‘a "),
    "backticks": repeated("``a'' "),
    "guillemets": repeated("«non» "),
    "opening marks behind words": repeated("“word "),
    "closing marks before words": repeated("”word "),
    "mixed marks": shuffled("“ ” \" ' ‘ ’ « » „ `` '' a We no. go,", joint=""),
    "mixed marks and words": shuffled("“we stay” ,” ‘no’ \"yes\" he she said . , Ada"),
    "inches": repeated("5'10\" "),
    "quote over paragraphs": repeated("“We go on and on, he said.\n\n"),
    "quotes of one letter": repeated("“a” "),
    "quotes resumed": repeated("“We stay,” he said, “and go.” "),
    "quotes with dashes": repeated("“We stay here.” — Ada Berg "),
    "scare quotes": repeated("the “so-called” and ‘so-named’ "),
    "one quote": within("“", "we will stay here and go on ", "”"),
    "one quote of sentences": within("“", "We will stay here. We go on. ", "”"),
    "unclosed quote": before_quote("“We go on and on, and "),
    # brackets and punctuation
    "round brackets": nested("(", ")"),
    "square brackets": nested("[", "] "),
    "curly brackets": nested("{a ", "} "),
    "open brackets": repeated("(a "),
    "mixed brackets": shuffled("( ) [ ] { } < > a said", joint=""),
    "full stops": repeated("."),
    "full stops apart": repeated(". "),
    "ellipses": repeated("… "),
    "ellipses of stops": repeated("... "),
    "question marks": repeated("? "),
    "exclamations and marks": repeated("!”"),
    "dashes": repeated("— "),
    "hyphens": repeated("a-"),
    "commas": repeated(", "),
    "colons": repeated("Ada: "),
    "abbreviations": repeated("Mr. U.S. Dr. e.g. "),
    "apostrophes": repeated("dogs' cats' "),
    "possessives": repeated("Ada Berg's Bo's minister's "),
    "digits": repeated("12,345.67 "),
    "dots and capitals": repeated("A.B.C. "),
    # white space and control characters
    "blanks": before_quote(" "),
    "blanks between words": repeated("said" + " " * 400 + "Ada"),
    "tabs": before_quote("\t"),
    "newlines": before_quote("\n"),
    "carriage returns": before_quote("\r"),
    "line separators": before_quote("\u2028"),
    "no-break spaces": before_quote("Ada\u00a0"),
    "short lines": repeated("a\n"),
    "lines said": repeated("he said\n"),
    "wrapped lines": repeated("\n\nso he went and\nand said “no\n"),
    "null bytes": repeated("a\x00 "),
    "control characters": drawn(0, 31),
    "c1 characters": drawn(0x7F, 0x9F),
    "surrogates": drawn(0xD800, 0xDFFF),
    "surrogates within quotes": within("“", "no \ud800, ", "”"),
    # scripts
    "combining marks": repeated("e" + "\u0301" * 60),
    "one letter, many marks": before_quote("\u0301"),
    "zero width": repeated("s\u200ba\u200di\u200cd\ufeff "),
    "right to left": repeated("שלום said مرحبا \u202e“no”\u202c "),
    "bidi controls": repeated("\u202e\u202d\u2066"),
    "emoji": repeated("😀 "),
    "emoji sequences": repeated("👩‍👩‍👧‍👦"),
    "emoji and quotes": repeated("“😀” 👍 said "),
    "flags": repeated("\U0001f1f3\U0001f1f4"),
    "chinese": repeated("他说「我们不走」。"),
    "japanese without stops": repeated("彼は言った"),
    "thai": repeated("เขากล่าวว่า"),
    "cyrillic": repeated("Он сказал, что «мы остаёмся». "),
    "ligatures": repeated("ﬁnal ﬃ ﬅ "),
    "mathematical letters": repeated("𝕊𝕒𝕚𝕕 "),
    "private use": drawn(0xE000, 0xF8FF),
    "any code point": drawn(0, 0x10FFFF),
    "latin": drawn(32, 0x24F),
    "ascii": drawn(32, 126),
    "small letters": drawn(97, 122),
    "title case digraphs": repeated("ǅ Ǆ ǆ said "),
    "dotted capital i": repeated("İstanbul said İİ "),
    # long words and sentences
    "one word": repeated("x"),
    "one capital word": repeated("X"),
    "one word of a name": before_quote("Ada"),
    "one mixed word": repeated("aB1_"),
    "long words": repeated("a" * 3000 + " said "),
    "long capital words": repeated("A" + "a" * 3000 + " said "),
    "one sentence": repeated("and the mayor of the town went on "),
    "one sentence of capitals": repeated("And The Mayor Of The Town Went On "),
    "address": repeated("https://example.org/a/b?c=d&e=f#g"),
    "base64": shuffled("aGVsbG8 d29ybGQ Zm9v YmFy", joint=""),
    "underscores": repeated("_said_"),
    # names, titles, roles
    "surname": repeated("Berg said. "),
    "surname alone": repeated("Berg "),
    "full name and surname": repeated("Ada Berg said so. Berg said no. "),
    "names": numbered("@ Berg said so. "),
    "names, then surnames": lambda size, random: (
        numbered("@ Berg said so. ")(size // 2, random)
        + repeated("Berg said no. ")(size // 2, random)
    ),
    "namesakes quoted": numbered("@ Berg came. “We stay,” Berg said. "),
    "names without stops": numbered("@ Berg and "),
    "capitals": shuffled(" ".join(_GIVEN + _NAMES)),
    "names of ten words": lambda size, random: shuffled(
        " ".join(_GIVEN + _NAMES), stop="."
    )(size, random),
    "titles": shuffled(" ".join(_TITLES)),
    "titles of titles": repeated("President Minister of the Minister of "),
    "honorifics": repeated("Mr "),
    "honorifics with names": numbered("Mr @ said no. Mrs @ said yes. "),
    "particles": repeated("Ada de la van der "),
    "of of the": repeated("Ministry of the "),
    "and names": repeated("Ada Berg and Bo Dahl and "),
    "names with commas": repeated("Ada Berg, Bo Dahl, "),
    "names in brackets": repeated("Ada Berg (AB) "),
    "acronyms": numbered("Union of @ (U@) said. "),
    "appositions": repeated("Ada Berg, the mayor, the minister, "),
    "ages": repeated("Ada Berg, 45, "),
    "countries": repeated("Paris said France "),
    "countries after names": numbered("@ Dahl met Peru. Paris said no. Oslo said yes. "),
    "mayors of": repeated("Mayors of Aa Aa Aa Aa "),
    "ministers": repeated("the minister said so. "),
    "ministers of their own": numbered("The @ minister said no. "),
    "ministers after names": numbered("@ Dahl, the minister, came. The minister said no. "),
    "pronouns": shuffled("he she it they said told . no"),
    "pronouns after names": numbered("@ Dahl came. She said no. He said yes. "),
    "pronouns after sixty names": lambda size, random: (
        numbered("@ Dahl came. ")(800, random) + repeated("He said so. ")(size, random)
    ),
    "statements said": repeated("a statement said no. "),
    "statements after names": numbered("@ Dahl came. A statement said no. "),
    "their statements": repeated("The ministry's report said. Its report said. "),
    "reports of reports": repeated("the report's statement's letter's report said no. "),
    "relative": repeated("Ada Berg, who said, who "),
    "joint speakers": repeated("Ada Berg and Bo Dahl said. They said no. "),
    "headline": repeated("Ada Berg Says No As Bo Dahl Claims Yes "),
    # layout
    "questions and answers": repeated("Q: Do you go?\nA: We will stay here.\n"),
    "transcript": numbered("MR. @: We will stay here.\n"),
    "transcript of two": repeated("SEN. PARK: No.\nSEN. BERG: Yes, we do.\n"),
    "labels": numbered("@: no\n"),
    "labels without end": repeated("Ada Berg:\n"),
    "posts": numbered("@ Berg (@x@)\nWe will stay here now.\n"),
    "handles": repeated("@ab "),
    "bylines": repeated("By Ada Berg\n"),
    "bylines in one line": repeated("By Ada Berg Bo Dahl "),
    "credits": repeated("(Photo: Ada Berg)\n"),
    "credit behind stops": lambda size, random: "Ab. " * (size // 4) + "x/y z",
    "datelines": repeated("OSLO (Agency) - He said no.\n"),
    "list": repeated("• we will stay, he said\n"),
    "numbered list": numbered("1. @ said so\n"),
    "times": repeated("10:30 am - he said so\n"),
    "table": repeated("a | b | said | no\n"),
    "csv": repeated('"a","b, said","no"\n'),
    "json": repeated('{"said": ["no", "we stay"]}, '),
    "code": repeated('if (x == "said") { return \'no\'; } // '),
    "markdown": repeated("**said** _no_ [we](stay) > `go` "),
    "asides": repeated("(laughs) [applause] "),
    # mixtures
    "words": shuffled(" ".join(_CUES + _GIVEN + _NAMES + _TITLES + _PRONOUNS + _NOUNS), stop="."),
    "words and marks": shuffled(
        " ".join(_CUES + _GIVEN + _NAMES + _TITLES + _PRONOUNS + _NOUNS) + " “ ” , . : ; ‘ ’ that",
        stop=".\n",
    ),
    "letters apart": repeated("s a i d "),
}  # fmt: skip

PAGES: dict[str, Family] = {
    "tags never closed": repeated("<a "),
    "tags with one attribute": repeated('<a href="x" '),
    "attributes": lambda size, random: "<p " + numbered("@=1 ")(size, random) + ">no</p>",
    "one attribute": lambda size, random: f'<p class="{"ads " * (size // 4)}">no</p>',
    "open attribute": lambda size, random: '<p class="' + "a" * size,
    "open paragraphs": repeated("<p>we stay"),
    "open divisions": repeated("<div>no "),
    "open bold": repeated("<b>no "),
    "open links": repeated('<a href="/x">no '),
    "open lists": repeated("<ul><li>no "),
    "open tables": repeated("<table><tr><td>no "),
    "open forms": repeated("<form><select><option>no "),
    "closed only": repeated("</p></div></a>"),
    "crossed": repeated("<b><i>no</b></i>"),
    "less than": repeated("<"),
    "greater than": repeated(">"),
    "ampersands": repeated("&"),
    "entities": repeated("&amp;"),
    "entities without end": repeated("&amp"),
    "numbers of characters": repeated("&#0;&#xD800;&#x110000;"),
    "comments": repeated("<!-- no -->"),
    "open comments": repeated("<!--"),
    "declarations": repeated("<!"),
    "sections": repeated("<![CDATA[ no ]]>"),
    "instructions": repeated("<?php no ?>"),
    "doctypes": repeated("<!DOCTYPE html>"),
    "scripts": repeated("<script>no</script>"),
    "open scripts": repeated("<script>"),
    "styles": repeated("<style>p{}</style>"),
    "line breaks": repeated("<br>"),
    "line breaks and words": repeated("no<br>"),
    "paragraphs": repeated("<p>“We stay here,” Ada Berg said.</p>"),
    "short paragraphs": repeated("<p>a</p>"),
    "empty paragraphs": repeated("<p></p>"),
    "menus": repeated("<nav>no</nav>"),
    "asides": repeated("<aside><p>no</p></aside>"),
    "headers": repeated("<header>no</header>"),
    "articles": repeated("<article>no</article>"),
    "nested articles": nested("<article>", "no</article>"),
    "nested headers": nested("<header>", "no</header>"),
    "nested divisions": nested("<div>", "no</div>"),
    "nested spans": nested("<span>", "no</span>"),
    "nested quotes": nested("<blockquote>", "no</blockquote>"),
    "nested lists": nested("<ul><li>", "no</li></ul>"),
    "nested tables": nested("<table><tr><td>", "no</td></tr></table>"),
    "links": repeated('<a href="/x">no</a>'),
    "links in paragraphs": repeated('<p><a href="/x">“We stay,” he said</a></p>'),
    "lists": lambda size, random: f"<ul>{'<li>no</li>' * (size // 11)}</ul>",
    "rows": lambda size, random: f"<table>{'<tr><td>no' * (size // 10)}</table>",
    "cells": lambda size, random: f"<table><tr>{'<td>no</td>' * (size // 11)}</table>",
    "pictures": repeated('<img src="data:image/png;base64,AAAA" alt="no">'),
    "frames": repeated('<iframe src="x"></iframe>'),
    "drawings": repeated("<svg><path d='M0 0'/></svg>"),
    "headings": repeated("<h1>no</h1>"),
    "emphasis": repeated("<em>no</em> "),
    "blanks in elements": repeated("<b>\u3000</b>"),
    "metadata": repeated('<meta property="og:title" content="no">'),
    "bases": repeated('<base href="http://x">'),
    "titles": repeated("<title>no</title>"),
    "dates": repeated("<p>On 2026-03-04, 4 March 2026, 03/04/2026.</p>"),
    "json of the page": lambda size, random: (
        f'<script type="application/ld+json">{"{" * size}</script><p>no</p>'
    ),
    "json of authors": lambda size, random: (
        '<script type="application/ld+json">{"author": ['
        + '{"name": "Ada"},' * (size // 16)
        + "]}</script><p>no</p>"
    ),
    "null bytes": repeated("<p>\x00</p>"),
    "surrogates": repeated("<p>\ud800</p>"),
    "unknown tags": numbered("<@>no</@>"),
    "names of tags": lambda size, random: f"<{'a' * size}>no",
    "prefixes": repeated("<x:y>no</x:y>"),
    "frames of pages": repeated("<html><body>no</body></html>"),
    "heads": repeated("<head></head>"),
    "text": repeated("we stay here "),
    "one word": repeated("x"),
    "blanks": repeated(" "),
    "quotes": lambda size, random: f"<p>{'“We stay,” he said. ' * (size // 20)}</p>",
    "mixed tags": shuffled(
        "<p> </p> <div> </div> <a> </a> <b> </b> <ul> <li> </ul> <table> <tr> <td> </table> "
        "<article> </article> <nav> </nav> <!-- --> <script> </script> & &lt; < > “no,” said Ada"
    ),
    "mixed marks": shuffled("< > / = \" ' & ; ! - ? a p div ", joint=""),
}  # fmt: skip


def articles(count: int, size: int, *, seed: int = 0) -> Iterator[tuple[str, str]]:
    """Hostile texts and pages with the names of their families, from all families in turn.

    From the second round on texts mix two families, so that no article is made twice.
    """
    random = Random(seed)
    texts, pages = list(TEXTS), list(PAGES)
    for number in range(count):
        if number % 5 == 4:
            name = pages[number // 5 % len(pages)]
            yield f"page: {name}", PAGES[name](random.randint(size // 2, size), random)
            continue
        name = texts[(number - number // 5) % len(texts)]
        if number - number // 5 < len(texts):
            yield name, TEXTS[name](size, random)
            continue
        other = random.choice(texts)
        parts = [
            TEXTS[random.choice((name, other))](random.randint(1, size // 2), random)
            for _ in range(2)
        ]
        yield f"{name} + {other}", random.choice(("", " ", "\n\n", ". ")).join(parts)
