"""A signatory goes away: who stands in, and they are told of what waits.

Who is away is kept by `portal/services.py`, which knows nothing of sign-offs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from debriefs.models import SignOff
from debriefs.services import notifying
from debriefs.workflow import State
from portal import services
from portal.models import Absence, Membership, Organisation, Role, User


@transaction.atomic
def set_absence(
    *, by: User, user: User, organisation: Organisation, from_day: date, until_day: date
) -> Absence:
    """The signatory is away on these days, as `portal.services.set_absence` says; and where that
    leaves a waiting sign-off to the deputies from today on, they are told.

    Of an absence that begins later they are told on its first day, by the daily chores.
    """
    absence = services.set_absence(
        by=by, user=user, organisation=organisation, from_day=from_day, until_day=until_day
    )
    waiting = SignOff.objects.filter(
        organisation=organisation, decision="", version__state=State.WITH_FORCES.value
    )
    for signoff in waiting.select_related("version", "organisation"):
        notifying.wanted(signoff, by=by)
    return absence


@dataclass(frozen=True, slots=True)
class Kept:
    """A signatory whose absences somebody keeps: those of today and later, and who signs then.

    The deputies decide while `others`, the other signatories, are away as well.
    """

    signatory: Membership
    absences: Sequence[Absence]
    others: Sequence[str]
    deputies: Sequence[str]


def kept_by(person: User) -> list[Kept]:
    """The signatories whose absences the person keeps; three queries, however many there are."""
    signatories = list(services.absences_kept_by(person))
    forces = {each.organisation_id for each in signatories}
    live = list(
        Absence.objects.filter(
            organisation__in=forces, ended_at__isnull=True, until_day__gte=timezone.localdate()
        ).order_by("from_day", "pk")
    )
    signing = list(
        Membership.objects.filter(
            organisation__in=forces,
            role__in=(Role.SIGNATORY, Role.DEPUTY),
            ended_at__isnull=True,
            user__is_active=True,
        )
        .select_related("user")
        .order_by("user__name", "pk")
    )

    def names(mine: Membership, role: Role) -> list[str]:
        return [
            each.user.name
            for each in signing
            if (each.organisation_id, each.role) == (mine.organisation_id, role)
            and each.user_id != mine.user_id
        ]

    return [
        Kept(
            mine,
            [
                each
                for each in live
                if (each.user_id, each.organisation_id) == (mine.user_id, mine.organisation_id)
            ],
            names(mine, Role.SIGNATORY),
            names(mine, Role.DEPUTY),
        )
        for mine in signatories
    ]
