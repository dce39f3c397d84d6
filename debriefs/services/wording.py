"""How do two texts differ, in words? As blocks of HTML in which `<del>` and `<ins>` mark what went
and what came.

What is compared is what an author wrote, without the signs that only shape it: first paragraphs
with paragraphs, so that one that was added does not blur the rest, then the words of those that
belong together. Every character of a text is escaped here; a template puts `html` in as it is.
What two versions say besides their texts is compared in `difference.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import accumulate

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString


class Change(StrEnum):
    """What became of a thing between two versions."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, an item of a list (with its `marker`), a quotation or a row."""

    change: Change
    form: str
    marker: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class Wording:
    """Two texts as one, block by block.

    `shape_only` says that not a word differs, but something that shapes them does: emphasis, a
    list's numbers, where lines end.
    """

    blocks: Sequence[Block]
    shape_only: bool = False

    @property
    def change(self) -> Change:
        """What became of the text as a whole."""
        kinds = {block.change for block in self.blocks}
        if kinds <= {Change.SAME}:
            return Change.CHANGED if self.shape_only else Change.SAME
        return kinds.pop() if len(kinds) == 1 else Change.CHANGED


@dataclass(slots=True)
class Budget:
    """How many steps a comparison may still take; shared by all texts that one page compares.

    Finding what two texts have in common can take time with the cube of their length. Where the
    steps run out, what is left is shown as taken out and put in again, which is no less true.
    """

    steps: int = 6_000_000

    def spend(self, steps: int) -> None:
        """Raises `Spent` where there are not that many left."""
        if steps > self.steps:
            raise Spent
        self.steps -= steps


class Spent(Exception):
    """The budget of a comparison ran out."""


class _Matcher(SequenceMatcher[str]):
    """Difflib's matcher, which pays for each of its passes before it makes it."""

    b2j: dict[str, list[int]]

    def __init__(self, before: Sequence[str], after: Sequence[str], budget: Budget) -> None:
        super().__init__(None, before, after)
        self._budget = budget
        costs = (1 + len(self.b2j.get(each, ())) for each in before)
        self._cost_until = [0, *accumulate(costs)]

    def find_longest_match(  # type: ignore[override]
        self, alo: int, ahi: int, blo: int, bhi: int
    ) -> object:
        """As difflib does."""
        self._budget.spend(self._cost_until[ahi] - self._cost_until[alo])
        return super().find_longest_match(alo, ahi, blo, bhi)


def compare(before: str, after: str, budget: Budget | None = None) -> Wording:
    """Two Markdown texts as one, with what differs marked."""
    budget = budget or Budget()
    old, new = _blocks(before), _blocks(after)
    found = list(_aligned(old, new, budget))
    same = all(block.change is Change.SAME for block in found)
    return Wording(found, shape_only=same and before != after)


def compare_line(before: str, after: str, budget: Budget | None = None) -> SafeString:
    """Two texts of one line as one, with what differs marked."""
    if not before or not after:
        return _marked("ins", after) if after else _marked("del", before)
    return _words(before, after, budget or Budget())


# --- From Markdown to words -----------------------------------------------------------------------


