"""Who looks after people, organisations and groups, and are the Django groups ever out of step?

What the groups let anybody read is asked in `tests/debriefs/test_permissions.py`.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection, connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal import audit, services
from portal.exceptions import Refused
from portal.models import (
    Absence,
    AuditEvent,
    Belonging,
    Membership,
    Organisation,
    Role,
    RoleGroup,
    SharingGroup,
    Tier,
    User,
)
from portal.standing import groups_of, standing_of
from tests.world import World

Kind = Organisation.Kind
Event = tuple[Any, ...]

POLICE = {Kind.FORCE, Kind.NATIONAL, Kind.ROCU, Kind.TEAM}
#: What may belong to a group of each tier.
ADMITTED: dict[int, set[str]] = {
    Tier.PARTICIPANTS: {*POLICE, Kind.PARTNER, Kind.PROSECUTOR},
    Tier.POLICING: {*POLICE},
    Tier.PARTNERS: {*POLICE, Kind.PARTNER, Kind.PROSECUTOR},
    Tier.PUBLIC: {*POLICE, Kind.PARTNER, Kind.PROSECUTOR},
}


# --- What must be true of the Django groups -------------------------------------------------------


def groups_that_people_have() -> dict[str, set[str]]:
    """The names of the Django groups of each person, by address."""
    return {
        person.email: {group.name for group in person.groups.all()}
        for person in User.objects.prefetch_related("groups")
    }


def groups_that_people_should_have() -> dict[str, set[str]]:
    """The same by a plain reading of the rows of memberships and belongings, one after another."""
    should: dict[str, set[str]] = {person.email: set() for person in User.objects.all()}
    live = [
        membership
        for membership in Membership.objects.select_related("user", "organisation")
        if membership.ended_at is None
    ]
    for membership in live:
        should[membership.user.email].add(
            f"organisation/{membership.organisation.key}/{membership.role}"
        )
    for belonging in Belonging.objects.select_related("sharing_group", "organisation", "user"):
        if belonging.ended_at is not None:
            continue
        for membership in live:
            if membership.role == Role.ADMINISTRATOR:
                continue
            mine = membership.user == belonging.user
            fits = membership.organisation.kind in ADMITTED[belonging.sharing_group.tier]
            if (mine and fits) or membership.organisation == belonging.organisation:
                should[membership.user.email].add(f"sharing/{belonging.sharing_group.key}")
    return should


def assert_in_step() -> None:
    """Everybody's Django groups are those that the plain reading gives."""
    assert groups_that_people_have() == groups_that_people_should_have()


def groups(world: World, key: str) -> set[str]:
    """The names of the person's Django groups."""
    return set(world.person(key).groups.values_list("name", flat=True))


def doors(world: World, key: str) -> set[str]:
    """The keys of the sharing groups in which the person stands at the next request."""
    found = SharingGroup.objects.filter(group__in=groups_of(world.person(key)))
    return set(found.values_list("key", flat=True))


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything() -> list[Any]:
    """What the services could have changed, and what was recorded."""
    tables = (User, Membership, RoleGroup, SharingGroup, Belonging, Group, AuditEvent)
    rows: list[Any] = [list(table._default_manager.order_by("pk").values()) for table in tables]
    return [*rows, list(User.groups.through.objects.order_by("pk").values())]


def verbs_since(number: int) -> list[tuple[str, int | None]]:
    """What was recorded after the event of this number, and of whom."""
    found = AuditEvent.objects.filter(pk__gt=number).order_by("pk")
    return list(found.values_list("verb", "actor"))


def last_event() -> int:
    """The number of the newest event."""
    return AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_the_world_is_in_step(world: World) -> None:
    assert_in_step()
    assert groups(world, "alpha_officer") == {
        "organisation/alpha/officer",
        "sharing/participants",
        "sharing/policing",
        "sharing/circle",
    }
    assert groups(world, "outsider") == {"organisation/delta/officer"}
    assert groups(world, "nobody") == set()


def test_an_administrator_is_in_no_group_of_their_organisation(world: World) -> None:
    assert world.organisation("team").belongings.filter(ended_at__isnull=True).exists()
    assert groups(world, "administrator") == {"organisation/team/administrator"}
    assert doors(world, "administrator") == {"public"}
    assert "policing" in doors(world, "author")


