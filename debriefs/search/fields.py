"""What does `theme:care` name, among the values that this visitor may know?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from debriefs.search.catalogue import View, size
from debriefs.search.facets import YEAR
from debriefs.search.words import words_of
from portal.models import Organisation

_YEARS = re.compile(r"(\d{4})?\s*(-|–|to|\.\.)?\s*(\d{4})?")

Named = list[tuple[str, list[str]]]


def resolve(view: View, fields: Iterable[tuple[str, str]]) -> tuple[Named, list[tuple[str, str]]]:
    """For each field its facet and the keys that it names; and the fields that name nothing which
    the visitor may know, which narrow nothing."""
    named: Named = []
    unresolved = []
    for name, said in fields:
        keys = _keys(view, name, said)
        if keys:
            named.append((name, keys))
        else:
            unresolved.append((name, said))
    return named, unresolved


def _keys(view: View, facet: str, said: str) -> list[str]:
    keys, bits = view.values(facet)
    there = [key for key, count in zip(keys, size(bits), strict=True) if count]
    if facet == YEAR:
        return _years(there, said)
    asked = [word.text for word in words_of(said)]
    called = {key: f"{key} {name}" for key, name in view.words(facet)}
    if facet == "force":
        rows = Organisation.objects.filter(key__in=there)
        for key, short in rows.values_list("key", "short_name"):
            called[key] += f" {short}"
    exact = [key for key in there if key == said.strip().lower()]
    return exact or [key for key, name in called.items() if _names(asked, name)]


def _names(asked: Iterable[str], name: str) -> bool:
    """Whether every word that was asked for begins a word of the name."""
    words = [word.text for word in words_of(name)]
    return all(any(word.startswith(each) for word in words) for each in asked)


def _years(there: Iterable[str], said: str) -> list[str]:
    found = _YEARS.fullmatch(said.strip())
    if found is None or not (found[1] or found[3]):
        return []
    if not found[2]:
        first = last = found[1] or found[3] or ""
    else:
        first, last = found[1] or "0000", found[3] or "9999"
    return [year for year in there if first <= year <= last]
