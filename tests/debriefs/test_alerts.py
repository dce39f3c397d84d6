"""Who is told that something new matches what they saved, and who is not, or not any more?"""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.test import Client
from django_tasks_db.models import DBTaskResult

from debriefs.models import Notice, SavedSearch, Version
from debriefs.models.vocabulary import Heading
from debriefs.search import finding, query
from debriefs.services import alerting, inbox, searches
from debriefs.tasks import TaskFailed
from debriefs.workflow import State
from portal import services
from portal.models import Belonging, Tier
from tests.debriefs.test_notices import take_back
from tests.post import told, work
from tests.world import World

KIND = "search_matched"


def save(world: World, key: str = "alpha_officer", **how: Any) -> SavedSearch:
    """The person is told of what has the rare word from now on."""
    asked: dict[str, Any] = {
        "name": "Mine",
        "words": "thaumaturgy",
        "narrowing": {},
        "alerts": True,
    } | how
    return searches.save(by=world.person(key), **asked)


def share(world: World, words: str = "Thaumaturgy was tried.", **how: Any) -> Version:
    """A debrief with these words is released, and the worker has seen to it."""
    tier = how.pop("tier", Tier.POLICING)
    parts = [world.section(tier, markdown=words), world.lesson(Tier.POLICING)]
    version = world.debrief_at(State.RELEASED, parts=parts, **how)
    work()
    return version


def versions_told(search: SavedSearch) -> list[Any]:
    return sorted(search.notices.values_list("version", flat=True))


def test_whoever_may_read_it_is_told_once(world: World) -> None:
    search = save(world)
    save(world, "outsider")
    version = share(world)
    for _ in range(2):
        alerting.look.call(version.pk)
        assert alerting.everyone() == 0
    work()

    assert told(world, KIND) == {"alpha_officer"}
    assert versions_told(search) == [version.pk]
    assert [each.to for each in mail.outbox if "matches a search" in each.subject] == [
        ["alpha_officer@tests.example"]
    ]


def test_what_does_not_match_is_not_told(world: World) -> None:
    save(world)
    share(world, "Nothing of the sort.")

    assert not told(world, KIND)


def test_what_was_there_already_is_not_told(world: World) -> None:
    share(world)
    search = save(world, alerts=False)
    searches.set_alerts(by=world.person("alpha_officer"), number=search.pk, alerts=True)
    assert alerting.everyone() == 0
    share(world, "Other words.")

    assert not told(world, KIND)


def test_while_alerts_are_off_nothing_is_told_and_not_afterwards_either(world: World) -> None:
    search, person = save(world), world.person("alpha_officer")
    searches.set_alerts(by=person, number=search.pk, alerts=False)
    share(world)
    searches.set_alerts(by=person, number=search.pk, alerts=True)

    assert alerting.everyone() == 0
    assert not told(world, KIND)


def test_a_word_in_a_part_that_one_may_not_read_does_not_match(world: World) -> None:
    """The partners read the other part, and find nothing there."""
    save(world, "partner_officer")
    save(world, "alpha_officer")
    world.debrief_at(
        State.RELEASED,
        facts=world.facts(reach=Tier.PARTNERS),
        parts=[
            world.section(Tier.POLICING, markdown="Thaumaturgy was tried."),
            world.section(Tier.PARTNERS, heading=Heading.PARTNERS, markdown="It was not."),
        ],
        groups=("policing", "partners"),
    )
    work()

    assert told(world, KIND) == {"alpha_officer"}


def test_filters_alone_are_a_search(world: World) -> None:
    search = save(world, words="", narrowing={"force": ["alpha"]})
    save(world, name="Other", words="", narrowing={"force": ["delta"]})
    version = share(world, "Anything.")

    assert versions_told(search) == [version.pk]
    assert Notice.objects.filter(kind=KIND).count() == 1


def test_whoever_joins_a_group_is_told_of_what_it_reads(world: World) -> None:
    search = save(world, "outsider")
    version = share(world, groups=("circle",))
    assert not told(world, KIND)
    services.join(
        by=world.administrator, sharing_group=world.group("circle"), user=world.person("outsider")
    )

    assert alerting.everyone() == 1
    assert versions_told(search) == [version.pk]


def test_whoever_is_hired_by_a_force_is_told_of_what_it_reads(world: World) -> None:
    search = save(world, "nobody")
    version = share(world)
    world.hire("nobody", "charlie", "officer")

    assert alerting.everyone() == 1
    assert versions_told(search) == [version.pk]


def test_another_group_that_reads_it_too_makes_nothing_new(world: World) -> None:
    version = share(world)
    save(world)
    world.release(version, "circle")
    work()

    assert not told(world, KIND)


def test_the_next_version_is_another_one(world: World) -> None:
    search = save(world)
    version = share(world)
    following = world.follow(version)
    work()

    assert versions_told(search) == sorted([version.pk, following.pk])
    shown = inbox.everything(world.person("alpha_officer")).filter(kind=KIND)
    assert [notice.version_id for notice in shown] == [following.pk]