def test_being_a_superuser_puts_a_person_into_no_group(world: World) -> None:
    services.keep_in_step(User.objects.filter(pk=world.people["superuser"]))
    assert groups(world, "superuser") == set()
    assert doors(world, "superuser") == {"public"}


def test_who_may_not_sign_in_stands_nowhere_and_comes_back_as_they_were(world: World) -> None:
    before = doors(world, "alpha_officer")
    assert "policing" in before
    person = User.objects.filter(pk=world.people["alpha_officer"])
    person.update(is_active=False)
    assert doors(world, "alpha_officer") == set()
    assert_in_step()
    person.update(is_active=True)
    assert doors(world, "alpha_officer") == before


def test_a_group_that_was_given_by_hand_is_taken_away_at_the_next_change(world: World) -> None:
    for key in ("nobody", "outsider"):
        world.person(key).groups.add(world.group("policing").group)
    services.keep_in_step(User.objects.filter(pk=world.people["nobody"]))
    assert groups(world, "nobody") == set()
    assert "sharing/policing" in groups(world, "outsider"), "only those who were asked about"
    services.keep_in_step(User.objects.all())
    assert_in_step()


# --- Any sequence of changes ----------------------------------------------------------------------

persons = st.sampled_from(["nobody", "both", "guest", "outsider", "coordinator", "partner_officer"])
organisations = st.sampled_from(["alpha", "bravo", "harbour", "team"])
sharing = st.sampled_from(["policing", "circle", "partners", "participants"])

changes = st.one_of(
    st.tuples(st.just("hire"), persons, organisations, st.sampled_from(list(Role))),
    st.tuples(st.just("dismiss"), persons, st.integers(0, 2)),
    st.tuples(st.just("join"), sharing, organisations),
    st.tuples(st.just("join in person"), sharing, persons),
    st.tuples(st.just("leave"), sharing, st.integers(0, 3)),
    st.tuples(st.just("change tier"), sharing, st.sampled_from(list(Tier))),
)


def happen(world: World, change: Event) -> None:
    """One thing happens; raises Refused where a service refuses it."""
    by = world.person("administrator")
    match change:
        case ("hire", person, organisation, role):
            services.start_membership(
                by=by,
                user=world.person(person),
                organisation=world.organisation(organisation),
                role=role,
            )
        case ("dismiss", person, number):
            held = Membership.objects.filter(user=world.people[person]).order_by("pk")
            for membership in held[number : number + 1]:
                services.end_membership(by=by, membership=membership)
        case ("join", group, organisation):
            services.join(
                by=by,
                sharing_group=world.group(group),
                organisation=world.organisation(organisation),
            )
        case ("join in person", group, person):
            services.join(by=by, sharing_group=world.group(group), user=world.person(person))
        case ("leave", group, number):
            found = Belonging.objects.filter(sharing_group__key=group).order_by("pk")
            for belonging in found[number : number + 1]:
                services.leave(by=by, belonging=belonging)
        case ("change tier", group, tier):
            services.change_tier(by=by, sharing_group=world.group(group), tier=tier)
        case _:
            raise AssertionError(change)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sequence=st.lists(changes, min_size=1, max_size=6))
@example(
    [
        ("hire", "partner_officer", "bravo", Role.OFFICER),
        ("join in person", "circle", "partner_officer"),
        ("dismiss", "partner_officer", 1),
        ("change tier", "circle", Tier.PARTNERS),
        ("change tier", "circle", Tier.POLICING),
    ]
)
def test_after_any_changes_everybody_has_the_groups_of_the_plain_model(
    world: World, sequence: list[Event]
) -> None:
    with undone():
        for change in sequence:
            with suppress(Refused):
                happen(world, change)
            assert_in_step()


@pytest.mark.parametrize("tier", list(Tier))
@pytest.mark.parametrize("kind", list(Kind))
def test_a_group_admits_what_its_tier_is_for(world: World, tier: Tier, kind: Kind) -> None:
    by = world.person("administrator")
    group = services.create_group(by=by, key="new", name="New", purpose="To try.", tier=tier)
    organisation = Organisation.objects.create(key="new", name="New", short_name="New", kind=kind)
    services.start_membership(
        by=by, user=world.person("nobody"), organisation=organisation, role=Role.OFFICER
    )
    if kind in ADMITTED[tier]:
        services.join(by=by, sharing_group=group, organisation=organisation)
        assert "sharing/new" in groups(world, "nobody")
    else:
        before = everything()
        with pytest.raises(Refused, match="cannot belong to a group of the tier"):
            services.join(by=by, sharing_group=group, organisation=organisation)
        with pytest.raises(Refused, match="serves in no organisation that could belong"):
            services.join(by=by, sharing_group=group, user=world.person("nobody"))
        assert everything() == before


