"""Are the words of a text the same, with their places and without?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from debriefs.search.words import word_set, words_of


@given(st.text() | st.text(alphabet="İßaA'’- \u0307x", max_size=200))
def test_the_words_are_the_same_with_their_places_and_without(text: str) -> None:
    assert word_set(text) == {word.text for word in words_of(text)}
