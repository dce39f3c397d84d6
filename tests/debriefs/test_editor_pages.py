"""Is what is written into a section or a lesson saved, shown, and never lost to somebody else's
save? And is there a way back to everything that was ever saved?"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from debriefs.exceptions import Conflict
from debriefs.guides import LESSON, SECTIONS
from debriefs.models import Part, Presence, Save, Version
from debriefs.models.vocabulary import Heading
from debriefs.services import presence, restoring, saves, writing
from debriefs.services.content import words_of
from debriefs.services.merging import merged
from debriefs.views.editing import kept_for
from portal.models import Tier
from tests.debriefs.test_writing_pages import address, browser, page, part, titles
from tests.world import World, fresh

SECTION = {"title": "Overview", "reach": "2", "markdown": "It began with a *call*."}


@pytest.fixture
def draft(world: World) -> Version:
    """A draft with a section and a lesson."""
    return world.draft(
        operation="Lantern", parts=[world.section(), world.lesson(title="Meet early")]
    )


def write(client: Client, version: Version, of_title: str, how: str = "", /, **sent: Any) -> Any:
    """Send the editor's form for the part of this title; `how` as a script says it."""
    written = part(version, of_title)
    form = {"revision": fresh(version).revision, **sent}
    headers = {"X-Editor": how} if how else {}
    return client.post(address(version, "part", written.identity), form, headers=headers)


# --- Writing --------------------------------------------------------------------------------------


def test_a_section_is_written_with_questions_beside_it(world: World, draft: Version) -> None:
    """What was typed is kept, and rendered once."""
    client = browser(world)
    told = page(client.get(address(draft, "part", part(draft, "Overview").identity)))
    for question in SECTIONS[Heading.OVERVIEW].questions:
        assert question in told

    typed = {**SECTION, "title": "What happened", "reach": "1", "markdown": "**Bold** words."}
    response = write(client, draft, "Overview", **typed)
    assert response.status_code == 303
    saved = part(draft, "What happened")
    assert (saved.markdown, saved.reach, saved.heading) == ("**Bold** words.", 1, "overview")
    assert saved.html.strip() == "<p><strong>Bold</strong> words.</p>"


def test_a_lesson_is_written_field_by_field(world: World, draft: Version) -> None:
    """Nothing but its title has to be there from the start."""
    client = browser(world)
    told = page(client.get(address(draft, "part", part(draft, "Meet early").identity)))
    for guide in LESSON.values():
        assert guide.questions[0] in told

    write(client, draft, "Meet early", title="Meet sooner", reach="2", then="draft")
    bare = part(draft, "Meet sooner")
    assert (bare.theme, bare.observed, bare.roles) == (None, "", [])
    whole = {
        "title": "Meet sooner",
        "reach": "2",
        "theme": bare.version.themes.first().pk,  # type: ignore[union-attr]
        "observed": "Seen.",
        "mattered": "It did.",
        "action": "Do it.",
        "worked": "partly",
        "evidence": "tested",
        "roles": ["sio", "analyst"],
    }
    response = write(client, draft, "Meet sooner", then="draft", **whole)
    assert response.headers["Location"] == f"{address(draft)}#{bare.anchor}"
    saved = part(draft, "Meet sooner")
    assert (saved.observed, saved.mattered, saved.action) == ("Seen.", "It did.", "Do it.")
    assert (saved.worked, saved.evidence, saved.roles) == ("partly", "tested", ["sio", "analyst"])


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"title": ""}, "Title: an answer is needed"),
        ({"title": "x" * 161}, "Title: keep it under 161 characters"),
        ({"markdown": "x" * 40_001}, "Keep each section under 40,000"),
        ({"markdown": "[" * 201}, "more than 200 opening square brackets"),
        ({"reach": "3"}, "Select a valid choice"),
    ],
)
def test_what_does_not_fit_is_said_and_stays_in_the_form(
    world: World, draft: Version, sent: dict[str, str], told: str
) -> None:
    answer = page(write(browser(world), draft, "Overview", **{**SECTION, **sent}), 422)

    assert told in answer
    assert {**SECTION, **sent}["markdown"][:100] in answer
    assert part(draft, "Overview").markdown.startswith("It began")


def test_a_part_that_reaches_further_than_its_debrief_has_to_be_narrowed(world: World) -> None:
    """It is not narrowed silently: who wrote it decides."""
    version = world.draft(
        facts=world.facts(reach=Tier.PARTNERS), parts=[world.section(Tier.PARTNERS)]
    )
    Version.objects.filter(pk=version.pk).update(reach=Tier.POLICING)
    client = browser(world)

    told = page(write(client, version, "Overview", **{**SECTION, "reach": "3"}), 422)
    assert "A part cannot travel further than its version." in told
    assert write(client, version, "Overview", **SECTION).status_code == 303