def test_a_tier_that_would_not_admit_who_belongs_is_refused(world: World) -> None:
    before = everything()
    with pytest.raises(Refused, match="cannot hold: Harbour Agency"):
        services.change_tier(
            by=world.person("administrator"),
            sharing_group=world.group("partners"),
            tier=Tier.POLICING,
        )
    assert everything() == before


def test_a_person_belongs_while_they_serve_where_the_tier_admits(world: World) -> None:
    by = world.person("administrator")
    partners = world.group("partners")
    for belonging in partners.belongings.filter(ended_at__isnull=True):
        services.leave(by=by, belonging=belonging)
    services.join(by=by, sharing_group=partners, user=world.person("partner_officer"))
    assert "partners" in doors(world, "partner_officer")
    services.change_tier(by=by, sharing_group=partners, tier=Tier.POLICING)
    assert "partners" not in doors(world, "partner_officer")
    services.change_tier(by=by, sharing_group=partners, tier=Tier.PARTNERS)
    assert "partners" in doors(world, "partner_officer")
    services.end_membership(by=by, membership=world.person("partner_officer").memberships.get())
    assert doors(world, "partner_officer") == {"public"}
    assert_in_step()


# --- What each service makes true -----------------------------------------------------------------


def test_a_new_person_has_an_account_and_no_access(world: World) -> None:
    services.add_person(
        by=world.person("administrator"), email=" New@Tests.Example ", name="New", password=None
    )
    person = User.objects.get(email="new@tests.example")
    assert not person.has_usable_password()
    assert not person.is_superuser
    assert not person.groups.exists()
    assert not person.memberships.exists()
    assert standing_of(person) == ""


def test_what_a_person_may_read_ends_with_the_role_at_the_next_request(world: World) -> None:
    assert "policing" in doors(world, "alpha_officer")
    membership = world.person("alpha_officer").memberships.get()
    services.end_membership(by=world.person("coordinator"), membership=membership)
    assert doors(world, "alpha_officer") == {"public"}
    assert groups(world, "alpha_officer") == set()
    membership.refresh_from_db()
    assert membership.ended_at is not None, "an ended role is kept"


def test_ending_one_of_two_roles_takes_away_only_what_it_alone_gave(world: World) -> None:
    before = groups(world, "both")
    services.end_membership(
        by=world.person("administrator"),
        membership=world.person("both").memberships.get(role=Role.SIGNATORY),
    )
    assert before - groups(world, "both") == {"organisation/bravo/signatory"}
    assert "sharing/policing" in groups(world, "both")


def test_when_an_organisation_leaves_its_people_lose_the_group_and_nobody_else_does(
    world: World,
) -> None:
    by = world.person("steward")
    policing = world.group("policing")
    services.leave(by=by, belonging=policing.belongings.get(organisation__key="alpha"))
    gone = ("alpha_officer", "alpha_signatory", "alpha_deputy", "coordinator")
    assert not any("policing" in doors(world, key) for key in gone)
    assert "circle" in doors(world, "alpha_officer")
    assert all("policing" in doors(world, key) for key in ("bravo_officer", "author"))
    assert_in_step()


def test_who_belongs_in_two_ways_stays_when_one_of_them_ends(world: World) -> None:
    by = world.person("administrator")
    circle = world.group("circle")
    in_person = services.join(by=by, sharing_group=circle, user=world.person("alpha_officer"))
    services.leave(by=by, belonging=circle.belongings.get(organisation__key="alpha"))
    assert "circle" in doors(world, "alpha_officer")
    assert "circle" not in doors(world, "alpha_signatory")
    services.leave(by=by, belonging=in_person)
    assert "circle" not in doors(world, "alpha_officer")


