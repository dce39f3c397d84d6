"""Is everything that changed between two versions found, in words, and nothing else?"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from debriefs.models import Part, Theme, Version
from debriefs.models.vocabulary import (
    Band,
    DebriefKind,
    Evidence,
    Heading,
    Marking,
    Proceedings,
    Worked,
)
from debriefs.services import writing
from debriefs.services.content import FACT_COLUMNS, FACT_LISTS
from debriefs.services.difference import Difference, between, compared
from debriefs.services.fact_changes import AUDIENCE_LABELS, FACT_LABELS, Snapshot
from debriefs.services.seal import canonical
from debriefs.services.wording import Change
from debriefs.workflow import State
from portal.models import Tier
from tests.world import World

#: Another value for every column of facts than the one that the world gives it.
OTHERWISE: dict[str, Any] = {
    "title": "A brothel above a bakery",
    "summary": "Men were moved.",
    "marking": Marking.OFFICIAL,
    "handling": "",
    "reach": Tier.PARTNERS,
    "facts_reach": Tier.PARTICIPANTS,
    "kind": DebriefKind.HOT,
    "operation_from": date(2021, 3, 2),
    "operation_until": None,
    "debriefed_on": date(2023, 2, 15),
    "victims": Band.MANY,
    "suspects": Band.NOT_KNOWN,
    "charged": 8,
    "convicted": 0,
    "sentence_months": 0,
    "proceedings": Proceedings.TRIAL,
    "talk_title": "How it was not done",
    "talk_speaker_role": "Deputy",
    "talk_url": "https://videos.example/other",
    "talk_minutes": None,
}

#: The same for what is said about a part, and for its texts.
PART_OTHERWISE: dict[str, Any] = {
    "kind": "section",
    "heading": Heading.TRIAL,
    "title": "Meet the prosecutor first",
    "reach": Tier.PARTICIPANTS,
    "markdown": "A text.",
    "html": "<p>A text.</p>",
    "observed": "Nothing.",
    "observed_html": "<p>Nothing.</p>",
    "mattered": "",
    "mattered_html": "",
    "action": "Meet.",
    "action_html": "<p>Meet.</p>",
    "roles": ["prosecutor", "sio"],
    "evidence": Evidence.TESTED,
    "worked": Worked.NO,
}


@pytest.fixture
def signed(world: World) -> Snapshot:
    """A sealed version of three parts."""
    version = world.debrief_at(
        State.WITH_FORCES,
        parts=[
            world.section(),
            world.section(heading=Heading.PLANNING, markdown="Forty officers.\n\nAt dawn."),
            world.lesson(),
        ],
    )
    return Snapshot.of(version)


def changed(snapshot: Snapshot, change: Callable[[Snapshot], object]) -> Difference:
    """The difference with a copy of the snapshot in which something was changed."""
    after = Snapshot(
        copy.copy(snapshot.version),
        dict(snapshot.lists),
        [copy.copy(part) for part in snapshot.parts],
    )
    change(after)
    return compared(snapshot, after)


def reordered(snapshot: Snapshot, order: list[int]) -> Difference:
    """The difference with a copy whose parts stand in another order; a number may be left out."""
    after = replace(snapshot, parts=[snapshot.parts[number] for number in order])
    return compared(snapshot, after)


# --- Nothing is overlooked ------------------------------------------------------------------------


def test_the_same_is_the_same(signed: Snapshot) -> None:
    difference = changed(signed, lambda after: None)

    assert difference.is_empty
    assert difference.count == 0
    assert [each.words for each in difference.unchanged_parts] == ["Unchanged"] * 3


def test_every_fact_that_is_signed_has_a_name() -> None:
    assert {*FACT_LABELS, *AUDIENCE_LABELS} == {*FACT_COLUMNS, *FACT_LISTS, "taking_part"}
    assert OTHERWISE.keys() == set(FACT_COLUMNS)


def test_everything_about_a_part_that_is_signed_is_compared(signed: Snapshot) -> None:
    said = json.loads(canonical(signed.version))["parts"][2]

    assert PART_OTHERWISE.keys() | {"identity", "theme"} == said.keys()


@pytest.mark.parametrize("name", FACT_COLUMNS)
def test_a_fact_that_changed_is_found_alone(signed: Snapshot, name: str) -> None:
    difference = changed(signed, lambda after: setattr(after.version, name, OTHERWISE[name]))

    found = [each.label for each in difference.facts]
    found += [each.label for each in difference.audience]
    assert found == [{**FACT_LABELS, **AUDIENCE_LABELS}[name]]
    assert bool(difference.audience) == (name in AUDIENCE_LABELS)
    assert difference.changed_parts == []


@pytest.mark.parametrize("name", PART_OTHERWISE)
def test_whatever_changed_about_a_part_is_found(signed: Snapshot, name: str) -> None:
    """Even how it is shown alone, and the order of the roles: both are under the seal."""
    difference = changed(signed, lambda after: setattr(after.parts[2], name, PART_OTHERWISE[name]))

    assert [each.part.title for each in difference.changed_parts] == [
        PART_OTHERWISE["title"] if name == "title" else signed.parts[2].title
    ]
    assert difference.changed_parts[0].change is Change.CHANGED
    assert difference.facts == []


def test_a_theme_that_changed_is_found(signed: Snapshot) -> None:
    other = Theme.objects.exclude(name=str(signed.parts[2].theme)).first()
    difference = changed(signed, lambda after: setattr(after.parts[2], "theme", other))

    (fact,) = difference.changed_parts[0].facts
    assert (fact.label, fact.after) == ("Theme", str(other))


# --- In words -------------------------------------------------------------------------------------


def test_facts_are_told_in_words(signed: Snapshot) -> None:
    def change(after: Snapshot) -> None:
        after.version.operation_from = date(2021, 3, 2)
        after.version.sentence_months = 27
        after.version.victims = Band.NOT_KNOWN
        after.version.operation_until = None

    found = {each.label: (each.before, each.after) for each in changed(signed, change).facts}

    assert found == {
        "Operation began": ("1 March 2021", "2 March 2021"),
        "Operation ended": ("31 May 2022", "Not stated"),
        "Victims": ("2 to 5", "Not stated"),
        "Total sentence": ("16 years", "2 years 3 months"),
    }


def test_a_summary_is_compared_word_by_word(signed: Snapshot) -> None:
    difference = changed(
        signed,
        lambda after: setattr(
            after.version, "summary", "Women were moved between cities at night. <b>Always.</b>"
        ),
    )

    html = difference.facts[0].html
    assert html is not None
    assert "<del>towns</del> <ins>cities</ins> at night." in html
    assert "<b>" not in html
    assert "&lt;" in html


def test_a_list_is_compared_entry_by_entry(signed: Snapshot) -> None:
    difference = changed(
        signed,
        lambda after: after.lists.update(countries=["Albania", "Romania"]),  # type: ignore[attr-defined]
    )

    (fact,) = difference.facts
    assert fact.label == "Countries"
    assert list(fact.lines) == [(Change.ADDED, "Albania"), (Change.SAME, "Romania")]


def test_who_takes_part_and_who_signs_is_told(world: World) -> None:
    version = world.debrief_at(State.RETURNED)
    following = writing.reopen(by=world.person("author"), version=version)
    following.participations.filter(organisation__key="bravo").delete()
    world_facts = world.facts(supporting=("charlie",), partners=("harbour",))
    for each in world_facts.taking_part[1:]:
        following.participations.create(
            organisation=each.organisation, part=each.part, signs=each.signs
        )

    (fact,) = between(version, following).facts

    assert fact.label == "Who took part"
    assert set(fact.lines) == {
        (Change.REMOVED, "Bravoshire Police: supporting, signs"),
        (Change.SAME, "Alphashire Police: lead, signs"),
        (Change.ADDED, "Charlieshire Police: supporting, signs"),
        (Change.ADDED, "Harbour Agency: partner, does not sign"),
    }


# --- Audience -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "looser"),
    [
        ("reach", Tier.PUBLIC, True),
        ("reach", Tier.PARTICIPANTS, False),
        ("facts_reach", Tier.PARTNERS, True),
        ("facts_reach", Tier.PARTICIPANTS, False),
        ("marking", Marking.OFFICIAL, True),
        ("handling", "Tell nobody.", False),
    ],
)
def test_a_change_of_audience_stands_apart_and_says_whether_it_is_looser(
    signed: Snapshot, name: str, value: object, looser: bool
) -> None:
    difference = changed(signed, lambda after: setattr(after.version, name, value))

    assert difference.facts == []
    (found,) = difference.audience
    assert found.looser is looser


def test_a_marking_that_is_raised_is_not_looser(signed: Snapshot) -> None:
    signed.version.marking = Marking.OFFICIAL
    difference = changed(signed, lambda after: setattr(after.version, "marking", Marking.SENSITIVE))

    assert [(each.before, each.after, each.looser) for each in difference.audience] == [
        ("OFFICIAL", "OFFICIAL-SENSITIVE", False)
    ]


@pytest.mark.parametrize(("reach", "looser"), [(Tier.PUBLIC, True), (Tier.PARTICIPANTS, False)])
def test_the_reach_of_a_part_is_a_change_of_audience_and_of_the_part(
    signed: Snapshot, reach: Tier, looser: bool
) -> None:
    difference = changed(signed, lambda after: setattr(after.parts[1], "reach", reach))

    (found,) = difference.audience
    assert found.looser is looser
    assert found.anchor == signed.parts[1].anchor
    assert found.label == "How far “Planning and arrest day” may travel"
    assert (found.before, found.after) == ("Policing", reach.label)
    assert difference.changed_parts[0].reach == found
    assert difference.changed_parts[0].texts == []


# --- Parts ----------------------------------------------------------------------------------------


def test_a_changed_part_shows_its_words_and_leaves_the_others_folded(signed: Snapshot) -> None:
    difference = changed(
        signed, lambda after: setattr(after.parts[1], "markdown", "Sixty officers.\n\nAt dawn.")
    )

    (part,) = difference.changed_parts
    assert (part.words, part.number, part.title) == ("Changed", 2, "Planning and arrest day")
    (text,) = part.texts
    assert text.label == "Text"
    assert [block.html for block in text.wording.blocks] == [
        "<del>Forty</del> <ins>Sixty</ins> officers.",
        "At dawn.",
    ]
    assert len(difference.unchanged_parts) == 2


def test_parts_are_matched_by_identity_and_not_by_place(signed: Snapshot) -> None:
    """A part put in before the others changes none of them, and moves none."""
    added = copy.copy(signed.parts[0])
    added.identity, added.title = uuid4(), "Public summary"
    difference = compared(signed, replace(signed, parts=[added, *signed.parts]))

    assert [each.words for each in difference.parts] == ["New", *["Unchanged"] * 3]
    assert [each.number for each in difference.parts] == [1, 2, 3, 4]
    assert difference.audience == []


def test_a_part_of_the_same_title_but_another_identity_is_another_one(signed: Snapshot) -> None:
    difference = changed(signed, lambda after: setattr(after.parts[1], "identity", uuid4()))

    assert [each.words for each in difference.parts] == [
        "Unchanged",
        "Taken out",
        "New",
        "Unchanged",
    ]


def test_a_part_that_was_taken_out_stands_where_it_stood(signed: Snapshot) -> None:
    assert [each.words for each in reordered(signed, [0, 2]).parts] == [
        "Unchanged",
        "Taken out",
        "Unchanged",
    ]
    first = reordered(signed, [1, 2]).parts[0]
    assert (first.words, first.number) == ("Taken out", 1)
    assert first.title == "<del>Overview</del>"
    assert first.texts[0].wording.blocks[0].html.startswith("<del>It began")


@pytest.mark.parametrize(
    ("order", "moved"),
    [([0, 1, 2], []), ([2, 0, 1], [2]), ([1, 2, 0], [0]), ([1, 0, 2], [0]), ([2, 0], [2])],
)
def test_only_what_moved_has_moved(signed: Snapshot, order: list[int], moved: list[int]) -> None:
    """Those that made room have not. Of two that changed places, one is said to have moved."""
    difference = reordered(signed, order)

    found = [each.part for each in difference.parts if each.moved]
    assert len(found) == len(moved)
    if len(order) != 3 or order != [1, 0, 2]:
        assert found == [signed.parts[number] for number in moved]
        for each, number in zip(found, moved, strict=True):
            assert f"It was part {number + 1}." in {p.moved for p in difference.parts}
            assert each.title
    assert {each.words for each in difference.parts if each.moved} <= {"Moved"}


def test_a_moved_part_that_changed_as_well_says_both(signed: Snapshot) -> None:
    parts = [copy.copy(signed.parts[number]) for number in (2, 0, 1)]
    parts[0].title = "Another title"
    difference = compared(signed, replace(signed, parts=parts))

    assert difference.parts[0].words == "Changed and moved"


def test_a_text_that_is_only_shaped_otherwise_says_so(signed: Snapshot) -> None:
    difference = changed(
        signed, lambda after: setattr(after.parts[1], "markdown", "Forty *officers*.\n\nAt dawn.")
    )

    (text,) = difference.changed_parts[0].texts
    assert text.wording.shape_only


def test_a_script_in_any_text_comes_out_as_words(signed: Snapshot) -> None:
    script = "<script>alert(1)</script>"

    def change(after: Snapshot) -> None:
        part = after.parts[2]
        part.title = part.observed = part.action = script
        after.version.title = after.version.summary = after.version.handling = script
        after.version.talk_title = script

    difference = changed(signed, change)

    part = difference.changed_parts[0]
    shown: list[str] = [
        part.title,
        *(block.html for text in part.texts for block in text.wording.blocks),
    ]
    shown += [str(fact.html) for fact in difference.facts if fact.html]
    assert len(shown) > 4
    for each in shown:
        assert "<script" not in each
    assert "&lt;" in "".join(shown)


# --- From nothing, and at what cost ---------------------------------------------------------------


def test_from_nothing_everything_is_new(signed: Snapshot) -> None:
    difference = between(None, signed.version)

    assert difference.is_first
    assert {each.change for each in difference.facts} == {Change.ADDED}
    assert {each.words for each in difference.parts} == {"New"}
    assert [each.label for each in difference.audience] == list(AUDIENCE_LABELS.values())
    assert not any(each.looser for each in difference.audience)
    assert difference.unchanged_parts == []


def queries(before: Version | None, after: Version) -> int:
    """How often the database is asked for a difference."""
    with CaptureQueriesContext(connection) as captured:
        between(before, after)
    return len(captured)


def test_a_difference_costs_the_same_however_many_parts_there_are(world: World) -> None:
    few = world.debrief_at(State.RETURNED)
    many = world.debrief_at(
        State.RETURNED,
        parts=[world.section(), *(world.lesson(title=f"Lesson {n}") for n in range(20))],
    )
    copies = [writing.reopen(by=world.person("author"), version=each) for each in (few, many)]

    assert queries(None, few) == queries(None, many) == 6
    assert queries(few, copies[0]) == queries(many, copies[1]) == 12


def test_a_part_is_never_written_by_comparing(signed: Snapshot) -> None:
    """The rows stay as they are."""
    before = list(Part.objects.filter(version=signed.version).values())
    between(None, Version.objects.get(pk=signed.version.pk))

    assert list(Part.objects.filter(version=signed.version).values()) == before
