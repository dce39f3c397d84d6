"""Can everyone use the pages? In Chromium: wide and narrow, light and dark, by keyboard alone,
without scripts, and on paper.

Every route is opened by somebody: the site map is walked, so a page without a visit fails. What
the pages say to whom stands in other tests.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from debriefs import outbox
from debriefs.models import (
    Debrief,
    Notice,
    Part,
    Question,
    Recurrence,
    Save,
    SynonymSet,
    Version,
)
from debriefs.models.vocabulary import Heading
from debriefs.notices import KINDS
from debriefs.services import remarks, warnings, writing
from debriefs.workflow import State
from portal.models import User
from tests.access import matrix
from tests.access.scene import FILLING, SUBJECTS, look_for
from tests.kept import kept_world
from tests.world import World

# The mark for the database is what has one made for the tests: without it the site would stand on
# whatever database the settings name.
pytestmark = [pytest.mark.browser, pytest.mark.django_db]

#: Names of Chromium and its kin, where the environment does not say which one to take.
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")

#: So that it runs as root and in a container, and asks nobody on the internet for anything.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

DESKTOP, PHONE, NARROWEST = 1280, 390, 320
HEIGHT = 900

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"

PASSWORD = "a long one for the tests"

#: So few that the library of an officer has a second page.
PER_PAGE = 3

#: Answers that no person reads.
NO_PAGES = {"health_live", "health_ready", "debriefs:presence", "debriefs:suggest"}

#: Who opens what: a route with its arguments, and a query.
VISITS: tuple[tuple[str, str], ...] = (
    ("signed_out", "home"),
    ("alpha_officer", "home"),
    ("alpha_signatory", "home"),
    ("nobody", "home"),
    ("signed_out", "about"),
    ("signed_out", "contact"),
    ("signed_out", "accessibility"),
    ("signed_out", "account_login"),
    ("signed_out", "account_signup"),
    ("alpha_officer", "account_logout"),
    ("signed_out", "debriefs:public"),
    ("alpha_officer", "debriefs:library"),
    ("alpha_officer", "debriefs:library?page=2&sort=name"),
    ("alpha_officer", "debriefs:library?theme=evidence-led&force=alpha&year=1066"),
    ("alpha_officer", "debriefs:library?q=prosecutor"),
    ("alpha_officer", "debriefs:library?q=prosecutr+zebra+theme:gardening"),
    ("alpha_officer", 'debriefs:library?q="zebra crossing" -dog&theme=evidence-led'),
    ("nobody", "debriefs:library"),
    ("alpha_officer", "debriefs:library?q=women+night&force=alpha"),
    ("alpha_officer", "debriefs:library?q=wommen+surveilance"),
    ("alpha_officer", "debriefs:library?q=xylophones&theme=evidence-led"),
    ("alpha_officer", "debriefs:debrief shared?role=sio"),
    ("signed_out", "debriefs:debrief public"),
    ("partner_officer", "debriefs:debrief partners"),
    ("author", "debriefs:debrief drafting"),
    ("charlie_officer", "debriefs:debrief withdrawn"),
    ("nobody", "debriefs:debrief missing"),
    ("author", "debriefs:history superseded"),
    ("alpha_officer", "debriefs:similar shared"),
    ("signed_out", "debriefs:similar public"),
    ("alpha_signatory", "debriefs:version with-forces 1"),
    ("editor", "debriefs:check checking"),
    ("author", "debriefs:check checking"),
    ("editor", "debriefs:send checked"),
    ("editor", "debriefs:release agreed"),
    ("editor", "debriefs:release partners"),
    ("editor", "debriefs:release agreed?group=policing&group=circle"),
    ("editor", "debriefs:withdraw_release shared policing"),
    ("author", "debriefs:reopen agreed"),
    ("author", "debriefs:review shared"),
    ("alpha_signatory", "debriefs:signing"),
    ("nobody", "debriefs:signing"),
    ("alpha_signatory", "debriefs:sign with-forces 1 alpha"),
    ("alpha_deputy", "debriefs:sign with-forces 1 alpha"),
    ("alpha_signatory", "debriefs:sign second-round 2 alpha"),
    ("bravo_signatory", "debriefs:sign second-round 2 bravo"),
    ("bravo_signatory", "debriefs:sign answered 1 bravo"),
    ("alpha_signatory", "debriefs:confirm with-forces 1 alpha"),
    ("alpha_signatory", "debriefs:receipt embargoed 1 alpha"),
    ("bravo_signatory", "debriefs:receipt withdrawn 1 bravo"),
    ("alpha_signatory", "debriefs:withdraw_consent shared 1 alpha"),
    ("alpha_signatory", "debriefs:end_proceedings embargoed 1 alpha"),
    ("author", "debriefs:sheet second-round 2"),
    ("editor", "debriefs:desk"),
    ("other_author", "debriefs:desk"),
    ("editor", "debriefs:desk_list released?sort=name"),
    ("editor", "debriefs:desk_list overdue"),
    ("author", "debriefs:debrief checking"),
    ("author", "debriefs:debrief agreed"),
    ("author", "debriefs:drafts?q=case+without+victims"),
    ("author", "debriefs:drafts?q=zeppelin"),
    ("coordinator", "absences"),
    ("nobody", "absences"),
    ("alpha_officer", "debriefs:searches"),
    ("nobody", "debriefs:searches"),
    ("alpha_officer", "debriefs:save_search?q=brothel&theme=evidence-led"),
    ("nobody", "debriefs:save_search"),
    ("alpha_officer", "debriefs:ask?q=brothel"),
    ("author", "debriefs:nothing_found"),
    ("author", "debriefs:questions"),
    ("author", "debriefs:question {answered}"),
    ("author", "debriefs:question {waiting}"),
    ("author", "debriefs:synonyms"),
    ("author", "debriefs:add_synonyms?words=BWV"),
    ("author", "debriefs:change_synonyms {synonyms}"),
    ("alpha_officer", "debriefs:themes"),
    ("alpha_officer", "debriefs:theme evidence-led"),
    ("nobody", "debriefs:theme victim-care"),
    ("alpha_officer", "debriefs:organisations"),
    ("alpha_officer", "debriefs:organisation alpha"),
    ("alpha_signatory", "debriefs:notices"),
    ("nobody", "debriefs:notices"),
    ("alpha_signatory", "debriefs:notice 0"),
    ("administrator", "debriefs:notice_failures"),
    ("author", "debriefs:drafts"),
    ("other_author", "debriefs:drafts"),
    ("author", "debriefs:start"),
    ("author", "debriefs:draft drafting"),
    ("author", "debriefs:draft sent-back"),
    ("author", "debriefs:draft checking"),
    ("author", "debriefs:draft discarded"),
    ("author", "debriefs:facts drafting"),
    ("author", "debriefs:facts_step drafting operation"),
    ("author", "debriefs:facts_step drafting taking-part"),
    ("author", "debriefs:facts_step drafting exploitation"),
    ("author", "debriefs:facts_step drafting outcome"),
    ("author", "debriefs:facts_step drafting summary"),
    ("author", "debriefs:facts_step drafting reach"),
    ("author", "debriefs:facts_step checking reach"),
    ("author", "debriefs:add_part drafting"),
    ("author", "debriefs:part drafting {section}"),
    ("author", "debriefs:part drafting {lesson}"),
    ("author", "debriefs:recurrences drafting {lesson}"),
    ("author", "debriefs:move_part drafting {section}"),
    ("author", "debriefs:remove_part drafting {lesson}"),
    ("author", "debriefs:bring_back drafting {removed}"),
    ("author", "debriefs:part drafting {warned}"),
    ("author", "debriefs:preview drafting"),
    ("author", "debriefs:preview drafting?as=circle"),
    ("author", "debriefs:preview drafting?as=tier-4"),
    ("author", "debriefs:warnings drafting"),
    ("author", "debriefs:warnings checking"),
    ("author", "debriefs:remarks drafting"),
    ("author", "debriefs:remarks checking"),
    ("author", "debriefs:saves drafting"),
    ("author", "debriefs:save drafting 4"),
    ("author", "debriefs:save drafting 1?with=now"),
    ("author", "debriefs:submit drafting"),
    ("author", "debriefs:take_back checking"),
    ("author", "debriefs:discard drafting"),
    ("author", "debriefs:restore discarded"),
)

#: Debriefs in their second round, one for each test that signs one (`test_signing.py`).
SIGNED_HERE = ("by keyboard", "by hand", "by change")

#: Pages for when something went wrong; found by name, so that a new one is opened as well.
ERROR_PAGES = sorted(path.name for path in (settings.BASE_DIR / "templates").glob("[0-9]*.html"))

# --- A browser, and a portal to look at -----------------------------------------------------------


def find_chromium() -> str:
    """Where Chromium is; the test is skipped where there is none."""
    named = os.environ.get("CHROMIUM")
    found = [shutil.which(name) for name in ((named,) if named else CHROMIUMS)]
    path = next((each for each in found if each), None)
    if path is None:
        pytest.skip("There is no Chromium here: install it, or set CHROMIUM to where it is.")
    return path


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """A Chromium of our own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def build_world() -> World:
    """What is visited, one more debrief, and a password for who signs in by hand."""
    world = kept_world()
    visited = {word for _, address in VISITS for word in address.partition("?")[0].split()}
    for name in SUBJECTS.keys() & visited:
        SUBJECTS[name](world, name, FILLING)
    look_for(world, FILLING)
    newest = world.debrief_at(State.RELEASED, operation="Newest")
    Notice.objects.filter(person=world.people["editor"]).update(
        mail=Notice.Mail.FAILED, tries=6, fault="The mail server could not be reached."
    )
    draft, author = Version.objects.get(debrief__slug="drafting"), world.person("author")
    gone = writing.add_part(
        by=author, version=draft, words=world.section(heading=Heading.DIGITAL, title="Gone")
    )
    writing.remove_part(by=author, part=gone, revision=gone.written_in)
    warned = writing.add_part(
        by=author,
        version=draft,
        words=world.section(
            heading=Heading.COVERT,
            title="Warned",
            markdown="Ring 07700 900123 or 07700 900456, and ask for Mr Piotr Kowalczyk.",
        ),
    )
    warnings.accept(
        by=author, version=draft, kind="phone", words="07700 900456", reason="A made-up number."
    )
    remarks.remark(
        by=world.person("editor"), version=draft, words="Who is meant?", part=warned.identity
    )
    for slug in ("shared", "drafting"):
        Recurrence.objects.create(
            debrief=Debrief.objects.get(slug=slug),
            lesson=part_of(slug, "{lesson}"),
            earlier=newest.parts.filter(kind=Part.Kind.LESSON)[0].identity,
            linked_by=author,
        )
    for name in SIGNED_HERE:
        SUBJECTS["second-round"](world, name, FILLING)
    for person in (world.person(key) for key in ("alpha_officer", "alpha_signatory")):
        person.set_password(PASSWORD)
        person.save()
    return world


