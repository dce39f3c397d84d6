"""Can a debrief live its whole life in a browser, each doing their part without training?

Draft, check, two forces of which one wants changes, a second round, release, read by an officer,
consent withdrawn: with a mouse, by keyboard alone, without scripts, and on a telephone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.db import connection, connections
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from debriefs.models import Version
from debriefs.workflow import State
from portal.models import AuditEvent, User
from tests.browser.test_pages import (
    DESKTOP,
    HEIGHT,
    PASSWORD,
    PHONE,
    await_scripts,
    chromium,
    find_chromium,
    open_session,
    tab_to,
)
from tests.faults.invariants import faults
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Hands:
    """How somebody works the page: here with a mouse, and a keyboard to type."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, thing: Locator) -> None:
        """Get to it."""
        expect(thing).to_be_visible()

    def act(self, thing: Locator, key: str = "Enter") -> None:
        """Press, follow, tick or open it."""
        self.reach(thing)
        thing.click()

    def leave(self, thing: Locator) -> None:
        """Press or follow what leads to another page."""
        with self.page.expect_navigation():
            self.act(thing)

    def field(self, label: str) -> Locator:
        """What is labelled so, whether it has to be filled in or not."""
        words = re.compile(rf"^{re.escape(label)}( \(optional\))?$")
        return self.page.get_by_label(words)

    def press(self, name: str) -> None:
        """A button, by its words."""
        self.leave(self.page.get_by_role("button", name=name).first)

    def follow(self, name: str) -> None:
        """A link, by its words."""
        self.leave(self.page.get_by_role("link", name=name).first)

    def write(self, label: str, words: str) -> None:
        """Into a field, in place of what is there."""
        self.reach(self.field(label))
        self.field(label).fill(words)

    def tick(self, label: str) -> None:
        """A box, unless it is ticked already."""
        box = self.page.get_by_label(label).first
        if not box.is_checked():
            self.act(box, "Space")

    def choose(self, label: str) -> None:
        """One of several, by its words."""
        self.page.get_by_role("radio", name=label).first.check(force=True)

    def pick(self, label: str, option: str) -> None:
        """From a list that drops down."""
        self.field(label).select_option(label=option)

    def unfold(self, words: str) -> None:
        """What is folded away."""
        self.act(self.page.locator("summary").filter(has_text=words).first)


class Keys(Hands):
    """By keyboard alone: everything is reached with the tab key, and the focus is always seen."""

    def reach(self, thing: Locator) -> None:
        """Tab to it, from where the focus is."""
        if not thing.evaluate("element => element === document.activeElement"):
            tab_to(self.page, thing, at_most=400)

    def act(self, thing: Locator, key: str = "Enter") -> None:
        """Tab to it, and press the key."""
        self.reach(thing)
        self.page.keyboard.press(key)

    def write(self, label: str, words: str) -> None:
        """Tab to the field, select what is there, and type."""
        self.reach(self.field(label))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)

    def choose(self, label: str) -> None:
        """Tab to the group, and go on with the arrow keys."""
        wanted = self.page.get_by_role("radio", name=label).first
        name = wanted.get_attribute("name")
        group = self.page.locator(f"input[type=radio][name='{name}']")
        checked = group.and_(self.page.locator(":checked"))
        self.reach(checked.first if checked.count() else group.first)
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        expect(wanted).to_be_checked()

    def pick(self, label: str, option: str) -> None:
        """Tab to the list, and type how the option begins."""
        field = self.field(label)
        self.reach(field)
        self.page.keyboard.type(option)
        expect(field.locator("option:checked")).to_have_text(option)


