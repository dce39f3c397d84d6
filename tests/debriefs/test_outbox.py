"""Does each notice become a mail at most once, and does none get lost in silence?

The mail server is down, slow or rude here. Workers that die are killed in `test_worker_dies.py`.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from debriefs import outbox, tasks
from debriefs.models import Notice
from debriefs.services import deliveries
from debriefs.workflow import State
from tests.post import mailed, work
from tests.world import World

Mail = Notice.Mail


class Server(EmailBackend):
    """A mail server that fails as it is told: when it is reached, or when the mail is handed
    over."""

    at_open: Exception | None = None
    at_send: Exception | None = None

    def open(self) -> bool:
        if self.at_open:
            raise self.at_open
        return True

    def send_messages(self, messages: object) -> int:
        if self.at_send:
            raise self.at_send
        return super().send_messages(messages)  # type: ignore[arg-type]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Server]]:
    """The mail server, which works until told otherwise."""
    monkeypatch.setattr(Server, "at_open", None)
    monkeypatch.setattr(Server, "at_send", None)
    with override_settings(EMAIL_BACKEND=f"{__name__}.Server"):
        yield Server


@pytest.fixture
def notice(world: World, server: type[Server]) -> Notice:
    """The one notice that there is: a deputy editor may send what was checked."""
    world.debrief_at(State.CHECKING, checked=True)
    Notice.objects.exclude(kind="checked").delete()
    DBTaskResult.objects.all().delete()
    found = Notice.objects.get()
    tasks.send_notice.enqueue(found.pk)
    return found


def now(notice: Notice) -> Notice:
    return Notice.objects.get(pk=notice.pk)


@pytest.fixture
def later() -> Iterator[mock.Mock]:
    """The clock, to be put forward."""
    real = timezone.now
    ahead = mock.Mock(by=timedelta())
    with mock.patch.object(timezone, "now", side_effect=lambda: real() + ahead.by):
        yield ahead


# --- The mail server is down ----------------------------------------------------------------------


def test_the_action_succeeds_while_the_mail_server_is_down(
    world: World, server: type[Server]
) -> None:
    server.at_open = ConnectionRefusedError("refused by mail.example with the words of a debrief")
    version = world.debrief_at(State.AGREED)
    work()

    assert version.state == State.AGREED
    assert Notice.objects.filter(mail=Mail.WAITING, tries=1).exists()
    assert not Notice.objects.filter(mail=Mail.SENT).exists()


def test_it_is_tried_again_ever_more_rarely_and_then_given_up(
    notice: Notice, server: type[Server], later: mock.Mock
) -> None:
    server.at_open = ConnectionRefusedError()
    for tries, pause in enumerate(outbox.BACKOFF, start=1):
        work()
        assert (now(notice).mail, now(notice).tries) == (Mail.WAITING, tries)
        work()  # too early: nothing happens
        assert now(notice).tries == tries
        later.by += pause + timedelta(seconds=1)
    work()

    assert (now(notice).mail, now(notice).tries) == (Mail.FAILED, len(outbox.BACKOFF) + 1)
    assert now(notice).fault == "The mail server could not be reached."
    later.by += timedelta(days=1)
    work()
    assert now(notice).tries == len(outbox.BACKOFF) + 1
    assert not mail.outbox


def test_pauses_grow() -> None:
    assert list(outbox.BACKOFF) == sorted(outbox.BACKOFF)
    assert sum(outbox.BACKOFF, timedelta()) > timedelta(hours=12)


def test_once_the_server_is_back_the_mail_leaves(
    notice: Notice, server: type[Server], later: mock.Mock
) -> None:
    server.at_open = ConnectionRefusedError()
    work()
    server.at_open = None
    later.by = outbox.BACKOFF[0] + timedelta(seconds=1)
    work()

    assert mailed() == ["second_editor"]
    assert (now(notice).mail, now(notice).fault) == (Mail.SENT, "")
    assert now(notice).sent_at


@pytest.mark.parametrize(
    "refusal",
    [
        smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no such person")}),
        smtplib.SMTPSenderRefused(550, b"not you", "portal@b.example"),
        smtplib.SMTPDataError(451, b"try later"),
    ],
)
def test_a_mail_that_the_server_refuses_is_tried_again(
    notice: Notice, server: type[Server], refusal: Exception
) -> None:
    server.at_send = refusal
    work()

    assert now(notice).mail == Mail.WAITING
    assert now(notice).fault.startswith("The mail server refused")


@pytest.mark.parametrize(
    "break_", [smtplib.SMTPServerDisconnected("gone"), TimeoutError(), ConnectionResetError()]
)
def test_a_mail_that_may_have_gone_out_is_not_sent_again(
    notice: Notice, server: type[Server], later: mock.Mock, break_: Exception
) -> None:
    server.at_send = break_
    work()
    server.at_send = None
    later.by = timedelta(days=2)
    work()
    deliveries.take_up_what_was_dropped()
    work()

    assert not mail.outbox
    assert (now(notice).mail, now(notice).fault) == (Mail.FAILED, outbox.MAY_HAVE_GONE_OUT)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (smtplib.SMTPAuthenticationError(535, b"secret"), "name and password"),
        (smtplib.SMTPRecipientsRefused({}), "the person's address"),
        (smtplib.SMTPSenderRefused(550, b"secret", "secret"), "the portal's own address"),
        (smtplib.SMTPServerDisconnected("secret"), "ended the connection"),
        (smtplib.SMTPDataError(552, b"secret"), "(code 552)"),
        (ssl.SSLError("secret"), "No safe connection"),
        (socket.gaierror("secret"), "could not be reached"),
        (TimeoutError("secret"), "could not be reached"),
        (KeyError("secret"), "The portal made a mistake (KeyError)"),
    ],
)
def test_what_went_wrong_is_told_in_plain_words_and_without_the_servers(
    error: Exception, words: str
) -> None:
    said = outbox.in_plain_words(error)
    assert words in said
    assert "secret" not in said
    assert len(said) <= 120


def test_a_mistake_of_the_portals_own_does_not_lose_the_notice(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "message", mock.Mock(side_effect=ZeroDivisionError("words")))
    work()

    assert now(notice).mail == Mail.WAITING
    assert now(notice).fault == "The portal made a mistake (ZeroDivisionError)."


def test_a_connection_that_cannot_be_closed_does_not_unsend_the_mail(
    notice: Notice, server: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "close", mock.Mock(side_effect=OSError))
    work()

    assert now(notice).mail == Mail.SENT


def test_the_table_of_tasks_keeps_no_words_of_an_error(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database error quotes the row."""
    monkeypatch.setattr(outbox, "send", mock.Mock(side_effect=ValueError("words of a debrief")))
    work()

    kept = DBTaskResult.objects.get()
    assert kept.status == "FAILED"
    assert "words of a debrief" not in kept.traceback
    assert "ValueError" in kept.traceback