def test_what_is_done_twice_is_recorded_once(world: World) -> None:
    by, nobody = world.person("administrator"), world.person("nobody")
    alpha, delta = world.organisation("alpha"), world.organisation("delta")
    policing = world.group("policing")
    before = last_event()
    started = [
        services.start_membership(by=by, user=nobody, organisation=alpha, role=Role.OFFICER)
        for _ in range(2)
    ]
    joined = [services.join(by=by, sharing_group=policing, organisation=delta) for _ in range(2)]
    assert started[0] == started[1]
    assert joined[0] == joined[1]
    for _ in range(2):
        services.leave(by=by, belonging=joined[0])
        services.end_membership(by=by, membership=started[0])
    assert [verb for verb, _ in verbs_since(before)] == [
        "membership.started",
        "group.joined",
        "group.left",
        "membership.ended",
    ]


def test_a_role_or_a_belonging_that_begins_again_is_another_one(world: World) -> None:
    by = world.person("administrator")
    first = world.person("alpha_officer").memberships.get()
    services.end_membership(by=by, membership=first)
    again = services.start_membership(
        by=by, user=first.user, organisation=first.organisation, role=first.role
    )
    assert again != first
    policing = world.group("policing")
    left = policing.belongings.get(organisation__key="alpha")
    services.leave(by=by, belonging=left)
    assert "policing" not in doors(world, "alpha_officer")
    joined = services.join(by=by, sharing_group=policing, organisation=left.organisation)
    assert joined != left
    assert "policing" in doors(world, "alpha_officer")


@pytest.mark.parametrize(("days", "ended"), [(-1, True), (0, True), (1, False)])
def test_nobody_starts_in_an_organisation_that_has_ended(
    world: World, days: int, ended: bool
) -> None:
    until = timezone.localdate() + timedelta(days=days)
    Organisation.objects.filter(key="alpha").update(valid_from=date(1974, 4, 1), valid_until=until)

    def start() -> Membership:
        return services.start_membership(
            by=world.person("administrator"),
            user=world.person("nobody"),
            organisation=world.organisation("alpha"),
            role=Role.OFFICER,
        )

    if not ended:
        assert start().ended_at is None
        return
    before = everything()
    with pytest.raises(Refused, match=rf"ended on {until:%-d %B %Y}\. Choose its successor"):
        start()
    assert everything() == before


# --- Who may --------------------------------------------------------------------------------------


def _hire(key: str, role: Role) -> Callable[[World, User | None], object]:
    return lambda world, by: services.start_membership(
        by=by, user=world.person("nobody"), organisation=world.organisation(key), role=role
    )


def _dismiss(key: str) -> Callable[[World, User | None], object]:
    return lambda world, by: services.end_membership(
        by=by, membership=world.person(key).memberships.get()
    )


def _join(group: str) -> Callable[[World, User | None], object]:
    return lambda world, by: services.join(
        by=by, sharing_group=world.group(group), organisation=world.organisation("delta")
    )


def _leave(group: str) -> Callable[[World, User | None], object]:
    return lambda world, by: services.leave(
        by=by, belonging=Belonging.objects.get(sharing_group__key=group, organisation__key="bravo")
    )


def _add(world: World, by: User | None) -> object:
    return services.add_person(by=by, email="new@tests.example", name="New")


def _make_group(world: World, by: User | None) -> object:
    return services.create_group(
        by=by, key="new", name="New", purpose="New.", tier=Tier.PARTICIPANTS
    )


def _change_tier(world: World, by: User | None) -> object:
    return services.change_tier(by=by, sharing_group=world.group("circle"), tier=Tier.PARTICIPANTS)


def _set_absence(world: World, by: User | None) -> object:
    return services.set_absence(
        by=by,
        user=world.person("alpha_signatory"),
        organisation=world.organisation("alpha"),
        from_day=timezone.localdate(),
        until_day=timezone.localdate(),
    )


def _end_absence(world: World, by: User | None) -> object:
    away = Absence.objects.create(
        user=world.person("alpha_signatory"),
        organisation=world.organisation("alpha"),
        from_day=timezone.localdate(),
        until_day=timezone.localdate(),
        set_by=world.person("coordinator"),
    )
    try:
        return services.end_absence(by=by, absence=away)
    except Refused:
        away.delete()
        raise


