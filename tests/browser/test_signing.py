"""Can a signatory sign with the keyboard alone, and without scripts? In Chromium.

What the pages say, and who may open them, stands in other tests; that every page is sound by axe
and on a phone, in `test_pages.py`.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

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

STATEMENTS = ("I have read every part", "It may be shared", "As far as I know", "I am authorised")


def to_sign(name: str) -> str:
    """The path of what one test signs."""
    return path_of(f"debriefs:sign {name} 2 alpha")


def focused_change(page: Page) -> int:
    """Which of the page's changes has the focus, counted from one; 0 for none of them."""
    found: int = page.evaluate(
        "[...document.querySelectorAll('[data-change]')].indexOf(document.activeElement) + 1"
    )
    return found


def test_keyboard_alone_reads_every_change_and_signs(site: Site) -> None:
    """From the queue over each change to the decision, the check and the receipt."""
    page = site.visit("alpha_signatory", path_of("debriefs:signing"))
    tab_to(page, page.get_by_role("link", name="Read and decide: Operation by keyboard"))
    page.keyboard.press("Enter")

    tab_to(page, page.get_by_role("radio", name="Agree: it may travel as far"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_label("If you agree: conditions (optional)"))
    page.keyboard.type("Not in print.")
    for statement in STATEMENTS:
        tab_to(page, page.get_by_role("checkbox", name=statement))
        page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Check your decision"))
    page.keyboard.press("Enter")

    expect(page).to_have_title(re.compile("^Check the decision of Alphashire Police"))
    await_scripts(page)
    assert site.faults() == []
    expect(page.get_by_text("Not in print.")).to_be_visible()
    tab_to(page, page.get_by_label("Your password"))
    page.keyboard.type("not my password")
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    await_scripts(page)
    expect(page.get_by_text("Not in print.")).to_be_visible()
    assert site.faults() == []
    tab_to(page, page.get_by_label("Your password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page).to_have_title(re.compile("^Receipt of Alphashire Police"))
    await_scripts(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt: Agreed")
    assert site.faults() == []


def test_key_n_goes_from_change_to_change_and_can_be_switched_off(site: Site) -> None:
    """Its button does the same; in a field the key is a letter."""
    page = site.visit("alpha_signatory", to_sign("by-change"))
    changes = page.locator("[data-change]").count()
    assert changes > 1
    for number in [*range(1, changes + 1), 1]:
        page.keyboard.press("n")
        assert focused_change(page) == number
        expect(page.locator("[data-where]")).to_have_text(f"Change {number} of {changes}")
        expect(page.locator("[data-change]").nth(number - 1)).to_be_in_viewport()
    page.get_by_role("button", name="Next change").click()
    assert focused_change(page) == 2

    field = page.get_by_label("If you agree: conditions (optional)")
    field.press("n")
    expect(field).to_have_value("n")
    page.get_by_role("button", name="Key n is on").click()
    page.keyboard.press("n")
    assert focused_change(page) == 0
    page.get_by_role("button", name="Key n is off").click()
    expect(page.get_by_role("button", name="Key n is on")).to_be_visible()


def test_form_with_a_mistake_says_so_and_leads_to_it(site: Site) -> None:
    """The summary takes the focus, and its links lead to the fields."""
    page = site.visit("alpha_signatory", to_sign("by-change"))
    page.get_by_role("radio", name="Agree, but only up to").check()
    expect(page.get_by_role("radio", name="Participating forces")).to_be_visible()
    page.get_by_role("button", name="Check your decision").click()

    expect(page).to_have_title(re.compile("^Error: Sign-off of Alphashire Police"))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert site.faults() == []
    page.get_by_role("link", name="Choose how far it may travel at most.").click()
    expect(page.get_by_role("radio", name="Participating forces")).to_be_focused()


def test_without_scripts_one_remarks_and_signs_on_a_phone(site: Site) -> None:
    """Nothing of it needs a script, and no control that would is shown."""
    context = site.browser.new_context(
        java_script_enabled=False, viewport={"width": PHONE, "height": HEIGHT}
    )
    page = context.new_page()
    page.set_default_timeout(5_000)
    page.goto(site.url + to_sign("by-hand"))
    page.get_by_label("Work e-mail address").fill(site.world.person("alpha_signatory").email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("button", name="Next change")).to_be_hidden()
    expect(page.locator("ins").first).to_be_visible()
    page.get_by_role("radio", name="Agree, but only up to").check()
    page.get_by_role("radio", name="Participating forces").check()
    page.get_by_text("Add a remark").first.click()
    page.locator("textarea[name^=new-]").first.fill("Thank you for the change.")
    page.get_by_role("button", name="Save remark").first.click()

    expect(page.get_by_text("Thank you for the change.", exact=True).first).to_be_visible()
    expect(page.get_by_role("radio", name="Participating forces")).to_be_checked()
    for statement in STATEMENTS:
        page.get_by_role("checkbox", name=statement).check()
    page.get_by_role("button", name="Check your decision").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign for Alphashire Police").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Receipt: Agreed up to: Participating forces"
    )
    context.close()


def test_print_of_a_receipt_has_reference_digest_and_no_furniture(site: Site) -> None:
    """A paper that can be filed."""
    page = site.visit("alpha_signatory", path_of("debriefs:receipt embargoed 1 alpha"))
    page.emulate_media(media="print")

    expect(page.locator(".marking--top")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^OD-[0-9A-Z]{6}/1/alpha$"))).to_be_visible()
    expect(page.locator(".digest span")).to_have_count(8)
    for gone in ("button", "nav", ".foot"):
        furniture = page.locator(gone)
        for number in range(furniture.count()):
            expect(furniture.nth(number)).to_be_hidden()
