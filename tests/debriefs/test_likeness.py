"""Does a debrief lead to others like it, and to nothing that its reader may not know of?"""

from __future__ import annotations

from django.urls import reverse

from debriefs.models import Version
from debriefs.services import likeness
from debriefs.workflow import State
from portal.models import Tier
from tests.debriefs.test_writing_pages import browser
from tests.world import World

BROTHEL = "Neighbours reported a brothel; surveillance followed the women between addresses."
VEHICLE = "The gangmaster's minibus was stopped at the packing plant with labourers aboard."


def shared(world: World, operation: str, observed: str, **changed: object) -> Version:
    """A released debrief with one lesson about that."""
    lesson = world.lesson(
        title=f"Lesson of {operation}", observed=observed, mattered=observed, action=observed
    )
    return world.debrief_at(
        State.RELEASED,
        operation=operation,
        parts=[world.section(), lesson],
        **changed,  # type: ignore[arg-type]
    )


def test_a_lesson_about_the_same_stands_first_and_leads_to_its_place(world: World) -> None:
    mine = shared(world, "Lantern", BROTHEL)
    alike = shared(world, "Harrow", f"{BROTHEL} They were moved by night.")
    shared(world, "Quarry", VEHICLE)
    officer = world.person("alpha_officer")

    found = likeness.others(officer, mine)

    part = alike.parts.get(kind="lesson")
    assert found.lessons[0].title == "Lesson of Harrow"
    assert found.lessons[0].url == f"{alike.debrief.get_absolute_url()}#{part.anchor}"
    assert found.debriefs[0].operation == "Harrow"
    assert "Lantern" not in {each.operation for each in found.debriefs}
    assert "Lantern" not in {each.operation for each in found.lessons}
    page = browser(world, "alpha_officer").get(reverse("debriefs:similar", args=["lantern"]))
    assert f'href="{found.lessons[0].url}"' in page.content.decode()


def test_where_nothing_is_alike_the_page_says_so_in_words(world: World) -> None:
    shared(world, "Lantern", BROTHEL)

    page = browser(world, "alpha_officer").get(reverse("debriefs:similar", args=["lantern"]))

    assert "Nothing else that is shared with you is much like this one." in page.content.decode()


def test_a_debrief_leads_to_others_and_a_draft_does_not(world: World) -> None:
    shared(world, "Lantern", BROTHEL)
    world.draft(operation="Harrow")

    released = browser(world).get("/debriefs/lantern/").content.decode()
    draft = browser(world).get("/debriefs/harrow/").content.decode()

    assert 'href="/debriefs/lantern/similar/"' in released
    assert "/similar/" not in draft


def test_words_that_the_visitor_does_not_read_do_not_choose_what_is_alike(world: World) -> None:
    """Who reads less of a debrief is led by less of it."""
    facts = world.facts(reach=Tier.PARTNERS)
    parts = [
        world.section(Tier.PARTNERS),
        world.lesson(Tier.PARTNERS, title="Open", observed="An open word."),
        world.lesson(Tier.POLICING, title="Closed", observed=BROTHEL),
    ]
    mine = world.debrief_at(
        State.RELEASED,
        operation="Lantern",
        facts=facts,
        parts=parts,
        groups=("policing", "partners"),
    )

    assert "Neighbours" not in likeness.words_read(world.person("partner_officer"), mine)
    assert "Neighbours" in likeness.words_read(world.person("alpha_officer"), mine)
