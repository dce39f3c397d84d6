"""From postings to an order: BM25 over what the visitor may read.

How rare a word is, and among how many, is counted in what the visitor may read, at every question.
So the order of what they find is the same whether or not there is more that they do not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from debriefs.search import postings
from debriefs.search.catalogue import Bits, Numbers, View, bits_of, ordered, packed, versions_in
from debriefs.search.postings import Entry

Scores = NDArray[np.float32]

#: What another word for the same thing counts for; several words for one have to be there all.
SYNONYM = 0.8
#: What scores less than this part of the best is no hit, unless it is among so few.
CUT, FEW = 0.2, 10


@dataclass(frozen=True, slots=True)
class Concept:
    """Some words of a question that belong together, mostly one, with what else they are called:
    each `other` is a sequence of lexemes that means the same. `times` says how often it was
    asked."""

    lexemes: tuple[str, ...]
    others: tuple[tuple[str, ...], ...] = ()
    times: int = 1

    @property
    def all_lexemes(self) -> list[str]:
        """Its own, and those of its other names."""
        return [*self.lexemes, *(lexeme for other in self.others for lexeme in other)]


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
    wanted = [*(lexeme for each in concepts for lexeme in each.all_lexemes), *besides]
    entries = postings.of(view.catalogue, wanted)
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
    """The hits: whatever is worth a good part of what the best is worth, and the few best."""
    scores = weighed.scores
    least = CUT * float(scores.max(initial=0))
    if len(scores) > FEW:
        least = min(least, float(np.partition(scores, -FEW)[-FEW]))
    return packed(scores >= max(least, 1e-6))


def by_score(view: View, weighed: Weighed, hits: Bits) -> Numbers:
    """The hits, best first; of those that are worth the same, to a 65,000th of the best, the latest
    first."""
    mine = ordered(view.catalogue.in_order("released"), hits)
    scores = weighed.scores[mine]
    best = max(float(scores.max(initial=0)), 1e-6)
    steps = 65_535 - (scores * (65_535 / best)).astype(np.uint16)  # so few that sorting is quick
    return mine[np.argsort(steps, kind="stable")]


def quoted(lexeme: str) -> str:
    """A lexeme as it is written in a tsquery."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
