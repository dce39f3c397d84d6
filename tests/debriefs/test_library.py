"""Does the library find what one looks for, and count it honestly?

What must not be found is tested in `tests/access`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import date

import pytest
from django.test import Client

from debriefs.models import ExploitationType, Theme, Version
from debriefs.models.vocabulary import DebriefKind, Worked
from debriefs.workflow import State
from portal.models import Organisation, Region, Tier
from tests.world import World

LIBRARY = "/debriefs/"


@pytest.fixture
def officer(client: Client, world: World) -> Client:
    """A browser in which an officer who reads facts is signed in."""
    client.force_login(world.person("charlie_officer"))
    return client


def share(
    world: World,
    name: str,
    *,
    themes: Sequence[str] = ("evidence-led",),
    types: Sequence[str] = ("sexual",),
    lead: str = "alpha",
    supporting: Sequence[str] = (),
    began: date | None = date(2021, 3, 1),
    kind: str = DebriefKind.STRUCTURED,
    groups: Sequence[str] = ("policing",),
) -> Version:
    """A shared debrief of these facts."""
    return world.debrief_at(
        State.RELEASED,
        operation=name,
        facts=world.facts(
            lead=lead,
            supporting=supporting,
            themes=list(Theme.objects.filter(key__in=themes)),
            exploitation=list(ExploitationType.objects.filter(key__in=types)),
            operation_from=began,
            operation_until=None,
            kind=kind,
            title=f"About {name}",
        ),
        groups=groups,
    )


@pytest.fixture
def four(world: World) -> World:
    """Four debriefs that differ in every facet."""
    share(world, "Amber", began=date(2019, 1, 1))
    share(world, "Birch", themes=("victim-care",), types=("labour",), lead="bravo")
    share(
        world,
        "Cedar",
        themes=("evidence-led", "victim-care"),
        types=("sexual", "labour"),
        lead="charlie",
        supporting=("alpha",),
        began=date(2023, 6, 1),
        kind=DebriefKind.HOT,
    )
    share(world, "Dune", themes=(), types=(), began=None, lead="charlie")
    return world


def words(client: Client, query: str = "") -> str:
    """The page's HTML, with entities as characters."""
    response = client.get(f"{LIBRARY}{query}")
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def found(page: str) -> list[str]:
    """The operations on the page, in its order."""
    return re.findall(r'card__operation">Operation (\w+)', page)


def total(page: str) -> int:
    """How many debriefs the page says there are."""
    match = re.search(r'id="results-title">(\d+) debriefs?\b', page)
    assert match
    return int(match[1])


def counts(page: str, facet: str) -> dict[str, int]:
    """The boxes of a facet, each with its count."""
    boxes = re.findall(
        rf'name="{facet}" value="([^"]*)".*?facet__count">.*?\)?(\d+)<', page.replace("\n", " ")
    )
    return {value: int(number) for value, number in boxes}


def ticked(page: str) -> set[tuple[str, str]]:
    """The boxes that are ticked."""
    return set(re.findall(r'name="(\w+)" value="([^"]*)" checked', page))


# --- Filters --------------------------------------------------------------------------------------


