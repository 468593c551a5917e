"""From an HTML page to the text of its article."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import DataError, StanceError
from stance.extract.html import html_to_document, html_to_text

BODY = "".join(
    f"<p>Paragraph {number} tells of the bridge that the mayor of the valley wants to close.</p>"
    for number in range(6)
)
PAGE = f"""<!DOCTYPE html><html><head><title>Bridge to close - The Daily Globe</title>
<meta property="og:title" content="Bridge to close">
<meta property="og:site_name" content="The Daily Globe">
<meta name="author" content="Ada Berg, Bo Ek">
<meta property="article:published_time" content="2026-03-04T10:00:00Z">
<link rel="canonical" href="https://example.org/bridge">
<style>p {{ color: red }}</style></head><body>
<header><p>The Daily Globe, all that the valley needs to know</p></header>
<nav><ul><li><a href="/">Front page</a></li><li><a href="/w">World</a></li></ul></nav>
<article><h1>Bridge to close</h1>
<p>Rain fell on Monday. &ldquo;We will <b>stay</b>
here,&rdquo; said <a href="/c">Carla Diaz</a>.</p>{BODY}
<blockquote><p>&ldquo;Nobody asked us,&rdquo; wrote the farmers.</p></blockquote></article>
<aside><p>Ten other stories that you may like to read today, said nobody.</p></aside>
<footer><p>Copyright 2026, all rights reserved.</p></footer>
<script>var hidden = "said the script";</script></body></html>"""


def test_an_article_keeps_its_paragraphs_and_loses_what_stands_beside_it() -> None:
    paragraphs = html_to_text(PAGE).split("\n\n")
    assert "Rain fell on Monday. “We will stay here,” said Carla Diaz." in paragraphs
    assert "“Nobody asked us,” wrote the farmers." in paragraphs
    assert sum(part.startswith("Paragraph ") for part in paragraphs) == 6
    text = " ".join(paragraphs)
    for beside in ("needs to know", "Front page", "may like", "Copyright", "script", "color"):
        assert beside not in text


def said(number: int) -> str:
    return f"“We keep bridge {number} open until the summer,” said the mayor of town {number}."


MIXED = "".join(
    f"<{'p' if i % 2 else 'div'}>{said(i)}</{'p' if i % 2 else 'div'}>" for i in range(8)
)
BESIDE = (
    '<nav><p>Go to the front page of this newspaper, where all of it begins.</p></nav>'
    '<div class="related-stories"><p>“Bridges are dull,” said a man nobody asked.</p></div>'
    "<aside><p>“Read this as well, it is nearly about the same,” said the box.</p></aside>"
    '<ul><li><a href="/x">A long headline of an article about another thing</a></li></ul>'
    "<script>var x = '“We never said this, but it is a long sentence,” said the script.'</script>"
)  # fmt: skip


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body>{BESIDE}{MIXED}</body></html>",
        f"<html><body>{BESIDE}<article>{MIXED}</article>{BESIDE}</body></html>",
        f"<html><body><main><div>{MIXED}</div></main>{BESIDE}</body></html>",
        f"<html><body><div id='story'>{MIXED}</div>{BESIDE}</body></html>",
    ],
)
def test_paragraphs_set_in_different_elements_are_all_kept(
    page: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="stance"):
        text = html_to_text(page)
    assert text.split("\n\n") == [said(i) for i in range(8)]
    assert "characters of prose" in caplog.text
    assert html_to_document(page).text == text


@pytest.mark.parametrize(
    "page",
    [
        "<h1>Tax</h1><div>The mayor said the tax is bad.<div>Rain fell on the town all day."
        "</div></div><p>“<a href='/b'>Linked quote here</a>,” said Bob.</p>",
        "<h1>Tax</h1><div>The mayor said the tax is bad.<div>…</div></div>"
        "<p>“Linked quote here,” said Bob.</p>",
        "<div>The mayor said the tax is bad.</div><p>“Linked quote here,” said Bob.</p>",
    ],
)
def test_a_short_first_sentence_is_kept(page: str) -> None:
    parts = html_to_text(f"<html><body>{page}</body></html>").split("\n\n")
    assert "The mayor said the tax is bad." in parts
    assert "“Linked quote here,” said Bob." in parts


def test_an_article_that_is_told_apart_well_takes_nothing_from_around_it() -> None:
    names = ("comments", "most-popular", "newsletter-box", "teaser", "cookie-notice")
    boxes = "".join(f"<div class='{name}'>{said(9)}</div>" for name in names)
    story = "".join(f"<p>{said(i)}</p>" for i in range(6))
    page = f"<html><body><h1>Bridges</h1>{story}{boxes}</body></html>"
    assert [part for part in html_to_text(page).split("\n\n") if "“" in part] == [
        said(i) for i in range(6)
    ]


@pytest.mark.parametrize("tag", ["nav", "header", "footer", "aside"])
@pytest.mark.parametrize("length", [1, 6])
def test_no_part_beside_a_short_or_long_article_is_taken(tag: str, length: int) -> None:
    words = "Said the council, which has nothing to do with the article, in a box of its own."
    article = "<p>“We stay,” said Ada Berg, who has lived in the valley for years.</p>" * length
    page = f"<html><body><{tag}><p>{words}</p></{tag}><div>{article}</div></body></html>"
    assert "“We stay,” said Ada Berg" in html_to_text(page)
    assert "box of its own" not in html_to_text(page)


@pytest.mark.parametrize("role", ["navigation", "banner", "contentinfo", "complementary"])
def test_parts_named_by_their_role_are_left_out(role: str) -> None:
    page = f'<body><div role="{role}"><p>Beside it.</p></div><main>{BODY}</main></body>'
    assert "Beside" not in html_to_text(page)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<html><body><p>&ldquo;Go,&rdquo;\n she said.</p><p>A&amp;B", "“Go,” she said.\n\nA&B"),
        ("<html><head><title>T</title><body><p>Go</p>", "Go"),  # no </head>
        ("<body>One line.<br>Another line.</body>", "One line.\n\nAnother line."),
        ("<table><tr><td><p>One.</p><p>“Two,” she said.</p></td></tr></table>",
         "One.\n\n“Two,” she said."),
        ("<nav><p>Only a menu</p></nav>", "Only a menu"),
        ("<body><header>H</header><p>short</p></body>", "short"),
        ("no tags, “yes,” she said", "no tags, “yes,” she said"),
        ("<![x[ foo]>x", "x"),
        ("a<!-- hidden -->b", "ab"),
        ("<p>We\x0bstay,&#11; he\x1b said.\ufffe</p>", "We stay, he said."),
        ("no" + "<b>\u3000</b>" * 30_000 + "yes", "no" + "\u3000" * 30_000 + "yes"),
        ("<script>x</script><svg><text>y</text></svg>", ""),
        ("<p></p>", ""),
        ("", ""),
        (" \n", ""),
    ],
)  # fmt: skip
def test_small_and_broken_pages(page: str, text: str) -> None:
    assert html_to_text(page) == text


def test_what_a_page_tells_of_its_article() -> None:
    document = html_to_document(PAGE, id="7")
    assert document.text == html_to_text(PAGE)
    assert document.id == "7"
    assert document.title == "Bridge to close"
    assert document.date == "2026-03-04"
    assert document.outlet == "The Daily Globe"
    assert document.authors == ("Ada Berg", "Bo Ek")
    assert document.url == "https://example.org/bridge"
    assert html_to_document(PAGE, url="https://example.org/x").url == "https://example.org/x"


def test_a_page_that_tells_nothing() -> None:
    document = html_to_document("<p>Copyright 2019. “We stay,” she said.</p>")
    assert "“We stay,” she said." in document.text
    assert (document.title, document.date, document.outlet, document.url) == (None,) * 4
    assert document.authors == ()


@pytest.mark.parametrize("page", [None, b"<p>x</p>", 7])
def test_a_page_that_is_no_string_is_refused(page: object) -> None:
    with pytest.raises(DataError, match="decoded string"):
        html_to_text(page)  # type: ignore[arg-type]


SHALLOW = "<p>The council met for the third time to hear what people think of its plan.</p>" * 2


@pytest.mark.parametrize("before", ["", SHALLOW], ids=["alone", "below text that could be read"])
@pytest.mark.parametrize("tag", ["div", "b", "section", "blockquote"])
def test_a_page_nested_too_deep_to_be_read_is_refused(tag: str, before: str) -> None:
    with pytest.raises(DataError, match="nests its elements"):
        html_to_text(f"<body>{before}" + f"<{tag}>" * 9_000 + "<p>“We stay,” she said.</p>")


def test_a_page_nested_hundreds_deep_is_read() -> None:
    assert "“We stay,” she said." in html_to_text(
        SHALLOW + "<div>" * 900 + "<p>“We stay,” she said."
    )


@pytest.mark.parametrize(
    "piece",
    ["<", "<!", "<![", "<a ", "<p>", "&", "<!--", "</", '<a b="', "<script>", "\x00", "&#xD800;"],
)
def test_hostile_pages_end_soon_and_in_no_other_error(piece: str) -> None:
    try:
        html_to_text(piece * 20_000 + "x")
    except StanceError:
        pass


TAGS = st.sampled_from(
    "<p> </p> <div> </div> <nav> </nav> <br> <article> </article> <table> <td> <script> </script> "
    "<!-- --> <![CDATA[ ]]> <?x ?> <a href='x'> </a> &amp; &#0; &ldquo; <body> <html> </html> < > "
    "“We stay,” said Ada . \x00 \ud800 \u2028 <?xml version='1.0' encoding='utf-16'?>".split(" ")
)


@settings(max_examples=60)
@given(st.lists(TAGS, max_size=40).map("".join))
def test_any_page_gives_paragraphs_without_blank_ends(page: str) -> None:
    text = html_to_text(page)
    assert all(part == part.strip() and part for part in text.split("\n\n")) or not text


@pytest.mark.parametrize(
    "attribute",
    [
        "a{}",
        "a{}=1",
        "a{}='>'",
        'a{}="<b> it > 1"',
        "a{} = x",
        "/a{}",
        "=a{}",
        "x <b{}",
        "\n\ta{}=''",
    ],
)
def test_a_tag_with_thousands_of_attributes_costs_no_more_than_its_length(attribute: str) -> None:
    many = " ".join(attribute.format(number) for number in range(20_000))
    page = (
        f"<p class='lead' {many}>“We stay,” said Ada Berg, who keeps the lighthouse.</p><p>No.</p>"
    )
    begun = time.process_time()
    html_to_text(page)
    many_took = time.process_time() - begun
    plain = f"<p>{'We stay here. ' * (len(page) // 14)}</p>"
    html_to_text(plain)
    begun = time.process_time()
    html_to_text(plain)
    assert many_took < 10 * (time.process_time() - begun) + 0.2


def test_what_is_behind_such_a_tag_or_a_comparison_is_read() -> None:
    many = " ".join(f"a{number}='{number} > 0'" for number in range(1000))
    script = "<script>if (n <m) { " + "go = 'on'; stop('x'); " * 400 + "}</script>"
    few = 'href="/a?b=1" title="1 < 2 > 0"'
    page = f"<body>{script}<p {many}>We stay.</p><p><a {few}>They go</a> home today.</p></body>"
    assert html_to_text(page) == "We stay.\n\nThey go home today."


CONTROLS = (
    "\x01", "\x0b", "\x0c", "\x1f", "\x7f", "\x9f", "\ufffe", "\uffff", "\ud800", "\x00", "&#0;",
    "&#1;", "&#0011", "&#12;", "&#xB;", "&#X00fffe;", "&#65535;", "&#&#1;1;", "&#\x021;", "&#x1b",
)  # fmt: skip
SAID = "The pilot said: “The bar is silting up.”"


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize(
    "page",
    [
        "<body><nav>Ports</nav>{}<article><p>SAID</p></article></body>{}</html>",
        "<html><body><main><p>SAID</p><div>Ro <b>Ek</b> left.</div></main></body>{}",
        "<p>SAID</p><aside>Tides</aside>{} <footer>{}</footer>{}",
        "<div><p><a href='/x'>More</a>{}</p><p>SAID</p></div>",
    ],
)
def test_control_characters_between_elements_harm_nothing(page: str, control: str) -> None:
    assert SAID in html_to_text(page.replace("SAID", SAID).replace("{}", control))


@pytest.mark.parametrize(
    ("word", "read"),
    [
        ("sil\x1fting", "silting"),
        ("silt\x0cing", "silt ing"),
        ("silt&#1;ing", "silt ing"),
        ("silt&#x0C;ing", "silt ing"),
        ("silt&#12ing", "silt ing"),
        ("silt&#x2019;ing", "silt’ing"),
        ("silt&#0105;ng", "silting"),
        ("silt&#65;&#x41", "siltAA"),
        ("silt&#133;", "silt…"),
    ],
)
def test_characters_by_their_numbers_are_read_and_control_characters_are_not(
    word: str, read: str
) -> None:
    text = html_to_text(f"<article><p>The pilot said: “The bar is {word} up.”</p></article>")
    assert text == f"The pilot said: “The bar is {read} up.”"
