"""A signatory goes away: whoever stands in is told of what waits.

Who is away is kept by `portal/services.py`, which knows nothing of sign-offs.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from debriefs.models import SignOff
from debriefs.services import notifying
from debriefs.workflow import State
from portal import services
from portal.models import Absence, Organisation, User


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
