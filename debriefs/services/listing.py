"""Debriefs in lists: as cards that hold what their reader may know without opening them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min

from debriefs.models import Part, Release, Version
from debriefs.search.passages import Hit
from debriefs.services.facts import FactSheet
from debriefs.services.marking import markings
from portal.models import AuditEvent, User
from portal.standing import Visitor, groups_of


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
    mine = set(groups_of(visitor))
    marking = markings(visitor, found)
    open_facts = [version.pk for version in found if mine & set(version.facts_readers)]
    with_facts = {
        version.pk: version
        for version in Version.objects.filter(pk__in=open_facts).prefetch_related(
            "participations__organisation__region", "exploitation", "themes"
        )
    }
    since = dict(
        Release.objects.filter(
            version__in=found, sharing_group__group__in=mine, withdrawn_at__isnull=True
        )
        .order_by()
        .values_list("version")
        .annotate(Min("released_at"))
    )
    lessons = dict(
        Part.objects.visible_to(visitor)
        .filter(version__in=[version.pk for version in found], kind=Part.Kind.LESSON)
        .order_by()
        .values_list("version")
        .annotate(Count("pk"))
    )
    return [
        Card(
            operation=version.debrief.operation,
            url=version.debrief.get_absolute_url(),
            invented=version.debrief.invented,
            title=version.title,
            summary=version.summary,
            marking=marking[version.pk],
            released_on=since.get(version.pk),
            lessons_count=lessons.get(version.pk, 0),
            hits=(hits or {}).get(version.pk, ()),
            **_card_facts(with_facts[version.pk]) if version.pk in with_facts else {},
        )
        for version in found
    ]


def _card_facts(version: Version) -> dict[str, Any]:
    sheet = FactSheet(
        version=version,
        participations=list(version.participations.all()),
        exploitation=list(version.exploitation.all()),
        offences=(),
        countries=(),
        themes=list(version.themes.all()),
    )
    lead = sheet.lead
    return {
        "lead": lead.name if lead else "",
        "region": lead.region.name if lead and lead.region else "",
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