def test_a_preview_shows_what_is_typed_and_saves_nothing(world: World, draft: Version) -> None:
    """To a script the part alone, without one the page; rendered and cleaned as always."""
    client, before = browser(world), fresh(draft).revision
    typed = {**SECTION, "markdown": "**Typed** <script>alert(1)</script>"}
    fragment = page(write(client, draft, "Overview", "preview", **typed))
    whole = page(write(client, draft, "Overview", preview="yes", **typed))
    lesson = page(write(client, draft, "Meet early", "preview", title="", observed="*Seen*"))

    for told in (fragment, whole):
        assert "<p><strong>Typed</strong> alert(1)</p>" in told
    assert "<html" not in fragment
    assert "<em>Seen</em>" in lesson
    too_long = page(write(client, draft, "Overview", "preview", markdown="x" * 40_001))
    assert "Keep each section under" in too_long
    assert fresh(draft).revision == before


# --- Saving by itself -----------------------------------------------------------------------------


def test_a_page_saves_by_itself_and_is_told_what_to_show(world: World, draft: Version) -> None:
    """One save within ten minutes, whatever it was; no banner waits on the next page."""
    client = browser(world)
    for number in range(3):
        typed = {**SECTION, "markdown": f"Typed {number}, ring 07700 900123."}
        told = write(client, draft, "Overview", "autosave", **typed).json()
        assert told["revision"] == fresh(draft).revision
        assert re.fullmatch(r"Saved \d\d:\d\d", told["saved"])
        assert "07700 900123</mark>" in told["panels"]["warnings"]
        assert 'beside__count">1<' in told["panels"]["warnings-count"]
        assert "Policing:" in told["panels"]["audience"]
    automatic = draft.saves.filter(automatic=True)
    assert [each.content["parts"][0]["markdown"][:7] for each in automatic] == ["Typed 2"]
    assert "Saved: " not in page(client.get(address(draft)))


def test_a_script_is_told_why_not(world: World, draft: Version) -> None:
    """Wrong, too late, or not a draft any more: in words, with the status that says which."""
    client, old = browser(world), draft.revision
    wrong = write(client, draft, "Overview", "autosave", **{**SECTION, "title": ""})
    assert (wrong.status_code, wrong.json()) == (422, {"reason": "Title: an answer is needed"})
    write(browser(world, "editor"), draft, "Overview", **SECTION)
    late = write(client, draft, "Overview", "autosave", revision=old, **SECTION)
    assert (late.status_code, late.json()) == (409, {"reason": "Someone else changed this"})


def test_what_is_typed_into_a_part_that_was_removed_meanwhile_is_not_lost(
    world: World, draft: Version
) -> None:
    """It is shown, with the way to bring the part back; a part that never was is not found."""
    written, client = part(draft, "Overview"), browser(world)
    path = address(draft, "part", written.identity)
    writing.remove_part(by=world.person("editor"), part=written, revision=draft.revision)
    told = page(client.post(path, {**SECTION, "markdown": "Typed for an hour."}), 409)

    assert "“Overview” was removed while you wrote" in told
    assert "Typed for an hour." in told
    assert address(draft, "bring_back", written.identity) in told
    script = client.post(path, SECTION, headers={"X-Editor": "autosave"})
    assert (script.status_code, script.json()) == (409, {"reason": "Someone else changed this"})
    assert client.get(path).status_code == 404
    other = world.draft(operation="Beacon").parts.all()[0].identity
    assert client.post(address(draft, "part", other), SECTION).status_code == 404


def test_what_a_browser_keeps_is_one_persons_own(world: World) -> None:
    """The key follows from the person: the next at the same computer is given another."""
    author, editor = world.person("author"), world.person("editor")

    assert kept_for(author, "/here/") == kept_for(author, "/here/")
    assert kept_for(author, "/here/")["key"] != kept_for(editor, "/here/")["key"]
    assert kept_for(author, "/here/")["name"] != kept_for(editor, "/here/")["name"]


# --- Two at once ----------------------------------------------------------------------------------


