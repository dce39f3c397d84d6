"""Can anybody break the search, or make it work hard, by what they type?

Whatever is asked: no error, few queries of bounded length, a page that says something. What is
found, and for whom, is tested elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from debriefs.search import finding, query
from debriefs.workflow import State
from tests.world import World

#: Queries of one search, with those that read the catalogue after a change, and the characters of
#: each.
MOST_QUERIES, LONGEST_QUERY = 40, 100_000
#: Seconds of this process alone, with room for a slow machine; a search takes some hundredths.
MOST_SECONDS = 5.0

#: What a question may be narrowed by in words, and what looks like it.
OPERATORS = (
    *("theme", "force", "region", "type", "year", "outcome", "kind", "role", "marking"),
    *("operation", "lesson", "title", "Theme", "THEME", "nothing", "", "theme:force", "-theme"),
)

words = st.sampled_from(
    ["brothel", "victims", "the", "prosecutor", "BWV", "address", "evidence-led", "brothle", "2021"]
)
odd = st.sampled_from(
    [
        *(
            "\0",
            "\x01",
            "\x7f",
            "\ud800",
            "\ufffe",
            "\u200b",
            "\u202e",
            "\u2066",
            "\ufeff",
            "\u00a0",
        ),
        *(
            "\N{SLICE OF PIZZA}",
            "👩🏽‍⚖️",
            "🇬🇧",
            "\u05e9\u05dc\u05d5\u05dd",
            "\u202e\u0645\u0631\u062d\u0628\u0627",
            "e\u0301" * 9,
            "ﷺ",
            "İ",
            "ß",
        ),
        *(
            '"',
            "''",
            '""',
            '"""',
            "“",
            "”",
            "«",
            "`",
            "'",
            "\\",
            "\\0",
            "%",
            "_",
            "%s",
            "%(q)s",
            "{}",
        ),
        *("-", "--", "-“", '-"', "- -", "+", "|", "&", "!", "<->", ":*", "*", "~", "(", ")", "((("),
        *(
            ":",
            "::",
            "theme:",
            "year:",
            "-theme:",
            'theme:"',
            "year:-1",
            "year:99999999999999999999",
        ),
        *("NOT", "AND", "OR", "NEAR/9", "1e999", "NaN", "\n", "\r\n", "\t", "<script>", "</mark>"),
        *("'; DROP TABLE debriefs_version; --", "http://a:b@c/?q=d:e#f", "a:b:c:d", "x" * 300),
    ]
)
narrowed = st.builds(
    "{}{}:{}".format,
    st.sampled_from(["", "-", '"', "--"]),
    st.sampled_from(OPERATORS),
    st.one_of(words, odd, st.text(max_size=20), words.map(lambda word: f'"{word} {word}"')),
)
phrases = st.lists(st.one_of(words, odd), max_size=5).map(lambda each: f'"{" ".join(each)}"')
asked = st.one_of(
    st.text(st.characters(), max_size=80),
    st.lists(
        st.one_of(words, odd, narrowed, phrases, st.text(st.characters(), max_size=12)), max_size=14
    ).flatmap(
        lambda pieces: st.sampled_from(["", " ", "\u3000", "\0"]).map(lambda by: by.join(pieces))
    ),
)

#: What is too long for anybody to have typed.
HUGE = {
    "one word": "x" * 1_000_000,
    "one word of accents": "e\u0301" * 500_000,
    "one word of letters that lower case makes longer": "İ" * 300_000,
    "ten thousand words": " ".join(f"word{n}" for n in range(10_000)),
    "ten thousand times the same word": "brothel " * 10_000,
    "a word for every debrief, negated": "-brothel " * 10_000,
    "ten thousand words without a space": "-".join(f"word{n}" for n in range(10_000)),
    "one phrase of ten thousand words": f'"{"brothel address " * 5_000}"',
    "ten thousand phrases": '"call about" ' * 10_000,
    "quotes": '"' * 1_000_000,
    "hyphens": "-" * 1_000_000,
    "colons": ":" * 1_000_000,
    "operators": "theme:" * 200_000,
    "ten thousand themes": " ".join(f"theme:evidence{n}" for n in range(10_000)),
    "ten thousand years": " ".join(f"year:{n}" for n in range(10_000)),
    "white space": " \t\n\u3000" * 250_000,
    "apostrophes": "o'" * 500_000,
    "a megabyte of zeros": "\0" * 1_000_000,
    "a number": "9" * 1_000_000,
    "words that are nearly known": " ".join(
        f"brothe{letter}{n}" for n in range(999) for letter in "xyz"
    ),
    "emoji": "👩🏽‍⚖️" * 100_000,
    "right to left": "\u202e\u05de\u05d4 " * 100_000,
    "a hyphen and an apostrophe in turns": "a-b'" * 250_000,
}


@pytest.fixture
def library(world: World) -> World:
    """A world with something to find, and something hidden."""
    world.debrief_at(State.RELEASED, operation="Found")
    world.debrief_at(State.RELEASED, operation="Lost", groups=("circle",))
    return world


@contextmanager
def little_work() -> Iterator[None]:
    """What is done inside asks the database a few times, never at length, and takes no time."""
    began = time.process_time()
    with CaptureQueriesContext(connection) as queries:
        yield
    took = time.process_time() - began
    assert len(queries) <= MOST_QUERIES, [each["sql"][:200] for each in queries]
    assert max((len(each["sql"]) for each in queries), default=0) <= LONGEST_QUERY
    assert took < MOST_SECONDS


@settings(max_examples=500)
@given(text=asked)
@example(text="theme:\0")
@example(text="\ud800")
@example(text='"')
def test_whatever_is_typed_is_taken_apart(text: str) -> None:
    assert query.parse(text) == query.parse(text)


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_what_is_too_long_is_taken_apart_at_once(text: str) -> None:
    began = time.process_time()

    taken = query.parse(text)

    assert time.process_time() - began < MOST_SECONDS
    assert len(repr(taken)) < LONGEST_QUERY


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=asked)
@example(text="brothel -brothel")
@example(text="-brothel")
@example(text='theme:evidence-led force:alpha year:2021 "a call"')
def test_whatever_is_typed_is_searched_for_with_little_work(library: World, text: str) -> None:
    officer = library.person("charlie_officer")

    with little_work():
        found = finding.find(officer, query.parse(text))

    assert found.total == len(found.versions) == len(set(map(int, found.versions)))
    assert found.total <= 1, "the officer may read one debrief"


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_what_is_too_long_is_searched_for_with_little_work(library: World, text: str) -> None:
    officer = library.person("charlie_officer")

    with little_work():
        found = finding.find(officer, query.parse(text))

    assert found.total <= 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=asked, sort=st.sampled_from(["", "relevance", "newest", "nothing", "\0"]))
@example(text="<script>alert(1)</script>", sort="")
@example(text='"><img src=x onerror=alert(1)>', sort="")
def test_whatever_is_typed_has_a_page(library: World, text: str, sort: str) -> None:
    client = Client()
    client.force_login(library.person("charlie_officer"))
    encoded = quote(text, errors="surrogatepass")

    response = client.get(f"{reverse('debriefs:library')}?q={encoded}&sort={quote(sort)}")

    assert response.status_code == 200
    words = response.content.decode()
    assert "<script>alert" not in words
    assert "<img src=x" not in words
    assert "Operation Lost" not in words


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_what_is_too_long_has_a_page_of_usual_size(library: World, text: str) -> None:
    client = Client()
    client.force_login(library.person("charlie_officer"))

    response = client.get(reverse("debriefs:library"), {"q": text})

    assert response.status_code == 200
    assert len(response.content) < 300_000
