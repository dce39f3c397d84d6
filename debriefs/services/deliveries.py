"""Which mails did not leave, and how are they sent after all?

For the administrator, who is no reader: whom a mail was for, of what kind it is and what went
wrong, and nothing of what it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from debriefs import outbox
from debriefs.exceptions import Refused
from debriefs.models import Notice
from debriefs.notices import KINDS
from debriefs.tasks import send_notice
from portal.models import User
from portal.services import may_administer


@dataclass(frozen=True, slots=True)
class Failure:
    """One mail that did not leave."""

    number: int
    name: str
    address: str
    kind: str
    tries: int
    since: datetime
    fault: str
    may_have_gone_out: bool


def failures() -> list[Failure]:
    """Every mail that did not leave, the longest first."""
    found = outbox.stuck().select_related("person").order_by("at", "pk")
    return [
        Failure(
            number=notice.pk,
            name=notice.person.name,
            address=notice.person.email,
            kind=KINDS[notice.kind].title if notice.kind in KINDS else "A notice of an older kind",
            tries=notice.tries,
            since=notice.claimed_at or notice.at,
            fault=outbox.fault_of(notice),
            may_have_gone_out=outbox.may_have_gone_out(notice),
        )
        for notice in found
    ]


@transaction.atomic
def send_again(*, by: User, number: int) -> None:
    """The mail is on its way again, from the first try. What is not stuck is left alone.

    Sent by an administrator only: of a mail that may have gone out a person may then have two.
    """
    if not may_administer(by):
        raise Refused("Only an administrator sends mails again.")
    notice = Notice.objects.select_for_update().filter(pk=number).first()
    if notice is None or not outbox.stuck().filter(pk=number).exists():
        return
    notice.mail, notice.tries, notice.fault = Notice.Mail.WAITING, 0, ""
    notice.claimed_at = timezone.now()
    notice.save(update_fields=["mail", "tries", "fault", "claimed_at"])
    send_notice.enqueue(number)


@transaction.atomic
def take_up_what_was_dropped() -> int:
    """Mails whose turn has passed are enqueued again: their task died with its worker. Returns how
    many. One that still has its task is sent once all the same."""
    late = list(outbox.waiting_too_long().order_by("pk").values_list("pk", flat=True))
    for number in late:
        send_notice.enqueue(number)
    return len(late)
