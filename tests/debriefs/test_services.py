"""Does each service do what it says, record it, and refuse the rest without a trace?

In which states a service works at all is asked in `test_workflow.py`; who reads what afterwards,
more thoroughly, in `test_permissions.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from debriefs import permissions
from debriefs.exceptions import Conflict, Moved
from debriefs.models import (
    Debrief,
    Part,
    Release,
    SignOff,
    Version,
    VersionGroupObjectPermission,
)
from debriefs.models.vocabulary import Heading, ParticipationPart
from debriefs.services import checking, reading, releasing, signing, writing
from debriefs.services.content import FACT_COLUMNS, FACT_LISTS, Facts, TakingPart
from debriefs.services.seal import digest_of
from debriefs.services.signing import Answer
from debriefs.workflow import State
from portal import audit, services
from portal.models import AuditEvent, Belonging, Role, Tier, User
from tests.claims import everything, recorded, refused
from tests.world import AGREE, CHANGES, World, fresh


@contextmanager
def nothing_happened() -> Iterator[None]:
    """What happens inside changes nothing and is not recorded."""
    before = everything()
    yield
    assert everything() == before


# --- Start and edit ------------------------------------------------------------------------------


def test_starting_makes_a_debrief_with_a_first_draft(world: World) -> None:
    author, facts = world.person("author"), world.facts()
    with recorded("version.started", by=author):
        version = writing.start(
            by=author, owner=world.organisation("team"), operation="Lantern", facts=facts
        )

    version = fresh(version)
    assert (version.state, version.number, version.revision) == (State.DRAFTING, 1, 1)
    assert (version.started_by, list(version.contributors.all())) == (author, [author])
    assert re.fullmatch(r"OD-[0-9A-HJKMNP-TV-Z]{6}", version.debrief.reference)
    assert (version.debrief.slug, str(version.debrief)) == ("lantern", "Operation Lantern")
    for name in FACT_COLUMNS:
        assert getattr(version, name) == getattr(facts, name), name
    for name in FACT_LISTS:
        assert list(getattr(version, name).all()) == list(getattr(facts, name)), name
    assert {
        (each.organisation, each.part, each.signs) for each in version.participations.all()
    } == {(each.organisation, each.part, each.signs) for each in facts.taking_part}


def test_a_second_debrief_of_the_same_operation_is_refused_within_a_team(world: World) -> None:
    world.draft(operation="Lantern")
    with refused("Add a year or a place to the name"):
        world.draft(operation="LANTERN ")
    with refused("Give the operation's name in letters"):
        world.draft(operation="!!!")


def test_that_another_team_has_a_debrief_of_the_operation_is_not_told(world: World) -> None:
    first = world.draft(operation="Lantern")
    second = writing.start(
        by=world.person("other_author"),
        owner=world.organisation("other_team"),
        operation="Lantern",
        facts=world.facts(),
    )
    assert second.debrief.slug != first.debrief.slug
    assert second.debrief.operation == "Lantern"


def test_editing_writes_every_fact_and_raises_the_revision(world: World) -> None:
    version, second = world.draft(), world.person("second_author")
    facts = replace(world.facts(lead="charlie", supporting=[]), title="New", themes=[], charged=9)
    with recorded("version.edited", by=second):
        revision = writing.edit_facts(
            by=second, version=version, revision=version.revision, facts=facts
        )
    changed = fresh(version)
    assert changed.revision == revision == version.revision + 1
    assert (changed.title, changed.charged, list(changed.themes.all())) == ("New", 9, [])
    assert [each.organisation.key for each in changed.participations.all()] == ["charlie"]
    assert set(changed.contributors.all()) == {world.person("author"), second}


def _bad_facts(world: World) -> dict[str, Any]:
    alpha, bravo, team = (world.organisation(key) for key in ("alpha", "bravo", "team"))
    return {
        "facts that travel too far": {"reach": Tier.POLICING, "facts_reach": Tier.PARTNERS},
        "a reach that is none": {"reach": 7},
        "an operation that ends before it began": {"operation_until": date(2000, 1, 1)},
        "more convicted than charged": {"charged": 1, "convicted": 2},
        "a script for a talk": {"talk_url": "javascript:alert(1)"},
        "a title that is too long": {"title": "x" * 200},
        "a marking that is none": {"marking": "SECRET"},
        "the team as a participant": {"taking_part": [TakingPart(team, ParticipationPart.LEAD)]},
        "a force that does not sign": {
            "taking_part": [
                TakingPart(alpha, ParticipationPart.LEAD),
                TakingPart(bravo, ParticipationPart.PARTNER, signs=False),
            ]
        },
        "two leads": {
            "taking_part": [
                TakingPart(alpha, ParticipationPart.LEAD),
                TakingPart(bravo, ParticipationPart.LEAD),
            ]
        },
        "a force twice": {
            "taking_part": [
                TakingPart(alpha, ParticipationPart.LEAD),
                TakingPart(alpha, ParticipationPart.SUPPORTING),
            ]
        },
    }


def test_facts_that_contradict_themselves_are_refused(
    world: World, subtests: pytest.Subtests
) -> None:
    version, author = world.draft(), world.person("author")
    for name, change in _bad_facts(world).items():
        with subtests.test(name), refused("."):
            writing.edit_facts(by=author, version=version, revision=3, facts=world.facts(**change))


def test_what_somebody_else_wrote_since_is_a_conflict_in_every_service_of_writing(
    world: World,
) -> None:
    version, author = world.draft(), world.person("author")
    other, stale = world.person("second_author"), version.revision
    first, second = version.parts.order_by("position")
    writing.edit_facts(by=other, version=version, revision=stale, facts=world.facts())
    writing.edit_part(by=other, part=first, revision=stale, words=world.section())
    writing.add_part(by=other, version=version, words=world.lesson(title="Third"))
    attempts: list[Callable[[], Any]] = [
        lambda: writing.edit_facts(by=author, version=version, revision=stale, facts=world.facts()),
        lambda: writing.edit_part(by=author, part=first, revision=stale, words=world.section()),
        lambda: writing.remove_part(by=author, part=first, revision=stale),
        lambda: writing.order_parts(
            by=author, version=version, revision=stale, order=[second.pk, first.pk]
        ),
        lambda: checking.submit(by=author, version=version, revision=stale),
    ]
    for attempt in attempts:
        with refused("Compare the two texts", Conflict):
            attempt()
    with pytest.raises(Conflict) as conflict:
        attempts[0]()
    assert conflict.value.current == fresh(version).revision


def test_two_people_may_write_different_things_at_once(world: World) -> None:
    version, author, other = world.draft(), world.person("author"), world.person("second_author")
    seen = version.revision
    first, second = version.parts.order_by("position")
    writing.edit_part(by=other, part=first, revision=seen, words=world.section(markdown="Theirs"))
    writing.edit_part(by=author, part=second, revision=seen, words=world.lesson(title="Mine"))
    writing.edit_facts(by=other, version=version, revision=seen, facts=world.facts(title="Ours"))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.markdown, second.title, fresh(version).title) == ("Theirs", "Mine", "Ours")


def test_a_part_that_was_taken_out_meanwhile_is_a_conflict(world: World) -> None:
    version, author = world.draft(), world.person("author")
    part = version.parts.earliest("position")
    writing.remove_part(by=world.person("second_author"), part=part, revision=version.revision)
    with refused("Compare the two texts", Conflict):
        writing.edit_part(
            by=author, part=part, revision=version.revision, words=world.section(markdown="Mine")
        )


def test_what_moved_is_neither_checked_nor_sent_back(world: World) -> None:
    version, editor = world.debrief_at(State.CHECKING), world.person("editor")
    with refused("Compare the two texts", Conflict):
        checking.check(by=editor, version=version, revision=version.revision - 1)
    with refused("Compare the two texts", Conflict):
        checking.send_back(
            by=editor, version=version, revision=version.revision - 1, reason="The dates."
        )


def test_parts_are_added_edited_ordered_and_removed(world: World) -> None:
    version, author = world.draft(parts=[world.section()]), world.person("author")
    (section,) = version.parts.all()
    with recorded("version.edited", by=author):
        lesson = writing.add_part(by=author, version=version, words=world.lesson(title="First"))
    assert (lesson.position, lesson.observed_html[:3], lesson.theme) == (
        2,
        "<p>",
        world.lesson().theme,
    )
    with recorded("version.edited", by=author):
        edited = writing.edit_part(
            by=author, part=lesson, revision=3, words=world.lesson(title="Second")
        )
    assert (edited.pk, edited.identity, edited.title) == (lesson.pk, lesson.identity, "Second")
    with recorded("version.edited", by=author):
        writing.order_parts(by=author, version=version, revision=4, order=[lesson.pk, section.pk])
    assert [part.pk for part in version.parts.all()] == [lesson.pk, section.pk]
    with recorded("version.edited", by=author):
        assert writing.remove_part(by=author, part=section, revision=5) == 6
    assert [part.pk for part in version.parts.all()] == [lesson.pk]


def test_words_are_kept_tidy_and_shown_clean(world: World) -> None:
    words = world.section(markdown="One\r\n\x00<script>alert(1)</script> *two*  ")
    version = world.draft(parts=[words])
    part = version.parts.get()
    assert part.markdown == "One\n<script>alert(1)</script> *two*"
    assert "<script" not in part.html
    assert "<em>two</em>" in part.html
    assert "two" in part.text
    assert "<" not in part.text


def test_parts_that_do_not_fit_are_refused(world: World) -> None:
    version, author = world.draft(), world.person("author")
    section, lesson = version.parts.order_by("position")
    with refused("A part cannot travel further than its version"):
        writing.add_part(by=author, version=version, words=world.lesson(Tier.PARTNERS))
    with refused("A section cannot become a lesson"):
        writing.edit_part(by=author, part=section, revision=3, words=world.lesson())
    with refused("There is a section under this heading already"):
        writing.add_part(by=author, version=version, words=world.section())
    with refused("A section has a text; a lesson has a theme and texts"):
        writing.edit_part(by=author, part=lesson, revision=3, words=world.lesson(markdown="A text"))
    for order in ([section.pk], [section.pk, section.pk], [section.pk, lesson.pk, lesson.pk + 1]):
        with refused("The order has to name each part once"):
            writing.order_parts(by=author, version=version, revision=3, order=order)
    with refused("characters"):
        writing.add_part(
            by=author,
            version=version,
            words=world.section(heading=Heading.TRIAL, markdown="a" * 50_000),
        )


# --- Submit, send back, check --------------------------------------------------------------------


def test_submitting_asks_for_a_second_reader(world: World) -> None:
    version, author = world.draft(), world.person("author")
    with recorded("version.submitted", by=author):
        checking.submit(by=author, version=version, revision=version.revision)
    assert (fresh(version).state, fresh(version).checked_at) == (State.CHECKING, None)


def test_an_incomplete_draft_is_not_submitted_and_is_told_what_is_missing(world: World) -> None:
    facts = world.facts(summary="", taking_part=[])
    version = world.draft(facts=facts, parts=[world.lesson(observed="", title="Half")])
    with refused("Before the draft can be checked"):
        checking.submit(by=world.person("author"), version=version, revision=version.revision)
    assert set(checking.missing_from(version)) == {
        "write the summary",
        "name the lead force",
        "name at least one force that signs",
        "write at least one section",
        "complete the lesson “Half”",
    }
    author, narrow = world.person("author"), world.draft(parts=[world.section(markdown="")])
    writing.edit_facts(
        by=author,
        version=narrow,
        revision=narrow.revision,
        facts=world.facts(reach=Tier.PARTICIPANTS, facts_reach=Tier.PARTICIPANTS),
    )
    assert set(checking.missing_from(fresh(narrow))) == {
        "lower the reach of “Overview”",
        "write or remove the section “Overview”",
    }


def test_the_second_reader_sends_back_with_a_reason(world: World) -> None:
    version, editor = world.debrief_at(State.CHECKING, checked=True), world.person("second_author")
    for reason in ("", "  ", "\x00", "\u202e"):
        with refused("Say what has to change"):
            checking.send_back(by=editor, version=version, revision=version.revision, reason=reason)
    with recorded("version.sent_back", by=editor):
        checking.send_back(
            by=editor, version=version, revision=version.revision, reason=" The dates. "
        )
    back = fresh(version)
    assert (back.state, back.checked_at, back.checked_by) == (State.DRAFTING, None, None)
    assert back.sent_back_for == "The dates."
    assert "The dates" not in str(AuditEvent.objects.latest("pk").detail)


def test_checking_is_recorded_with_who_checked(world: World) -> None:
    version, editor = world.debrief_at(State.CHECKING), world.person("editor")
    with recorded("version.checked", by=editor):
        checking.check(by=editor, version=version, revision=version.revision)
    assert fresh(version).checked_by == editor
    assert fresh(version).state == State.CHECKING


def test_nobody_checks_what_they_wrote(world: World) -> None:
    version, editor = world.draft(), world.person("editor")
    part = version.parts.order_by("position")[0]
    writing.edit_part(by=editor, part=part, revision=version.revision, words=world.section())
    submitted = world.submitted(version, checked=False)
    for key in ("author", "editor"):
        with refused("You wrote part of this version. Someone else of the project team"):
            checking.check(by=world.person(key), version=submitted, revision=submitted.revision)
        with refused("You wrote part of this version"):
            checking.send_back(
                by=world.person(key),
                version=submitted,
                revision=submitted.revision,
                reason="The dates.",
            )
    second = world.person("second_author")
    checking.check(by=second, version=submitted, revision=submitted.revision)


def test_nobody_checks_what_they_wrote_before_it_was_copied(world: World) -> None:
    version = world.debrief_at(State.RETURNED)
    copy = writing.reopen(by=world.person("second_author"), version=version)
    submitted = world.submitted(copy, checked=False)
    assert set(copy.contributors.all()) == {world.person("author"), world.person("second_author")}
    for key in ("author", "second_author"):
        with refused("You wrote part of this version"):
            checking.check(by=world.person(key), version=submitted, revision=submitted.revision)
    editor = world.person("editor")
    checking.check(by=editor, version=submitted, revision=submitted.revision)


# --- Send ----------------------------------------------------------------------------------------


def test_sending_seals_and_asks_every_force_that_signs(world: World) -> None:
    draft = world.draft(facts=world.facts(supporting=["bravo", "charlie"], partners=["harbour"]))
    version, editor = world.submitted(draft), world.person("editor")
    with recorded("version.sent", by=editor):
        signing.send(by=editor, version=version)

    sealed = fresh(version)
    assert (sealed.state, sealed.sealed_by, sealed.is_sealed) == (State.WITH_FORCES, editor, True)
    assert sealed.digest == digest_of(sealed)
    assert {each.organisation.key for each in sealed.signoffs.all()} == {
        "alpha",
        "bravo",
        "charlie",
    }
    assert not sealed.signoffs.exclude(decision="").exists()
    event = AuditEvent.objects.latest("pk")
    assert event.detail["digest"] == sealed.digest
    assert sorted(event.detail["to"]) == ["alpha", "bravo", "charlie"]


def test_an_unchecked_version_is_not_sent_and_an_author_sends_nothing(world: World) -> None:
    version = world.debrief_at(State.CHECKING)
    with refused("A second person of the project team has to check"):
        signing.send(by=world.person("editor"), version=version)
    checked = world.debrief_at(State.CHECKING, checked=True)
    with refused("You do not have the role"):
        signing.send(by=world.person("author"), version=checked)


def test_a_force_that_nobody_can_sign_for_is_not_forgotten(world: World) -> None:
    version = world.debrief_at(State.CHECKING, checked=True)
    for key in ("bravo_signatory", "both"):
        world.dismiss(key)
    with refused("Bravoshire Police has no signatory who could sign"):
        signing.send(by=world.person("editor"), version=version)
    world.hire("outsider", "bravo", Role.DEPUTY)
    User.objects.filter(pk=world.people["outsider"]).update(is_active=False)
    with refused("Bravoshire Police has no signatory"):
        signing.send(by=world.person("editor"), version=version)
    User.objects.filter(pk=world.people["outsider"]).update(is_active=True)
    signing.send(by=world.person("editor"), version=version)


def test_who_wrote_it_does_not_count_as_somebody_who_could_sign(world: World) -> None:
    world.dismiss("alpha_deputy")
    world.hire("alpha_signatory", "team", Role.AUTHOR)
    draft = world.draft()
    writing.edit_facts(
        by=world.person("alpha_signatory"),
        version=draft,
        revision=draft.revision,
        facts=world.facts(),
    )
    version = world.submitted(draft)
    with refused("Alphashire Police has no signatory who could sign"):
        signing.send(by=world.person("editor"), version=version)


def test_a_force_that_decided_before_is_not_left_out_of_the_next_round(world: World) -> None:
    version = world.debrief_at(State.RETURNED)
    copy = writing.reopen(by=world.person("author"), version=version)
    writing.edit_facts(
        by=world.person("author"),
        version=copy,
        revision=copy.revision,
        facts=world.facts(lead="bravo", supporting=[]),
    )
    submitted = world.submitted(copy)
    with refused("Alphashire Police decided on an earlier version, so it signs this one too"):
        signing.send(by=world.person("editor"), version=submitted)


def test_what_is_shown_otherwise_than_it_was_written_is_not_sent(world: World) -> None:
    version = world.debrief_at(State.CHECKING, checked=True)
    part = version.parts.order_by("position")[0]
    Part.objects.filter(pk=part.pk).update(html="<p>Something else</p>")
    with refused("is not shown as it was written"):
        signing.send(by=world.person("editor"), version=version)


# --- Decide --------------------------------------------------------------------------------------


def test_each_force_decides_and_the_last_agreement_makes_it_agreed(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    alpha, bravo = world.person("alpha_signatory"), world.person("bravo_signatory")
    with recorded("version.decided", by=alpha):
        decided = world.decide(version, "alpha", replace(AGREE, conditions=" After the trial. "))
    assert (decided.decided_by, decided.digest) == (alpha, version.digest)
    assert decided.conditions == "After the trial."
    assert fresh(version).state == State.WITH_FORCES
    with recorded("version.decided", "version.agreed", by=bravo):
        world.decide(version, "bravo")
    assert fresh(version).state == State.AGREED


@pytest.mark.parametrize("decision", [SignOff.Decided.CHANGES, SignOff.Decided.DECLINED])
def test_one_no_ends_the_round(world: World, decision: str) -> None:
    version = world.debrief_at(State.WITH_FORCES, answers={"bravo": AGREE})
    alpha = world.person("alpha_signatory")
    with recorded("version.decided", by=alpha):
        world.decide(version, "alpha", Answer(decision, remark="The wrong town."))
    assert fresh(version).state == State.RETURNED


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer("maybe"), "Choose what your force decides"),
        (Answer(""), "Choose what your force decides"),
        (Answer("agreed_up_to"), "Choose the widest audience"),
        (Answer("agreed", ceiling=Tier.POLICING), "Choose the widest audience"),
        (Answer("agreed_up_to", ceiling=9), "Choose the widest audience from the list"),
        (Answer("changes"), "Say what has to change"),
        (Answer("declined", remark="  "), "Say what has to change"),
        (Answer("declined", remark="\x00"), "Say what has to change"),
        (
            Answer("changes", remark="No.", embargo_until=date(2040, 1, 1)),
            "An embargo goes with agreement",
        ),
    ],
)
def test_an_answer_that_contradicts_itself_is_refused(
    world: World, answer: Answer, words: str
) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    with refused(words):
        world.decide(version, "alpha", answer)


def test_a_decision_on_words_that_moved_is_refused(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    for digest in ("0" * 64, "", version.digest.upper(), "naïve"):
        with refused("Read the version again, then decide", Moved):
            signing.decide(
                by=world.person("alpha_signatory"),
                signoff=version.signoffs.get(organisation__key="alpha"),
                digest=digest,
                answer=AGREE,
            )


def test_a_decision_is_refused_when_the_words_are_not_those_that_were_sealed(
    world: World,
) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    with (
        mock.patch.object(signing, "digest_of", return_value="f" * 64),
        refused("Read the version again", Moved),
    ):
        world.decide(version, "alpha")


def test_of_two_signatories_of_one_force_the_second_is_told(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES, answers={"alpha": AGREE})
    with refused("Your force has already decided on this version"):
        signing.decide(
            by=world.person("alpha_deputy"),
            signoff=version.signoffs.get(organisation__key="alpha"),
            digest=version.digest,
            answer=CHANGES,
        )
    decided = version.signoffs.get(organisation__key="alpha")
    assert decided.decided_by == world.person("alpha_signatory")


@pytest.mark.parametrize(
    "key",
    [
        "bravo_signatory",
        "charlie_signatory",
        "alpha_officer",
        "coordinator",
        "author",
        "editor",
        "administrator",
        "superuser",
        "inactive",
    ],
)
def test_nobody_decides_for_a_force_that_is_not_theirs_to_sign_for(world: World, key: str) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    with refused("You do not have the role"):
        signing.decide(
            by=world.person(key),
            signoff=version.signoffs.get(organisation__key="alpha"),
            digest=version.digest,
            answer=AGREE,
        )


def test_nobody_signs_what_they_wrote_not_even_in_a_copy(world: World) -> None:
    world.hire("alpha_deputy", "team", Role.AUTHOR)
    draft = world.draft()
    writing.edit_facts(
        by=world.person("alpha_deputy"),
        version=draft,
        revision=draft.revision,
        facts=world.facts(),
    )
    version = world.sent(draft)

    def sign(version: Version) -> SignOff:
        return signing.decide(
            by=world.person("alpha_deputy"),
            signoff=version.signoffs.get(organisation__key="alpha"),
            digest=fresh(version).digest,
            answer=AGREE,
        )

    with refused("You wrote part of this version. Someone else has to sign for your force"):
        sign(version)
    world.decide(version, "bravo", CHANGES)
    copy = world.sent(writing.reopen(by=world.person("author"), version=fresh(version)))
    with refused("You wrote part of this version. Someone else has to sign"):
        sign(copy)
    world.decide(copy, "alpha")


def test_who_opens_the_next_version_is_behind_its_words(world: World) -> None:
    world.hire("alpha_deputy", "team", Role.AUTHOR)
    returned = world.debrief_at(State.RETURNED)
    copy = world.sent(writing.reopen(by=world.person("alpha_deputy"), version=returned))
    with refused("You wrote part of this version"):
        signing.decide(
            by=world.person("alpha_deputy"),
            signoff=copy.signoffs.get(organisation__key="alpha"),
            digest=fresh(copy).digest,
            answer=AGREE,
        )


def test_the_lowest_ceiling_and_the_latest_embargo_bind(world: World) -> None:
    today = timezone.localdate()
    version = world.debrief_at(
        State.AGREED,
        facts=world.facts(supporting=["bravo", "charlie"], reach=Tier.PUBLIC),
        answers={
            "alpha": Answer("agreed_up_to", ceiling=Tier.PARTNERS, embargo_until=today),
            "bravo": Answer(
                "agreed_up_to", ceiling=Tier.POLICING, embargo_until=today + timedelta(days=3)
            ),
            "charlie": AGREE,
        },
    )
    assert (version.ceiling, version.embargo_until) == (Tier.POLICING, today + timedelta(days=3))


# --- Reopen --------------------------------------------------------------------------------------


def test_the_next_version_is_a_copy_with_the_same_parts_and_people(world: World) -> None:
    facts = world.facts(partners=["harbour"])
    version, author = world.debrief_at(State.RETURNED, facts=facts), world.person("author")
    before = (version.digest, list(version.parts.values()))
    with recorded("version.reopened", by=author):
        copy = writing.reopen(by=author, version=version)

    copy = fresh(copy)
    assert (copy.number, copy.state, copy.copied_from) == (2, State.DRAFTING, version)
    assert (copy.sealed_at, copy.digest, copy.checked_at) == (None, "", None)
    for name in FACT_COLUMNS:
        assert getattr(copy, name) == getattr(version, name), name
    for name in FACT_LISTS:
        assert set(getattr(copy, name).all()) == set(getattr(version, name).all()), name
    for mine, theirs in zip(copy.parts.all(), version.parts.all(), strict=True):
        for field in Part._meta.concrete_fields:
            if field.name not in ("id", "version", "readers", "written_in"):
                assert getattr(mine, field.name) == getattr(theirs, field.name), field.name
    assert {(e.organisation, e.part, e.signs) for e in copy.participations.all()} == {
        (e.organisation, e.part, e.signs) for e in version.participations.all()
    }
    assert set(copy.contributors.all()) == set(version.contributors.all())
    assert not copy.signoffs.exists()
    assert (fresh(version).digest, list(version.parts.values())) == before


def test_a_released_version_stays_up_while_the_next_one_is_signed(world: World) -> None:
    version = world.debrief_at(State.RELEASED)
    reader = "charlie_officer"
    copy = writing.reopen(by=world.person("author"), version=version)
    world.sent(copy)
    world.agreed(copy)
    assert Version.objects.visible_to(world.person(reader)).get() == version
    world.release(copy, "policing")
    assert Version.objects.visible_to(world.person(reader)).get() == copy


def test_decisions_of_a_round_that_was_reopened_do_not_carry_over(world: World) -> None:
    version = world.debrief_at(State.AGREED)
    copy = writing.reopen(by=world.person("author"), version=version)
    world.sent(copy)
    assert not copy.signoffs.exclude(decision="").exists()
    with refused("Only a version that every signing force agreed to can be shared"):
        world.release(copy, "policing")


# --- Release -------------------------------------------------------------------------------------


def test_releasing_shares_with_the_group_and_records_the_digest(world: World) -> None:
    version, editor = world.debrief_at(State.AGREED), world.person("editor")
    assert not Version.objects.visible_to(world.person("charlie_officer")).exists()
    with recorded("version.released", by=editor):
        release = world.release(version, "policing")
    assert (release.released_by, fresh(version).state) == (editor, State.RELEASED)
    assert Version.objects.visible_to(world.person("charlie_officer")).get() == version
    assert not Version.objects.visible_to(world.person("partner_officer")).exists()
    event = AuditEvent.objects.latest("pk")
    assert (event.detail["digest"], event.detail["group"]) == (version.digest, "policing")
    with nothing_happened():
        assert world.release(version, "policing") == release


@pytest.mark.parametrize(
    ("facts", "answers", "group", "words"),
    [
        ({}, {}, "partners", "which is wider"),
        ({}, {}, "public", "which is wider"),
        (
            {"reach": Tier.PUBLIC},
            {"bravo": Answer("agreed_up_to", ceiling=Tier.POLICING)},
            "partners",
            "The forces agreed to share this as far as “Policing”",
        ),
        (
            {"reach": Tier.PUBLIC},
            {"bravo": Answer("agreed_up_to", ceiling=Tier.PARTICIPANTS)},
            "policing",
            "The forces agreed to share this as far as “Participating forces”",
        ),
        ({"lead": "charlie"}, {}, "participants", "did not take part in the operation"),
    ],
)
def test_what_the_signatures_do_not_cover_is_not_released(
    world: World, facts: dict[str, Any], answers: dict[str, Answer], group: str, words: str
) -> None:
    version = world.debrief_at(State.AGREED, facts=world.facts(**facts), answers=answers)
    with refused(words):
        world.release(version, group)


def test_nothing_is_released_before_the_embargo_ends(world: World) -> None:
    today = timezone.localdate()
    later = replace(AGREE, embargo_until=today + timedelta(days=1))
    version = world.debrief_at(State.AGREED, answers={"alpha": later})
    with refused("Under embargo until"):
        world.release(version, "policing")
    over = world.debrief_at(State.AGREED, answers={"alpha": replace(AGREE, embargo_until=today)})
    world.release(over, "policing")
    assert fresh(over).readers


def test_a_group_of_participating_forces_holds_those_and_nobody_else(world: World) -> None:
    version = world.debrief_at(State.RELEASED, groups=["participants"])
    assert Version.objects.visible_to(world.person("alpha_officer")).get() == version
    services.join(
        by=world.administrator,
        sharing_group=world.group("participants"),
        organisation=world.organisation("charlie"),
    )
    for key in ("alpha_officer", "charlie_officer"):
        assert not Version.objects.visible_to(world.person(key)).exists()
    stranger = Belonging.objects.get(sharing_group__key="participants", organisation__key="charlie")
    services.leave(by=world.administrator, belonging=stranger)
    assert Version.objects.visible_to(world.person("alpha_officer")).get() == version


def test_one_person_who_is_no_organisation_is_a_stranger_too(world: World) -> None:
    services.join(
        by=world.administrator,
        sharing_group=world.group("participants"),
        user=world.person("guest"),
    )
    version = world.debrief_at(State.AGREED)
    with refused("did not take part in the operation"):
        world.release(version, "participants")


@pytest.mark.parametrize("key", ["author", "alpha_signatory", "administrator", "superuser"])
def test_only_an_editor_shares_and_takes_back(world: World, key: str) -> None:
    agreed, released = world.debrief_at(State.AGREED), world.debrief_at(State.RELEASED)
    with refused("You do not have the role"):
        world.release(agreed, "policing", by=key)
    with refused("You do not have the role"):
        releasing.withdraw_release(
            by=world.person(key), release=released.releases.get(), reason="A trial."
        )


def test_words_that_are_not_those_that_were_signed_are_not_released(world: World) -> None:
    version = world.debrief_at(State.AGREED)
    with (
        mock.patch.object(releasing, "digest_of", return_value="f" * 64),
        refused("The words are not those that were signed"),
    ):
        world.release(version, "policing")


def test_the_next_version_takes_the_place_of_the_one_before_in_one_transaction(
    world: World,
) -> None:
    first, editor = world.debrief_at(State.RELEASED, groups=["policing", "circle"]), "editor"
    second = writing.reopen(by=world.person("author"), version=first)
    world.sent(second)
    world.agreed(second)
    before = everything()
    genuine = audit.record

    def fail_at_the_end(verb: str, **details: Any) -> AuditEvent:
        if verb == "version.released":
            raise ZeroDivisionError
        return genuine(verb, **details)

    with (
        mock.patch.object(audit, "record", fail_at_the_end),
        pytest.raises(ZeroDivisionError),
    ):
        world.release(second, "policing")
    assert everything() == before

    with recorded("version.superseded", "version.released", by=world.person(editor)):
        world.release(second, "policing")
    assert (fresh(first).state, fresh(second).state) == (State.SUPERSEDED, State.RELEASED)
    assert fresh(first).readers == []
    assert Version.objects.visible_to(world.person("charlie_officer")).get() == second
    assert not Version.objects.visible_to(world.person("guest")).exists()
    assert not VersionGroupObjectPermission.objects.filter(
        content_object=first, permission__codename="read_version"
    ).exists()


# --- Withdraw ------------------------------------------------------------------------------------


def test_a_release_is_taken_back_from_one_group_with_a_reason(world: World) -> None:
    version = world.debrief_at(State.RELEASED, groups=["policing", "circle"])
    release, editor = version.releases.get(sharing_group__key="policing"), world.person("editor")
    for reason in ("", "   ", "\x00", "\u202e"):
        with refused("Give the reason"):
            releasing.withdraw_release(by=editor, release=release, reason=reason)
    with recorded("version.release_withdrawn", by=editor):
        releasing.withdraw_release(by=editor, release=release, reason=" A trial. ")

    assert not Version.objects.visible_to(world.person("charlie_officer")).exists()
    assert Version.objects.visible_to(world.person("guest")).get() == version
    gone = reading.gone(world.person("charlie_officer"), version.debrief.slug)
    assert gone is not None
    assert gone.reason == "A trial."
    assert reading.gone(world.person("outsider"), version.debrief.slug) is None
    with nothing_happened():
        releasing.withdraw_release(by=editor, release=release, reason="Again.")
    world.release(version, "policing")
    assert Version.objects.visible_to(world.person("charlie_officer")).get() == version


def test_consent_is_withdrawn_at_once_and_everywhere(world: World) -> None:
    version = world.debrief_at(
        State.RELEASED,
        facts=world.facts(reach=Tier.PUBLIC),
        groups=["policing", "circle", "public"],
    )
    signatory = world.person("bravo_signatory")
    readers = ("charlie_officer", "guest", "alpha_officer", "outsider")
    assert all(Version.objects.visible_to(world.person(key)).exists() for key in readers)
    for reason in ("", "   ", "\x00", "\u202e"):
        with refused("Give the reason"):
            world.withdraw(version, "bravo", reason)
    with recorded("version.consent_withdrawn", by=signatory):
        world.withdraw(version, "bravo", " A trial is pending. ")

    assert fresh(version).state == State.WITHDRAWN
    assert fresh(version).readers == []
    for key in readers:
        assert not Version.objects.visible_to(world.person(key)).exists()
        assert not Part.objects.visible_to(world.person(key)).exists()
        gone = reading.gone(world.person(key), version.debrief.slug)
        assert gone is not None
        assert gone.reason == "A trial is pending."
    assert not Version.objects.visible_to(AnonymousUser()).exists()
    assert not VersionGroupObjectPermission.objects.filter(
        content_object=version, permission__codename="read_version"
    ).exists()


def test_what_was_never_shared_with_somebody_is_not_gone_for_them(world: World) -> None:
    version = world.debrief_at(State.WITHDRAWN, groups=["circle"])
    assert reading.gone(world.person("guest"), version.debrief.slug)
    for key in ("charlie_officer", "outsider", "superuser", "administrator", "inactive"):
        assert reading.gone(world.person(key), version.debrief.slug) is None
    assert reading.gone(AnonymousUser(), version.debrief.slug) is None
    unshared = world.debrief_at(State.AGREED)
    world.withdraw(unshared, "alpha")
    assert reading.gone(world.person("charlie_officer"), unshared.debrief.slug) is None


def test_only_a_force_that_agreed_withdraws_its_own_consent_once(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES, answers={"alpha": AGREE})
    with refused("Only a force that has agreed can withdraw its consent"):
        world.withdraw(version, "bravo")
    with refused("You do not have the role"):
        signing.withdraw_consent(
            by=world.person("bravo_signatory"),
            signoff=version.signoffs.get(organisation__key="alpha"),
            reason="A trial.",
        )
    world.withdraw(version, "alpha")
    with refused("Consent can be withdrawn from a version that is"):
        world.withdraw(version, "alpha")


def test_a_withdrawn_version_comes_back_only_through_new_signatures(world: World) -> None:
    version = world.debrief_at(State.WITHDRAWN)
    with refused("Only a version that every signing force agreed to can be shared"):
        world.release(version, "policing")
    following = world.follow(version)
    assert following.signoffs.count() == 2
    assert Version.objects.visible_to(world.person("charlie_officer")).get() == following


# --- Revoking acts on the next request -----------------------------------------------------------


def _end_membership(world: World) -> None:
    world.dismiss("charlie_officer")


def _end_belonging(world: World) -> None:
    services.leave(
        by=world.administrator,
        belonging=Belonging.objects.get(sharing_group__key="policing", organisation__key="charlie"),
    )


def _raise_tier(world: World) -> None:
    services.change_tier(
        by=world.administrator, sharing_group=world.group("policing"), tier=Tier.PARTNERS
    )


def _deactivate(world: World) -> None:
    User.objects.filter(pk=world.people["charlie_officer"]).update(is_active=False)


def _take_back(world: World) -> None:
    releasing.withdraw_release(
        by=world.person("editor"), release=Release.objects.get(), reason="A trial."
    )


def _withdraw_consent(world: World) -> None:
    world.withdraw(Version.objects.get(), "alpha")


@pytest.mark.parametrize(
    "revoke",
    [_end_membership, _end_belonging, _raise_tier, _deactivate, _take_back, _withdraw_consent],
)
def test_revoking_acts_on_the_next_request(world: World, revoke: Callable[[World], None]) -> None:
    version = world.debrief_at(State.RELEASED)
    reader = world.person("charlie_officer")
    assert Version.objects.visible_to(reader).get() == version
    assert Version.objects.facts_visible_to(reader).get() == version
    assert Part.objects.visible_to(reader).count() == 2

    revoke(world)

    again = world.person("charlie_officer")
    assert not Version.objects.visible_to(again).exists()
    assert not Version.objects.facts_visible_to(again).exists()
    assert not Part.objects.visible_to(again).exists()
    assert not permissions.can_read.things(again).exists()
    assert again not in permissions.can_read.people(version)
    assert reading.find(again, version.debrief.slug) is None


def test_who_signs_or_writes_no_more_acts_no_more_even_in_the_same_request(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    signatory, author = world.person("alpha_signatory"), world.person("author")
    assert permissions.can_decide.things(signatory).exists()
    assert permissions.can_read.things(author).exists()
    world.dismiss("alpha_signatory")
    world.dismiss("author")
    with refused("You do not have the role"):
        signing.decide(
            by=signatory,
            signoff=version.signoffs.get(organisation__key="alpha"),
            digest=version.digest,
            answer=AGREE,
        )
    with refused("You do not have the role"):
        writing.reopen(by=author, version=version)


# --- Reading -------------------------------------------------------------------------------------


def test_opening_a_version_is_recorded_for_whoever_is_signed_in(world: World) -> None:
    version = world.debrief_at(
        State.RELEASED, facts=world.facts(reach=Tier.PUBLIC), groups=["policing", "public"]
    )
    with recorded("version.read", by=world.person("charlie_officer")):
        reading.open_version(world.person("charlie_officer"), version)
    with nothing_happened():
        reading.open_version(AnonymousUser(), version)


def test_what_is_missing_and_what_is_hidden_take_the_same_queries(
    world: World, django_assert_num_queries: Any
) -> None:
    version = world.debrief_at(State.RELEASED, groups=["circle"])
    for slug in (version.debrief.slug, "no-such-debrief"):
        visitor = world.person("outsider")
        with django_assert_num_queries(2):
            assert reading.find(visitor, slug) is None
    for slug in (version.debrief.slug, "no-such-debrief"):
        visitor = world.person("outsider")
        with django_assert_num_queries(2):
            assert reading.gone(visitor, slug) is None


def test_remarks_and_conditions_of_a_force_are_not_in_what_others_read(world: World) -> None:
    answer = replace(AGREE, remark="zqremark", conditions="zqconditions")
    version = world.debrief_at(State.RELEASED, answers={"alpha": answer})
    opened = reading.open_version(world.person("charlie_officer"), version)
    assert len(opened.signatures) == 2
    for signature in opened.signatures:
        assert {each.name for each in fields(signature)} == {
            "organisation", "decision", "decided_at",
        }  # fmt: skip
    assert "zqremark" not in repr(opened)
    assert "zqconditions" not in repr(opened)


def test_history_names_nothing_of_what_is_no_longer_shared(world: World) -> None:
    first = world.debrief_at(State.SUPERSEDED, token="zq", groups=["circle"])
    (row,) = reading.history(world.person("guest"), first.debrief)[1:]
    assert (row.number, row.title, row.url) == (1, "", "")
    assert reading.history(world.person("charlie_officer"), first.debrief) == []
    assert len(reading.history(world.person("author"), first.debrief)) == 2


@pytest.mark.parametrize(
    ("operation", "title", "words"),
    [("O" * 81, "A title", "Operation: "), ("Fine", "T" * 161, "Title: "), ("Fine", "", "Title: ")],
)
def test_a_debrief_whose_name_or_title_does_not_fit_is_refused_in_words(
    world: World, operation: str, title: str, words: str
) -> None:
    before = Debrief.objects.count()
    with refused(words):
        writing.start(
            by=world.person("author"),
            owner=world.organisation("team"),
            operation=operation,
            facts=Facts(title=title),
        )
    assert Debrief.objects.count() == before
