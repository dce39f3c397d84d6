"""Is whatever an author types safe? In Chromium: saved by itself, kept when the connection or the
session is lost, offered again, and never written over somebody else's text.

Each test has a draft of its own, committed, in a portal that all of them share.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from debriefs.models import Part, Version
from debriefs.services import writing
from debriefs.services.content import words_of
from tests.browser.test_pages import (
    AXE,
    DESKTOP,
    PASSWORD,
    PHONE,
    await_scripts,
    chromium,
    find_chromium,
    open_session,
    tab_to,
)
from tests.kept import kept_world
from tests.world import World, fresh

# The mark for the database is what has one made for the tests.
pytestmark = [pytest.mark.browser, pytest.mark.django_db]

T = TypeVar("T")

COLOURS: tuple[Literal["light", "dark"], ...] = ("light", "dark")

#: As long as saving by itself takes at most: the pause after the last key, and the way there.
SOON = 8_000


@dataclass
class Desk:
    """The portal at an address, and a browser in which authors write."""

    url: str
    world: World
    browser: Browser
    #: A thread with a connection of its own: what a test itself does is undone, and not seen by
    #: the portal.
    elsewhere: ThreadPoolExecutor

    def do(self, act: Callable[[], T]) -> T:
        """Do it, and commit it."""
        return self.elsewhere.submit(act).result()

    def draft(self) -> Version:
        """A draft with two sections and a lesson."""
        world = self.world
        return self.do(
            lambda: world.draft(
                parts=[
                    world.section(),
                    world.section(heading="partners", title="Partners"),
                    world.lesson(title="Meet early"),
                ]
            )
        )

    @contextmanager
    def signed_in(self, person: str, *, scripts: bool = True) -> Iterator[BrowserContext]:
        """A browser of its own in which the person is signed in."""
        context = self.browser.new_context(reduced_motion="reduce", java_script_enabled=scripts)
        context.set_default_timeout(SOON)
        context.add_init_script(path=AXE)
        self.sign_in(context, person)
        yield context
        context.close()

    def sign_in(self, context: BrowserContext, person: str) -> None:
        """From here on the browser is this person's."""
        name = settings.SESSION_COOKIE_NAME
        session = self.do(lambda: open_session(self.world, person))
        context.add_cookies([{"name": name, "value": session, "url": self.url}])

    def visit(self, context: BrowserContext, version: Version, route: str, *more: object) -> Page:
        """A page of the draft, with its scripts started."""
        page = context.new_page()
        page.goto(self.url + reverse(f"debriefs:{route}", args=[version.debrief.slug, *more]))
        await_scripts(page)
        return page

    def editor(self, context: BrowserContext, version: Version, title: str = "Overview") -> Page:
        """The editor of the part of this title, with its scripts started."""
        page = self.visit(context, version, "part", part(version, title).identity)
        page.wait_for_selector(".toolbar")
        page.wait_for_selector("form[data-autosave-init]")
        return page


@pytest.fixture(scope="module")
def desk(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Desk]:
    """The portal, committed for all tests of this module."""
    path = find_chromium()
    with django_db_blocker.unblock(), ExitStack() as held, pytest.MonkeyPatch.context() as patch:
        name = connection.settings_dict["NAME"]
        assert name.startswith("test_"), f"{name} is not there for tests, and would be emptied."
        held.callback(call_command, "flush", verbosity=0, interactive=False)
        world = kept_world()
        for key in ("author", "editor"):
            person = world.person(key)
            person.set_password(PASSWORD)
            person.save()
        patch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
        server = LiveServer("localhost")
        held.callback(server.stop)
        browser = held.enter_context(chromium(path))
        held.callback(connections.close_all)
        elsewhere = held.enter_context(ThreadPoolExecutor(1))
        held.callback(lambda: elsewhere.submit(connections.close_all).result())
        yield Desk(server.url, world, browser, elsewhere)


def part(version: Version, title: str) -> Part:
    """The part of this title, as it is now."""
    return version.parts.select_related("version").get(title=title)