def open_session(world: World, person: str) -> str:
    """The key of a session of theirs."""
    client = Client()
    client.force_login(world.person(person))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@dataclass(frozen=True, slots=True)
class Found:
    """What was found on one page."""

    faults: list[str]
    console: list[str]
    too_wide: int


@dataclass
class Site:
    """The portal at an address, and a page of the browser in which somebody looks at it."""

    url: str
    world: World
    sessions: dict[str, str]
    browser: Browser
    console: list[str] = field(default_factory=list)
    inspected: dict[tuple[str, str], Found] = field(default_factory=dict)

    @cached_property
    def page(self) -> Page:
        """The page for everything that needs none of its own."""
        page = self.browser.new_context(reduced_motion="reduce").new_page()
        page.add_init_script(path=AXE)
        page.on("console", self.note)
        page.on("pageerror", lambda error: self.console.append(f"error: {error}"))
        page.set_default_timeout(5_000)
        return page

    def note(self, line: ConsoleMessage) -> None:
        """Note what is reported, but not that the page itself says it is not there."""
        if not (line.text.startswith("Failed to load") and line.location["url"] == self.page.url):
            self.console.append(f"{line.type}: {line.text}")

    def visit(self, person: str, path: str, *, width: int = DESKTOP) -> Page:
        """The page at this address as this person sees it, with its scripts started."""
        context = self.page.context
        context.clear_cookies()
        if person != "signed_out":
            name, session = settings.SESSION_COOKIE_NAME, self.sessions[person]
            context.add_cookies([{"name": name, "value": session, "url": self.url}])
        self.console.clear()
        self.look(width)
        self.page.goto(self.url + path)
        await_scripts(self.page)
        return self.page

    def look(self, width: int, *, dark: bool = False) -> None:
        """The same page in a window of that width, in these colours."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.emulate_media(media="screen", color_scheme="dark" if dark else "light")

    def inspect(self, person: str, path: str) -> Found:
        """Everything that is found on a page, looked for once."""
        if (person, path) not in self.inspected:
            self.visit(person, path)
            faults = []
            for width in (DESKTOP, PHONE):
                self.look(width)
                faults += [f"{width}, light: {fault}" for fault in self.faults()]
                self.look(width, dark=True)
                # Nothing but the colours is other than it was.
                faults += [f"{width}, dark: {fault}" for fault in self.faults("color-contrast")]
            self.look(NARROWEST)
            too_wide = self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            self.inspected[person, path] = Found(faults, list(self.console), too_wide)
        return self.inspected[person, path]

    def faults(self, *rules: str) -> list[str]:
        """What axe finds on the page as it looks now, by these rules or by all."""
        options: dict[str, Any] = {"resultTypes": ["violations"]}
        if rules:
            options["runOnly"] = list(rules)
        result = self.page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{violation['id']}: {node['html']}: {node['failureSummary']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]


def await_scripts(page: Page) -> None:
    """Wait until the page is there and its scripts have started."""
    page.wait_for_load_state()
    if page.locator("#portal-script").count():
        page.wait_for_selector("[data-govuk-skip-link-init]", state="attached")


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """The portal with something in each state, committed for all tests of a module; they only read,
    but for what is there to be signed."""
    path = find_chromium()
    with django_db_blocker.unblock(), ExitStack() as held, pytest.MonkeyPatch.context() as patch:
        name = connection.settings_dict["NAME"]
        assert name.startswith("test_"), f"{name} is not there for tests, and would be emptied."
        held.callback(call_command, "flush", verbosity=0, interactive=False)
        world = build_world()
        people = {person for person, _ in VISITS} - {"signed_out"}
        sessions = {person: open_session(world, person) for person in people}
        patch.setattr("debriefs.views.library.PER_PAGE", PER_PAGE)
        # The server holds no connection to what is emptied and dropped in the end.
        patch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
        server = LiveServer("localhost")
        held.callback(server.stop)
        browser = held.enter_context(chromium(path))
        # Beside Playwright's event loop Django keeps other connections than without it.
        held.callback(connections.close_all)
        yield Site(server.url, world, sessions, browser)


# --- Every page -----------------------------------------------------------------------------------

every_page = pytest.mark.parametrize(
    ("person", "address"),
    [pytest.param(person, address, id=f"{person} {address}") for person, address in VISITS],
)


def path_of(address: str) -> str:
    """The path of a route with its arguments, which stand before a query."""
    words, _, query = address.partition("?")
    route, *arguments = words.split()
    arguments = [part_of(arguments[0], each) if "{" in each else each for each in arguments]
    return reverse(route, args=arguments) + (f"?{query}" if query else "")


#: What stands in an address by its number, which is known only when it is there.
NUMBERS: dict[str, Callable[[], Any]] = {
    "{answered}": lambda: Question.objects.exclude(answer="").latest("pk"),
    "{waiting}": lambda: Question.objects.filter(answer="").latest("pk"),
    "{synonyms}": lambda: SynonymSet.objects.latest("pk"),
}


def part_of(slug: str, which: str) -> str:
    """The first section or lesson of a draft, or the part that was removed from it; or the number
    of something else."""
    if which in NUMBERS:
        return str(NUMBERS[which]().pk)
    draft = Version.objects.get(debrief__slug=slug)
    if which == "{removed}":
        return str(draft.saves.filter(what=Save.What.REMOVED)[0].part)
    if which == "{warned}":
        return str(draft.parts.get(title="Warned").identity)
    return str(draft.parts.filter(kind=which.strip("{}"))[0].identity)


def test_every_page_of_the_site_map_is_visited() -> None:
    """A new page without a visit fails, and so does a visit to what is no page any more."""
    visited = {address.partition("?")[0].split()[0] for _, address in VISITS}
    assert visited == set(matrix.routes()) - NO_PAGES


@every_page
def test_axe_finds_no_fault(site: Site, person: str, address: str) -> None:
    """Wide and narrow, light and dark."""
    assert site.inspect(person, path_of(address)).faults == []


@every_page
def test_page_reports_nothing_to_the_console(site: Site, person: str, address: str) -> None:
    """No error, no warning, and nothing that the content security policy refused."""
    assert site.inspect(person, path_of(address)).console == []


@every_page
def test_page_does_not_scroll_sideways(site: Site, person: str, address: str) -> None:
    """In the narrowest window, which is also what a wide one is at four times the size."""
    assert site.inspect(person, path_of(address)).too_wide == 0


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_error_page_is_as_sound_as_any_other(site: Site, name: str) -> None:
    """They are rendered as they are when nothing else works, and put where the browser looks."""
    body = get_template(name).render()
    with answering(site.page, body) as path:
        found = site.inspect("signed_out", path)
    assert found == Found([], [], 0)


@pytest.mark.parametrize("kind", [max(KINDS, key=lambda name: len(KINDS[name].words)), "agreed"])
def test_mail_is_as_sound_as_a_page(site: Site, kind: str) -> None:
    """Its HTML, as a browser shows it; the longest and a short one."""
    person = User(name="Bartholomew Featherstonehaugh", email="b@tests.example")
    html, _ = outbox.message(Notice(pk=1, kind=kind, person=person)).alternatives[0]
    with answering(site.page, str(html)) as path:
        found = site.inspect("signed_out", path)
    assert found == Found([], [], 0)


def test_what_is_wrong_would_be_found(site: Site) -> None:
    """A page with a fault of each kind, so that finding none elsewhere means something."""
    body = """<!doctype html><title>Wrong</title><h1 style="color: #ccc">Pale</h1>
        <img src="data:,"><p style="width: 500px">Wide</p><script>console.error("Oh")</script>"""
    with answering(site.page, body) as path:
        found = site.inspect("signed_out", path)
    rules = {fault.split(": ")[1] for fault in found.faults}
    assert {"color-contrast", "image-alt", "html-has-lang"} <= rules
    assert "error: Oh" in found.console
    assert found.too_wide > 0

    site.visit("signed_out", "/about/")
    site.page.evaluate("document.body.setAttribute('style', 'color: red')")
    assert any("Content Security Policy" in line for line in site.console)


@contextmanager
def answering(page: Page, body: str) -> Iterator[str]:
    """A path of the portal at which the browser is given this page."""
    pattern = re.compile(r"/made-up/\d+$")
    page.route(pattern, lambda route: route.fulfill(body=body, content_type="text/html"))
    yield f"/made-up/{hash(body) % 10**9}"
    page.unroute(pattern)


# --- With the keyboard alone ----------------------------------------------------------------------


def tab_to(page: Page, wanted: Locator, *, at_most: int = 80) -> Locator:
    """Go on with the tab key until this has the focus, which must be seen wherever it passes."""
    await_scripts(page)
    for _ in range(at_most):
        page.keyboard.press("Tab")
        assert page.evaluate(UNSEEN_FOCUS) == ""
        if wanted.evaluate("element => element === document.activeElement"):
            return wanted
    raise AssertionError("The tab key does not lead there.")


#: What has the focus without showing it, on itself or on what is drawn in its place.
UNSEEN_FOCUS = """() => {
  const here = document.activeElement, drawn = here.closest("label") ?? here;
  const seen = [here, drawn].some(element => ["", "::before"].some(part => {
    const style = getComputedStyle(element, part);
    return style.outlineStyle !== "none" || style.boxShadow !== "none";
  }));
  return seen || here === document.body ? "" : here.outerHTML;
}"""


def test_skip_link_leads_past_the_navigation(site: Site) -> None:
    """It is the first thing that the tab key reaches, and is seen once it has the focus."""
    page = site.visit("alpha_officer", path_of("home"))
    skip = tab_to(page, page.get_by_role("link", name="Skip to main content"), at_most=1)
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, page.get_by_label("Search debriefs"), at_most=10)


def test_keyboard_alone_finds_a_debrief_and_a_part_of_it(site: Site) -> None:
    """From home by the navigation to the library, to a filter, to a hit, to a lesson."""
    page = site.visit("alpha_officer", path_of("home"))
    tab_to(page, page.get_by_role("navigation", name="Main").get_by_text("Debriefs"))
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Debriefs"))

    box = tab_to(page, page.get_by_role("checkbox", name="Evidence-led"))
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    expect(page.get_by_role("button", name="Apply").first).to_be_hidden()
    expect(page).to_have_url(re.compile(r"\?theme=evidence-led"))
    expect(page.get_by_role("link", name="Remove Theme: Evidence-led")).to_be_visible()
    expect(box).to_be_focused()

    tab_to(page, page.locator(".card__title a").first)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/debriefs/newest/$"))
    entry = tab_to(page, page.locator(".contents a", has_text="Lessons"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#lessons$"))
    expect(page.locator("#lessons-title")).to_be_in_viewport()
    expect(entry).to_have_attribute("aria-current", "true")


def test_keyboard_alone_opens_menu_and_filters_on_a_phone(site: Site) -> None:
    """Both are folded away there, and say so."""
    page = site.visit("alpha_officer", path_of("debriefs:library"), width=PHONE)
    for name, hidden in (
        ("Menu", page.get_by_role("link", name="Themes")),
        ("Show filters", page.get_by_role("checkbox", name="Evidence-led")),
    ):
        expect(hidden).to_be_hidden()
        button = tab_to(page, page.get_by_role("button", name=name))
        control = page.locator(f"[aria-controls={button.get_attribute('aria-controls')}]")
        expect(control).to_have_attribute("aria-expanded", "false")
        page.keyboard.press("Enter")
        expect(control).to_have_attribute("aria-expanded", "true")
        expect(hidden).to_be_visible()


def test_error_of_a_form_takes_the_focus_and_leads_to_the_field(site: Site) -> None:
    """The summary says what is wrong; its link goes to where to put it right."""
    page = site.visit("signed_out", path_of("account_login"))
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_title(re.compile("^Error: Sign in"))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    tab_to(page, page.locator(".govuk-error-summary a").first, at_most=1)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Work e-mail address")).to_be_focused()
    assert site.faults() == []


# --- Without scripts ------------------------------------------------------------------------------


def test_without_scripts_one_signs_in_filters_and_reads(site: Site) -> None:
    """Everything is there, and no control that would need a script to do anything."""
    context = site.browser.new_context(
        java_script_enabled=False, viewport={"width": PHONE, "height": HEIGHT}
    )
    page = context.new_page()
    page.set_default_timeout(5_000)
    page.goto(site.url + path_of("debriefs:library"))
    page.get_by_label("Work e-mail address").fill(site.world.person("alpha_officer").email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    expect(page).to_have_title(re.compile("^Debriefs"))
    expect(page.get_by_role("link", name="Themes", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Menu")).to_be_hidden()
    expect(page.get_by_role("button", name="Show filters")).to_be_hidden()
    page.get_by_role("checkbox", name="Sexual").check()
    page.get_by_role("button", name="Apply").first.click()
    expect(page.get_by_role("link", name="Remove Exploitation: Sexual")).to_be_visible()

    page.locator(".card__title a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".lesson").first).to_be_visible()
    for name in ("Copy", "Print this page"):
        expect(page.get_by_role("button", name=name)).to_be_hidden()
    context.close()


# --- On paper -------------------------------------------------------------------------------------


def test_print_has_words_and_marking_and_no_furniture(site: Site) -> None:
    """Who printed it stands on it; what can only be clicked does not."""
    page = site.visit("alpha_officer", path_of("debriefs:debrief shared"))
    page.emulate_media(media="print")
    for place in ("top", "bottom"):
        expect(page.locator(f".marking--{place}")).to_be_visible()
        expect(page.locator(f".marking--{place}")).to_contain_text("OFFICIAL-SENSITIVE")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".lesson").first).to_be_visible()
    expect(page.locator(".printed")).to_contain_text("Opened by Alpha Officer")

    furniture = page.locator("nav, form, button, select, input, .govuk-skip-link, .foot")
    assert furniture.count() > 5
    for number in range(furniture.count()):
        expect(furniture.nth(number)).to_be_hidden()


def test_print_of_the_library_shows_the_hits_alone(site: Site) -> None:
    """Neither filters nor the way to the next page."""
    page = site.visit("alpha_officer", path_of("debriefs:library"))
    page.emulate_media(media="print")
    expect(page.locator(".marking--top")).to_be_visible()
    expect(page.locator(".card").first).to_be_visible()
    for gone in (".filter", ".govuk-pagination", ".results__sort", ".govuk-service-navigation"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.get_by_label("Search debriefs")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
