"""What does the portal remember of what a person looks for, and who is shown it?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from debriefs.models import NothingFound, RecentSearch, SavedSearch
from debriefs.search import finding, query
from debriefs.services import chores, searches, synonyms
from debriefs.services.searches import KEPT, KEPT_FOR, MOST_SAVED, SHOWN, bounded, narrowing_of
from debriefs.workflow import State
from portal.models import User
from tests.claims import refused
from tests.post import on
from tests.world import World

ADDRESS = "/searches/"


def as_(world: World, key: str) -> Client:
    """The person's browser."""
    browser = Client()
    browser.force_login(world.person(key))
    return browser


def page(browser: Client, address: str = ADDRESS) -> str:
    return browser.get(address).content.decode()


def words_of(person: User) -> list[str]:
    return [each.words for each in searches.recent(person)]


def save(
    world: World, key: str = "alpha_officer", name: str = "Mine", **how: object
) -> SavedSearch:
    asked = {"words": "brothel", "narrowing": {}, "alerts": False} | how
    return searches.save(by=world.person(key), name=name, **asked)  # type: ignore[arg-type]


# --- The words of a search ------------------------------------------------------------------------


@given(st.text(max_size=2_000))
def test_whatever_is_typed_is_kept_on_one_line_that_can_be_printed(text: str) -> None:
    words = bounded(text)

    assert len(words) <= 600
    assert words == " ".join(words.split())
    assert words == "" or words.isprintable()
    assert bounded(words) == words


@pytest.mark.parametrize("text", ["a" * 1_000_000, "word " * 10_000, "\0" * 700, "[" * 700])
def test_the_longest_is_kept_as_far_as_it_is_read(world: World, text: str) -> None:
    searches.remember(world.person("alpha_officer"), text)
    searches.found_nothing(text)

    assert all(len(words) <= 600 for words in words_of(world.person("alpha_officer")))
    assert NothingFound.objects.count() == bool(bounded(text))


@given(st.dictionaries(st.sampled_from(["theme", "year", "q", "sort"]), st.lists(st.text())))
def test_only_filters_that_there_are_are_kept(values: dict[str, list[str]]) -> None:
    found = narrowing_of(values)

    assert found.keys() <= {"theme", "year"}
    assert all(chosen == sorted(set(chosen)) for chosen in found.values())
    assert narrowing_of(found) == found


# --- Recent ---------------------------------------------------------------------------------------


def test_the_latest_search_comes_first_and_each_is_there_once(world: World) -> None:
    person = world.person("alpha_officer")
    for words in ("brothel", "NRM", "Brothel ", "  "):
        searches.remember(person, words)

    assert words_of(person) == ["Brothel", "NRM"]


def test_only_so_many_are_shown_and_kept(world: World) -> None:
    person = world.person("alpha_officer")
    for number in range(KEPT + 5):
        searches.remember(person, f"search {number}")

    assert len(words_of(person)) == SHOWN
    assert words_of(person)[0] == f"search {KEPT + 4}"
    assert RecentSearch.objects.filter(person=person).count() == KEPT


def test_a_search_is_forgotten_when_its_time_is_over(world: World) -> None:
    person = world.person("alpha_officer")
    searches.remember(person, "brothel")
    with on(timezone.localdate() + KEPT_FOR + timedelta(days=1)):
        assert words_of(person) == []
        assert [each.count for each in chores.run() if "recent searches" in each.says] == [1]
    assert not RecentSearch.objects.exists()


def test_what_begins_as_one_types_is_offered_to_whoever_asked_it_and_to_nobody_else(
    world: World,
) -> None:
    for key, words in (("alpha_officer", "brothel raid"), ("bravo_officer", "brothel keeper")):
        searches.remember(world.person(key), words)

    for key, offered in (("alpha_officer", ["brothel raid"]), ("charlie_officer", [])):
        found = searches.recent(world.person(key), beginning="BRO")
        assert [each.words for each in found] == offered
    assert searches.recent(world.person("alpha_officer"), beginning="%") == []


def test_one_clears_ones_own_searches_and_no_others(world: World) -> None:
    mine, other = world.person("alpha_officer"), world.person("bravo_officer")
    for person in (mine, other):
        searches.remember(person, "brothel")
        searches.remember(person, "NRM")
    browser = as_(world, "alpha_officer")
    foreign = searches.recent(other)[0].number

    browser.post(ADDRESS, {"do": f"clear-{foreign}"})
    assert len(words_of(other)) == 2
    browser.post(ADDRESS, {"do": f"clear-{searches.recent(mine)[0].number}"})
    assert words_of(mine) == ["brothel"]
    answer = browser.post(ADDRESS, {"do": "clear-all"}, follow=True)
    assert "Your recent searches are cleared." in answer.content.decode()
    assert (words_of(mine), len(words_of(other))) == ([], 2)


