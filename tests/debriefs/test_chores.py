"""Is everything reminded of, escalated and tidied up on its day, and once, however often asked?"""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from debriefs.models import Notice, Review, Version
from debriefs.services import chores, reviewing, writing
from debriefs.workflow import State
from tests.conftest import unguarded
from tests.post import on, told
from tests.world import World

SIGNATORIES = {"alpha_signatory", "bravo_signatory", "both"}
REMINDERS = ("sign_off_due", "sign_off_overdue", "force_overdue", "round_overdue")


@pytest.mark.parametrize(
    ("days", "kinds"),
    [
        (-6, set()),
        (-5, {"sign_off_due"}),
        (0, {"sign_off_due"}),
        (1, {"sign_off_overdue"}),
        (4, {"sign_off_overdue"}),
        (5, {"sign_off_overdue", "force_overdue", "round_overdue"}),
        (60, {"sign_off_overdue", "force_overdue", "round_overdue"}),
    ],
)
def test_each_reminder_has_its_day(world: World, days: int, kinds: set[str]) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    assert version.due_on
    with on(version.due_on + timedelta(days=days)):
        chores.reminders()

    assert {kind for kind in REMINDERS if told(world, kind)} == kinds


def test_day_by_day_everyone_is_reminded_of_each_thing_once(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    assert version.due_on
    for days in range(-7, 9):
        for _ in range(2):
            with on(version.due_on + timedelta(days=days)):
                chores.reminders()

    each = Notice.objects.filter(person=world.people["alpha_signatory"])
    assert sorted(each.values_list("kind", flat=True)) == [
        "sign_off_due",
        "sign_off_overdue",
        "sign_off_wanted",
    ]
    assert Notice.objects.filter(kind="force_overdue").count() == 1
    assert Notice.objects.filter(kind="round_overdue", person=world.people["editor"]).count() == 1


def test_a_force_that_has_decided_is_left_alone(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    world.decide(version, "alpha")
    assert version.due_on
    with on(version.due_on + timedelta(days=5)):
        chores.reminders()

    assert told(world, "sign_off_overdue") == SIGNATORIES - {"alpha_signatory"}
    assert told(world, "force_overdue") == set(), "bravo has no coordinator"


def test_a_round_that_is_over_is_left_alone(world: World) -> None:
    version = world.debrief_at(State.RETURNED)
    assert version.due_on
    with on(version.due_on + timedelta(days=5)):
        chores.reminders()

    assert not any(told(world, kind) for kind in REMINDERS)


def test_a_version_without_a_day_is_never_overdue(world: World) -> None:
    """As those that were sent before there were such days."""
    version = world.debrief_at(State.WITH_FORCES)
    with unguarded("debriefs_version"), on(timezone.localdate() + timedelta(days=999)):
        Version.objects.filter(pk=version.pk).update(due_on=None)
        assert chores.reminders() == 0


def test_the_editors_are_asked_to_review_on_the_day(world: World) -> None:
    world.debrief_at(State.RELEASED)
    due = Review.objects.get().due_on
    with on(due - timedelta(days=1)):
        assert chores.reviews() == 0
    with on(due):
        assert chores.reviews() == 2
        assert chores.reviews() == 0
    with on(due + timedelta(days=30)):
        assert chores.reviews() == 0
    assert told(world, "review_due") == {"editor", "second_editor"}


def test_the_next_review_is_another_one(world: World) -> None:
    version = world.debrief_at(State.RELEASED)
    with on(Review.objects.get().due_on) as day:
        chores.reviews()
        reviewing.review(by=world.person("editor"), version=version, outcome="holds")
        again = Review.objects.get(outcome="").due_on
    assert again > day.date()
    with on(again):
        assert chores.reviews() == 2


def test_what_is_no_longer_shared_is_not_reviewed(world: World) -> None:
    world.debrief_at(State.WITHDRAWN)
    with on(timezone.localdate() + timedelta(days=999)):
        assert chores.reviews() == 0


def test_drafts_discarded_long_ago_are_deleted(world: World) -> None:
    world.debrief_at(State.DISCARDED)
    with on(timezone.localdate() + writing.KEPT_DISCARDED + timedelta(days=1)):
        assert [each.count for each in chores.run() if "discarded" in each.says] == [1]
    assert not Version.objects.exists()


def test_the_command_says_what_was_done(world: World) -> None:
    version = world.debrief_at(State.WITH_FORCES)
    assert version.due_on
    out = StringIO()
    with on(version.due_on):
        call_command("chores", stdout=out)

    assert "     3  reminded" in out.getvalue()
    assert len(out.getvalue().splitlines()) == len(chores.CHORES)
    silent = StringIO()
    call_command("chores", verbosity=0, stdout=silent)
    assert not silent.getvalue()


def test_one_chore_that_fails_does_not_keep_the_others_from_being_done(world: World) -> None:
    world.debrief_at(State.DISCARDED)
    broken = {"breaks": mock.Mock(side_effect=ZeroDivisionError, __name__="breaks")}
    out = StringIO()
    with (
        mock.patch.dict(chores.CHORES, broken | chores.CHORES, clear=True),
        on(timezone.localdate() + writing.KEPT_DISCARDED + timedelta(days=1)),
        pytest.raises(CommandError, match="Not every chore was done"),
    ):
        call_command("chores", stdout=out)

    assert "failed  breaks" in out.getvalue()
    assert not Version.objects.exists()