def test_two_who_write_two_parts_do_not_get_in_each_others_way(
    world: World, draft: Version
) -> None:
    revision = draft.revision
    one = write(browser(world), draft, "Overview", revision=revision, **SECTION)
    other = write(
        browser(world, "editor"), draft, "Meet early", revision=revision, title="Met", reach="2"
    )
    assert (one.status_code, other.status_code) == (303, 303)


def test_two_who_write_the_same_part_are_shown_both_texts(world: World, draft: Version) -> None:
    """Side by side with what differs; mine stands in the form, and is saved over theirs on
    purpose alone."""
    revision = draft.revision
    theirs = {**SECTION, "markdown": "It began at night.\n\nTheirs."}
    mine = {**SECTION, "markdown": "It began by day.\n\nMine."}
    write(browser(world, "editor"), draft, "Overview", **theirs)
    client = browser(world)
    told = page(write(client, draft, "Overview", revision=revision, **mine), 409)

    assert "Editor saved this while you wrote" in told
    assert "<del>at night</del>" in told
    assert "<ins>by day</ins>" in told
    assert "It began by day.\n\nMine.</textarea>" in told
    assert part(draft, "Overview").markdown == theirs["markdown"]
    (now,) = re.findall(r'name="revision" value="(\d+)"[^>]*id="id_revision"', told)
    write(client, draft, "Overview", **{**mine, "revision": now})
    assert part(draft, "Overview").markdown == mine["markdown"]


def test_who_writes_in_two_windows_is_told_that_it_was_they_themselves(
    world: World, draft: Version
) -> None:
    """Nobody is looked for who was not there."""
    client, revision = browser(world), draft.revision
    write(client, draft, "Overview", **{**SECTION, "markdown": "In one window."})
    sent = {**SECTION, "revision": revision, "markdown": "In the other."}
    script = write(client, draft, "Overview", "autosave", **sent)
    assert script.json() == {"reason": "You changed this in another window"}
    told = page(write(client, draft, "Overview", **sent), 409)
    assert "You saved this in another window" in told
    assert "In the other.</textarea>" in told


def test_both_texts_can_be_put_into_the_form_and_merged_by_hand(
    world: World, draft: Version
) -> None:
    """Every paragraph of both; saving is another step, and is refused if a third saved since."""
    revision, client = draft.revision, browser(world)
    write(browser(world, "editor"), draft, "Overview", **{**SECTION, "markdown": "Same.\n\nA."})
    mine = {**SECTION, "markdown": "Same.\n\nB."}
    told = page(write(client, draft, "Overview", revision=revision, merge="yes", **mine), 409)

    assert "Same.\n\nA.\n\nB.</textarea>" in told
    assert "Both texts stand in the form below now" in told
    (now,) = re.findall(r'name="revision" value="(\d+)"[^>]*id="id_revision"', told)
    write(browser(world, "editor"), draft, "Overview", **{**SECTION, "markdown": "Third."})
    late = write(client, draft, "Overview", **{**mine, "revision": now})
    assert late.status_code == 409


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ("a", "a", "a"),
        ("a\n\nb", "a\n\nc", "a\n\nc\n\nb"),
        ("a\n\nb", "a", "a\n\nb"),
        ("", "a\n\nb", "a\n\nb"),
        ("x\n\na", "a\n\ny", "x\n\na\n\ny"),
        ("a\r\n\r\nb", "a\n\nb", "a\n\nb"),
    ],
)
def test_no_paragraph_is_lost_in_merging(mine: str, theirs: str, both: str) -> None:
    assert merged(mine, theirs) == both
    for text in (mine, theirs):
        for paragraph in filter(None, re.split(r"\s*\n\s*\n\s*", text)):
            assert paragraph in merged(mine, theirs)


# --- Who else is here -----------------------------------------------------------------------------


def test_who_else_is_at_the_draft_is_told_and_forgotten_after_a_minute(
    world: World, draft: Version
) -> None:
    """Who is at the same part first; oneself never."""
    overview = part(draft, "Overview")
    path = address(draft, "presence")
    author, editor, second = (
        browser(world, person) for person in ("author", "editor", "second_author")
    )
    assert author.post(path, {"part": overview.identity}).json() == {"words": ""}
    assert editor.post(path, {"part": overview.identity}).json() == {
        "words": "Author is at this part too."
    }
    second.post(path, {"part": "nonsense"})
    told = author.get(path).json()["words"]
    assert told == "Editor is at “Overview”. Second Author is at this draft."
    assert "Editor is at this part too." in page(
        author.get(address(draft, "part", overview.identity))
    )

    Presence.objects.update(seen_at=timezone.now() - presence.HERE_FOR)
    assert author.get(path).json() == {"words": ""}
    assert Presence.objects.count() == 3


