"""How good are the answers of the search engine? Asked the questions of a collection whose answers
people have judged, as a reader who may read everything.

The measures are those of the field, from `ir_measures`: nDCG@10 (are the best answers at the top),
MRR@10 (how far down is the first good one), Recall@100 (how many of the good ones are found).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db import connection
from django.utils.html import escape
from ir_measures import RR, R, calc_aggregate, nDCG

from debriefs.measuring import people
from debriefs.measuring.collection import Collection, Document
from debriefs.measuring.loading import Invented, load, plain
from debriefs.measuring.timing import percentile
from debriefs.models.vocabulary import Heading, ParticipationPart
from debriefs.search import finding, index, query
from portal.models import Organisation, SharingGroup, Tier

#: Answers that are judged; what stands below is as if it had not been found.
JUDGED = 100

MEASURES = {"nDCG@10": nDCG @ 10, "MRR@10": RR @ 10, "Recall@100": R @ 100}

TITLE = 160  # characters of a title of a debrief; the rest of a longer one begins its text


@dataclass(slots=True)
class Library:
    """The documents as released debriefs: `keys` has the key of each, `first` the number of the
    version of the first."""

    keys: list[str] = field(default_factory=list)
    first: int = 0

    def fill(self, collection: Collection) -> None:
        """Every document is released, shared with the officer's group, and indexed."""
        makers = people.gather()
        group = SharingGroup.objects.get(key="policing").pk
        lead = Organisation.objects.filter(kind=Organisation.Kind.FORCE).values_list(
            "pk", flat=True
        )
        versions = load(
            (self._released(document, group, lead[0]) for document in collection.documents()),
            makers,
        )
        self.first = versions.start
        index.rebuild()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _released(self, document: Document, group: int, lead: int) -> Invented:
        self.keys.append(document.key)
        title, rest = _title(document.title)
        text = "\n".join(part for part in (rest, _storable(document.text)) if part)
        section = {**plain(escape(text)), "text": text}
        return Invented(
            operation=f"Document {len(self.keys)}",
            columns={"title": title, "reach": Tier.POLICING},
            parts=[
                {
                    "kind": "section",
                    "heading": Heading.OVERVIEW,
                    "title": Heading.OVERVIEW.label,
                    **section,
                }
            ],
            taking_part=[(lead, ParticipationPart.LEAD)],
            groups=[group],
        )

    def missing(self, collection: Collection) -> int:
        """How many judgements are about documents that are not there."""
        known = set(self.keys)
        return sum(len(grades.keys() - known) for grades in collection.judgements.values())

    def key_of(self, version: int) -> str:
        """The document that became this version."""
        return self.keys[version - self.first]


def _storable(text: str) -> str:
    """The text without the one character that PostgreSQL keeps in no text, and surrogates."""
    return text.replace("\0", " ").encode(errors="replace").decode()


def _title(title: str) -> tuple[str, str]:
    """As much of the title as a debrief's can hold, cut between words, and the rest."""
    title = _storable(" ".join(title.split()))
    if len(title) <= TITLE:
        return title, ""
    cut = title.rfind(" ", 0, TITLE + 1)
    cut = cut if cut > 0 else TITLE
    return title[:cut], title[cut:].strip()


@dataclass(slots=True)
class Answers:
    """What was found for each question, best first, and how long each took."""

    ranked: dict[str, list[str]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    @property
    def nothing(self) -> int:
        """For how many questions nothing was found."""
        return sum(not ranked for ranked in self.ranked.values())


def ask(collection: Collection, library: Library) -> Answers:
    """Every question goes the way that a search in the portal goes."""
    officer = people.officer()
    finding.find(officer, query.parse(next(iter(collection.questions.values()))))  # warms up
    answers = Answers()
    for key, text in collection.questions.items():
        began = time.perf_counter()
        found = finding.find(officer, query.parse(text))
        best = [int(version) for version in found.versions[:JUDGED]]
        answers.seconds.append(time.perf_counter() - began)
        answers.ranked[key] = [library.key_of(version) for version in best]
    return answers


def figures(collection: Collection, library: Library, answers: Answers) -> dict[str, Any]:
    """Every figure, by the name under which it is printed; in [0, 1], milliseconds or counts."""
    # A run is a table of scores; the rank alone decides, so that no tie is broken differently.
    run = {
        key: {document: float(-rank) for rank, document in enumerate(ranked)}
        for key, ranked in answers.ranked.items()
    }
    judged = {key: dict(grades) for key, grades in collection.judgements.items()}
    measured = calc_aggregate(MEASURES.values(), judged, run)
    return {
        "documents": len(library.keys),
        "questions": len(collection.questions),
        **{name: round(float(measured[measure]), 4) for name, measure in MEASURES.items()},
        "p50_ms": round(median(answers.seconds) * 1000, 2),
        "p95_ms": round(percentile(answers.seconds, 95) * 1000, 2),
        "found_nothing": answers.nothing,
    }


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The figures as lines for a terminal."""
    yield f"{found['documents']:,} documents, {found['questions']:,} questions"
    for name in MEASURES:
        yield f"{name:<12}{found[name]:>8.4f}"
    yield f"{'p50':<12}{found['p50_ms']:>8.1f} ms"
    yield f"{'p95':<12}{found['p95_ms']:>8.1f} ms"
    yield f"{found['found_nothing']:,} questions found nothing"