ALWAYS = {"administrator"}
#: Service, what is asked of it, how it is called, who may, and what is recorded.
ASKED: dict[tuple[str, str], tuple[Callable[[World, User | None], object], set[str], str]] = {
    ("add_person", "a person"): (_add, ALWAYS, "person.added"),
    ("start_membership", "an officer of Alpha"): (
        _hire("alpha", Role.OFFICER),
        ALWAYS | {"coordinator"},
        "membership.started",
    ),
    ("start_membership", "an officer of Bravo"): (
        _hire("bravo", Role.OFFICER),
        ALWAYS,
        "membership.started",
    ),
    **{
        ("start_membership", f"{role} of Alpha"): (
            _hire("alpha", role),
            ALWAYS,
            "membership.started",
        )
        for role in Role
        if role != Role.OFFICER
    },
    ("end_membership", "an officer of Alpha"): (
        _dismiss("alpha_officer"),
        ALWAYS | {"coordinator"},
        "membership.ended",
    ),
    ("end_membership", "an officer of Bravo"): (
        _dismiss("bravo_officer"),
        ALWAYS,
        "membership.ended",
    ),
    ("end_membership", "a signatory of Alpha"): (
        _dismiss("alpha_signatory"),
        ALWAYS,
        "membership.ended",
    ),
    ("create_group", "a group"): (_make_group, ALWAYS, "group.created"),
    ("change_tier", "a group"): (_change_tier, ALWAYS, "group.tier_changed"),
    ("join", "the group of the steward"): (_join("policing"), ALWAYS | {"steward"}, "group.joined"),
    ("join", "another group"): (_join("circle"), ALWAYS, "group.joined"),
    ("leave", "the group of the steward"): (_leave("policing"), ALWAYS | {"steward"}, "group.left"),
    ("leave", "another group"): (_leave("circle"), ALWAYS, "group.left"),
    ("set_absence", "a signatory of Alpha"): (
        _set_absence,
        ALWAYS | {"coordinator", "alpha_signatory"},
        "absence.set",
    ),
    ("end_absence", "a signatory of Alpha"): (
        _end_absence,
        ALWAYS | {"coordinator", "alpha_signatory"},
        "absence.ended",
    ),
}


def test_every_service_that_somebody_asks_for_is_asked_here() -> None:
    services_with_an_actor = {
        name
        for name, function in inspect.getmembers(services, inspect.isfunction)
        if function.__module__ == services.__name__
        and not name.startswith("_")
        and "by" in inspect.signature(function).parameters
    }
    assert services_with_an_actor == {name for name, _ in ASKED}


@pytest.mark.parametrize("what", ASKED, ids=" ".join)
def test_who_may_is_recorded_and_who_may_not_changes_nothing(
    world: World, what: tuple[str, str]
) -> None:
    ask, may, verb = ASKED[what]
    before, last = everything(), last_event()
    for key, person in (*world.everyone().items(), ("nobody who is known", None)):
        if key in may and person is not None:
            with undone():
                ask(world, person)
                assert verbs_since(last) == [(verb, person.pk)]
                assert_in_step()
            continue
        with pytest.raises(Refused, match=r"^(Only|Nobody) .+ (may do this|for you)\b"):
            ask(world, person)
        assert last_event() == last, f"{key} is refused and recorded"
    assert everything() == before


@pytest.mark.parametrize("what", ASKED, ids=" ".join)
def test_who_may_no_longer_sign_in_may_do_nothing_here(world: World, what: tuple[str, str]) -> None:
    ask, may, _ = ASKED[what]
    numbers = [world.people[key] for key in may]
    User.objects.filter(pk__in=numbers).update(is_active=False)
    before = everything()
    for key in sorted(may):
        with pytest.raises(Refused):
            ask(world, world.person(key))
    assert everything() == before


def test_who_was_an_administrator_or_coordinator_is_one_no_more(world: World) -> None:
    by = world.person("administrator")
    services.end_membership(by=by, membership=world.person("coordinator").memberships.get())
    with pytest.raises(Refused, match="Only a coordinator of Alphashire Police"):
        _hire("alpha", Role.OFFICER)(world, world.person("coordinator"))
    second = services.start_membership(
        by=by,
        user=world.person("outsider"),
        organisation=world.organisation("team"),
        role=Role.ADMINISTRATOR,
    )
    with undone():
        _add(world, world.person("outsider"))
    services.end_membership(by=by, membership=second)
    with pytest.raises(Refused, match="Only an administrator"):
        _add(world, world.person("outsider"))


@pytest.mark.parametrize("key", ["administrator", "coordinator"])
def test_nobody_gives_a_role_to_themselves(world: World, key: str) -> None:
    before = everything()
    with pytest.raises(Refused, match="Nobody widens their own access"):
        services.start_membership(
            by=world.person(key),
            user=world.person(key),
            organisation=world.organisation("alpha"),
            role=Role.OFFICER,
        )
    assert everything() == before


