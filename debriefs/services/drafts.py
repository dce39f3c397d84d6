"""What is my team writing, and what is next? And how a draft begins: with headings, or with those
of another debrief."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from debriefs import permissions
from debriefs.exceptions import Refused
from debriefs.guides import TEMPLATES
from debriefs.models import Part, Save, Version
from debriefs.models.vocabulary import Heading
from debriefs.services import writing
from debriefs.services.content import Facts, Words
from debriefs.workflow import State
from portal.models import Organisation, Role, User


@dataclass(frozen=True, slots=True)
class Row:
    """A version that is being made: where it is, who saved it last, and the one thing to do."""

    version: Version
    operation: str
    saved_at: datetime
    saved_by: str
    verb: str
    url: str
    why: str = ""

    @property
    def state(self) -> State:
        """Where it is in its life."""
        return State(self.version.state)


@dataclass(frozen=True, slots=True)
class Discarded:
    """A draft that was put aside, and the day until which it can be brought back."""

    version: Version
    operation: str
    discarded_at: datetime
    until: date


def teams_of(person: User) -> QuerySet[Organisation]:
    """The project teams for which the person writes."""
    return Organisation.objects.filter(
        kind=Organisation.Kind.TEAM,
        memberships__user=person,
        memberships__role__in=(Role.AUTHOR, Role.EDITOR),
        memberships__ended_at__isnull=True,
    ).distinct()


def of_team(person: User) -> list[Row]:
    """What the person's teams write and check, each with what is next; the longest untouched last.

    The number of queries does not grow with the drafts.
    """
    last = Save.objects.filter(version=OuterRef("pk")).order_by("-revision")
    found = (
        permissions.can_work_on.things(person)
        .filter(state__in=(State.DRAFTING, State.CHECKING))
        .select_related("debrief")
        .annotate(
            saved_at=Coalesce(Subquery(last.values("at")[:1]), "started_at"),
            saved_by=Coalesce(Subquery(last.values("by__name")[:1]), "started_by__name"),
        )
        .order_by("-saved_at")
    )
    may_check = set(permissions.can_check.things(person).values_list("pk", flat=True))
    may_send = set(permissions.can_send.things(person).values_list("pk", flat=True))
    return [_row(version, may_check, may_send) for version in found]


def _row(version: Version, may_check: set[int], may_send: set[int]) -> Row:
    draft = reverse("debriefs:draft", args=[version.debrief.slug])
    why = ""
    if version.state == State.DRAFTING:
        verb, url = "Write", draft
        if version.sent_back_for:
            verb, why = "Change", "Came back from checking"
    elif version.pk in may_send:
        verb, url = "Send", reverse("debriefs:send", args=[version.debrief.slug])
        why = "Checked; an editor sends it to the forces"
    elif version.checked_at:
        verb, url, why = "Read", draft, "Checked; waits for an editor to send it"
    elif version.pk in may_check:
        verb, url = "Check", reverse("debriefs:check", args=[version.debrief.slug])
        why = "Waits for a second reader"
    else:
        verb, url, why = "Read", draft, "Waits for a second reader, who did not write it"
    return Row(
        version=version,
        operation=version.debrief.operation,
        saved_at=version.saved_at,  # type: ignore[attr-defined]
        saved_by=version.saved_by,  # type: ignore[attr-defined]
        verb=verb,
        url=url,
        why=why,
    )


def discarded_of(person: User) -> list[Discarded]:
    """The drafts that the person can bring back, those that go first at the top."""
    found = permissions.can_restore.things(person).select_related("debrief")
    return [
        Discarded(version, version.debrief.operation, at, _last_day(at))
        for version in found.order_by("discarded_at")
        if (at := version.discarded_at)
    ]


def _last_day(discarded_at: datetime) -> date:
    return timezone.localdate(discarded_at + writing.KEPT_DISCARDED)


def structures_for(person: User) -> QuerySet[Version]:
    """The released debriefs of which the person may copy the structure: those they may read."""
    return (
        permissions.can_read.things(person)
        .filter(state=State.RELEASED)
        .select_related("debrief")
        .order_by("debrief__operation")
    )


@transaction.atomic
def start(
    *, by: User, owner: Organisation, operation: str, facts: Facts, like: Version | None = None
) -> Version:
    """A draft exists with an empty section under each heading that its kind begins with.

    With `like` it has the headings of that debrief instead, in their order and with their reaches,
    as far as `by` reads them; no word of it is copied. Recorded as `version.started`, and as
    `version.edited` for each section. Refuses what `writing.start` does.
    """
    sections: Sequence[tuple[Heading, int]]
    if like is None:
        sections = [(heading, facts.reach) for heading in TEMPLATES[facts.kind]]
    else:
        sections = _structure_of(like, by)
        facts = replace(facts, reach=like.reach, facts_reach=like.facts_reach)
    version = writing.start(by=by, owner=owner, operation=operation, facts=facts)
    for heading, reach in sections:
        writing.add_part(
            by=by,
            version=version,
            words=Words(
                kind=Part.Kind.SECTION,
                heading=heading,
                title=heading.label,
                reach=min(reach, facts.reach),
            ),
        )
    version.refresh_from_db()
    return version


def _structure_of(like: Version, by: User) -> list[tuple[Heading, int]]:
    if not structures_for(by).filter(pk=like.pk).exists():
        raise Refused("Choose a debrief that is shared with you, or none.")
    whole = permissions.can_read_whole.things(by).filter(pk=like.pk).exists()
    parts = like.parts.all() if whole else like.parts.visible_to(by)
    sections = parts.filter(kind=Part.Kind.SECTION).exclude(heading="").order_by("position")
    return [(Heading(part.heading), part.reach) for part in sections]
