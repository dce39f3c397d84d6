"""Does an editor know who gains and who loses before a version is shared, and does it take two
beyond policing? And what comes after: taking back, review, the next version.

Who may open the pages is tested in `tests/access`; what the services refuse, in `test_services.py`.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from debriefs.exceptions import Moved
from debriefs.forms.releasing import months_after
from debriefs.models import ReleaseProposal, Review, Version
from debriefs.services import gains, releasing, reviewing, writing
from debriefs.services.signing import Answer
from debriefs.workflow import State
from portal import services
from portal.models import Role, Tier, User
from tests.access.scene import tiered
from tests.world import AGREE, World, following, fresh


def browser(world: World, person: str = "editor") -> Client:
    """The browser of this person."""
    client = Client()
    client.force_login(world.person(person))
    return client


def page_of(response: Any, status: int = 200) -> str:
    """What the answer shows, with entities as characters."""
    assert response.status_code == status, response.content.decode()[3000:6000]
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()))


def address(name: str, version: Version, *more: str) -> str:
    """The page of this name."""
    return reverse(f"debriefs:{name}", args=[version.debrief.slug, *more])


def release_page(world: World, version: Version, query: str = "", person: str = "editor") -> str:
    """The page to share, or with a query to confirm."""
    return page_of(browser(world, person).get(address("release", version) + query))


def share(world: World, version: Version, *groups: str, person: str = "editor", **more: str) -> Any:
    """Confirm sharing with these groups."""
    sent = {"group": list(groups), "digest": version.digest} | more
    return browser(world, person).post(address("release", version), sent)


def said(response: Any) -> list[str]:
    """What the answer tells on the next page."""
    return [str(message) for message in response.wsgi_request._messages]


def row_of(page: str, group: str) -> str:
    """The group's row of the page."""
    start = page.index(f'value="{group}" id=')
    return page[
        start : page.index("</li> <li class=", start) if "</li> <li class=" in page[start:] else -1
    ]


@pytest.fixture
def agreed(world: World) -> Version:
    """A version that every force agreed to, for partners too."""
    return world.debrief_at(
        State.AGREED,
        operation="Lantern",
        facts=world.facts(reach=Tier.PARTNERS),
        parts=tiered(world, Tier.PARTNERS),
        answers={"bravo": replace(AGREE, conditions="Not to the press.")},
    )


def readers(version: Version) -> set[str]:
    """Who may read the version through a group."""
    found = User.objects.filter(groups__in=fresh(version).readers, is_active=True)
    return {person.email.split("@")[0] for person in found}


# --- Choosing -------------------------------------------------------------------------------------


def test_each_group_says_who_would_gain(world: World, agreed: Version) -> None:
    """Heads, organisations with their heads, and those who belong in person."""
    page = release_page(world, agreed)

    circle = world.group("circle")
    heads = circle.group.user_set.filter(is_active=True).count()
    row = row_of(page, "circle")
    assert f"{heads} people; none of them reads it yet." in row
    assert 'Alphashire Police<span class="quiet">4</span>' in row
    assert 'In person<span class="quiet">1</span>' in row
    assert "Not to the press." in page
    assert "They may go as far as: Law-enforcement partners." in page
    order = [page.index(f'value="{key}" id=') for key in ("participants", "circle", "partners")]
    assert order == sorted(order), "the narrowest come first"


def test_people_who_read_it_already_do_not_gain(world: World, agreed: Version) -> None:
    """Everyone of the circle but the guest is in the policing group as well."""
    world.release(agreed, "policing")

    row = row_of(release_page(world, agreed), "circle")
    assert "1 of them cannot read it yet." in row
    page = release_page(world, agreed, "?group=circle")
    assert "person gains access</dt><dd>1</dd>" in page


def test_group_that_may_not_have_it_is_disabled_with_the_reason(
    world: World, agreed: Version
) -> None:
    """In the words of the rule; what is not disabled may be chosen."""
    page = release_page(world, agreed)

    assert "Public summaries is “Public”, which is wider." in row_of(page, "public")
    assert re.search(r'value="public"[^>]* disabled', page)
    assert not re.search(r'value="policing"[^>]* disabled', page)


def test_strangers_keep_a_group_of_participants_out(world: World) -> None:
    """Only where they are in it."""
    version = world.debrief_at(State.AGREED, facts=world.facts(supporting=("charlie",)))

    page = release_page(world, version)

    assert "has members that did not take part in the operation." in row_of(page, "participants")
    assert re.search(r'value="participants"[^>]* disabled', page)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (replace(AGREE, embargo_until=date(2999, 1, 2)), "Under embargo until 2 January 2999."),
        (
            replace(AGREE, until_proceedings_end=True),
            "Under embargo until a force says that proceedings have ended.",
        ),
    ],
)
def test_embargo_is_said_once_for_all(world: World, answer: Answer, words: str) -> None:
    """Nothing can be chosen, and what cannot be chosen cannot be sent either."""
    version = world.debrief_at(State.AGREED, answers={"alpha": answer})
    page = release_page(world, version)

    assert words in page
    assert "There is no group that can be chosen today." in page
    assert not re.search(r'name="group" value="policing"[^>]*(?<!disabled)>', page)
    answer_page = page_of(share(world, version, "policing"), 422)
    assert "One of these groups cannot be chosen any more." in answer_page
    assert fresh(version).state == State.AGREED


