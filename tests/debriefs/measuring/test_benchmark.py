"""Does `manage.py benchmark` measure every kind of page? How fast they are is asserted nowhere."""

from __future__ import annotations

import json
from itertools import islice

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import Resolver404, resolve

from debriefs.measuring import places, timing
from debriefs.measuring.pages import LIMIT
from debriefs.measuring.serving import BUILT
from tests.debriefs.measuring.places import manage

CHOICES = timing.Choices(
    debriefs=10, slugs=["one", "two"], themes=["a"], types=["b", "c"], forces=["d"]
)


@pytest.mark.django_db
@pytest.mark.skipif(not BUILT.exists(), reason="the front end is not built")
def test_a_handful_of_debriefs_is_measured_in_a_database_that_is_dropped() -> None:
    done = manage("benchmark", "--debriefs", "6", "--requests", "1", "--json", "--drop")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["debriefs"], found["readable"]) == (6, 3)
    pages = {page["name"]: page for page in found["pages"]}
    assert [name for name in pages if "release" not in name] == list(timing.KEPT_TO)
    assert len(pages) == len(timing.KEPT_TO) + len(timing.AFTER)
    assert all(page["median"] > 0 for page in pages.values())
    assert pages["limit"]["queries"] > 0
    assert pages["debrief"]["queries"] > pages["limit"]["queries"]
    assert not places.database_exists(places.name_for(6))


def test_the_limit_page_is_no_page_of_the_portal() -> None:
    with pytest.raises(Resolver404):
        resolve(LIMIT)


def test_too_few_debriefs_are_refused_in_words() -> None:
    with pytest.raises(CommandError, match="at least two debriefs"):
        call_command("benchmark", debriefs=1)


def test_each_request_asks_for_something_else() -> None:
    for name in ("debrief", "library, three filters", "search, rare word", "search, common word"):
        first, second = islice(timing.addresses(name, CHOICES), 2)
        assert first != second or name == "library, three filters"
    assert len(set(islice(timing.addresses("search, long question", CHOICES), 30))) == 8


def test_three_filters_are_three() -> None:
    address = next(timing.addresses("library, three filters", CHOICES))
    assert address == "/debriefs/?theme=a&type=b&force=d"


def row(name: str, ratio: float, most: float | None) -> timing.Row:
    """A line of the table."""
    return timing.Row(
        name=name, requests=3, median=ratio * 2, p95=ratio * 3, ratio=ratio, queries=5, most=most
    )


def test_the_table_says_what_is_over() -> None:
    rows = [row("limit", 1.0, None), row("debrief", 1.5, 2.0), row("library", 5.1, 5.0)]
    head, limit, debrief, library = timing.table(rows)
    assert "× limit" in head
    assert "within" in debrief
    assert "OVER" in library
    assert "within" not in limit
    assert "OVER" not in limit


def test_what_ninety_five_in_a_hundred_do_not_exceed() -> None:
    assert timing.percentile([3.0, 1.0, 2.0], 95) == 3.0
    assert timing.percentile([float(number) for number in range(1, 101)], 95) == 95.0
    assert timing.percentile([7.0], 50) == 7.0


@pytest.mark.django_db
def test_a_database_has_a_name_that_postgresql_can_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", "d" * 60)
    assert len(places.name_for(100_000)) <= 63
    assert places.name_for(100_000) != places.name_for(1_000)
