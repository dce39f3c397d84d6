"""What do the pages of notices show: to the person, and to the administrator?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from debriefs import outbox
from debriefs.models import Notice
from debriefs.notices import holding
from debriefs.services import deliveries, inbox
from debriefs.workflow import State
from portal.exceptions import Refused
from tests.post import mailed, work
from tests.world import World

UNREAD = '<span class="govuk-visually-hidden"> unread</span>'


def as_(world: World, key: str) -> Client:
    """The person's browser."""
    browser = Client()
    browser.force_login(world.person(key))
    return browser


def page(browser: Client, address: str = "/notices/") -> str:
    return browser.get(address).content.decode()


def notice_of(world: World, key: str) -> Notice:
    return Notice.objects.get(person=world.people[key])


# --- The list -------------------------------------------------------------------------------------


def test_whoever_was_told_nothing_finds_what_will_come(world: World) -> None:
    found = page(as_(world, "nobody"))

    assert "No notices" in found
    assert UNREAD not in found
    assert "Mark all as read" not in found


def test_what_is_new_comes_first_and_is_counted_on_every_page(world: World) -> None:
    first = world.debrief_at(State.WITH_FORCES, operation="First")
    world.debrief_at(State.WITH_FORCES, operation="Second")
    browser = as_(world, "alpha_signatory")
    assert f"2{UNREAD}" in page(browser, "/about/")

    older = Notice.objects.get(person=world.people["alpha_signatory"], version=first)
    newer = Notice.objects.get(person=world.people["alpha_signatory"], version__gt=first.pk)
    opened = browser.get(f"/notices/{newer.pk}/")
    assert opened.headers["Location"] == "/debriefs/second/versions/1/sign/alpha/"

    found = page(browser)
    assert f"1{UNREAD}" in found
    assert found.index("New</h2>") < found.index("Operation First") < found.index("Earlier</h2>")
    assert found.index("Earlier</h2>") < found.index("Operation Second")
    assert f"/notices/{older.pk}/" in found


def test_opening_a_notice_again_does_not_move_when_it_was_read(world: World) -> None:
    world.debrief_at(State.WITH_FORCES)
    browser = as_(world, "alpha_signatory")
    notice = notice_of(world, "alpha_signatory")
    browser.get(f"/notices/{notice.pk}/")
    read_at = notice_of(world, "alpha_signatory").read_at
    browser.get(f"/notices/{notice.pk}/")

    assert read_at
    assert notice_of(world, "alpha_signatory").read_at == read_at


def test_head_does_not_count_as_reading(world: World) -> None:
    world.debrief_at(State.WITH_FORCES)
    answer = as_(world, "alpha_signatory").head(
        f"/notices/{notice_of(world, 'alpha_signatory').pk}/"
    )

    assert answer.status_code == 302
    assert notice_of(world, "alpha_signatory").read_at is None


@pytest.mark.parametrize("key", ["alpha_deputy", "bravo_signatory", "superuser", "administrator"])
def test_a_notice_of_somebody_else_is_not_there(world: World, key: str) -> None:
    world.debrief_at(State.WITH_FORCES)
    notice = notice_of(world, "alpha_signatory")
    answer = as_(world, key).get(f"/notices/{notice.pk}/")

    assert answer.status_code == 404
    assert notice_of(world, "alpha_signatory").read_at is None


def test_all_are_marked_as_read_at_once_and_nobody_elses(world: World) -> None:
    world.debrief_at(State.WITH_FORCES)
    world.debrief_at(State.WITH_FORCES)
    browser = as_(world, "alpha_signatory")
    answer = browser.post("/notices/", follow=True)

    assert answer.redirect_chain == [("/notices/", 302)]
    assert "All your notices are marked as read." in answer.content.decode()
    assert UNREAD not in answer.content.decode()
    assert inbox.unread(world.person("alpha_signatory")) == 0
    assert inbox.unread(world.person("bravo_signatory")) == 2


def test_what_was_done_meanwhile_is_gone_from_the_list_and_says_so_when_opened(
    world: World,
) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    notice = notice_of(world, "alpha_signatory")
    world.decide(version, "alpha")
    browser = as_(world, "alpha_signatory")

    assert "No notices" in page(browser)
    assert UNREAD not in page(browser, "/about/")
    answer = browser.get(f"/notices/{notice.pk}/")
    assert answer.status_code == 410
    assert "You do not need to do anything" in answer.content.decode()
    assert version.debrief.operation not in answer.content.decode()


