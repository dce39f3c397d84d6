"""What lies behind in the demo has been dealt with: reviews answered, notices read.

Else whoever tries it would find years of them at once.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from debriefs.demo.operations import on
from debriefs.models import Notice, Review
from debriefs.services import reviewing
from debriefs.workflow import State
from portal.models import User

#: What happened within these days may still be new to somebody.
RECENT = timedelta(days=45)
#: And a review that fell due within these is still to be answered.
STILL_OPEN = timedelta(days=60)


def settle(editor: User) -> None:
    """The editor has answered every review but the latest, and everyone read what is older."""
    _review(editor)
    _read()


def _review(editor: User) -> None:
    open_still = Review.objects.filter(
        outcome="",
        due_on__lt=timezone.localdate() - STILL_OPEN,
        debrief__versions__state=State.RELEASED.value,
    )
    while due := list(open_still.select_related("debrief")):
        for review in due:
            version = review.debrief.versions.get(state=State.RELEASED.value)
            with on(review.due_on):
                reviewing.review(by=editor, version=version, outcome=Review.Outcome.HOLDS)


def _read() -> None:
    old = Notice.objects.filter(at__lt=timezone.now() - RECENT)
    old.update(read_at=F("at"), mail=Notice.Mail.SENT, sent_at=F("at"))
