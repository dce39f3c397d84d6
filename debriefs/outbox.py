"""How does a notice become a mail, at most once?

The row of the notice is the outbox. A notice is claimed, and the claim committed, before its mail
is handed over: a worker that dies in between leaves a claim that nobody takes up again by itself,
because nobody knows whether the mail went out. It shows on the page of failures instead, as does
every other notice whose mail did not leave in time. Whoever may no longer be told is not mailed.

When there is work to do is not known here (`tasks.py`), nor who is told (`services/notifying.py`).
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from debriefs.models import Notice
from debriefs.notices import KINDS, holding
from portal.standing import forget

log = structlog.get_logger("debriefs.outbox")

#: How long to wait after each try that failed; after the last of them it stays failed.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 25, 120, 600))

#: What should have been done so long ago is taken for stuck.
LATE = timedelta(minutes=15)

MAY_HAVE_GONE_OUT = "The connection broke while the mail was handed over. It may have gone out."
NEVER_FINISHED = "It was being sent when the worker stopped. It may have gone out."
NOT_TRIED = "It is waiting for longer than it should. Is the worker running?"


def send(number: int, again: Callable[[datetime], object]) -> None:
    """Mail the notice, unless it was mailed, is being mailed, or may not be any more.

    When the mail server can't be reached or says no, `again` is called with the time of the next
    try, in the transaction that notes the failure.
    """
    notice = _claimed(number)
    if notice is None:
        return
    try:
        mail = message(notice)
        connection = get_connection()
        connection.open()
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing was handed over yet
        _try_later(notice, error, again)
        return
    try:
        connection.send_messages([mail])
    except smtplib.SMTPServerDisconnected:
        _settle(notice, Notice.Mail.FAILED, MAY_HAVE_GONE_OUT)
    except smtplib.SMTPException as error:  # the server answered, and the answer was no
        _try_later(notice, error, again)
    except Exception:  # noqa: BLE001 - it may have been the answer that got lost
        _settle(notice, Notice.Mail.FAILED, MAY_HAVE_GONE_OUT)
    else:
        _settle(notice, Notice.Mail.SENT)
    finally:
        _close(connection)


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except Exception:  # noqa: BLE001 - what was handed over stays handed over
        log.warning("mail.connection_not_closed")


@transaction.atomic(durable=True)
def _claimed(number: int) -> Notice | None:
    """The notice, claimed for whoever calls this; None where there is nothing to send."""
    notice = (
        Notice.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=number, mail=Notice.Mail.WAITING)
        .first()
    )
    if notice is None:
        return None
    if not holds(notice):
        Notice.objects.filter(pk=number).update(mail=Notice.Mail.DROPPED, fault="")
        return None
    notice.mail, notice.claimed_at = Notice.Mail.SENDING, timezone.now()
    notice.tries, notice.fault = notice.tries + 1, ""
    notice.save(update_fields=["mail", "claimed_at", "tries", "fault"])
    return notice


def holds(notice: Notice) -> bool:
    """Whether the person may be told this now."""
    forget(notice.person)
    return holding(notice.person, [notice.kind]).filter(pk=notice.pk).exists()


@transaction.atomic
def _try_later(notice: Notice, error: Exception, again: Callable[[datetime], object]) -> None:
    fault = in_plain_words(error)
    if notice.tries > len(BACKOFF):
        _settle(notice, Notice.Mail.FAILED, fault)
    elif _settle(notice, Notice.Mail.WAITING, fault):
        again(timezone.now() + BACKOFF[notice.tries - 1])


def _settle(notice: Notice, mail: str, fault: str = "") -> bool:
    """Note how it ended, if the claim is still ours; nobody is told by whom or about what."""
    sent_at = timezone.now() if mail == Notice.Mail.SENT else None
    log.info("notice", notice=notice.pk, kind=notice.kind, mail=mail, tries=notice.tries)
    mine = Notice.objects.filter(
        pk=notice.pk, mail=Notice.Mail.SENDING, claimed_at=notice.claimed_at
    )
    return bool(mine.update(mail=mail, fault=fault, sent_at=sent_at))


def in_plain_words(error: Exception) -> str:
    """What went wrong, for an administrator; never what the server or the library said, which may
    quote the mail."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return "The mail server did not accept the portal's name and password."
        case smtplib.SMTPRecipientsRefused():
            return "The mail server refused the person's address."
        case smtplib.SMTPSenderRefused():
            return "The mail server refused the portal's own address."
        case smtplib.SMTPServerDisconnected():
            return "The mail server ended the connection."
        case smtplib.SMTPResponseException():
            return f"The mail server refused the mail (code {error.smtp_code})."
        case ssl.SSLError():
            return "No safe connection to the mail server could be made."
        case OSError() | smtplib.SMTPException():
            return "The mail server could not be reached."
    return f"The portal made a mistake ({type(error).__name__})."


# --- What a mail is -------------------------------------------------------------------------------


def message(notice: Notice) -> EmailMultiAlternatives:
    """The mail of a notice, as text and as HTML. However often it is made, its Message-ID is the
    same."""
    kind = KINDS[notice.kind]
    words = {
        "kind": kind,
        "name": notice.person.get_short_name(),
        "link": settings.PORTAL_URL + reverse("debriefs:notice", args=[notice.pk]),
        "portal": settings.PORTAL_URL,
    }
    token = salted_hmac("debriefs.outbox", str(notice.pk)).hexdigest()[:16]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    mail = EmailMultiAlternatives(
        subject=kind.title,
        body=render_to_string("emails/notice.txt", words),
        to=[notice.person.email],
        headers={
            "Message-ID": f"<notice-{notice.pk}-{token}@{domain}>",
            "Auto-Submitted": "auto-generated",  # so that nobody's absence answers it
        },
    )
    mail.attach_alternative(render_to_string("emails/notice.html", words), "text/html")
    return mail


# --- What is stuck --------------------------------------------------------------------------------


def waiting_too_long() -> QuerySet[Notice]:
    """Notices whose next try is overdue: the worker is down, or died before it claimed them."""
    now = timezone.now() - LATE
    overdue = Q(tries=0, since__lt=now)
    for tries, pause in enumerate(BACKOFF, start=1):
        overdue |= Q(tries=tries, since__lt=now - pause)
    waiting = Notice.objects.filter(mail=Notice.Mail.WAITING)
    return waiting.annotate(since=Coalesce(F("claimed_at"), F("at"))).filter(overdue)


def stuck() -> QuerySet[Notice]:
    """Everything that did not leave: failed for good, claimed and never finished, or overdue."""
    return Notice.objects.filter(
        Q(mail=Notice.Mail.FAILED)
        | Q(mail=Notice.Mail.SENDING, claimed_at__lt=timezone.now() - LATE)
        | Q(pk__in=waiting_too_long().values("pk"))
    )


def fault_of(notice: Notice) -> str:
    """Why a stuck notice did not leave, in plain words."""
    if notice.mail == Notice.Mail.SENDING:
        return NEVER_FINISHED
    if notice.mail == Notice.Mail.WAITING:
        return NOT_TRIED
    return notice.fault


def may_have_gone_out(notice: Notice) -> bool:
    """Whether nobody knows if the mail of a stuck notice reached the person."""
    return notice.mail == Notice.Mail.SENDING or notice.fault == MAY_HAVE_GONE_OUT
