"""The words of a text, and the lexemes that PostgreSQL finds them by.

The lexeme of a word never changes, so each is asked for once in a process.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from typing import NamedTuple

from django.db import connection

#: Longer ones are no words, whoever typed them.
LONGEST_WORD = 60
#: Lexemes that are kept; then the process begins afresh.
MOST_KEPT = 200_000

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

#: Written without an apostrophe they are words to the dictionary, and rare ones.
CONTRACTIONS = frozenset(
    (
        *("arent", "cant", "couldnt", "didnt", "doesnt", "dont", "hadnt", "hasnt", "havent"),
        *("im", "isnt", "ive", "shouldnt", "thats", "theyre", "theres", "wasnt", "werent"),
        *("whats", "whos", "wont", "wouldnt", "youre"),
    )
)

_lexemes: dict[str, str] = {}


class Word(NamedTuple):
    """A word where it stands: from `begin` up to `end` of the text."""

    text: str
    begin: int
    end: int


def words_of(text: str, among: Container[str] | None = None) -> list[Word]:
    """The words of a text in their order, or those that are among these; what joins others, such as
    a hyphen, is no part of them."""
    words = []
    for found in WORD.finditer(text):
        begin, end = found.span()
        if end - begin <= LONGEST_WORD:
            word = found[0].replace("’", "'").lower()
            if among is None or word in among:
                words.append(Word(word, begin, end))
    return words


def word_set(text: str) -> set[str]:
    """The different words of a text; ten times as fast as `words_of`, which says where they
    stand."""
    return {
        word.replace("’", "'").lower()
        for word in set(WORD.findall(text))
        if len(word) <= LONGEST_WORD
    }


def lexemes(words: Iterable[str]) -> dict[str, str]:
    """The lexeme of each of these words (in lower case); empty for those that say nothing, such as
    "the". At most one query."""
    wanted = set(words)
    fresh = [word for word in wanted - _lexemes.keys() if "\0" not in word]
    if fresh:
        if len(_lexemes) + len(fresh) > MOST_KEPT:
            _lexemes.clear()
            fresh = [word for word in wanted if "\0" not in word]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT word, (ts_lexize('english_stem', word))[1] FROM unnest(%s) AS word",
                [fresh],
            )
            _lexemes.update((word, lexeme or "") for word, lexeme in cursor.fetchall())
        _lexemes.update(dict.fromkeys(CONTRACTIONS, ""))
    return {word: _lexemes.get(word, "") for word in wanted}
