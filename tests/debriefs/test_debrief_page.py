"""Does the page of a debrief show each reader what is theirs to read, and help them use it?

Who may open it at all, and what must never be on it, is tested in `tests/access`.
"""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from debriefs.models import Version
from debriefs.models.vocabulary import Heading, Marking, Worked
from debriefs.services import checking, releasing, writing
from debriefs.services.reading import find, open_version
from debriefs.services.signing import Answer
from debriefs.workflow import State
from portal.models import AuditEvent, Tier
from tests.world import World

POLICE_SECTION = "What the police alone should know."
PARTNER_SECTION = "What partners should know too."
PUBLIC_SECTION = "What anybody may know."


@pytest.fixture
def tiered(world: World) -> Version:
    """A debrief with a section and a lesson for each tier, whose facts are for policing."""
    sections = (
        (Tier.POLICING, Heading.OVERVIEW, POLICE_SECTION),
        (Tier.PARTNERS, Heading.PARTNERS, PARTNER_SECTION),
        (Tier.PUBLIC, Heading.PUBLIC_SUMMARY, PUBLIC_SECTION),
    )
    return world.debrief_at(
        State.RELEASED,
        operation="Lantern",
        facts=world.facts(
            reach=Tier.PUBLIC, facts_reach=Tier.POLICING, handling="Police use only."
        ),
        parts=[
            *(
                world.section(tier, heading=heading, title=heading.label, markdown=text)
                for tier, heading, text in sections
            ),
            *(world.lesson(tier, title=f"A lesson for tier {tier}") for tier, _, _ in sections),
        ],
        groups=("policing", "partners", "public"),
    )


def read(world: World, person: str | None, address: str, status: int = 200) -> str:
    """The page as the person sees it, with entities as characters."""
    client = Client()
    if person:
        client.force_login(world.person(person))
    response = client.get(address)
    assert response.status_code == status
    return html.unescape(response.content.decode())


FACTS = (
    "Alphashire Police",
    "Bravoshire Police",
    "2021 to 2022",
    "Romania",
    "Human trafficking (Modern Slavery Act 2015)",
    "5 of 7 charged convicted",
    "16 years",
    "2 to 5",
    "6 to 10",
    "Structured debrief, January 2023",
    "How it was done",
)


# --- Readers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["charlie_officer", "alpha_officer", "coordinator"])
def test_the_police_read_every_part_and_the_facts(
    world: World, tiered: Version, person: str
) -> None:
    """With who signed, the handling instruction, and through which group."""
    page = read(world, person, "/debriefs/lantern/")

    for words in (POLICE_SECTION, PARTNER_SECTION, PUBLIC_SECTION, *FACTS):
        assert words in page
    for tier in (2, 3, 4):
        assert f"A lesson for tier {tier}" in page
    assert "OFFICIAL-SENSITIVE</span> – Police use only." in page
    assert "You read it through Policing and Public summaries" in page
    assert "Agreed" in page.split('id="signed"')[1]


@pytest.mark.parametrize("person", ["partner_officer", "harbour_signatory"])
def test_partners_read_what_may_go_to_partners(world: World, tiered: Version, person: str) -> None:
    """Tier three and wider; no facts, no signatures, and nothing that says there is more."""
    page = read(world, person, "/debriefs/lantern/")

    assert PARTNER_SECTION in page
    assert PUBLIC_SECTION in page
    assert "A lesson for tier 3" in page
    assert POLICE_SECTION not in page
    assert "A lesson for tier 2" not in page
    for words in FACTS:
        assert words not in page
    assert 'id="signed"' not in page
    assert "Who signed" not in page
    assert "OFFICIAL-SENSITIVE" in page
    assert "Lessons (2)" in page


@pytest.mark.parametrize("person", [None, "outsider", "nobody", "superuser", "administrator"])
def test_everyone_else_reads_what_the_public_may(
    world: World, tiered: Version, person: str | None
) -> None:
    """A superuser or an administrator is no more than the public, here as everywhere."""
    page = read(world, person, "/debriefs/lantern/")

    assert PUBLIC_SECTION in page
    assert "A lesson for tier 4" in page
    for words in (POLICE_SECTION, PARTNER_SECTION, *FACTS):
        assert words not in page
    assert "A lesson for tier 2" not in page
    assert "A lesson for tier 3" not in page
    assert "OFFICIAL-SENSITIVE" not in page
    assert "Police use only." not in page
    assert "Lessons (1)" in page


