"""The whole way: what was asked, by whom, narrowed to what; which debriefs answer it, and how many
there are of each sort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from debriefs.search import answering, catalogue, ranking, spelling, together
from debriefs.search.answering import Answer
from debriefs.search.catalogue import Bits, Numbers, View, marked, ordered, size, versions_in
from debriefs.search.fields import resolve
from debriefs.search.query import Asked
from debriefs.search.together import Matches
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

    `versions` are the numbers of all hits, best first. `asked` is the question as it was answered,
    with `corrections` of words that stand in nothing the visitor may read; `unknown` are those for
    which nothing was found to take their place. `unresolved` are fields that name nothing there,
    such as ("theme", "gardening"). `worth` says what each lexeme is worth, other names included,
    and `matches` where they stand in the best of the hits.
    """

    asked: Asked
    view: View
    versions: Numbers
    narrowing: Narrowing
    answers: Bits
    corrections: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    unresolved: tuple[tuple[str, str], ...] = ()
    worth: Mapping[str, float] = field(default_factory=dict)
    question: Sequence[str] = ()
    matches: Matches = field(default_factory=dict)

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
    visitor: Visitor,
    asked: Asked,
    narrowing: Narrowing | None = None,
    sort: str = RELEVANCE,
    *,
    exactly: bool = False,
    view: View | None = None,
) -> Found:
    """What the visitor may read that answers the question; all of it where nothing is asked.

    A word that stands in nothing they may read is taken for one that does and begins like it, or is
    written nearly the same, unless `exactly` is said. A facet of `narrowing` without values lets
    nothing through. `view` is the catalogue as the visitor sees it, where the caller
    has it already.
    """
    view = view or catalogue.current().view(visitor)
    fields, unresolved = resolve(view, asked.fields)
    base = view.visible
    for facet, values in fields:
        base = narrowed(view, base, {facet: values})
    answer = answering.answer(view, asked, base)
    corrections: dict[str, str] = {}
    if answer.unknown and not exactly:
        corrections = spelling.corrections(view, answer.unknown)
        if corrections:
            asked = corrected(asked, corrections)
            answer = answering.answer(view, asked, base)
    versions, matches = _in_order(view, answer, narrowed(view, answer.hits, narrowing or {}), sort)
    return Found(
        asked=asked,
        view=view,
        versions=versions,
        narrowing=narrowing or {},
        answers=answer.hits,
        corrections=corrections,
        unknown=answer.unknown,
        unresolved=tuple(unresolved),
        worth=answer.worth,
        question=answer.question,
        matches=matches,
    )


def corrected(asked: Asked, corrections: Mapping[str, str]) -> Asked:
    """The question with these words in place of those."""

    def mended(text: str) -> str:
        return " ".join(corrections.get(word, word) for word in text.split())

    return replace(
        asked,
        words=tuple(corrections.get(word, word) for word in asked.words),
        phrases=tuple(mended(phrase) for phrase in asked.phrases),
    )


def _in_order(view: View, answer: Answer, hits: Bits, sort: str) -> tuple[Numbers, Matches]:
    if sort == RELEVANCE and answer.weighed is not None:
        order = ranking.by_score(view, answer.weighed, hits)
        best = [int(number) for number in order[: together.LOOKED_AT]]
        found = together.matches(view, answer.worth, answer.question, best)
        return together.first(order, answer.weighed, found), found
    if sort == BEGAN:
        return _latest_operations(view, versions_in(hits)), {}
    every = view.catalogue.by_name() if sort == NAME else view.catalogue.in_order(*_columns(sort))
    return ordered(every, hits), {}


def _columns(sort: str) -> tuple[str, ...]:
    return ORDERS.get(sort, ORDERS["newest"])


def _latest_operations(view: View, versions: Numbers) -> Numbers:
    """By when the operation began. A date is a fact: where it may not be read it must not show in
    the order either."""
    known = marked(view.facts)[versions]
    began = np.where(known, view.catalogue.column("began")[versions], catalogue.NEVER)
    released = view.catalogue.column("released")[versions]
    order: Numbers = versions[np.lexsort((versions, released, began))[::-1]]
    return order
