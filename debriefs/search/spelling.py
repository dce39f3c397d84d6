"""A word that stands in nothing the visitor may read: which one may have been meant?

Candidates come from all words of what is released, by how few letters have to be changed. None is
offered that the visitor cannot read somewhere, in just that form: a correction must not tell that a
hidden word exists. So what is offered depends on nothing that they may not read.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from django.db import connection
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from debriefs.models import Spelling
from debriefs.search import postings, ranking
from debriefs.search.catalogue import Catalogue, View
from debriefs.search.index import TEXTS

#: Words of a question that are corrected, and shorter ones that are left alone.
MOST, SHORTEST = 6, 4
#: Letters that may be changed: one in a short word, two in a longer one.
ONE, TWO = 1, 2
LONG = 7
#: Candidates that are looked up, and versions in which a form is looked for.
CANDIDATES, LOOKED_AT = 25, 60


def corrections(view: View, words: Iterable[str]) -> dict[str, str]:
    """For each of these words the one that was probably meant; those that nothing is near are left
    out."""
    found = {}
    for word in list(words)[:MOST]:
        if len(word) >= SHORTEST and word.isalpha():
            meant = _meant(view, word)
            if meant:
                found[word] = meant
    return found


def _meant(view: View, word: str) -> str:
    """The nearest word that the viewer can read; of several the one in most versions."""
    vocabulary = _vocabulary(view.catalogue)
    near = [
        (candidate, distance)
        for candidate, distance, _ in extract(
            word,
            vocabulary.keys(),
            scorer=OSA.distance,
            score_cutoff=TWO if len(word) >= LONG else ONE,
            limit=CANDIDATES,
        )
    ]
    entries = postings.of(view.catalogue, [vocabulary[candidate] for candidate, _ in near])
    standing = {lexeme: ranking.seen(view, entry)[0] for lexeme, entry in entries.items()}
    ranked = sorted(
        (
            (distance, candidate[0] != word[0], -len(standing[vocabulary[candidate]]), candidate)
            for candidate, distance in near
            if len(standing[vocabulary[candidate]])
        ),
    )
    for _, _, _, candidate in ranked:
        if _is_readable(view, candidate, standing[vocabulary[candidate]][-LOOKED_AT:].tolist()):
            return candidate
    return ""


def _is_readable(view: View, word: str, versions: list[int]) -> bool:
    """Whether the word stands, in this form, in what the viewer may read of these versions."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT EXISTS (
                SELECT FROM ({TEXTS}) texts
                JOIN unnest(%(versions)s::bigint[], %(clearances)s::int[])
                    AS wanted (version, clearance)
                    ON wanted.version = texts.version AND texts.reach >= wanted.clearance
                WHERE to_tsvector('simple', text) @@ %(word)s::tsquery
            )
            """,
            {
                "versions": versions,
                "clearances": view.clearance[np.array(versions, dtype=np.int64)].tolist(),
                "word": ranking.quoted(word),
            },
        )
        return bool(cursor.fetchone()[0])


def _vocabulary(catalogue: Catalogue) -> dict[str, str]:
    """Every word with its lexeme, read once for each catalogue."""
    if not catalogue.vocabulary:
        catalogue.vocabulary.update(Spelling.objects.values_list("word", "lexeme"))
    return catalogue.vocabulary
