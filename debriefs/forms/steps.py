"""The steps in which the facts are asked for, in their order, and what was answered, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.forms import BoundField, ChoiceField, ModelMultipleChoiceField

from debriefs.forms.facts import Exploitation, Operation, Outcome, Reach, Step, Summary
from debriefs.forms.taking_part import WhoTookPart
from debriefs.services.content import Facts

STEPS: dict[str, type[Step]] = {
    step.key: step for step in (Operation, WhoTookPart, Exploitation, Outcome, Summary, Reach)
}


def step_form(key: str, facts: Facts, revision: int, data: Any = None) -> Step:
    """The form of a step as the facts are, or with what was typed."""
    step = STEPS[key]
    return step(data, initial={**step.initial_of(facts), "revision": revision}, facts=facts)


def next_step(key: str) -> str | None:
    """The step after this one; none after the last."""
    keys = [*STEPS, None]
    return keys[keys.index(key) + 1]


def answers(form: Step) -> list[dict[str, Any]]:
    """Each question of the step with its answer in words, as rows of a summary list."""
    return [
        {"key": field.label, "value": ", ".join(said) or "Not given", "name": field.name}
        if len(said := list(_words(field))) < 2
        else {"key": field.label, "lines": said, "name": field.name}
        for field in form.visible_fields()
    ]


def differing(mine: Step, theirs: Step) -> list[dict[str, Any]]:
    """The questions that two people answered in different ways at the same time."""
    return [
        {"key": one["key"], "mine": _lines(one), "theirs": _lines(other)}
        for one, other in zip(answers(mine), answers(theirs), strict=True)
        if _lines(one) != _lines(other)
    ]


def _lines(row: dict[str, Any]) -> list[str]:
    return list(row.get("lines") or [row["value"]])


def _words(field: BoundField) -> Iterable[str]:
    value = field.value()
    if isinstance(field.field, ModelMultipleChoiceField | ChoiceField):
        chosen = {str(each) for each in (value if isinstance(value, list | tuple) else [value])}
        choices: Any = field.field.choices
        labels = [(str(key), str(label)) for key, label in choices]
        yield from (label for key, label in labels if key in chosen and key)
    elif isinstance(value, date):
        yield f"{value:%-d %B %Y}"
    elif isinstance(value, list | tuple):
        yield from filter(None, [" ".join(str(each) for each in value if each)])
    elif value not in (None, ""):
        yield str(value)
