"""From postings to an order: BM25 over what the visitor may read, then words that stand together.

How rare a word is, and among how many, is counted in what the visitor may read, at every question.
So the order of what they find is the same whether or not there is more that they do not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from debriefs.search import postings
from debriefs.search.catalogue import Bits, Numbers, View, bits_of, packed, versions_in
from debriefs.search.postings import Entry

Scores = NDArray[np.float32]

#: What another word for the same thing counts for; several words for one have to be there all.
SYNONYM = 0.6
#: What scores less than this part of the best is no hit.
CUT = 0.2
#: How many of the best are looked at for words that stand together, and what a pair of neighbours
#: and two words a few words apart add, as a part of what the rarer of them is worth.
LOOKED_AT = 40
NEIGHBOURS, NEAR = 0.5, 0.25
#: Pairs of neighbouring words of a question that are looked for.
MOST_PAIRS = 12


@dataclass(frozen=True, slots=True)
class Concept:
    """Some words of a question that belong together, mostly one, with what else they are called:
    each `other` is a sequence of lexemes that means the same. `times` says how often it was
    asked."""

    lexemes: tuple[str, ...]
    others: tuple[tuple[str, ...], ...] = ()
    times: int = 1


@dataclass(slots=True)
class Weighed:
    """What a question is worth in each version: `scores` by number of the version, `worth` by
    lexeme (its idf; 0 where it stands in nothing that the visitor may read)."""

    scores: Scores
    worth: dict[str, float] = field(default_factory=dict)
    stands: dict[str, Numbers] = field(default_factory=dict)


def weigh(view: View, concepts: Sequence[Concept], besides: Iterable[str] = ()) -> Weighed:
    """BM25 of the concepts in everything the viewer may read; where they and the lexemes `besides`
    stand."""
    lexemes = [
        *(lexeme for each in concepts for lexeme in each.lexemes),
        *(lexeme for each in concepts for other in each.others for lexeme in other),
        *besides,
    ]
    entries = postings.of(view.catalogue, [lexeme for lexeme in lexemes if lexeme])
    weighed = Weighed(np.zeros(len(view.clearance), dtype=np.float32))
    worth: dict[str, tuple[Numbers, Scores]] = {}
    for lexeme, entry in entries.items():
        versions, impacts = seen(view, entry)
        idf = np.log1p((view.total - len(versions) + 0.5) / (len(versions) + 0.5))
        weighed.worth[lexeme] = float(idf) if len(versions) else 0.0
        weighed.stands[lexeme] = versions
        worth[lexeme] = versions, (idf / 1000 * impacts).astype(np.float32)
    for concept in concepts:
        _add(weighed.scores, concept, worth)
    return weighed


def seen(view: View, entry: Entry) -> tuple[Numbers, NDArray[np.int16]]:
    """The versions in which the viewer may read a word, with its impacts in what they may read."""
    clearance = view.clearance[entry.versions]
    rows = np.flatnonzero(clearance)
    impacts = entry.impacts.ravel()[rows * 4 + clearance[rows] - 1]
    there = impacts > 0
    return entry.versions[rows[there]], impacts[there]


def _add(scores: Scores, concept: Concept, worth: dict[str, tuple[Numbers, Scores]]) -> None:
    """Add what the concept is worth: its own words, or what another name is worth if that is
    more."""
    if not concept.others and len(concept.lexemes) == 1:
        versions, values = worth[concept.lexemes[0]]
        scores[versions] += concept.times * values
        return
    own = np.zeros_like(scores)
    for lexeme in concept.lexemes:
        versions, values = worth[lexeme]
        own[versions] += values
    for other in concept.others:
        np.maximum(own, SYNONYM * _all_of(other, worth, len(scores)), out=own)
    scores += concept.times * own


def _all_of(
    lexemes: tuple[str, ...], worth: dict[str, tuple[Numbers, Scores]], size: int
) -> Scores:
    """What a name of several words is worth where all of them stand: as much as one word, on
    average."""
    total = np.zeros(size, dtype=np.float32)
    count = np.zeros(size, dtype=np.uint8)
    for lexeme in lexemes:
        versions, values = worth[lexeme]
        total[versions] += values
        count[versions] += 1
    total[count < len(lexemes)] = 0
    return total / np.float32(len(lexemes))


def holding(view: View, phrase: str, candidates: Bits) -> Bits:
    """Those of the candidates with the phrase in a passage that the viewer may read."""
    versions = versions_in(candidates)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT p.version_id
            FROM unnest(%s::bigint[], %s::int[]) AS wanted (version, clearance)
            JOIN debriefs_passage p ON p.version_id = wanted.version
                AND p.reach >= wanted.clearance
            WHERE p.words @@ phraseto_tsquery('english', %s)
            """,
            [versions.tolist(), view.clearance[versions].tolist(), phrase],
        )
        found = [number for (number,) in cursor.fetchall()]
    return bits_of(np.array(found, dtype=np.int64), len(candidates))


