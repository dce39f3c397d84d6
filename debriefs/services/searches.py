"""What did a person look for, and what of it do they keep?

Theirs alone: remembering a search is a record of what was asked, as that of what was read is, and
they can clear it. That a search found nothing is counted without them. Which searches match
something new does not stand here (`alerting.py`), nor what the team does about those that found
nothing (`nothing_found.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db import connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from debriefs.exceptions import Refused
from debriefs.models import NothingFound, RecentSearch, SavedSearch
from debriefs.models.searches import LONGEST
from debriefs.search.facets import FACETS
from debriefs.text import tidy_line
from portal import audit
from portal.models import User

#: How many recent searches are shown; how many are kept, and for how long.
SHOWN, KEPT, KEPT_FOR = 10, 50, timedelta(days=90)

#: Characters that are kept of what found nothing: as much as shows what was meant.
LONGEST_NOT_FOUND = 200

#: Searches that one person can save: with alerts, each is run again when something is released.
MOST_SAVED = 30

#: Values of one filter in a saved search.
MOST_VALUES = 60

_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")


def bounded(text: str, longest: int = LONGEST) -> str:
    """The words of a search as they are kept: one line of what can be printed, cut off there."""
    line = "".join(sign if sign.isprintable() else " " for sign in text[: 4 * longest])
    return " ".join(line.split())[:longest].strip()


def narrowing_of(values: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The filters that there are among these, with what could be values of theirs, each once."""
    found = {
        name: sorted({value for value in values.get(name, ()) if _VALUE.fullmatch(value)})
        for name in FACETS
    }
    return {name: each[:MOST_VALUES] for name, each in found.items() if each}


def address(words: str, narrowing: Mapping[str, Sequence[str]] | None = None) -> str:
    """Where the search is run."""
    query = {"q": [words] if words else [], **(narrowing or {})}
    return f"{reverse('debriefs:library')}?{urlencode(query, doseq=True)}"


# --- Recent ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recent:
    """What a person looked for, and when last."""

    number: int
    words: str
    at: datetime

    @property
    def url(self) -> str:
        """Where it is run again."""
        return address(self.words)


def asked(person: User, text: str, *, in_vain: bool) -> None:
    """The person opened the page of results for this: that is remembered, and where it was in vain
    counted. As the record of a reading, it does not wait for the disk."""
    if not in_vain and _moved_to_the_top(person, text):
        return
    # Durable, or a change around it would not wait for the disk either.
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
        remember(person, text)
        if in_vain:
            found_nothing(text)


def _moved_to_the_top(person: User, text: str) -> bool:
    """Whether the person searched for this before, which is noted in one statement that does not
    wait for the disk: the page of results is shown to who types it again, goes on or comes back."""
    audit.require_by_itself()
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))"
            " UPDATE debriefs_recentsearch SET words = %(words)s, at = %(now)s FROM quick"
            " WHERE person_id = %(person)s AND upper(words) = upper(%(words)s)",
            {"words": bounded(text), "now": timezone.now(), "person": person.pk},
        )
        return bool(cursor.rowcount)


def remember(person: User, text: str) -> None:
    """The person searched for this just now. Searched for again it moves to the top; of more than
    `KEPT` the oldest are forgotten."""
    words = bounded(text)
    if not words:
        return
    mine = RecentSearch.objects.filter(person=person.pk)
    now = timezone.now()
    if mine.filter(words__iexact=words).update(words=words, at=now):
        return
    RecentSearch.objects.bulk_create(
        [RecentSearch(person=person, words=words, at=now)],
        ignore_conflicts=True,  # in another window, in this very moment
    )
    mine.exclude(pk__in=list(mine.values_list("pk", flat=True)[:KEPT])).delete()


def recent(person: User, *, beginning: str = "", at_most: int = SHOWN) -> list[Recent]:
    """What the person looked for last, the latest first; or of it what begins with these words."""
    mine = RecentSearch.objects.filter(person=person.pk, at__gt=timezone.now() - KEPT_FOR)
    if start := bounded(beginning):
        mine = mine.filter(words__istartswith=start)
    return [Recent(each.pk, each.words, each.at) for each in mine[:at_most]]


def clear(person: User, number: int | None = None) -> None:
    """The portal forgets that the person searched for this, or for anything."""
    mine = RecentSearch.objects.filter(person=person.pk)
    (mine if number is None else mine.filter(pk=number)).delete()


def forget_old() -> int:
    """Searches are forgotten when their time is over. Returns how many."""
    return RecentSearch.objects.filter(at__lte=timezone.now() - KEPT_FOR).delete()[0]


