"""Debriefs in lists: as cards that hold what their reader may know without opening them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery

from debriefs.models import Part, Release, Version
from debriefs.search.passages import Hit
from debriefs.services.facts import FactSheet, fact_sheets
from debriefs.services.marking import markings
from portal.models import AuditEvent, User
from portal.prepared import Prepared
from portal.standing import Visitor, groups_of, standing_in


@dataclass(frozen=True, slots=True)
class Card:
    """A debrief in a list: what its reader may know of it without opening it.

    Texts that are facts are empty where the facts are beyond the reader's reach.
    """

    operation: str
    url: str
    invented: bool
    title: str
    summary: str
    marking: str
    released_on: datetime | None
    lessons_count: int
    lead: str = ""
    region: str = ""
    years: str = ""
    outcome: str = ""
    types: Sequence[str] = ()
    themes: Sequence[str] = ()
    hits: Sequence[Hit] = ()


def cards(
    visitor: Visitor,
    versions: Iterable[Version],
    hits: Mapping[int, Sequence[Hit]] | None = None,
) -> list[Card]:
    """The versions as cards, in their order, in a number of queries that does not grow with them.

    They must have been narrowed with `visible_to(visitor)` already; facts are left out beyond their
    reach.
    """
    found = list(versions)
    groups = groups_of(visitor)
    mine = set(groups)
    marking = markings(visitor, found)
    sheets = fact_sheets(version for version in found if mine & set(version.facts_readers))
    beside = {
        number: (since, lessons)
        for number, since, lessons in _beside(
            versions=[version.pk for version in found], groups=groups
        )
    }
    return [
        Card(
            operation=version.debrief.operation,
            url=version.debrief.get_absolute_url(),
            invented=version.debrief.invented,
            title=version.title,
            summary=version.summary,
            marking=marking[version.pk],
            released_on=beside[version.pk][0],
            lessons_count=beside[version.pk][1] or 0,
            hits=(hits or {}).get(version.pk, ()),
            **_card_facts(sheets[version.pk]) if version.pk in sheets else {},
        )
        for version in found
    ]


#: Since when each version is shared with these groups, and how many lessons they may read.
_beside: Prepared[tuple[int, datetime | None, int | None]] = Prepared(
    lambda versions, groups: (
        Version.objects.filter(pk__in=versions)
        .order_by()
        .values_list(
            "pk",
            Subquery(
                Release.objects.filter(
                    version=OuterRef("pk"),
                    sharing_group__group__in=groups,
                    withdrawn_at__isnull=True,
                )
                .order_by("released_at")
                .values("released_at")[:1]
            ),
            Subquery(
                Part.objects.visible_to(standing_in(groups))
                .filter(version=OuterRef("pk"), kind=Part.Kind.LESSON)
                .order_by()
                .values("version")
                .annotate(many=Count("pk"))
                .values("many")
            ),
        )
    )
)


def _card_facts(sheet: FactSheet) -> dict[str, Any]:
    lead = sheet.lead
    return {
        "lead": lead.name if lead else "",
        "region": (lead.region or "") if lead else "",
        "years": sheet.period,
        "outcome": sheet.outcome,
        "types": [each.name for each in sheet.exploitation],
        "themes": [each.name for each in sheet.themes],
    }


def newest(visitor: Visitor, limit: int) -> list[Card]:
    """What was shared with the visitor last."""
    found = (
        Version.objects.visible_to(visitor)
        .select_related("debrief")
        .order_by("-released_at", "-pk")
    )
    return cards(visitor, found[:limit])


def read_last(person: User, limit: int) -> list[Card]:
    """What the person read last and may still read, latest first."""
    recent = list(
        AuditEvent.objects.filter(actor=person, verb="version.read")
        .order_by("-pk")
        .values_list("debrief", flat=True)[:60]
    )
    wanted = list(dict.fromkeys(recent))
    found = {
        version.debrief_id: version
        for version in Version.objects.visible_to(person)
        .filter(debrief__in=wanted)
        .select_related("debrief")
    }
    return cards(person, [found[number] for number in wanted if number in found][:limit])