def test_everything_that_is_shared_is_there_newest_first(officer: Client, four: World) -> None:
    """Without a filter there is nothing to take out."""
    page = words(officer)

    assert found(page) == ["Dune", "Cedar", "Birch", "Amber"]
    assert total(page) == 4
    assert "chip__cross" not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?theme=evidence-led", {"Amber", "Cedar"}),
        ("?theme=evidence-led&theme=victim-care", {"Amber", "Birch", "Cedar"}),
        ("?theme=victim-care&type=sexual", {"Cedar"}),
        ("?theme=victim-care&type=sexual&type=labour", {"Birch", "Cedar"}),
        ("?force=alpha", {"Amber", "Cedar"}),
        ("?force=alpha&force=bravo", {"Amber", "Birch", "Cedar"}),
        ("?force=charlie&theme=evidence-led", {"Cedar"}),
        ("?region=north", {"Amber", "Birch", "Cedar"}),
        ("?region=south", {"Cedar", "Dune"}),
        ("?year=2019", {"Amber"}),
        ("?year=2019&year=2023", {"Amber", "Cedar"}),
        ("?year=2019&region=south", set()),
        ("?kind=hot", {"Cedar"}),
        ("?kind=hot&kind=structured", {"Amber", "Birch", "Cedar", "Dune"}),
    ],
)
def test_values_widen_within_a_facet_and_narrow_between_facets(
    officer: Client, four: World, query: str, expected: set[str]
) -> None:
    """And each debrief is found once, however many of its values were chosen."""
    page = words(officer, query)

    assert set(found(page)) == expected
    assert len(found(page)) == total(page) == len(expected)


def test_counts_are_what_a_box_would_give(officer: Client, four: World) -> None:
    """Each count beside a box is the total after ticking that box alone."""
    page = words(officer)

    assert counts(page, "theme") == {"evidence-led": 2, "victim-care": 2}
    assert counts(page, "force") == {"alpha": 2, "bravo": 1, "charlie": 2}
    assert counts(page, "year") == {"2023": 1, "2021": 1, "2019": 1}
    for facet in ("theme", "type", "force", "region", "year", "kind"):
        boxes = counts(page, facet)
        assert boxes, facet
        for value, number in boxes.items():
            assert total(words(officer, f"?{facet}={value}")) == number, (facet, value)


def test_counts_narrow_with_other_facets_but_not_with_their_own(
    officer: Client, four: World
) -> None:
    """So one sees what a second value would add, and what another facet has left."""
    page = words(officer, "?theme=victim-care")

    assert counts(page, "theme") == {"evidence-led": 2, "victim-care": 2}
    assert counts(page, "type") == {"sexual": 1, "labour": 2}
    assert counts(page, "force") == {"alpha": 1, "bravo": 1, "charlie": 1}
    assert counts(page, "year") == {"2023": 1, "2021": 1, "2019": 0}


def test_only_values_that_something_has_are_offered(officer: Client, four: World) -> None:
    """A box that would never find anything is not there."""
    page = words(officer)

    assert "delta" not in counts(page, "force")
    assert "multi-agency" not in counts(page, "kind")


# --- The address holds the state ------------------------------------------------------------------


def test_the_address_holds_what_was_chosen(officer: Client, four: World) -> None:
    """Boxes, order and chips are as the address says."""
    page = words(officer, "?theme=victim-care&force=alpha&force=charlie&sort=name")

    assert ticked(page) == {("theme", "victim-care"), ("force", "alpha"), ("force", "charlie")}
    assert '<option value="name" selected>' in page
    chips = re.findall(r'class="chip" href="([^"]*)".*?Remove (.*?): </span>(.*?)<svg', page)
    assert [(facet, label) for _, facet, label in chips] == [
        ("Theme", "Victim care"),
        ("Force or agency", "Alphashire Police"),
        ("Force or agency", "Charlieshire Police"),
    ]


def test_a_chip_takes_out_its_own_value_and_nothing_else(officer: Client, four: World) -> None:
    """Order and other filters stay; the page number does not, for it is another list."""
    page = words(officer, "?theme=victim-care&force=alpha&force=charlie&sort=name&page=1")
    without_charlie = re.findall(r'class="chip" href="([^"]*)"', page)[2]

    assert without_charlie == "?theme=victim-care&force=alpha&sort=name"
    assert ticked(words(officer, without_charlie)) == {("theme", "victim-care"), ("force", "alpha")}


def test_nothing_found_says_what_to_do(officer: Client, four: World) -> None:
    """Filters that exclude each other end in words, with a way back."""
    page = words(officer, "?year=2019&region=south")

    assert total(page) == 0
    assert "No debriefs match all of these" in page
    assert f'href="{LIBRARY}">Clear all filters' in page


