"""Is everything recorded, and does the record show every change that was made to it?

That the database refuses such changes is asked in `tests/debriefs/test_seal.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from debriefs.models import (
    Acceptance,
    Part,
    Question,
    Recurrence,
    ReleaseProposal,
    Remark,
    SynonymSet,
    Version,
)
from debriefs.services import (
    checking,
    questions,
    reading,
    recurring,
    releasing,
    remarks,
    reviewing,
    signing,
    synonyms,
    warnings,
    writing,
)
from debriefs.workflow import State
from portal import audit, services
from portal.models import (
    Absence,
    AuditEvent,
    AuditLink,
    Belonging,
    Membership,
    Role,
    Tier,
    User,
)
from portal.standing import standing_of
from tests.conftest import settle, unguarded
from tests.world import AGREE, CHANGES, World

# --- Every verb ----------------------------------------------------------------------------------


def _add_person(world: World) -> None:
    services.add_person(
        by=world.person("administrator"), email="new@tests.example", name="A new person"
    )


def _start_membership(world: World) -> None:
    services.start_membership(
        by=world.person("administrator"),
        user=world.person("nobody"),
        organisation=world.organisation("alpha"),
        role=Role.DEPUTY,
    )


def _end_membership(world: World) -> None:
    membership = Membership.objects.get(user=world.people["alpha_officer"])
    services.end_membership(by=world.person("coordinator"), membership=membership)


def _create_group(world: World) -> None:
    services.create_group(
        by=world.person("administrator"),
        key="new",
        name="New group",
        purpose="To try it.",
        tier=Tier.POLICING,
    )


def _change_tier(world: World) -> None:
    services.change_tier(
        by=world.person("administrator"), sharing_group=world.group("circle"), tier=Tier.PARTNERS
    )


def _join(world: World) -> None:
    services.join(
        by=world.person("steward"),
        sharing_group=world.group("policing"),
        organisation=world.organisation("delta"),
    )


def _leave(world: World) -> None:
    belonging = Belonging.objects.filter(sharing_group__key="policing")[0]
    services.leave(by=world.person("steward"), belonging=belonging)


def _sign_in(world: World) -> None:
    Client().force_login(world.person("alpha_officer"))


def _sign_out(world: World) -> None:
    client = Client()
    client.force_login(world.person("alpha_officer"))
    client.logout()


def _fail_to_sign_in(world: World) -> None:
    address = world.person("alpha_officer").email
    assert authenticate(RequestFactory().get("/"), email=address, password="wrong") is None


def _edit(world: World) -> None:
    writing.edit_facts(
        by=world.person("author"), version=world.draft(), revision=3, facts=world.facts()
    )


def _send_back(world: World) -> None:
    version = world.debrief_at(State.CHECKING)
    checking.send_back(
        by=world.person("editor"), version=version, revision=version.revision, reason="The dates."
    )


def _reopen(world: World) -> None:
    writing.reopen(by=world.person("author"), version=world.debrief_at(State.RETURNED))


def _decide(world: World) -> None:
    world.decide(world.debrief_at(State.WITH_FORCES), "alpha", CHANGES)


def _withdraw_release(world: World) -> None:
    release = world.debrief_at(State.RELEASED).releases.get()
    releasing.withdraw_release(by=world.person("editor"), release=release, reason="A trial.")


def _away(world: World) -> Absence:
    today = timezone.localdate()
    return services.set_absence(
        by=world.person("alpha_signatory"),
        user=world.person("alpha_signatory"),
        organisation=world.organisation("alpha"),
        from_day=today,
        until_day=today,
    )


def _end_absence(world: World) -> None:
    services.end_absence(by=world.person("coordinator"), absence=_away(world))


def _take_back(world: World) -> None:
    checking.take_back(by=world.person("author"), version=world.debrief_at(State.CHECKING))


def _restore(world: World) -> None:
    writing.restore(by=world.person("author"), version=world.debrief_at(State.DISCARDED))


def _purge(world: World) -> None:
    long_ago = timezone.now() - 2 * writing.KEPT_DISCARDED
    found = Version.objects.filter(pk=world.debrief_at(State.DISCARDED).pk)
    found.update(discarded_at=long_ago)
    writing.purge_discarded()


def _remark(world: World) -> Remark:
    return remarks.remark(
        by=world.person("editor"), version=world.debrief_at(State.CHECKING), words="Which town?"
    )


def _remove_remark(world: World) -> None:
    remarks.remove(by=world.person("editor"), remark=_remark(world))


def _accept_warning(world: World) -> Acceptance:
    version = world.draft(parts=[world.section(markdown="Ring 07700 900123.")])
    return warnings.accept(
        by=world.person("author"),
        version=version,
        kind="phone",
        words="07700 900123",
        reason="A made-up number.",
    )


def _reopen_warning(world: World) -> None:
    accepted = _accept_warning(world)
    warnings.reopen(by=world.person("author"), version=accepted.version, acceptance=accepted.pk)


def _resolve_remark(world: World) -> None:
    remarks.resolve(by=world.person("author"), remark=_remark(world))


def _end_proceedings(world: World) -> None:
    answers = {"alpha": replace(AGREE, until_proceedings_end=True)}
    version = world.debrief_at(State.AGREED, answers=answers)
    signing.end_proceedings(
        by=world.person("alpha_signatory"), signoff=version.signoffs.get(organisation__key="alpha")
    )


def _propose(world: World) -> ReleaseProposal:
    version = world.debrief_at(State.AGREED, facts=world.facts(reach=Tier.PARTNERS))
    return releasing.propose(
        by=world.person("editor"), version=version, sharing_group=world.group("partners")
    )


def _close_proposal(world: World) -> None:
    releasing.close_proposal(by=world.person("second_editor"), proposal=_propose(world))


def _review(world: World) -> None:
    version = world.debrief_at(State.RELEASED)
    reviewing.review(by=world.person("author"), version=version, outcome="holds")


def _read(world: World) -> None:
    reading.open_version(world.person("charlie_officer"), world.debrief_at(State.RELEASED))


def _ask(world: World) -> Question:
    return questions.ask(by=world.person("alpha_officer"), text="Who has done this before?")


def _answer(world: World) -> None:
    questions.answer(by=world.person("editor"), question=_ask(world), text="Ring us.")


def _add_synonyms(world: World) -> SynonymSet:
    return synonyms.add(by=world.person("author"), words=["BWV", "body-worn video"])


def _change_synonyms(world: World) -> None:
    made = _add_synonyms(world)
    synonyms.change(by=world.person("editor"), number=made.pk, words=["BWV", "bodycam"])


def _remove_synonyms(world: World) -> None:
    synonyms.remove(by=world.person("editor"), number=_add_synonyms(world).pk)


def _link(world: World) -> Part:
    earlier = world.debrief_at(State.RELEASED).parts.get(kind=Part.Kind.LESSON)
    lesson = world.draft().parts.get(kind=Part.Kind.LESSON)
    recurring.link(by=world.person("author"), part=lesson, earlier=earlier.identity)
    return lesson


def _unlink(world: World) -> None:
    lesson = _link(world)
    earlier = Recurrence.objects.get(lesson=lesson.identity).earlier
    recurring.unlink(by=world.person("author"), part=lesson, earlier=earlier)


#: What records each verb.
RECORDED: dict[str, Callable[[World], Any]] = {
    "person.added": _add_person,
    "membership.started": _start_membership,
    "membership.ended": _end_membership,
    "group.created": _create_group,
    "group.tier_changed": _change_tier,
    "group.joined": _join,
    "group.left": _leave,
    "session.started": _sign_in,
    "session.ended": _sign_out,
    "session.refused": _fail_to_sign_in,
    "version.started": lambda world: world.debrief_at(State.DRAFTING),
    "version.edited": _edit,
    "version.submitted": lambda world: world.debrief_at(State.CHECKING),
    "version.sent_back": _send_back,
    "version.checked": lambda world: world.debrief_at(State.CHECKING, checked=True),
    "version.sent": lambda world: world.debrief_at(State.WITH_FORCES),
    "version.decided": _decide,
    "version.agreed": lambda world: world.debrief_at(State.AGREED),
    "version.reopened": _reopen,
    "version.released": lambda world: world.debrief_at(State.RELEASED),
    "version.superseded": lambda world: world.debrief_at(State.SUPERSEDED),
    "version.release_withdrawn": _withdraw_release,
    "version.consent_withdrawn": lambda world: world.debrief_at(State.WITHDRAWN),
    "version.read": _read,
    "absence.set": _away,
    "absence.ended": _end_absence,
    "version.taken_back": _take_back,
    "version.discarded": lambda world: world.debrief_at(State.DISCARDED),
    "version.restored": _restore,
    "version.purged": _purge,
    "version.remarked": _remark,
    "version.remark_removed": _remove_remark,
    "version.remark_resolved": _resolve_remark,
    "version.warning_accepted": _accept_warning,
    "version.warning_reopened": _reopen_warning,
    "version.proceedings_ended": _end_proceedings,
    "version.proposed": _propose,
    "version.proposal_closed": _close_proposal,
    "version.reviewed": _review,
    "lesson.linked": _link,
    "lesson.unlinked": _unlink,
    "question.asked": _ask,
    "question.answered": _answer,
    "synonym.added": _add_synonyms,
    "synonym.changed": _change_synonyms,
    "synonym.removed": _remove_synonyms,
}


def test_every_verb_is_tried() -> None:
    assert RECORDED.keys() == audit.VERBS.keys()


@pytest.mark.parametrize("verb", RECORDED)
def test_every_verb_is_recorded_by_what_it_names(world: World, verb: str) -> None:
    before = set(AuditEvent.objects.values_list("pk", flat=True))

    RECORDED[verb](world)

    event = AuditEvent.objects.exclude(pk__in=before).filter(verb=verb).order_by("-pk").first()
    assert event is not None
    assert event.subject.partition(":")[2].isdigit()
    assert (event.debrief is not None) == verb.startswith(("version.", "lesson."))
    assert (event.actor is None) == (verb in ("session.refused", "version.purged"))
    if event.actor:
        assert event.actor_name == event.actor.name


def test_the_record_keeps_who_somebody_was_when_they_acted(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    world.decide(version, "alpha")
    event = AuditEvent.objects.filter(verb="version.decided").latest("pk")
    assert event.actor_standing == "Signatory, Alphashire Police"

    User.objects.filter(pk=world.people["alpha_signatory"]).update(name="Renamed")
    for membership in Membership.objects.filter(user=world.people["alpha_signatory"]):
        services.end_membership(by=world.administrator, membership=membership)

    event.refresh_from_db()
    assert (event.actor_name, event.actor_standing) == (
        "Alpha Signatory",
        "Signatory, Alphashire Police",
    )


def test_the_record_names_things_by_number_and_never_by_their_words(world: World) -> None:
    world.debrief_at(State.WITHDRAWN, token="zqcanary")
    version = world.debrief_at(State.CHECKING, token="zqcanary")
    reading.open_version(world.person("author"), version)

    for event in AuditEvent.objects.all():
        assert "zqcanary" not in f"{event.subject} {event.detail}", event


def test_a_wrong_password_is_recorded_without_what_was_typed(world: World) -> None:
    before = AuditEvent.objects.count()
    request = RequestFactory().get("/")
    authenticate(request, email="somebody@tests.example", password="hunter2-secret")
    assert AuditEvent.objects.count() == before

    address = world.person("nobody").email
    authenticate(request, email=address.upper(), password="hunter2-secret")
    event = AuditEvent.objects.latest("pk")
    assert event.verb == "session.refused"
    assert event.subject == f"portal.user:{world.people['nobody']}"
    assert "hunter2" not in str(AuditEvent.objects.filter(pk=event.pk).values())


def test_an_unknown_verb_is_refused(world: World) -> None:
    before = AuditEvent.objects.count()
    with pytest.raises(KeyError):
        audit.record("version.leaked", by=None, subject=world.person("nobody"))
    assert AuditEvent.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    person = services.add_person(by=None, email="a@tests.example", name="A")
    before = AuditEvent.objects.count()
    with pytest.raises(RuntimeError, match="belongs in the transaction of its change"):
        audit.record("session.started", by=person, subject=person)
    assert AuditEvent.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_change_that_fails_is_not_recorded() -> None:
    services.add_person(by=None, email="a@tests.example", name="A")
    head = audit.verify()
    with pytest.raises(IntegrityError):
        services.add_person(by=None, email="a@tests.example", name="B")
    with transaction.atomic():
        services.add_person(by=None, email="b@tests.example", name="B")
        transaction.set_rollback(True)
    assert audit.verify() == head


# --- The chain -----------------------------------------------------------------------------------

EVENTS, LINKS = "portal_auditevent", "portal_auditlink"


@pytest.fixture
def chain(world: World) -> list[AuditLink]:
    """A whole chain of some links, in order."""
    world.debrief_at(State.AGREED)
    settle()
    assert not audit.verify().fault
    return list(AuditLink.objects.order_by("position"))


def test_a_whole_chain_is_found_to_be_whole(chain: list[AuditLink]) -> None:
    found = audit.verify()
    assert found.fault == ""
    assert found.links == len(chain) == AuditEvent.objects.count()
    assert found.head == bytes(chain[-1].digest).hex()
    assert [link.position for link in chain] == list(range(1, len(chain) + 1))
    for before, link in pairwise(chain):
        assert bytes(link.previous) == bytes(before.digest)
        assert link.event_id > before.event_id
    assert audit.verify(expected_head=found.head.upper()).fault == ""
    earlier = bytes(chain[3].digest).hex()
    assert audit.verify(expected_head=earlier).fault == ""


#: Another value for every column of an event.
OTHERS = {
    "at": "at + interval '1 microsecond'",
    "verb": "'version.read'",
    "actor_id": "NULL",
    "actor_name": "actor_name || '.'",
    "actor_standing": "'Chief'",
    "subject": "subject || '0'",
    "debrief": "coalesce(debrief, 0) + 1",
    "detail": "detail || '{\"more\": 1}'",
}


def test_a_change_of_any_column_of_an_event_is_found_at_its_place(
    chain: list[AuditLink], subtests: pytest.Subtests
) -> None:
    columns = {str(field.column) for field in AuditEvent._meta.concrete_fields}
    assert columns == {*OTHERS, "id"}
    link = chain[-5]
    for column, value in OTHERS.items():
        with subtests.test(column), unguarded(EVENTS) as cursor:
            change = " ".join(["UPDATE EVENTS SET", column, "=", value, "WHERE id = %s"])
            _spoil(cursor, change, link.event_id)
            assert audit.verify().fault == f"Link {link.position}: its event was changed"
    assert audit.verify().fault == ""


def test_a_change_of_a_link_is_found(chain: list[AuditLink]) -> None:
    link = chain[4]
    with unguarded(LINKS) as cursor:
        _spoil(cursor, "UPDATE LINKS SET digest = sha256('x') WHERE position = %s", 5)
        assert audit.verify().fault == "Link 5: its event was changed"
    with unguarded(LINKS) as cursor:
        _spoil(cursor, "UPDATE LINKS SET previous = sha256('x') WHERE position = %s", 5)
        assert audit.verify().fault == "Link 5: it does not follow from the link before it"
    with unguarded(EVENTS, LINKS) as cursor:  # made to fit the changed event, but not the next link
        _spoil(cursor, "UPDATE EVENTS SET verb = 'version.read' WHERE id = %s", link.event_id)
        _link_anew(cursor, [link])
        assert audit.verify().fault == "Link 6: it does not follow from the link before it"


def _spoil(cursor: Any, change: str, *values: Any) -> None:
    """Do something to the tables of the record, called EVENTS and LINKS in the change."""
    cursor.execute(change.replace("EVENTS", EVENTS).replace("LINKS", LINKS), values)


def _link_anew(cursor: Any, links: list[AuditLink]) -> None:
    for link in links:
        _spoil(
            cursor,
            "UPDATE LINKS l SET previous = b.digest, digest = portal_audit_digest(b.digest, e) "
            "FROM EVENTS e, LINKS b "
            "WHERE e.id = l.event_id AND b.position = l.position - 1 AND l.position = %s",
            link.position,
        )


def test_a_deletion_in_the_middle_is_found_at_its_place(chain: list[AuditLink]) -> None:
    link = chain[6]
    with unguarded(EVENTS, LINKS) as cursor:
        _spoil(cursor, "DELETE FROM LINKS WHERE position = %s", link.position)
        _spoil(cursor, "DELETE FROM EVENTS WHERE id = %s", link.event_id)
        assert audit.verify().fault == f"Link {link.position + 1}: the link before it is missing"
    with unguarded(EVENTS) as cursor:
        _spoil(cursor, "DELETE FROM EVENTS WHERE id = %s", link.event_id)
        assert audit.verify().fault == f"Link {link.position}: its event is missing"
    with unguarded(EVENTS, LINKS) as cursor:
        _spoil(cursor, "DELETE FROM LINKS WHERE position = 1")
        assert audit.verify().fault == "Link 2: the link before it is missing"


def test_an_event_without_a_link_is_found(chain: list[AuditLink]) -> None:
    with unguarded(EVENTS, LINKS) as cursor:
        _spoil(cursor, "DELETE FROM LINKS WHERE position = %s", len(chain))
        assert audit.verify().fault == (
            f"Link {len(chain)}: event {chain[-1].event_id} has no link"
        )


def test_an_end_that_was_cut_off_is_found_by_whoever_kept_the_head(chain: list[AuditLink]) -> None:
    head, earlier = audit.verify().head, bytes(chain[-3].digest).hex()
    with unguarded(EVENTS, LINKS) as cursor:
        _spoil(cursor, "DELETE FROM LINKS WHERE position > %s", len(chain) - 2)
        _spoil(
            cursor,
            "DELETE FROM EVENTS WHERE id IN (%s, %s)",
            chain[-1].event_id,
            chain[-2].event_id,
        )
        assert audit.verify().fault == ""
        assert audit.verify().head == earlier
        assert "its end was cut off or rewritten" in audit.verify(expected_head=head).fault
        assert audit.verify(expected_head=earlier).fault == ""


def test_a_chain_that_was_made_anew_is_found_by_whoever_kept_a_head(chain: list[AuditLink]) -> None:
    head = audit.verify().head
    with unguarded(EVENTS, LINKS) as cursor:
        verb = "UPDATE EVENTS SET verb = 'version.read' WHERE id = %s"
        _spoil(cursor, verb, chain[5].event_id)
        _link_anew(cursor, chain[5:])
        assert audit.verify().fault == ""
        assert audit.verify(expected_head=head).fault


@pytest.mark.django_db
def test_an_empty_record_is_whole_unless_a_head_was_kept() -> None:
    assert audit.verify() == audit.Verification(0, "")
    assert audit.verify(expected_head="ab" * 32).fault


# --- The command ---------------------------------------------------------------------------------


def test_the_command_prints_links_and_head_of_a_whole_record(chain: list[AuditLink]) -> None:
    out, head = StringIO(), audit.verify().head
    call_command("verify_audit", stdout=out)
    assert f"{len(chain)} links, head {head}" in out.getvalue()
    assert "whole" in out.getvalue()
    call_command("verify_audit", "--expect", head, stdout=StringIO())


def test_the_command_fails_with_the_fault_of_a_broken_record(chain: list[AuditLink]) -> None:
    with pytest.raises(CommandError, match="not in this chain") as failed:
        call_command("verify_audit", "--expect", "0" * 64, stdout=StringIO())
    assert failed.value.returncode == 1
    with unguarded(EVENTS) as cursor:
        _spoil(cursor, "UPDATE EVENTS SET verb = 'x' WHERE id = %s", chain[2].event_id)
        out = StringIO()
        with pytest.raises(CommandError, match="Link 3: its event was changed"):
            call_command("verify_audit", stdout=out)
        assert "whole" not in out.getvalue()


# --- Many at once --------------------------------------------------------------------------------

THREADS, TRANSACTIONS = 8, 25


def _at_once(work: Callable[[int], None]) -> list[BaseException]:
    """Do the work in so many threads, all starting together; returns what went wrong."""
    start, failures = threading.Barrier(THREADS, timeout=30), list[BaseException]()

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
        except BaseException as failure:  # noqa: BLE001 - a thread's failure is the test's
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return failures


def _people(count: int) -> list[int]:
    return [
        services.add_person(by=None, email=f"p{number}@tests.example", name=f"P{number}").pk
        for number in range(count)
    ]


@pytest.mark.django_db(transaction=True)
def test_many_processes_at_once_leave_one_unbroken_chain() -> None:
    people = _people(THREADS)
    before = AuditLink.objects.count()

    def work(number: int) -> None:
        person = User.objects.get(pk=people[number])
        for _ in range(TRANSACTIONS):
            with transaction.atomic():
                audit.record("session.started", by=person, subject=person)

    assert _at_once(work) == []
    assert AuditLink.objects.count() - before == THREADS * TRANSACTIONS == 200
    assert audit.verify().fault == ""
    positions = list(AuditLink.objects.values_list("position", flat=True).order_by("position"))
    assert positions == list(range(1, len(positions) + 1))


@pytest.mark.django_db(transaction=True)
def test_the_chain_never_waits_for_a_row_that_somebody_else_holds() -> None:
    people = _people(2)
    before = AuditLink.objects.count()

    def work(number: int) -> None:
        for count in range(TRANSACTIONS // 2):
            turn = count % 3
            person = User.objects.get(pk=people[number % 2])
            rows = User.objects.select_for_update(no_key=True).filter(pk=person.pk)
            with transaction.atomic():  # the lock before, between or after the two events
                if turn == 0:
                    assert rows.get()
                audit.record("session.started", by=None, subject=person)
                if turn == 1:
                    assert rows.get()
                audit.record("session.ended", by=person, subject=person)
                if turn == 2:
                    assert rows.get()

    assert _at_once(work) == []
    assert AuditLink.objects.count() - before == THREADS * (TRANSACTIONS // 2) * 2
    assert audit.verify().fault == ""


@pytest.mark.django_db(transaction=True)
def test_the_order_of_links_is_the_order_of_commits() -> None:
    first_has_recorded, second_has_committed = threading.Event(), threading.Event()
    (one, two) = _people(2)

    def slow() -> None:
        with transaction.atomic():
            audit.record("session.started", by=None, subject=User(pk=one))
            first_has_recorded.set()
            second_has_committed.wait(timeout=10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    first_has_recorded.wait(timeout=10)
    with transaction.atomic():
        audit.record("session.started", by=None, subject=User(pk=two))
    second_has_committed.set()
    thread.join(timeout=10)

    subjects = list(
        AuditLink.objects.order_by("-position").values_list("event__subject", flat=True)[:2]
    )
    assert subjects == [f"portal.user:{one}", f"portal.user:{two}"]
    assert audit.verify().fault == ""


def test_a_reading_is_recorded_without_waiting_for_the_disk(world: World) -> None:
    """In one statement; what it records is what any event holds."""
    version, author = world.debrief_at(State.RELEASED), world.person("author")

    with CaptureQueriesContext(connection) as queries:
        audit.record_reading(
            "version.read", by=author, subject=version, debrief=version.debrief_id, parts=2
        )

    assert len([each for each in queries if "INSERT" in each["sql"]]) == 1
    with connection.cursor() as cursor:  # in the transaction that stands around a test
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("off",)
    event = AuditEvent.objects.latest("pk")
    assert (event.subject, event.debrief) == (f"debriefs.version:{version.pk}", version.debrief_id)
    assert (event.actor, event.actor_name, event.detail) == (author, author.name, {"parts": 2})
    assert event.actor_standing == standing_of(author)
    assert event.at is not None


@pytest.mark.django_db(transaction=True)
def test_a_reading_is_chained_by_itself_and_never_within_a_change() -> None:
    """Or the change would not wait for the disk either."""
    person = User.objects.get(pk=_people(1)[0])

    audit.record_reading("version.read", by=person, subject=person, debrief=1)

    assert AuditLink.objects.latest("position").event.actor == person
    assert audit.verify().fault == ""
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)
    with transaction.atomic(), pytest.raises(RuntimeError):
        audit.record_reading("version.read", by=person, subject=person, debrief=1)
