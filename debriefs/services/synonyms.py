"""Which words mean the same? Kept by the project team, and the same for everybody who searches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from debriefs import permissions
from debriefs.exceptions import Refused
from debriefs.models import SynonymSet
from debriefs.models.synonym import FEWEST, LONGEST_WORD, MOST
from debriefs.text import tidy_line
from portal import audit
from portal.models import User


@dataclass(frozen=True, slots=True)
class Line:
    """A set of the list."""

    number: int
    words: Sequence[str]


def lines() -> list[Line]:
    """Every set, by its first word."""
    found = [Line(each.pk, each.words) for each in SynonymSet.objects.all()]
    return sorted(found, key=lambda line: [word.lower() for word in line.words])


def find(number: int) -> SynonymSet | None:
    """The set of this number."""
    return SynonymSet.objects.filter(pk=number).first()


@transaction.atomic
def add(*, by: User, words: Iterable[str]) -> SynonymSet:
    """A search for one of these words finds the others too, from the next search on. Adding the
    same set again is adding it once.

    Refuses fewer than two words and more than twelve, one that is too long, and one that stands in
    another set. Recorded as `synonym.added`.
    """
    _require(by)
    set_of_words = _checked(words)
    for each in SynonymSet.objects.all():
        if each.words == set_of_words:
            return each
    _require_in_no_other(set_of_words)
    made = SynonymSet.objects.create(words=set_of_words)
    audit.record("synonym.added", by=by, subject=made)
    return made


@transaction.atomic
def change(*, by: User, number: int, words: Iterable[str]) -> SynonymSet:
    """The set has these words from the next search on. Refuses what `add` does. Recorded as
    `synonym.changed`."""
    _require(by)
    mine = find(number)
    if mine is None:
        raise Refused("Somebody has removed this set meanwhile. Add it again if it is needed.")
    set_of_words = _checked(words)
    if set_of_words == mine.words:
        return mine
    _require_in_no_other(set_of_words, mine.pk)
    mine.words = set_of_words
    mine.save(update_fields=["words"])
    audit.record("synonym.changed", by=by, subject=mine)
    return mine


@transaction.atomic
def remove(*, by: User, number: int) -> Sequence[str]:
    """The words mean the same no longer. Returns them, so that they can be added again. Recorded as
    `synonym.removed`."""
    _require(by)
    mine = find(number)
    if mine is None:
        return ()
    audit.record("synonym.removed", by=by, subject=mine)
    mine.delete()
    return mine.words


def _require(by: User) -> None:
    """That the person may, and that nobody else changes a set meanwhile."""
    decision = permissions.may_tend_search(by)
    if not decision:
        raise Refused(decision.reason)
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE debriefs_synonymset IN SHARE ROW EXCLUSIVE MODE")


def _checked(words: Iterable[str]) -> list[str]:
    found = [word for word in map(tidy_line, words) if word]
    for word in found:
        if len(word) > LONGEST_WORD:
            raise Refused(f"“{word[:20]}…” is too long: keep each under {LONGEST_WORD} characters.")
        if not any(sign.isalnum() for sign in word):
            raise Refused(f"“{word}” is no word.")
    seen: set[str] = set()
    for word in found:
        if word.casefold() in seen:
            raise Refused(f"“{word}” stands there twice.")
        seen.add(word.casefold())
    if len(found) < FEWEST:
        raise Refused("Give at least two words or phrases, each on a line of its own.")
    if len(found) > MOST:
        raise Refused(f"Give {MOST} words or phrases at most.")
    return found


def _require_in_no_other(words: Sequence[str], own: int = 0) -> None:
    folded = {word.casefold(): word for word in words}
    for other in SynonymSet.objects.exclude(pk=own):
        for word in other.words:
            if word.casefold() in folded:
                raise Refused(
                    f"“{folded[word.casefold()]}” stands in another set already: {other}. Add your "
                    "words there instead."
                )
