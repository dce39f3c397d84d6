"""Who is told what, in which words; and who is not told any more?

The registry of kinds is walked: a kind that nobody expects here fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone

from debriefs import notices, outbox
from debriefs.models import Notice, Question, ReleaseProposal, SavedSearch, Version
from debriefs.models.vocabulary import Heading
from debriefs.services import (
    absences,
    alerting,
    checking,
    chores,
    inbox,
    notifying,
    questions,
    reading,
    releasing,
    reviewing,
    searches,
    signing,
    writing,
)
from debriefs.services.reviewing import USUALLY
from debriefs.services.signing import Answer
from debriefs.workflow import State
from portal import services
from portal.models import Absence, Belonging, Tier
from tests.post import mailed, on, told, work
from tests.world import CHANGES, World, fresh

TEAM = {"author", "second_author", "editor", "second_editor"}

#: Every text of the debrief holds it, and no mail may.
TOKEN = "zqsecret"


def _made(world: World, state: State, **how: object) -> Version:
    return world.debrief_at(state, token=TOKEN, **how)  # type: ignore[arg-type]


def _submitted(world: World) -> None:
    _made(world, State.CHECKING)


def _sent_back(world: World) -> None:
    version = _made(world, State.CHECKING)
    checking.send_back(
        by=world.person("editor"), version=version, revision=version.revision, reason=TOKEN
    )


def _checked(world: World) -> None:
    _made(world, State.CHECKING, checked=True)


def _sent(world: World) -> None:
    _made(world, State.WITH_FORCES)


def _away(world: World) -> None:
    _made(world, State.WITH_FORCES)
    today = timezone.localdate()
    absences.set_absence(
        by=world.person("coordinator"),
        user=world.person("alpha_signatory"),
        organisation=world.organisation("alpha"),
        from_day=today,
        until_day=today,
    )


def _days_after_due(days: int) -> Callable[[World], None]:
    def happens(world: World) -> None:
        version = _made(world, State.WITH_FORCES)
        assert version.due_on
        with on(version.due_on + timedelta(days=days)):
            chores.reminders()

    return happens


def _agreed_by_one(world: World) -> None:
    world.decide(_made(world, State.WITH_FORCES), "alpha")


def _changes_wanted(world: World) -> None:
    world.decide(_made(world, State.WITH_FORCES), "alpha", CHANGES)


def _declined(world: World) -> None:
    answer = Answer("declined", remark=TOKEN)
    world.decide(_made(world, State.WITH_FORCES), "alpha", answer)


def _agreed(world: World) -> None:
    _made(world, State.AGREED)


def _proposed(world: World) -> None:
    version = _made(world, State.AGREED, facts=world.facts(token=TOKEN, reach=Tier.PARTNERS))
    releasing.propose(
        by=world.person("second_editor"), version=version, sharing_group=world.group("partners")
    )


def read(world: World, version: Version, *people: str) -> None:
    """Each of them reads it."""
    for key in people:
        found = reading.find(world.person(key), version.debrief.slug)
        assert found
        reading.open_version(world.person(key), found)


def take_back(world: World, version: Version, group: str) -> None:
    """The editor takes it back from the group."""
    release = version.releases.get(sharing_group__key=group)
    releasing.withdraw_release(by=world.person("editor"), release=release, reason=TOKEN)


def _withdrawn(world: World) -> None:
    version = _made(world, State.RELEASED)
    read(world, version, "alpha_officer")
    world.withdraw(version, "bravo", TOKEN)


def _taken_back(world: World) -> None:
    version = _made(world, State.RELEASED, groups=("circle",))
    read(world, version, "alpha_officer", "guest", "alpha_signatory")
    take_back(world, version, "circle")


def _due_for_review(world: World) -> None:
    _made(world, State.RELEASED)
    with on(timezone.localdate() + USUALLY):
        chores.reviews()


def _matched(world: World) -> None:
    for key in ("alpha_officer", "guest", "outsider"):
        searches.save(
            by=world.person(key), name=TOKEN, words="", narrowing={"force": ["alpha"]}, alerts=True
        )
    _made(world, State.RELEASED, groups=("circle",))
    alerting.everyone()


def _asked(world: World) -> None:
    _made(world, State.DRAFTING)
    questions.ask(by=world.person("alpha_officer"), text=TOKEN, words=TOKEN)


def _replied(world: World) -> None:
    _asked(world)
    questions.answer(by=world.person("editor"), question=Question.objects.latest("pk"), text=TOKEN)


@dataclass(frozen=True, slots=True)
class Case:
    """How a notice of the kind comes about, who is told then, and what the mail is not to miss."""

    happens: Callable[[World], None]
    told: set[str]
    says: str


CASES: dict[str, Case] = {
    "check_wanted": Case(_submitted, TEAM - {"author"}, "waiting to be checked"),
    "sent_back": Case(_sent_back, {"author"}, "sent back to you"),
    "checked": Case(_checked, {"second_editor"}, "can go to the forces"),
    "sign_off_wanted": Case(
        _sent, {"alpha_signatory", "bravo_signatory", "both"}, "waiting for your force"
    ),
    "standing_in": Case(_away, {"alpha_deputy"}, "you stand in"),
    "sign_off_due": Case(
        _days_after_due(-5), {"alpha_signatory", "bravo_signatory", "both"}, "due soon"
    ),
    "sign_off_overdue": Case(
        _days_after_due(1), {"alpha_signatory", "bravo_signatory", "both"}, "is overdue"
    ),
    "force_overdue": Case(_days_after_due(5), {"coordinator"}, "of your force is overdue"),
    "round_overdue": Case(
        _days_after_due(5), {"editor", "second_editor"}, "round of sign-off is overdue"
    ),
    "agreed": Case(_agreed_by_one, {"author", "editor", "second_editor"}, "A force agreed"),
    "changes_wanted": Case(_changes_wanted, {"author", "editor", "second_editor"}, "wants changes"),
    "declined": Case(_declined, {"author", "editor", "second_editor"}, "declined"),
    "all_agreed": Case(_agreed, {"author", "editor", "second_editor"}, "Every force agreed"),
    "confirmation_wanted": Case(_proposed, {"editor"}, "second editor"),
    "consent_withdrawn": Case(
        _withdrawn,
        {*TEAM, "alpha_officer", "alpha_signatory", "alpha_deputy", "both"},
        "was withdrawn",
    ),
    "taken_back": Case(_taken_back, {"alpha_officer", "guest"}, "no longer shared with you"),
    "review_due": Case(_due_for_review, {"editor", "second_editor"}, "due for review"),
    "search_matched": Case(_matched, {"alpha_officer", "guest"}, "matches a search of yours"),
    "question_asked": Case(_asked, {*TEAM, "other_author"}, "Somebody asks"),
    "question_answered": Case(_replied, {"alpha_officer"}, "replied to your question"),
}


def test_every_kind_is_expected_here() -> None:
    assert CASES.keys() == notices.KINDS.keys()


@pytest.mark.parametrize("kind", notices.KINDS)
def test_exactly_those_are_told_whom_it_concerns(world: World, kind: str) -> None:
    CASES[kind].happens(world)

    assert told(world, kind) == CASES[kind].told


@pytest.mark.parametrize("kind", notices.KINDS)
def test_a_notice_and_its_mail_say_what_to_do_and_nothing_of_the_debrief(
    world: World, kind: str
) -> None:
    CASES[kind].happens(world)
    version = Version.objects.select_related("debrief").latest("pk")

    for notice in Notice.objects.filter(kind=kind).select_related("person"):
        sent = outbox.message(notice)
        whole = sent.message().as_string() + str(sent.body) + str(sent.alternatives)
        assert CASES[kind].says in sent.subject
        for body in (str(sent.body), str(sent.alternatives[0][0])):
            assert CASES[kind].says in body
            assert f"/notices/{notice.pk}/" in body
            assert "OFFICIAL" in body
        for hidden in (TOKEN, version.debrief.operation, version.title, version.debrief.reference):
            assert hidden not in whole
        for force in ("alpha", "bravo", "Alphashire", "Bravoshire", version.debrief.slug):
            assert force not in whole.replace(notice.person.email, "").replace(
                notice.person.get_short_name(), ""
            )
        assert sent.to == [notice.person.email]
        assert TOKEN not in f"{notice.key} {notice.detail}"


@pytest.mark.parametrize("kind", notices.KINDS)
def test_whoever_lost_access_is_neither_mailed_nor_shown(world: World, kind: str) -> None:
    """Everyone leaves, before the worker comes to it."""
    CASES[kind].happens(world)
    for key in CASES[kind].told:
        world.dismiss(key)
        for belonging in Belonging.objects.filter(user=world.people[key], ended_at__isnull=True):
            services.leave(by=world.administrator, belonging=belonging)
    work()

    assert not [each for each in mail.outbox if CASES[kind].says in each.subject]
    for notice in Notice.objects.filter(kind=kind).select_related("person"):
        assert notice.mail == Notice.Mail.DROPPED
        assert not inbox.everything(notice.person).filter(pk=notice.pk)
        browser = Client()
        browser.force_login(notice.person)
        assert browser.get(f"/notices/{notice.pk}/").status_code == 410


@pytest.mark.parametrize("kind", notices.KINDS)
def test_whoever_may_be_told_is_mailed_once_and_finds_it_in_the_portal(
    world: World, kind: str
) -> None:
    day = timezone.localdate() + (USUALLY if kind == "review_due" else timedelta())
    CASES[kind].happens(world)
    with on(day):
        work()
        work()

        for notice in Notice.objects.filter(kind=kind).select_related("person"):
            assert notice.mail == Notice.Mail.SENT
            mine = [
                each
                for each in mail.outbox
                if each.to == [notice.person.email] and each.subject == notices.KINDS[kind].title
            ]
            assert len(mine) == 1
            browser = Client()
            browser.force_login(notice.person)
            assert notices.KINDS[kind].title in browser.get("/notices/").content.decode()
            answer = browser.get(f"/notices/{notice.pk}/")
            assert answer.status_code == 302
            assert browser.get(answer.headers["Location"]).status_code in (200, 410)
            notice.refresh_from_db()
            assert notice.read_at


@pytest.mark.parametrize("kind", [kind for kind in notices.KINDS.values() if kind.names])
def test_the_portal_names_the_operation_to_whoever_may_know_it(
    world: World, kind: notices.Kind
) -> None:
    CASES[kind.name].happens(world)
    operation = Version.objects.select_related("debrief").latest("pk").debrief.operation

    person = Notice.objects.filter(kind=kind.name).select_related("person")[0].person
    browser = Client()
    browser.force_login(person)
    assert f"Operation {operation}" in browser.get("/notices/").content.decode()


def test_a_coordinator_is_told_no_name(world: World) -> None:
    _days_after_due(5)(world)
    operation = Version.objects.select_related("debrief").latest("pk").debrief.operation
    browser = Client()
    browser.force_login(world.person("coordinator"))
    page = browser.get("/notices/").content.decode()

    assert "A sign-off of your force is overdue" in page
    assert operation not in page
    assert TOKEN not in page


# --- Once -----------------------------------------------------------------------------------------


def test_the_same_thing_is_told_once_however_often_it_is_said(world: World) -> None:
    version = _made(world, State.WITH_FORCES)
    signoff = version.signoffs.get(organisation__key="alpha")
    before = Notice.objects.count()

    with transaction.atomic():
        assert notifying.wanted(signoff) == 0
    assert chores.stand_ins() == 0
    work()

    assert Notice.objects.count() == before
    assert mailed().count("alpha_signatory") == 1


def test_a_second_round_of_checking_is_another_thing(world: World) -> None:
    version = _made(world, State.CHECKING)
    checking.send_back(
        by=world.person("editor"), version=version, revision=version.revision, reason="More."
    )
    writing.add_part(by=world.person("author"), version=fresh(version), words=world.lesson())
    world.submitted(version, checked=False)

    asked = Notice.objects.filter(kind="check_wanted", person=world.people["editor"])
    assert asked.count() == 2


def test_nobody_is_told_of_what_they_did_themselves(world: World) -> None:
    """Both are editors; the one who checked is not told that it was checked."""
    _checked(world)

    assert "editor" not in told(world, "checked")


@pytest.mark.django_db(transaction=True)
def test_a_notice_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="belongs in the transaction"):
        notifying.tell(notices.CHECKED, [], key="key", version=Version())


def test_what_is_undone_was_never_told(world: World) -> None:
    version = world.draft()
    with transaction.atomic():
        world.submitted(version, checked=False)
        transaction.set_rollback(True)
    work()

    assert not Notice.objects.exists()
    assert not mail.outbox


# --- It has been done meanwhile -------------------------------------------------------------------


def test_what_was_done_meanwhile_is_not_mailed(world: World) -> None:
    """The editor has checked it, and the signatory decided, before the worker comes to it."""
    _agreed(world)
    work()

    sent = {each.subject for each in mail.outbox}
    assert notices.ALL_AGREED.title in sent
    assert not sent & {
        notices.CHECK_WANTED.title,
        notices.CHECKED.title,
        notices.SIGN_OFF_WANTED.title,
    }


def _latest() -> Version:
    return Version.objects.latest("pk")


def _checked_by_another(world: World) -> None:
    version = _latest()
    checking.check(by=world.person("editor"), version=version, revision=version.revision)


def _submitted_again(world: World) -> None:
    world.submitted(_latest(), checked=False)


def _is_sent(world: World) -> None:
    signing.send(by=world.person("second_editor"), version=_latest())


def _decided(world: World) -> None:
    for force in ("alpha", "bravo"):
        world.decide(_latest(), force)


def _back(world: World) -> None:
    services.end_absence(by=world.person("coordinator"), absence=Absence.objects.get())


def _proposal_closed(world: World) -> None:
    releasing.close_proposal(
        by=world.person("second_editor"), proposal=ReleaseProposal.objects.get()
    )


def _reviewed(world: World) -> None:
    reviewing.review(by=world.person("author"), version=_latest(), outcome="holds")


def _shared_again(world: World) -> None:
    world.release(_latest(), "circle")


def _switched_off(world: World) -> None:
    for search in SavedSearch.objects.select_related("person"):
        searches.set_alerts(by=search.person, number=search.pk, alerts=False)


def _question_answered(world: World) -> None:
    question = Question.objects.latest("pk")
    questions.answer(by=world.person("author"), question=question, text="Ring us.")


#: What makes a notice of the kind pointless, so that it is not told any more.
OVER: dict[str, Callable[[World], None]] = {
    "check_wanted": _checked_by_another,
    "sent_back": _submitted_again,
    "checked": _is_sent,
    "sign_off_wanted": _decided,
    "standing_in": _back,
    "sign_off_due": _decided,
    "sign_off_overdue": _decided,
    "force_overdue": _decided,
    "round_overdue": _decided,
    "confirmation_wanted": _proposal_closed,
    "taken_back": _shared_again,
    "review_due": _reviewed,
    "search_matched": _switched_off,
    "question_asked": _question_answered,
}

#: What has happened, and stays so.
LASTING = {
    "agreed",
    "changes_wanted",
    "declined",
    "all_agreed",
    "consent_withdrawn",
    "question_answered",
}


def test_of_every_kind_it_is_known_whether_it_can_be_over() -> None:
    assert OVER.keys() | LASTING == notices.KINDS.keys()
    assert not OVER.keys() & LASTING


@pytest.mark.parametrize("kind", OVER)
def test_what_is_over_is_neither_mailed_nor_shown(world: World, kind: str) -> None:
    CASES[kind].happens(world)
    day = timezone.localdate() + (USUALLY if kind == "review_due" else timedelta())
    with on(day):
        OVER[kind](world)
        work()

        for notice in Notice.objects.filter(kind=kind).select_related("person"):
            assert notice.mail == Notice.Mail.DROPPED
            assert not inbox.everything(notice.person).filter(pk=notice.pk)


def test_who_signs_for_two_forces_is_told_of_each_by_itself(world: World) -> None:
    world.hire("alpha_signatory", "bravo", "signatory")
    version = _made(world, State.WITH_FORCES)
    world.decide(version, "alpha")
    person = world.person("alpha_signatory")

    asked = Notice.objects.filter(person=person, kind="sign_off_wanted")
    assert asked.count() == 2
    assert [each.detail["organisation"] for each in inbox.everything(person)] == ["bravo"]


def test_who_looks_after_another_force_is_not_told(world: World) -> None:
    """The coordinator has moved on to a force that has not decided either."""
    _days_after_due(5)(world)
    world.dismiss("coordinator")
    world.hire("coordinator", "bravo", "coordinator")
    work()

    assert Notice.objects.get(kind="force_overdue").mail == Notice.Mail.DROPPED


def test_a_round_is_overdue_until_the_last_force_has_decided(world: World) -> None:
    _days_after_due(5)(world)
    world.decide(_latest(), "alpha")
    editor = world.person("editor")
    assert inbox.everything(editor).filter(kind="round_overdue").exists()

    world.decide(_latest(), "bravo")
    assert not inbox.everything(editor).filter(kind="round_overdue").exists()


def test_nobody_is_asked_to_confirm_their_own_proposal(world: World) -> None:
    """The other editor's was turned down, and now they propose it themselves."""
    _proposed(world)
    _proposal_closed(world)
    releasing.propose(
        by=world.person("editor"), version=_latest(), sharing_group=world.group("partners")
    )

    for key, count in (("editor", 0), ("second_editor", 1)):
        asked = inbox.everything(world.person(key)).filter(kind="confirmation_wanted")
        assert asked.count() == count