@pytest.mark.parametrize("person", ["author", "editor"])
def test_the_team_reads_drafts_whole_and_sees_how_far_each_part_travels(
    world: World, person: str
) -> None:
    """With a word on the top that it is a draft."""
    world.debrief_at(
        State.DRAFTING,
        operation="Draft",
        facts=world.facts(reach=Tier.PARTNERS),
        parts=[world.section(Tier.PARTNERS), world.lesson(Tier.POLICING)],
    )

    page = read(world, person, "/debriefs/draft/")

    assert "Version 1 is not shared" in page
    assert "Its words can still change." in page
    assert "Travels as far as: Law-enforcement partners" in page
    assert "Policing" in page
    assert "Alphashire Police" in page


@pytest.mark.parametrize("person", ["alpha_signatory", "alpha_deputy", "bravo_signatory", "both"])
def test_who_signs_reads_the_sealed_version_whole(world: World, person: str) -> None:
    """Exactly what the force is asked to agree to, before anyone else may read it."""
    version = world.debrief_at(
        State.WITH_FORCES, operation="Sealed", parts=[world.section(), world.lesson()]
    )

    page = read(world, person, "/debriefs/sealed/")

    assert "It is sealed and waits for every force that signs." in page
    assert version.title in page
    assert "Travels as far as: Policing" in page
    assert read(world, person, "/debriefs/sealed/versions/1/") is not None


def test_readers_of_the_shared_version_do_not_see_how_far_parts_travel(
    world: World, tiered: Version
) -> None:
    """How far each part goes would say that there are others."""
    for person in ("charlie_officer", "partner_officer", None):
        assert "Travels as far as" not in read(world, person, "/debriefs/lantern/")


def test_the_widest_standing_counts(world: World, tiered: Version) -> None:
    """Someone who is officer and signatory of a force reads the whole, as the signatory does."""
    version = find(world.person("both"), "lantern")
    assert version is not None

    assert open_version(world.person("both"), version).whole
    assert not open_version(world.person("bravo_officer"), version).whole


def test_a_reading_is_recorded_once_with_who_and_what(world: World, tiered: Version) -> None:
    """And the public's is not recorded at all: nobody is there to be named."""
    read(world, None, "/debriefs/lantern/")
    assert not AuditEvent.objects.filter(verb="version.read").exists()

    read(world, "partner_officer", "/debriefs/lantern/")

    event = AuditEvent.objects.get(verb="version.read")
    assert event.actor == world.person("partner_officer")
    assert event.debrief == tiered.debrief_id
    assert event.subject == f"debriefs.version:{tiered.pk}"
    assert event.detail == {"version": 1, "parts": 4, "whole": False}
    read(world, "outsider", "/debriefs/missing/", 404)
    assert AuditEvent.objects.filter(verb="version.read").count() == 1


# --- What is on it --------------------------------------------------------------------------------


def test_the_marking_is_the_first_and_the_last_line(world: World, tiered: Version) -> None:
    """In capitals, with the handling instruction; above the name of the portal, below the foot."""
    page = read(world, "charlie_officer", "/debriefs/lantern/")

    markings = [found.start() for found in re.finditer(r'class="marking marking--', page)]
    assert len(markings) == 2
    assert markings[0] < page.index('class="masthead"')
    assert markings[1] > page.index("Accessibility</a>")
    assert 'marking--top marking--sensitive">' in page
    assert 'marking--bottom marking--sensitive">' in page
    assert page.count("OFFICIAL-SENSITIVE</span> – Police use only.") == 2


def test_lessons_come_first_and_lead_to_their_paragraph(world: World, tiered: Version) -> None:
    """Two minutes are enough for the key lessons; each has an anchor that stays the same."""
    page = read(world, "charlie_officer", "/debriefs/lantern/")

    anchor = tiered.parts.get(title="A lesson for tier 2").anchor
    assert page.index('id="key-lessons"') < page.index(POLICE_SECTION)
    assert f'href="#{anchor}">A lesson for tier 2</a>' in page
    assert page.count(f'id="{anchor}"') == 1


