"""Does every address answer everyone as `matrix.py` declares, by every method?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from debriefs.views.base import WorkPage
from debriefs.views.reading import ReadingPage
from portal.views.base import For, Page
from tests.access import matrix
from tests.access.matrix import FORM, HOME, IN, METHODS, TO, Row
from tests.access.scene import SUBJECTS, Scene
from tests.conftest import undone

ROWS = matrix.rows()

#: Addresses at which a debrief is read.
READ_AT = ("debriefs:debrief", "debriefs:similar", "debriefs:history", "debriefs:version")

#: Addresses at which a debrief stands need a row for each subject.
BY_SUBJECT = (*READ_AT, *sorted({row.route for row in ROWS if row.subject} - {*READ_AT}))


def answer(response: Any, path: str) -> str:
    """The answer in the words of the tables."""
    if response.status_code not in (301, 302, 303, 307, 308):
        return str(response.status_code)
    target = response.headers["Location"]
    if target == reverse("home"):
        return HOME
    if target == f"{reverse('account_login')}?next={path}":
        return IN
    return TO + str(target).partition("#")[0].rstrip("/").rpartition("/")[2]


@pytest.fixture(scope="module")
def sessions(standing_scene: Scene, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    """The open session of each of the cast; the inactive one's was opened before."""
    found = {}
    with django_db_blocker.unblock():
        for key, person in standing_scene.world.everyone().items():
            client = Client()
            client.force_login(person)
            found[key] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return found


def clients(sessions: dict[str, str]) -> dict[str, Client]:
    """A browser for each of the cast."""
    found = {"signed_out": Client()}
    for key, session in sessions.items():
        found[key] = Client()
        found[key].cookies[settings.SESSION_COOKIE_NAME] = session
    return found


#: What a form answers to someone who may send it: done, a mistake in it, or somebody was first.
FORM_ANSWERS = (200, 302, 303, 409, 422)


# --- The tables are complete ----------------------------------------------------------------------


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    """A route that nobody thought about fails here before it leaks."""
    routes = matrix.routes()

    assert len(set(routes)) == len(routes)
    assert {row.route for row in ROWS} == set(routes)
    assert set(matrix.others()) == set(routes)


def test_every_method_has_a_column() -> None:
    """GET and HEAD have a table of their own."""
    for route, answers in matrix.others().items():
        assert {"GET", "HEAD", *answers} == set(METHODS), route


def test_everyone_stands_in_one_column() -> None:
    """A new person of the cast needs an expectation."""
    placed = [person for people in matrix.COLUMNS.values() for person in people]

    assert sorted(placed) == sorted(matrix.cast())
    for row in ROWS:
        assert set(row.answers) == set(matrix.COLUMNS)


@pytest.mark.parametrize("route", BY_SUBJECT)
def test_every_subject_has_a_row_on_every_route_about_a_debrief(route: str) -> None:
    """And so has one that does not exist."""
    named = {row.arguments[0] for row in ROWS if row.route == route}

    assert named == {*SUBJECTS, "missing"}


def test_routes_about_a_debrief_are_all_known() -> None:
    """Whatever is found by the name of a debrief is asked about every subject."""
    by_slug = {name for name, pattern in matrix.patterns() if "slug" in pattern.pattern.converters}

    assert by_slug == set(BY_SUBJECT)
    assert set(matrix.SUBJECT_NAMES) == set(SUBJECTS)


def test_the_table_says_both_yes_and_no() -> None:
    """Each subject is read by somebody, and all but the public one are hidden from somebody."""
    for route in READ_AT:
        for subject in SUBJECTS:
            answers = {
                answer
                for row in ROWS
                if row.route == route and row.arguments[0] == subject
                for answer in row.answers.values()
            }
            assert "200" in answers, (route, subject)
            assert subject == "public" or "404" in answers, (route, subject)


# --- The site answers as the tables say -----------------------------------------------------------


def sent(row: Row) -> Iterator[tuple[str, str]]:
    """Person and method of each request to an address.

    GET is sent by everyone where a debrief is read, and by one of each column elsewhere; HEAD by
    every third of those; and every other method, which knows only signed in and signed out, by one
    of each. They are other people at the next address.
    """
    turn = ROWS.index(row)
    one_of_each = [people[turn % len(people)] for people in matrix.COLUMNS.values()]
    signed_in = [person for person in matrix.cast() if person not in matrix.COLUMNS["out"]]
    for person in matrix.cast() if row.route in READ_AT else one_of_each:
        yield person, "GET"
    for person in one_of_each[turn % 3 :: 3]:
        yield person, "HEAD"
    for method in METHODS[2:]:
        for person in (one_of_each[0], signed_in[turn % len(signed_in)]):
            yield person, method