def test_the_page_shows_ones_own_searches_alone(world: World) -> None:
    searches.remember(world.person("alpha_officer"), "zqmine & <b>")
    save(world, name="zqsaved")

    mine, theirs = page(as_(world, "alpha_officer")), page(as_(world, "bravo_officer"))
    assert "zqmine &amp; &lt;b&gt;" in mine
    assert 'href="/debriefs/?q=zqmine+%26+%3Cb%3E"' in mine
    assert "zqsaved" in mine
    assert "zqmine" not in theirs
    assert "zqsaved" not in theirs


def test_whoever_looked_for_nothing_is_told_what_the_page_is_for(world: World) -> None:
    found = page(as_(world, "nobody"))

    assert "No search is saved" in found
    assert "Clear all" not in found
    assert "Ask something" in found


# --- What found nothing ---------------------------------------------------------------------------


def test_what_found_nothing_is_counted_by_day_and_holds_no_person() -> None:
    assert {each.name for each in NothingFound._meta.get_fields()} == {
        *("id", "words", "day", "times")
    }


def test_the_same_words_of_a_day_are_counted_together(world: World) -> None:
    today = timezone.localdate()
    for words in ("Hydra", "hydra ", "HYDRA", "other"):
        searches.found_nothing(words)
    with on(today + timedelta(days=1)):
        searches.found_nothing("hydra")

    rows = NothingFound.objects.filter(words="hydra").order_by("day")
    assert list(rows.values_list("day", "times")) == [(today, 3), (today + timedelta(days=1), 1)]


# --- Saved ----------------------------------------------------------------------------------------


def test_a_search_is_saved_from_its_address_and_run_again(world: World) -> None:
    browser = as_(world, "alpha_officer")
    address = "/searches/save/?q=brothel&theme=evidence-led&theme=missing&page=3&secret=1"
    found = page(browser, address)
    assert 'value="brothel"' in found
    assert "Evidence-led" in found

    answer = browser.post(
        address,
        {"name": "On my desk", "alerts": "on", "query": address.partition("?")[2]},
        follow=True,
    )
    search = SavedSearch.objects.get()
    assert (search.words, search.narrowing) == (
        "brothel",
        {"theme": ["evidence-led", "missing"]},
    )
    assert search.alerts
    shown = answer.content.decode()
    assert "“On my desk” is saved." in shown
    assert "“brothel”; Theme: Evidence-led" in shown
    assert "secret" not in shown
    [kept] = searches.saved(world.person("alpha_officer"))
    assert kept.words == "brothel"
    assert browser.get(kept.url).status_code == 200


def test_a_search_that_asks_nothing_cannot_be_saved(world: World) -> None:
    assert "There is nothing to save yet" in page(as_(world, "alpha_officer"), "/searches/save/")
    with refused("asks nothing"):
        save(world, words=" ", narrowing={"unknown": ["x"]})


def test_a_search_needs_a_name_of_its_own_and_nothing_typed_is_lost(world: World) -> None:
    save(world, name="Mine")
    save(world, "bravo_officer", name="Mine")
    browser = as_(world, "alpha_officer")

    for name, says in (
        ("", "Give the search a name."),
        ("mine", "You have a search called “Mine” already."),
        ("x" * 81, "Keep the name under 80 characters."),
    ):
        answer = browser.post(
            "/searches/save/", {"name": name, "query": "q=NRM&theme=evidence-led"}
        )
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert says in shown
        assert f'value="{name}"' in shown or not name
        assert "NRM" in shown


def test_the_same_form_sent_twice_saves_one_search(world: World) -> None:
    assert save(world).pk == save(world).pk


def test_only_so_many_searches_are_saved(world: World) -> None:
    for number in range(MOST_SAVED):
        save(world, name=f"Search {number}")
    with refused("Delete one that you don't need"):
        save(world, name="One more")


