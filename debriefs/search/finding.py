"""The whole way: what was asked, by whom, narrowed to what; which debriefs answer it, and how many
there are of each sort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from debriefs.search import catalogue, ranking, synonyms
from debriefs.search.catalogue import Bits, Numbers, View, size, versions_in
from debriefs.search.fields import resolve
from debriefs.search.query import Asked
from debriefs.search.ranking import Weighed
from debriefs.search.words import lexemes, words_of
from portal.standing import Visitor

#: Orders by columns of the catalogue; the others are made apart.
ORDERS: dict[str, tuple[str, ...]] = {
    "newest": ("released",),
    "read": ("read_by", "released"),
}
RELEVANCE, NAME, BEGAN = "relevance", "name", "began"

Narrowing = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Found:
    """What answers a question.

    `versions` are the numbers of all hits, best first. `unknown` are words of the question that
    stand in nothing the visitor may read, `unresolved` the fields that name nothing there, such as
    ("theme", "gardening"). `lexemes` are what the words are found by, other names included.
    """

    asked: Asked
    view: View
    versions: Numbers
    narrowing: Narrowing
    answers: Bits
    unknown: tuple[str, ...] = ()
    unresolved: tuple[tuple[str, str], ...] = ()
    lexemes: Mapping[str, float] = field(default_factory=dict)
    scores: ranking.Scores | None = None

    @property
    def total(self) -> int:
        """How many debriefs answer it."""
        return len(self.versions)

    def counts(self, facet: str) -> dict[str, int]:
        """How many hits each value of a facet would give, all other facets staying as they are."""
        others = {name: values for name, values in self.narrowing.items() if name != facet}
        keys, bits = self.view.values(facet)
        found = size(bits & narrowed(self.view, self.answers, others))
        return {key: int(count) for key, count in zip(keys, found, strict=True) if count}


def narrowed(view: View, versions: Bits, narrowing: Narrowing) -> Bits:
    """Those of the versions that have, in each facet that is named, one of its values."""
    for facet, wanted in narrowing.items():
        keys, bits = view.values(facet)
        rows = [row for row, key in enumerate(keys) if key in set(wanted)]
        versions = versions & np.bitwise_or.reduce(bits[rows], axis=0, initial=np.uint64(0))
    return versions


def find(
    visitor: Visitor, asked: Asked, narrowing: Narrowing | None = None, sort: str = RELEVANCE
) -> Found:
    """What the visitor may read that answers the question; all of it where nothing is asked.

    A facet of `narrowing` without values lets nothing through.
    """
    view = catalogue.current().view(visitor)
    chosen = narrowing or {}
    fields, unresolved = resolve(view, asked.fields)
    answers = view.visible
    for facet, values in fields:
        answers = narrowed(view, answers, {facet: values})
    weighed: Weighed | None = None
    known: Mapping[str, str] = {}
    if asked.words or asked.phrases or asked.without:
        weighed, known, answers = _answering(view, asked, answers)
    hits = narrowed(view, answers, chosen)
    return Found(
        asked=asked,
        view=view,
        versions=_in_order(view, asked, weighed, known, hits, sort),
        narrowing=chosen,
        answers=answers,
        unknown=tuple(_unknown(asked, weighed, known)),
        unresolved=tuple(unresolved),
        lexemes=_weights(weighed),
        scores=weighed.scores if weighed else None,
    )


def _answering(view: View, asked: Asked, answers: Bits) -> tuple[Weighed, dict[str, str], Bits]:
    """What the words are worth, what each is found by, and which of the versions have them."""
    excluded = [word.text for text in asked.without for word in words_of(text)]
    known = lexemes([*asked.all_words, *excluded])
    concepts = synonyms.concepts([known[word] for word in asked.all_words], ())
    besides = [known[word] for word in excluded if known[word]]
    weighed = ranking.weigh(view, concepts, besides)
    for phrase in asked.phrases:
        answers = ranking.holding(view, phrase, answers & _with_all(view, weighed, known, phrase))
    for text in asked.without:
        having = answers & _with_all(view, weighed, known, text)
        if len(words_of(text)) > 1:
            having = ranking.holding(view, text, having)
        answers = answers & ~having
    if asked.all_words:
        weighed.scores[versions_in(~answers)] = 0
        answers = ranking.worth_showing(weighed)
    return weighed, known, answers


def _with_all(view: View, weighed: Weighed, known: Mapping[str, str], text: str) -> Bits:
    """The versions in which the viewer may read every word of the text."""
    found = view.visible
    for word in words_of(text):
        if lexeme := known[word.text]:
            stands = weighed.stands.get(lexeme, np.empty(0, dtype=np.int64))
            found = found & catalogue.bits_of(stands, len(found))
    return found


def _in_order(
    view: View,
    asked: Asked,
    weighed: Weighed | None,
    known: Mapping[str, str],
    hits: Bits,
    sort: str,
) -> Numbers:
    if sort == RELEVANCE and weighed is not None and asked.all_words:
        order = ranking.by_score(view, weighed, hits)
        return ranking.closest_first(
            view, weighed, order, [known[word] for word in asked.all_words]
        )
    if sort == BEGAN:
        return _latest_operations(view, versions_in(hits))
    every = view.catalogue.by_name() if sort == NAME else view.catalogue.in_order(*_columns(sort))
    return every[np.isin(every, versions_in(hits), assume_unique=True)]


def _columns(sort: str) -> tuple[str, ...]:
    return ORDERS.get(sort, ORDERS["newest"])


def _latest_operations(view: View, versions: Numbers) -> Numbers:
    """By when the operation began. A date is a fact: where it may not be read it must not show in
    the order either."""
    known = np.isin(versions, versions_in(view.facts), assume_unique=True)
    began = np.where(known, view.catalogue.column("began")[versions], catalogue.NEVER)
    released = view.catalogue.column("released")[versions]
    order: Numbers = versions[np.lexsort((versions, released, began))[::-1]]
    return order


def _unknown(asked: Asked, weighed: Weighed | None, known: Mapping[str, str]) -> list[str]:
    if weighed is None:
        return []
    words = dict.fromkeys(asked.all_words)
    return [word for word in words if known[word] and not weighed.worth.get(known[word])]


def _weights(weighed: Weighed | None) -> dict[str, float]:
    return {} if weighed is None else {key: idf for key, idf in weighed.worth.items() if idf}