def faults(page: Page) -> list[str]:
    """What axe finds on the page as it is now: wide and narrow, in light and in dark."""
    found = []
    for width in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in COLOURS:
            page.emulate_media(color_scheme=scheme)
            result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            found += [
                f"{width}, {scheme}: {violation['id']}: {node['html']}"
                for violation in result["violations"]
                for node in violation["nodes"]
            ]
    page.set_viewport_size({"width": DESKTOP, "height": 900})
    return found


def state(page: Page) -> Locator:
    """The line that says how saving stands."""
    return page.locator("[data-save-state]")


def text(page: Page) -> Locator:
    """Where the section is written."""
    return page.get_by_label("Text", exact=True)


# --- Saving by itself -----------------------------------------------------------------------------


def test_what_is_typed_is_saved_by_itself_and_the_page_says_so(desk: Desk) -> None:
    """In words, at every moment; and it is what the server has."""
    draft = desk.draft()
    with desk.signed_in("author") as context:
        page = desk.editor(context, draft)
        expect(state(page)).to_contain_text("Saved")
        text(page).fill("A new text.")
        expect(state(page)).to_have_text("Not saved yet")
        expect(state(page)).to_have_text(re.compile(r"^Saved \d\d:\d\d$"), timeout=SOON)
        assert part(draft, "Overview").markdown == "A new text."
        text(page).press_sequentially(" More.")
        expect(state(page)).to_have_text("Not saved yet")
        expect(state(page)).to_have_text(re.compile(r"^Saved \d\d:\d\d$"), timeout=SOON)
        assert part(draft, "Overview").markdown == "A new text. More."
        assert page.evaluate("Object.keys(localStorage).length") == 0


def test_the_button_saves_and_leads_back(desk: Desk) -> None:
    """With nothing left behind in the browser, and no question on the way out."""
    draft = desk.draft()
    with desk.signed_in("author") as context:
        page = desk.editor(context, draft)
        text(page).fill("Saved by hand.")
        page.get_by_role("button", name="Save and go back").click()
        expect(page).to_have_url(re.compile(r"/draft/#section-"))
        assert part(draft, "Overview").markdown == "Saved by hand."
        assert page.evaluate("Object.keys(localStorage).length") == 0


def test_what_is_wrong_is_said_by_the_button_on_the_page_itself(desk: Desk) -> None:
    """With the summary of errors, and what was typed."""
    draft = desk.draft()
    with desk.signed_in("author") as context:
        page = desk.editor(context, draft)
        page.get_by_label("Title", exact=True).fill("")
        text(page).fill("Still here.")
        expect(state(page)).to_contain_text("Title: an answer is needed", timeout=SOON)
        page.get_by_role("button", name="Save and go back").click()
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        expect(text(page)).to_have_value("Still here.")


def test_the_preview_is_what_a_reader_would_see(desk: Desk) -> None:
    """As the server renders it, a moment after it was typed."""
    draft = desk.draft()
    with desk.signed_in("author") as context:
        page = desk.editor(context, draft)
        page.get_by_role("tab", name="Preview").click()
        text(page).fill("Seen **at once**.")
        expect(page.locator("#preview strong")).to_have_text("at once")


# --- The connection is lost -----------------------------------------------------------------------


def test_a_lost_connection_loses_nothing(desk: Desk) -> None:
    """It is kept, the page says so, and saves by itself once it can."""
    draft = desk.draft()
    with desk.signed_in("author") as context:
        page = desk.editor(context, draft)
        context.set_offline(True)
        text(page).fill("Typed in a tunnel.")
        expect(state(page)).to_contain_text("Not saved, kept in this browser", timeout=SOON)
        assert part(draft, "Overview").markdown != "Typed in a tunnel."
        context.set_offline(False)
        expect(state(page)).to_have_text(re.compile(r"^Saved \d\d:\d\d$"), timeout=SOON)
        assert part(draft, "Overview").markdown == "Typed in a tunnel."


