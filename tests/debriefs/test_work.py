"""Do the services around a draft and its round keep what they promise?

Deputies, embargoes until proceedings end, second editors, discarding, remarks, reviews and saves.
Writing, signing and releasing themselves are tried in `test_services.py`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from debriefs import permissions
from debriefs.models import Debrief, Release, Save, SignOff, Version
from debriefs.services import (
    checking,
    releasing,
    remarks,
    reviewing,
    saves,
    signing,
    writing,
)
from debriefs.workflow import State
from portal import services
from portal.models import Absence, AuditEvent, Role, Tier, User
from tests.claims import recorded, refused
from tests.world import AGREE, CHANGES, World, fresh

# --- Deciding -------------------------------------------------------------------------------------


def _decide_as_deputy(world: World, version: Version) -> SignOff:
    return signing.decide(
        by=world.person("alpha_deputy"),
        signoff=version.signoffs.get(organisation__key="alpha"),
        digest=version.digest,
        answer=AGREE,
    )


def _away(world: World, person: str = "alpha_signatory", days: int = 3) -> Absence:
    today = timezone.localdate()
    return services.set_absence(
        by=world.person(person),
        user=world.person(person),
        organisation=world.organisation("alpha"),
        from_day=today,
        until_day=today + timedelta(days=days),
    )


def test_the_deputy_decides_while_the_signatory_is_away(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    with refused("A signatory of your force is there"):
        _decide_as_deputy(world, version)
    absence = _away(world)
    services.end_absence(by=world.person("coordinator"), absence=absence)
    with refused("A signatory of your force is there"):
        _decide_as_deputy(world, version)
    _away(world)
    assert _decide_as_deputy(world, version).decided_by == world.person("alpha_deputy")


def test_the_deputy_waits_while_one_of_two_signatories_is_there(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    world.hire("alpha_officer", "alpha", Role.SIGNATORY)
    _away(world)
    with refused("A signatory of your force is there"):
        _decide_as_deputy(world, version)
    _away(world, "alpha_officer", days=0)
    assert _decide_as_deputy(world, version).agrees


def test_the_deputy_decides_where_no_signatory_may_sign_in_or_all_wrote_it(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    User.objects.filter(pk=world.people["alpha_signatory"]).update(is_active=False)
    assert _decide_as_deputy(world, version).agrees


def test_the_database_refuses_a_deputys_decision_while_a_signatory_is_there(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    mine = version.signoffs.filter(organisation__key="alpha")
    decided = {
        "decision": "agreed",
        "digest": version.digest,
        "decided_at": timezone.now(),
        "decided_by": world.person("alpha_deputy"),
    }
    with (
        pytest.raises(IntegrityError, match="while every signatory is away"),
        transaction.atomic(),
    ):
        mine.update(**decided)
    _away(world)
    assert mine.update(**decided) == 1


def test_the_same_decision_sent_twice_is_one(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    first = world.decide(version, "alpha")
    events = AuditEvent.objects.count()
    second = world.decide(version, "alpha")
    assert (second.pk, second.decided_at) == (first.pk, first.decided_at)
    assert AuditEvent.objects.count() == events
    with refused("Your force has already decided"):
        world.decide(version, "alpha", CHANGES)


def test_an_embargo_until_proceedings_end_holds_until_the_force_says_so(world: World) -> None:
    held_back = replace(AGREE, until_proceedings_end=True)
    version = world.debrief_at(State.AGREED, answers={"alpha": held_back})
    signoff = version.signoffs.get(organisation__key="alpha")
    assert version.until_proceedings_end
    with refused("Under embargo until a force says that proceedings have ended"):
        world.release(version, "policing")
    with refused("You do not have the role"):
        signing.end_proceedings(by=world.person("bravo_signatory"), signoff=signoff)
    with recorded("version.proceedings_ended", by=world.person("alpha_signatory")):
        signing.end_proceedings(by=world.person("alpha_signatory"), signoff=signoff)
    with refused("no embargo until proceedings end"):
        signing.end_proceedings(by=world.person("alpha_signatory"), signoff=signoff)
    world.release(version, "policing")
    assert fresh(version).readers


def test_a_release_past_the_services_makes_no_readers_under_an_embargo(world: World) -> None:
    held_back = replace(AGREE, until_proceedings_end=True)
    version = world.debrief_at(State.AGREED, answers={"alpha": held_back})
    group = world.group("policing")
    Release.objects.create(version=version, sharing_group=group, released_by=world.person("editor"))
    permissions.grant(permissions.READ, group.group, version)
    Version.objects.filter(pk=version.pk).update(state=State.RELEASED.value)
    assert fresh(version).readers == []


# --- A second editor ------------------------------------------------------------------------------


def _wide(world: World) -> Version:
    return world.debrief_at(State.AGREED, facts=world.facts(reach=Tier.PARTNERS))


def test_beyond_policing_a_second_editor_confirms(world: World) -> None:
    version, partners = _wide(world), world.group("partners")
    first, second = world.person("editor"), world.person("second_editor")
    with refused("Propose it, and a second editor confirms it"):
        releasing.release(by=first, version=version, sharing_group=partners)
    with recorded("version.proposed", by=first):
        proposal = releasing.propose(by=first, version=version, sharing_group=partners)
    assert releasing.propose(by=second, version=version, sharing_group=partners) == proposal
    with refused("You proposed this yourself"):
        releasing.release(by=first, version=version, sharing_group=partners)
    made = releasing.release(by=second, version=version, sharing_group=partners)
    assert (made.proposed_by, made.released_by) == (first, second)
    proposal.refresh_from_db()
    assert proposal.closed_at


def test_a_proposal_that_was_turned_down_confirms_nothing(world: World) -> None:
    version, partners = _wide(world), world.group("partners")
    first, second = world.person("editor"), world.person("second_editor")
    proposal = releasing.propose(by=first, version=version, sharing_group=partners)
    with recorded("version.proposal_closed", by=second):
        releasing.close_proposal(by=second, proposal=proposal)
    with refused("Propose it"):
        releasing.release(by=second, version=version, sharing_group=partners)


def test_a_proposal_of_someone_who_is_no_editor_any_more_confirms_nothing(world: World) -> None:
    version, partners = _wide(world), world.group("partners")
    first, second = world.person("editor"), world.person("second_editor")
    proposal = releasing.propose(by=first, version=version, sharing_group=partners)
    world.dismiss("editor")
    with refused("Whoever proposed this is no editor any more"):
        releasing.release(by=second, version=version, sharing_group=partners)
    releasing.close_proposal(by=second, proposal=proposal)
    assert releasing.propose(by=second, version=version, sharing_group=partners) != proposal


def test_what_may_not_be_shared_is_not_proposed(world: World) -> None:
    version, editor = _wide(world), world.person("editor")
    public, policing = world.group("public"), world.group("policing")
    with refused("which is wider"):
        releasing.propose(by=editor, version=version, sharing_group=public)
    with refused("within policing: share it yourself"):
        releasing.propose(by=editor, version=version, sharing_group=policing)


def test_the_database_refuses_a_lone_release_beyond_policing(world: World) -> None:
    version, editor = _wide(world), world.person("editor")
    for proposed_by, words in ((None, "a second editor confirms"), (editor, "a_second_editor")):
        with pytest.raises(IntegrityError, match=words), transaction.atomic():
            Release.objects.create(
                version=version,
                sharing_group=world.group("partners"),
                released_by=editor,
                proposed_by=proposed_by,
            )


# --- Discard, take back, remarks, reviews --------------------------------------------------------


def test_a_discarded_draft_is_brought_back_as_it_was(world: World) -> None:
    version, author = world.draft(), world.person("author")
    before = list(version.parts.values())
    with recorded("version.discarded", by=author):
        writing.discard(by=author, version=version)
    with recorded("version.restored", by=author):
        writing.restore(by=author, version=version)
    assert (fresh(version).state, fresh(version).discarded_at) == (State.DRAFTING, None)
    assert list(version.parts.values()) == before


def test_a_discarded_draft_is_not_brought_back_beside_another(world: World) -> None:
    released, author = world.debrief_at(State.RELEASED), world.person("author")
    first = writing.discard(by=author, version=writing.reopen(by=author, version=released))
    writing.reopen(by=author, version=released)
    with refused("A next version is open already"):
        writing.restore(by=author, version=first)


def test_what_was_discarded_long_ago_is_deleted_and_nothing_else(world: World) -> None:
    author = world.person("author")
    alone, recent = world.debrief_at(State.DISCARDED), world.debrief_at(State.DISCARDED)
    released = world.debrief_at(State.RELEASED)
    second = writing.discard(by=author, version=writing.reopen(by=author, version=released))
    long_ago = timezone.now() - writing.KEPT_DISCARDED - timedelta(minutes=1)
    Version.objects.filter(pk__in=[alone.pk, second.pk]).update(discarded_at=long_ago)
    assert writing.purge_discarded() == 2
    assert not Debrief.objects.filter(pk=alone.debrief_id).exists()
    assert Version.objects.filter(pk__in=[recent.pk, released.pk]).count() == 2
    assert writing.purge_discarded() == 0


def test_a_submission_is_taken_back(world: World) -> None:
    version, author = world.debrief_at(State.CHECKING, checked=True), world.person("author")
    with recorded("version.taken_back", by=author):
        checking.take_back(by=author, version=version)
    assert (fresh(version).state, fresh(version).checked_at) == (State.DRAFTING, None)


def test_a_version_with_an_open_remark_is_not_passed(world: World) -> None:
    version, reader = world.debrief_at(State.CHECKING), world.person("second_author")
    part = version.parts.earliest("position")
    made = remarks.remark(by=reader, version=version, words="Which town?", part=part.identity)
    with refused("A remark is still open"):
        checking.check(by=reader, version=version, revision=version.revision)
    remarks.resolve(by=world.person("author"), remark=made)
    assert checking.check(by=reader, version=version, revision=version.revision).checked_by


def test_what_a_force_remarked_is_answered_before_the_next_round(world: World) -> None:
    version, author = world.debrief_at(State.WITH_FORCES), world.person("author")
    signoff = version.signoffs.get(organisation__key="alpha")
    made = remarks.remark_for_force(
        by=world.person("alpha_signatory"), signoff=signoff, words="Leave the town out."
    )
    world.decide(version, "alpha", CHANGES)
    with refused("so what it remarked stands"):
        remarks.remove(by=world.person("alpha_signatory"), remark=made)
    following = writing.reopen(by=author, version=version)
    assert list(remarks.of_the_last_round(following)) == [made]
    with refused("answer the remark of a force"):
        checking.submit(by=author, version=following, revision=1)
    with refused("Say what was done about it"):
        remarks.resolve(by=author, remark=made)
    remarks.resolve(by=author, remark=made, answer="The town is gone.")
    with refused("resolved already"):
        remarks.resolve(by=author, remark=made, answer="Again.")
    assert checking.submit(by=author, version=following, revision=1).state == State.CHECKING


def test_a_remark_is_taken_out_by_whoever_made_it(world: World) -> None:
    version = world.debrief_at(State.CHECKING)
    made = remarks.remark(by=world.person("editor"), version=version, words="Which town?")
    with refused("Only whoever made a remark"):
        remarks.remove(by=world.person("author"), remark=made)
    with recorded("version.remark_removed", by=world.person("editor")):
        remarks.remove(by=world.person("editor"), remark=made)
    assert not version.remarks.exists()


def test_a_remark_says_something_about_something_that_is_there(world: World) -> None:
    version, editor = world.debrief_at(State.CHECKING), world.person("editor")
    with refused("Write the remark"):
        remarks.remark(by=editor, version=version, words=" ")
    with refused("no longer there"):
        remarks.remark(by=editor, version=version, words="Why?", part=uuid4())


def test_a_remark_keeps_its_words_in_the_database(world: World) -> None:
    version = world.debrief_at(State.CHECKING)
    remarks.remark(by=world.person("editor"), version=version, words="Which town?")
    with pytest.raises(IntegrityError, match="a remark keeps its words"), transaction.atomic():
        version.remarks.update(words="Which city?")


def test_a_year_after_release_the_owner_is_asked_and_answers_once(world: World) -> None:
    version, author = world.debrief_at(State.RELEASED), world.person("author")
    asked = version.debrief.reviews.get()
    today = timezone.localdate()
    assert asked.due_on == today + reviewing.USUALLY
    with refused("Choose whether"):
        reviewing.review(by=author, version=version, outcome="perhaps")
    with refused("Say what no longer holds"):
        reviewing.review(by=author, version=version, outcome="revise")
    with refused("Choose a day after today"):
        reviewing.review(by=author, version=version, outcome="holds", again_on=today)
    with recorded("version.reviewed", by=author):
        done = reviewing.review(
            by=author, version=version, outcome="holds", again_on=today + timedelta(days=90)
        )
    assert (done.pk, done.done_by) == (asked.pk, author)
    assert version.debrief.reviews.get(outcome="").due_on == today + timedelta(days=90)
    with pytest.raises(IntegrityError, match="appended only"), transaction.atomic():
        version.debrief.reviews.filter(pk=asked.pk).update(note="Other words")


def test_the_saves_of_a_draft_are_gone_once_it_is_sealed(world: World) -> None:
    version = world.draft()
    assert [save.what for save in version.saves.order_by("revision")] == ["facts", "added", "added"]
    world.sent(version)
    assert not version.saves.exists()
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        saves.keep(fresh(version), by=world.person("author"), what=Save.What.FACTS)


def test_automatic_saves_of_one_part_by_one_person_are_one(world: World) -> None:
    version, author = world.draft(), world.person("author")
    part = version.parts.earliest("position")
    for number, words in enumerate(("One", "Two", "Three")):
        writing.edit_part(
            by=author,
            part=part,
            revision=version.revision + number,
            words=world.section(markdown=words),
            automatic=True,
        )
    kept = version.saves.filter(automatic=True).get()
    assert kept.revision == fresh(version).revision
    assert kept.content["parts"][0]["markdown"] == "Three"
    writing.edit_part(
        by=world.person("editor"),
        part=part,
        revision=fresh(version).revision,
        words=world.section(markdown="Four"),
        automatic=True,
    )
    assert version.saves.filter(automatic=True).count() == 2


def test_the_day_by_which_forces_decide_is_after_today(world: World) -> None:
    version = world.submitted(world.draft())
    today = timezone.localdate()
    with refused("Choose a day after today"):
        signing.send(by=world.person("editor"), version=version, due_on=today)
    sent = signing.send(by=world.person("editor"), version=version)
    assert sent.due_on == today + signing.ROUND
