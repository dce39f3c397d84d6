"""Does the search page show what was found, and what a question was taken for?

What is found is tested in `tests/search`; how the page feels, in `tests/browser/test_search.py`.
"""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from debriefs.workflow import State
from tests.world import World

LIBRARY = "/debriefs/"


@pytest.fixture
def officer(client: Client, world: World) -> Client:
    """A browser of an officer, in whose library is one debrief with one paragraph to find."""
    world.debrief_at(
        State.RELEASED,
        operation="Lantern",
        parts=[
            world.section(markdown="Nothing here.\n\nThe surveillance began in March & April."),
            world.lesson(),
        ],
    )
    client.force_login(world.person("charlie_officer"))
    return client


def words(answer: Any) -> str:
    """The answer, with entities as characters and white space as single spaces."""
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(answer.content.decode()))


def follow(officer: Client, query: str, trigger: str = "finder") -> Any:
    """What the script of an open page is answered."""
    return officer.get(f"{LIBRARY}?{query}", headers={"HX-Request": "true", "HX-Trigger": trigger})


def test_a_hit_shows_the_paragraph_and_leads_to_it(officer: Client) -> None:
    """With the word marked, and what an author wrote as text."""
    answer = officer.get(f"{LIBRARY}?q=surveillance")
    page = answer.content.decode()
    assert "<mark>surveillance</mark> began in March &amp; April." in page
    assert re.search(r'href="/debriefs/lantern/#section-[0-9a-f]{8}-p2">', page)
    assert "1 debrief for “surveillance”" in words(answer)
    assert "<title>surveillance – Debriefs – Operational Debriefs</title>" in page


def test_what_is_typed_is_text_wherever_it_is_shown(officer: Client) -> None:
    for query in ("<script>alert(1)</script>", '"><img src=x>', "theme:<b>"):
        raw = officer.get(LIBRARY, {"q": query}).content.decode()
        assert "<script>alert" not in raw
        assert "<img" not in raw
        assert "<b>" not in raw


def test_an_open_page_is_sent_what_changes_and_no_page(officer: Client) -> None:
    """Its title, the results, the facets and what is said aloud."""
    answer = follow(officer, "q=surveillance")
    page = words(answer)
    assert "<html" not in page
    assert "<title>surveillance – Debriefs – Operational Debriefs</title>" in page
    assert '<div id="facets" hx-swap-oob="innerHTML">' in page
    assert '<p id="announce" hx-swap-oob="innerHTML">1 debrief for “surveillance”' in page
    assert "HX-Request" in answer.headers["Vary"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_address_holds_what_is_asked_and_nothing_empty(officer: Client) -> None:
    """Letters replace it; a box that is ticked is a step to go back to."""
    typed = follow(officer, "q=surveillance&sort=&theme=")
    assert typed.headers["HX-Replace-Url"] == f"{LIBRARY}?q=surveillance"
    ticked = follow(officer, "q=&sort=&theme=evidence-led&page=2", "library-form")
    assert ticked.headers["HX-Push-Url"] == f"{LIBRARY}?theme=evidence-led"
    assert follow(officer, "q=").headers["HX-Replace-Url"] == LIBRARY


def test_the_usual_order_is_not_put_into_the_address(officer: Client) -> None:
    """Or a question that is typed then would be answered newest first."""
    before, after = words(officer.get(LIBRARY)), words(officer.get(f"{LIBRARY}?q=surveillance"))
    assert '<option value="" selected>Newest first' in before
    assert "Best answer first" not in before
    assert '<option value="" selected>Best answer first' in after
    assert '<option value="newest">Newest first' in after


def test_a_word_that_nobody_wrote_is_said_to_be_taken_for_another(officer: Client) -> None:
    page = words(officer.get(f"{LIBRARY}?q=survellance"))
    assert "Showing results for <strong>surveillance</strong> (you typed “survellance”)" in page
    assert 'href="?q=survellance&exact=1"' in page


def test_a_word_that_stands_nowhere_is_named(officer: Client) -> None:
    page = words(officer.get(f"{LIBRARY}?q=surveillance+zzyqx"))
    assert "Nothing you can read has <strong>zzyqx</strong>" in page
    assert "<mark>surveillance</mark>" in page


def test_a_field_that_names_nothing_is_said_to_be_left_out(officer: Client) -> None:
    page = words(officer.get(f"{LIBRARY}?q=surveillance+theme:gardening"))
    assert "There is no theme “gardening” in what you can read" in page


def test_nothing_found_shows_how_the_question_was_read(officer: Client) -> None:
    """And offers the themes of one's own library."""
    page = words(officer.get(f'{LIBRARY}?q="zebra crossing" zzyqx -dog theme:evidence'))
    assert "Nothing you can read answers this" in page
    read = page.split('class="nothing__read"')[1].split("</ul>")[0]
    assert "“zebra crossing”" in read
    assert re.search(r"zzyqx</span><span>stands in nothing you can read", read)
    assert re.search(r"Without</span><span[^>]*>dog", read)
    assert 'href="/themes/evidence-led/"' in page
    assert "Sort by" not in page


def test_a_search_can_be_kept_and_what_it_does_not_answer_asked(officer: Client) -> None:
    """Each link takes the question along."""
    library, found = words(officer.get(LIBRARY)), words(officer.get(f"{LIBRARY}?q=surveillance"))
    assert 'href="/searches/">Your searches' in library
    assert "Save this search" not in library
    assert 'href="/searches/save/?q=surveillance">Save this search' in found
    assert 'href="/searches/ask/?q=zzyqx">' in words(officer.get(f"{LIBRARY}?q=zzyqx"))


def test_htmx_is_loaded_where_it_is_used_and_kept_from_what_it_must_not_do(
    officer: Client,
) -> None:
    """No page of it is kept in the browser, nothing in it is run."""
    page = officer.get(LIBRARY).content.decode()
    assert re.search(r'<script src="[^"]*htmx[^"]*\.js" defer nonce="[^"]+"', page)
    for setting in ('"allowEval": false', '"historyCacheSize": 0', '"selfRequestsOnly": true'):
        assert setting in page
    for address in ("/", "/debriefs/lantern/", "/about/"):
        assert "htmx" not in officer.get(address).content.decode()


@pytest.mark.parametrize(("address", "boxes"), [("/", 1), (LIBRARY, 1), ("/about/", 1)])
def test_every_page_of_the_signed_in_has_one_box_to_search_with(
    officer: Client, address: str, boxes: int
) -> None:
    page = officer.get(address).content.decode()
    assert page.count('name="q"') == boxes
    assert 'name="q"' not in Client().get("/about/").content.decode()
