"""Markdown to clean HTML and to plain text: the one place where an author's words become markup.

The order matters. The input is bounded, Python-Markdown renders, bleach keeps what the list allows,
and nh3, which is maintained, has the last word with the same list. Links are then marked where they
leave the portal. Nothing is ever turned into a link by itself.

What is rendered is what is signed, and stays as it is. Where a page wants to lead to one paragraph
of it, the paragraphs get their names when the page is made (`anchored`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import bleach
import markdown
import nh3

from debriefs.exceptions import Refused

#: Characters in one text. Ten pages; a longer one is not read the night before a warrant.
LONGEST = 40_000

#: The parsers take quadratic time on many of these, and a table has as many cells as rows times
#: columns, so each is bounded. No text that somebody wants to read comes near.
MOST_BRACKETS = 200
MOST_ANGLES = 200
MOST_LINES = 1_500
MOST_COLUMNS = 20

TAGS = {
    "a", "abbr", "blockquote", "br", "code", "del", "em", "h3", "h4", "hr", "li", "ol", "p", "pre",
    "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "ol": {"start"}, "th": {"scope"}}
SCHEMES = {"http", "https"}

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_LINK = re.compile(r'<a (?=(?:title="[^"]*" )?href="([^"]*)")')
#: An address within the portal: without a scheme, and without a host.
_INSIDE = re.compile(r"(?![a-z][a-z0-9+.-]*:)(?!(?:[/\\]){2})", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
#: A tag as `render` writes it: whatever stands in quotes belongs to it, whole.
_WHOLE_TAG = re.compile(r'<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)(?:[^<>"]|"[^"]*")*>')
#: What may be led to: the innermost of these around some words is their paragraph.
PARAGRAPHS = {"p", "li", "h3", "h4", "blockquote", "pre", "tr"}
_BLOCK_END = re.compile(r"</(?:p|li|h3|h4|td|th|tr|blockquote|pre)>|<br\s*/?>|<hr\s*/?>")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a text looks like (`html`, safe to put into a page as it is) and what it says
    (`text`)."""

    html: str
    text: str


def tidy(source: str) -> str:
    """The text as it is kept: Unix line ends, no control characters, no text-direction overrides.

    Raises Refused, with what to do, for a text that is too long or would take too long to render.
    """
    clean = _BIDI.sub(
        "", _CONTROL.sub("", source.replace("\r\n", "\n").replace("\r", "\n"))
    ).strip()
    if len(clean) > LONGEST:
        raise Refused(
            f"This text has {len(clean):,} characters. "
            f"Keep each section under {LONGEST:,}, or split it in two."
        )
    for sign, most, name in (
        ("[", MOST_BRACKETS, "opening square brackets"),
        ("<", MOST_ANGLES, "less-than signs"),
        ("\n", MOST_LINES, "lines"),
    ):
        if clean.count(sign) > most:
            raise Refused(
                f"This text has more than {most:,} {name}. Take some out, or split it in two."
            )
    if any(line.count("|") > MOST_COLUMNS + 1 for line in clean.split("\n")):
        raise Refused(
            f"This text has a line with more than {MOST_COLUMNS} columns. "
            "Make the table narrower, or split it in two."
        )
    return clean


def tidy_line(source: str) -> str:
    """A text of one line as it is kept: as `tidy`, with every run of white space as one space."""
    return " ".join(tidy(source).split())


def render(source: str) -> Rendered:
    """HTML and plain text of a Markdown text; raises as `tidy` does."""
    try:
        raw = markdown.markdown(
            tidy(source),
            extensions=["sane_lists", "tables"],
            output_format="html",
        )
    except RecursionError:
        raise Refused("This text has lists within lists, too deep. Make them simpler.") from None
    clean = _clean(_lower_headings(raw)).replace("<th></th>", "<td></td>")  # no empty headings
    return Rendered(html=_mark_external(clean), text=_plain(clean))


def _clean(markup: str) -> str:
    cleaned = bleach.clean(
        markup,
        tags=TAGS,
        attributes={tag: sorted(names) for tag, names in ATTRIBUTES.items()},
        protocols=SCHEMES,
        strip=True,
        strip_comments=True,
    )
    last = nh3.clean(
        cleaned,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
    return _BIDI.sub("", _CONTROL.sub("", last))  # those that were written as entities


def _lower_headings(markup: str) -> str:
    """An author's first two levels of heading stand below the section's own, which is an h2."""
    return re.sub(r"<(/?)h[12]>", r"<\1h3>", re.sub(r"<(/?)h[56]>", r"<\1h4>", markup))


def _mark_external(markup: str) -> str:
    """Say on every link to another site that it is one, and tell that site nothing."""

    def mark(found: re.Match[str]) -> str:
        # A browser drops tabs and ends of lines from an address, and reads \\ as /.
        address = re.sub(r"[\t\r\n]", "", html.unescape(found[1])).strip()
        if _INSIDE.match(address):
            return found[0]
        return '<a class="app-external" rel="noopener noreferrer nofollow external" '

    return _LINK.sub(mark, markup)


def _plain(markup: str) -> str:
    """The words alone, a line a block."""
    words = html.unescape(_TAG.sub("", _BLOCK_END.sub("\n", markup)))
    return "\n".join(line.strip() for line in words.splitlines() if line.strip())


def anchored(markup: str, prefix: str) -> str:
    """The HTML of `render` in which the n-th paragraph has the id `{prefix}-p{n}`, from 1.

    For display only: not one word changes, and what was signed is what `render` gave.
    """
    pieces: list[str] = []
    written = 0
    for number, paragraph in enumerate(_paragraphs(markup), start=1):
        pieces += [markup[written : paragraph.name_end], f' id="{prefix}-p{number}"']
        written = paragraph.name_end
    return "".join([*pieces, markup[written:]])


def paragraphs(markup: str) -> list[str]:
    """The words of each paragraph of the HTML of `render`, in the order in which `anchored` numbers
    them; a paragraph within another is its own, and not part of the outer one."""
    return [" ".join("".join(each.words).split()) for each in _paragraphs(markup)]


@dataclass(slots=True)
class _Paragraph:
    """Where the name of its tag ends, and the words of its own."""

    name_end: int
    words: list[str] = field(default_factory=list)


def _paragraphs(markup: str) -> Iterator[_Paragraph]:
    """The paragraphs that hold words of their own, in order."""
    found: list[_Paragraph] = []
    around: list[tuple[str, _Paragraph]] = []
    read = 0
    for tag in _WHOLE_TAG.finditer(markup):
        _put(markup[read : tag.start()], around)
        read = tag.end()
        name = tag["name"]
        if name not in PARAGRAPHS:
            if name in {"br", "td", "th"}:
                _put(" ", around)
        elif not tag["end"]:
            found.append(_Paragraph(tag.end("name")))
            around.append((name, found[-1]))
        elif around:
            around.pop()
    return (each for each in found if "".join(each.words).strip())


def _put(words: str, around: list[tuple[str, _Paragraph]]) -> None:
    if words and around:
        around[-1][1].words.append(html.unescape(words))