def test_nothing_shared_says_so(client: Client, world: World) -> None:
    """And tells it apart from filters that find nothing."""
    client.force_login(world.person("outsider"))

    page = words(client)

    assert "Nothing is shared with you yet" in page
    assert "No debriefs match" not in page
    assert 'type="checkbox"' not in page


# --- Order ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Dune", "Cedar", "Birch", "Amber"]),
        ("?sort=newest", ["Dune", "Cedar", "Birch", "Amber"]),
        ("?sort=name", ["Amber", "Birch", "Cedar", "Dune"]),
        ("?sort=began", ["Cedar", "Birch", "Amber", "Dune"]),
        ("?sort=name&theme=evidence-led", ["Amber", "Cedar"]),
    ],
)
def test_the_order_is_the_one_that_was_asked_for(
    officer: Client, four: World, query: str, expected: list[str]
) -> None:
    """What has no date comes last."""
    assert found(words(officer, query)) == expected


# --- What cannot be understood --------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad", ["type=nothing", "year=last", "force=%00", "region=", "kind=%27%20or%201=1"]
)
def test_a_value_that_nobody_knows_is_an_error_and_keeps_the_rest(
    officer: Client, four: World, bad: str
) -> None:
    """The page says so in words and keeps what was chosen; but it does not list what was not asked
    for, as if the value had been left out."""
    page = words(officer, f"?theme=evidence-led&{bad}")

    assert ("theme", "evidence-led") in ticked(page)
    assert found(page) == []
    assert "There is a problem" in page
    assert "<title>Error: Debriefs" in page
    assert "chip__cross" in page


def test_an_order_that_nobody_knows_is_an_error_and_keeps_the_rest(
    officer: Client, four: World
) -> None:
    """What was found is right in any order."""
    page = words(officer, "?theme=evidence-led&sort=upwards")

    assert found(page) == ["Cedar", "Amber"]
    assert ("theme", "evidence-led") in ticked(page)
    assert "There is a problem" in page
    assert "<title>Error: Debriefs" in page


def test_parameters_that_are_unknown_are_ignored(officer: Client, four: World) -> None:
    """Links from elsewhere carry them."""
    page = words(officer, "?utm_source=mail&debrief__slug=amber&readers=1&sort=name")

    assert total(page) == 4
    assert "There is a problem" not in page


# --- Pages ----------------------------------------------------------------------------------------


@pytest.fixture
def many(world: World) -> World:
    """More than a page of them."""
    for number in range(23):
        share(world, f"N{number:02}", themes=("victim-care",) if number % 2 else ())
    return world


def test_pages_hold_twenty_and_keep_the_filters(officer: Client, many: World) -> None:
    """The second page has the rest, and no debrief is on both."""
    first, second = words(officer, "?sort=name"), words(officer, "?sort=name&page=2")

    assert total(first) == total(second) == 23
    assert found(first) == [f"N{number:02}" for number in range(20)]
    assert found(second) == ["N20", "N21", "N22"]
    assert "<title>Debriefs (page 1 of 2)" in first
    assert "<title>Debriefs (page 2 of 2)" in second
    assert 'href="?sort=name&page=2"' in first
    assert 'aria-current="page">2<' in second


def test_a_page_that_does_not_exist_shows_the_nearest(officer: Client, many: World) -> None:
    """A bookmark of a list that became shorter still leads somewhere."""
    for number, shown in (("99", 2), ("0", 2), ("-1", 2), ("x", 1), ("", 1), ("%00", 1)):
        page = words(officer, f"?page={number}")

        assert f"<title>Debriefs (page {shown} of 2)" in page


def test_pages_of_a_filtered_list_are_counted_by_the_filter(officer: Client, many: World) -> None:
    """Eleven of them are one page."""
    page = words(officer, "?theme=victim-care")

    assert total(page) == 11
    assert "govuk-pagination" not in page


