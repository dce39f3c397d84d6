"""Where is measured? In a schema or a database of its own, which the default connection leads to
meanwhile, so that everything the portal does happens there and nothing real is touched."""

from __future__ import annotations

import hashlib
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import Error, ProgrammingError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

SCRATCH = "evaluate_search"


class NoPlace(Exception):
    """There is nowhere to measure; the message says what to do."""


@contextmanager
def leading_to(**changes: Any) -> Iterator[None]:
    """The default connection has other settings, after a lost connection too; as before afterwards.

    Must not begin within a transaction.
    """
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(changes)
    ContentType.objects.clear_cache()  # the numbers are others there
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
        ContentType.objects.clear_cache()


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Whoever ends this process with a signal lets it tidy up, as Ctrl-C does."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = {each: signal.signal(each, leave) for each in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def scratch_schema() -> Iterator[None]:
    """Everything happens in an empty, migrated schema of the current database, dropped at the end.

    What a killed run left is dropped at the beginning. Raises NoPlace where the user may not create
    a schema, or while another run is under way.
    """
    keeper = connection.copy()  # holds the lock, and outlives the other's mishaps
    try:
        _take(keeper)
        options = dict(connection.settings_dict["OPTIONS"])
        before = options.get("options", "")
        # A function is checked when it is made, with `public` as its path: see below.
        paths = f"{before} -c search_path={SCRATCH} -c check_function_bodies=off".strip()
        with leading_to(OPTIONS={**options, "options": paths}):
            call_command("migrate", verbosity=0)
            _point_functions_here()
            yield
    finally:
        _give_back(keeper)


def _take(keeper: BaseDatabaseWrapper) -> None:
    with keeper.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [SCRATCH])
        if not cursor.fetchone()[0]:
            raise NoPlace("Another evaluation runs in this database. Wait for it to end.")
        try:
            cursor.execute(f"DROP SCHEMA IF EXISTS {SCRATCH} CASCADE")
            cursor.execute(f"CREATE SCHEMA {SCRATCH}")
        except ProgrammingError:
            cursor.execute("SELECT current_user, current_database()")
            user, name = cursor.fetchone()
            raise NoPlace(
                f"The database user {user} may not create a schema. Let the owner of the database "
                f"say: GRANT CREATE ON DATABASE {name} TO {user}"
            ) from None


def _give_back(keeper: BaseDatabaseWrapper) -> None:
    """The schema is gone, if it was this run's: whoever holds the lock made it."""
    try:
        with keeper.cursor() as cursor:
            cursor.execute(
                "SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            )
            if cursor.rowcount:
                cursor.execute(f"DROP SCHEMA IF EXISTS {SCRATCH} CASCADE")
    finally:
        keeper.close()


def _point_functions_here() -> None:
    """The migrations bind their functions to `public`: those of the scratch schema look there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc "
            "WHERE pronamespace = %s::regnamespace AND prokind = 'f'",
            [SCRATCH],
        )
        for (function,) in cursor.fetchall():
            cursor.execute(f"ALTER FUNCTION {function} SET search_path = {SCRATCH}, pg_temp")


def database_exists(name: str) -> bool:
    """Whether the server has a database of this name."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        return bool(cursor.rowcount)


def create_database(name: str) -> None:
    """An empty database; raises NoPlace where the user may not make one."""
    try:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
    except Error as error:
        user = connection.settings_dict["USER"]
        raise NoPlace(
            f"The database user {user} could not create the database {name}: {error} "
            f"Let a superuser say: ALTER ROLE {user} CREATEDB"
        ) from None


def drop_database(name: str) -> None:
    """The database is gone, with our connections to it.

    Not by force: that would end the server's own cleaning too, which only its owner may. Without
    it the server asks its cleaning to stop, and waits for it.
    """
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = %s AND usename = current_user",
            [name],
        )
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")


def remembered() -> str:
    """What was noted on the current database; empty where nothing was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database "
            "WHERE datname = current_database()"
        )
        found: str = cursor.fetchone()[0]
    return found


def remember(note: str) -> None:
    """Note this on the current database, in place of what was noted before."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON DATABASE {name} IS %s", [note])


def name_for(debriefs: int) -> str:
    """The name of the database in which so many debriefs are measured, within PostgreSQL's 63
    bytes."""
    name = f"{connection.settings_dict['NAME']}_benchmark_{debriefs}"
    if len(name.encode()) <= 63:
        return name
    return f"benchmark_{hashlib.sha256(name.encode()).hexdigest()[:12]}_{debriefs}"


def address() -> str:
    """A `DATABASE_URL` that leads where the default connection leads now."""
    settings = connection.settings_dict
    asked = {
        "host": settings["HOST"],
        "port": settings["PORT"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        **{name: str(value) for name, value in settings["OPTIONS"].items()},
    }
    given = {name: value for name, value in asked.items() if value}
    return f"postgresql:///{settings['NAME']}?{urlencode(given)}"
