"""Which words of a question belong together, and what else are they called?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from debriefs.search.ranking import Concept
from debriefs.search.words import lexemes, words_of

Lexemes = tuple[str, ...]
Sets = tuple[tuple[str, ...], ...]

#: Lexemes of a name by which a thing may be asked for.
LONGEST_NAME = 6


def concepts(question: Sequence[str], sets: Sets) -> list[Concept]:
    """The concepts in the lexemes of a question, in their order, each once with how often it was
    asked.

    `sets` are words and phrases that mean the same. Where several words in a row are a name in one
    of them, they are one concept, the longest name first. Empty lexemes ("the") join nothing and
    ask nothing.
    """
    names = _names(sets)
    asked = [lexeme for lexeme in question if lexeme]
    found: Counter[Lexemes] = Counter()
    place = 0
    while place < len(asked):
        for length in range(min(LONGEST_NAME, len(asked) - place), 0, -1):
            here = tuple(asked[place : place + length])
            if length == 1 or here in names:
                found[here] += 1
                place += length
                break
    return [Concept(here, tuple(names.get(here, ())), times) for here, times in found.items()]


@lru_cache(maxsize=4)
def _names(sets: Sets) -> dict[Lexemes, list[Lexemes]]:
    """For each name, as lexemes, the others of its set; made once for as long as the sets stay as
    they are."""
    listed = [[[word.text for word in words_of(name)] for name in names] for names in sets]
    known = lexemes(word for names in listed for name in names for word in name)
    found: dict[Lexemes, list[Lexemes]] = {}
    for names in listed:
        mine = list(dict.fromkeys(tuple(filter(None, map(known.get, name))) for name in names))
        mine = [name for name in mine if name]
        for name in mine:
            others = found.setdefault(name, [])
            others += [other for other in mine if other != name and other not in others]
    return found
