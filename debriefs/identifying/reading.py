"""A text as a person reads it: Markdown's signs out of the way, each character knowing its place.

The patterns look at `Reading.text` and need not know that a rank may be bold, a name may run over
the end of a line, or a space may be one that does not break. `Reading.place` leads back to the
text as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

#: Signs that people and their word processors use for one another.
_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u02bc\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\t\u00a0\u2007\u2009\u202f\u3000", " "),
    }
)

#: What nobody sees when reading: emphasis, escapes, and characters without a width.
_UNSEEN = re.compile(
    r"[*`\u00ad\u200b-\u200f\u2060\ufeff\u0300-\u036f]|(?<![\w\\])_{1,40}|(?<=\w)_{1,40}(?!\w)"
    r"|\\(?=[!-/:-@\[-`{-~])"
)

#: A line that begins with one of these stands for itself: a heading, an item, a row, a quotation.
_BLOCK = re.compile(r"[ \t]{0,8}(?:[-*+>#|]|\d{1,3}[.)] )")

_SENTENCE = re.compile(r"(?<=[.!?])[\"')]{0,2} {1,3}(?=[\"'(]{0,2}[^\W_])|\n")

#: A full stop after one of these ends no sentence.
_SHORT = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|rev|hon|insp|supt|sgt|no|nos|ref|tel|st|approx|vs|v|cf|e\.g|i\.e|"
    r"d\.o\.b)|\b[a-z])\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """`text` as read; its character `n` was typed at `places[n]` of a text `typed` long."""

    text: str
    places: list[int]
    typed: str

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a non-empty piece of `text` stands in the text as typed.

        Accents that were typed as characters of their own belong to the letter before them.
        """
        last = self.places[end - 1] + 1
        while last < len(self.typed) and unicodedata.combining(self.typed[last]):
            last += 1
        return self.places[start], last

    def sentences(self) -> list[int]:
        """Where each sentence begins, the first at 0."""
        starts = [0]
        for found in _SENTENCE.finditer(self.text):
            before = self.text[max(0, found.start() - 12) : found.start()]
            if found[0] == "\n" or not _SHORT.search(before):
                starts.append(found.end())
        return starts


def read(typed: str) -> Reading:
    """The text as a person reads it."""
    unseen = [False] * len(typed)
    for found in _UNSEEN.finditer(typed):
        for place in range(found.start(), found.end()):
            unseen[place] = True
    breaks = set(_breaks(typed))
    text, places = [], []
    for place, sign in enumerate(typed.translate(_SAME)):
        if unseen[place]:
            continue
        if sign == "\n" and place not in breaks:
            sign = " "
        elif sign.isdecimal() and not sign.isascii():
            sign = str(unicodedata.decimal(sign))
        text.append(sign)
        places.append(place)
    return Reading("".join(text), places, typed)


def _breaks(typed: str) -> Iterator[int]:
    """The ends of lines that end what is said; any other is a space to the reader."""
    place = -1
    lines = typed.split("\n")
    for line, following in pairwise(lines):
        place += len(line) + 1
        alone = line.lstrip()[:1] in ("", "#", "|")
        if alone or not following.strip() or _BLOCK.match(following):
            yield place


def sentence_of(starts: list[int], place: int) -> int:
    """The number of the sentence that holds the place."""
    return bisect_right(starts, place) - 1
