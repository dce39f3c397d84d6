"""The words that patterns are made of, from the lists in `words/`: one word or name a line.

They are lists of ordinary words and places, not of anyone. Where a given name is a word or a place
as well, as Grace, Jordan or Victoria, it is not in the list of names, and is found only where the
words around it say that it is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent / "words"


def _words(name: str) -> frozenset[str]:
    lines = (_FOLDER / f"{name}.txt").read_text().splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def one_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))})"


GIVEN_NAMES = _words("given_names")
AMBIGUOUS_GIVEN_NAMES = _words("ambiguous_given_names")
SURNAMES = _words("surnames")
SITES = _words("sites")
NO_NAMES = _words("no_names")
ACRONYMS = _words("acronyms")
PEOPLE = _words("people")
THINGS = _words("things")
PEOPLES = _words("peoples")
COUNTRIES = _words("countries")
TOWNS = _words("towns")
AMBIGUOUS_TOWNS = _words("ambiguous_towns")
AREAS = _words("areas")