def kept_text(desk: Desk, context: BrowserContext, draft: Version, words: str) -> None:
    """The person types these words, loses the connection, and closes the page."""
    page = desk.editor(context, draft)
    context.set_offline(True)
    text(page).fill(words)
    expect(state(page)).to_contain_text("Not saved, kept in this browser", timeout=SOON)
    page.close()
    context.set_offline(False)


def test_text_that_was_not_saved_is_offered_again_and_used(desk: Desk) -> None:
    """After the page was closed; it can be looked at first."""
    draft = desk.draft()
    with desk.signed_in("author") as context:
        kept_text(desk, context, draft, "Written before the battery died.")
        page = desk.editor(context, draft)
        offer = page.locator(".kept")
        expect(offer).to_contain_text(
            re.compile(r"There is text from \d\d:\d\d on this computer that was not saved")
        )
        offer.get_by_role("button", name="See it").click()
        expect(offer.locator("dd").last).to_be_visible()
        assert faults(page) == []
        expect(offer).to_contain_text("Written before the battery died.")
        offer.get_by_role("button", name="Use it").click()
        expect(text(page)).to_have_value("Written before the battery died.")
        expect(state(page)).to_have_text(re.compile(r"^Saved \d\d:\d\d$"), timeout=SOON)
        assert part(draft, "Overview").markdown == "Written before the battery died."
        page = desk.editor(context, draft)
        expect(page.locator(".kept")).to_have_count(0)


def test_text_that_is_discarded_is_not_offered_again(desk: Desk) -> None:
    draft = desk.draft()
    with desk.signed_in("author") as context:
        kept_text(desk, context, draft, "Not worth keeping.")
        page = desk.editor(context, draft)
        page.locator(".kept").get_by_role("button", name="Discard it").click()
        expect(page.locator(".kept")).to_have_text("Discarded.")
        page = desk.editor(context, draft)
        expect(page.locator(".kept")).to_have_count(0)
        expect(text(page)).not_to_have_value("Not worth keeping.")


def test_kept_text_is_offered_to_nobody_else_at_the_same_computer(desk: Desk) -> None:
    """Nor can it be read from what the browser keeps."""
    draft = desk.draft()
    with desk.signed_in("author") as context:
        kept_text(desk, context, draft, "For my eyes.")
        desk.sign_in(context, "editor")
        page = desk.editor(context, draft)
        expect(page.locator(".kept")).to_have_count(0)
        kept = page.evaluate("Object.values(localStorage).join()")
        assert kept
        assert "eyes" not in kept
        desk.sign_in(context, "author")
        expect(desk.editor(context, draft).locator(".kept")).to_have_count(1)


def test_kept_text_is_not_put_over_what_somebody_wrote_meanwhile(desk: Desk) -> None:
    """It counts as written on what was on the screen then."""
    draft = desk.draft()
    with desk.signed_in("author") as context:
        kept_text(desk, context, draft, "Mine, from the train.")
        write_as_editor(desk, draft, "Theirs, meanwhile.")
        page = desk.editor(context, draft)
        page.locator(".kept").get_by_role("button", name="Use it").click()
        expect(state(page)).to_contain_text("Someone else changed this", timeout=SOON)
        assert part(draft, "Overview").markdown == "Theirs, meanwhile."


def test_answers_about_the_facts_are_kept_as_well(desk: Desk) -> None:
    """The button alone saves them; what it could not save is offered again, ticks included."""
    draft = desk.draft()
    with desk.signed_in("author") as context:
        page = desk.visit(context, draft, "facts_step", "summary")
        page.wait_for_selector("form[data-autosave-init]")
        context.set_offline(True)
        page.get_by_label("Summary", exact=True).fill("A summary from the train.")
        page.get_by_label("Victim care").check()
        page.get_by_role("button", name="Save and go on").click()
        expect(state(page)).to_contain_text("Not saved, kept in this browser")
        page.close()
        context.set_offline(False)

        page = desk.visit(context, draft, "facts_step", "summary")
        page.wait_for_selector("form[data-autosave-init]")
        expect(page.get_by_label("Victim care")).not_to_be_checked()
        page.locator(".kept").get_by_role("button", name="Use it").click()
        expect(page.get_by_label("Victim care")).to_be_checked()
        expect(page.get_by_label("Summary", exact=True)).to_have_value("A summary from the train.")
        assert fresh(draft).summary != "A summary from the train."
        page.get_by_role("button", name="Save and go on").click()
        expect(page).to_have_url(re.compile("/facts/reach/$"))
        assert fresh(draft).summary == "A summary from the train."


