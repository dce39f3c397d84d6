"""Does the desk count what is there, and does every number open its list?

Who may open it is tested in `tests/access`.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from debriefs.demo.operations import on
from debriefs.models import Notice, Review, Save, Version
from debriefs.services import desk, lanes, releasing, reviewing, signing, writing
from debriefs.workflow import State
from portal.models import Role, Tier
from tests.access.scene import tiered
from tests.world import AGREE, World


def page_of(response: Any, status: int = 200) -> str:
    """What the answer shows, with entities as characters."""
    assert response.status_code == status
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()))


def visit(world: World, name: str = "desk", *arguments: str, person: str = "editor") -> str:
    """The desk, or one of its lists, as the person sees it."""
    client = Client()
    client.force_login(world.person(person))
    address, _, query = (arguments[0] if arguments else "").partition("?")
    found = reverse(f"debriefs:{name}", args=[address] if address else [])
    return page_of(client.get(f"{found}?{query}"))


def numbers(world: World, person: str = "editor") -> dict[str, int]:
    """Each number of the desk by its list, without those that are none."""
    pipeline, watched = desk.board(world.person(person), at_most=4)
    counts = [*pipeline, *watched, *(part for count in watched for part in count.parts)]
    return {count.lane.key: count.number for count in counts if count.number}


def rows(world: World, key: str, sort: str = "age") -> list[desk.Row]:
    """The rows of a list."""
    lane = desk.LANES[key]
    return desk.rows_of(lane, desk.sorted_rows(world.person("editor"), lane, sort))


def reached_far(world: World, state: State, **more: Any) -> Version:
    """A debrief that may go to partners."""
    return world.debrief_at(
        state,
        facts=world.facts(reach=Tier.PARTNERS),
        parts=tiered(world, Tier.PARTNERS),
        **more,
    )


# --- What is counted ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.DRAFTING, {"drafting": 1}),
        (State.CHECKING, {"checking": 1}),
        (State.WITH_FORCES, {"with-forces": 1, "waiting": 2}),
        (State.RETURNED, {"returned": 1}),
        (State.AGREED, {"agreed": 1}),
        (State.RELEASED, {"released": 1}),
        (State.SUPERSEDED, {"released": 1}),
        (State.WITHDRAWN, {"withdrawn": 1}),
        (State.DISCARDED, {}),
    ],
)
def test_version_stands_in_one_place_of_the_pipeline(
    world: World, state: State, expected: dict[str, int]
) -> None:
    """Every state has its place; superseded and discarded ones are no work."""
    world.debrief_at(state)

    assert numbers(world) == expected


def test_every_state_is_expected() -> None:
    """A new state needs a place on the desk, or a word that it has none."""
    marks = test_version_stands_in_one_place_of_the_pipeline.pytestmark  # type: ignore[attr-defined]
    assert {state for state, _ in marks[0].args[1]} == set(State)


def test_checked_version_waits_for_an_editor(world: World) -> None:
    """It is no longer to be checked."""
    version = world.debrief_at(State.CHECKING, checked=True)

    assert numbers(world) == {"checked": 1}
    assert rows(world, "checked")[0].who == "Editor"
    assert rows(world, "checked")[0].url == reverse("debriefs:send", args=[version.debrief.slug])


@pytest.mark.parametrize("state", [State.RETURNED, State.WITHDRAWN])
def test_version_that_is_followed_is_no_longer_work(world: World, state: State) -> None:
    """Unless the next one was discarded."""
    version = world.debrief_at(state)
    second = writing.reopen(by=world.person("author"), version=version)
    assert numbers(world) == {"drafting": 1}

    writing.discard(by=world.person("author"), version=second)

    assert numbers(world) == {state.value: 1}


def test_forces_we_wait_for_are_named_with_what_they_are_late(world: World) -> None:
    """Those that decided are not among them; how often they were reminded is."""
    version = world.debrief_at(State.WITH_FORCES, answers={"alpha": AGREE})
    (row,) = rows(world, "waiting")
    assert (row.who, row.due, row.late) == ("Bravoshire Police", version.due_on, False)
    assert row.days == 0
    assert row.about == "not reminded yet"
    assert rows(world, "with-forces")[0].about == "1 of 2 decided"

    for kind, force in (
        ("sign_off_due", "bravo"),
        ("sign_off_overdue", "bravo"),
        ("sign_off_due", "alpha"),
        ("sign_off_wanted", "bravo"),
    ):
        Notice.objects.create(
            person=world.person("both"),
            kind=kind,
            key=f"{kind} {force}",
            version=version,
            detail={"organisation": force},
        )
    with on(timezone.localdate() + signing.ROUND + timedelta(days=1)):
        (row,) = rows(world, "overdue")
        assert numbers(world) == {"with-forces": 1, "waiting": 1, "overdue": 1}
    assert (row.who, row.due, row.late) == ("Bravoshire Police", version.due_on, True)
    assert (row.about, row.days) == ("reminded 2 times", 22)


def test_proposal_that_waits_is_counted_until_it_is_closed(world: World) -> None:
    """With whom it is to be shared, and who proposed it."""
    version = reached_far(world, State.AGREED)
    proposal = releasing.propose(
        by=world.person("editor"), version=version, sharing_group=world.group("partners")
    )
    (row,) = rows(world, "proposals")
    assert (row.who, row.about) == ("Editor", "with Partners")
    assert row.url == reverse("debriefs:release", args=[version.debrief.slug])

    releasing.close_proposal(by=world.person("second_editor"), proposal=proposal)

    assert numbers(world) == {"agreed": 1}


def test_embargoes_are_listed_with_their_ends(world: World) -> None:
    """A day, or the end of proceedings; whoever set it is named; one that is over is none."""
    world.debrief_at(
        State.AGREED,
        operation="dated",
        answers={"bravo": replace(AGREE, embargo_until=date(2999, 1, 2))},
    )
    open_ended = world.debrief_at(
        State.AGREED,
        operation="open-ended",
        answers={"alpha": replace(AGREE, until_proceedings_end=True)},
    )
    world.debrief_at(
        State.AGREED, answers={"bravo": replace(AGREE, embargo_until=date(2020, 1, 2))}
    )

    found = {row.operation: row for row in rows(world, "embargoed", "due")}
    assert list(found) == ["dated", "open-ended"]
    assert (found["dated"].due, found["dated"].who) == (date(2999, 1, 2), "Bravoshire Police")
    assert found["open-ended"].about == "until proceedings end"
    assert found["open-ended"].who == "Alphashire Police"

    signing.end_proceedings(
        by=world.person("alpha_signatory"),
        signoff=open_ended.signoffs.get(organisation__key="alpha"),
    )
    assert [row.operation for row in rows(world, "embargoed")] == ["dated"]


def test_reviews_of_the_next_ninety_days_are_due(world: World) -> None:
    """Late ones as well, and those first; later ones not."""
    today = timezone.localdate()
    for name, days in (("late", -3), ("soon", 90), ("later", 91)):
        version = world.debrief_at(State.RELEASED, operation=name)
        Review.objects.filter(debrief=version.debrief).update(due_on=today + timedelta(days=days))

    found = rows(world, "reviews", "due")

    assert [(row.operation, row.late) for row in found] == [("late", True), ("soon", False)]


def test_what_should_no_longer_be_shared_is_to_be_taken_back(world: World) -> None:
    """Until it is, or the next review says otherwise."""
    version = world.debrief_at(State.RELEASED)
    author = world.person("author")
    reviewing.review(by=author, version=version, outcome="withdraw", note="An appeal is pending.")
    (row,) = rows(world, "no-longer")
    assert row.who == "Author"

    reviewing.review(by=author, version=version, outcome="holds", note="It was dismissed.")

    assert rows(world, "no-longer") == []


def test_drafts_are_untouched_after_thirty_days(world: World) -> None:
    """Counted from whoever saved it last."""
    version = world.debrief_at(State.DRAFTING)
    assert "untouched" not in numbers(world)

    Save.objects.filter(version=version).update(at=timezone.now() - timedelta(days=31))

    (row,) = rows(world, "untouched")
    assert (row.days, row.who) == (31, "Author")
    assert row.ago == "31 days"


# --- Numbers and lists ----------------------------------------------------------------------------


@pytest.fixture
def busy(world: World) -> World:
    """Something in every list."""
    for state in State:
        reached_far(world, state)
    world.debrief_at(State.CHECKING, checked=True)
    agreed = reached_far(world, State.AGREED, answers={"alpha": AGREE})
    releasing.propose(
        by=world.person("editor"), version=agreed, sharing_group=world.group("partners")
    )
    world.debrief_at(State.AGREED, answers={"alpha": replace(AGREE, until_proceedings_end=True)})
    with on(timezone.localdate() - timedelta(days=40)):
        world.debrief_at(State.WITH_FORCES)
    shared = world.debrief_at(State.RELEASED)
    reviewing.review(by=world.person("author"), version=shared, outcome="withdraw", note="No.")
    Review.objects.filter(debrief=shared.debrief, outcome="").update(due_on=date(2020, 1, 1))
    draft = world.debrief_at(State.DRAFTING)
    Save.objects.filter(version=draft).update(at=timezone.now() - timedelta(days=31))
    return world


def test_every_number_opens_its_list(busy: World) -> None:
    """The list has as many rows as the number said, and each row leads somewhere."""
    board = visit(busy)
    client = Client()
    client.force_login(busy.person("editor"))
    assert set(numbers(busy)) == set(desk.LANES)
    for key, number in numbers(busy).items():
        assert reverse("debriefs:desk_list", args=[key]) in board
        page = visit(busy, "desk_list", key)
        assert f"({number})</span>" in page
        assert page.count('scope="row"') == number
        for row in rows(busy, key):
            assert client.get(row.url).status_code == 200, row.url


def test_lists_are_sorted_as_asked(world: World) -> None:
    """By name, by age, by who; something else is taken for the usual."""
    world.hire("nobody", "team", Role.AUTHOR)
    for name, by, days in (("b", "author", 5), ("a", "nobody", 1), ("c", "author", 9)):
        version = world.draft(operation=name, by=by)
        Save.objects.filter(version=version).update(at=timezone.now() - timedelta(days=days))
    for sort, expected in (("name", "abc"), ("age", "cba"), ("who", "cba"), ("x", "cba")):
        page = visit(world, "desk_list", f"drafting?sort={sort}")
        assert "".join(re.findall(r"Write Operation (\w)<", page)) == expected


def test_list_that_is_not_there_is_not_found(world: World) -> None:
    """As any page that is not there."""
    client = Client()
    client.force_login(world.person("editor"))
    assert client.get("/desk/nonsense/").status_code == 404


def test_empty_desk_says_so(world: World) -> None:
    """In words for each list."""
    page = visit(world)
    assert "We wait for no force." in page
    assert "No review is due in the next 90 days." in page
    assert "Nothing is here now." in visit(world, "desk_list", "drafting")


def test_desk_shows_the_own_team_s_debriefs_alone(busy: World) -> None:
    """Another team's desk is empty; who leaves a team has none."""
    assert numbers(busy, "other_author") == {}
    assert "We wait for no force." in visit(busy, person="other_author")
    busy.dismiss("author")
    client = Client()
    client.force_login(busy.person("author"))
    assert client.get("/desk/").status_code == 404


def test_lists_of_the_desk_are_those_that_are_declared() -> None:
    """Each query of `lanes` stands in one list."""
    declared = [lane.rows for lane in desk.LANES.values()]
    assert len(declared) == len(set(declared))
    assert {each.__module__ for each in declared} == {lanes.__name__}


def test_desk_asks_as_often_with_much_as_with_little(busy: World) -> None:
    """The numbers are exact: whoever changes one says so here."""
    few = {key: queries_of(busy, key) for key in ("", *desk.LANES)}
    for state in State:
        reached_far(busy, state)
    many = {key: queries_of(busy, key) for key in ("", *desk.LANES)}

    assert few == many
    assert few.pop("") == 26
    assert set(few.values()) == {7}


def queries_of(world: World, key: str) -> int:
    """How many queries the desk, or a list of it, takes."""
    client = Client()
    client.force_login(world.person("editor"))
    address = reverse("debriefs:desk_list", args=[key]) if key else reverse("debriefs:desk")
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        page_of(client.get(address))
    return len(queries)
