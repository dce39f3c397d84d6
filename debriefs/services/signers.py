"""Who will sign a version, force by force: by name, who is away, who stands in, and where there is
nobody?

Asked before it is sent. What each person may decide once it is there stands in `permissions.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from debriefs.models import Version
from portal.models import Absence, Membership, Organisation, Role

SIGNING_ROLES = (Role.SIGNATORY, Role.DEPUTY)


@dataclass(frozen=True, slots=True)
class Signer:
    """A person who signs for a force, or stands in. Whoever wrote part of the version does not.

    `away_until` is the last day of an absence that has begun.
    """

    name: str
    job_title: str
    role: str
    wrote: bool
    away_until: date | None


@dataclass(frozen=True, slots=True)
class Force:
    """A force that signs, and those who can for it."""

    organisation: Organisation
    signatories: Sequence[Signer]
    deputies: Sequence[Signer]
    coordinators: Sequence[str]

    @property
    def able(self) -> list[Signer]:
        """Who can sign at all: those who did not write it, signatories first."""
        return [each for each in (*self.signatories, *self.deputies) if not each.wrote]

    @property
    def stands_in(self) -> bool:
        """Whether the deputies decide today, because every signatory who could is away."""
        there = [each for each in self.able if each.role == Role.SIGNATORY and not each.away_until]
        return not there and any(each.role == Role.DEPUTY for each in self.able)

    @property
    def nobody(self) -> str:
        """Why nobody can sign for the force, and what to do; empty where somebody can."""
        if self.able:
            return ""
        ask = (
            f"Ask its coordinator, {' or '.join(self.coordinators)}, to name one."
            if self.coordinators
            else "Ask its coordinator to name one."
        )
        wrote = " who did not write part of it" if self.signatories or self.deputies else ""
        return f"{self.organisation} has no signatory who could sign{wrote}. {ask}"

    @property
    def all_away(self) -> bool:
        """Whether everybody who could sign is away today."""
        able = self.able
        return bool(able) and all(each.away_until for each in able)


def of(version: Version) -> list[Force]:
    """The forces that sign the version with their people, in the order of their names; four
    queries, however many forces."""
    signing = list(
        Organisation.objects.filter(
            participations__version=version, participations__signs=True
        ).order_by("name")
    )
    held = list(
        Membership.objects.filter(
            organisation__in=signing,
            role__in=(*SIGNING_ROLES, Role.COORDINATOR),
            ended_at__isnull=True,
            user__is_active=True,
        )
        .select_related("user")
        .order_by("user__name", "pk")
    )
    today = timezone.localdate()
    away = {
        (absence.user_id, absence.organisation_id): absence.until_day
        for absence in Absence.objects.filter(
            organisation__in=signing,
            ended_at__isnull=True,
            from_day__lte=today,
            until_day__gte=today,
        ).order_by("until_day")
    }
    wrote = set(version.contributors.values_list("pk", flat=True))

    def people(organisation: Organisation, role: Role) -> list[Signer]:
        return [
            Signer(
                each.user.name,
                each.user.job_title,
                role,
                each.user_id in wrote,
                away.get((each.user_id, organisation.pk)),
            )
            for each in held
            if each.organisation_id == organisation.pk and each.role == role
        ]

    return [
        Force(
            organisation,
            people(organisation, Role.SIGNATORY),
            people(organisation, Role.DEPUTY),
            [each.name for each in people(organisation, Role.COORDINATOR)],
        )
        for organisation in signing
    ]
