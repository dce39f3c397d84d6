"""A process that is killed in the middle of a move, at every point at which it could be.

Run by `test_kills.py` as a program of its own, on the tests' database: `python -m
tests.faults.killed MOVE VERSION PEOPLE`. For each point it forks; the child makes the move and
kills itself there with SIGKILL, so that nothing is tidied up. A line of JSON says what was found
after each.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest import mock

import django

BEFORE_COMMIT, AFTER_COMMIT = "before the commit", "after the commit"


def make(move: str, version: int, people: dict[str, int], statement: int, die: Any) -> None:
    """In the child: the move, and death before that statement (counted from one), or else before
    the commit; with 0, after it."""
    from django.db import connection

    from debriefs.models import Version
    from tests.moves import MAKES, SERVICES
    from tests.world import World

    genuine: Callable[[], None] = connection._commit  # type: ignore[attr-defined]
    sent = 0

    def commit() -> None:
        if statement:
            die(BEFORE_COMMIT)
        genuine()
        die(AFTER_COMMIT)

    def execute(call: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal sent
        sent += 1
        if sent == statement:
            die(f"before statement {statement}")
        return call(sql, params, many, context)

    world = World(people)
    by, thing = world.person(MAKES[move]), Version.objects.get(pk=version)
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(connection, "_commit", commit))
        stack.enter_context(connection.execute_wrapper(execute))
        SERVICES[move](world, thing, by)


def killed(move: str, version: int, people: dict[str, int], statement: int) -> str:
    """Where the child died."""
    from django.db import connection

    connection.close()  # or parent and child would share it
    reading, writing = os.pipe()

    def die(where: str) -> None:
        os.write(writing, where.encode())
        os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        try:
            make(move, version, people, statement, die)
        finally:
            os._exit(1)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise RuntimeError(f"{move} was not killed: it ended with {status}")
    with os.fdopen(reading) as pipe:
        return pipe.read()


def report(point: str, version: int) -> None:
    """What the database says now."""
    from debriefs.models import Version
    from tests.faults.invariants import faults

    state = Version.objects.get(pk=version).state
    print(json.dumps({"point": point, "state": state, "faults": faults()}))


def main(move: str, version: str, people: str) -> None:
    """Every point of the move, one after the other; the last is the one at which it was made."""
    django.setup()
    point, statement = "", 0
    while point != BEFORE_COMMIT:
        statement += 1
        point = killed(move, int(version), json.loads(people), statement)
        report(point, int(version))
    report(killed(move, int(version), json.loads(people), 0), int(version))


if __name__ == "__main__":
    main(*sys.argv[1:])
