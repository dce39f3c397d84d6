"""Which versions answer the words of a question, and what is each of the words worth?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from debriefs.models import SynonymSet
from debriefs.search import ranking, synonyms
from debriefs.search.catalogue import Bits, View, bits_of, versions_in
from debriefs.search.query import Asked
from debriefs.search.ranking import Weighed
from debriefs.search.words import lexemes, words_of


@dataclass(frozen=True)
class Answer:
    """The versions that answer (`hits`). Where words were looked for: what they are worth together
    in each version (`weighed`) and by themselves (`worth`), the lexemes in the order in which they
    were asked for (`question`), and the words that stand in nothing the viewer may read
    (`unknown`)."""

    hits: Bits
    weighed: Weighed | None = None
    worth: dict[str, float] = field(default_factory=dict)
    question: Sequence[str] = ()
    unknown: tuple[str, ...] = ()


def answer(view: View, asked: Asked, among: Bits) -> Answer:
    """What answers the question's words, phrases and exclusions among these versions."""
    excluded = [word.text for text in asked.without for word in words_of(text)]
    known = lexemes([*asked.all_words, *excluded])
    question = [known[word] for word in asked.all_words]
    concepts = synonyms.concepts(question, SynonymSet.objects.sets() if question else ())
    besides = [known[word] for word in excluded if known[word]]
    weighed = ranking.weigh(view, concepts, besides)
    hits = _allowed(view, asked, weighed, known, among)
    if not asked.all_words:
        return Answer(hits)
    weighed.scores[versions_in(~hits)] = 0
    asked_for = {lexeme for each in concepts for lexeme in each.all_lexemes}
    return Answer(
        hits=ranking.worth_showing(weighed),
        weighed=weighed,
        worth={key: idf for key, idf in weighed.worth.items() if idf and key in asked_for},
        question=question,
        unknown=_unknown(asked, weighed, known, concepts),
    )


def _allowed(
    view: View, asked: Asked, weighed: Weighed, known: Mapping[str, str], among: Bits
) -> Bits:
    """Those with every phrase and with nothing that was excluded."""
    hits = among
    for phrase in asked.phrases:
        hits = ranking.holding(view, phrase, hits & _with_all(view, weighed, known, phrase))
    for text in asked.without:
        having = hits & _with_all(view, weighed, known, text)
        if len(words_of(text)) > 1:
            having = ranking.holding(view, text, having)
        hits = hits & ~having
    return hits


def _with_all(view: View, weighed: Weighed, known: Mapping[str, str], text: str) -> Bits:
    """The versions in which the viewer may read every word of the text."""
    found = view.visible
    for word in words_of(text):
        if lexeme := known[word.text]:
            stands = weighed.stands.get(lexeme, np.empty(0, dtype=np.int64))
            found = found & bits_of(stands, len(found))
    return found


def _unknown(
    asked: Asked,
    weighed: Weighed,
    known: Mapping[str, str],
    concepts: Sequence[ranking.Concept],
) -> tuple[str, ...]:
    """The words that stand nowhere, under whatever name."""
    called = {
        lexeme
        for concept in concepts
        if any(all(weighed.worth.get(each) for each in name) for name in concept.others)
        for lexeme in concept.lexemes
    }
    return tuple(
        word
        for word in dict.fromkeys(asked.all_words)
        if known[word] and not weighed.worth.get(known[word]) and known[word] not in called
    )