@dataclass
class Portal:
    """The portal at an address, with nothing in it but people."""

    url: str
    world: World
    browser: Browser
    how: type[Hands] = Hands
    width: int = DESKTOP
    scripts: bool = True

    def as_person(self, person: str) -> Hands:
        """A browser in which the person is signed in, at home."""
        context = self.browser.new_context(
            viewport={"width": self.width, "height": HEIGHT},
            java_script_enabled=self.scripts,
            reduced_motion="reduce",
        )
        name, session = settings.SESSION_COOKIE_NAME, open_session(self.world, person)
        context.add_cookies([{"name": name, "value": session, "url": self.url}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(self.url)
        if self.scripts:
            await_scripts(page)
        return self.how(page)


@pytest.fixture
def portal(world: World) -> Iterator[Portal]:
    """The site with the world of the tests; everybody's password is the same."""
    path = find_chromium()
    for person in User.objects.all():
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    with ExitStack() as held, pytest.MonkeyPatch.context() as patch:
        patch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
        server = LiveServer("localhost")
        held.callback(server.stop)
        browser = held.enter_context(chromium(path))
        held.callback(connections.close_all)
        yield Portal(server.url, world, browser)


OPERATION, TITLE = "Brightwater", "A car wash that never closed"
WRONG, RIGHT = "It began near the old mill.", "It began with a call from the public."


def start_and_write(portal: Portal) -> None:
    """The author starts from the template of a hot debrief and fills it in."""
    author = portal.as_person("author")
    author.page.goto(portal.url + reverse("debriefs:start"))
    author.write("Operation name", OPERATION)
    author.write("Title", TITLE)
    author.choose("Hot debrief")
    author.press("Start the draft")
    author.follow("Who took part and signs")
    author.pick("Which organisation led?", "Alphashire Police")
    author.unfold("North region")
    author.tick("Bravoshire Police")
    author.press("Save and go on")
    author.page.goto(portal.url + reverse("debriefs:facts_step", args=["brightwater", "summary"]))
    author.write("Summary", "Men washed cars for eighteen hours a day. Two were sentenced.")
    author.press("Save and go on")
    draft = Version.objects.get()
    for part in draft.parts.order_by("position"):
        author.page.goto(portal.url + reverse("debriefs:part", args=["brightwater", part.identity]))
        author.write("Text", WRONG)
        author.press("Save and go back")
        expect(author.page).to_have_url(re.compile("/draft/"))
    submit(author)


def submit(author: Hands) -> None:
    """The draft goes to a second reader."""
    author.press("Submit for checking")
    author.press("Submit for checking")
    assert Version.objects.latest("number").state == State.CHECKING


def check_and_send(portal: Portal) -> None:
    """A second person passes it, and an editor sends it."""
    reader = portal.as_person("second_author")
    reader.page.goto(portal.url + reverse("debriefs:check", args=["brightwater"]))
    reader.press("Pass version")
    editor = portal.as_person("editor")
    editor.page.goto(portal.url + reverse("debriefs:send", args=["brightwater"]))
    editor.press("Seal version")
    assert Version.objects.latest("number").state == State.WITH_FORCES


def decide(portal: Portal, person: str, force: str, *, changes: str = "") -> None:
    """A signatory finds it in the queue, reads what changed, decides and signs."""
    signatory = portal.as_person(person)
    signatory.page.goto(portal.url + reverse("debriefs:signing"))
    signatory.follow(OPERATION)
    if changes:
        signatory.choose("Ask for changes")
        signatory.write("To the project team", changes)
        signatory.tick("I am authorised")
    else:
        signatory.choose("Agree: it may travel as far as")
        for box in signatory.page.locator("input[name=statements]").all():
            signatory.act(box, "Space")
    signatory.press("Check your decision")
    signatory.write("Your password", PASSWORD)
    signatory.press("Sign for")
    expect(signatory.page).to_have_url(re.compile("/receipt/"))
    version = Version.objects.latest("number")
    signoff = version.signoffs.get(organisation__key=force)
    expect(signatory.page.locator("main")).to_contain_text(signoff.reference)
    assert signoff.decided_by == portal.world.person(person)


def second_round(portal: Portal) -> None:
    """The author opens the next version, mends it, and sends it on its way again."""
    author = portal.as_person("author")
    author.page.goto(portal.url + reverse("debriefs:reopen", args=["brightwater"]))
    author.press("Open the next version")
    part = Version.objects.get(number=2).parts.earliest("position")
    author.page.goto(portal.url + reverse("debriefs:part", args=["brightwater", part.identity]))
    author.write("Text", RIGHT)
    author.press("Save and go back")
    submit(author)


def share(portal: Portal) -> None:
    """An editor shares it with the policing group."""
    editor = portal.as_person("editor")
    editor.page.goto(portal.url + reverse("debriefs:release", args=["brightwater"]))
    editor.act(editor.page.locator("input[value=policing]"), "Space")
    editor.press("See who will read it")
    editor.press("Share")
    assert Version.objects.get(number=2).state == State.RELEASED


def read(portal: Portal) -> None:
    """An officer of a force that took part in nothing finds it and reads the words as signed."""
    officer = portal.as_person("charlie_officer")
    officer.follow(TITLE)
    expect(officer.page.locator("main")).to_contain_text(RIGHT)
    assert AuditEvent.objects.filter(
        verb="version.read", actor=portal.world.people["charlie_officer"]
    ).exists()


def withdraw(portal: Portal) -> None:
    """A force takes its consent back; the officer finds why, and is told."""
    signatory = portal.as_person("bravo_signatory")
    address = reverse("debriefs:withdraw_consent", args=["brightwater", 2, "bravo"])
    signatory.page.goto(portal.url + address)
    signatory.write("Why does your force withdraw its consent?", "An appeal is pending.")
    signatory.tick("Nobody but those who make and sign it")
    signatory.press("Withdraw consent now")
    officer = portal.as_person("charlie_officer")
    answer = officer.page.goto(portal.url + reverse("debriefs:debrief", args=["brightwater"]))
    assert answer
    assert answer.status == 410
    expect(officer.page.locator("main")).to_contain_text("An appeal is pending.")
    expect(officer.page.locator("main")).not_to_contain_text(RIGHT)


def the_whole_life(portal: Portal) -> None:
    """From the first word to the last reader."""
    start_and_write(portal)
    check_and_send(portal)
    decide(portal, "alpha_signatory", "alpha")
    decide(portal, "bravo_signatory", "bravo", changes="Leave the mill out.")
    second_round(portal)
    check_and_send(portal)
    decide(portal, "alpha_signatory", "alpha")
    decide(portal, "bravo_signatory", "bravo")
    share(portal)
    read(portal)
    withdraw(portal)
    assert not faults()


def test_a_debrief_lives_its_whole_life_in_a_browser(portal: Portal) -> None:
    the_whole_life(portal)


def test_a_debrief_lives_its_whole_life_by_keyboard_alone(portal: Portal) -> None:
    portal.how = Keys
    the_whole_life(portal)


def test_a_debrief_lives_its_whole_life_without_scripts(portal: Portal) -> None:
    portal.scripts = False
    the_whole_life(portal)


def test_a_debrief_lives_its_whole_life_on_a_telephone(portal: Portal) -> None:
    portal.width = PHONE
    the_whole_life(portal)