@pytest.mark.parametrize("route", matrix.routes())
def test_every_address_answers_everyone_as_declared(
    scene: Scene, sessions: dict[str, str], route: str
) -> None:
    """Each row by each method; whatever is wrong is listed, not only the first of it."""
    browsers = clients(sessions)
    wrong = []
    for row in (row for row in ROWS if row.route == route):
        for person, method in sent(row):
            cache.clear()  # attempts to sign in are limited in number
            browser = browsers[person]
            with undone():
                response: Any = browser.generic(method, row.path)
                found = answer(response, row.path)
            declared = matrix.expected(row, method, person)
            if declared == FORM and response.status_code in FORM_ANSWERS:
                continue
            if found != declared:
                wrong.append(f"{method} {row} as {person}: {found}, not {declared}")
            if method == "HEAD" and response.content:
                wrong.append(f"HEAD {row} as {person} has a body")
            if b'href=""' in response.content:
                wrong.append(f"{method} {row} as {person} has a link that leads nowhere")
            if (method, route) == ("POST", "account_logout") and person != "signed_out":
                browser.force_login(scene.world.person(person))
    assert not wrong, "\n".join(wrong)


def test_in_turns_everyone_tries_every_method() -> None:
    """Nobody is left out by taking turns."""
    tried = {one for row in ROWS for one in sent(row)}

    assert tried == {(person, method) for person in matrix.cast() for method in METHODS}


def test_what_a_method_allows_is_the_same_for_hidden_and_for_missing(
    scene: Scene, sessions: dict[str, str]
) -> None:
    """OPTIONS names the methods of the page, never of the thing."""
    browser = clients(sessions)["outsider"]

    hidden = browser.options(reverse("debriefs:debrief", args=["shared"]))
    missing = browser.options(reverse("debriefs:debrief", args=["missing"]))

    assert hidden.headers["Allow"] == missing.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert hidden.content == missing.content == b""


# --- A page cannot forget -------------------------------------------------------------------------


def test_a_page_that_does_not_say_who_it_is_for_cannot_be_imported() -> None:
    """There is no default that could be the wrong one."""
    with pytest.raises(TypeError, match="does not say who it is for"):
        type("Forgetful", (Page,), {"template_name": "portal/about.html"})


def test_a_page_may_be_opened_signed_out_only_where_it_says_so() -> None:
    """Walks the pages that the site map leads to."""
    open_to_anyone = {
        name
        for name, pattern in matrix.patterns()
        if not getattr(pattern.callback, "login_required", True)
    }
    pages = {
        name: view
        for name, pattern in matrix.patterns()
        if isinstance(view := getattr(pattern.callback, "view_class", None), type)
        and issubclass(view, Page)
    }

    assert open_to_anyone - pages.keys() == {
        "account_login",
        "account_logout",
        "account_signup",
        "health_live",
        "health_ready",
    }
    for name, view in pages.items():
        assert (name in open_to_anyone) == (view.audience is For.ANYONE), name
    by_debrief = {name for name, view in pages.items() if issubclass(view, ReadingPage)}
    assert by_debrief == set(READ_AT)
    work = {name for name, view in pages.items() if issubclass(view, WorkPage)}
    assert work <= set(BY_SUBJECT) - set(READ_AT)


def test_a_page_of_work_that_does_not_say_which_rule_opens_it_cannot_be_imported() -> None:
    """Nor is there a rule by default."""
    with pytest.raises(TypeError, match="does not say which rule opens it"):
        type("Forgetful", (WorkPage,), {"template_name": "portal/about.html"})


def test_the_row_reads_what_it_was_given() -> None:
    """The table is parsed as it is read."""
    row = next(row for row in ROWS if str(row) == "debriefs:version superseded 2")

    assert row == Row(
        "debriefs:version",
        ("superseded", "2"),
        {
            "out": "in",
            "none": "404",
            "other": "404",
            "admin": "404",
            "charlie": "200",
            "officer": "200",
            "coord": "200",
            "alpha": "200",
            "deputy": "200",
            "bravo": "200",
            "guest": "404",
            "partner": "404",
            "writes": "200",
            "edits": "200",
        },
    )
    assert row.path == "/debriefs/superseded/versions/2/"
    assert matrix.expected(row, "HEAD", "charlie_officer") == "200"
    assert matrix.expected(row, "POST", "inactive") == "405"