# --- The session ends -----------------------------------------------------------------------------


def sign_in_by_hand(page: Page, address: str) -> None:
    """As a person does, in a tab of its own."""
    page.get_by_label("Work e-mail address").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_after_the_session_ended_one_signs_in_again_and_nothing_is_lost(desk: Desk) -> None:
    """In a new tab; the text is saved when one comes back to the first."""
    draft = desk.draft()
    cache.clear()
    with desk.signed_in("author") as context:
        page = desk.editor(context, draft)
        context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        text(page).fill("Typed after lunch.")
        expect(state(page)).to_contain_text("Signed out: sign in again", timeout=SOON)
        expect(state(page)).to_contain_text("your text is kept in this browser")
        assert faults(page) == []
        with context.expect_page() as opened:
            page.get_by_role("link", name="sign in again in a new tab").click()
        sign_in_by_hand(opened.value, desk.world.person("author").email)
        page.bring_to_front()
        page.evaluate("dispatchEvent(new Event('focus'))")
        expect(state(page)).to_have_text(re.compile(r"^Saved \d\d:\d\d$"), timeout=SOON)
        assert part(draft, "Overview").markdown == "Typed after lunch."


def test_what_one_person_typed_is_not_saved_as_anothers(desk: Desk) -> None:
    """Somebody else signs in on the same computer, in another tab."""
    draft = desk.draft()
    cache.clear()
    with desk.signed_in("author") as context:
        page = desk.editor(context, draft)
        before = part(draft, "Overview").markdown
        context.clear_cookies()
        other = context.new_page()
        other.goto(desk.url + reverse("account_login"))
        sign_in_by_hand(other, desk.world.person("editor").email)
        page.bring_to_front()
        text(page).fill("Typed by the author.")
        expect(state(page)).to_contain_text("somebody else is signed in", timeout=SOON)
        assert part(draft, "Overview").markdown == before


# --- Two at once ----------------------------------------------------------------------------------


def write_as_editor(desk: Desk, draft: Version, words: str) -> None:
    """The editor saves the overview meanwhile."""

    def save() -> None:
        written = part(draft, "Overview")
        writing.edit_part(
            by=desk.world.person("editor"),
            part=written,
            revision=fresh(draft).revision,
            words=replace(words_of(written), markdown=words),
        )

    desk.do(save)


def test_two_texts_are_compared_and_neither_is_lost(desk: Desk) -> None:
    """The page says who was first, and saves mine when I say so."""
    draft = desk.draft()
    with desk.signed_in("author") as context:
        page = desk.editor(context, draft)
        write_as_editor(desk, draft, "Theirs was first.")
        text(page).fill("Mine was second.")
        expect(state(page)).to_contain_text("Someone else changed this", timeout=SOON)
        page.get_by_role("button", name="compare the two").click()
        expect(
            page.get_by_role("heading", name="Editor saved this while you wrote")
        ).to_be_visible()
        expect(text(page)).to_have_value("Mine was second.")
        page.get_by_role("button", name="Put both texts in, to merge them").click()
        expect(text(page)).to_have_value("Theirs was first.\n\nMine was second.")
        page.get_by_role("button", name="Save this text").click()
        expect(page).to_have_url(re.compile(r"/draft/#section-"))
        assert part(draft, "Overview").markdown == "Theirs was first.\n\nMine was second."


# --- Tools and keys -------------------------------------------------------------------------------