def test_one_renames_switches_and_deletes_ones_own(world: World) -> None:
    search, other = save(world), save(world, name="Other")
    browser = as_(world, "alpha_officer")

    browser.post(ADDRESS, {"do": f"rename-{search.pk}", "name": "Desk"})
    browser.post(ADDRESS, {"do": f"alert-{search.pk}"})
    search.refresh_from_db()
    assert (search.name, search.alerts) == ("Desk", True)
    assert "Alerts on" in page(browser)

    taken = browser.post(ADDRESS, {"do": f"rename-{search.pk}", "name": "other"})
    assert taken.status_code == 422
    assert "You have a search called “other” already." in taken.content.decode()
    assert 'value="other"' in taken.content.decode()

    browser.post(ADDRESS, {"do": f"quiet-{search.pk}"})
    search.refresh_from_db()
    assert not search.alerts
    browser.post(ADDRESS, {"do": f"delete-{search.pk}"})
    assert list(SavedSearch.objects.all()) == [other]
    gone = browser.post(ADDRESS, {"do": f"alert-{search.pk}"})
    assert gone.status_code == 422
    assert "not there any more" in gone.content.decode()


@pytest.mark.parametrize("do", ["rename", "alert", "quiet", "delete"])
def test_nobody_changes_the_search_of_somebody_else(world: World, do: str) -> None:
    search = save(world)
    before = SavedSearch.objects.values().get()
    answer = as_(world, "bravo_officer").post(
        ADDRESS, {"do": f"{do}-{search.pk}", "name": "Theirs"}
    )

    assert answer.status_code == 422
    assert SavedSearch.objects.values().get() == before


@pytest.mark.parametrize("do", ["", "explode-1", "clear", "delete-", "delete-x", "clear-all-1"])
def test_a_button_that_there_is_not_does_nothing(world: World, do: str) -> None:
    save(world)
    answer = as_(world, "alpha_officer").post(ADDRESS, {"do": do})

    assert answer.status_code == 422
    assert SavedSearch.objects.count() == 1


def test_many_searches_take_no_more_queries_than_few(world: World) -> None:
    browser = as_(world, "alpha_officer")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            browser.get(ADDRESS)
        return len(asked)

    def more(numbers: range) -> None:
        for number in numbers:
            searches.remember(world.person("alpha_officer"), f"search {number}")
            save(world, name=f"{number}", narrowing={"theme": ["evidence-led"]})

    more(range(2))
    queries()
    few = queries()
    more(range(2, 12))
    assert queries() == few


# --- On the page of results -----------------------------------------------------------------------


def test_the_page_of_results_remembers_what_was_asked_once_it_is_opened(world: World) -> None:
    """Not while one types, not page by page, and not what only a robot asks for."""
    browser, person = as_(world, "alpha_officer"), world.person("alpha_officer")
    browser.get("/debriefs/")
    browser.get("/debriefs/?theme=evidence-led")
    browser.get("/debriefs/?q=brot", headers={"HX-Request": "true"})
    browser.head("/debriefs/?q=brothel")
    browser.get("/debriefs/?q=brothel&page=2")
    assert words_of(person) == []

    browser.get("/debriefs/?q=brothel")
    assert words_of(person) == ["brothel"]


def test_a_search_in_vain_is_counted_unless_it_was_narrowed(world: World) -> None:
    world.debrief_at(State.RELEASED)
    browser = as_(world, "alpha_officer")
    for asked in ("q=xylophonist", "q=evidence", "q=oboist&theme=evidence-led"):
        browser.get(f"/debriefs/?{asked}")

    assert list(NothingFound.objects.values_list("words", "times")) == [("xylophonist", 1)]


def test_what_one_asked_before_is_offered_while_one_types_to_nobody_else(world: World) -> None:
    searches.remember(world.person("alpha_officer"), "brothel & raid")

    mine = page(as_(world, "alpha_officer"), "/search/suggest/?q=bro")
    assert "You asked" in mine
    assert "brothel &amp; raid" in mine
    assert "raid" not in page(as_(world, "bravo_officer"), "/search/suggest/?q=bro")


def test_a_synonym_finds_what_has_the_other_word_at_once(world: World) -> None:
    part = world.section(markdown="The bodycam was on.")
    version = world.debrief_at(State.RELEASED, parts=[part, world.lesson()])

    def found() -> list[int]:
        person = world.person("alpha_officer")
        return [int(each) for each in finding.find(person, query.parse("BWV")).versions]

    assert version.pk not in found()
    synonyms.add(by=world.person("author"), words=["BWV", "bodycam"])
    assert version.pk in found()