def test_nothing_chosen_is_said(world: World, agreed: Version) -> None:
    """Where the choice is made."""
    page = page_of(share(world, agreed), 422)
    assert "Choose at least one group." in page
    page = release_page(world, agreed, "?group=missing")
    assert "One of these groups cannot be chosen any more." in page


# --- Confirming -----------------------------------------------------------------------------------


def test_confirming_tells_totals_and_shares_with_all(world: World, agreed: Version) -> None:
    """Each person is counted once, in however many of the groups."""
    page = release_page(world, agreed, "?group=policing&group=circle")
    policing = world.group("policing").group.user_set.filter(is_active=True).count()
    assert f"people gain access</dt><dd>{policing + 1}</dd>" in page
    assert "people lose it</dt><dd>0</dd>" in page
    assert "Not to the press." in page
    assert fresh(agreed).state == State.AGREED

    response = share(world, agreed, "policing", "circle")

    assert response.status_code == 303
    assert "Shared with Northern circle and Policing." in said(response)[0]
    assert len(readers(agreed)) == policing + 1
    page = release_page(world, agreed)
    assert "Version 1, since" in page
    assert "Take it back" in page


def test_whoever_loses_the_version_before_is_counted(world: World) -> None:
    """Both groups read version 1; only one of them is to read version 2."""
    first = world.debrief_at(State.RELEASED, groups=("policing", "circle"))
    second = writing.reopen(by=world.person("author"), version=first)
    world.sent(second)
    world.agreed(second)

    page = release_page(world, second)
    assert "Sharing this takes the version before down" in page
    page = release_page(world, second, "?group=circle")
    policing, circle = readers_of(world, "policing"), readers_of(world, "circle")
    assert "Version 1 is taken down at the same moment" in page
    assert f"{len(policing - circle)} people lose the debrief" in page
    assert "Policing is not among those you chose." in page
    assert "people gain access</dt><dd>0</dd>" in page
    before = readers(first)

    assert share(world, fresh(second), "circle").status_code == 303

    assert len(before - readers(second)) == len(policing - circle)
    assert fresh(first).state == State.SUPERSEDED


def readers_of(world: World, group: str) -> set[str]:
    """Who is in the group, by key."""
    found = world.group(group).group.user_set.filter(is_active=True)
    return {person.email.split("@")[0] for person in found}


def test_nobody_loses_it_where_all_groups_are_chosen(world: World) -> None:
    """That is said too."""
    first = world.debrief_at(State.RELEASED, groups=("policing", "circle"))
    second = writing.reopen(by=world.person("author"), version=first)
    world.sent(second)
    world.agreed(second)

    page = release_page(world, second, "?group=circle&group=policing")

    assert "Nobody loses the debrief." in page


def test_what_was_not_on_the_screen_is_not_shared(world: World, agreed: Version) -> None:
    """The digest of what was read goes along: 409."""
    page = page_of(share(world, agreed, "policing", digest="0" * 64), 409)
    assert "Another version waits to be shared now." in page
    assert re.search(r'value="policing"[^>]* checked', page)
    with pytest.raises(Moved):
        releasing.share(
            by=world.person("editor"),
            version=agreed,
            sharing_groups=[world.group("policing")],
            digest="0" * 64,
        )
    assert fresh(agreed).state == State.AGREED


def test_sharing_is_all_or_nothing(world: World, agreed: Version) -> None:
    """One group that refuses keeps the others from it as well."""
    with pytest.raises(Exception, match="wider"):
        releasing.share(
            by=world.person("editor"),
            version=agreed,
            sharing_groups=[world.group("policing"), world.group("public")],
            digest=agreed.digest,
        )
    assert fresh(agreed).state == State.AGREED


# --- It takes two ---------------------------------------------------------------------------------