def test_tools_shape_the_text_and_can_be_undone(desk: Desk) -> None:
    """By keys and by buttons; the bar is one stop of the tab key."""
    draft = desk.draft()
    with desk.signed_in("author") as context:
        page = desk.editor(context, draft)
        box = text(page)
        box.fill("one two")
        box.press("Home")
        for _ in "one":
            box.press("Shift+ArrowRight")
        box.press("Control+b")
        expect(box).to_have_value("**one** two")
        box.press("Control+b")
        expect(box).to_have_value("one two")
        box.press("Control+z")
        expect(box).to_have_value("**one** two")

        bar = page.get_by_role("toolbar", name="Format: Text")
        assert bar.locator("[tabindex='0']").count() == 1
        bar.get_by_role("button", name="Bold").focus()
        page.keyboard.press("End")
        expect(bar.get_by_role("button", name="Table")).to_be_focused()
        page.keyboard.press("ArrowRight")
        expect(bar.get_by_role("button", name="Bold")).to_be_focused()

        box.fill("first\nsecond")
        box.press("Control+a")
        bar.get_by_role("button", name="Numbers").click()
        expect(box).to_have_value("1. first\n2. second")
        box.press("Control+End")
        box.press("Enter")
        expect(box).to_have_value("1. first\n2. second\n3. ")
        box.press("Enter")
        expect(box).to_have_value("1. first\n2. second\n")


def test_words_that_identify_are_replaced_in_the_text_and_accepted_beside_it(desk: Desk) -> None:
    """Without leaving it; replacing can be undone like typing."""
    draft = desk.draft()
    with desk.signed_in("author") as context:
        page = desk.editor(context, draft)
        text(page).fill("Ring 07700 900123, or 07700 900456.")
        page.get_by_role("tab", name=re.compile("^Warnings")).click()
        first = page.locator(".warned__item", has_text="07700 900123")
        expect(first).to_be_visible(timeout=SOON)
        first.get_by_role("link", name="Go to it").click()
        chosen = "box => box.value.slice(box.selectionStart, box.selectionEnd)"
        assert text(page).evaluate(chosen) == "07700 900123"
        first.get_by_text("Replace with…").click()
        first.get_by_label("Say instead").fill("a mobile")
        first.get_by_role("button", name="Replace").click()
        expect(text(page)).to_have_value("Ring a mobile, or 07700 900456.")
        second = page.locator(".warned__item", has_text="07700 900456")
        expect(first).to_have_count(0, timeout=SOON)
        second.get_by_text("Accept with a reason").click()
        second.get_by_label("Why may it stay?").fill("A made-up number.")
        second.get_by_role("button", name="Accept").click()
        expect(page.locator(".warned__item--accepted")).to_contain_text("A made-up number.")
        expect(text(page)).to_have_value("Ring a mobile, or 07700 900456.")


def test_parts_are_moved_by_the_keyboard_and_the_button_keeps_the_focus(desk: Desk) -> None:
    """Again and again, until it goes no further; then the other button has it."""
    draft = desk.draft()
    with desk.signed_in("author") as context:
        page = desk.visit(context, draft, "draft")
        up = page.get_by_role("button", name="Move Partners up")
        tab_to(page, up)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Move Partners down, number 1 of 2")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Move Partners up, number 2 of 2")).to_be_focused()


# --- Without scripts ------------------------------------------------------------------------------


def test_without_scripts_the_editor_is_a_plain_form(desk: Desk) -> None:
    """It previews, and it saves; nothing that would need a script is there."""
    draft = desk.draft()
    with desk.signed_in("author", scripts=False) as context:
        page = context.new_page()
        written = part(draft, "Overview")
        path = reverse("debriefs:part", args=[draft.debrief.slug, written.identity])
        page.goto(desk.url + path)
        expect(page.locator(".toolbar")).to_have_count(0)
        text(page).fill("Written **plainly**.")
        page.get_by_role("button", name="Preview").click()
        expect(page.locator("#preview strong")).to_have_text("plainly")
        assert part(draft, "Overview").markdown != "Written **plainly**."
        page.get_by_role("button", name="Save and go back").click()
        expect(page).to_have_url(re.compile(r"/draft/#section-"))
        assert part(draft, "Overview").markdown == "Written **plainly**."