# --- Cards ----------------------------------------------------------------------------------------


def test_a_card_says_what_it_is_about(officer: Client, four: World) -> None:
    """Who led, where, when, on what; how many lessons."""
    page = words(officer, "?kind=hot")

    for expected in (
        "About Cedar",
        "Led by Charlieshire Police",
        "South region",
        "Since 2023",
        "Sexual",
        "Labour",
        "Evidence-led",
        "Victim care",
    ):
        assert expected in page
    assert re.search(r"<strong>1</strong> lesson\b", page)
    assert 'href="/debriefs/cedar/"' in page


def test_a_card_without_facts_has_no_empty_ones(client: Client, world: World) -> None:
    """The partner, to whom the facts are not shared, gets title and summary."""
    world.debrief_at(
        State.RELEASED,
        operation="Elm",
        facts=world.facts(reach=Tier.PARTNERS),
        parts=[world.section(Tier.PARTNERS), world.lesson(Tier.POLICING)],
        groups=("partners",),
    )
    client.force_login(world.person("partner_officer"))

    page = words(client)

    assert found(page) == ["Elm"]
    assert "Women were moved between towns at night." in page
    assert "Led by" not in page
    assert "2021" not in page
    assert "<strong>1</strong> lesson" not in page


def test_the_marking_of_the_list_is_the_highest_on_it(client: Client, world: World) -> None:
    """OFFICIAL where nothing higher is shown."""
    client.force_login(world.person("charlie_officer"))
    assert "OFFICIAL-SENSITIVE" not in words(client)

    share(world, "Fir")

    assert words(client).count('marking__level">OFFICIAL-SENSITIVE') == 2


# --- Public summaries -----------------------------------------------------------------------------


def test_public_summaries_are_the_same_for_everyone(client: Client, world: World) -> None:
    """Signed in or not: the page shows what anyone may read, not what this person may."""
    share(world, "Gorse")
    world.debrief_at(
        State.RELEASED,
        operation="Hazel",
        facts=world.facts(reach=Tier.PUBLIC),
        parts=[world.section(Tier.PUBLIC)],
        groups=("policing", "public"),
    )

    signed_out = html.unescape(client.get("/public/").content.decode())
    client.force_login(world.person("charlie_officer"))
    signed_in = html.unescape(client.get("/public/").content.decode())

    for page in (signed_out, signed_in):
        assert found(page) == ["Hazel"]
        assert "Alphashire" not in page
        assert "OFFICIAL-SENSITIVE" not in page
    assert "Operation Hazel" in html.unescape(Client().get("/").content.decode())


# --- Themes ---------------------------------------------------------------------------------------


def lesson_counts(page: str) -> dict[str, str]:
    """What the list of themes says beside each."""
    rows = re.findall(
        r'index__name" href="/themes/([^/]*)/".*?index__count">(.*?)</span>', page, re.S
    )
    return {key: re.sub(r"\s+", " ", text).strip() for key, text in rows}


def test_themes_count_the_lessons_that_one_may_read(officer: Client, world: World) -> None:
    """Also how many of them worked."""
    theme = Theme.objects.get(key="victim-care")
    world.debrief_at(
        State.RELEASED,
        parts=[
            world.section(),
            world.lesson(),
            world.lesson(worked=Worked.NO),
            world.lesson(worked=Worked.PARTLY),
        ],
    )
    world.debrief_at(
        State.RELEASED, parts=[world.section(), world.lesson(theme=theme)], groups=("circle",)
    )

    page = html.unescape(officer.get("/themes/").content.decode())

    assert lesson_counts(page)["evidence-led"].startswith("3 lessons, 1 on what worked")
    assert "No lessons shared with you yet" in lesson_counts(page)["victim-care"]


