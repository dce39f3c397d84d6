"""Is a draft shown as its readers will find it? Whatever the preview shows is held against the page
after a real release."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from debriefs.models import Version
from debriefs.models.vocabulary import Heading
from portal.models import AuditEvent, Tier
from tests.access.scene import tiered
from tests.debriefs.test_writing_pages import address, browser, page
from tests.world import World, fresh


@pytest.fixture
def draft(world: World) -> Version:
    """A draft for the public with something for each tier, whose facts are for policing."""
    return world.draft(
        operation="Lantern",
        facts=world.facts(token="filled", reach=Tier.PUBLIC, facts_reach=Tier.POLICING),
        parts=[
            *tiered(world, Tier.PUBLIC, token="filled"),
            world.section(Tier.PARTICIPANTS, heading=Heading.COVERT, token="narrow"),
            world.lesson(Tier.PARTICIPANTS, token="narrow"),
        ],
    )


def said(told: str) -> str:
    """What a reader reads: the page between its head and its foot, without what is about the
    signatures, the citation, other debriefs and the way in, and without the bar of a preview."""
    body = told.split("<main", 1)[1].split("</main>")[0]
    body = re.sub(r'<div class="preview-bar">.*?</form>\s*</div>\s*</div>', "", body, flags=re.S)
    for gone in ("signed", "cite", "others"):
        body = re.sub(rf'<section class="part" id="{gone}".*?</section>', "", body, flags=re.S)
    body = re.sub(r'<li[^>]*><a[^>]*href="#(?:signed|others)".*?</li>', "", body, flags=re.S)
    body = re.sub(r'<p class="(debrief__meta|printed)">.*?</p>', "", body, flags=re.S)
    return " ".join(body.split())


#: Who belongs to one group alone, and to which.
READERS = (
    ("charlie_officer", "policing"),
    ("partner_officer", "partners"),
    ("guest", "circle"),
    ("nobody", "public"),
)


@pytest.mark.parametrize(("person", "group"), READERS)
def test_after_the_release_the_page_is_what_the_preview_was(
    world: World, draft: Version, person: str, group: str
) -> None:
    """Word for word, for a member of the group and of no other; the public's group as well."""
    shown = said(page(browser(world).get(f"{address(draft, 'preview')}?as={group}")))
    tier = world.group(group).tier
    by_tier = said(page(browser(world).get(f"{address(draft, 'preview')}?as=tier-{tier}")))

    world.sent(draft)
    world.agreed(draft)
    world.release(draft, group)
    reader = Client()
    reader.force_login(world.person(person))
    assert said(page(reader.get("/debriefs/lantern/"))) == shown == by_tier
    assert "filled" in shown


def test_a_preview_shows_no_part_and_no_fact_beyond_its_reach(world: World, draft: Version) -> None:
    """Tier by tier: who is further away is shown less."""
    client, shown = browser(world), {}
    for tier in Tier:
        shown[tier] = page(client.get(f"{address(draft, 'preview')}?as=tier-{tier.value}"))
    parts = {tier: len(re.findall('<article class="lesson', told)) for tier, told in shown.items()}

    assert parts == {1: 4, 2: 3, 3: 2, 4: 1}
    assert "narrow" in shown[Tier.PARTICIPANTS]
    assert "narrow" not in shown[Tier.POLICING]
    assert "Bravoshire" in shown[Tier.POLICING]
    for tier in (Tier.PARTNERS, Tier.PUBLIC):
        facts = shown[tier].split('id="facts"')[1].split("</section>")[0]
        assert "The facts of this operation are not shared this far." in facts
    assert "OFFICIAL-SENSITIVE" in shown[Tier.PARTNERS]
    assert "OFFICIAL-SENSITIVE" not in shown[Tier.PUBLIC]


def test_whom_it_would_not_reach_would_find_nothing(world: World) -> None:
    """The preview says so, and shows no word of it."""
    draft = world.draft(operation="Lantern", facts=world.facts(token="filled"))
    told = page(browser(world).get(f"{address(draft, 'preview')}?as=tier-3"))

    assert "It does not go so far" in told
    assert "filledsummary" not in told
    assert client_status(world, draft, "partners") == 200
    assert client_status(world, draft, "tier-9") == 404
    assert client_status(world, draft, "missing") == 404


def client_status(world: World, draft: Version, asked: str) -> int:
    """What is answered to a preview as this."""
    return browser(world).get(f"{address(draft, 'preview')}?as={asked}").status_code


def test_a_preview_begins_with_the_widest_who_would_read(world: World, draft: Version) -> None:
    """And is no reading: nothing is recorded as read."""
    client = browser(world)
    before = AuditEvent.objects.count()
    told = page(client.get(address(draft, "preview")))

    assert "any group of “Public” would find" in told
    assert AuditEvent.objects.count() == before
    assert fresh(draft).readers == []
