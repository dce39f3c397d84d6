"""Does the team find what it writes, and nobody else? And stays it out of everything that is
shared?"""

from __future__ import annotations

import pytest
from django.urls import reverse

from debriefs.models import Passage, Posting, Version
from debriefs.search import drafts
from debriefs.search.query import parse
from debriefs.workflow import State
from tests.debriefs.test_writing_pages import browser, page
from tests.world import World

CALL = "Neighbours wrote that the launderette below was never open."


@pytest.fixture
def draft(world: World) -> Version:
    """A draft with a lesson about a house, beside another draft."""
    world.draft(operation="Quarry", parts=[world.section(), world.lesson(title="Stop the minibus")])
    lesson = world.lesson(title="Ask about the house", observed=CALL)
    return world.draft(operation="Lantern", parts=[world.section(), lesson])


def found(world: World, question: str, person: str = "author") -> list[str]:
    """The operations of the drafts that answer, best first."""
    return [each.operation for each in drafts.find(world.person(person), parse(question))]


def test_any_word_finds_a_draft_by_what_it_says(world: World, draft: Version) -> None:
    assert found(world, "launderettes zeppelin") == ["Lantern"]
    assert found(world, "minibus")[0] == "Quarry"
    assert found(world, "zeppelin") == []
    assert found(world, "the of") == []
    assert "Lantern" not in found(world, "case stood observed -launderette")


def test_a_passage_is_marked_and_leads_to_where_it_is_written(world: World, draft: Version) -> None:
    shown = page(browser(world).get(reverse("debriefs:drafts"), {"q": "launderette"}))

    part = draft.parts.get(kind="lesson")
    assert "<mark>launderette</mark>" in shown
    assert f'href="{reverse("debriefs:part", args=["lantern", part.identity])}"' in shown
    assert "Quarry" not in shown


def test_what_is_sealed_is_read_and_not_written(world: World) -> None:
    lesson = world.lesson(observed=CALL)
    version = world.debrief_at(
        State.WITH_FORCES, operation="Lantern", parts=[world.section(), lesson]
    )

    (answer,) = drafts.find(world.person("author"), parse("launderette"))

    where = f"{version.get_absolute_url()}#{version.parts.get(kind='lesson').anchor}-observed-p1"
    assert [each.url for each in answer.passages] == [where]


def test_drafts_of_others_and_what_is_no_draft_are_not_looked_through(
    world: World, draft: Version
) -> None:
    world.debrief_at(
        State.DISCARDED, operation="Gone", parts=[world.section(), world.lesson(observed=CALL)]
    )
    world.debrief_at(
        State.RELEASED, operation="Shared", parts=[world.section(), world.lesson(observed=CALL)]
    )

    assert found(world, "launderette") == ["Lantern"]
    assert found(world, "launderette", "other_author") == []
    assert found(world, "launderette", "alpha_officer") == []


def test_where_no_draft_answers_the_page_says_so_in_words(world: World, draft: Version) -> None:
    shown = page(browser(world).get(reverse("debriefs:drafts"), {"q": "zeppelin \0 '"}))

    assert "No draft of your team has any of these words" in shown


def test_nothing_of_a_draft_is_in_the_index(world: World, draft: Version) -> None:
    assert found(world, "launderette")
    assert not Posting.objects.filter(version=draft).exists()
    assert not Passage.objects.filter(version=draft).exists()