def test_whoever_shared_it_is_not_told(world: World) -> None:
    save(world, "editor")
    save(world, "author")
    share(world)

    assert told(world, KIND) == {"author"}


def test_what_is_public_is_told_to_whoever_belongs_nowhere(world: World) -> None:
    search = save(world, "nobody")
    version = world.debrief_at(
        State.RELEASED,
        facts=world.facts(reach=Tier.PUBLIC),
        parts=[
            world.section(
                Tier.PUBLIC, heading=Heading.PUBLIC_SUMMARY, markdown="Thaumaturgy was tried."
            )
        ],
        groups=("public",),
    )
    work()

    assert versions_told(search) == [version.pk]


def test_only_so_many_are_told_of_at_once_and_the_rest_next_time(world: World) -> None:
    search = save(world, "outsider")
    made = [share(world, groups=("circle",)).pk for _ in range(alerting.AT_ONCE + 1)]
    services.join(
        by=world.administrator, sharing_group=world.group("circle"), user=world.person("outsider")
    )

    assert alerting.everyone() == alerting.AT_ONCE
    assert alerting.everyone() == 1
    assert alerting.everyone() == 0
    assert versions_told(search) == sorted(made)


# --- Leak path 11: it vanishes on revoking --------------------------------------------------------


def test_what_is_revoked_vanishes_from_everywhere(world: World) -> None:
    save(world)
    version = share(world)
    browser, person = Client(), world.person("alpha_officer")
    browser.force_login(person)
    notice = Notice.objects.get(kind=KIND)
    name = f"Operation {version.debrief.operation}"
    assert name in browser.get("/notices/").content.decode()
    take_back(world, version, "policing")

    assert name not in browser.get("/notices/").content.decode().partition("was withdrawn")[0]
    assert not inbox.everything(world.person("alpha_officer")).filter(kind=KIND)
    assert browser.get(f"/notices/{notice.pk}/").status_code == 410
    assert version.debrief.operation not in browser.get("/searches/").content.decode()
    found = finding.find(person, query.parse("thaumaturgy"))
    assert version.pk not in set(map(int, found.versions))


@pytest.mark.parametrize("what", ["taken back", "left", "switched off", "deleted"])
def test_nobody_is_mailed_of_what_is_over_when_the_worker_comes_to_it(
    world: World, what: str
) -> None:
    search = save(world, "guest")
    parts = [world.section(markdown="Thaumaturgy was tried."), world.lesson()]
    version = world.debrief_at(State.RELEASED, parts=parts, groups=("circle",))
    assert alerting.tell_of_new(search.pk) == 1
    match what:
        case "taken back":
            take_back(world, version, "circle")
        case "left":
            belonging = Belonging.objects.get(user=world.people["guest"], ended_at__isnull=True)
            services.leave(by=world.administrator, belonging=belonging)
        case "switched off":
            searches.set_alerts(by=world.person("guest"), number=search.pk, alerts=False)
        case "deleted":
            searches.delete(by=world.person("guest"), number=search.pk)
    work()

    assert not [each for each in mail.outbox if "matches a search" in each.subject]


def test_nothing_is_kept_of_what_a_search_found() -> None:
    fields = {each.name for each in SavedSearch._meta.get_fields()}

    assert fields == {
        *("id", "person", "name", "words", "narrowing", "saved_at", "alerts_since", "notices")
    }


# --- The worker -----------------------------------------------------------------------------------


def test_a_release_asks_for_it_in_its_own_transaction_where_anybody_wants_to_know(
    world: World,
) -> None:
    def asked() -> int:
        return DBTaskResult.objects.filter(task_path__endswith="alerting.look").count()

    world.debrief_at(State.RELEASED)
    assert asked() == 0
    save(world)
    world.debrief_at(State.RELEASED)
    assert asked() == 1


def test_only_searches_of_those_who_read_it_are_run(world: World) -> None:
    mine = save(world)
    save(world, "outsider")
    save(world, "inactive")
    version = share(world)
    with mock.patch.object(alerting, "tell_of_new", return_value=0) as run:
        alerting.look.call(version.pk)

    assert [call.args for call in run.call_args_list] == [(mine.pk,)]


def test_one_search_that_fails_keeps_no_other_from_being_run(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """And neither the log nor the table of tasks says what was searched for."""
    save(world, words="zqsecret")
    search = save(world, "bravo_officer")
    find = finding.find

    def broken(person: Any, asked: Any, *rest: Any) -> Any:
        if "zqsecret" in asked.text:
            raise ValueError(asked.text)
        return find(person, asked, *rest)

    with mock.patch.object(finding, "find", broken):
        version = share(world)
        with pytest.raises(TaskFailed, match="1 saved search"):
            alerting.everyone()

    assert versions_told(search) == [version.pk]
    assert not [each for each in DBTaskResult.objects.values() if "zqsecret" in str(each)]
