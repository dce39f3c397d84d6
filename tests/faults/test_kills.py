"""A process is killed in the middle of sealing, deciding, releasing or withdrawing: is what it
leaves behind the state before or the state after, and nothing between?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from debriefs.workflow import State
from tests.faults.killed import AFTER_COMMIT, BEFORE_COMMIT
from tests.moves import version_in
from tests.test_migrations import database_url
from tests.world import World

ROOT = Path(__file__).resolve().parent.parent.parent

#: Each move with the state before it and the state after.
KILLED = (
    ("send", State.CHECKING, State.WITH_FORCES),
    ("decide", State.WITH_FORCES, State.AGREED),
    ("release", State.AGREED, State.RELEASED),
    ("withdraw_consent", State.RELEASED, State.WITHDRAWN),
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("move", "before", "after"), KILLED, ids=[each[0] for each in KILLED])
def test_a_killed_process_leaves_the_state_before_or_the_state_after(
    world: World, move: str, before: State, after: State
) -> None:
    version = version_in(world, before)

    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.killed", move, str(version.pk), _people(world)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url()},
        check=True,
        capture_output=True,
        text=True,
    )

    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert not [each for each in found if each["faults"]]
    *earlier, last = found
    assert {each["state"] for each in earlier} == {before}
    assert (last["point"], last["state"]) == (AFTER_COMMIT, after)
    assert earlier[-1]["point"] == BEFORE_COMMIT
    assert len(earlier) > 8, "there are more statements than that in such a move"


def _people(world: World) -> str:
    return json.dumps(dict(world.people))
