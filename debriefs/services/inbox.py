"""What has a person been told, and what of it is new to them?

Only notices that hold now are counted, listed and opened (`debriefs/notices.py`). Their mails do
not live here (`deliveries.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, QuerySet, When
from django.utils import timezone

from debriefs.models import Notice
from debriefs.notices import KINDS, holding
from debriefs.services.marking import markings
from portal.models import User
from portal.prepared import Prepared
from portal.standing import groups_of, standing_in


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as its person finds it in the list; `operation` is empty where it is not
    named."""

    number: int
    title: str
    operation: str
    at: datetime
    new: bool


def unread(person: User) -> int:
    """How many notices the person has not opened. One query for whoever has none."""
    waiting = frozenset(_kinds_unread(person=person.pk))
    if not waiting or not person.is_active:
        return 0
    asked = _new_and_held(person.pk, tuple(groups_of(person)), waiting, timezone.localdate())
    if asked is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(*asked)
        return len(cursor.fetchall())


@lru_cache(maxsize=1000)
def _new_and_held(
    number: int, groups: tuple[int, ...], kinds: frozenset[str], today: date
) -> tuple[str, tuple[Any, ...]] | None:
    """The query for the new notices that hold, in SQL; None where none can.

    Every page asks it, and putting it together takes longer than the answer. All that it depends
    on is given here: who asks, through which groups, and on which day.
    """
    held = holding(standing_in(groups, number), kinds).filter(read_at__isnull=True).values("pk")
    try:
        sql, params = held.query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, params


_kinds_unread: Prepared[str] = Prepared(
    lambda person: (
        Notice.objects.filter(person=person, read_at__isnull=True)
        .order_by()
        .values_list("kind", flat=True)
        .distinct()
    )
)


def _unread_of(person: User) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person.pk, read_at__isnull=True)


def everything(person: User) -> QuerySet[Notice]:
    """The person's notices, those that are new first, each part newest first."""
    kinds = Notice.objects.filter(person=person.pk).order_by().values_list("kind", flat=True)
    return (
        holding(person, set(kinds))
        .select_related("debrief", "version")
        .order_by(Case(When(read_at=None, then=0), default=1), "-at", "-pk")
    )


def lines(notices: list[Notice]) -> list[Line]:
    """The notices as lines of the list."""
    return [
        Line(
            number=notice.pk,
            title=KINDS[notice.kind].title,
            operation=notice.debrief.operation
            if notice.debrief and KINDS[notice.kind].names
            else "",
            at=notice.at,
            new=notice.read_at is None,
        )
        for notice in notices
    ]


def markings_of(person: User, notices: list[Notice]) -> list[str]:
    """The markings of what the lines name."""
    named = [each.version for each in notices if each.version and KINDS[each.kind].names]
    return list(markings(person, named).values())


def find(person: User, number: int) -> Notice | None:
    """The person's own notice of this number; None for anybody else's and for one that is not
    there."""
    mine = Notice.objects.filter(person=person.pk, pk=number)
    return mine.select_related("person", "debrief", "version__debrief").first()


def place_of(person: User, notice: Notice) -> str:
    """The place that the notice leads to; empty when it does not hold any more."""
    if not holding(person, [notice.kind]).filter(pk=notice.pk).exists():
        return ""
    return KINDS[notice.kind].leads(notice)


def mark_read(person: User, notice: Notice) -> None:
    """The notice is not new to the person any more; when it was first opened stays."""
    _unread_of(person).filter(pk=notice.pk).update(read_at=timezone.now())


def mark_all_read(person: User) -> None:
    """Nothing that the person was told is new to them any more."""
    _unread_of(person).update(read_at=timezone.now())