def test_who_reads_through_another_group_is_not_told_of_this_one(world: World) -> None:
    version = _made(world, State.RELEASED, groups=("circle", "policing"))
    read(world, version, "charlie_officer")
    take_back(world, version, "policing")
    take_back(world, version, "circle")

    assert Notice.objects.filter(kind="taken_back").count() == 1


def test_who_reads_it_again_through_another_group_is_not_told_any_more(world: World) -> None:
    _taken_back(world)
    world.release(_latest(), "policing")
    work()

    told_by_mail = [each.to[0] for each in mail.outbox if "no longer shared" in each.subject]
    assert told_by_mail == ["guest@tests.example"]


def test_when_the_public_loses_it_whoever_read_it_is_told(world: World) -> None:
    version = world.debrief_at(
        State.RELEASED,
        facts=world.facts(reach=Tier.PUBLIC),
        parts=[world.section(Tier.PUBLIC, heading=Heading.PUBLIC_SUMMARY)],
        groups=("public",),
    )
    read(world, version, "outsider")
    take_back(world, version, "public")

    assert told(world, "taken_back") == {"outsider"}


def test_the_decision_of_another_force_is_no_reason_to_keep_quiet(world: World) -> None:
    _agreed_by_one(world)
    work()

    asked = [each.to[0] for each in mail.outbox if each.subject == notices.SIGN_OFF_WANTED.title]
    assert sorted(asked) == ["both@tests.example", "bravo_signatory@tests.example"]


