"""Is what a writer is told about who will read it what comes true once it is shared?"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from debriefs import permissions
from debriefs.models import Version
from debriefs.services import audience
from debriefs.workflow import State
from portal.models import Tier, User
from tests.access.scene import tiered
from tests.world import World, fresh

FORCES = ["Alphashire Police", "Bravoshire Police"]


@pytest.fixture
def version(world: World) -> Version:
    """A version that may go to partners, with a section and a lesson of each tier up to there."""
    return world.debrief_at(
        State.AGREED,
        facts=world.facts(reach=Tier.PARTNERS),
        parts=tiered(world, Tier.PARTNERS),
    )


def readers(version: Version) -> set[int]:
    """The numbers of the people who read the version because it is shared with them."""
    people = permissions.READER.people(version)
    return set(User.objects.filter(people, is_active=True).values_list("pk", flat=True))


def test_each_tier_names_its_groups_and_their_organisations(world: World, version: Version) -> None:
    """From the narrowest to the widest that the version may reach, and no further."""
    found = audience.of(version)

    assert found.reach == Tier.PARTNERS
    assert [
        (ring.tier, [(circle.group.key, list(circle.organisations)) for circle in ring.circles])
        for ring in found.rings
    ] == [
        (Tier.PARTICIPANTS, [("participants", FORCES)]),
        (
            Tier.POLICING,
            [("circle", FORCES), ("policing", [*FORCES, "Charlieshire Police", "Project Team"])],
        ),
        (Tier.PARTNERS, [("partners", ["Harbour Agency"])]),
    ]


def test_everyone_is_counted_once_and_those_who_may_not_sign_in_never(
    world: World, version: Version
) -> None:
    """Alpha's people are in three groups; one of them is not active."""
    found = audience.of(version)

    circles = {circle.group.key: circle for ring in found.rings for circle in ring.circles}
    for key, circle in circles.items():
        people = User.objects.filter(groups=world.group(key).group, is_active=True)
        assert circle.people == people.distinct().count() > 0
    inactive = world.person("inactive")
    assert inactive.groups.filter(sharing_group__key="policing").exists()


def test_the_count_is_who_reads_once_it_is_shared_with_all_of_them(
    world: World, version: Version
) -> None:
    """Tier by tier: the promise, then the readers that the database derives."""
    told = audience.of(version)
    for ring in told.rings:
        for circle in ring.circles:
            world.release(version, circle.group.key)
        assert len(readers(fresh(version))) == ring.people


def test_a_group_of_participating_forces_with_a_stranger_in_it_is_no_audience(
    world: World,
) -> None:
    """It could not be released to them either."""
    version = world.debrief_at(State.AGREED, facts=world.facts(supporting=()))

    groups = [circle.group.key for ring in audience.of(version).rings for circle in ring.circles]

    assert groups == ["circle", "policing"]


def test_a_part_reaches_the_rings_within_its_own_reach(world: World, version: Version) -> None:
    """The narrower of the two reaches binds, whichever it is."""
    found = audience.of(version)

    narrow = found.within(Tier.POLICING)
    assert [ring.tier for ring in narrow.rings] == [Tier.PARTICIPANTS, Tier.POLICING]
    assert found.within(Tier.PUBLIC) == found


def test_the_audience_is_told_in_one_line(world: World, version: Version) -> None:
    """With the number of groups and people; of the public there is no number."""
    found = audience.of(version)
    people = found.rings[-1].people

    assert found.words == f"Law-enforcement partners: 4 groups, {people} people"
    one = audience.Audience(Tier.PARTICIPANTS, [audience.Ring(Tier.PARTICIPANTS, (), 1)])
    assert one.words == "Participating forces: 0 groups, 1 person"

    version.reach = Tier.PUBLIC
    assert audience.of(version).words == "Anybody, signed in or not"
    assert audience.of(version).rings[-1].public


def test_the_audience_takes_three_queries(world: World, version: Version) -> None:
    """However many groups, organisations and people there are, and for every part as well."""
    with CaptureQueriesContext(connection) as queries:
        found = audience.of(version)
        for part in (1, 2, 3):
            assert found.within(part).words

    assert len(queries) == 3
