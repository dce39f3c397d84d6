"""Is a lesson that was learned before found, linked, and seen at both ends by who may read both?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from debriefs.models import Part, Recurrence, Version
from debriefs.services import recurring, releasing, writing
from debriefs.services.content import words_of
from debriefs.workflow import State
from portal.models import Tier
from tests.access.scene import same_for_all
from tests.claims import everything, recorded, refused
from tests.debriefs.test_likeness import BROTHEL, VEHICLE, shared
from tests.debriefs.test_writing_pages import address, browser, page
from tests.world import World, fresh

LESSON = Part.Kind.LESSON


def lesson(version: Version) -> Part:
    """The lesson of a debrief that has one."""
    return version.parts.select_related("version__debrief").get(kind=LESSON)


@dataclass(frozen=True, slots=True)
class Told:
    """A draft, and an earlier debrief that tells of the same."""

    draft: Version
    earlier: Version

    @property
    def sent(self) -> dict[str, Any]:
        """What the button sends that links them."""
        return {"do": "link", "earlier": lesson(self.earlier).identity}


@pytest.fixture
def told(world: World) -> Told:
    """A draft about what a released debrief told before."""
    earlier = shared(world, "Harrow", BROTHEL)
    shared(world, "Quarry", VEHICLE)
    again = world.lesson(title="Again", observed=BROTHEL, mattered=BROTHEL, action=BROTHEL)
    return Told(world.draft(operation="Lantern", parts=[world.section(), again]), earlier)


def linked(world: World, later: Version, earlier: Version) -> None:
    """Link the lessons of two debriefs, in whatever state they are."""
    Recurrence.objects.create(
        debrief=later.debrief,
        lesson=lesson(later).identity,
        earlier=lesson(earlier).identity,
        linked_by=world.person("author"),
    )


def send(client: Client, told: Told, *, panel: bool = False, **sent: Any) -> Any:
    """Press a button of the list."""
    where = address(told.draft, "recurrences", lesson(told.draft).identity)
    return client.post(where, sent, headers={"X-Editor": "panel"} if panel else {})


# --- While it is written --------------------------------------------------------------------------


def test_what_was_heard_before_stands_beside_a_lesson_and_on_a_page_of_its_own(
    world: World, told: Told
) -> None:
    """With where it stands and whether it worked; what is not like it is not there."""
    client = browser(world)
    part = lesson(told.draft)
    place = f"{told.earlier.debrief.get_absolute_url()}#{lesson(told.earlier).anchor}"
    for where in (
        address(told.draft, "part", part.identity),
        address(told.draft, "recurrences", part.identity),
    ):
        shown = page(client.get(where))
        assert f'href="{place}" target="_blank"' in shown
        assert "Lesson of Harrow (opens in a new tab)" in shown
        assert "This happened again: link it" in shown
        assert "Quarry" not in shown

    section = told.draft.parts.get(kind=Part.Kind.SECTION)
    assert "Heard before" not in page(client.get(address(told.draft, "part", section.identity)))
    assert client.get(address(told.draft, "recurrences", section.identity)).status_code == 404


def test_what_was_heard_before_follows_what_is_saved(world: World, told: Told) -> None:
    part = lesson(told.draft)
    sent = {
        **{name: "" for name in ("mattered", "action")},
        "revision": told.draft.revision,
        "title": "Again",
        "observed": VEHICLE,
        "theme": part.theme_id,
        "reach": part.reach,
    }

    answer = browser(world).post(
        address(told.draft, "part", part.identity), sent, headers={"X-Editor": "autosave"}
    )

    assert answer.status_code == 200, answer.content
    panel = answer.json()["panels"]["heard-before"]
    assert "Lesson of Quarry" in panel
    assert "Lesson of Harrow" not in panel


def test_an_author_links_a_lesson_with_an_earlier_one_and_unlinks_it(
    world: World, told: Told
) -> None:
    author, client = world.person("author"), browser(world)
    with recorded("lesson.linked", by=author):
        answer = send(client, told, **told.sent, part=lesson(told.draft).identity)
    assert answer.url == address(told.draft, "part", lesson(told.draft).identity)
    made = Recurrence.objects.get()
    assert (made.lesson, made.earlier) == (
        lesson(told.draft).identity,
        lesson(told.earlier).identity,
    )
    assert (made.debrief, made.linked_by) == (told.draft.debrief, author)
    shown = page(client.get(answer.url))
    assert "Unlink" in shown
    assert "This happened again" not in shown

    with recorded("lesson.unlinked", by=author):
        send(client, told, **told.sent | {"do": "unlink"})
    assert not Recurrence.objects.exists()


def test_a_script_is_given_the_list_as_it_is_now(world: World, told: Told) -> None:
    mine = {"part": lesson(told.draft).identity}
    shown = page(send(browser(world), told, panel=True, **told.sent, **mine))
    assert "Unlink" in shown
    assert "<html" not in shown

    unknown = send(browser(world), told, panel=True, do="link", earlier=uuid4(), **mine)
    assert "There is no such lesson that is shared with you." in page(unknown, 422)


def test_what_is_linked_is_listed_although_it_is_not_like_it_any_more(
    world: World, told: Told
) -> None:
    author = world.person("author")
    recurring.link(by=author, part=lesson(told.draft), earlier=lesson(told.earlier).identity)
    part = lesson(told.draft)
    words = replace(words_of(part), observed=VEHICLE, mattered=VEHICLE, action=VEHICLE)
    writing.edit_part(by=author, part=part, revision=told.draft.revision, words=words)

    found = recurring.heard_before(author, lesson(told.draft))

    assert [(each.operation, each.linked) for each in found] == [
        ("Harrow", True),
        ("Quarry", False),
    ]


def test_linking_and_unlinking_twice_is_once(world: World, told: Told) -> None:
    author = world.person("author")
    part, earlier = lesson(told.draft), lesson(told.earlier).identity
    for do in (recurring.link, recurring.unlink):
        do(by=author, part=part, earlier=earlier)
        before = everything()
        do(by=author, part=part, earlier=earlier)
        assert everything() == before


@pytest.mark.parametrize("do", [recurring.link, recurring.unlink])
def test_only_its_writers_link_a_lesson_and_only_while_it_is_a_draft(
    world: World, told: Told, do: Any
) -> None:
    part, earlier = lesson(told.draft), lesson(told.earlier).identity
    for person in ("other_author", "alpha_officer", "alpha_signatory"):
        with refused("."):
            do(by=world.person(person), part=part, earlier=earlier)

    sent = lesson(world.debrief_at(State.CHECKING))
    with refused("."):
        do(by=world.person("author"), part=sent, earlier=earlier)
    answer = browser(world).post(
        address(sent.version, "recurrences", sent.identity), {"do": "link", "earlier": earlier}
    )
    assert answer.status_code in (403, 422)
    assert not Recurrence.objects.exists()


def test_a_lesson_that_its_author_may_not_read_is_unknown(world: World, told: Told) -> None:
    """As is one that nobody ever wrote, one that is not shared, a section, and a lesson of the same
    debrief."""
    author, part = world.person("author"), lesson(told.draft)
    hidden = world.debrief_at(State.RELEASED, groups=("participants",))
    Part.objects.filter(version=hidden).update(readers=[])
    unknown = (
        uuid4(),
        lesson(hidden).identity,
        lesson(world.debrief_at(State.AGREED)).identity,
        told.earlier.parts.get(kind=Part.Kind.SECTION).identity,
        part.identity,
    )
    for identity in unknown:
        with refused("There is no such lesson that is shared with you"):
            recurring.link(by=author, part=part, earlier=identity)


def test_a_draft_that_is_purged_takes_its_links_with_it(world: World, told: Told) -> None:
    author = world.person("author")
    recurring.link(by=author, part=lesson(told.draft), earlier=lesson(told.earlier).identity)
    writing.discard(by=author, version=fresh(told.draft))
    assert Recurrence.objects.exists()
    long_ago = timezone.now() - 2 * writing.KEPT_DISCARDED
    Version.objects.filter(pk=told.draft.pk).update(discarded_at=long_ago)

    writing.purge_discarded()

    assert not Recurrence.objects.exists()


# --- Where it is read -----------------------------------------------------------------------------


def also_seen(later: Version) -> str:
    """The link that leads to the lesson of a debrief."""
    part = lesson(later)
    place = f"{later.debrief.get_absolute_url()}#{part.anchor}"
    return f'href="{place}">Operation {later.debrief.operation}: {part.title}</a>'


def test_both_ends_lead_to_each_other_on_their_debriefs_and_on_their_theme(world: World) -> None:
    """Said twice, once in each, it still stands there once."""
    later, earlier = shared(world, "Lantern", BROTHEL), shared(world, "Harrow", BROTHEL)
    linked(world, later, earlier)
    linked(world, earlier, later)
    client = browser(world, "alpha_officer")

    for here, there in ((later, earlier), (earlier, later)):
        shown = page(client.get(here.debrief.get_absolute_url()))
        assert shown.count(also_seen(there)) == 1
        assert also_seen(here) not in shown
    theme = page(client.get("/themes/evidence-led/"))
    assert theme.count("Also seen in") == 2
    assert theme.count(also_seen(later)) == theme.count(also_seen(earlier)) == 1


def test_what_is_only_a_draft_is_seen_nowhere(world: World, told: Told) -> None:
    """Neither on the page of the other end, nor on its own, not even by who writes it."""
    recurring.link(
        by=world.person("author"),
        part=lesson(told.draft),
        earlier=lesson(told.earlier).identity,
    )
    for version in (told.draft, told.earlier):
        shown = page(browser(world).get(version.debrief.get_absolute_url()))
        assert "Also seen in" not in shown


@pytest.mark.parametrize("person", ["signed_out", "partner_officer", "charlie_officer"])
def test_an_end_that_is_hidden_leaves_no_trace(world: World, person: str) -> None:
    """Every page is the one that it is without the link, whichever end is hidden."""
    wide = world.debrief_at(
        State.RELEASED,
        operation="Lantern",
        facts=world.facts(reach=Tier.PUBLIC),
        parts=[world.section(Tier.PUBLIC, heading="public-summary"), world.lesson(Tier.PUBLIC)],
        groups=("policing", "partners", "public"),
    )
    narrow = world.debrief_at(State.RELEASED, operation="Harrow", groups=("participants",))
    linked(world, wide, narrow)
    linked(world, narrow, wide)
    client = Client() if person == "signed_out" else browser(world, person)
    pages = [wide.debrief.get_absolute_url(), "/themes/evidence-led/", "/"]

    def read() -> list[str]:
        return [same_for_all(client.get(each).content.decode()) for each in pages]

    assert "Also seen in" in page(
        browser(world, "alpha_officer").get(wide.debrief.get_absolute_url())
    )
    before = read()
    assert "Harrow" not in "".join(before)
    Recurrence.objects.all().delete()
    assert read() == before


def test_an_end_that_is_taken_back_vanishes(world: World) -> None:
    later, earlier = shared(world, "Lantern", BROTHEL), shared(world, "Harrow", BROTHEL)
    linked(world, later, earlier)
    releasing.withdraw_release(
        by=world.person("editor"), release=earlier.releases.get(), reason="It went too far."
    )

    for person in ("alpha_officer", "author"):
        shown = page(browser(world, person).get(later.debrief.get_absolute_url()))
        assert "Also seen in" not in shown


def test_a_page_carries_the_marking_of_what_it_leads_to(world: World) -> None:
    """A lesson of a debrief that is for the public names one that is not."""
    later = world.debrief_at(
        State.RELEASED,
        operation="Lantern",
        facts=world.facts(reach=Tier.PUBLIC, marking="OFFICIAL"),
        parts=[world.section(Tier.PUBLIC, heading="public-summary"), world.lesson(Tier.PUBLIC)],
        groups=("policing", "public"),
    )
    linked(world, later, shared(world, "Harrow", BROTHEL))

    answers = [
        client.get(later.debrief.get_absolute_url())
        for client in (browser(world, "alpha_officer"), Client())
    ]
    assert [answer.context["marking"] for answer in answers] == ["OFFICIAL-SENSITIVE", "OFFICIAL"]
