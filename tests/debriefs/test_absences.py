"""Can signatories say when they are away, and coordinators for them, and nobody else?"""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from debriefs.permissions import can_decide
from debriefs.workflow import State
from portal import services
from portal.models import Absence, AuditEvent, Membership, Role
from tests.world import World

TODAY, LATER = timezone.localdate, timedelta(days=9)


def ask(world: World, person: str, data: dict[str, str] | None = None) -> Any:
    """Open the page, or send it."""
    client = Client()
    client.force_login(world.person(person))
    where = reverse("absences")
    return client.get(where) if data is None else client.post(where, data)


def page_of(response: Any, status: int = 200) -> str:
    """What the answer shows, with entities as characters."""
    assert response.status_code == status
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()))


def filled(world: World, who: str, first: date, last: date) -> dict[str, str]:
    """The form, filled in for this signatory of alpha."""
    held = Membership.objects.get(user=world.person(who), role=Role.SIGNATORY)
    boxes = {
        f"{name}_{box}": str(getattr(day, box))
        for name, day in (("from_day", first), ("until_day", last))
        for box in ("day", "month", "year")
    }
    return {"who": str(held.pk)} | boxes


def test_signatory_says_when_they_are_away_and_the_deputy_decides(world: World) -> None:
    """From that day on; and ends it again."""
    version = world.debrief_at(State.WITH_FORCES)
    signoff = version.signoffs.get(organisation__key="alpha")
    assert not can_decide.decide(world.person("alpha_deputy"), signoff)
    assert "Deputies: Alpha Deputy." in page_of(ask(world, "alpha_signatory"))

    sent = filled(world, "alpha_signatory", TODAY(), TODAY() + LATER)
    assert ask(world, "alpha_signatory", sent).status_code == 303

    assert can_decide.decide(world.person("alpha_deputy"), signoff)
    absence = Absence.objects.get()
    page = page_of(ask(world, "alpha_signatory"))
    assert f"to {TODAY() + LATER:%-d %B %Y}</span>" in page

    assert ask(world, "alpha_signatory", {"end": str(absence.pk)}).status_code == 303
    assert not can_decide.decide(world.person("alpha_deputy"), signoff)
    assert "Not away." in page_of(ask(world, "alpha_signatory"))


def test_coordinator_does_it_for_the_own_force_alone(world: World) -> None:
    """Another force's signatory is not among those to choose, nor is their absence to end."""
    page = page_of(ask(world, "coordinator"))
    assert "Alpha Signatory, Alphashire Police" in page
    assert "Bravo" not in page
    sent = filled(world, "alpha_signatory", TODAY(), TODAY())
    assert ask(world, "coordinator", sent).status_code == 303

    sent = filled(world, "bravo_signatory", TODAY(), TODAY())
    page = page_of(ask(world, "coordinator", sent), 422)
    assert "Choose one of the signatories of your force." in page
    theirs = services.set_absence(
        by=world.person("bravo_signatory"),
        user=world.person("bravo_signatory"),
        organisation=world.organisation("bravo"),
        from_day=TODAY(),
        until_day=TODAY(),
    )
    for number in (str(theirs.pk), "0", "x", "9" * 30):
        page = page_of(ask(world, "coordinator", {"end": number}), 403)
        assert "is not yours to end" in page
    assert Absence.objects.get(pk=theirs.pk).ended_at is None


def test_same_absence_sent_twice_is_one(world: World) -> None:
    """And is recorded once."""
    sent = filled(world, "alpha_signatory", TODAY(), TODAY() + LATER)
    for _ in range(2):
        assert ask(world, "alpha_signatory", sent).status_code == 303

    assert Absence.objects.count() == 1
    assert AuditEvent.objects.filter(verb="absence.set").count() == 1


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(0, -1, "cannot be before the first"), (-9, -1, "These days are over.")],
)
def test_days_that_cannot_be_are_refused_with_what_was_typed(
    world: World, first: int, last: int, words: str
) -> None:
    """On the page, beside the field."""
    day = TODAY() + timedelta(days=first)
    sent = filled(world, "alpha_signatory", day, TODAY() + timedelta(days=last))

    page = page_of(ask(world, "alpha_signatory", sent), 422)

    assert words in page
    assert f'value="{day.year}"' in page
    assert not Absence.objects.exists()


@pytest.mark.parametrize("person", ["alpha_officer", "alpha_deputy", "administrator", "editor"])
def test_whoever_signs_for_no_force_is_told_so(world: World, person: str) -> None:
    """There is nothing to set; sending the form sets nothing."""
    assert "You sign for no force" in page_of(ask(world, person))
    sent = filled(world, "alpha_signatory", TODAY(), TODAY())
    assert ask(world, person, sent).status_code == 422
    assert not Absence.objects.exists()


def test_force_without_a_stand_in_is_told(world: World) -> None:
    """Before it matters."""
    page = page_of(ask(world, "charlie_signatory"))
    assert "Nobody stands in. Ask the project team to name a deputy." in page
