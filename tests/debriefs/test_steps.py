"""Does whoever makes a version see what to do next, on its page and at home, and does it work?"""

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
from debriefs.models import Review, Version
from debriefs.services import (
    checking,
    releasing,
    reviewing,
    signing,
    steps,
    tasks,
    team_tasks,
    writing,
)
from debriefs.workflow import State
from portal.models import Tier
from tests.access.scene import tiered
from tests.world import AGREE, World, fresh

#: What is first for an author who wrote it, for an editor who did not, and what else there is.
FIRST: dict[State, tuple[str, str]] = {
    State.DRAFTING: ("Go on writing", "Go on writing"),
    State.CHECKING: ("(Check it)", "Check it"),
    State.WITH_FORCES: ("", ""),
    State.RETURNED: ("Open the next version", "Open the next version"),
    State.AGREED: ("(Share it)", "Share it"),
    State.RELEASED: (
        "(Share it with more, or take it back)",
        "Share it with more, or take it back",
    ),
    State.SUPERSEDED: ("", ""),
    State.WITHDRAWN: ("Open the next version", "Open the next version"),
    State.DISCARDED: ("Bring it back", "Bring it back"),
}


def browser(world: World, person: str) -> Client:
    """The browser of this person."""
    client = Client()
    client.force_login(world.person(person))
    return client


def page_of(response: Any, status: int = 200) -> str:
    """What the answer shows, with entities as characters."""
    assert response.status_code == status
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()))


def steps_of(world: World, person: str, version: Version) -> steps.Steps:
    """What this person can do with the version."""
    found = steps.of(world.person(person), fresh(version))
    assert found is not None
    return found


def named(step: steps.Step | None) -> str:
    """The verb, in brackets where it is refused."""
    if step is None:
        return ""
    return step.verb if step.decision else f"({step.verb})"


# --- On the page of a version ---------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
def test_there_is_one_thing_to_do_first(world: World, state: State) -> None:
    """By state; what a rule refuses is there, disabled, with the reason."""
    version = world.debrief_at(state)

    for person, expected in zip(("author", "editor"), FIRST[state], strict=True):
        first = steps_of(world, person, version).first
        assert named(first) == expected
        page = page_of(browser(world, person).get(version.get_absolute_url()))
        if first and not first.decision:
            assert 'disabled aria-describedby="step-why"' in page
            assert first.decision.reason in page
        elif first:
            assert f'href="{first.url}">{first.verb}</a>' in page


@pytest.mark.parametrize("person", ["author", "second_author", "editor"])
def test_what_is_offered_works_and_what_is_refused_is_refused(world: World, person: str) -> None:
    """A step that is allowed opens; one that is not is a page that says no, or has no button for
    it."""
    versions = [world.debrief_at(state) for state in State]
    versions.append(world.debrief_at(State.CHECKING, checked=True))
    client, tried = browser(world, person), 0
    for version in versions:
        found = steps_of(world, person, version)
        for step in [step for step in (found.first, *found.others) if step]:
            response = client.get(step.url)
            tried += 1
            if step.decision:
                assert response.status_code == 200, (version.state, step)
            else:
                assert response.status_code == 403 or "disabled" in response.content.decode()
    assert tried > 15


def test_readers_and_signatories_see_no_steps_of_the_team(world: World) -> None:
    """Nor does another team, nor an administrator."""
    version = world.debrief_at(State.RELEASED)
    for person in ("alpha_officer", "alpha_signatory", "other_author", "administrator"):
        assert steps.of(world.person(person), version) is None
    for person in ("alpha_officer", "alpha_signatory"):
        page = page_of(browser(world, person).get(version.get_absolute_url()))
        assert "What to do next" not in page


def test_author_is_told_that_an_editor_does_it(world: World) -> None:
    """Rather than that a role is missing."""
    version = world.debrief_at(State.CHECKING, checked=True)
    first = steps_of(world, "author", version).first
    assert named(first) == "(Send it to the forces)"
    assert first
    assert first.decision.reason == "An editor of your team does this."
    assert named(steps_of(world, "editor", version).first) == "Send it to the forces"


def test_round_says_whom_it_waits_for_and_until_when(world: World) -> None:
    """And when that is over."""
    version = world.debrief_at(State.WITH_FORCES, answers={"alpha": AGREE})
    due = f"{version.due_on:%-d %B %Y}"
    assert steps_of(world, "author", version).waits == f"Waits for Bravoshire Police until {due}."
    with on(timezone.localdate() + signing.ROUND + timedelta(days=1)):
        late = steps_of(world, "author", version).waits
    assert late == f"Waits for Bravoshire Police until {due}, which is over."


def test_embargo_is_the_reason_why_it_cannot_be_shared(world: World) -> None:
    """In the words of the page to share."""
    embargo = replace(AGREE, embargo_until=date(2999, 1, 2))
    version = world.debrief_at(State.AGREED, answers={"alpha": embargo})
    first = steps_of(world, "editor", version).first
    assert first
    assert first.decision.reason == "Under embargo until 2 January 2999."


def test_version_that_is_followed_leads_on_to_the_next(world: World) -> None:
    """From whichever version is looked at."""
    version = world.debrief_at(State.RELEASED)
    second = writing.reopen(by=world.person("author"), version=version)

    first = steps_of(world, "author", version).first

    assert named(first) == "Go on with version 2"
    assert first
    assert first.url == second.get_absolute_url()
    writing.discard(by=world.person("author"), version=second)
    assert named(steps_of(world, "editor", version).first).startswith("Share it")


