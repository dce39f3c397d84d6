"""Does the time of a warning grow with the text and not faster, whatever is written?

Two things are asked, neither with a clock: that no pattern can swallow more than a bounded stretch,
so that the work at each character is bounded; and that texts which are the worst case of many
patterns are read to the end, as a pattern that backtracks without bound would never do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _parser  # type: ignore[attr-defined]
from types import ModuleType

import pytest

from debriefs.identifying import (
    combinations,
    dates,
    find,
    names,
    numbers,
    online,
    places,
    reading,
    records,
    vehicles,
)
from debriefs.text import LONGEST

MODULES = (combinations, dates, names, numbers, online, places, reading, records, vehicles)

#: Characters that one match may take: a name of many long words takes the most.
WIDEST = 900


def patterns(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled pattern of a module, those within tuples and dictionaries too."""
    for name, value in vars(module).items():
        if isinstance(value, re.Pattern):
            yield name, value
        elif isinstance(value, tuple | dict):
            inner = value.values() if isinstance(value, dict) else value
            yield from ((name, one) for one in inner if isinstance(one, re.Pattern))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.__name__))
def test_no_pattern_swallows_more_than_a_bounded_stretch(module: ModuleType) -> None:
    found = list(patterns(module))
    assert found
    for name, pattern in found:
        widest = _parser.parse(pattern.pattern, pattern.flags).getwidth()[1]
        assert widest <= WIDEST, f"{name} can take {widest} characters"


HOSTILE = {
    "one digit": "1",
    "digits and spaces": "1 ",
    "pairs of digits": "07 ",
    "digits and dots": "1.",
    "digits and slashes": "1/",
    "digits and hyphens": "12-",
    "brackets and digits": "(1",
    "one letter": "a",
    "one capital": "A",
    "capitalised words": "Abc ",
    "long names": "A" + "b" * 24 + " ",
    "names with hyphens": "Ab-",
    "names with apostrophes": "A'b",
    "names with particles": "Maria de la ",
    "square brackets": "[",
    "round brackets": "(",
    "spaces": " ",
    "ends of lines": "\n",
    "stars": "*",
    "underlines": "a_",
    "backslashes": "\\",
    "at signs": "@",
    "beginnings of mail": "a@b.",
    "ranks": "DC ",
    "titles": "Mr A ",
    "names to come": "a man called ",
    "open quotations": 'called "A ',
    "victims": "victim A",
    "flats": "Flat 1 ",
    "streets to come": "14 Mill ",
    "births": "born on ",
    "dates": "1 May 2019 ",
    "people": "a 19-year-old Romanian man in Bolton on 3 May. ",
    "references to come": "NRM ref no. ",
    "plates": "AB12 CDE ",
    "plates to come": "plate A1 ",
    "accounts to come": "AA11 AAAA ",
    "sentences": "A. ",
    "accents": "e\u0301",
    "characters without width": "a\u200b",
    "towns": "Bolton ",
    "headings": "#\n",
    "hexadecimals": "0a:",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_longest_text_of_a_hostile_piece_is_read_to_its_end(piece: str) -> None:
    text = (piece * LONGEST)[: LONGEST - 30] + "\n\nThen DC Marlpit came in."
    assert find(text)[-1].words == "DC Marlpit"
