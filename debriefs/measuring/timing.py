"""How long does each page take, beside the limit page? Medians, and what one in twenty exceeds.

The pages are asked for in turns, so that whatever else the machine does falls on all of them, and
each time with another word, filter or debrief, so that nothing is measured that was kept from the
time before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlencode

from debriefs.measuring.pages import ASKED, COUNTED, LIMIT
from debriefs.measuring.serving import Browser
from debriefs.measuring.words import rare

#: So many debriefs count as few, and nothing may take more than so many times the limit then.
FEW, MOST_WITH_FEW = 1_000, 4.0

#: Words of the programme that stand in a good part of all debriefs.
COMMON = (
    *("victim", "evidence", "slavery", "trained", "officer", "abe", "disclosure"),
    *("prosecutor", "agency", "trafficking", "safeguarding", "financial"),
)
QUESTIONS = (
    "what did officers do when the victim would not give evidence before the first interview",
    "how early should a prosecutor be asked about disclosure in a labour exploitation case",
    "who keeps contact with the people while the investigator looks for money and home address",
    "why does a trained interviewer ask how a person came here before asking what was done to them",
    "which agency plans support for weeks and not for the night of the visit",
    "can body worn video of the first contact be used as evidence when victims are hostile",
    "were financial investigators part of the planning before the day of the arrests",
    "how do interpreters change what is said in a recorded interview about forced labour",
)

#: What is measured, and how many times the limit it may take with very many debriefs.
KEPT_TO: Mapping[str, float | None] = {
    "limit": None,
    "debrief": 2.0,
    "library": 5.0,
    "library, three filters": 5.0,
    "search, rare word": 8.0,
    "search, common word": 8.0,
    "search, long question": 8.0,
}
AFTER = ("library", "search, common word")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the addresses are made of: slugs that the officer may read, and keys of facets."""

    debriefs: int
    slugs: Sequence[str]
    themes: Sequence[str]
    types: Sequence[str]
    forces: Sequence[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of page: milliseconds, times the limit, and how many queries it takes."""

    name: str
    requests: int
    median: float
    p95: float
    ratio: float
    queries: int | None = None
    most: float | None = None

    @property
    def within(self) -> bool | None:
        """Whether it is as fast as it has to be; None where nothing was promised."""
        return None if self.most is None else self.ratio <= self.most


def addresses(name: str, choices: Choices) -> Iterator[str]:
    """Addresses of pages of this kind, without end."""
    place = 0
    while True:
        yield _address(name, choices, place)
        place += 1


def _address(name: str, choices: Choices, place: int) -> str:
    def turn(values: Sequence[str]) -> str:
        return values[place % len(values)]

    match name:
        case "limit":
            return LIMIT
        case "debrief":
            return f"/debriefs/{turn(choices.slugs)}/"
        case "library":
            return "/debriefs/"
        case "library, three filters":
            asked = {
                "theme": turn(choices.themes),
                "type": choices.types[place // 2 % len(choices.types)],
                "force": choices.forces[place // 3 % len(choices.forces)],
            }
        case "search, rare word":
            asked = {"q": rare(1 + place * 7919 % max(1, choices.debriefs - 1))}
        case "search, common word":
            asked = {"q": turn(COMMON)}
        case _:
            asked = {"q": turn(QUESTIONS)}
    return f"/debriefs/?{urlencode(asked)}"


def measure(browser: Browser, choices: Choices, rounds: int, warm_up: int) -> list[Row]:
    """Every kind of page, `rounds` times each, after `warm_up` rounds that do not count."""
    walks = {name: addresses(name, choices) for name in KEPT_TO}
    for _ in range(warm_up):
        for walk in walks.values():
            browser.get(next(walk))
    taken: dict[str, list[float]] = {name: [] for name in walks}
    for _ in range(rounds):
        for name, walk in walks.items():
            taken[name].append(browser.get(next(walk)).seconds)
    limit = median(taken["limit"])
    return [
        _row(
            name,
            seconds,
            limit,
            queries=int(browser.get(next(walks[name]), **{ASKED: "1"}).headers[COUNTED]),
            most=_most(name, choices.debriefs),
        )
        for name, seconds in taken.items()
    ]


def measure_after(
    browser: Browser, choices: Choices, limit: float, times: int, release: Callable[[], None]
) -> list[Row]:
    """The first page of each of these kinds after something was released; `limit` in seconds."""
    rows = []
    for name in AFTER:
        walk, taken = addresses(name, choices), []
        for _ in range(times):
            release()
            taken.append(browser.get(next(walk)).seconds)
        rows.append(_row(f"{name}, first after a release", taken, limit))
    return rows


def _most(name: str, debriefs: int) -> float | None:
    if KEPT_TO[name] is None:
        return None
    return MOST_WITH_FEW if debriefs <= FEW else KEPT_TO[name]


def _row(name: str, seconds: Sequence[float], limit: float, **more: Any) -> Row:
    return Row(
        name=name,
        requests=len(seconds),
        median=round(median(seconds) * 1000, 2),
        p95=round(percentile(seconds, 95) * 1000, 2),
        ratio=round(median(seconds) / limit, 2),
        **more,
    )


def percentile(values: Sequence[float], hundredth: int) -> float:
    """The smallest of the values that so many in a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * hundredth // 100) - 1)]


def table(rows: Sequence[Row]) -> Iterator[str]:
    """The figures as lines for a terminal."""
    yield (
        f"{'page':<42}{'median ms':>10}{'p95 ms':>10}{'× limit':>9}{'at most':>9}"
        f"{'':>8}{'queries':>9}"
    )
    for row in rows:
        verdict = {True: "within", False: "OVER", None: ""}[row.within]
        yield (
            f"{row.name:<42}{row.median:>10.1f}{row.p95:>10.1f}{row.ratio:>9.1f}"
            f"{'' if row.most is None else f'{row.most:.0f}':>9}{verdict:>8}"
            f"{'' if row.queries is None else row.queries:>9}"
        )