@pytest.mark.parametrize("key", ["administrator", "steward"])
def test_nobody_lets_themselves_into_a_group(world: World, key: str) -> None:
    before = everything()
    with pytest.raises(Refused, match="Nobody widens their own access"):
        services.join(
            by=world.person(key), sharing_group=world.group("policing"), user=world.person(key)
        )
    assert everything() == before


def test_the_last_administrator_stays(world: World) -> None:
    by = world.person("administrator")
    last = by.memberships.get(role=Role.ADMINISTRATOR)
    before = everything()
    with pytest.raises(Refused, match="There has to be an administrator"):
        services.end_membership(by=by, membership=last)
    assert everything() == before
    services.start_membership(
        by=by,
        user=world.person("nobody"),
        organisation=last.organisation,
        role=Role.ADMINISTRATOR,
    )
    services.end_membership(by=world.person("nobody"), membership=last)
    assert groups(world, "administrator") == set()


@pytest.mark.django_db
def test_an_installation_is_set_up_by_nobody_until_there_is_an_administrator() -> None:
    team = Organisation.objects.create(key="team", name="Team", short_name="Team", kind=Kind.TEAM)
    first = services.add_person(by=None, email="first@tests.example", name="First")
    services.start_membership(by=None, user=first, organisation=team, role=Role.ADMINISTRATOR)
    before = everything()
    with pytest.raises(Refused, match="Only an administrator"):
        services.add_person(by=None, email="second@tests.example", name="Second")
    assert everything() == before
    services.add_person(by=first, email="second@tests.example", name="Second")


# --- Two at once ----------------------------------------------------------------------------------


def _in_a_thread(work: Callable[[], object]) -> tuple[Thread, list[Exception]]:
    """The work begins on a connection of its own; what it raised is told."""
    raised: list[Exception] = []

    def run() -> None:
        try:
            with connection.cursor() as cursor:  # fail by name rather than hang
                cursor.execute("SET statement_timeout = '20s'")
            work()
        except Exception as error:  # noqa: BLE001 - told to the test, which fails on any
            raised.append(error)
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    return thread, raised


def _until_it_waits_or_ends(thread: Thread) -> None:
    """Until the database says that somebody waits for a lock here, or the thread is done."""
    until = time.monotonic() + 10
    while thread.is_alive() and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock')"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["the person", "the organisation"])
@pytest.mark.parametrize("comes", [True, False], ids=["joins", "leaves"])
def test_who_starts_while_their_organisation_comes_or_goes_is_in_step(
    first: str, comes: bool
) -> None:
    """Neither transaction sees the other's row, so one of them has to wait."""
    alpha = Organisation.objects.create(
        key="alpha", name="Alpha", short_name="Alpha", kind=Kind.FORCE
    )
    group = services.create_group(
        by=None, key="circle", name="Circle", purpose="To try.", tier=Tier.POLICING
    )
    person = services.add_person(by=None, email="new@tests.example", name="New")
    there = None if comes else services.join(by=None, sharing_group=group, organisation=alpha)

    def start() -> object:
        return services.start_membership(
            by=None, user=person, organisation=alpha, role=Role.OFFICER
        )

    def move() -> object:
        if there is None:
            return services.join(by=None, sharing_group=group, organisation=alpha)
        return services.leave(by=None, belonging=there)

    one, other = (start, move) if first == "the person" else (move, start)
    with transaction.atomic():
        one()
        thread, raised = _in_a_thread(other)
        _until_it_waits_or_ends(thread)
    thread.join(timeout=30)
    assert not thread.is_alive()
    assert raised == []
    assert_in_step()
    assert ("sharing/circle" in groups_that_people_have()["new@tests.example"]) is comes


@pytest.mark.django_db(transaction=True)
def test_two_who_change_each_other_at_once_do_not_wait_in_a_circle() -> None:
    """What is recorded of somebody does not wait for a change of their groups to end."""
    person = services.add_person(by=None, email="new@tests.example", name="New")

    def read() -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '5s'")
            audit.record("version.read", by=person, subject=person)

    with transaction.atomic():
        services.keep_in_step(User.objects.filter(pk=person.pk))
        thread, raised = _in_a_thread(read)
        thread.join(timeout=30)
        assert not thread.is_alive()
    assert raised == []
    assert [verb for verb, _ in verbs_since(0)] == ["person.added", "version.read"]
