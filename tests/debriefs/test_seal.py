"""Does the database itself refuse to change what was signed and what was recorded?

Every attempt goes past the services, by the ORM and by SQL. What may be read afterwards is asked in
`test_permissions.py`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from debriefs import permissions
from debriefs.models import (
    ConsentWithdrawal,
    Country,
    Debrief,
    ExploitationType,
    Offence,
    Part,
    Participation,
    Release,
    SignOff,
    Theme,
    Version,
    VersionGroupObjectPermission,
)
from debriefs.models.vocabulary import Heading, ParticipationPart
from debriefs.services import writing
from debriefs.services.content import Facts
from debriefs.services.seal import canonical, digest_of
from debriefs.services.signing import Answer
from debriefs.workflow import MOVES, SEALED_STATES, State, _targets
from portal import audit
from portal.models import AuditEvent, AuditLink, Organisation, Role, Tier
from tests.conftest import settle
from tests.world import AGREE, World, fresh

#: Worked out by triggers: a program may write there, and it has no effect.
DERIVED = {
    *("ceiling", "embargo_until", "until_proceedings_end"),
    *("readers", "facts_readers", "former_readers"),
}

#: Where a version is in its life, beside what follows from it.
LIFE = {"state", "released_at", "superseded_at", "withdrawn_at"}

#: Another value for each column of a version that is guarded; a column that is missing here fails.
OTHER_FACTS: dict[str, Any] = {
    "title": "Another title",
    "summary": "Another summary",
    "marking": "OFFICIAL",
    "handling": "Anybody may read this",
    "reach": Tier.PUBLIC,
    "facts_reach": Tier.PARTICIPANTS,
    "kind": "hot",
    "operation_from": date(2020, 1, 1),
    "operation_until": date(2022, 12, 31),
    "debriefed_on": date(2024, 1, 1),
    "victims": "1",
    "suspects": "1",
    "charged": 8,
    "convicted": 1,
    "sentence_months": 1,
    "proceedings": "trial",
    "talk_title": "Another talk",
    "talk_speaker_role": "Another speaker",
    "talk_url": "https://elsewhere.example/",
    "talk_minutes": 1,
}
OTHER_BOOKKEEPING: dict[str, Callable[[World, Version], Any]] = {
    "id": lambda world, version: version.pk + 1000,
    "debrief": lambda world, version: world.draft().debrief,
    "number": lambda world, version: version.number + 7,
    "copied_from": lambda world, version: version,
    "revision": lambda world, version: version.revision + 1,
    "facts_written_in": lambda world, version: version.facts_written_in + 1,
    "parts_written_in": lambda world, version: version.parts_written_in + 1,
    "due_on": lambda world, version: date(2040, 1, 1),
    "discarded_at": lambda world, version: timezone.now(),
    "started_at": lambda world, version: version.started_at - timedelta(days=1),
    "started_by": lambda world, version: world.person("editor"),
    "sent_back_for": lambda world, version: "Another reason",
    "checked_at": lambda world, version: timezone.now() + timedelta(days=1),
    "checked_by": lambda world, version: world.person("second_author"),
    "sealed_at": lambda world, version: None,
    "sealed_by": lambda world, version: world.person("author"),
    "digest": lambda world, version: "0" * 64,
}
OTHER_PARTS: dict[str, Any] = {
    "identity": uuid.UUID(int=1),
    "position": 70,
    "kind": "section",
    "reach": Tier.PARTICIPANTS,
    "heading": Heading.TRIAL,
    "title": "Another title",
    "markdown": "Other words",
    "html": "<p>Other words</p>",
    "text": "Other words",
    "theme": None,
    "observed": "Other words",
    "observed_html": "<p>Other words</p>",
    "mattered": "Other words",
    "mattered_html": "<p>Other words</p>",
    "action": "Other words",
    "action_html": "<p>Other words</p>",
    "roles": ["analyst"],
    "evidence": "tested",
    "worked": "no",
    "written_in": 70,
}
LISTS: dict[str, type[models.Model]] = {
    "exploitation": ExploitationType,
    "offences": Offence,
    "countries": Country,
    "themes": Theme,
}


def refused(change: Callable[[], Any], words: str) -> None:
    """The change raises IntegrityError, with these words of the database, and is undone."""
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        change()


def refused_update(rows: models.QuerySet[Any], words: str, /, **values: Any) -> None:
    """The change of these rows is refused, by the ORM and, for one value, by plain SQL."""
    refused(lambda: rows.update(**values), words)
    (name, value), *more = values.items()
    if more:
        return
    raw = value.pk if isinstance(value, models.Model) else value
    raw = str(raw) if isinstance(raw, uuid.UUID) else raw
    for number in rows.values_list("pk", flat=True):
        refused(sql("UPDATE {} SET {} = %s WHERE id = %s", rows.model, name, raw, number), words)


def sql(statement: str, model: type[models.Model], /, *values: Any) -> Callable[[], None]:
    """The statement, to be executed with the table's name in it.

    A second pair of braces in it is for a column, named as a field by the first of `values`.
    """
    names: list[str | None] = [model._meta.db_table]
    if statement.count("{}") > 1:
        field, *rest = values
        names.append(_column(model, field))
        values = tuple(rest)

    def execute() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(*names), values)

    return execute


def _column(model: type[models.Model], name: str) -> str | None:
    return next(field.column for field in model._meta.concrete_fields if field.name == name)


SEAL = "a sealed version does not change"


# --- Versions ------------------------------------------------------------------------------------


def test_every_column_of_a_version_is_guarded_or_is_known_not_to_be() -> None:
    columns = {field.name for field in Version._meta.concrete_fields}
    assert columns == {*OTHER_FACTS, *OTHER_BOOKKEEPING, *LIFE, *DERIVED}
    assert {field.name for field in Version._meta.many_to_many} == {*LISTS, "contributors"}


@pytest.mark.django_db
def test_the_database_leaves_exactly_the_columns_of_life_free() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT debriefs_life_columns()")
        assert set(cursor.fetchone()[0]) == LIFE | DERIVED


@pytest.mark.parametrize("state", [State.WITH_FORCES, State.RELEASED, State.WITHDRAWN])
def test_no_column_of_what_a_sealed_version_says_can_be_changed(
    world: World, state: State, subtests: pytest.Subtests
) -> None:
    version = world.debrief_at(state)
    table = Version.objects.filter(pk=version.pk)
    before = table.values().get()
    others: dict[str, Any] = {
        **OTHER_FACTS,
        **{name: other(world, version) for name, other in OTHER_BOOKKEEPING.items()},
    }
    for name, value in others.items():
        with subtests.test(name):
            assert getattr(version, name) != value, "the other value has to be another"
            refused_update(table, SEAL, **{name: value})
    assert table.values().get() == before


@pytest.mark.parametrize("state", SEALED_STATES)
def test_a_sealed_version_cannot_be_deleted(world: World, state: State) -> None:
    version = world.debrief_at(state)
    refused(sql("DELETE FROM {} WHERE id = %s", Version, version.pk), SEAL)
    refused(
        sql(
            "DELETE FROM {} WHERE id = %s; SET CONSTRAINTS ALL IMMEDIATE",
            Debrief,
            version.debrief_id,
        ),
        "violates foreign key",
    )
    with pytest.raises(models.ProtectedError):
        Debrief.objects.get(pk=version.debrief_id).delete()
    with pytest.raises((models.ProtectedError, IntegrityError)), transaction.atomic():
        version.delete()
    assert Version.objects.filter(pk=version.pk).exists()


def test_every_column_of_a_draft_can_be_changed(world: World, subtests: pytest.Subtests) -> None:
    version = world.draft(facts=world.facts(reach=Tier.PARTNERS))
    free = {
        name: other(world, version)
        for name, other in OTHER_BOOKKEEPING.items()
        if name
        not in (
            *("id", "debrief", "checked_at", "checked_by", "sealed_at", "sealed_by", "digest"),
            "discarded_at",
        )
    }
    for name, value in (OTHER_FACTS | free).items():
        with subtests.test(name):
            assert Version.objects.filter(pk=version.pk).update(**{name: value}) == 1
            assert getattr(Version.objects.get(pk=version.pk), name) == value


def test_writing_what_is_worked_out_has_no_effect(world: World) -> None:
    everybody = [world.group(key).group_id for key in ("policing", "circle", "public")]
    wishes = {
        "ceiling": Tier.PUBLIC,
        "embargo_until": date(2000, 1, 1),
        "until_proceedings_end": True,
        "readers": everybody,
        "facts_readers": everybody,
        "former_readers": everybody,
    }
    assert wishes.keys() == DERIVED
    for state in State:
        version = world.debrief_at(state)
        parts = list(version.parts.values_list("readers", flat=True))
        before = {name: getattr(version, name) for name in DERIVED}
        Version.objects.filter(pk=version.pk).update(**wishes)
        Part.objects.filter(version=version).update(readers=everybody)

        assert {name: getattr(fresh(version), name) for name in DERIVED} == before
        assert list(version.parts.values_list("readers", flat=True)) == parts
        assert bool(before["readers"]) == (state == State.RELEASED)


def test_a_state_written_past_the_services_makes_no_readers(world: World) -> None:
    version = world.debrief_at(State.AGREED)
    Version.objects.filter(pk=version.pk).update(
        state=State.RELEASED.value, released_at=timezone.now()
    )
    assert fresh(version).readers == []
    assert not Part.objects.exclude(readers=[]).exists()


def test_a_grant_written_past_the_services_makes_no_readers_of_what_is_not_shared(
    world: World,
) -> None:
    group = world.group("policing")
    for state in set(State) - {State.RELEASED}:
        version = world.debrief_at(state)
        permissions.grant(permissions.READ, group.group, version)
        assert fresh(version).readers == [], state
    # Nor of what is, where the group's tier is wider than what was agreed.
    narrow = world.debrief_at(
        State.RELEASED,
        answers={"alpha": Answer("agreed_up_to", ceiling=Tier.PARTICIPANTS)},
        groups=["participants"],
    )
    permissions.grant(permissions.READ, group.group, narrow)
    assert fresh(narrow).readers == [world.group("participants").group_id]


def test_a_version_is_not_sealed_without_digest_and_check(world: World) -> None:
    version = world.debrief_at(State.CHECKING)
    table = Version.objects.filter(pk=version.pk)
    refused_update(table, "sealed_with_digest_and_check", state=State.WITH_FORCES.value)
    refused_update(
        table,
        "sealed_with_digest_and_check",
        state=State.WITH_FORCES.value,
        sealed_at=timezone.now(),
        sealed_by=world.person("editor"),
        digest="0" * 64,
    )


def test_the_database_knows_the_moves_of_the_table_and_no_others(world: World) -> None:
    known = {
        (source.value, target.value)
        for move in MOVES.values()
        for source in move.sources
        for target in _targets(move, source)
        if source != target
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT source, target FROM debriefs_moves()")
        assert set(cursor.fetchall()) == known
    for source in State:
        version = world.debrief_at(source)
        for target in State:
            if source != target and (source.value, target.value) not in known:
                refused_update(
                    Version.objects.filter(pk=version.pk),
                    f"no version goes from {source.value} to {target.value}",
                    state=target.value,
                )


def test_what_a_signed_text_names_keeps_its_name(world: World, subtests: pytest.Subtests) -> None:
    world.debrief_at(State.WITH_FORCES)
    named: dict[type[models.Model], str] = {
        Organisation: "alpha",
        Theme: "evidence-led",
        ExploitationType: "sexual",
        Offence: "trafficking",
        Country: "ro",
    }
    for model, key in named.items():
        rows = model._default_manager.filter(key=key)
        others = model._default_manager.exclude(key__in=[key, "bravo"])
        with subtests.test(model.__name__):
            refused_update(rows, "a signed version names it", name="Another name")
            refused_update(rows, "a signed version names it", key="another-key")
            assert others.filter(pk=others[0].pk).update(name="Another name", key="other") == 1
    offence = Offence.objects.filter(key="trafficking")
    refused_update(offence, "a signed version names it", statute="Another Act")


@pytest.mark.parametrize(
    "model",
    [
        Version,
        Part,
        Participation,
        *(getattr(Version, name).through for name in (*LISTS, "contributors")),
        SignOff,
        ConsentWithdrawal,
        Release,
        VersionGroupObjectPermission,
    ],
)
def test_what_was_signed_cannot_be_emptied(world: World, model: type[models.Model]) -> None:
    refused(sql("TRUNCATE {} CASCADE", model), "appended only")


def test_the_identity_of_a_sealed_debrief_stands(world: World) -> None:
    draft, sealed = world.draft(), world.debrief_at(State.WITH_FORCES)
    for name, value in (
        ("operation", "Another name"),
        ("reference", "OD-000000"),
        ("invented", True),
    ):
        table = Debrief.objects.filter(pk=sealed.debrief_id)
        refused_update(table, "identity of a sealed debrief", **{name: value})
        assert Debrief.objects.filter(pk=draft.debrief_id).update(**{name: value}) == 1
    # The address and the owner are not what was signed.
    assert Debrief.objects.filter(pk=sealed.debrief_id).update(slug="moved") == 1


# --- Parts, participants, lists ------------------------------------------------------------------


def test_every_column_of_a_part_is_guarded_or_is_known_not_to_be() -> None:
    columns = {field.name for field in Part._meta.concrete_fields}
    assert columns == {*OTHER_PARTS, "id", "version", "readers"}


@pytest.mark.parametrize("state", [State.WITH_FORCES, State.RELEASED, State.WITHDRAWN])
def test_no_part_of_a_sealed_version_can_be_changed_added_or_taken_away(
    world: World, state: State, subtests: pytest.Subtests
) -> None:
    version, draft = world.debrief_at(state), world.draft()
    section, lesson = version.parts.order_by("position")
    mine = draft.parts.order_by("position")[0]
    for name, value in OTHER_PARTS.items():
        part = section if name in ("heading", "markdown", "html", "text") else lesson
        with subtests.test(name):
            assert getattr(part, name) != value, "the other value has to be another"
            refused_update(Part.objects.filter(pk=part.pk), SEAL, **{name: value})
    refused_update(Part.objects.filter(pk=lesson.pk), SEAL, version=draft)
    refused_update(Part.objects.filter(pk=mine.pk), SEAL, version=version)
    refused(sql("DELETE FROM {} WHERE id = %s", Part, lesson.pk), SEAL)
    refused(lambda: Part.objects.filter(pk=lesson.pk).delete(), SEAL)
    refused(
        lambda: Part.objects.create(version=version, position=9, kind="section", title="More"), SEAL
    )
    assert set(version.parts.values_list("pk", flat=True)) == {section.pk, lesson.pk}


def test_every_column_of_a_part_of_a_draft_can_be_changed(
    world: World, subtests: pytest.Subtests
) -> None:
    version = world.draft()
    section, lesson = version.parts.order_by("position")
    for name, value in OTHER_PARTS.items():
        if name == "kind":  # a lesson cannot become a section, sealed or not
            continue
        part = section if name in ("heading", "markdown", "html", "text") else lesson
        with subtests.test(name):
            assert Part.objects.filter(pk=part.pk).update(**{name: value}) == 1
            assert getattr(Part.objects.get(pk=part.pk), name) == value
    assert Part.objects.filter(pk=lesson.pk).delete()[0] == 1


def test_nobody_joins_or_leaves_those_who_took_part_in_a_sealed_version(world: World) -> None:
    version, draft = world.debrief_at(State.WITH_FORCES), world.draft()
    lead = version.participations.get(part=ParticipationPart.LEAD)
    table = Participation.objects.filter(pk=lead.pk)
    changes: dict[str, Any] = {
        "organisation": world.organisation("charlie"),
        "part": ParticipationPart.PARTNER,
        "signs": False,
        "version": draft,
    }
    columns = {field.name for field in Participation._meta.concrete_fields}
    assert columns == {*changes, "id"}
    for name, value in changes.items():
        refused_update(table, SEAL, **{name: value})
    refused(sql("DELETE FROM {} WHERE id = %s", Participation, lead.pk), SEAL)
    refused(lambda: table.delete(), SEAL)
    refused(
        lambda: Participation.objects.create(
            version=version, organisation=world.organisation("charlie"), part="partner"
        ),
        SEAL,
    )
    assert draft.participations.update(signs=True) == 2
    assert draft.participations.all().delete()[0] == 2


@pytest.mark.parametrize("name", [*LISTS, "contributors"])
def test_no_list_of_a_sealed_version_can_be_changed(world: World, name: str) -> None:
    sealed, draft = world.debrief_at(State.WITH_FORCES), world.draft()
    if name == "contributors":
        present: models.Model = world.person("author")
        absent: models.Model = world.person("editor")
    else:
        manager = LISTS[name]._default_manager
        present = getattr(sealed, name).get()
        absent = manager.exclude(pk=present.pk)[0]
    through = getattr(Version, name).through
    rows = through.objects.filter(version=sealed)

    refused(lambda: getattr(sealed, name).add(absent), SEAL)
    refused(lambda: getattr(sealed, name).clear(), SEAL)
    refused(lambda: getattr(sealed, name).remove(present), SEAL)
    refused(sql("DELETE FROM {} WHERE version_id = %s", through, sealed.pk), SEAL)
    refused_update(rows, SEAL, **{str(absent._meta.model_name): absent})
    refused_update(rows, SEAL, version=draft)
    assert list(getattr(sealed, name).all()) == [present]

    getattr(draft, name).add(absent)
    assert set(getattr(draft, name).all()) == {present, absent}
    getattr(draft, name).clear()
    assert not getattr(draft, name).exists()


# --- Sign-offs and withdrawals -------------------------------------------------------------------


def test_a_decided_sign_off_cannot_be_changed_or_taken_away(
    world: World, subtests: pytest.Subtests
) -> None:
    version = world.debrief_at(State.WITH_FORCES, answers={"alpha": AGREE})
    decided = version.signoffs.get(organisation__key="alpha")
    others: dict[str, Any] = {
        "version": world.debrief_at(State.WITH_FORCES),
        "organisation": world.organisation("charlie"),
        "decision": "declined",
        "ceiling": Tier.PUBLIC,
        "embargo_until": date(2040, 1, 1),
        "until_proceedings_end": True,
        "statements": ["I read none of it."],
        "conditions": "Never before the trial.",
        "remark": "Another remark",
        "digest": "0" * 64,
        "decided_at": timezone.now() - timedelta(days=1),
        "decided_by": world.person("alpha_deputy"),
    }
    assert {field.name for field in SignOff._meta.concrete_fields} == {*others, "id"}
    table = SignOff.objects.filter(pk=decided.pk)
    before = table.values().get()
    for name, value in others.items():
        with subtests.test(name):
            refused_update(table, "a decided sign-off does not change", **{name: value})
    refused_update(
        table,
        "a decided sign-off does not change",
        decision="",
        digest="",
        decided_at=None,
        decided_by=None,
    )
    refused(sql("DELETE FROM {} WHERE id = %s", SignOff, decided.pk), "decided sign-off")
    refused(lambda: table.delete(), "decided sign-off")
    assert table.values().get() == before


def test_an_undecided_sign_off_cannot_be_taken_away_or_moved(world: World) -> None:
    version, other = world.debrief_at(State.WITH_FORCES), world.debrief_at(State.WITH_FORCES)
    waiting = SignOff.objects.filter(version=version, organisation__key="alpha")
    refused(lambda: waiting.delete(), "a sign-off is not taken away")
    refused(
        sql("DELETE FROM {} WHERE version_id = %s", SignOff, version.pk),
        "a sign-off is not taken away",
    )
    stays = "stays with its force and version"
    refused_update(waiting, stays, version=other)
    refused_update(waiting, stays, organisation=world.organisation("charlie"))
    assert waiting.get().decision == ""


def test_a_sign_off_begins_undecided(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    refused(
        lambda: SignOff.objects.create(
            version=version,
            organisation=world.organisation("charlie"),
            decision="agreed",
            digest=version.digest,
            decided_at=timezone.now(),
            decided_by=world.person("charlie_signatory"),
        ),
        "a sign-off begins undecided",
    )


def test_a_decision_on_another_digest_or_in_another_state_is_refused(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    returned = world.debrief_at(State.RETURNED)

    def decide(version: Version, digest: str) -> int:
        return SignOff.objects.filter(version=version, organisation__key="bravo").update(
            decision="agreed",
            digest=digest,
            decided_at=timezone.now(),
            decided_by=world.person("bravo_signatory"),
        )

    words = "a decision is on the digest of a version that is with the forces"
    refused(lambda: decide(version, "0" * 64), words)
    refused(lambda: decide(returned, returned.digest), words)
    assert decide(version, version.digest) == 1


def test_only_a_signatory_of_the_force_decides_and_not_on_own_words(world: World) -> None:
    draft = world.draft()
    world.hire("alpha_deputy", "team", Role.AUTHOR)
    writing.edit_facts(
        by=world.person("alpha_deputy"),
        version=draft,
        revision=draft.revision,
        facts=world.facts(),
    )
    version = world.sent(draft)
    waiting = SignOff.objects.filter(version=version, organisation__key="alpha")
    for key in ("bravo_signatory", "alpha_officer", "author", "superuser", "alpha_deputy"):
        refused_update(
            waiting,
            "a signatory of the force decides, and not on own words",
            decision="agreed",
            digest=version.digest,
            decided_at=timezone.now(),
            decided_by=world.person(key),
        )
    assert waiting.get().decision == ""


def test_a_withdrawn_consent_cannot_be_changed_or_taken_away(world: World) -> None:
    world.debrief_at(State.WITHDRAWN)
    withdrawal = ConsentWithdrawal.objects.get()
    table = ConsentWithdrawal.objects.filter(pk=withdrawal.pk)
    others: dict[str, Any] = {
        "signoff": SignOff.objects.exclude(pk=withdrawal.signoff_id)[0],
        "reason": "No reason",
        "withdrawn_at": timezone.now() - timedelta(days=1),
        "withdrawn_by": world.person("editor"),
    }
    assert {field.name for field in ConsentWithdrawal._meta.concrete_fields} == {*others, "id"}
    for name, value in others.items():
        refused_update(table, "appended only", **{name: value})
    refused(sql("DELETE FROM {}", ConsentWithdrawal), "appended only")
    refused(lambda: table.delete(), "appended only")


# --- The record ----------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [AuditEvent, AuditLink])
def test_the_record_cannot_be_changed_deleted_or_emptied(
    world: World, model: type[models.Model], subtests: pytest.Subtests
) -> None:
    world.debrief_at(State.DRAFTING)
    settle()
    rows = model._default_manager.order_by("pk")
    before = list(rows.values())
    assert before
    for field in model._meta.concrete_fields:
        with subtests.test(field.name):
            change = rows.filter(pk=rows[0].pk).update
            with pytest.raises(IntegrityError, match="appended only"), transaction.atomic():
                change(**{field.name: models.F(field.name)})
    refused(lambda: rows._raw_delete(rows.db), "appended only")
    refused(sql("DELETE FROM {}", model), "appended only")
    refused(sql("TRUNCATE {} CASCADE", model), "appended only")
    refused(lambda: rows[0].save(), "appended only")
    assert list(rows.values()) == before


def test_a_link_is_not_made_by_hand(world: World) -> None:
    event = audit.record("session.started", by=None, subject=world.person("nobody"))
    refused(
        lambda: AuditLink.objects.create(
            position=99_999, event=event, previous=b"x" * 32, digest=b"y" * 32
        ),
        "appended only",
    )


def test_the_time_of_an_event_is_the_databases_own(world: World) -> None:
    before = timezone.now() - timedelta(minutes=5)
    event = AuditEvent.objects.create(
        verb="session.started", subject="portal.user:1", at=before - timedelta(days=900)
    )
    event.refresh_from_db()
    assert event.at > before


# --- The digest ----------------------------------------------------------------------------------


def _facts_in_order(world: World, order: str) -> Facts:
    return world.facts(
        exploitation=list(ExploitationType.objects.order_by(order)),
        themes=list(Theme.objects.order_by(order)),
        countries=list(Country.objects.order_by(order)),
        offences=list(Offence.objects.order_by(order)),
    )


def _twin(world: World, first: Version) -> Version:
    """The same words in other rows, written in another order and given the same identity."""
    facts = _facts_in_order(world, "-pk")
    facts = replace(facts, taking_part=list(reversed(facts.taking_part)))
    second = world.draft(facts=facts, parts=[world.lesson(), world.section()])
    second.parts.update(position=models.Value(3) - models.F("position"))
    identity = Debrief.objects.get(pk=first.debrief_id)
    for mine, theirs in zip(
        second.parts.order_by("position"), first.parts.order_by("position"), strict=True
    ):
        Part.objects.filter(pk=mine.pk).update(identity=theirs.identity)
    Debrief.objects.filter(pk=identity.pk).update(reference="OD-OLDONE")
    Debrief.objects.filter(pk=second.debrief_id).update(
        reference=identity.reference, operation=identity.operation
    )
    return fresh(second)


def test_the_digest_is_the_same_whatever_the_numbers_and_the_order_of_rows(world: World) -> None:
    first = world.draft(facts=_facts_in_order(world, "pk"))
    text, digest = canonical(first), digest_of(first)
    second = _twin(world, first)

    assert second.pk != first.pk
    assert canonical(second) == text
    assert digest_of(second) == digest
    assert digest_of(second) == digest_of(fresh(second))


def test_the_digest_changes_with_every_fact(world: World, subtests: pytest.Subtests) -> None:
    version = world.draft(facts=world.facts(reach=Tier.PARTNERS))
    seen = {digest_of(version)}
    for name, value in OTHER_FACTS.items():
        with subtests.test(name):
            Version.objects.filter(pk=version.pk).update(**{name: value})
            assert digest_of(fresh(version)) not in seen
            seen.add(digest_of(fresh(version)))
    Version.objects.filter(pk=version.pk).update(number=5)
    assert digest_of(fresh(version)) not in seen


def test_the_digest_changes_with_every_list(world: World, subtests: pytest.Subtests) -> None:
    version = world.draft()
    seen = {digest_of(version)}
    for name, model in LISTS.items():
        everything: list[models.Model] = list(model._default_manager.all())
        for chosen in (everything, everything[:0]):
            with subtests.test(name):
                getattr(version, name).set(chosen)
                assert digest_of(fresh(version)) not in seen
                seen.add(digest_of(fresh(version)))


def test_the_digest_changes_with_every_field_of_a_part(
    world: World, subtests: pytest.Subtests
) -> None:
    version = world.draft()
    section, lesson = version.parts.order_by("position")
    seen = {digest_of(version)}
    for name, value in OTHER_PARTS.items():
        # Plain text follows from the words; a kind cannot change; a draft's revision is not said.
        if name in ("text", "kind", "written_in"):
            continue
        part = section if name in ("heading", "markdown", "html", "position") else lesson
        with subtests.test(name):
            assert getattr(part, name) != value
            Part.objects.filter(pk=part.pk).update(**{name: value})
            assert digest_of(fresh(version)) not in seen
            seen.add(digest_of(fresh(version)))
    Part.objects.filter(pk=lesson.pk).delete()
    assert digest_of(fresh(version)) not in seen


def test_the_digest_changes_with_those_who_took_part_and_with_the_identity(world: World) -> None:
    version = world.draft(facts=world.facts(partners=["harbour"]))
    seen = {digest_of(version)}
    harbour = version.participations.filter(organisation__key="harbour")
    identity = Debrief.objects.filter(pk=version.debrief_id)
    changes: list[Callable[[], Any]] = [
        lambda: harbour.update(signs=True),
        lambda: harbour.update(part=ParticipationPart.SUPPORTING),
        lambda: harbour.update(organisation=world.organisation("charlie")),
        lambda: version.participations.filter(organisation__key="charlie").delete(),
        lambda: identity.update(operation="Another name"),
        lambda: identity.update(reference="OD-ANOTHR"),
        lambda: identity.update(invented=True),
    ]
    for change in changes:
        change()
        assert digest_of(fresh(version)) not in seen
        seen.add(digest_of(fresh(version)))


def test_the_digest_of_a_sealed_version_is_the_one_that_was_sealed(world: World) -> None:
    for state in SEALED_STATES:
        version = world.debrief_at(state)
        assert digest_of(version) == version.digest
        assert len(version.digest) == 64


def test_two_debriefs_of_the_same_words_have_digests_of_their_own(world: World) -> None:
    assert digest_of(world.draft()) != digest_of(world.draft())


def test_a_copy_has_another_digest_than_what_it_was_copied_from(world: World) -> None:
    version = world.debrief_at(State.RETURNED)
    following = writing.reopen(by=world.person("author"), version=version)
    assert digest_of(following) != version.digest
