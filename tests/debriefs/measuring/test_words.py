"""Is the made-up language as uneven as it should be, and are its rare words rare?"""

from __future__ import annotations

from collections import Counter

from debriefs.measuring.timing import COMMON
from debriefs.measuring.words import SIZE, Language, made_up, rare

OWN = ("the victim and the officer", "the victim of the offence", "The Victim’s evidence")


def test_no_word_is_made_twice() -> None:
    assert len({made_up(number, 3) for number in range(SIZE)}) == SIZE
    assert len({rare(number) for number in range(SIZE)}) == SIZE
    assert len(rare(1)) > len(made_up(1, 3))


def test_the_programmes_own_words_come_first() -> None:
    language = Language(OWN, seed=1)
    counted = Counter(language.words(50_000)).most_common()
    assert language.own[0] == "the"
    assert [word for word, _ in counted[:2]] == ["the", "victim"]


def test_frequency_falls_with_the_rank() -> None:
    counted = Counter(Language(OWN, seed=2).words(200_000)).most_common()
    assert counted[0][1] > 20 * counted[100][1] > 0
    assert len(counted) > SIZE / 2


def test_a_text_has_as_many_words_as_it_was_asked_for_and_those_strewn_in() -> None:
    text = Language(OWN, seed=3).text(130, among=["zebra"])
    assert len(text.split()) == 130
    assert "zebra" in text.lower()
    assert len(text.split("\n")) == 3


def test_the_common_words_that_are_searched_for_are_no_stop_words() -> None:
    assert len(set(COMMON)) == len(COMMON)
    assert not {"the", "and", "what", "before"} & set(COMMON)