# --- Every save -----------------------------------------------------------------------------------


def test_every_save_is_listed_compared_and_brought_back(world: World, draft: Version) -> None:
    """Who, when, what; with the one before and with now."""
    client = browser(world)
    write(browser(world, "editor"), draft, "Overview", **{**SECTION, "markdown": "Second text."})
    write(client, draft, "Overview", **{**SECTION, "markdown": "Third text."})
    listed = page(client.get(address(draft, "saves")))
    assert "Part: “Overview”" in listed
    assert '<td class="govuk-table__cell">Editor</td>' in listed

    second = draft.saves.get(by=world.person("editor"))
    one = page(client.get(address(draft, "save", second.revision)))
    assert "<ins>Second text.</ins>" in one
    now = page(client.get(f"{address(draft, 'save', second.revision)}?with=now"))
    assert "<del>Second</del>" in now
    assert "<ins>Third</ins>" in now

    response = client.post(
        address(draft, "save", second.revision),
        {"part": part(draft, "Overview").identity, "revision": fresh(draft).revision},
    )
    assert response.status_code == 303
    assert part(draft, "Overview").markdown == "Second text."


def test_the_whole_draft_is_brought_back_as_one_save(world: World, draft: Version) -> None:
    """Facts, parts, order and identities; what was added since is gone, and still in the list."""
    then = fresh(draft)
    before, content = titles(draft), saves.content_of(then)
    author = world.person("author")
    added = writing.add_part(by=author, version=draft, words=world.lesson(title="Added"))
    writing.remove_part(by=author, part=part(draft, "Overview"), revision=fresh(draft).revision)
    written = part(draft, "Meet early")
    writing.edit_part(
        by=author,
        part=written,
        revision=fresh(draft).revision,
        words=world.lesson(title="Changed"),
    )
    facts = world.facts(title="Another title", supporting=(), countries=[])
    writing.edit_facts(by=author, version=draft, revision=fresh(draft).revision, facts=facts)
    count = draft.saves.count()
    client = browser(world)
    response = client.post(
        address(draft, "save", then.revision), {"revision": fresh(draft).revision}
    )

    assert response.status_code == 303
    assert titles(fresh(draft)) == before
    assert saves.content_of(fresh(draft)) == content
    assert draft.saves.count() == count + 1
    assert draft.saves.order_by("-revision")[0].what == Save.What.RESTORED
    assert restoring.words_in(draft.saves.order_by("-revision")[1], added.identity)


def test_what_was_saved_meanwhile_is_not_overwritten_by_going_back(
    world: World, draft: Version
) -> None:
    """Going back asks for what was on the screen, as every change does."""
    old = draft.revision
    write(browser(world, "editor"), draft, "Overview", **{**SECTION, "markdown": "Newer."})
    for sent in ({}, {"part": part(draft, "Overview").identity}):
        response = browser(world).post(address(draft, "save", 1), {"revision": old, **sent})
        assert response.status_code in (409, 422)
    assert part(draft, "Overview").markdown == "Newer."
    with pytest.raises(Conflict):
        restoring.restore(by=world.person("author"), save=draft.saves.get(revision=1), revision=old)


def test_a_part_that_was_taken_out_comes_back_from_a_save(world: World, draft: Version) -> None:
    """Under its identity, at the end."""
    taken = part(draft, "Overview")
    save = draft.saves.order_by("-revision")[0]
    writing.remove_part(by=world.person("author"), part=taken, revision=fresh(draft).revision)
    restoring.restore_part(
        by=world.person("author"),
        save=save,
        identity=taken.identity,
        revision=fresh(draft).revision,
    )

    assert words_of(part(draft, "Overview")) == words_of(taken)
    assert part(draft, "Overview").identity == taken.identity


def test_a_save_of_another_draft_is_not_found(world: World, draft: Version) -> None:
    """Its revision is looked for in this draft alone."""
    other = world.draft(operation="Beacon", parts=[world.section(), *[world.lesson()] * 5])
    beyond = other.saves.order_by("-revision")[0].revision

    assert beyond > fresh(draft).revision
    assert browser(world).get(address(draft, "save", beyond)).status_code == 404


def test_saves_end_with_the_seal(world: World, draft: Version) -> None:
    """A name that was taken out does not live on in a history."""
    world.sent(draft)

    assert not draft.saves.exists()
    assert not Presence.objects.filter(version=draft).exists()
    assert Part.objects.filter(version=draft).exists()