def test_each_paragraph_can_be_led_to_and_keeps_its_name(world: World) -> None:
    """In sections and in the three texts of a lesson; nothing on the page has the same name."""
    version = world.debrief_at(
        State.RELEASED,
        operation="Ladder",
        parts=[
            world.section(markdown="First.\n\n- Second.\n- Third."),
            world.lesson(observed="Seen.\n\nSeen again.", mattered="Felt.", action="- Do it."),
            world.lesson(title="Another"),
        ],
    )
    section, lesson, _ = version.parts.all()

    page = read(world, "charlie_officer", "/debriefs/ladder/")

    for name, words in (
        (f"{section.anchor}-p1", "First."),
        (f"{section.anchor}-p3", "Third."),
        (f"{lesson.anchor}-observed-p2", "Seen again."),
        (f"{lesson.anchor}-mattered-p1", "Felt."),
        (f"{lesson.anchor}-action-p1", "Do it."),
    ):
        assert f'id="{name}">{words}' in page
    names = re.findall(r'\sid="([^"]*)"', page)
    assert len(names) == len(set(names))
    writing.reopen(by=world.person("author"), version=version)
    draft = read(world, "author", "/debriefs/ladder/versions/2/")
    assert f'id="{lesson.anchor}-observed-p2">Seen again.' in draft


def test_every_entry_of_the_contents_leads_somewhere(world: World, tiered: Version) -> None:
    """For each reader, who has contents of their own."""
    for person in (None, "partner_officer", "charlie_officer", "author"):
        page = read(world, person, "/debriefs/lantern/")

        targets = re.findall(r'class="contents__link" href="#([^"]*)"', page)
        assert len(targets) >= 3
        assert targets[-1] == "cite"
        for target in targets:
            assert page.count(f'id="{target}"') == 1


def test_the_lens_shows_the_lessons_for_one_role(world: World) -> None:
    """The whole of it stays below; a role that no lesson is for is no role here."""
    world.debrief_at(
        State.RELEASED,
        operation="Prism",
        parts=[
            world.section(),
            world.lesson(title="For the analyst", roles=["analyst"]),
            world.lesson(title="For the commander", roles=["commander"], worked=Worked.NO),
            world.lesson(title="For both", roles=["analyst", "commander"]),
        ],
    )

    def key_lessons(query: str) -> str:
        page = read(world, "charlie_officer", f"/debriefs/prism/{query}")
        assert page.count("For the commander") >= 1  # below, in full
        return page.split('id="key-lessons"')[1].split("</section>")[0]

    everyone = key_lessons("")
    for title in ("For the analyst", "For the commander", "For both"):
        assert title in everyone
    offered = re.findall(r'<option value="([^"]*)"', everyone)
    assert offered == ["", "analyst", "commander"]
    analyst = key_lessons("?role=analyst")
    assert "for: Analyst" in analyst
    assert "For the analyst" in analyst
    assert "For both" in analyst
    assert "For the commander" not in analyst
    for unknown in ("?role=sio", "?role=%3Cscript%3E", "?role="):
        assert "For the commander" in key_lessons(unknown)
        assert "for:" not in key_lessons(unknown)


def test_the_lens_offers_only_roles_of_lessons_that_one_may_read(world: World) -> None:
    """That there is a lesson for the commander is a thing that its readers know."""
    world.debrief_at(
        State.RELEASED,
        operation="Lens",
        facts=world.facts(reach=Tier.PARTNERS),
        parts=[
            world.section(Tier.PARTNERS),
            world.lesson(Tier.PARTNERS, title="Open", roles=["analyst", "prosecutor"]),
            world.lesson(Tier.POLICING, title="Closed", roles=["commander"]),
        ],
        groups=("policing", "partners"),
    )

    page = read(world, "partner_officer", "/debriefs/lens/?role=commander")

    assert "Commander" not in page
    assert "Closed" not in page
    assert "Commander" in read(world, "charlie_officer", "/debriefs/lens/?role=commander")


def test_the_citation_names_exactly_these_words(world: World, tiered: Version) -> None:
    """Operation, title, version, reference, the beginning of the digest, and the address."""
    page = read(world, "charlie_officer", "/debriefs/lantern/")

    cited = re.sub(r"\s+", " ", page.split('id="cite-text">')[1].split("</p>")[0])
    assert f"Operation Lantern: {tiered.title}. Version 1, " in cited
    assert tiered.debrief.reference in cited
    assert f"SHA-256 {tiered.digest[:16]}…" in cited
    assert cited.endswith("http://testserver/debriefs/lantern/")


