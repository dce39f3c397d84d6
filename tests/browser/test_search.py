"""Can everyone search: while typing, with the keyboard alone, without scripts, after going back?

What is found, and for whom, stands in other tests; that every page is sound by axe and on a phone,
in `test_pages.py`.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.test_pages import (
    HEIGHT,
    PASSWORD,
    PHONE,
    Site,
    await_scripts,
    path_of,
    site,
    tab_to,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

__all__ = ["site"]

#: In the words of every lesson of the world.
COMMON = "victims"


def field(page: Page) -> Locator:
    """The box to search with."""
    return page.get_by_label("Search debriefs")


def results(page: Page) -> Locator:
    """How many there are, in words."""
    return page.locator("#results-title")


def test_a_slash_moves_to_the_search_of_any_page_but_is_a_letter_in_a_field(site: Site) -> None:
    """In the masthead, on home, in the library."""
    for address in ("about", "home", "debriefs:library"):
        page = site.visit("alpha_officer", path_of(address))
        await_scripts(page)
        page.keyboard.press("/")
        expect(field(page)).to_be_focused()
        expect(field(page)).to_have_value("")
        page.keyboard.type("and/or")
        expect(field(page)).to_have_value("and/or")


def test_search_of_the_masthead_leads_to_the_library(site: Site) -> None:
    page = site.visit("alpha_officer", path_of("about"), width=PHONE)
    tab_to(page, field(page))
    page.keyboard.type(COMMON)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/debriefs/\?q={COMMON}$"))
    expect(results(page)).to_contain_text(f"for “{COMMON}”")
    expect(page.locator(".card__hit mark").first).to_be_visible()


def test_results_follow_what_is_typed_and_the_address_holds_it(site: Site) -> None:
    """The focus stays, what changed is said aloud, and a letter is no step of the history."""
    page = site.visit("alpha_officer", path_of("debriefs:library"))
    await_scripts(page)
    steps = page.evaluate("history.length")
    field(page).press_sequentially(COMMON, delay=20)
    expect(results(page)).to_contain_text(f"for “{COMMON}”")
    expect(page).to_have_url(re.compile(rf"\?q={COMMON}$"))
    expect(page).to_have_title(re.compile(f"^{COMMON} – Debriefs"))
    expect(field(page)).to_be_focused()
    expect(page.locator("[data-announce]")).to_contain_text(re.compile(r"^\d+ debriefs? for"))
    assert page.evaluate("history.length") == steps
    expect(page.get_by_label("Sort by")).to_have_value("")
    assert site.faults() == []


def test_enter_is_a_search_of_its_own_to_go_back_from(site: Site) -> None:
    """Its address holds nothing that is empty."""
    page = site.visit("alpha_officer", path_of("debriefs:library"))
    await_scripts(page)
    field(page).fill(COMMON)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/debriefs/\?q={COMMON}$"))
    expect(results(page)).to_contain_text(f"for “{COMMON}”")
    page.go_back()
    expect(field(page)).to_have_value("")
    assert site.faults() == []


def test_a_box_that_is_ticked_narrows_at_once_and_can_be_taken_back(site: Site) -> None:
    """By the chip, and by going back; what was open stays open."""
    page = site.visit("alpha_officer", path_of("debriefs:library"))
    await_scripts(page)
    all_of_them = results(page).inner_text()
    page.locator("#facet-kind summary").click()
    box = page.get_by_role("checkbox", name="Structured debrief")
    box.check()
    expect(page).to_have_url(re.compile(r"\?kind=structured"))
    chip = page.get_by_role("link", name="Remove Kind of debrief: Structured")
    expect(chip).to_be_visible()
    expect(page.get_by_role("checkbox", name="Structured debrief")).to_be_focused()
    expect(page.locator("#facet-kind")).to_have_attribute("open", "")
    chip.click()
    expect(chip).to_be_hidden()
    expect(results(page)).to_be_focused()
    expect(results(page)).to_have_text(all_of_them)
    page.go_back()
    expect(page.get_by_role("checkbox", name="Structured debrief")).to_be_checked()
    kept = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert kept == ["htmx-current-path-for-history"]  # no page, and gone with the tab


def test_a_late_answer_to_an_earlier_question_is_dropped(site: Site) -> None:
    """What is shown answers what stands in the box."""
    page = site.visit("alpha_officer", path_of("debriefs:library"))
    await_scripts(page)
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if "q=evidence" in route.request.url and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/debriefs/?*", hold_the_first)
    field(page).fill("evidence")
    page.wait_for_timeout(500)
    field(page).fill(COMMON)
    expect(results(page)).to_contain_text(f"for “{COMMON}”")
    assert len(held) == 1
    page.unroute("**/debriefs/?*")
    expect(results(page)).to_contain_text(f"for “{COMMON}”")


def test_without_a_connection_the_page_says_so(site: Site) -> None:
    page = site.visit("alpha_officer", path_of("debriefs:library"))
    await_scripts(page)
    page.route("**/debriefs/?*", lambda route: route.abort())
    field(page).fill(COMMON)
    expect(page.get_by_text("Not updated: there is no connection")).to_be_visible()
    page.unroute("**/debriefs/?*")


def test_after_the_session_has_ended_the_way_in_is_a_page_and_not_a_result(site: Site) -> None:
    """And leads back to the question."""
    page = site.visit("alpha_officer", path_of("debriefs:library"))
    await_scripts(page)
    page.context.clear_cookies()
    field(page).fill(COMMON)
    expect(page).to_have_title(re.compile("^Sign in"))
    expect(page).to_have_url(re.compile(f"next=.*{COMMON}"))
    expect(page.locator(".masthead")).to_have_count(1)


def test_a_passage_leads_to_its_paragraph_which_is_marked(site: Site) -> None:
    page = site.visit("alpha_officer", path_of("debriefs:library") + f"?q={COMMON}")
    tab_to(page, page.locator(".card__hit a").first)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#(lesson|section)-[0-9a-f]{8}(-\w+)?(-p\d+)?$"))
    target = page.locator(":target")
    expect(target).to_be_in_viewport()
    assert target.evaluate("element => getComputedStyle(element).boxShadow") != "none"


def test_nothing_found_says_how_the_question_was_read_and_what_helps(site: Site) -> None:
    page = site.visit("alpha_officer", path_of("debriefs:library") + "?q=zzyqx+-dog")
    expect(page.get_by_role("heading", name="Nothing you can read answers this")).to_be_visible()
    expect(page.locator(".nothing__read")).to_contain_text("stands in nothing you can read")
    expect(page.locator(".nothing__read")).to_contain_text("dog")
    expect(page.get_by_role("link", name="Ask the project team")).to_be_visible()
    expect(page.locator(".nothing .tag--theme").first).to_be_visible()


def test_without_scripts_one_searches_narrows_and_sorts(site: Site) -> None:
    """By Search, Apply and Sort; nothing is offered that would need a script."""
    context = site.browser.new_context(
        java_script_enabled=False, viewport={"width": PHONE, "height": HEIGHT}
    )
    page = context.new_page()
    page.set_default_timeout(5_000)
    page.goto(site.url + path_of("about"))
    page.goto(site.url + path_of("debriefs:library"))
    page.get_by_label("Work e-mail address").fill(site.world.person("alpha_officer").email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    field(page).fill(COMMON)
    page.get_by_role("button", name="Search").click()
    expect(results(page)).to_contain_text(f"for “{COMMON}”")
    page.get_by_role("checkbox", name="Evidence-led").check()
    page.get_by_role("button", name="Apply").first.click()
    expect(page).to_have_url(re.compile(rf"q={COMMON}.*theme=evidence-led"))
    page.get_by_label("Sort by").select_option("name")
    page.get_by_role("button", name="Sort").click()
    expect(page).to_have_url(re.compile("sort=name"))
    expect(field(page)).to_have_value(COMMON)
    expect(page.get_by_role("listbox")).to_have_count(0)
    context.close()


# --- Suggestions ----------------------------------------------------------------------------------


def suggested(page: Page) -> Locator:
    """What is offered below the box."""
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def test_keyboard_alone_chooses_a_suggestion(site: Site) -> None:
    """Down and up move through the list and back to the box; Enter goes there."""
    page = site.visit("alpha_officer", path_of("about"))
    tab_to(page, field(page))
    expect(field(page)).to_have_role("combobox")
    page.keyboard.type("newe")
    expect(suggested(page).first).to_contain_text("Newest")
    expect(suggested(page).first).to_contain_text("Operation")
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").filter(has_text="suggestion")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(suggested(page).first).to_have_attribute("aria-selected", "true")
    marked = suggested(page).first.get_attribute("id")
    expect(field(page)).to_have_attribute("aria-activedescendant", marked or "")
    page.keyboard.press("ArrowUp")
    expect(suggested(page).first).to_have_attribute("aria-selected", "false")
    assert field(page).get_attribute("aria-activedescendant") is None
    assert site.faults() == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/debriefs/newest/$"))


def test_escape_closes_the_suggestions_and_enter_searches(site: Site) -> None:
    """For what was typed, although something is offered; nothing is chosen by itself."""
    page = site.visit("alpha_officer", path_of("home"))
    await_scripts(page)
    field(page).press_sequentially("evid")
    expect(suggested(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(suggested(page)).to_have_count(0)
    expect(field(page)).to_have_value("evid")
    field(page).press_sequentially("ence")
    expect(suggested(page).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/debriefs/\?q=evidence$"))


def test_a_suggestion_can_be_pressed_and_is_gone_when_the_box_is_left(site: Site) -> None:
    page = site.visit("alpha_officer", path_of("about"), width=PHONE)
    await_scripts(page)
    field(page).press_sequentially("evid")
    expect(suggested(page).first).to_be_visible()
    page.locator("main p").last.click()
    expect(suggested(page)).to_have_count(0)
    field(page).fill("evide")
    suggested(page).filter(has_text="Theme").first.click()
    expect(page).to_have_url(re.compile(r"theme=evidence-led"))
