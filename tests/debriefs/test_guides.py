"""Is whoever writes helped under every heading, and never asked for what must not be written?"""

from __future__ import annotations

import re

import pytest

from debriefs.guides import KINDS, LESSON, SECTIONS, TEMPLATES, Guide, guide_to
from debriefs.models.vocabulary import DebriefKind, Heading
from debriefs.services.content import TEXTS

GUIDES = {**SECTIONS, **LESSON}

#: What a question may not ask for.
NAMES = re.compile(r"\b(names?|named|called|nickname|address(es)?|date of birth|number plates?)\b")


def test_every_kind_of_debrief_begins_with_headings_and_is_explained() -> None:
    """Each begins with an overview, has no heading twice, and keeps the order of reading."""
    assert set(TEMPLATES) == set(KINDS) == set(DebriefKind)
    order = list(Heading)
    for headings in TEMPLATES.values():
        assert headings[0] == Heading.OVERVIEW
        assert list(headings) == sorted(set(headings), key=order.index)


def test_no_debrief_begins_with_what_is_shared_widest_or_hardest_to_clear() -> None:
    """A public summary and covert work are added by somebody who means to."""
    for headings in TEMPLATES.values():
        assert not {Heading.PUBLIC_SUMMARY, Heading.COVERT} & set(headings)


def test_every_heading_has_questions_and_every_question_a_heading() -> None:
    """A heading that is added to the vocabulary needs some."""
    assert set(SECTIONS) == set(Heading)
    assert guide_to(Heading.COVERT) is SECTIONS[Heading.COVERT]
    assert guide_to("") is None


def test_every_text_of_a_lesson_has_questions() -> None:
    """And so has its title."""
    assert set(LESSON) == {"title", *TEXTS} - {"markdown"}


@pytest.mark.parametrize("place", GUIDES)
def test_questions_are_few_short_and_ask_for_nobody_by_name(place: str) -> None:
    """Two to five, each a question on one line or two."""
    guide: Guide = GUIDES[place]

    assert 2 <= len(guide.questions) <= 5
    assert len(set(guide.questions)) == len(guide.questions)
    assert guide.about.endswith(".")
    assert len(guide.about) < 100
    for question in guide.questions:
        assert question.endswith("?")
        assert len(question) < 130
        assert "  " not in question
        assert not NAMES.search(question.lower()), question


def test_no_question_is_asked_twice() -> None:
    """What is asked under one heading is not asked again under the next."""
    asked = [question for guide in GUIDES.values() for question in guide.questions]

    assert len(set(asked)) == len(asked)
