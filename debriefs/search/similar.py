"""What else is like this: debriefs like the one that is open, and lessons like the one that is
being written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from debriefs.search import catalogue, ranking, together
from debriefs.search.catalogue import Numbers, View
from debriefs.search.ranking import Concept, Weighed
from debriefs.search.words import lexemes, words_of
from portal.standing import Visitor

#: Words of a text that say most about it, and the fewest that say anything.
MOST_WORDS, FEWEST_WORDS = 16, 3
#: Words of a long text that are read.
LONGEST = 2_000
#: A debrief or lesson is like another if it is worth so much of what the text itself would be.
ALIKE = 0.25


@dataclass(frozen=True, slots=True)
class Alike:
    """A lesson that is like a text: the number of its part, of its version, and how much."""

    part: int
    version: int
    worth: float


def debriefs(
    visitor: Visitor, text: str, *, beside: int, limit: int, view: View | None = None
) -> list[int]:
    """The numbers of the versions most like a text that the visitor may read, best first; none of
    the debrief of the number `beside`. `view` is the catalogue as the visitor sees it, where the
    caller has it already."""
    view = view or catalogue.current().view(visitor)
    weighed, worth = _weighed(view, text)
    order = _best(view, weighed, worth, beside)
    return [int(number) for number in order[:limit]]


def lessons(
    visitor: Visitor, text: str, *, beside: int, limit: int, view: View | None = None
) -> list[Alike]:
    """The lessons most like a text that the visitor may read, best first, each of another debrief
    than the number `beside`. `view` as above."""
    view = view or catalogue.current().view(visitor)
    weighed, worth = _weighed(view, text)
    order = _best(view, weighed, worth, beside)[: together.LOOKED_AT]
    matches = together.matches(view, worth, (), [int(number) for number in order])
    least = ALIKE * sum(worth.values())
    found = [
        Alike(match.part, version, match.worth)
        for version, mine in matches.items()
        for match in mine
        if match.is_lesson and match.part is not None and match.worth >= least
    ]
    return sorted(found, key=lambda each: (-each.worth, each.part))[:limit]


def _weighed(view: View, text: str) -> tuple[Weighed, dict[str, float]]:
    """What the words that say most about a text are worth; nothing for a text of a few words."""
    words = [word.text for word in words_of(text)][:LONGEST]
    known = lexemes(words)
    counts = Counter(known[word] for word in words if known[word])
    every = ranking.weigh(view, [Concept((lexeme,)) for lexeme in counts])
    telling = {
        lexeme: (1 + np.log(counts[lexeme])) * idf for lexeme, idf in every.worth.items() if idf
    }
    best = sorted(telling, key=lambda lexeme: (-telling[lexeme], lexeme))[:MOST_WORDS]
    if len(best) < FEWEST_WORDS:
        return Weighed(np.zeros_like(every.scores)), {}
    return (
        ranking.weigh(view, [Concept((lexeme,)) for lexeme in best]),
        {lexeme: every.worth[lexeme] for lexeme in best},
    )


def _best(view: View, weighed: Weighed, worth: dict[str, float], beside: int) -> Numbers:
    """The versions that are like it, but not those of that debrief."""
    scores = weighed.scores
    scores[view.catalogue.column("debrief") == beside] = 0
    least = max(ALIKE * sum(worth.values()), 1e-6)
    return ranking.by_score(view, weighed, catalogue.packed(scores >= least))