def test_a_long_list_has_pages_and_asks_as_often_as_a_short_one(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    person = world.people["alpha_signatory"]
    browser = as_(world, "alpha_signatory")
    page(browser)
    with CaptureQueriesContext(connection) as few:
        page(browser)
    template = Notice.objects.get(person=person)
    Notice.objects.bulk_create(
        Notice(
            person_id=person,
            kind=template.kind,
            key=f"many:{number}",
            version=version,
            debrief=version.debrief,
            detail=template.detail,
        )
        for number in range(40)
    )
    with CaptureQueriesContext(connection) as many:
        found = page(browser)

    assert len(many) == len(few) == 8
    assert "(page 1 of 3)" in found
    assert found.count("work__row") == 20


def test_the_count_costs_one_query_where_there_is_nothing_and_two_where_there_is(
    world: World,
) -> None:
    world.debrief_at(State.WITH_FORCES)
    for key, number in (("outsider", 1), ("alpha_signatory", 3)):
        person = world.person(key)
        with CaptureQueriesContext(connection) as queries:
            inbox.unread(person)
        assert len(queries) == number  # the third asks for the groups, which a page has anyway


def test_the_count_is_of_what_holds_whoever_one_became_meanwhile(world: World) -> None:
    for state in (State.CHECKING, State.WITH_FORCES, State.AGREED, State.RELEASED):
        world.debrief_at(state)

    def counted() -> dict[str, int]:
        for person in world.everyone().values():
            waiting = Notice.objects.filter(person=person).values_list("kind", flat=True)
            held = holding(person, waiting).filter(read_at__isnull=True)
            assert inbox.unread(person) == held.count()
        return {key: inbox.unread(person) for key, person in world.everyone().items()}

    before = counted()
    world.dismiss("alpha_signatory")
    world.dismiss("editor")
    after = counted()
    assert before["alpha_signatory"] > after["alpha_signatory"] == 0
    assert before["editor"] > after["editor"] == 0


def test_the_page_carries_the_marking_of_what_it_names(world: World) -> None:
    world.debrief_at(State.WITH_FORCES)

    assert "OFFICIAL-SENSITIVE" in page(as_(world, "alpha_signatory"))
    assert "OFFICIAL-SENSITIVE" not in page(as_(world, "coordinator"))


# --- Mails that did not leave ---------------------------------------------------------------------


@pytest.fixture
def failed(world: World) -> Notice:
    """A mail that did not leave."""
    world.debrief_at(State.CHECKING, checked=True, token="zqsecret", operation="Lantern zqsecret")
    Notice.objects.exclude(kind="checked").delete()
    Notice.objects.update(mail="failed", tries=6, fault="The mail server could not be reached.")
    return Notice.objects.get()


@pytest.fixture
def hour_later() -> Iterator[None]:
    """It is an hour later."""
    then = timezone.now() + timedelta(hours=1)
    with mock.patch.object(timezone, "now", return_value=then):
        yield


def test_the_administrator_sees_whom_a_mail_was_for_and_nothing_of_what_it_is_about(
    world: World, failed: Notice
) -> None:
    browser = as_(world, "administrator")
    assert "1 e-mail was not sent" in page(browser)
    found = page(browser, "/notices/failures/")

    assert "Second Editor" in found
    assert "second_editor@tests.example" in found
    assert "A draft was checked" in found
    assert "6 tries" in found
    assert "The mail server could not be reached." in found
    assert "zqsecret" not in found
    assert failed.debrief
    assert failed.debrief.reference not in found


def test_without_failures_the_page_says_so(world: World) -> None:
    assert "Every e-mail was sent" in page(as_(world, "administrator"), "/notices/failures/")
    assert "E-mails that were not sent" in page(as_(world, "administrator"))


@pytest.mark.parametrize("key", ["editor", "coordinator", "superuser", "nobody"])
def test_nobody_else_finds_the_failures(world: World, failed: Notice, key: str) -> None:
    browser = as_(world, key)

    assert browser.get("/notices/failures/").status_code == 404
    assert browser.post("/notices/failures/", {"notice": failed.pk}).status_code == 404
    assert "not sent" not in page(browser)
    with pytest.raises(Refused, match="Only an administrator"):
        deliveries.send_again(by=world.person(key), number=failed.pk)


def test_a_mail_is_sent_again(world: World, failed: Notice) -> None:
    browser = as_(world, "administrator")
    answer = browser.post("/notices/failures/", {"notice": failed.pk}, follow=True)
    assert "The mail is on its way again." in answer.content.decode()
    assert "Every e-mail was sent" in answer.content.decode()
    work()

    assert mailed() == ["second_editor"]


def test_sending_again_twice_is_sending_once(world: World, failed: Notice) -> None:
    browser = as_(world, "administrator")
    for _ in range(2):
        browser.post("/notices/failures/", {"notice": failed.pk})
    work()

    assert mailed() == ["second_editor"]


def test_whoever_lost_access_meanwhile_is_not_mailed_again_either(
    world: World, failed: Notice
) -> None:
    world.dismiss("second_editor")
    as_(world, "administrator").post("/notices/failures/", {"notice": failed.pk})
    work()

    assert mailed() == []


@pytest.mark.parametrize("sent", ["", "words", "0"])
def test_a_form_that_names_no_mail_is_told_so(world: World, failed: Notice, sent: str) -> None:
    answer = as_(world, "administrator").post("/notices/failures/", {"notice": sent})

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_a_mail_that_is_not_stuck_is_left_alone(world: World, failed: Notice) -> None:
    Notice.objects.update(mail="sent", fault="")
    as_(world, "administrator").post("/notices/failures/", {"notice": failed.pk})
    as_(world, "administrator").post("/notices/failures/", {"notice": failed.pk + 1})
    work()

    assert mailed() == []


@pytest.mark.usefixtures("hour_later")
def test_one_that_may_have_gone_out_says_that_it_may_come_twice(
    world: World, failed: Notice
) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    Notice.objects.update(mail="sending", tries=1, fault="", claimed_at=long_ago)
    found = page(as_(world, "administrator"), "/notices/failures/")

    assert outbox.NEVER_FINISHED in found
    assert "They may then have it twice." in found
    assert "1 try" in found


def test_a_worker_that_does_not_run_is_noticed(world: World) -> None:
    world.debrief_at(State.CHECKING)
    Notice.objects.update(at=timezone.now() - timedelta(hours=1))

    assert "Is the worker running?" in page(as_(world, "administrator"), "/notices/failures/")