def test_beyond_policing_one_editor_proposes_and_another_confirms(
    world: World, agreed: Version
) -> None:
    """On the same page; whoever proposed it cannot confirm it there."""
    page = release_page(world, agreed, "?group=partners")
    assert "Propose to share it?" in page
    assert "Nothing is shared until another editor of the team confirms it." in page
    response = share(world, agreed, "partners")
    assert said(response) == ["Proposed: a second editor confirms Partners."]
    assert fresh(agreed).state == State.AGREED

    row = row_of(release_page(world, agreed), "partners")
    assert "You proposed this" in row
    assert "disabled" in row
    assert page_of(share(world, agreed, "partners"), 422)

    row = row_of(release_page(world, agreed, person="second_editor"), "partners")
    assert "Editor proposed this" in row
    assert "disabled" not in row
    page = release_page(world, agreed, "?group=partners", person="second_editor")
    assert "Editor proposed it; you confirm it as the second editor." in page
    share(world, agreed, "partners", person="second_editor")

    assert fresh(agreed).state == State.RELEASED
    assert agreed.releases.get().proposed_by == world.person("editor")
    assert "proposed by Editor" in release_page(world, agreed)


@pytest.mark.parametrize(
    ("person", "label", "words"),
    [
        ("editor", "Take the proposal back", "You took back your proposal"),
        ("second_editor", "Turn the proposal down", "You turned down the proposal"),
    ],
)
def test_proposal_is_taken_back_or_turned_down(
    world: World, agreed: Version, person: str, label: str, words: str
) -> None:
    """By its own editor or another one; a second press does no harm."""
    proposal = releasing.propose(
        by=world.person("editor"), version=agreed, sharing_group=world.group("partners")
    )
    assert label in row_of(release_page(world, agreed, person=person), "partners")

    client = browser(world, person)
    response = client.post(address("release", agreed), {"close": str(proposal.pk)})

    assert response.status_code == 303
    assert words in said(response)[0]
    assert ReleaseProposal.objects.get().closed_at
    for nonsense in (str(proposal.pk), "0", "x", "9" * 30, "9" * 5000):
        again = client.post(address("release", agreed), {"close": nonsense})
        assert again.status_code == 303


def test_proposal_of_another_debrief_is_not_reached(world: World, agreed: Version) -> None:
    """Its number does nothing on this page."""
    other = world.debrief_at(
        State.AGREED, facts=world.facts(reach=Tier.PARTNERS), parts=tiered(world, Tier.PARTNERS)
    )
    proposal = releasing.propose(
        by=world.person("editor"), version=other, sharing_group=world.group("partners")
    )

    browser(world).post(address("release", agreed), {"close": str(proposal.pk)})

    assert ReleaseProposal.objects.get().closed_at is None


def test_page_asks_as_often_with_many_groups_as_with_few(world: World, agreed: Version) -> None:
    """The numbers are exact: whoever changes one says so here."""
    few = queries_of(world, agreed, ""), queries_of(world, agreed, "?group=policing")
    for number in range(12):
        group = services.create_group(
            by=world.administrator,
            key=f"group-{number}",
            name=f"Group {number}",
            purpose="For the count.",
            tier=Tier.PARTICIPANTS if number % 2 else Tier.PARTNERS,
        )
        services.join(
            by=world.administrator, sharing_group=group, organisation=world.organisation("charlie")
        )
    many = queries_of(world, agreed, ""), queries_of(world, agreed, "?group=policing")

    assert few == many == (17, 19)


def queries_of(world: World, version: Version, query: str) -> int:
    """How many queries the page takes."""
    client = browser(world)
    client.get(address("release", version) + query)
    with CaptureQueriesContext(connection) as queries:
        page_of(client.get(address("release", version) + query))
    return len(queries)


# --- Taking back ----------------------------------------------------------------------------------


def test_taking_back_tells_who_loses_it_and_gives_the_reason(world: World) -> None:
    """The members find the reason; those who read through another group go on reading."""
    version = world.debrief_at(State.RELEASED, groups=("policing", "circle"))
    where = address("withdraw_release", version, "policing")
    lost = len(readers_of(world, "policing") - readers_of(world, "circle"))
    page = page_of(browser(world).get(where))
    assert f"{lost} people can no longer read it from the next click on" in page
    assert "Give the reason." in page_of(browser(world).post(where, {"reason": " "}), 422)

    response = browser(world).post(where, {"reason": "It went too far."})

    assert response.status_code == 303
    gone = page_of(browser(world, "charlie_officer").get(version.debrief.get_absolute_url()), 410)
    assert "It went too far." in gone
    assert (
        browser(world, "alpha_officer").get(version.debrief.get_absolute_url()).status_code == 200
    )
    assert browser(world).get(where).status_code == 404


# --- The next version -----------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.WITH_FORCES, State.AGREED])
def test_opening_the_next_version_over_a_round_is_said_loudly(world: World, state: State) -> None:
    """And has to be agreed to."""
    version = world.debrief_at(state, answers={"alpha": AGREE})
    where = address("reopen", version)
    page = page_of(browser(world, "author").get(where))
    assert 'class="notice notice--warning"' in page
    assert "have to sign again" in page
    assert "Alphashire Police</strong>: agreed on" in page

    page = page_of(browser(world, "author").post(where, {}), 422)
    assert "Say that you understand what ends" in page
    assert following(version).number == 1
    assert browser(world, "author").post(where, {"sure": "on"}).status_code == 303
    assert (fresh(version).state, following(version).number) == (State.RETURNED, 2)