@dataclass(slots=True)
class _Plain:
    """A block of a text: its form, its marker in a list, and its lines."""

    form: str
    marker: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The words alone, with one space between two of them."""
        text = _LINK.sub(r"\1 (\2)", " ".join(self.lines))
        return " ".join(_bare(word) for word in text.split())


_HEADING = re.compile(r"#{1,6}(?=\s)")
_UNDERLINE = re.compile(r"(?:=+|-+)\s*$")
_RULE = re.compile(r"(?:[-*_]\s*){3,}$")
_ITEM = re.compile(r"\s*([-*+]|\d{1,9}[.)])\s+(?=\S)")
_QUOTE = re.compile(r"\s{0,3}>\s?")
_ROW_RULE = re.compile(r"[\s|:-]*\|[\s|:-]*$")
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()]*)\)")
#: The signs that make a word bold, slanted or code; between two letters they are none. Each run is
#: tried once, from its start: many of them would take quadratic time otherwise.
_SHAPING = re.compile(r"(?<![*_`])[*_`]++(?!\w)|(?<![\w*`])[*_`]++")


def _bare(word: str) -> str:
    """The word without the signs that shape it; what is made of them alone is a word."""
    return _SHAPING.sub("", word) or word


def _blocks(source: str) -> list[_Plain]:
    """The blocks of a Markdown text, in order. It need not be told exactly as the renderer does:
    what is shown as it is signed is the rendered text."""
    found: list[_Plain] = []
    current: _Plain | None = None
    for line in source.split("\n"):
        if not line.strip():
            current = None
        elif heading := _HEADING.match(line):
            found.append(_Plain("heading", lines=[line[heading.end() :].rstrip("# ")]))
            current = None
        elif current and current.form == "paragraph" and _UNDERLINE.match(line):
            current.form, current = "heading", None
        elif _RULE.match(line) or _ROW_RULE.match(line):
            current = None
        elif item := _ITEM.match(line):
            marker = "•" if item[1] in "-*+" else f"{item[1][:-1]}."
            current = _Plain("item", marker, [line[item.end() :]])
            found.append(current)
        elif quote := _QUOTE.match(line):
            if current is None or current.form != "quote":
                current = _Plain("quote")
                found.append(current)
            current.lines.append(line[quote.end() :])
        elif "|" in line:
            cells = (cell.strip() for cell in line.strip().strip("|").split("|"))
            found.append(_Plain("row", lines=[" | ".join(cells)]))
            current = None
        else:
            if current is None:
                current = _Plain("paragraph")
                found.append(current)
            current.lines.append(line)
    return [block for block in found if block.words]


# --- Paragraphs with paragraphs -------------------------------------------------------------------

#: Paragraphs that share less than this part of their words are two, not one that was changed.
_ALIKE = 0.45

#: More pairs of paragraphs than this are not all tried; the first is then held against the first.
_MOST_PAIRS = 2_500


def _aligned(old: list[_Plain], new: list[_Plain], budget: Budget) -> Iterator[Block]:
    before, after = [each.words for each in old], [each.words for each in new]
    try:
        opcodes = _Matcher(before, after, budget).get_opcodes()
    except Spent:
        opcodes = [("replace", 0, len(old), 0, len(new))]
    for kind, i1, i2, j1, j2 in opcodes:
        if kind == "equal":
            for each in new[j1:j2]:
                yield Block(Change.SAME, each.form, each.marker, escape(each.words))
        else:
            yield from _replaced(old[i1:i2], new[j1:j2], budget)


def _replaced(old: list[_Plain], new: list[_Plain], budget: Budget) -> Iterator[Block]:
    """Blocks in place of others: those that are alike in words, the rest taken out or put in."""
    taken = put = 0
    for i, j in [*_pairs(old, new), (len(old), len(new))]:
        for each in old[taken:i]:
            yield Block(Change.REMOVED, each.form, each.marker, _marked("del", each.words))
        for each in new[put:j]:
            yield Block(Change.ADDED, each.form, each.marker, _marked("ins", each.words))
        taken, put = i + 1, j + 1
        if i < len(old):
            html = _words(old[i].words, new[j].words, budget)
            yield Block(Change.CHANGED, new[j].form, new[j].marker, html)


def _pairs(old: list[_Plain], new: list[_Plain]) -> list[tuple[int, int]]:
    """Which of the old blocks became which of the new, in order, so that most words are kept."""
    was = [Counter(each.words.split()) for each in old]
    now = [Counter(each.words.split()) for each in new]
    if len(old) * len(new) > _MOST_PAIRS:
        both = range(min(len(old), len(new)))
        return [(i, i) for i in both if _likeness(was[i], now[i]) >= _ALIKE]
    # best[i][j]: how alike the pairs among the first i and the first j can be at most
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[_likeness(each, other) for other in now] for each in was]
    for i in range(1, len(old) + 1):
        for j in range(1, len(new) + 1):
            likeness = alike[i - 1][j - 1]
            paired = best[i - 1][j - 1] + likeness if likeness >= _ALIKE else 0.0
            best[i][j] = max(best[i - 1][j], best[i][j - 1], paired)
    found: list[tuple[int, int]] = []
    i, j = len(old), len(new)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            found.append((i, j))
    return found[::-1]


def _likeness(was: Counter[str], now: Counter[str]) -> float:
    """The part of their words that two blocks share, from 0 to 1."""
    return 2 * (was & now).total() / (was.total() + now.total())


# --- Words with words -----------------------------------------------------------------------------

#: A word or a sign, with the space before it.
_TOKEN = re.compile(r"(\s*)(\w(?:[\w'’-]*\w)?|[^\w\s])")

#: An unchanged run of no more words than this, between larger changes, is read as part of them.
_LONE = 2


def _words(before: str, after: str, budget: Budget) -> SafeString:
    """The two as one line: unchanged words as they are, then what went, then what came."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    try:
        matcher = _Matcher([word for _, word in old], [word for _, word in new], budget)
        opcodes = _readable(matcher.get_opcodes())
    except Spent:
        opcodes = [(False, 0, len(old), 0, len(new))]
    pieces = []
    for same, i1, i2, j1, j2 in opcodes:
        went, came = _joined(old[i1:i2]), _joined(new[j1:j2])
        if same:
            space = " " if went[0] == " " != came[0] else ""  # it stood first, and does not now
            pieces.append(escape(space + came))
            continue
        if went:
            pieces.append(_marked("del", went))
        if came:
            space = " " if went and came[0] != " " else ""
            pieces.append(_marked("ins", space + came))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


_Piece = tuple[bool, int, int, int, int]


def _readable(opcodes: Sequence[tuple[str, int, int, int, int]]) -> list[_Piece]:
    """The pieces with lone words between larger changes counted among the changes.

    Read aloud, "the ~~big red~~ small green house" is understood; every second word struck out is
    not.
    """
    pieces: list[_Piece] = []
    for number, (kind, i1, i2, j1, j2) in enumerate(opcodes):
        inside = 0 < number < len(opcodes) - 1
        same = kind == "equal" and not (
            inside
            and i2 - i1 <= _LONE
            and all(_size(opcodes[near]) > i2 - i1 for near in (number - 1, number + 1))
        )
        if pieces and pieces[-1][0] == same:
            _, start, _, begin, _ = pieces.pop()
            pieces.append((same, start, i2, begin, j2))
        else:
            pieces.append((same, i1, i2, j1, j2))
    return pieces


def _size(opcode: tuple[str, int, int, int, int]) -> int:
    _, i1, i2, j1, j2 = opcode
    return max(i2 - i1, j2 - j1)


def _joined(tokens: Sequence[tuple[str, str]]) -> str:
    return "".join(space + word for space, word in tokens)


def _marked(tag: str, words: str) -> SafeString:
    """The words in `<ins>` or `<del>`, the space before them outside."""
    inner = words.lstrip()
    return format_html("{2}<{0}>{1}</{0}>", tag, inner, words[: -len(inner)])
