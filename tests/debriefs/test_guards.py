"""What does the database hold on to when somebody writes rows behind the services' back?

Sealed rows themselves are in `test_seal.py`; here are the ways around them: names that a signature
uses, temporary tables, strangers in a group, and a part that slips in while the version is sealed.
"""

from __future__ import annotations

from threading import Event, Thread

import pytest
from django.db import IntegrityError, connection, connections, models, transaction

from debriefs.models import Country, ExploitationType, Offence, Part, Theme, Version
from debriefs.services import checking, signing
from debriefs.services.seal import digest_of
from debriefs.workflow import State
from portal.models import Belonging, Organisation, Tier
from tests.kept import kept_world
from tests.world import World

NAMED: tuple[tuple[type[models.Model], str], ...] = (
    (Organisation, "participations__version"),
    (Theme, "versions"),
    (ExploitationType, "versions"),
    (Offence, "versions"),
    (Country, "versions"),
)


def _checked(world: World) -> Version:
    """A version that an editor can send now."""
    version = world.debrief_at(State.CHECKING)
    return checking.check(
        by=world.person("second_author"), version=version, revision=version.revision
    )


@pytest.mark.parametrize("column", ["key", "name"])
@pytest.mark.parametrize(("model", "path"), NAMED, ids=lambda it: getattr(it, "__name__", ""))
def test_what_a_signed_version_names_keeps_its_name(
    world: World, model: type[models.Model], path: str, column: str
) -> None:
    """Or the page would show other words than were signed, under the same digest."""
    draft = _checked(world)
    used = model._default_manager.filter(**{path: draft}).first()
    assert used is not None
    rows = model._default_manager.filter(pk=used.pk)
    assert rows.update(**{column: "before-the-seal"}) == 1

    signing.send(by=world.person("editor"), version=draft)

    with pytest.raises(IntegrityError, match="a signed version names it"), transaction.atomic():
        rows.update(**{column: "after-the-seal"})
    assert rows.values_list(column, flat=True).get() == "before-the-seal"


def test_what_is_said_about_a_named_organisation_may_change(world: World) -> None:
    """Its domains, and that it ended; its name does not: a renamed force is a successor."""
    version = world.debrief_at(State.RELEASED)
    rows = Organisation.objects.filter(participations__version=version)
    assert rows.update(email_domains=["new.example"], short_name="New") > 0


def test_a_statute_that_was_signed_keeps_its_words(world: World) -> None:
    version = world.debrief_at(State.AGREED)
    with pytest.raises(IntegrityError, match="a signed version names it"), transaction.atomic():
        Offence.objects.filter(versions=version).update(statute="Another Act")


def test_a_temporary_table_is_not_taken_for_the_portals_own(world: World) -> None:
    """PostgreSQL looks there first, unless a function says where to look."""
    version = world.debrief_at(State.RELEASED)
    before = list(Part.objects.filter(version=version).values_list("html", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE debriefs_version (id bigint, sealed_at timestamptz, readers int[])"
            " ON COMMIT DROP"
        )
        cursor.execute("INSERT INTO pg_temp.debriefs_version VALUES (%s, NULL, '{}')", [version.pk])
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            cursor.execute(
                "UPDATE public.debriefs_part SET html = 'forged' WHERE version_id = %s",
                [version.pk],
            )
        cursor.execute("DROP TABLE pg_temp.debriefs_version")
    assert list(Part.objects.filter(version=version).values_list("html", flat=True)) == before


def test_a_group_with_somebody_it_cannot_hold_reads_nothing(world: World) -> None:
    """The service refuses the partner; a row that was written by hand closes the group."""
    version = world.debrief_at(State.RELEASED, groups=("policing",))
    officer = world.person("charlie_officer")
    assert Version.objects.visible_to(officer).filter(pk=version.pk).exists()

    stranger = Belonging.objects.create(
        sharing_group=world.group("policing"), organisation=world.organisation("harbour")
    )
    assert Version.objects.get(pk=version.pk).readers == []
    assert not Part.objects.visible_to(officer).filter(version=version).exists()

    stranger.ended_at = stranger.started_at
    stranger.save()
    assert Version.objects.visible_to(officer).filter(pk=version.pk).exists()


def test_a_sharing_group_stays_the_group_that_grants_were_made_to(world: World) -> None:
    one, other = world.group("policing"), world.group("circle")
    with pytest.raises(IntegrityError, match="appended only"), transaction.atomic():
        type(one).objects.filter(pk=one.pk).update(group=other.group)


@pytest.mark.django_db(transaction=True)
def test_a_part_that_slips_in_while_the_version_is_sealed_is_sealed_with_it() -> None:
    """The seal waits for whoever is writing, and takes the digest of what they wrote."""
    world = kept_world()
    version = _checked(world)
    written, go_on = Event(), Event()

    def write() -> None:
        try:
            with transaction.atomic():
                Part.objects.create(
                    version=version,
                    position=99,
                    kind=Part.Kind.SECTION,
                    title="Slipped in",
                    markdown="It came late.",
                    html="<p>It came late.</p>",
                    reach=Tier.POLICING,
                )
                written.set()
                go_on.wait(10)
        finally:
            connections.close_all()

    def release_the_writer_when_the_seal_waits() -> None:
        try:
            for _ in range(200):
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT FROM pg_stat_activity WHERE datname = current_database()"
                        " AND wait_event_type = 'Lock'"
                    )
                    if cursor.fetchone() is not None or go_on.wait(0.05):
                        return
        finally:
            go_on.set()
            connections.close_all()

    writer = Thread(target=write)
    writer.start()
    assert written.wait(10)
    watcher = Thread(target=release_the_writer_when_the_seal_waits)
    watcher.start()
    sealed = signing.send(by=world.person("editor"), version=version)
    writer.join(10)
    watcher.join(10)

    assert sealed.parts.filter(title="Slipped in").exists()
    assert digest_of(sealed) == sealed.digest
