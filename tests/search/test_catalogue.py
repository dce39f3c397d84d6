"""Is what a process keeps as new as the database, at every look?

With real transactions and several connections: what one commits, the other has to see at its next
look; what one has not committed, nobody else ever.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from debriefs.models import Version
from debriefs.search import catalogue, finding, index
from debriefs.search.query import parse
from debriefs.services import releasing, signing
from debriefs.workflow import State
from portal import services
from portal.models import Organisation, Region, Tier
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Each test begins with a process that has not looked yet, and leaves one."""
    catalogue.forget()
    yield
    catalogue.forget()


def elsewhere(act: Callable[[], Any]) -> None:
    """Do it on another connection, to its end."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


def visible(world: World, person: str, question: str = "") -> set[int]:
    """The numbers of what the person finds."""
    return set(finding.find(world.person(person), parse(question)).versions.tolist())


def test_what_another_connection_releases_and_takes_back_is_seen_at_the_next_look(
    world: World,
) -> None:
    """In lists and in searches for words that were looked for before."""
    first = world.debrief_at(State.RELEASED)
    assert visible(world, "charlie_officer") == {first.pk}
    assert visible(world, "charlie_officer", "women at night") == {first.pk}
    second = world.debrief_at(State.AGREED)

    elsewhere(
        lambda: releasing.release(
            by=world.person("editor"), version=second, sharing_group=world.group("policing")
        )
    )

    assert visible(world, "charlie_officer") == {first.pk, second.pk}
    assert visible(world, "charlie_officer", "women at night") == {first.pk, second.pk}

    elsewhere(
        lambda: signing.withdraw_consent(
            by=world.person("alpha_signatory"),
            signoff=first.signoffs.get(organisation__key="alpha"),
            reason="A trial.",
        )
    )

    assert visible(world, "charlie_officer") == {second.pk}
    assert visible(world, "charlie_officer", "women at night") == {second.pk}


def test_what_is_not_committed_is_seen_by_nobody_else_and_not_kept(world: World) -> None:
    """Neither before it is undone nor after."""
    version = world.debrief_at(State.AGREED)
    seen_elsewhere: list[set[int]] = []
    assert visible(world, "charlie_officer") == set()

    with transaction.atomic():
        releasing.release(
            by=world.person("editor"), version=version, sharing_group=world.group("policing")
        )
        assert visible(world, "charlie_officer", "women") == {version.pk}
        elsewhere(lambda: seen_elsewhere.append(visible(world, "charlie_officer", "women")))
        transaction.set_rollback(True)

    assert seen_elsewhere == [set()]
    assert visible(world, "charlie_officer", "women") == set()


def test_a_transaction_that_began_before_the_last_look_is_seen_when_it_commits(
    world: World,
) -> None:
    """Its number is lower than those that were seen already."""
    slow = world.debrief_at(State.AGREED)
    quick = world.debrief_at(State.AGREED)
    began, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            releasing.release(
                by=world.person("editor"), version=slow, sharing_group=world.group("policing")
            )
            began.set()
            go_on.wait(30)
        connection.close()

    thread = threading.Thread(target=slowly)
    thread.start()
    began.wait(30)
    with connection.cursor() as cursor:  # a later number, committed first
        cursor.execute("SELECT pg_current_xact_id()")
    assert visible(world, "charlie_officer") == set()
    go_on.set()
    thread.join()

    assert visible(world, "charlie_officer") == {slow.pk}
    releasing.release(
        by=world.person("editor"), version=quick, sharing_group=world.group("policing")
    )
    assert visible(world, "charlie_officer") == {slow.pk, quick.pk}


def test_a_wider_or_narrower_group_is_seen_at_the_next_look(world: World) -> None:
    """The clearance is that of the tier of today."""
    version = world.debrief_at(
        State.RELEASED,
        facts=world.facts(reach=Tier.PARTNERS, facts_reach=Tier.POLICING),
        parts=[
            world.section(Tier.PARTNERS, markdown="An okapi."),
            world.lesson(Tier.POLICING, observed="A narwhal."),
        ],
    )
    assert visible(world, "charlie_officer", "narwhal") == {version.pk}

    elsewhere(
        lambda: services.change_tier(
            by=world.person("administrator"),
            sharing_group=world.group("policing"),
            tier=Tier.PARTNERS,
        )
    )

    assert visible(world, "charlie_officer", "narwhal") == set()
    assert visible(world, "charlie_officer", "okapi") == {version.pk}
    assert finding.find(world.person("charlie_officer"), parse("")).counts("theme") == {}


def test_a_force_that_moves_to_another_region_is_counted_there(world: World) -> None:
    """Everything is read again."""
    world.debrief_at(State.RELEASED)
    officer = world.person("charlie_officer")
    assert finding.find(officer, parse("")).counts("region") == {"north": 1}

    Organisation.objects.filter(key="alpha").update(region=Region.objects.get(key="south"))

    assert finding.find(officer, parse("")).counts("region") == {"north": 1, "south": 1}


def test_a_region_that_is_renamed_is_called_so_at_the_next_look(world: World) -> None:
    """Names are kept with the catalogue."""
    world.debrief_at(State.RELEASED)
    officer = world.person("charlie_officer")
    before = catalogue.current().view(officer).words("region")

    Region.objects.filter(key="north").update(name="The far north")

    assert catalogue.current().view(officer).words("region") == [("north", "The far north")]
    assert before != [("north", "The far north")]


def test_a_rebuild_is_seen_at_the_next_look(world: World) -> None:
    """What was kept of the postings as well."""
    version = world.debrief_at(State.RELEASED)
    officer = world.person("charlie_officer")
    before = finding.find(officer, parse("women"))
    index.rebuild()

    after = finding.find(officer, parse("women"))

    assert after.versions.tolist() == [version.pk]
    assert after.view.catalogue is not before.view.catalogue


def test_a_look_at_what_has_not_changed_takes_one_query(
    world: World, django_assert_num_queries: Any
) -> None:
    """And gives the very same catalogue."""
    world.debrief_at(State.RELEASED)
    first = catalogue.current()

    with django_assert_num_queries(1):
        assert catalogue.current() is first


def test_the_catalogue_says_what_the_database_says(world: World) -> None:
    """For everyone, version by version: who reads it, and who reads its facts."""
    for groups in (("policing",), ("circle",), ("policing", "partners")):
        world.debrief_at(State.RELEASED, facts=world.facts(reach=Tier.PARTNERS), groups=groups)
    for person in world.everyone().values():
        view = catalogue.current().view(person)
        read = Version.objects.visible_to(person).values_list("pk", flat=True)
        facts = Version.objects.facts_visible_to(person).values_list("pk", flat=True)

        assert set(catalogue.versions_in(view.visible).tolist()) == set(read)
        assert set(catalogue.versions_in(view.facts).tolist()) == set(facts)
