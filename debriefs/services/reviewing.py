"""Whether a released debrief still holds: asked of the team that owns it, a year after release."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from debriefs import permissions
from debriefs.exceptions import Refused
from debriefs.models import Debrief, Review, Version
from debriefs.services import writing
from debriefs.services.locking import locked
from debriefs.text import tidy
from portal import audit
from portal.models import User

#: After so long a released debrief is asked about, unless its owner chose another day.
USUALLY = timedelta(days=365)


def ask(debrief: Debrief, due_on: date) -> Review:
    """The owner is asked on that day; of two days the one that is set last holds.

    Call inside the transaction of what makes it necessary, with the debrief locked.
    """
    review, fresh = Review.objects.get_or_create(
        debrief=debrief, outcome="", defaults={"due_on": due_on}
    )
    if not fresh:
        review.due_on = due_on
        review.save(update_fields=["due_on"])
    return review


@transaction.atomic
def review(
    *, by: User, version: Version, outcome: str, note: str = "", again_on: date | None = None
) -> Review:
    """The owner has said whether the debrief holds, and is asked again on `again_on`.

    To revise or withdraw it stays what it is: a next version, or taking it back from its groups.
    Recorded as `version.reviewed`.
    """
    released = locked(version)
    permissions.can_review.require(by, released)
    if outcome not in Review.Outcome.values:
        raise Refused("Choose whether the debrief still holds.")
    if outcome != Review.Outcome.HOLDS and not tidy(note):
        raise Refused("Say what no longer holds.")
    today = timezone.localdate()
    again = again_on or today + USUALLY
    if again <= today:
        raise Refused("Choose a day after today for the next review.")
    mine = ask(released.debrief, today)
    mine.outcome, mine.note, mine.done_at, mine.done_by = outcome, tidy(note), timezone.now(), by
    mine.save()
    ask(released.debrief, again)
    audit.record(
        "version.reviewed",
        by=by,
        subject=released,
        debrief=released.debrief_id,
        outcome=outcome,
    )
    return mine


@transaction.atomic
def revise(*, by: User, version: Version, note: str, again_on: date | None = None) -> Version:
    """The owner has said that the debrief needs a new version, which is open from now on; one that
    is open already is that one. Returns it. Recorded as `version.reviewed` and `version.reopened`.
    """
    review(by=by, version=version, outcome=Review.Outcome.REVISE, note=note, again_on=again_on)
    return version.debrief.open_version or writing.reopen(by=by, version=version)
