"""How often are the warnings right? Measured on sentences in which people marked what is there.

A file of them is Markdown: each line that begins with `- ` is one text, and `{kind: words}` marks
words that a warning of that kind should find. Marks may stand within one another. Everything else,
headings and explanations, is for the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from debriefs.identifying import Finding, Kind, find

FOLDER = Path(settings.BASE_DIR) / "tests" / "debriefs" / "identifying"

#: The sentences that the patterns were made on, and those that nothing was tuned to.
SETS = {"tuned on": FOLDER / "tuned_on.md", "held out": FOLDER / "held_out.md"}

_MARK = re.compile(r"\{([a-z]+): |\}")


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a text that a warning should find."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text without its marks, and the marks."""

    text: str
    marks: tuple[Mark, ...]


@dataclass(slots=True)
class Score:
    """Counts of one kind, and the ratios that follow. Where nothing was to be found, or nothing
    was found, there is nothing to be wrong about: the ratio is 1."""

    hits: int = 0
    misses: int = 0
    false_alarms: int = 0

    @property
    def precision(self) -> float:
        """Of what was found, how much was there."""
        found = self.hits + self.false_alarms
        return self.hits / found if found else 1.0

    @property
    def recall(self) -> float:
        """Of what was there, how much was found."""
        there = self.hits + self.misses
        return self.hits / there if there else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def add(self, other: Score) -> None:
        """Count what another counted."""
        self.hits += other.hits
        self.misses += other.misses
        self.false_alarms += other.false_alarms


@dataclass(slots=True)
class Measure:
    """The score of each kind, of all, and where it went wrong, in words."""

    kinds: dict[Kind, Score] = field(default_factory=lambda: {kind: Score() for kind in Kind})
    missed: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)

    @property
    def overall(self) -> Score:
        """All kinds together, each mark and finding counted once."""
        score = Score()
        for one in self.kinds.values():
            score.add(one)
        return score


def read_set(path: Path) -> list[Labelled]:
    """The labelled texts of a file. Raises ValueError for a mark that is unknown or not closed."""
    return [labelled(line[2:]) for line in path.read_text().splitlines() if line.startswith("- ")]


def labelled(line: str) -> Labelled:
    """A text and its marks, from one line."""
    text, last = "", 0
    opened: list[tuple[Kind, int]] = []
    marks = []
    for found in _MARK.finditer(line):
        text += line[last : found.start()]
        last = found.end()
        if found[1]:
            opened.append((Kind(found[1]), len(text)))
        elif opened:
            kind, start = opened.pop()
            marks.append(Mark(kind, start, len(text)))
        else:
            raise ValueError(f"A mark ends that did not begin: {line}")
    if opened:
        raise ValueError(f"A mark is not closed: {line}")
    return Labelled(text + line[last:], tuple(marks))


def measure(texts: Iterable[Labelled]) -> Measure:
    """What `find` found of the marks, what it missed, and what it found besides."""
    result = Measure()
    for one in texts:
        findings = find(one.text)
        for mark in one.marks:
            hit = next((finding for finding in findings if _hits(finding, mark)), None)
            if hit:
                findings.remove(hit)
                result.kinds[mark.kind].hits += 1
            else:
                result.kinds[mark.kind].misses += 1
                words = one.text[mark.start : mark.end]
                result.missed.append(f"{mark.kind.label}: «{words}» in: {one.text}")
        for finding in findings:
            result.kinds[finding.kind].false_alarms += 1
            result.false_alarms.append(f"{finding.kind.label}: «{finding.words}» in: {one.text}")
    return result


def _hits(finding: Finding, mark: Mark) -> bool:
    """Whether they are of one kind and share at least half of the characters of both together."""
    shared = min(finding.end, mark.end) - max(finding.start, mark.start)
    together = max(finding.end, mark.end) - min(finding.start, mark.start)
    return finding.kind == mark.kind and shared * 2 >= together


def table(measured: Measure) -> Iterator[str]:
    """The figures as lines of a table: a kind each, and all together."""
    yield f"{'':30}{'there':>6}{'found':>6}{'false':>6}{'precision':>11}{'recall':>8}{'F1':>6}"
    rows = [(kind.label, score) for kind, score in measured.kinds.items()]
    for name, score in [*rows, ("All", measured.overall)]:
        yield (
            f"{name:30}{score.hits + score.misses:>6}{score.hits:>6}{score.false_alarms:>6}"
            f"{score.precision:>11.2f}{score.recall:>8.2f}{score.f1:>6.2f}"
        )