# --- Once -----------------------------------------------------------------------------------------


def test_a_notice_that_is_enqueued_twice_is_mailed_once(notice: Notice) -> None:
    tasks.send_notice.enqueue(notice.pk)
    work()

    assert mailed() == ["second_editor"]


def test_a_claim_is_committed_before_the_mail_is_handed_over(
    notice: Notice, server: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def watch(self: Server, messages: object) -> int:
        seen.append((now(notice).mail, now(notice).claimed_at is not None))
        return 1

    monkeypatch.setattr(server, "send_messages", watch)
    work()

    assert seen == [(Mail.SENDING, True)]


def test_a_notice_that_another_worker_claimed_is_left_alone(notice: Notice) -> None:
    Notice.objects.update(mail=Mail.SENDING, claimed_at=timezone.now())
    work()

    assert not mail.outbox
    assert now(notice).mail == Mail.SENDING


def test_a_claim_that_is_not_ours_any_more_is_not_settled(
    notice: Notice, server: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the mail was on its way an administrator sent it again."""

    def meanwhile(self: Server, messages: object) -> int:
        Notice.objects.update(mail=Mail.WAITING, tries=0, claimed_at=timezone.now())
        raise smtplib.SMTPDataError(451, b"later")

    monkeypatch.setattr(server, "send_messages", meanwhile)
    waiting = DBTaskResult.objects.count()
    work()

    assert (now(notice).mail, now(notice).tries) == (Mail.WAITING, 0)
    assert DBTaskResult.objects.count() == waiting


def test_the_message_id_is_the_same_however_often_the_mail_is_made(notice: Notice) -> None:
    first, second = (outbox.message(notice).message()["Message-ID"] for _ in range(2))

    assert first == second
    assert first.endswith("@msoic.example>")
    other = Notice(pk=notice.pk + 1, kind=notice.kind, person=notice.person)
    assert outbox.message(other).message()["Message-ID"] != first


def test_nobodys_absence_answers_a_mail(notice: Notice) -> None:
    assert outbox.message(notice).message()["Auto-Submitted"] == "auto-generated"


def test_a_name_in_a_mail_is_text_and_not_html(notice: Notice) -> None:
    notice.person.name = "<b>Eve"
    sent = outbox.message(notice)

    assert "<b>Eve" in str(sent.body)
    assert "&lt;b&gt;Eve" in str(sent.alternatives[0][0])


def test_the_html_of_a_mail_fetches_and_runs_nothing(notice: Notice) -> None:
    html = str(outbox.message(notice).alternatives[0][0])

    for never in ("<img", "<script", "<table", "<link", "url(", "src=", "@import"):
        assert never not in html


# --- Somebody who may not be told -----------------------------------------------------------------


def test_whoever_may_not_sign_in_any_more_is_not_mailed(notice: Notice, world: World) -> None:
    notice.person.is_active = False
    notice.person.save()
    work()

    assert not mail.outbox
    assert now(notice).mail == Mail.DROPPED


def test_a_notice_of_a_kind_that_is_no_more_is_dropped(notice: Notice) -> None:
    Notice.objects.update(kind="of_last_year")
    work()

    assert now(notice).mail == Mail.DROPPED


# --- What is stuck --------------------------------------------------------------------------------


def test_a_notice_whose_task_is_lost_is_taken_up_again(notice: Notice, later: mock.Mock) -> None:
    DBTaskResult.objects.all().delete()
    assert deliveries.take_up_what_was_dropped() == 0  # it is only just due

    later.by = outbox.LATE + timedelta(seconds=1)
    assert deliveries.take_up_what_was_dropped() == 1
    work()

    assert mailed() == ["second_editor"]


@pytest.mark.parametrize("tries", range(1, len(outbox.BACKOFF) + 1))
def test_a_notice_that_waits_for_its_next_try_is_not_late(
    notice: Notice, later: mock.Mock, tries: int
) -> None:
    Notice.objects.update(tries=tries, claimed_at=timezone.now())
    later.by = outbox.BACKOFF[tries - 1]
    assert not outbox.stuck().exists()

    later.by += outbox.LATE + timedelta(seconds=1)
    assert outbox.waiting_too_long().get() == notice
    assert outbox.fault_of(outbox.stuck().get()) == outbox.NOT_TRIED


def test_one_that_was_claimed_and_never_finished_is_stuck_after_a_while(
    notice: Notice, later: mock.Mock
) -> None:
    Notice.objects.update(mail=Mail.SENDING, tries=1, claimed_at=timezone.now())
    assert not outbox.stuck().exists()

    later.by = outbox.LATE + timedelta(seconds=1)
    found = outbox.stuck().get()
    assert outbox.fault_of(found) == outbox.NEVER_FINISHED
    assert outbox.may_have_gone_out(found)
    assert deliveries.take_up_what_was_dropped() == 0, "nobody knows whether it went out"
