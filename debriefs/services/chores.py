"""What has to be done day by day, whether anybody asks or not?

Each chore may run as often as it likes: whoever was told is not told again, and what is done stays
done. `manage.py chores` runs them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from debriefs.models import Review, SignOff, Version
from debriefs.search import index
from debriefs.services import (
    alerting,
    deliveries,
    nothing_found,
    notifying,
    searches,
    writing,
)
from debriefs.workflow import State

log = structlog.get_logger("debriefs.chores")

#: Days before the day by which a force should decide, and after it.
REMIND_BEFORE = timedelta(days=5)
OVERDUE_AFTER = timedelta(days=1)
ESCALATE_AFTER = timedelta(days=5)


@transaction.atomic
def stand_ins() -> int:
    """Whoever may decide today for a force that has not is told: deputies, when the last signatory
    has gone away; a signatory who was named after the version was sent."""
    return sum(notifying.wanted(signoff) for signoff in _undecided())


@transaction.atomic
def reminders() -> int:
    """Forces are reminded before the day by which they should decide, and after it."""
    today, told = timezone.localdate(), 0
    for signoff in _undecided():
        due = signoff.version.due_on
        if due is None:
            continue
        if due - REMIND_BEFORE <= today <= due:
            told += notifying.due_soon(signoff)
        if today >= due + OVERDUE_AFTER:
            told += notifying.overdue(signoff)
        if today >= due + ESCALATE_AFTER:
            told += notifying.long_overdue(signoff)
    return told


def _undecided() -> Iterator[SignOff]:
    waiting = SignOff.objects.filter(decision="", version__state=State.WITH_FORCES.value)
    return iter(waiting.select_related("version__debrief", "organisation"))


@transaction.atomic
def reviews() -> int:
    """The editors are asked about each released debrief whose review is due."""
    told = 0
    for review in Review.objects.filter(outcome="", due_on__lte=timezone.localdate()):
        released = Version.objects.filter(debrief=review.debrief_id, state=State.RELEASED.value)
        for version in released:
            told += notifying.review_due(review, version)
    return told


#: Every chore, by what it counts.
CHORES: dict[str, Callable[[], int]] = {
    "told that they may decide now": stand_ins,
    "reminded": reminders,
    "asked to review": reviews,
    "discarded drafts deleted": writing.purge_discarded,
    "debriefs counted anew by their readers": index.count_readers,
    "told of what matches a saved search": alerting.everyone,
    "recent searches forgotten": searches.forget_old,
    "searches that found nothing forgotten": nothing_found.forget_old,
    "mails taken up again": deliveries.take_up_what_was_dropped,
}


@dataclass(frozen=True, slots=True)
class Done:
    """How one chore went."""

    says: str
    count: int = 0
    failed: bool = False


def run() -> Iterator[Done]:
    """Do every chore; one that fails does not keep the others from being done."""
    for says, chore in CHORES.items():
        try:
            yield Done(says, chore())
        except Exception:
            log.exception("chore", chore=chore.__name__)
            yield Done(says, failed=True)