def test_links_to_other_sites_are_marked_and_tell_them_nothing(world: World) -> None:
    """In the text and for the talk; links within the portal are not marked."""
    world.debrief_at(
        State.RELEASED,
        operation="Links",
        parts=[
            world.section(
                markdown="See [the guidance](https://guidance.example/page) "
                "and [the themes](/themes/)."
            )
        ],
    )

    page = read(world, "charlie_officer", "/debriefs/links/")

    links = re.findall(r"<a [^>]*>", page)
    outside = [link for link in links if re.search(r'href="(?:https?:)?//', link)]
    assert len(outside) == 2
    for link in outside:
        assert "app-external" in link
        assert 'rel="noopener noreferrer nofollow external"' in link
        assert "target=" not in link
    assert '<a href="/themes/">the themes</a>' in page


def test_a_talk_is_a_link_and_never_embedded(world: World, tiered: Version) -> None:
    """With its title, the speaker's role and how long it takes; nothing is loaded from there."""
    page = read(world, "charlie_officer", "/debriefs/lantern/")

    talk = page.split('id="talk-title"')[1].split("</section>")[0]
    assert 'href="https://videos.example/url"' in talk
    assert "How it was done" in talk
    assert "Senior investigating officer" in talk
    assert "25 minutes" in talk
    for element in ("<iframe", "<video", "<embed", "<object", "<img"):
        assert element not in page
    assert "videos.example" not in read(world, "partner_officer", "/debriefs/lantern/")


def test_who_signed_is_shown_with_the_day_and_without_a_name(world: World, tiered: Version) -> None:
    """It is the force that signs."""
    page = read(world, "charlie_officer", "/debriefs/lantern/")

    signed = page.split('id="signed"')[1].split("</section>")[0]
    assert "Alphashire Police" in signed
    assert "Bravoshire Police" in signed
    assert "Alpha Signatory" not in page


def test_words_are_shown_as_they_were_written_and_nothing_runs(world: World) -> None:
    """An author's markup is text; titles too."""
    world.debrief_at(
        State.RELEASED,
        operation="Markup",
        facts=world.facts(title="<script>alert(1)</script>", summary="<img src=x onerror=a()>"),
        parts=[world.section(title="<b>bold</b>", markdown="<script>alert(2)</script> *but* this")],
    )
    client = Client()
    client.force_login(world.person("charlie_officer"))

    for address in ("/debriefs/markup/", "/debriefs/", "/", "/debriefs/markup/history/"):
        raw = client.get(address).content.decode()
        assert "<script>alert" not in raw
        assert "<img" not in raw
        assert "<b>" not in raw
    assert "<em>but</em> this" in client.get("/debriefs/markup/").content.decode()


# --- Gone -----------------------------------------------------------------------------------------


def test_former_readers_find_why_it_is_gone(world: World) -> None:
    """When, why and by whom in general terms; not one word of it."""
    version = world.debrief_at(State.RELEASED, operation="Gone")
    world.withdraw(version, "bravo", "A trial is pending.\nAsk again in May.")

    page = read(world, "charlie_officer", "/debriefs/gone/", 410)

    assert "This debrief is no longer shared with you" in page
    assert "A trial is pending.<br>Ask again in May." in page
    assert "A force that took part withdrew its consent." in page
    assert version.debrief.reference in page
    for words in (version.title, version.summary, "Bravoshire", "call", "Meet the prosecutor"):
        assert words not in page
    read(world, "guest", "/debriefs/gone/", 404)


def test_a_group_that_it_was_taken_back_from_finds_the_reason_and_others_read_on(
    world: World,
) -> None:
    """Each group's reason is its own."""
    version = world.debrief_at(State.RELEASED, operation="Back", groups=("policing", "circle"))
    releasing.withdraw_release(
        by=world.person("editor"),
        release=version.releases.get(sharing_group__key="policing"),
        reason="Shared too widely.",
    )

    page = read(world, "charlie_officer", "/debriefs/back/", 410)
    assert "Shared too widely." in page
    assert "The project team no longer shares it with your group." in page
    assert version.title not in page
    still = read(world, "alpha_officer", "/debriefs/back/")
    assert version.title in still
    assert "Shared too widely." not in still