def test_released_version_stays_up_while_the_next_is_written(world: World) -> None:
    """There is nothing to be sure about."""
    version = world.debrief_at(State.RELEASED)
    where = address("reopen", version)
    assert "Readers keep the version that they have" in page_of(browser(world, "author").get(where))

    assert browser(world, "author").post(where).status_code == 303

    assert (fresh(version).state, following(version).number) == (State.RELEASED, 2)
    page = page_of(browser(world, "author").get(where), 403)
    assert "A next version is opened from a version that was sent to the forces." in page


# --- Review ---------------------------------------------------------------------------------------


def review(world: World, version: Version, person: str = "author", **typed: str) -> Any:
    """Answer on the page whether it still holds."""
    return browser(world, person).post(address("review", version), typed)


@pytest.mark.parametrize("months", [6, 12, 24])
def test_debrief_that_holds_is_asked_about_again(world: World, months: int) -> None:
    """So many months later."""
    version = world.debrief_at(State.RELEASED)

    response = review(world, version, outcome="holds", again=str(months))

    assert response.status_code == 303
    due = months_after(timezone.localdate(), months)
    assert Review.objects.get(debrief=version.debrief, outcome="").due_on == due
    assert f"You are asked again on {due:%-d %B %Y}." in said(response)[0]


def test_months_end_where_they_end() -> None:
    """The last day of the month stands for a day that it does not have."""
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert months_after(date(2026, 12, 15), 12) == date(2027, 12, 15)


def test_debrief_is_asked_about_on_a_chosen_day(world: World) -> None:
    """A day that is over, or none, is refused, with what was typed."""
    version = world.debrief_at(State.RELEASED)
    typed = {"outcome": "holds", "again": "on", "note": "Read it all again."}
    page = page_of(review(world, version, **typed), 422)
    assert "Enter the date on which the team is asked again." in page
    assert "Read it all again." in page
    past = {"again_on_day": "1", "again_on_month": "2", "again_on_year": "2020"}
    page = page_of(review(world, version, **typed, **past), 422)
    assert "Choose a day after today for the next review." in page

    review(world, version, **typed, **(past | {"again_on_year": "2099"}))

    assert Review.objects.get(debrief=version.debrief, outcome="").due_on == date(2099, 2, 1)
    page = page_of(browser(world, "editor").get(address("review", version)))
    assert "Read it all again." in page
    assert "The team is asked on 1 February 2099." in page


def test_debrief_that_needs_a_new_version_gets_one(world: World) -> None:
    """One that is open already is that one."""
    version = world.debrief_at(State.RELEASED)
    page = page_of(review(world, version, outcome="revise", again="12"), 422)
    assert "Say what no longer holds." in page

    response = review(world, version, outcome="revise", again="12", note="The law changed.")

    second = following(version)
    assert (second.number, second.state) == (2, State.DRAFTING)
    assert response.headers["Location"] == address("draft", second)
    again = reviewing.revise(by=world.person("author"), version=version, note="And again.")
    assert again == second


@pytest.mark.parametrize(
    ("person", "leads_to", "words"),
    [
        ("editor", "release", "Take it back from each group"),
        ("author", "", "An editor of your team"),
    ],
)
def test_debrief_that_should_not_be_shared_leads_to_taking_it_back(
    world: World, person: str, leads_to: str, words: str
) -> None:
    """For who may; an author is told who does."""
    version = world.debrief_at(State.RELEASED)

    response = review(
        world, version, person, outcome="withdraw", again="12", note="An appeal is pending."
    )

    expected = address(leads_to, version) if leads_to else version.get_absolute_url()
    assert response.headers["Location"] == expected
    assert words in said(response)[0]
    assert fresh(version).state == State.RELEASED


# --- One truth ------------------------------------------------------------------------------------


def test_what_is_told_before_is_what_comes_true(world: World, agreed: Version) -> None:
    """Gains and losses, counted before, are the readers after less those before."""
    world.hire("nobody", "charlie", Role.OFFICER)
    for chosen in (("circle",), ("policing",)):
        groups = [world.group(key) for key in chosen]
        told = gains.consequences(fresh(agreed), groups)
        before = readers(agreed)
        share(world, fresh(agreed), *chosen)
        assert (told.gaining, told.losing) == (len(readers(agreed) - before), 0)
    release = agreed.releases.get(sharing_group__key="policing")
    told_losing = gains.losing_by_withdrawal(release)
    before = readers(agreed)
    releasing.withdraw_release(by=world.person("editor"), release=release, reason="Too far.")
    assert told_losing == len(before - readers(agreed))