def found_nothing(text: str) -> None:
    """A search for this found nothing today; by whom and at what hour is not kept."""
    words = bounded(text, LONGEST_NOT_FOUND).lower()[:LONGEST_NOT_FOUND]
    if not words:
        return
    row, fresh = NothingFound.objects.get_or_create(words=words, day=timezone.localdate())
    if not fresh:
        NothingFound.objects.filter(pk=row.pk).update(times=F("times") + 1)


# --- Saved ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved search in words: `filters` are pairs of a filter's name and its values."""

    number: int
    name: str
    words: str
    filters: Sequence[tuple[str, str]]
    url: str
    alerts_since: datetime | None


def saved(person: User) -> list[Saved]:
    """The person's saved searches by name; no more queries than there are kinds of filters."""
    mine = list(SavedSearch.objects.filter(person=person.pk))
    names = _names(each.narrowing for each in mine)
    return [
        Saved(
            number=each.pk,
            name=each.name,
            words=each.words,
            filters=_in_words(each.narrowing, names),
            url=address(each.words, narrowing_of(each.narrowing)),
            alerts_since=each.alerts_since,
        )
        for each in mine
    ]


def in_words(narrowing: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """The filters as pairs of what they are called and their values."""
    return _in_words(narrowing, _names([narrowing]))


def _names(narrowings: Iterable[Mapping[str, Sequence[str]]]) -> dict[str, dict[str, str]]:
    """What the values of each filter are called."""
    values: dict[str, set[str]] = {}
    for narrowing in narrowings:
        for name, chosen in narrowing_of(narrowing).items():
            values.setdefault(name, set()).update(chosen)
    return {name: dict(FACETS[name].words(every)) for name, every in values.items()}


def _in_words(
    narrowing: Mapping[str, Sequence[str]], names: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, str]]:
    pairs = []
    for name, chosen in narrowing_of(narrowing).items():
        known = [names[name][value] for value in chosen if value in names[name]]
        if known:
            pairs.append((FACETS[name].label, ", ".join(known)))
    return pairs


@transaction.atomic
def save(
    *, by: User, name: str, words: str, narrowing: Mapping[str, Sequence[str]], alerts: bool
) -> SavedSearch:
    """The person keeps the search under the name, and with alerts is told of what matches from now
    on. Saving the same search under the same name again is saving it once.

    Refuses a search that asks nothing, a name that the person has given already, and one search
    more than `MOST_SAVED`.
    """
    mine = _locked(by)
    text, filters, called = bounded(words), narrowing_of(narrowing), _name(name)
    if not text and not filters:
        raise Refused("This search asks nothing. Search for something first, then save it.")
    for each in mine:
        if each.name.lower() == called.lower():
            if (each.words, each.narrowing) == (text, filters):
                return each
            raise Refused(f"You have a search called “{each.name}” already. Choose another name.")
    if len(mine) >= MOST_SAVED:
        raise Refused(f"You have saved {MOST_SAVED} searches. Delete one that you don't need.")
    return SavedSearch.objects.create(
        person=by,
        name=called,
        words=text,
        narrowing=filters,
        alerts_since=timezone.now() if alerts else None,
    )


@transaction.atomic
def rename(*, by: User, number: int, name: str) -> None:
    """The saved search has another name. Refuses one that another of the person's has."""
    called = _name(name)
    mine = {each.pk: each for each in _locked(by)}
    search = mine.pop(number, None)
    if search is None:
        raise _gone()
    if any(each.name.lower() == called.lower() for each in mine.values()):
        raise Refused(f"You have a search called “{called}” already. Choose another name.")
    search.name = called
    search.save(update_fields=["name"])


@transaction.atomic
def set_alerts(*, by: User, number: int, alerts: bool) -> SavedSearch:
    """The person is told of what matches the search from now on, or is not told any more."""
    search = next((each for each in _locked(by) if each.pk == number), None)
    if search is None:
        raise _gone()
    if search.alerts != alerts:
        search.alerts_since = timezone.now() if alerts else None
        search.save(update_fields=["alerts_since"])
    return search


@transaction.atomic
def delete(*, by: User, number: int) -> str:
    """The search is not kept any more, and what was told of it goes with it. Returns its name."""
    search = next((each for each in _locked(by) if each.pk == number), None)
    if search is None:
        raise _gone()
    search.delete()
    return search.name


def _locked(person: User) -> list[SavedSearch]:
    """The person's saved searches, while nobody else changes them or adds one."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    return list(SavedSearch.objects.filter(person=person.pk))


def _name(name: str) -> str:
    called = tidy_line(name)
    if not called:
        raise Refused("Give the search a name.")
    if len(called) > 80:
        raise Refused("Keep the name under 80 characters.")
    return called


def _gone() -> Refused:
    return Refused("This search is not there any more. You may have deleted it in another window.")
