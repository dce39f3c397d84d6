"""What do tests stand on? The world, on a stage that is built once and rolled back after each test.

Who is in the world stands in `world.py`. A test asks for `world` and is given the database with it.
Building it takes a moment, so one transaction keeps it for many tests, each of which has a
savepoint of its own. A test that is marked `django_db`, with real transactions or not, is given a
world of its own in the way pytest-django works.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.utils import CursorWrapper
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

from debriefs.search import catalogue
from tests.kept import kept_world
from tests.world import World

hypothesis_settings.register_profile("portal", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.load_profile("portal")


def _flush_unguarded(self: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
    """Empty the tables as Django does after tests of real transactions.

    The triggers that would refuse it are off meanwhile. Only the tables' owner can do this; a
    superuser is not needed.
    """
    with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
        guarded = _tables_that_refuse_truncate(cursor)
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for sql in sql_list:
            cursor.execute(sql)
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    catalogue.forget()  # what is emptied like this is noted nowhere


def _tables_that_refuse_truncate(cursor: CursorWrapper) -> list[str]:
    truncate = 32  # TRIGGER_TYPE_TRUNCATE of PostgreSQL's catalogue
    cursor.execute(
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger "
        "WHERE NOT tgisinternal AND tgtype & %s <> 0",
        [truncate],
    )
    return [name for (name,) in cursor.fetchall()]


DatabaseOperations.execute_sql_flush = _flush_unguarded  # type: ignore[method-assign]


#: Tests on one stage. What they leave slows the next down until the transaction ends.
MANY = 20


class Stage:
    """One transaction that holds the world for as long as tests follow each other that use it."""

    def __init__(self) -> None:
        self.world: World | None = None
        self._used = 0
        self._open = ExitStack()

    def begin(self, blocker: DjangoDbBlocker) -> World:
        """The world, built unless it stands already."""
        if self.world is not None and self._used >= MANY:
            self.end()
        self._used += 1
        if self.world is None:
            with ExitStack() as opening:
                opening.enter_context(blocker.unblock())
                opening.enter_context(rolled_back())
                self.world = kept_world()
                settle()
                self._open = opening.pop_all()
        return self.world

    def end(self) -> None:
        """Take everything away; the connection is as if nothing had been there."""
        self.world = None
        self._used = 0
        self._open.close()


@contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined] # durable blocks may stand within
    with block:
        yield
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    """As `rolled_back`, for what may have failed inside as well."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined] # durable blocks may stand within
    with block:
        point = transaction.savepoint()
        yield
        transaction.savepoint_rollback(point)


def settle() -> None:
    """Do now what the database leaves for the commit: check foreign keys, link audit events."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def unguarded(*tables: str) -> Iterator[CursorWrapper]:
    """A cursor to do what the triggers of the tables would refuse, as a thief of the server could.

    All of it is rolled back at the end.
    """
    settle()
    with rolled_back(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor


STAGE = Stage()


def _is_transactional(item: pytest.Item) -> bool:
    """Whether the test commits, and has the tables emptied afterwards."""
    marker = item.get_closest_marker("django_db")
    fixtures = getattr(item, "fixturenames", ())
    return bool(
        (marker and (marker.kwargs.get("transaction") or any(marker.args)))
        or "transactional_db" in fixtures
        or "live_server" in fixtures
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The stage stands for tests that ask for the world, and for them alone."""
    if "world" not in getattr(item, "fixturenames", ()) or _is_transactional(item):
        STAGE.end()


@pytest.fixture(scope="session")
def stage(django_db_setup: None) -> Iterator[Stage]:
    """The stage; taken down before pytest-django takes the database away."""
    yield STAGE
    STAGE.end()


@pytest.fixture
def standing_world(
    request: pytest.FixtureRequest, stage: Stage, django_db_blocker: DjangoDbBlocker
) -> World:
    """The world, beneath the transaction of the test where that is not begun yet."""
    if STAGE.world is None:
        with django_db_blocker.unblock():
            if _is_transactional(request.node) or connection.in_atomic_block:
                return kept_world()
    return stage.begin(django_db_blocker)


@pytest.fixture
def world(standing_world: World, db: None) -> World:
    """The world of the tests as it was built, and the database; whatever a test does is undone."""
    return standing_world
