"""What are invented debriefs written in? A made-up language, spread as unevenly as English.

The words that the programme itself uses come first, with those of every sentence (the, of, and)
among them; then made-up ones that can be pronounced. The frequency of a word falls with its rank,
as Zipf found. Everything follows from the number that the generator was started with.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

#: Words in all, the programme's own included.
SIZE = 30_000

#: Added to a rank before its frequency is taken: without it "the" would be every tenth word.
FLATTENED = 2.7

_SYLLABLES = [consonant + vowel for consonant in "bdfghklmnprstvz" for vowel in "aeiou"]
#: Coprime to the number of words of any length, so that words made one after another don't begin
#: alike, and each comes once.
_STRIDE = 104_729

IN_A_SENTENCE = 14
IN_A_PARAGRAPH = 4 * IN_A_SENTENCE


def made_up(number: int, syllables: int) -> str:
    """The word of this number and so many syllables; different numbers below 75 to the power of
    `syllables` give different words."""
    rest = number * _STRIDE % len(_SYLLABLES) ** syllables
    letters = []
    for _ in range(syllables):
        rest, place = divmod(rest, len(_SYLLABLES))
        letters.append(_SYLLABLES[place])
    return "".join(letters)


def rare(number: int) -> str:
    """A word that the language itself never uses."""
    return made_up(number, 4)


class Language:
    """Words in the order of how often they are used, and texts made of them."""

    def __init__(self, own: Iterable[str], seed: int) -> None:
        counted = Counter(word for text in own for word in re.findall(r"[a-z]{2,}", text.lower()))
        self.own = [word for word, _ in counted.most_common()]
        foreign = (made_up(number, 3) for number in range(SIZE - len(self.own)))
        self._words = np.array([*self.own, *foreign], dtype=object)
        weights = 1 / (np.arange(len(self._words)) + 1 + FLATTENED)
        self._reached: NDArray[np.float64] = np.cumsum(weights / weights.sum())
        self.chance = np.random.default_rng(seed)

    def words(self, many: int) -> list[str]:
        """So many words, as they come."""
        places = np.searchsorted(self._reached, self.chance.random(many), side="right")
        found: list[str] = self._words[np.minimum(places, len(self._words) - 1)].tolist()
        return found

    def text(self, many: int, among: Iterable[str] = ()) -> str:
        """So many words in sentences and paragraphs, a line each, with these strewn in."""
        words = self.words(many)
        for word in among:
            words[self.number(0, many)] = word
        return "\n".join(
            " ".join(
                " ".join(words[at : at + IN_A_SENTENCE]).capitalize() + "."
                for at in range(start, min(start + IN_A_PARAGRAPH, many), IN_A_SENTENCE)
            )
            for start in range(0, many, IN_A_PARAGRAPH)
        )

    def number(self, first: int, end: int) -> int:
        """A number from `first` to before `end`."""
        return int(self.chance.integers(first, end))
