"""Do the migrations run forward, back to nothing, and forward again to the same?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import pytest
from django.db import connection
from psycopg2 import sql

ROOT = Path(__file__).resolve().parent.parent

SHAPE = """
    SELECT 'column', table_name, column_name, data_type FROM information_schema.columns
        WHERE table_schema = 'public'
    UNION ALL SELECT 'function', proname, pg_get_functiondef(oid), '' FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid), '' FROM pg_trigger
        WHERE NOT tgisinternal
    UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid), '' FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index', indexname, indexdef, '' FROM pg_indexes WHERE schemaname = 'public'
"""


def scratch_settings(name: str) -> dict[str, Any]:
    """How to reach another database on the server of the tests."""
    own = connection.settings_dict
    return {
        "dbname": name,
        "user": own["USER"] or None,
        "password": own["PASSWORD"] or None,
        "host": own["HOST"] or None,
        "port": own["PORT"] or None,
    }


def database_url(name: str = "") -> str:
    """The address of that database on the server of the tests, or of the one in use."""
    own = scratch_settings(name or str(connection.settings_dict["NAME"]))
    user = f"{own['user']}:{own['password'] or ''}@" if own["user"] else ""
    host = quote(str(own["host"]), safe="")
    return f"postgresql://{user}/{own['dbname']}?host={host}&port={own['port']}"


@pytest.fixture
def scratch() -> Iterator[str]:
    """The name of an empty database, dropped afterwards."""
    name = f"scratch_{os.getpid()}"
    own = psycopg2.connect(**scratch_settings("postgres"))
    own.autocommit = True
    with own.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield name
    with own.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    own.close()


def shape(name: str) -> set[tuple[str, ...]]:
    """Everything that a schema consists of."""
    with psycopg2.connect(**scratch_settings(name)) as own, own.cursor() as cursor:
        cursor.execute(SHAPE)
        return set(cursor.fetchall())


def migrate(name: str, *arguments: str) -> None:
    """Run `manage.py migrate` on the scratch database, as a person would."""
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url(name)},
        check=True,
    )


def test_migrations_run_forward_and_back(scratch: str) -> None:
    migrate(scratch)
    forward = shape(scratch)
    assert any(row[1] == "version_seal" for row in forward)
    migrate(scratch, "debriefs", "zero")
    left = shape(scratch)
    assert not any(row[1].startswith("debriefs_") for row in left), "something was left behind"
    for app in ("account", "guardian", "portal"):
        migrate(scratch, app, "zero")
    assert not any(row[1].startswith("portal_") for row in shape(scratch))
    migrate(scratch)
    assert shape(scratch) == forward
