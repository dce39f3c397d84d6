"""Does an officer who asks in their own words find the debriefs that help?

Sixty questions over the demo's debriefs with graded judgements stand in `questions/`; how they were
made, and what may be changed in them, says its README.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ir_measures
import pytest
from django.core.management import call_command
from django.db import transaction
from ir_measures import nDCG
from pytest_django.plugin import DjangoDbBlocker

from debriefs.demo import cast, operations
from debriefs.management.commands.demo import VOCABULARY
from debriefs.models import Debrief, Version
from debriefs.search import finding, query
from portal.models import User
from tests.conftest import settle

FOLDER = Path(__file__).parent / "questions"
OFFICER = "officer@lancashire.example"

MEASURE = nDCG @ 10
ENOUGH = 0.85

Judgements = dict[str, dict[str, int]]


def questions() -> dict[str, str]:
    """What is asked, by number."""
    lines = (FOLDER / "queries.jsonl").read_text().splitlines()
    return {row["_id"]: row["text"] for row in map(json.loads, lines)}


def judgements() -> Judgements:
    """For each question, how much each debrief helps that helps at all."""
    found: Judgements = {}
    with (FOLDER / "qrels.tsv").open(newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            found.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    return found


@pytest.fixture(scope="module")
def standing_debriefs(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[int, str]]:
    """The demo's debriefs that went out, in a transaction around the tests of this module: the slug
    of each that an officer of the policing group may read, by the number of its version."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", *VOCABULARY, verbosity=0)
        people = cast.gather()
        for operation in operations.files():
            if operation["demo"]["state"] == "released":
                operations.live_through(
                    operation, people["author@msoic.example"], people["editor@msoic.example"]
                )
        settle()
        officer = User.objects.get(email=OFFICER)
        yield dict(Version.objects.visible_to(officer).values_list("pk", "debrief__slug"))
        transaction.set_rollback(True)


@pytest.fixture
def debriefs(standing_debriefs: dict[int, str], db: None) -> dict[int, str]:
    """The slugs of what the officer may read, by the number of the version."""
    return standing_debriefs


def test_every_question_is_judged_over_what_the_officer_may_read(debriefs: dict[int, str]) -> None:
    asked, judged = questions(), judgements()

    assert len(asked) == 60
    assert asked.keys() == judged.keys()
    assert len({text.lower() for text in asked.values()}) == 60
    assert {slug for grades in judged.values() for slug in grades} <= set(debriefs.values())
    assert {grade for grades in judged.values() for grade in grades.values()} == {1, 2, 3}
    assert all(3 in grades.values() for grades in judged.values()), "nothing answers it"
    hidden = set(Debrief.objects.values_list("slug", flat=True)) - set(debriefs.values())
    assert hidden, "of what was shared with others nothing was built"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came for one question, and how good that was."""

    text: str
    value: float
    came: list[str]
    should: dict[str, int]

    def __str__(self) -> str:
        best = sorted(self.should.items(), key=lambda pair: -pair[1])
        came = [f"{slug} {self.should.get(slug, '–')}" for slug in self.came[:10]]
        missed = [f"{slug} {grade}" for slug, grade in best if slug not in self.came[:10]]
        return (
            f"{self.value:.3f}  {self.text}\n"
            f"       came:   {', '.join(came)}\n       missed: {', '.join(missed)}"
        )


def answered(debriefs: dict[int, str]) -> list[Answer]:
    """Every question as the officer asks it, the worst answer first."""
    run: dict[str, dict[str, float]] = {}
    for number, text in questions().items():
        officer = User.objects.get(email=OFFICER)
        found = finding.find(officer, query.parse(text))
        # By place and not by score, since equal scores would be put in another order.
        run[number] = {debriefs[int(pk)]: -float(n) for n, pk in enumerate(found.versions)}
    values = {
        each.query_id: each.value for each in ir_measures.iter_calc([MEASURE], judgements(), run)
    }
    return sorted(
        (
            Answer(text, values.get(number, 0.0), list(run[number]), judgements()[number])
            for number, text in questions().items()
        ),
        key=lambda answer: answer.value,
    )


def test_what_an_officer_asks_is_answered_by_the_debriefs_that_help(
    debriefs: dict[int, str],
) -> None:
    answers = answered(debriefs)

    mean = sum(answer.value for answer in answers) / len(answers)
    worst = "\n".join(str(answer) for answer in answers[:10])
    told = f"the mean of {MEASURE} is {mean:.3f}; the ten worst:\n{worst}"
    assert [answer.text for answer in answers if not answer.came] == [], told
    assert mean >= ENOUGH, told