def test_a_reader_who_still_reads_through_another_group_is_not_told(world: World) -> None:
    version = _made(world, State.RELEASED, groups=("circle", "policing"))
    read(world, version, "alpha_officer", "guest")
    take_back(world, version, "circle")

    assert told(world, "taken_back") == {"guest"}


def test_whoever_read_an_earlier_version_is_told_that_the_debrief_is_withdrawn(
    world: World,
) -> None:
    version = _made(world, State.RELEASED)
    read(world, version, "charlie_officer")
    world.follow(version, {}, ("policing",))
    latest = version.debrief.versions.latest("number")
    world.withdraw(latest, "bravo", "A trial is pending.")

    assert "charlie_officer" in told(world, "consent_withdrawn")


def test_who_only_looked_at_it_while_signing_is_no_reader(world: World) -> None:
    """A signatory of a force that then left the operation would be told as a reader, and is
    not."""
    version = _made(world, State.WITH_FORCES)
    read(world, version, "alpha_signatory")

    assert not notifying._who_read(version).exists()


def test_an_absence_that_begins_later_tells_the_deputies_on_its_first_day(world: World) -> None:
    _made(world, State.WITH_FORCES)
    later = timezone.localdate() + timedelta(days=2)
    absences.set_absence(
        by=world.person("alpha_signatory"),
        user=world.person("alpha_signatory"),
        organisation=world.organisation("alpha"),
        from_day=later,
        until_day=later,
    )
    chores.stand_ins()
    assert not told(world, "standing_in")

    with on(later):
        chores.stand_ins()
    assert told(world, "standing_in") == {"alpha_deputy"}


def test_deputies_are_left_alone_while_a_signatory_is_there(world: World) -> None:
    _sent(world)
    chores.stand_ins()

    assert not told(world, "standing_in")
    assert "alpha_deputy" not in told(world, "sign_off_wanted")


# --- The words themselves -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", notices.KINDS.values(), ids=notices.KINDS)
def test_the_words_of_a_kind_are_complete(kind: notices.Kind) -> None:
    assert re.fullmatch(r"[A-Z][^.!]{10,60}", kind.title), "a subject, without a full stop"
    assert kind.words.endswith(".")
    assert not kind.action.endswith(".")
    assert re.match(r"you\b", kind.because)
    assert len(kind.name) <= 40


def test_no_two_kinds_say_the_same() -> None:
    assert len({kind.title for kind in notices.KINDS.values()}) == len(notices.KINDS)
