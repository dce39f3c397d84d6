"""A word that stands in nothing the visitor may read: which one may have been meant?

One that begins like it, as while it is being typed; else one that differs in a letter or two.
Candidates come from all words of what is released. None is
offered that the visitor cannot read somewhere, in just that form: a correction must not tell that a
hidden word exists. So what is offered depends on nothing that they may not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from django.db import connection
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from debriefs.models import Spelling
from debriefs.search import postings, ranking
from debriefs.search.catalogue import Catalogue, View
from debriefs.search.index import TEXTS

#: Words of a question that are completed or corrected.
MOST = 6
#: Letters of a word that is completed, as one that is still being typed, and of one that is
#: corrected.
BEGUN, SHORTEST = 3, 5
#: Letters that may be changed: one in a short word, two in a longer one.
ONE, TWO = 1, 2
LONG = 7
#: Versions in which a form is looked for.
LOOKED_AT = 60


def corrections(view: View, words: Iterable[str]) -> dict[str, str]:
    """For each of these words the one that was probably meant; those that nothing is near are left
    out."""
    found = {}
    for word in list(words)[:MOST]:
        if len(word) >= BEGUN and word.isalpha():
            meant = _begun(view, word) or (_meant(view, word) if len(word) >= SHORTEST else "")
            if meant:
                found[word] = meant
    return found


def _begun(view: View, word: str) -> str:
    """The word in most versions that the viewer can read and that begins like this."""
    vocabulary = _vocabulary(view.catalogue)
    return _readable(view, [each for each in vocabulary if each.startswith(word)])


def _meant(view: View, word: str) -> str:
    """The nearest word that the viewer can read; of several the one in most versions.

    Every near word is looked at, the nearest first: were only so many taken, hidden ones would
    leave no room for the one that may be read.
    """
    vocabulary = _vocabulary(view.catalogue)
    near = extract(
        word,
        vocabulary.keys(),
        scorer=OSA.distance,
        score_cutoff=TWO if len(word) >= LONG else ONE,
        limit=None,
    )
    alike: dict[tuple[int, bool], list[str]] = {}
    for candidate, distance, _ in near:
        if distance > ONE and candidate[0] != word[0]:  # nobody mistakes the first letter and more
            continue
        alike.setdefault((distance, candidate[0] != word[0]), []).append(candidate)
    return next(
        (
            found
            for _, candidates in sorted(alike.items())
            if (found := _readable(view, candidates))
        ),
        "",
    )


def _readable(view: View, candidates: Sequence[str]) -> str:
    """Of these words the one in most versions that the viewer can read; nothing where they can read
    none."""
    vocabulary = _vocabulary(view.catalogue)
    entries = postings.of(view.catalogue, [vocabulary[each] for each in candidates])
    standing = {lexeme: ranking.seen(view, entry)[0] for lexeme, entry in entries.items()}
    there = {each: standing[vocabulary[each]] for each in candidates}
    for candidate in sorted(candidates, key=lambda each: (-len(there[each]), each)):
        versions = there[candidate][-LOOKED_AT:].tolist()
        if versions and _is_readable(view, candidate, versions):
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
