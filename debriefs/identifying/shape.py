"""What a name looks like, and where one ends: shared by what tells that it is somebody's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from debriefs.identifying.finding import Kind, Span
from debriefs.identifying.vocabulary import (
    ACRONYMS,
    AMBIGUOUS_TOWNS,
    AREAS,
    COUNTRIES,
    NO_NAMES,
    PEOPLES,
    SURNAMES,
    TOWNS,
)

#: Capitals of the Latin alphabet and its many accents, of Greek and of Cyrillic.
_UPPER = "".join(
    chr(code)
    for first, last in ((0x41, 0x250), (0x370, 0x530), (0x1E00, 0x1F00))
    for code in range(first, last)
    if chr(code).isupper()
)
CAPITAL, _LETTER = f"[{_UPPER}]", r"[^\W\d_]"

#: One word of a name; O'Brien, Smith-Jones and POPESCU are one each.
WORD = rf"(?:{CAPITAL}(?:'{CAPITAL})?{_LETTER}{{1,24}}(?:[-']{_LETTER}{{2,24}}){{0,2}})"
PARTICLE = r"(?:(?:van der|van den|van|von|de la|de|del|da|di|dos|el|al|bin|ben|ap|ter|le|la) )?"
INITIALS = rf"(?:{CAPITAL}\. ?{CAPITAL}\b\.?(?: ?{CAPITAL}\.)?)"
#: A whole name: initials, up to four words, and an initial for the rest.
NAME = (
    rf"(?:(?:{CAPITAL}\.? ){{0,2}}{PARTICLE}{WORD}(?: (?:{CAPITAL}\. )?{PARTICLE}{WORD}){{0,3}}"
    rf"(?: {CAPITAL}\.)?)(?!\w)"
)
#: At least a given name, or its initial, and a surname.
FULL = rf"(?:(?:{WORD}|{CAPITAL}\.) (?:{CAPITAL}\.? )?{PARTICLE}{WORD}(?: {PARTICLE}{WORD})?)(?!\w)"

NOBODY = (
    NO_NAMES
    | ACRONYMS
    | AREAS
    | {word for place in (*TOWNS, *AMBIGUOUS_TOWNS, *COUNTRIES, *PEOPLES) for word in place.split()}
)

WORDS = re.compile(r"\S{1,90}")
#: Bolton is a town, and DC Bolton is not.
_PERHAPS_SURNAMES = SURNAMES | TOWNS | AMBIGUOUS_TOWNS


def end_of_name(text: str, start: int, end: int, *, introduced: bool = False) -> int:
    """Where the name ends that starts there: before the first word that belongs to no name.

    `start` itself if that is the first word, or if there are only initials. A last word that is a
    surname as well as something else belongs to it after another, or where a title introduced it.
    """
    last = start
    for word in WORDS.finditer(text, start, end):
        plain = bare(word[0])
        if _names_nobody(plain) and not (
            plain in _PERHAPS_SURNAMES and word.end() >= end and (introduced or last > start)
        ):
            break
        if plain[:1].isupper() and (len(plain) > 1 or last > start):
            last = word.end()
    return last - 2 if text[start:last].endswith("'s") else last


def bare(word: str) -> str:
    """A word without what is only its place in the sentence."""
    return word.strip(".,").removesuffix("'s")


def is_nobody(words: str) -> bool:
    """Whether a word of them shows that they name a unit, a place or a document."""
    return any(_names_nobody(bare(word)) for word in words.split())


def _names_nobody(plain: str) -> bool:
    """Whether the word is of the vocabulary: in capitals too, and as in "Polish-speaking"."""
    return (
        plain in NOBODY
        or (len(plain) > 3 and plain.isupper() and plain.capitalize() in NOBODY)
        or plain.partition("-")[0] in PEOPLES
    )


def name_at(text: str, start: int, end: int, why: str, begin: int | None = None) -> Iterator[Span]:
    """The name at `start`, if it is one; from `begin` if the title before belongs to it."""
    last = end_of_name(text, start, end, introduced=begin is not None)
    if last > start:
        yield Span(Kind.NAME, start if begin is None else begin, last, why)
