"""Which database does the portal talk to, and is that server running?

`DATABASE_URL` names a real server. Without it the portal starts a PostgreSQL of its own
(`embedded.py`).

What is in the database does not live here (see `models.py` and the migrations), nor does the demo.
This module never imports the Django settings, because they import it.

    python -m portal.database start | stop | status | remove
"""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg2
from django.core.exceptions import ImproperlyConfigured
from psycopg2.extensions import parse_dsn

from portal.embedded import EmbeddedServer, ServerTrouble, say


def database_settings(base_dir: Path) -> dict[str, Any]:
    """Django's `DATABASES["default"]` for the project in `base_dir`. Starts and creates nothing.

    Raises ImproperlyConfigured, with what to do, when `DATABASE_URL` can't be used.
    """
    url = _database_url()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,  # so that a restarted server costs nobody a page
        **(_from_url(url) if url else EmbeddedServer(base_dir).settings()),
    }


def ensure_running(base_dir: Path) -> None:
    """The database of the project in `base_dir` answers when this returns.

    Any number of processes may ask at once. Does nothing when `DATABASE_URL` is set. Raises
    ServerTrouble.
    """
    if not _database_url():
        EmbeddedServer(base_dir).start()


def _database_url() -> str:
    return os.environ.get("DATABASE_URL", "").strip()


def _from_url(url: str) -> dict[str, Any]:
    form = "Write it as postgresql://user:password@host:5432/name?sslmode=verify-full"
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(f"DATABASE_URL must name a PostgreSQL server. {form}.")
    try:
        parts: dict[str, str] = parse_dsn(url)
    except (psycopg2.ProgrammingError, UnicodeError) as error:
        # The library's own words may quote the whole address, password included.
        odd_option = re.search(r"invalid URI query parameter: (.+)", str(error))
        raise ImproperlyConfigured(
            f"DATABASE_URL has an option that PostgreSQL does not know: {odd_option[1]}. "
            "Leave it out or correct its name."
            if odd_option
            else f"DATABASE_URL can't be read. {form}, with any of : / ? # @ % in the user name or "
            "the password written as a percent sign and two digits, such as %40 for @."
        ) from None
    if not parts.get("dbname"):
        raise ImproperlyConfigured(f"DATABASE_URL names no database. {form}.")
    port = parts.pop("port", "")
    if port and not all(one.isdecimal() and 0 < int(one) < 65536 for one in port.split(",")):
        raise ImproperlyConfigured(
            f"DATABASE_URL has the port {port!r}. "
            "Give a number from 1 to 65535, or leave it out for 5432."
        )
    return {
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": port,
        "OPTIONS": parts,
    }


def main(arguments: Sequence[str]) -> int:
    """The command line; returns the exit status."""
    server = EmbeddedServer(Path(__file__).parent.parent)
    if len(arguments) != 1 or arguments[0] not in ("start", "stop", "status", "remove"):
        say("Usage: python -m portal.database start | stop | status | remove")
        return 2
    if _database_url():
        say(
            "DATABASE_URL is set: the portal talks to that server, and there is nothing to do here."
        )
        return 0
    try:
        match arguments[0]:
            case "start":
                server.start()
            case "stop":
                say(
                    "The database server is stopped."
                    if server.stop()
                    else "No database server runs."
                )
            case "remove":
                server.remove()
            case "status":
                running = server.answers()
                print(f"running, {server.data}" if running else "not running")
                return 0 if running else 3
    except ServerTrouble as trouble:
        say(str(trouble))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
