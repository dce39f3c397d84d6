"""Who can decide for a force on a version today: its signatories, or while all of them are away its
deputies?

Told in names to those who wait for it. What each person may do is decided in `permissions.py`; a
test holds the names against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from debriefs.models import SignOff, Version
from portal.models import Absence, Membership, Role

ROLES = (Role.SIGNATORY, Role.DEPUTY)


@dataclass(frozen=True, slots=True)
class Away:
    """A signatory who is away, and the last day of it."""

    name: str
    until: date


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who can decide: the numbers of all who may, and the names of those who are there to.

    `standing_in` where those are deputies. A signatory who is away may still decide, and is listed
    under `away`.
    """

    people: Set[int]
    names: Sequence[str]
    standing_in: bool = False
    away: Sequence[Away] = ()


def of(signoffs: Iterable[SignOff]) -> dict[int, Deciders]:
    """Who can decide on each of these sign-offs today, by its number; three queries for all."""
    asked = list(signoffs)
    organisations = {signoff.organisation_id for signoff in asked}
    holding = list(
        Membership.objects.filter(
            organisation__in=organisations,
            role__in=ROLES,
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
            organisation__in=organisations,
            ended_at__isnull=True,
            from_day__lte=today,
            until_day__gte=today,
        ).order_by("until_day")
    }
    wrote = set(
        Version.contributors.through.objects.filter(
            version__in={signoff.version_id for signoff in asked}
        ).values_list("version", "user")
    )

    def found(signoff: SignOff) -> Deciders:
        force = signoff.organisation_id
        able = [
            each
            for each in holding
            if each.organisation_id == force and (signoff.version_id, each.user_id) not in wrote
        ]
        signatories = [each for each in able if each.role == Role.SIGNATORY]
        deputies = [each for each in able if each.role == Role.DEPUTY]
        there = [each for each in signatories if (each.user_id, force) not in away]
        named = there or deputies
        return Deciders(
            people={each.user_id for each in there or able},
            names=[each.user.name for each in named],
            standing_in=bool(named and not there),
            away=[
                Away(each.user.name, away[each.user_id, force])
                for each in signatories
                if each not in there
            ],
        )

    return {signoff.pk: found(signoff) for signoff in asked}
