"""What the tests know of mail: the worker, done by hand, and what reached whom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from unittest import mock

from django.core import mail
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from debriefs.models import Notice
from tests.world import World


def work() -> None:
    """What the worker would do now, until nothing is left that is due."""
    worker = Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="tests",
        excluded_queue_names=[],
    )
    # Between two tasks it drops connections that are in a transaction, as that of a test is.
    with mock.patch("django_tasks_db.management.commands.db_worker.close_old_connections"):
        worker.run()


def told(world: World, kind: str) -> set[str]:
    """Who has a notice of this kind, whether it holds or not."""
    people = set(Notice.objects.filter(kind=kind).values_list("person", flat=True))
    return {key for key, number in world.people.items() if number in people}


def mailed() -> list[str]:
    """Whom the mails went to, by the keys of the world, one for each mail."""
    return sorted(to.removesuffix("@tests.example") for each in mail.outbox for to in each.to)


@contextmanager
def on(day: date) -> Iterator[datetime]:
    """It is ten in the morning of that day."""
    then = timezone.make_aware(datetime.combine(day, time(10)))
    with mock.patch.object(timezone, "now", return_value=then):
        yield then