# --- Versions -------------------------------------------------------------------------------------


def test_readers_find_the_version_that_is_shared_now(world: World) -> None:
    """The former one is in the history, without its words."""
    first = world.debrief_at(State.SUPERSEDED, operation="Twice")

    page = read(world, "charlie_officer", "/debriefs/twice/")
    history = read(world, "charlie_officer", "/debriefs/twice/history/")

    assert ">version 2</a>" in page
    assert "is not shared" not in page
    assert history.index("Version 2") < history.index("Version 1")
    assert 'href="/debriefs/twice/versions/2/"' in history
    assert 'href="/debriefs/twice/versions/1/"' not in history
    assert "Its words are no longer shown" in history
    assert first.number == 1


def test_the_team_can_open_every_version_and_sees_which_is_which(world: World) -> None:
    """A former one says that it is not to be relied on."""
    world.debrief_at(State.SUPERSEDED, operation="Twice")

    former = read(world, "author", "/debriefs/twice/versions/1/")
    current = read(world, "author", "/debriefs/twice/versions/2/")

    assert "A later version took its place. Do not rely on this one." in former
    assert "is not shared" not in current
    history = read(world, "author", "/debriefs/twice/history/")
    assert 'href="/debriefs/twice/versions/1/"' in history


def test_while_the_next_version_is_written_the_shared_one_stays_up(world: World) -> None:
    """Readers and makers find the shared one at the debrief's address."""
    version = world.debrief_at(State.RELEASED, operation="Stays")

    writing.reopen(by=world.person("author"), version=version)

    for person in ("charlie_officer", "author"):
        assert ">version 1</a>" in read(world, person, "/debriefs/stays/")
    assert "Version 2 is not shared" in read(world, "author", "/debriefs/stays/versions/2/")


def test_the_team_sees_why_a_draft_came_back(world: World) -> None:
    version = world.debrief_at(State.CHECKING, operation="Back")
    second = world.person("second_author")
    why = "Say who called first."
    checking.send_back(by=second, version=version, revision=version.revision, reason=why)

    assert why in read(world, "author", "/debriefs/back/")


# --- Home -----------------------------------------------------------------------------------------


def test_home_says_what_needs_whom(world: World) -> None:
    """Each row says what it waits for; nobody sees another's work."""
    world.debrief_at(State.DRAFTING, operation="Writing")
    world.debrief_at(State.CHECKING, operation="Checking")
    world.debrief_at(State.WITH_FORCES, operation="Signing")

    def needed(person: str) -> set[tuple[str, str]]:
        page = read(world, person, "/")
        row = r'work__what" href="[^"]*">([\w ]+ Operation \w+)</a>.*?work__why">([^:]*):'
        return set(re.findall(row, page))

    assert needed("alpha_signatory") == {("Decide on Operation Signing", "Waits for your force")}
    assert needed("editor") == {("Check Operation Checking", "Waits for a second reader")}
    # Nobody checks their own words, or is asked to write what others began
    assert needed("author") == {("Write Operation Writing", "Your draft")}
    for person in ("charlie_officer", "charlie_signatory", "administrator", "superuser"):
        assert needed(person) == set()


def test_a_force_that_has_decided_is_not_asked_again(world: World) -> None:
    """The other one still is."""
    world.debrief_at(
        State.WITH_FORCES, operation="Half", answers={"alpha": Answer("agreed", remark="")}
    )

    assert "Waits for your force" not in read(world, "alpha_signatory", "/")
    assert "Decide on Operation Half" in read(world, "bravo_signatory", "/")


def test_home_remembers_what_was_read_last(world: World, tiered: Version) -> None:
    """Latest first, once each."""
    world.debrief_at(State.RELEASED, operation="Other")
    client = Client()
    client.force_login(world.person("charlie_officer"))
    for address in ("/debriefs/lantern/", "/debriefs/other/", "/debriefs/lantern/"):
        client.get(address)

    resumed = html.unescape(client.get("/").content.decode()).split('id="resume"')[1]
    resumed = resumed.split("</section>")[0]

    assert re.findall(r"Operation (\w+)", resumed) == ["Lantern", "Other"]
    assert Marking.SENSITIVE in client.get("/").content.decode()
