"""How often are the warnings right, on sentences that they were made on and on others?

The floors are what was reached, a little below: a change that makes warnings worse fails here.
`manage.py measure_warnings --list` says which sentences.
"""

from __future__ import annotations

import tomllib
from io import StringIO

import pytest
from django.core.management import call_command

from debriefs.demo import operations
from debriefs.identifying import Kind, find
from debriefs.identifying.measuring import SETS, Labelled, Mark, labelled, measure, read_set


def test_a_line_is_read_into_its_text_and_its_marks() -> None:
    assert labelled("By {name: DC Marlpit} in {combination: May {phone: 1} x}.") == Labelled(
        "By DC Marlpit in May 1 x.",
        (Mark(Kind.NAME, 3, 13), Mark(Kind.PHONE, 21, 22), Mark(Kind.COMBINATION, 17, 24)),
    )


@pytest.mark.parametrize("line", ["{name: DC Marlpit", "DC Marlpit}", "{rank: DC}"])
def test_a_line_that_is_marked_wrongly_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"mark|valid Kind"):
        labelled(line)


def test_hits_misses_and_false_alarms_are_counted() -> None:
    measured = measure(
        [labelled("{name: DC Marlpit} and {phone: 12} of AB12 CDE"), labelled("Nothing here.")]
    )
    score = measured.overall
    assert (score.hits, score.misses, score.false_alarms) == (1, 1, 1)
    assert (score.precision, score.recall, score.f1) == (0.5, 0.5, 0.5)
    assert measured.kinds[Kind.BANK].f1 == 1.0
    assert measured.missed[0].startswith("Phone number: «12»")
    assert measured.false_alarms[0].startswith("Vehicle registration: «AB12 CDE»")


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_large_and_at_least_half_of_it_tempts_without_identifying(name: str) -> None:
    texts = read_set(SETS[name])
    assert len(texts) >= 150
    assert sum(not one.marks for one in texts) * 2 >= len(texts)
    assert {mark.kind for one in texts for mark in one.marks} == set(Kind)
    assert len({one.text for one in texts}) == len(texts)


def test_no_sentence_is_in_both_sets() -> None:
    tuned_on, held_out = (read_set(path) for path in SETS.values())
    assert not {one.text for one in tuned_on} & {one.text for one in held_out}


@pytest.mark.parametrize(("name", "floor"), [("tuned on", 0.98), ("held out", 0.92)])
def test_warnings_are_as_right_as_they_were(name: str, floor: float) -> None:
    score = measure(read_set(SETS[name])).overall
    assert score.precision >= floor
    assert score.recall >= floor


def test_the_command_prints_both_sets_and_lists_what_went_wrong() -> None:
    out = StringIO()
    call_command("measure_warnings", "--list", stdout=out)
    printed = out.getvalue()
    assert "tuned on: " in printed
    assert "held out: " in printed
    assert printed.count("precision") == 2
    assert "missed: " in printed


def test_the_demo_raises_no_warning() -> None:
    """Its operations are invented or public, and name nobody."""
    alarms = []
    for path in sorted(operations.FOLDER.glob("*.toml")):
        operation = tomllib.loads(path.read_text())
        texts = [operation["title"], operation["summary"]]
        for part in operation["part"]:
            texts += [
                part.get(name, "")
                for name in ("title", "markdown", "observed", "mattered", "action")
            ]
        alarms += [f"{path.stem}: {one.words}" for text in texts for one in find(text)]
    assert alarms == []
