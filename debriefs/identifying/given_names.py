"""Given names: with a surname, or where somebody does what people do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from debriefs.identifying.finding import Kind, Span
from debriefs.identifying.shape import CAPITAL, NAME, NOBODY, WORD, WORDS, bare, is_nobody, name_at
from debriefs.identifying.vocabulary import (
    AMBIGUOUS_GIVEN_NAMES,
    GIVEN_NAMES,
    NO_NAMES,
    SITES,
    SURNAMES,
)

WHY_GIVEN = "This reads as somebody's name. Write who it was instead: “one of the women”."

_RUN = re.compile(rf"(?<![\w'-]){NAME}")
_SURNAME_FIRST = re.compile(
    rf"(?<!\w)(?P<name>(?:{CAPITAL}{{3,20}}(?:-{CAPITAL}{{2,20}})?,|{CAPITAL}{{4,20}}) "
    rf"(?P<given>{WORD}))"
)
OF_A_NAMED_THING = re.compile(r"\b(?:Operation|Op|Project|St|Saint|HMP|Storm|Exercise|R v) $")
#: What people do and have, so that a given name alone is a person.
_DOES = re.compile(
    r"'s [a-z]|,? (?:who )?(?:said|told|gave|had|was|is|has|came|left|went|worked|lived|disclosed|"
    r"knew|thought|asked|answered|refused|agreed|described|explained|spoke|wanted|trusted|returned|"
    r"arrived|made|did|would|could|met|took|felt|says|reported|identified|paid|owed|recruited|also|"
    r"never|slept|cried|ran|stayed|found|saw|heard|used|kept|and (?:his|her))\b"
)


def surnames_first(text: str) -> Iterator[Span]:
    """A surname in capitals and a given name, as forms have them."""
    for found in _SURNAME_FIRST.finditer(text):
        if found["given"] in GIVEN_NAMES and not is_nobody(found["name"]):
            yield Span(Kind.NAME, *found.span("name"), WHY_GIVEN)


#: What stands before a person, in the middle of a sentence.
_MIDDLE = re.compile(r"[a-z][,;]? [\"'(]?$")
_SAID_BY = re.compile(r"\b(?:said|told|asked|by|with|from|to|against|met|of) $")


def given_names(text: str) -> Iterator[Span]:
    """A given name with a surname, or in the middle of a sentence; one that begins a sentence only
    where it does what a person does."""
    for run in _RUN.finditer(text):
        words = list(WORDS.finditer(text, *run.span()))
        place = next((n for n, word in enumerate(words) if bare(word[0]) in GIVEN_NAMES), None)
        if place is None:
            yield from _ambiguous_name(text, words)
            continue
        start, end = words[place].start(), run.end()
        before = text[max(0, start - 12) : start]
        if OF_A_NAMED_THING.search(before):
            continue
        if place < len(words) - 1:
            last = bare(words[-1][0])
            if last not in NO_NAMES or last in SURNAMES - SITES:
                yield from name_at(text, start, end, WHY_GIVEN)
        elif place == 0 and (
            _MIDDLE.search(before) or _DOES.match(text, start + len(bare(words[0][0])))
        ):
            yield from name_at(text, start, end, WHY_GIVEN)


def _ambiguous_name(text: str, words: list[re.Match[str]]) -> Iterator[Span]:
    """Mark or Grace, with a surname, where a person speaks or is spoken of."""
    if len(words) < 2 or bare(words[0][0]) not in AMBIGUOUS_GIVEN_NAMES:
        return
    start, end = words[0].start(), words[-1].end()
    if any(bare(word[0]) in NOBODY for word in words[1:]):
        return
    if _DOES.match(text, end) or _SAID_BY.search(text[max(0, start - 12) : start]):
        yield Span(Kind.NAME, start, end, WHY_GIVEN)
