"""What to offer while a question is being typed: operations, themes and forces that the visitor may
know of, and what they asked before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from debriefs.models import Version
from debriefs.search import catalogue
from debriefs.search.catalogue import View, size
from debriefs.search.words import words_of
from portal.standing import Visitor

#: Characters before anything is offered, and that are read of what is typed.
FEWEST, LONGEST = 2, 80
#: Offered of each kind.
MOST = 4


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to go to: what it is, what it is called, and where it is."""

    kind: str
    text: str
    url: str


def suggestions(visitor: Visitor, typed: str) -> list[Suggestion]:
    """What begins as the visitor began to type, best first; nothing for one letter."""
    words = [word.text for word in words_of(typed[:LONGEST])]
    if sum(map(len, words)) < FEWEST:
        return []
    view = catalogue.current().view(visitor)
    return [
        *_operations(visitor, words),
        *_values(view, "theme", "Theme", words),
        *_values(view, "force", "Force or agency", words),
    ]


def _operations(visitor: Visitor, words: list[str]) -> Iterator[Suggestion]:
    named = Version.objects.visible_to(visitor).select_related("debrief")
    for word in words:
        if word != "operation":
            named = named.filter(debrief__operation__iregex=rf"\y{word}")
    for version in named.order_by("debrief__operation")[:MOST]:
        debrief = version.debrief
        yield Suggestion("Operation", debrief.operation, debrief.get_absolute_url())


def _values(view: View, facet: str, kind: str, words: list[str]) -> Iterator[Suggestion]:
    """Values of a facet that stand in what the visitor may know, the most frequent first."""
    keys, bits = view.values(facet)
    counts = dict(zip(keys, size(bits).tolist(), strict=True))
    called = view.words(facet)
    matching = [(key, name) for key, name in called if _begins(words, name)]
    for key, name in sorted(matching, key=lambda each: -counts[each[0]])[:MOST]:
        yield Suggestion(kind, name, f"{reverse('debriefs:library')}?{urlencode({facet: key})}")


def _begins(words: list[str], name: str) -> bool:
    there = [word.text for word in words_of(name)]
    return all(any(each.startswith(word) for each in there) for word in words)
