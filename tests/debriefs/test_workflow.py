"""Is the table of moves the whole truth? Every service, tried in every state.

Who may make a move is asked in `test_permissions.py`; what else a service refuses, in
`test_services.py`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from debriefs import permissions, workflow
from debriefs.exceptions import Refused
from debriefs.models import Debrief, Release, SignOff, Version
from debriefs.services import checking, releasing, reviewing, signing, writing
from debriefs.workflow import MOVES, OPEN_STATES, SEALED_STATES, State
from portal.models import AuditEvent
from tests.moves import BY_ITSELF, FOR_A_FORCE, SERVICES, make, version_in
from tests.world import CHANGES, World, fresh

ALLOWED = [(move, state) for move in SERVICES for state in State if workflow.allows(move, state)]


def _everything(version: Version) -> tuple[Any, ...]:
    """All that a refused move could have changed."""
    versions = Version.objects.filter(debrief=version.debrief_id).order_by("number")
    return (
        list(versions.values()),
        list(SignOff.objects.filter(version__in=versions).order_by("pk").values()),
        list(Release.objects.filter(version__in=versions).order_by("pk").values()),
        AuditEvent.objects.count(),
    )


def test_every_move_of_the_table_is_tried() -> None:
    assert SERVICES.keys() | BY_ITSELF == MOVES.keys()


@pytest.mark.parametrize("state", State)
def test_every_move_that_the_table_does_not_name_is_refused(
    world: World, state: State, subtests: pytest.Subtests
) -> None:
    version = version_in(world, state, "decide")
    before = _everything(version)

    for move in SERVICES:
        if workflow.allows(move, state):
            continue
        with subtests.test(move=move):
            with pytest.raises(Refused) as refused:
                make(world, move, version)
            assert _everything(version) == before
            nobody_signs = move in FOR_A_FORCE and not version.is_sealed
            if not nobody_signs:
                assert refused.value.reason == MOVES[move].wrong_state


@pytest.mark.parametrize(("move", "state"), ALLOWED)
def test_a_move_makes_only_states_that_the_table_names(
    world: World, move: str, state: State
) -> None:
    version = version_in(world, state, move)

    make(world, move, version)

    after = State(fresh(version).state)
    assert after in workflow._targets(MOVES[move], state)
    assert after in MOVES[move].makes


def test_a_decision_makes_each_of_the_states_that_the_table_names(world: World) -> None:
    made = set()
    version = world.debrief_at(State.WITH_FORCES)
    world.decide(version, "alpha")
    made.add(State(fresh(version).state))
    world.decide(version, "bravo")
    made.add(State(fresh(version).state))
    returned = world.debrief_at(State.WITH_FORCES)
    world.decide(returned, "alpha", CHANGES)
    made.add(State(fresh(returned).state))

    assert made == set(MOVES["decide"].makes)


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (State.RELEASED, State.SUPERSEDED),
        (State.RETURNED, State.RETURNED),
        (State.WITHDRAWN, State.WITHDRAWN),
        (State.WITH_FORCES, State.RETURNED),
        (State.AGREED, State.RETURNED),
    ],
)
def test_only_a_released_version_is_superseded_when_the_next_one_is_shared(
    world: World, state: State, after: State
) -> None:
    version = version_in(world, state)

    following = world.follow(version)

    assert following.state == State.RELEASED
    assert fresh(version).state == after
    assert (fresh(version).superseded_at is not None) == (after == State.SUPERSEDED)


def test_every_move_is_a_service_and_a_rule_of_the_same_name() -> None:
    modules = (writing, checking, signing, releasing, reviewing)
    for move in MOVES.keys() - BY_ITSELF - {"edit"}:
        found = [getattr(module, move) for module in modules if hasattr(module, move)]
        assert len(found) == 1, move
        assert "by" in inspect.signature(found[0]).parameters, move
    assert permissions.RULES.keys() == (MOVES.keys() - BY_ITSELF) | {"read", "read_whole"} | {
        *("work_on", "remark", "remark_for_force"),
        *("read_remark", "resolve_remark", "remove_remark", "read_signoff"),
    }


def test_every_service_of_writing_a_draft_makes_the_move_edit(world: World) -> None:
    version = world.debrief_at(State.CHECKING)
    author, part = world.person("author"), version.parts.first()
    assert part is not None
    attempts: list[Callable[[], Any]] = [
        lambda: writing.edit_facts(
            by=author, version=version, revision=version.revision, facts=world.facts()
        ),
        lambda: writing.add_part(by=author, version=version, words=world.lesson()),
        lambda: writing.edit_part(
            by=author, part=part, revision=version.revision, words=world.section()
        ),
        lambda: writing.remove_part(by=author, part=part, revision=version.revision),
        lambda: writing.order_parts(
            by=author,
            version=version,
            revision=version.revision,
            order=[each.pk for each in reversed(version.parts.all())],
        ),
    ]
    before = _everything(version)
    for attempt in attempts:
        with pytest.raises(Refused, match="Only a draft can be changed"):
            attempt()
    assert _everything(version) == before


def test_open_and_sealed_states_are_told_apart() -> None:
    assert set(State) - set(SEALED_STATES) == {*(State.DRAFTING, State.CHECKING, State.DISCARDED)}
    assert (
        set(OPEN_STATES) & {*(State.RETURNED, State.RELEASED, State.SUPERSEDED, State.DISCARDED)}
        == set()
    )


def test_every_state_can_be_reached_and_left_but_the_last() -> None:
    reached = {target for move in MOVES.values() for target in move.makes}
    left = {source for move in MOVES.values() for source in move.sources}
    assert set(State) - reached == set()
    assert set(State) - left == {State.SUPERSEDED}


def test_an_unknown_move_is_an_error_and_not_a_no() -> None:
    with pytest.raises(KeyError):
        workflow.allows("publish", State.AGREED)
    with pytest.raises(ValueError, match="published"):
        workflow.allows("release", "published")


def test_the_diagram_draws_every_move_from_every_state() -> None:
    drawn = workflow.diagram().splitlines()
    for move in MOVES.values():
        for source in move.sources:
            arrows = [
                line
                for line in drawn
                if line.startswith(f"    {source.value} --> ") and line.endswith(f": {move.name}")
            ]
            assert len(arrows) == len(workflow._targets(move, source))


def test_a_debrief_has_one_open_and_one_released_version_at_most(world: World) -> None:
    version = world.debrief_at(State.RELEASED)
    opened = writing.reopen(by=world.person("author"), version=version)
    debrief = Debrief.objects.get(pk=version.debrief_id)

    assert (debrief.open_version, debrief.released_version) == (opened, version)
    with pytest.raises(Refused, match="A next version is open already"):
        writing.reopen(by=world.person("second_author"), version=fresh(version))
