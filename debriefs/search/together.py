"""Which of the best have the words of a question together: in one passage, and next to each other?

A long debrief has most everyday words somewhere. The one that answers has them in one lesson.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from django.db import connection

from debriefs.search.catalogue import Numbers, View
from debriefs.search.index import K1, B
from debriefs.search.ranking import Weighed, quoted

#: How many of the best are looked at, for so many words and pairs of neighbours of a question.
LOOKED_AT, MOST_WORDS, MOST_PAIRS = 15, 12, 8
#: What two neighbours found as neighbours add, and two words found a few words apart, as a part of
#: what the rarer of them is worth.
NEIGHBOURS, NEAR = 1.0, 0.5
#: A lesson is worth more than a section with the same words.
LESSON = 1.25
#: Different words in a passage of usual length.
USUAL_PASSAGE = 80


@dataclass(frozen=True, slots=True)
class Match:
    """A passage that has some of the words: of which part (none for title, summary and facts), what
    it is worth, and which it has."""

    part: int | None
    is_lesson: bool
    worth: float
    lexemes: frozenset[str]


Matches = dict[int, list[Match]]

_MATCHES = """
    SELECT p.version_id, p.part_id, p.kind = 'lesson', length(p.words), {words}, {nexts}, {nears}
    FROM unnest(%s::bigint[], %s::int[]) AS wanted (version, clearance)
    JOIN debriefs_passage p ON p.version_id = wanted.version AND p.reach >= wanted.clearance
    WHERE p.words @@ %s::tsquery
"""


def _each(asked: Sequence[object]) -> str:
    """For so many queries whether a passage answers each, as an array."""
    return f"ARRAY[{', '.join(['p.words @@ %s::tsquery'] * len(asked))}]::boolean[]"


def matches(
    view: View, worth: dict[str, float], question: Sequence[str], versions: Sequence[int]
) -> Matches:
    """The passages of these versions that the viewer may read and that have any of the words; one
    query.

    `worth` says what each lexeme is worth, `question` in which order they were asked for.
    """
    rarest = sorted(worth, key=lambda lexeme: (-worth[lexeme], lexeme))[:MOST_WORDS]
    if not rarest or not len(versions):
        return {}
    pairs = [
        pair
        for pair in dict.fromkeys(pairwise(lexeme for lexeme in question if lexeme))
        if pair[0] != pair[1] and pair[0] in worth and pair[1] in worth
    ][:MOST_PAIRS]
    words = [quoted(lexeme) for lexeme in rarest]
    nexts = [f"{quoted(first)} <-> {quoted(second)}" for first, second in pairs]
    nears = [_near(*pair) for pair in pairs]
    numbers = [int(version) for version in versions]
    clearances = [int(view.clearance[version]) for version in numbers]
    with connection.cursor() as cursor:
        cursor.execute(
            _MATCHES.format(words=_each(words), nexts=_each(nexts), nears=_each(nears)),
            [*words, *nexts, *nears, numbers, clearances, " | ".join(words)],
        )
        rows = cursor.fetchall()
    found: Matches = {}
    for version, part, is_lesson, length, having, adjoining, close in rows:
        there = frozenset(lexeme for lexeme, has in zip(rarest, having, strict=True) if has)
        value = _impact(length) * sum(worth[lexeme] for lexeme in rarest if lexeme in there)
        for (one, other), next_, near in zip(pairs, adjoining, close, strict=True):
            if next_ or near:
                value += (NEIGHBOURS if next_ else NEAR) * min(worth[one], worth[other])
        value *= LESSON if is_lesson else 1
        found.setdefault(version, []).append(Match(part, is_lesson, value, there))
    return found


def _impact(length: int) -> float:
    """BM25 of a word that stands once in a passage with so many different words."""
    return (K1 + 1) / (1 + K1 * (1 - B + B * length / USUAL_PASSAGE))


def _near(first: str, second: str) -> str:
    one, other = quoted(first), quoted(second)
    return f"({one} <2> {other}) | ({one} <3> {other}) | ({other} <-> {one})"


def first(order: Numbers, weighed: Weighed, found: Matches) -> Numbers:
    """The order with the best of it put right: a debrief is worth what it is worth as a whole, and
    what its three best passages are worth."""
    best = order[:LOOKED_AT]
    worth = [_of_passages(found.get(int(number), ())) for number in best]
    raised = weighed.scores[best] + np.array(worth, dtype=np.float32)
    return np.concatenate([best[np.argsort(-raised, kind="stable")], order[LOOKED_AT:]])


def _of_passages(matches: Iterable[Match]) -> float:
    """The best counts whole, the next two by half."""
    best = sorted((match.worth for match in matches), reverse=True)[:3]
    return sum(best[:1]) + sum(best[1:]) / 2
