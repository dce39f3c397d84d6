"""`manage.py benchmark --debriefs N`: how fast is the portal with that many debriefs?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import cycle
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from debriefs import permissions
from debriefs.demo.cast import PASSWORD
from debriefs.measuring import people, places, timing
from debriefs.measuring.invented import READ, Inventor
from debriefs.measuring.loading import load
from debriefs.measuring.serving import Browser, NoAnswer, portal
from debriefs.models import Version
from debriefs.search import index
from portal.embedded import say
from portal.models import SharingGroup

#: What the rows of a database follow from: if any of it changes, they are made anew.
MADE_BY = (
    *(f"debriefs/measuring/{name}.py" for name in ("loading", "copying", "words", "invented")),
    *("debriefs/migrations/*.py", "portal/migrations/*.py", "fixtures/*.json"),
)
#: And what is kept for search of them.
INDEXED_BY = ("debriefs/search/index.py",)


class Command(BaseCommand):
    """Makes a database of its own with invented debriefs, serves it, and prints what pages take."""

    help = "Measure the portal over HTTP with invented debriefs, in a database of its own."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many debriefs, how often, and in what form the figures are wanted."""
        parser.add_argument("--debriefs", type=int, required=True, help="how many, from 2 on")
        parser.add_argument("--requests", type=int, default=40, help="for each kind of page")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--drop", action="store_true", help="keep no database for next time")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, serve, measure, print; the exit status says nothing of the speed."""
        many, requests = options["debriefs"], options["requests"]
        if many < 2 or requests < 1:
            raise CommandError("Give at least two debriefs, and one request.")
        name = places.name_for(many)
        try:
            with _prepared(name, many):
                found = _measured(many, requests)
        except (places.NoPlace, NoAnswer) as trouble:
            raise CommandError(str(trouble)) from None
        finally:
            if options["drop"]:
                places.drop_database(name)
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        self.stdout.write(
            f"{many:,} debriefs, of which the officer may read {found['readable']:,}; "
            f"{requests} requests each"
        )
        for line in timing.table([timing.Row(**row) for row in found["pages"]]):
            self.stdout.write(line)


@contextmanager
def _prepared(name: str, many: int) -> Iterator[None]:
    """The default connection leads to the database with so many debriefs, made if it is missing;
    their index is written anew if that is written otherwise than it was."""
    rows, words = _digest(MADE_BY), _digest(INDEXED_BY)
    noted = ""
    if places.database_exists(name):
        with places.leading_to(NAME=name):
            noted = places.remembered()
    known = noted.startswith(rows)
    if not known:
        say(f"Creating the database {name} …")
        places.drop_database(name)
        places.create_database(name)
    with places.leading_to(NAME=name):
        if known:
            say(f"The database {name} is there from the last time.")
        else:
            _fill(many)
            places.remember(rows)
        if noted != f"{rows} {words}":
            say("Indexing them …")
            index.rebuild()
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            places.remember(f"{rows} {words}")
        yield


def _digest(patterns: Sequence[str]) -> str:
    """A digest of these files, which decide what is in the database."""
    root = Path(settings.BASE_DIR)
    digest = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in root.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _fill(many: int) -> None:
    say("Making its tables …")
    call_command("migrate", verbosity=0)
    say("Gathering organisations and people …")
    makers = people.gather()
    say(f"Inventing {many:,} debriefs …")
    load(Inventor().debriefs(many), makers)


def _measured(many: int, requests: int) -> dict[str, Any]:
    """Figures of every kind of page, as they are printed with `--json`."""
    officer = people.officer()
    readable = Version.objects.visible_to(officer)
    choices = timing.Choices(
        debriefs=many,
        slugs=list(readable.order_by("pk").values_list("debrief__slug", flat=True)[:200]),
        themes=_most_used("themes__key"),
        types=_most_used("exploitation__key"),
        forces=_most_used("participations__organisation__key"),
    )
    say("Starting the web server …")
    with portal(places.address()) as port:
        browser = Browser(port)
        browser.sign_in(people.OFFICER, PASSWORD)
        first = browser.get("/debriefs/").seconds
        say(f"Asking for each kind of page {requests} times …")
        rows = timing.measure(browser, choices, requests, warm_up=max(3, requests // 8))
        say("Asking again after releases …")
        limit = rows[0].median / 1000
        rows += timing.measure_after(browser, choices, limit, max(1, requests // 4), _releasing())
    return {
        "debriefs": many,
        "readable": readable.count(),
        "first_ms": round(first * 1000, 2),
        "pages": [asdict(row) for row in rows],
    }


def _most_used(field: str) -> list[str]:
    """Four values of a fact that many debriefs have."""
    some = Version.objects.filter(pk__in=Version.objects.order_by("-pk").values("pk")[:500])
    found = some.values_list(field, flat=True)
    counted: dict[str, int] = {}
    for key in found:
        if key:
            counted[key] = counted.get(key, 0) + 1
    return sorted(counted, key=lambda key: (-counted[key], key))[:4]


def _releasing() -> Callable[[], None]:
    """Takes a debrief back from the officer's group and shares it again, each time another one."""
    group = SharingGroup.objects.get(key=READ).group
    versions = cycle(Version.objects.filter(readers__contains=[group.pk]).order_by("-pk")[:50])

    def release() -> None:
        version = next(versions)
        permissions.revoke(permissions.READ, group, version)
        permissions.grant(permissions.READ, group, version)

    return release