def test_review_that_is_due_comes_first(world: World) -> None:
    """Before sharing it with more."""
    version = world.debrief_at(State.RELEASED)
    Review.objects.filter(debrief=version.debrief).update(due_on=timezone.localdate())

    assert named(steps_of(world, "author", version).first) == "Review it"


def test_page_of_a_version_asks_as_often_as_declared(world: World) -> None:
    """The numbers are exact: whoever changes one says so here."""
    counted = {}
    for state in State:
        version = world.debrief_at(state)
        client = browser(world, "editor")
        client.get(version.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            page_of(client.get(version.get_absolute_url()))
        counted[state.value] = len(queries)

    assert counted == {
        "drafting": 7,
        "checking": 9,
        "with_forces": 9,
        "returned": 9,
        "agreed": 9,
        "released": 12,
        "superseded": 9,
        "withdrawn": 9,
        "discarded": 8,
    }


# --- At home --------------------------------------------------------------------------------------


def needs(world: World, person: str) -> list[tuple[str, str]]:
    """What waits for the person: the verb and the operation, in their order."""
    return [(task.verb, task.operation) for task in tasks.waiting_for(world.person(person))]


def far(world: World, state: State, operation: str, **more: Any) -> Version:
    """A debrief that may go to partners."""
    facts, parts = world.facts(reach=Tier.PARTNERS), tiered(world, Tier.PARTNERS)
    return world.debrief_at(state, operation=operation, facts=facts, parts=parts, **more)


def test_each_need_is_there_for_whoever_can_meet_it(world: World) -> None:
    """And for nobody else; every need has a row here."""
    world.debrief_at(State.DRAFTING, operation="write")
    back = world.debrief_at(State.CHECKING, operation="change")
    checking.send_back(
        by=world.person("editor"), version=back, revision=back.revision, reason="Dates."
    )
    world.debrief_at(State.CHECKING, operation="check")
    world.debrief_at(State.CHECKING, operation="send", checked=True)
    world.debrief_at(State.WITH_FORCES, operation="sign")
    world.debrief_at(State.RETURNED, operation="next")
    world.debrief_at(State.AGREED, operation="share")
    world.debrief_at(
        State.AGREED,
        operation="embargoed",
        answers={"alpha": replace(AGREE, until_proceedings_end=True)},
    )
    proposed = far(world, State.RELEASED, "confirm")
    releasing.propose(
        by=world.person("editor"), version=proposed, sharing_group=world.group("partners")
    )
    asked = world.debrief_at(State.RELEASED, operation="review")
    soon = timezone.localdate() + team_tasks.REVIEW_SOON
    Review.objects.filter(debrief=asked.debrief).update(due_on=soon)
    wrong = world.debrief_at(State.RELEASED, operation="wrong")
    reviewing.review(by=world.person("author"), version=wrong, outcome="withdraw", note="Appeal.")

    author = {
        ("Write", "write"),
        ("Change", "change"),
        ("Open the next version of", "next"),
        ("Review", "review"),
    }
    editor = {
        ("Check", "check"),
        ("Send", "send"),
        ("Share", "share"),
        ("Review", "review"),
        ("Take back", "wrong"),
    }
    assert set(needs(world, "author")) == author
    assert set(needs(world, "editor")) == editor
    assert set(needs(world, "second_editor")) == editor | {("Confirm sharing", "confirm")}
    assert set(needs(world, "second_author")) == {("Check", "check"), ("Review", "review")}
    assert set(needs(world, "alpha_signatory")) == {("Decide on", "sign")}
    assert needs(world, "other_author") == needs(world, "alpha_officer") == []
    verbs = {verb for verb, _ in author | editor} | {"Confirm sharing"}
    assert verbs == {need.verb for need in team_tasks.NEEDS}
    for person in ("author", "second_editor"):
        client = browser(world, person)
        for task in tasks.waiting_for(world.person(person)):
            assert client.get(task.url).status_code == 200, task


def test_what_is_due_first_comes_first(world: World) -> None:
    """Then what has waited longest; what is late says so."""
    world.hire("author", "bravo", "signatory")
    with on(timezone.localdate() - timedelta(days=3)):
        world.draft(operation="older", by="author")
    world.draft(operation="newer", by="author")
    for name, days in (("late", -2), ("soon", 5)):
        version = world.debrief_at(State.RELEASED, operation=name)
        Review.objects.filter(debrief=version.debrief).update(
            due_on=timezone.localdate() + timedelta(days=days)
        )

    assert [operation for _, operation in needs(world, "author")] == [
        *("late", "soon", "older", "newer")
    ]
    page = page_of(browser(world, "author").get(reverse("home")))
    was = timezone.localdate() - timedelta(days=2)
    assert f'work__when--late">was due {was:%-d %B %Y}' in page
    assert "Write Operation newer</a>" in page


def test_home_shows_the_most_urgent_and_how_many_more_there_are(world: World) -> None:
    """With the way to all of them."""
    for number in range(12):
        world.draft(operation=f"draft {number}", by="author")

    page = page_of(browser(world, "author").get(reverse("home")))

    assert page.count("work__what") == 10
    assert f'2 more wait. <a class="govuk-link" href="{reverse("debriefs:desk")}"' in page


def test_home_asks_as_often_with_much_to_do_as_with_little(world: World) -> None:
    """The number is exact: whoever changes it says so here."""
    counted = []
    for _ in range(2):
        for state in State:
            world.debrief_at(state)
        client = browser(world, "editor")
        client.get(reverse("home"))
        with CaptureQueriesContext(connection) as queries:
            page_of(client.get(reverse("home")))
        counted.append(len(queries))

    assert counted == [21, 21]