def test_a_theme_sets_what_worked_beside_what_did_not(officer: Client, world: World) -> None:
    """With how many operations of how many forces stand behind it, each linked to its paragraph."""
    first = world.debrief_at(
        State.RELEASED,
        operation="Iris",
        parts=[
            world.section(),
            world.lesson(title="This worked"),
            world.lesson(title="This did not", worked=Worked.NO),
        ],
    )
    world.debrief_at(
        State.RELEASED,
        operation="Jade",
        facts=world.facts(lead="charlie", supporting=()),
        parts=[world.section(), world.lesson(title="This half", worked=Worked.PARTLY)],
    )
    world.debrief_at(
        State.RELEASED, parts=[world.section(), world.lesson(title="Unseen")], groups=("circle",)
    )

    page = html.unescape(officer.get("/themes/evidence-led/").content.decode())

    figures = re.findall(r'theme__figure">(\d+)</span>', page)
    assert figures == ["2", "2", "1", "2"]
    worked, did_not = page.split('id="side-no"')
    assert "This worked" in worked
    assert "This worked" not in did_not
    assert "This did not" in did_not
    assert "This half" in did_not
    assert "Unseen" not in page
    anchor = first.parts.get(title="This worked").anchor
    assert f'href="/debriefs/iris/#{anchor}"' in page
    assert "Operation Iris, Alphashire Police" in page


def test_a_theme_says_what_is_missing_among_what_one_may_read(
    officer: Client, world: World
) -> None:
    """Types of exploitation on which there is no lesson yet."""
    share(world, "Kale")

    page = html.unescape(officer.get("/themes/evidence-led/").content.decode())

    gaps = page.split('id="gaps"')[1]
    assert "Labour" in gaps
    assert "Sexual" not in gaps


# --- Organisations --------------------------------------------------------------------------------


def test_organisations_stand_under_their_regions_with_what_one_may_read(
    officer: Client, four: World
) -> None:
    """Those without anything have no number."""
    share(four, "Unseen", groups=("circle",))

    page = html.unescape(officer.get("/organisations/").content.decode())

    north = page.split("North region")[1].split("</section>")[0]
    assert "Alphashire Police" in north
    assert "Charlieshire Police" not in north
    rows = dict(
        re.findall(
            r'href="/organisations/(\w+)/">[^<]*</a><span class="aside-list__count">(\d+)', page
        )
    )
    assert rows == {"alpha": "2", "bravo": "1", "charlie": "2"}


def test_an_organisation_lists_the_debriefs_in_which_it_took_part(
    officer: Client, four: World
) -> None:
    """Led or supported; newest first."""
    share(four, "Unseen", groups=("circle",))

    page = html.unescape(officer.get("/organisations/alpha/").content.decode())

    assert found(page) == ["Cedar", "Amber"]
    assert "2 debriefs shared with you" in page
    nothing = html.unescape(officer.get("/organisations/delta/").content.decode())
    assert "Nothing shared with you yet" in nothing


def test_an_organisation_that_ended_leads_to_its_successor(officer: Client, world: World) -> None:
    """And the successor back to it: forces merge, and what they learned stays found."""
    former = Organisation.objects.create(
        key="former",
        name="Former Constabulary",
        short_name="Former",
        kind=Organisation.Kind.FORCE,
        region=Region.objects.get(key="north"),
        valid_until=date(2020, 4, 1),
        successor=world.organisation("alpha"),
    )

    old = html.unescape(officer.get(f"/organisations/{former.key}/").content.decode())
    new = html.unescape(officer.get("/organisations/alpha/").content.decode())

    assert "Until 1 April 2020." in old
    assert 'href="/organisations/alpha/">Alphashire Police</a>' in old
    assert "Successor of" in new
    assert 'href="/organisations/former/">Former Constabulary</a>' in new
    assert "Successor of" not in old
    assert "Former Constabulary" in html.unescape(officer.get("/organisations/").content.decode())