def worth_showing(weighed: Weighed) -> Bits:
    """The hits: whatever is worth a good part of what the best is worth."""
    best = float(weighed.scores.max(initial=0))
    return packed(weighed.scores >= max(CUT * best, 1e-6))


def by_score(view: View, weighed: Weighed, hits: Bits) -> Numbers:
    """The hits, best first; of those that are worth the same, the latest first."""
    newest = view.catalogue.in_order("released")
    mine = newest[np.isin(newest, versions_in(hits), assume_unique=True)]
    return mine[np.argsort(-weighed.scores[mine], kind="stable")]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words that stand next to each other in a question, and what it is worth to find them
    so."""

    first: str
    second: str
    worth: float


def pairs_of(lexemes: Sequence[str], weighed: Weighed) -> list[Pair]:
    """The neighbours in a question that stand in something the visitor may read."""
    found: dict[tuple[str, str], Pair] = {}
    known = [lexeme for lexeme in lexemes if lexeme]
    for first, second in pairwise(known):
        worth = min(weighed.worth.get(first, 0.0), weighed.worth.get(second, 0.0))
        if worth > 0 and first != second:
            found.setdefault((first, second), Pair(first, second, worth))
    return list(found.values())[:MOST_PAIRS]


def closest_first(view: View, weighed: Weighed, order: Numbers, lexemes: Sequence[str]) -> Numbers:
    """The order with the best of it put right by which words stand together in one passage."""
    pairs = pairs_of(lexemes, weighed)
    best = order[:LOOKED_AT]
    if not pairs or len(best) < 2:
        return order
    bonus = _bonus(view, best, pairs)
    raised = weighed.scores[best] + np.array([bonus.get(int(n), 0.0) for n in best])
    return np.concatenate([best[np.argsort(-raised, kind="stable")], order[LOOKED_AT:]])


def _bonus(view: View, versions: Numbers, pairs: Sequence[Pair]) -> dict[int, float]:
    """What the pairs add to each version; each counts once, as closely as it is found."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.version_id, pair.number, bool_or(p.words @@ pair.next)
            FROM unnest(%s::bigint[], %s::int[]) AS wanted (version, clearance)
            JOIN debriefs_passage p ON p.version_id = wanted.version
                AND p.reach >= wanted.clearance
            JOIN unnest(%s::tsquery[], %s::tsquery[]) WITH ORDINALITY
                AS pair (next, near, number) ON p.words @@ pair.near
            GROUP BY p.version_id, pair.number
            """,
            [
                versions.tolist(),
                view.clearance[versions].tolist(),
                [_next(pair) for pair in pairs],
                [_near(pair) for pair in pairs],
            ],
        )
        rows = cursor.fetchall()
    bonus: dict[int, float] = {}
    for version, number, neighbours in rows:
        share = NEIGHBOURS if neighbours else NEAR
        bonus[version] = bonus.get(version, 0.0) + share * pairs[number - 1].worth
    return bonus


def quoted(lexeme: str) -> str:
    """A lexeme as it is written in a tsquery."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _next(pair: Pair) -> str:
    return f"{quoted(pair.first)} <-> {quoted(pair.second)}"


def _near(pair: Pair) -> str:
    first, second = quoted(pair.first), quoted(pair.second)
    steps = [f"({first} <{n}> {second})" for n in (1, 2, 3, 4)]
    return " | ".join([*steps, f"({second} <-> {first})", f"({second} <2> {first})"])
