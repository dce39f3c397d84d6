"""Which word is taken for one that nobody wrote?

That none is taken which the visitor may not read, `tests/access/test_search_leaks.py` says.
"""

from __future__ import annotations

import pytest

from debriefs.search import finding
from debriefs.search.query import parse
from debriefs.workflow import State
from tests.world import World


@pytest.fixture
def written(world: World) -> World:
    """A debrief with some words to be found by."""
    words = "The interpreters came from Slovakia. A reception centre stood ready at noon."
    world.debrief_at(State.RELEASED, parts=[world.section(markdown=words)])
    return world


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("interpritors", "interpreters"),
        ("recepton", "reception"),
        ("recetpion", "reception"),
        ("slovakai", "slovakia"),
        ("interpr", "interpreters"),
        ("slo", "slovakia"),
    ],
)
def test_a_word_that_nobody_wrote_is_taken_for_one_that_somebody_did(
    written: World, typed: str, meant: str
) -> None:
    """One that begins like it, else one that differs in a letter or two."""
    found = finding.find(written.person("charlie_officer"), parse(typed))

    assert found.corrections == {typed: meant}
    assert found.total == 1


@pytest.mark.parametrize("typed", ["xylophone", "noo1", "sl", "centre", "eeption"])
def test_a_word_that_is_known_or_like_none_is_left_alone(written: World, typed: str) -> None:
    """And so is one of two letters, and one with another first letter and more besides."""
    found = finding.find(written.person("charlie_officer"), parse(typed))

    assert found.corrections == {}


def test_whoever_says_so_is_taken_by_the_word(written: World) -> None:
    """Names look like mistakes."""
    found = finding.find(written.person("charlie_officer"), parse("slovakai"), exactly=True)

    assert found.corrections == {}
    assert found.unknown == ("slovakai",)
    assert found.total == 0
