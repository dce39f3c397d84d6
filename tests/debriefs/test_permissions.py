"""Does the portal answer who may do what as the plain model of `tests/reference.py` does?

Debriefs are lived through at random, by the services, and then people, groups, signatures and
releases change at random. After that every rule is asked in its three directions, and the arrays
of readers that the database keeps are held against guardian's own answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db.models import QuerySet
from django.utils import timezone
from guardian.shortcuts import get_objects_for_group  # noqa: TID251 - to ask guardian itself
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from debriefs import permissions
from debriefs.exceptions import Refused
from debriefs.models import Part, SignOff, Version
from debriefs.models.vocabulary import Heading
from debriefs.permissions import RULES
from debriefs.rules import YES
from debriefs.services import reading, releasing, remarks, signing, writing
from debriefs.services.signing import Answer
from debriefs.workflow import State
from portal import services
from portal.models import Belonging, Role, Tier, User
from portal.standing import Door, Visitor
from tests.conftest import rolled_back
from tests.reference import Reference
from tests.world import (
    AGREE,
    CHANGES,
    GROUPS,
    ORGANISATIONS,
    PEOPLE,
    SIGNATORY_OF,
    World,
    following,
    fresh,
)

Event = tuple[Any, ...]
Test = TypeVar("Test", bound=Callable[..., None])

#: Those for whom every rule is asked; the others differ from one of these only in their names.
ACTORS = (
    "author",
    "second_author",
    "editor",
    "other_author",
    "alpha_signatory",
    "alpha_deputy",
    "both",
    "charlie_signatory",
    "alpha_officer",
    "administrator",
    "superuser",
    "inactive",
)


@dataclass(frozen=True)
class Life:
    """How far a debrief is taken, what it says about its reach, and what happens afterwards."""

    reach: int
    facts_reach: int
    parts: tuple[int, ...]
    supporting: tuple[str, ...]
    partners: tuple[str, ...]
    second_writer: bool
    until: str
    answers: dict[str, Answer | None]
    groups: tuple[str, ...]
    events: tuple[Event, ...]


tiers = st.sampled_from([int(tier) for tier in Tier])
wide = st.sampled_from([4, 3, 2, 4, 3, 2, 1])
persons = st.sampled_from(sorted(PEOPLE))
organisations = st.sampled_from([key for key, *_ in ORGANISATIONS])
forces = st.sampled_from(["alpha", "bravo", "charlie"])
groups = st.sampled_from(sorted(GROUPS))


@st.composite
def answers(draw: st.DrawFn) -> Answer | None:
    """Mostly a plain yes; else a ceiling, an embargo that is over or not, a no, or nothing yet."""
    kind = draw(
        st.sampled_from([*["yes"] * 8, *["up to"] * 4, "embargo", "held back", "no", "later"])
    )
    today = timezone.localdate()
    if kind == "later":
        return None
    if kind == "no":
        return CHANGES
    until: date | None = None
    if kind == "embargo":
        until = today + timedelta(days=draw(st.sampled_from([-30, -1, 0, 1])))
    ceiling = draw(wide) if kind == "up to" else None
    decision = SignOff.Decided.AGREED_UP_TO if ceiling else SignOff.Decided.AGREED
    return Answer(
        decision, ceiling=ceiling, embargo_until=until, until_proceedings_end=kind == "held back"
    )


#: What can happen to anybody at any time.
events = st.one_of(
    st.tuples(st.just("hire"), persons, organisations, st.sampled_from(list(Role))),
    st.tuples(st.just("dismiss"), persons),
    st.tuples(st.just("join"), groups, organisations),
    st.tuples(st.just("join in person"), groups, persons),
    st.tuples(st.just("leave"), groups, st.integers(0, 3)),
    st.tuples(st.just("change tier"), groups, tiers),
    st.tuples(st.just("may sign in"), persons, st.booleans()),
    st.tuples(st.just("make superuser"), persons),
    st.tuples(st.just("take back"), st.integers(0, 3)),
    st.tuples(st.just("withdraw"), forces),
    st.tuples(st.just("end proceedings"), forces),
    st.tuples(st.just("away"), st.sampled_from(["alpha_signatory", "both", "bravo_signatory"])),
    st.tuples(st.just("remark"), st.booleans()),
    st.tuples(st.just("remark for"), forces, st.booleans()),
    st.tuples(st.just("discard"), st.booleans()),
    st.tuples(st.just("next"), st.sampled_from(["reopened", "sent", "shared"]), groups),
)


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """A life of a debrief, more often than not as far as its readers.

    The first of the choices are the likeliest, so they are those that let words travel.
    """
    reach = draw(wide)
    within = st.integers(1, reach)
    return Life(
        reach=reach,
        facts_reach=draw(within),
        parts=tuple(draw(st.lists(within, min_size=1, max_size=3))),
        supporting=tuple(draw(st.sets(st.sampled_from(["bravo", "charlie"])))),
        partners=tuple(draw(st.sets(st.just("harbour")))),
        second_writer=draw(st.booleans()),
        until=draw(st.sampled_from([*["shared"] * 8, "sent", "checked", "checking", "draft"])),
        answers={key: draw(answers()) for key in ("alpha", "bravo", "charlie")},
        groups=tuple(draw(st.lists(groups, min_size=2, max_size=5, unique=True))),
        events=tuple(draw(st.lists(events, min_size=1, max_size=5))),
    )


SHARED = Life(
    reach=4,
    facts_reach=2,
    parts=(1, 2, 4),
    supporting=("bravo",),
    partners=(),
    second_writer=True,
    until="shared",
    answers=dict.fromkeys(("alpha", "bravo", "charlie"), AGREE),
    groups=("participants", "policing", "partners", "public"),
    events=(),
)

#: Lives that chance may miss, each of which one rule alone decides.
TELLING = (
    SHARED,
    replace(SHARED, events=(("join", "participants", "charlie"),)),
    replace(SHARED, events=(("join in person", "participants", "outsider"),)),
    replace(SHARED, groups=("circle",), events=(("change tier", "circle", 1),)),
    replace(SHARED, events=(("change tier", "policing", 3), ("change tier", "partners", 4))),
    replace(SHARED, events=(("withdraw", "bravo"),)),
    replace(SHARED, events=(("take back", 1), ("next", "sent", "policing"))),
    replace(SHARED, events=(("next", "shared", "policing"), ("dismiss", "charlie_officer"))),
    replace(SHARED, events=(("may sign in", "charlie_officer", False), ("leave", "policing", 0))),
    replace(SHARED, answers=SHARED.answers | {"bravo": Answer("agreed_up_to", ceiling=2)}),
    replace(SHARED, answers=SHARED.answers | {"alpha": CHANGES}),
    replace(SHARED, until="checked"),
    replace(SHARED, until="checking", events=(("remark", False), ("remark", True))),
    replace(SHARED, until="draft", events=(("discard", False),)),
    replace(
        SHARED,
        second_writer=False,
        until="sent",
        events=(("away", "alpha_signatory"), ("remark for", "alpha", False)),
    ),
    replace(
        SHARED,
        answers=SHARED.answers | {"alpha": replace(AGREE, until_proceedings_end=True)},
        events=(("end proceedings", "bravo"),),
    ),
)


def besides(**more: Any) -> Callable[[Test], Test]:
    """Try the telling lives as well as random ones."""

    def add(test: Test) -> Test:
        for life in TELLING:
            test = example(life=life, **more)(test)
        return test

    return add


def live(world: World, life: Life) -> Version:
    """Take a debrief through its life; what a service refuses does not happen."""
    headings = list(Heading)
    facts = world.facts(
        supporting=life.supporting,
        partners=life.partners,
        reach=life.reach,
        facts_reach=life.facts_reach,
    )
    version = world.draft(
        facts=facts,
        parts=[
            world.section(reach, heading=headings[number])
            for number, reach in enumerate(life.parts)
        ],
    )
    if life.second_writer:  # the deputy of a force comes to write as well
        _happen(world, version, ("hire", "alpha_deputy", "team", Role.AUTHOR))
        writing.edit_facts(
            by=world.person("alpha_deputy"),
            version=version,
            revision=version.revision,
            facts=facts,
        )
    _take(world, version, life)
    for event in life.events:
        with suppress(Refused):
            _happen(world, version, event)
    return fresh(version)


def _take(world: World, version: Version, life: Life) -> None:
    if life.until == "draft":
        return
    world.submitted(version, checked=life.until != "checking")
    if life.until in ("checking", "checked"):
        return
    signing.send(by=world.person("editor"), version=version)
    for key, answer in life.answers.items():
        if answer is None or life.until == "sent":
            continue
        if version.signoffs.filter(organisation__key=key).exists():
            with suppress(Refused):
                world.decide(version, key, answer)
    for key in life.groups:
        with suppress(Refused):
            world.release(version, key)


def _happen(world: World, version: Version, event: Event) -> None:
    """One thing happens; raises Refused where a service refuses it."""
    match event:
        case ("hire", person, organisation, role):
            world.hire(person, organisation, role)
        case ("dismiss", person):
            world.dismiss(person)
        case ("join", group, organisation):
            services.join(
                by=world.administrator,
                sharing_group=world.group(group),
                organisation=world.organisation(organisation),
            )
        case ("join in person", group, person):
            services.join(
                by=world.administrator, sharing_group=world.group(group), user=world.person(person)
            )
        case ("leave", group, number):
            found = Belonging.objects.filter(sharing_group__key=group).order_by("pk")[number:]
            for belonging in found[:1]:
                services.leave(by=world.administrator, belonging=belonging)
        case ("change tier", group, tier):
            services.change_tier(
                by=world.administrator, sharing_group=world.group(group), tier=tier
            )
        case ("may sign in", person, whether):
            User.objects.filter(pk=world.people[person]).update(is_active=whether)
        case ("make superuser", person):
            User.objects.filter(pk=world.people[person]).update(is_superuser=True)
        case ("take back", number):
            for release in version.releases.order_by("pk")[number : number + 1]:
                releasing.withdraw_release(
                    by=world.person("editor"), release=release, reason="A trial is pending."
                )
        case ("withdraw", force):
            if version.signoffs.filter(organisation__key=force).exists():
                world.withdraw(version, force)
        case ("end proceedings", force):
            for signoff in version.signoffs.filter(organisation__key=force):
                signing.end_proceedings(by=world.person(SIGNATORY_OF[force]), signoff=signoff)
        case ("away", person):
            signs_for = "alpha" if person == "alpha_signatory" else "bravo"
            services.set_absence(
                by=world.administrator,
                user=world.person(person),
                organisation=world.organisation(signs_for),
                from_day=timezone.localdate(),
                until_day=timezone.localdate(),
            )
        case ("remark", resolved):
            made = remarks.remark(by=world.person("editor"), version=version, words="Why?")
            if resolved:
                remarks.resolve(by=world.person("author"), remark=made)
        case ("remark for", force, resolved):
            for signoff in version.signoffs.filter(organisation__key=force):
                made = remarks.remark_for_force(
                    by=world.person(SIGNATORY_OF[force]), signoff=signoff, words="Why?"
                )
                if resolved:
                    remarks.resolve(by=world.person("author"), remark=made, answer="So.")
        case ("discard", brought_back):
            writing.discard(by=world.person("author"), version=version)
            if brought_back:
                writing.restore(by=world.person("author"), version=version)
        case ("next", how_far, group):
            opened = writing.reopen(by=world.person("author"), version=fresh(version))
            if how_far != "reopened":
                world.sent(opened)
            if how_far == "shared":
                world.agreed(opened)
                world.release(opened, group)
        case _:
            raise AssertionError(event)


thorough = settings(
    max_examples=25,
    # To make a failing life smaller takes minutes: add Phase.shrink to have it done.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def some_of(keys: Sequence[str]) -> st.SearchStrategy[frozenset[str]]:
    """A handful of people: to ask all of them about every life takes too long."""
    return st.frozensets(st.sampled_from(keys), min_size=3, max_size=5)


def visitors(world: World, keys: frozenset[str]) -> Iterator[tuple[int | None, Visitor]]:
    """Each of these people with their number, and the signed-out."""
    for key in sorted(keys):
        yield world.people[key], world.person(key)
    yield None, AnonymousUser()


def numbers(found: QuerySet[Any]) -> set[int]:
    """The numbers of the rows."""
    return set(found.values_list("pk", flat=True))


@thorough
@given(life=lives(), asked=some_of(sorted(PEOPLE)))
@besides(asked=frozenset({"alpha_officer", "charlie_officer", "partner_officer", "guest"}))
def test_everybody_reads_what_the_plain_model_says_and_nothing_else(
    world: World, life: Life, asked: frozenset[str]
) -> None:
    with rolled_back():
        live(world, life)
        plain = Reference.now()
        people = set(world.people.values())

        for number, visitor in visitors(world, asked):
            reads = {v.pk for v in plain.versions.values() if plain.reads(number, v)}
            assert numbers(permissions.can_read.things(visitor)) == reads
            shared = {
                v.pk
                for v in plain.versions.values()
                if any(plain.belongs(number, group) for group in plain.shared_with(v))
            }
            assert numbers(Version.objects.visible_to(visitor)) == shared
            with_facts = {
                v.pk
                for v in plain.versions.values()
                if plain.reads_facts(number, v) and not plain.reads_whole(number, v)
            }
            whole = {v.pk for v in plain.versions.values() if plain.reads_whole(number, v)}
            assert numbers(Version.objects.facts_visible_to(visitor)) - whole == with_facts
            parts = {part.pk for part in plain.parts if plain.reads_part(number, part)}
            through_groups = numbers(Part.objects.visible_to(visitor))
            whole_parts = {part.pk for part in plain.parts if part.version_id in whole}
            assert through_groups | whole_parts == parts
            for version in Version.objects.filter(pk__in=reads).select_related("debrief"):
                _assert_opened_as_the_model_says(plain, number, visitor, version)

        for version in plain.versions.values():
            assert numbers(permissions.can_read.people(version)) & people == {
                person for person in people if plain.reads(person, version)
            }


def _assert_opened_as_the_model_says(
    plain: Reference, number: int | None, visitor: Visitor, version: Version
) -> None:
    opened = reading.open_version(visitor, version)
    assert opened.whole == plain.reads_whole(number, version)
    assert (opened.facts is not None) == plain.reads_facts(number, version)
    assert {part.pk for part in (*opened.sections, *opened.lessons)} == {
        part.pk
        for part in plain.parts
        if part.version_id == version.pk and plain.reads_part(number, part)
    }
    if not plain.reads_facts(number, version):
        assert not opened.signatures
    assert {door.group for door in opened.through if isinstance(door, Door)} == {
        group.group_id for group in plain.shared_with(version) if plain.belongs(number, group)
    }


@thorough
@given(life=lives(), asked=some_of(ACTORS))
@besides(asked=frozenset({"alpha_deputy", "both", "editor"}))
def test_every_rule_answers_alike_in_three_directions_and_as_the_plain_model(
    world: World, life: Life, asked: frozenset[str]
) -> None:
    with rolled_back():
        live(world, life)
        plain = Reference.now()
        actors = {world.people[key] for key in ACTORS}
        one = min(asked)

        for name, rule in RULES.items():
            says = plain.rules[name]
            things = list(rule.model._default_manager.all())
            for number, visitor in visitors(world, asked):
                assert numbers(rule.things(visitor)) == {
                    thing.pk for thing in things if says(number, thing)
                }, name
            for thing in things:
                assert numbers(rule.people(thing)) & actors == {
                    number for number in actors if says(number, thing)
                }, name
                decision = rule.decide(world.person(one), thing)
                assert bool(decision) == says(world.people[one], thing), name
                assert bool(decision.reason) == (not decision), name


def test_every_rule_stands_in_the_plain_model() -> None:
    assert Reference.empty().rules.keys() == RULES.keys()


@thorough
@given(life=lives())
@besides()
def test_readers_are_those_whom_guardian_lists_and_the_conditions_let_through(
    world: World, life: Life
) -> None:
    with rolled_back():
        live(world, life)
        plain = Reference.now()
        granted = {
            group.pk: numbers(get_objects_for_group(group, "debriefs.read_version", klass=Version))
            for group in Group.objects.filter(sharing_group__isnull=False)
        }
        by_group = {group.group_id: group for group in plain.groups.values()}
        for version in Version.objects.all():
            expected = [
                number
                for number, group in sorted(by_group.items())
                if version.pk in granted[number]
                and version.state == State.RELEASED
                and plain.is_signed(version)
                and not plain.is_under_embargo(version)
                and group.tier <= plain.widest(version)
                and not plain.has_strangers(group, version)
            ]
            assert version.readers == expected
            assert version.facts_readers == [
                number for number in expected if by_group[number].tier <= version.facts_reach
            ]
            for part in version.parts.all():
                assert part.readers == [
                    number for number in expected if by_group[number].tier <= part.reach
                ]
            assert not set(version.former_readers) & set(version.readers)
            was_shared = {
                group.group_id
                for group in plain.groups.values()
                if any(
                    (each.version_id, each.sharing_group_id) == (version.pk, group.pk)
                    for each in plain.releases
                )
                and group.tier <= plain.widest(version)
                and not plain.has_strangers(group, version)
            }
            assert set(version.former_readers) == was_shared - set(version.readers)
            assert version.ceiling == plain.widest(version)


# --- What the random lives may not meet often enough, said once ----------------------------------


NO_STANDING = ("superuser", "administrator", "inactive", "steward", "nobody", "other_author")


@pytest.mark.parametrize("state", State)
def test_who_has_no_standing_reads_nothing_and_may_do_nothing_in_any_state(
    world: World, state: State, subtests: pytest.Subtests
) -> None:
    version = world.debrief_at(state, checked=True, groups=["policing", "circle"])
    for key in NO_STANDING:
        person = world.person(key)
        with subtests.test(key):
            assert not Version.objects.visible_to(person).exists()
            assert not Version.objects.facts_visible_to(person).exists()
            assert not Part.objects.visible_to(person).exists()
            assert person not in permissions.can_read.people(version)
            assert reading.find(person, version.debrief.slug) is None
            for rule in RULES.values():
                assert not rule.things(person).exists(), rule.name


def test_a_person_who_may_not_sign_in_reads_not_even_what_is_public(world: World) -> None:
    version = _public(world)

    assert Version.objects.visible_to(AnonymousUser()).get() == version
    assert Version.objects.visible_to(world.person("superuser")).get() == version
    assert not Version.objects.visible_to(world.person("inactive")).exists()
    assert not permissions.can_read.things(world.person("inactive")).exists()
    assert world.person("inactive") not in permissions.can_read.people(version)
    assert world.person("nobody") in permissions.can_read.people(version)


def _public(world: World) -> Version:
    """A version of which the summary and one section are public, and partners read one more."""
    return world.debrief_at(
        State.RELEASED,
        facts=world.facts(reach=Tier.PUBLIC, facts_reach=Tier.POLICING),
        parts=[
            world.section(Tier.PUBLIC, heading=Heading.PUBLIC_SUMMARY),
            world.section(Tier.PARTNERS, heading=Heading.PARTNERS),
            world.lesson(Tier.POLICING),
            world.section(Tier.PARTICIPANTS, heading=Heading.COVERT),
        ],
        groups=["participants", "policing", "partners", "public"],
    )


@pytest.mark.parametrize(
    ("key", "parts", "facts", "whole"),
    [
        (None, 1, False, False),
        ("nobody", 1, False, False),
        ("superuser", 1, False, False),
        ("administrator", 1, False, False),
        ("outsider", 1, False, False),
        ("partner_officer", 2, False, False),
        ("charlie_officer", 3, True, False),
        ("alpha_officer", 4, True, False),
        ("alpha_signatory", 4, True, True),
        ("both", 4, True, True),
        ("author", 4, True, True),
    ],
)
def test_each_audience_reads_the_parts_within_its_reach(
    world: World, key: str | None, parts: int, facts: bool, whole: bool
) -> None:
    version = _public(world)
    visitor: Visitor = world.person(key) if key else AnonymousUser()

    opened = reading.open_version(visitor, version)

    assert len(opened.sections) + len(opened.lessons) == parts
    assert (opened.facts is not None) == facts
    assert opened.whole == whole
    assert opened.public == (parts == 1)
    assert bool(opened.handling) == (parts > 1)


def test_a_person_with_several_standings_gets_the_widest_reading(world: World) -> None:
    version = _public(world)
    person = world.person("partner_officer")
    assert len(reading.open_version(person, version).sections) == 2

    services.start_membership(
        by=world.administrator,
        user=person,
        organisation=world.organisation("charlie"),
        role=Role.OFFICER,
    )
    opened = reading.open_version(world.person("partner_officer"), version)
    assert (len(opened.sections), len(opened.lessons), opened.whole) == (2, 1, False)
    assert opened.facts is not None

    services.start_membership(
        by=world.administrator,
        user=person,
        organisation=world.organisation("bravo"),
        role=Role.DEPUTY,
    )
    opened = reading.open_version(world.person("partner_officer"), version)
    assert (len(opened.sections), len(opened.lessons), opened.whole) == (3, 1, True)


def test_a_global_permission_or_a_grant_to_a_role_counts_for_nothing(world: World) -> None:
    version = world.debrief_at(State.RELEASED, groups=["circle"])
    person = world.person("outsider")
    for codename in ("read_version", "sign_version", "write_debrief", "release_debrief"):
        person.user_permissions.add(Permission.objects.get(codename=codename))
        for group in person.groups.all():
            group.permissions.add(Permission.objects.get(codename=codename))

    for rule in RULES.values():
        assert not rule.things(world.person("outsider")).exists(), rule.name
    # A grant on the object to a group that is no sharing group makes nobody a reader either.
    permissions.grant(
        permissions.READ,
        services.role_group(world.organisation("delta"), Role.OFFICER),
        version,
    )
    assert not permissions.can_read.things(world.person("outsider")).exists()
    assert fresh(version).readers == [world.group("circle").group_id]


def test_a_signatory_reads_nothing_before_the_seal_and_all_of_it_after(world: World) -> None:
    version = world.debrief_at(State.CHECKING, checked=True)
    assert not permissions.can_read.things(world.person("alpha_signatory")).exists()

    signing.send(by=world.person("editor"), version=version)
    assert permissions.can_read_whole.things(world.person("alpha_signatory")).get() == version
    assert permissions.can_read_whole.things(world.person("alpha_deputy")).get() == version
    assert not permissions.can_read.things(world.person("charlie_signatory")).exists()
    assert not permissions.can_read.things(world.person("alpha_officer")).exists()

    opened = writing.reopen(by=world.person("author"), version=fresh(version))
    assert opened not in permissions.can_read.things(world.person("alpha_signatory"))
    assert opened == following(version)


def test_a_grant_to_sign_opens_nothing_before_the_seal(world: World) -> None:
    version, signatory = world.debrief_at(State.CHECKING), world.person("alpha_signatory")
    group = services.role_group(world.organisation("alpha"), Role.SIGNATORY)
    permissions.grant(permissions.SIGN, group, version)
    for rule in (permissions.can_read, permissions.can_read_whole):
        assert not rule.things(signatory).exists()
        assert signatory not in rule.people(version)
        assert not rule.decide(signatory, version)


def test_a_no_gives_the_reason_of_what_stands_in_the_way(world: World) -> None:
    version = world.debrief_at(State.CHECKING)

    assert permissions.can_check.decide(world.person("editor"), version) == YES
    assert permissions.can_check.decide(world.person("author"), version).reason == (
        permissions.NOT_THE_WRITER.reason
    )
    assert permissions.can_send.decide(world.person("editor"), version).reason == (
        permissions.CHECKED.reason
    )
    assert permissions.can_send.decide(world.person("author"), version).reason == (
        permissions.can_send.refusal
    )
    with pytest.raises(Refused, match="You do not have the role"):
        permissions.can_edit.require(world.person("alpha_officer"), version)


def test_only_an_author_or_editor_of_a_project_team_starts_a_debrief(world: World) -> None:
    team, force = world.organisation("team"), world.organisation("alpha")
    may = {key for key, who in world.everyone().items() if permissions.may_start(who, team)}
    assert may == {"author", "second_author", "editor", "second_editor"}
    assert not permissions.may_start(world.person("alpha_signatory"), force)
    assert not permissions.may_start(world.person("inactive"), team)
    for key in ("alpha_officer", "superuser", "administrator", "other_author", "inactive"):
        with pytest.raises(Refused, match="Only an author or editor of Project Team"):
            writing.start(
                by=world.person(key), owner=team, operation="Lantern", facts=world.facts()
            )
    assert not Version.objects.exists()
