"""What the worker does: `manage.py db_worker` runs what is enqueued here.

A task commits with the change that enqueues it, or not at all. What is done stands in `outbox.py`;
which saved searches a release matches stands, with its own task, in `services/alerting.py`.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django_tasks import task

from debriefs import outbox

log = structlog.get_logger("debriefs.tasks")


class TaskFailed(Exception):
    """A task could not be done; the log says where. The error's own words may quote a row, and the
    table of tasks keeps what it is told, so they end here."""


@task()
def send_notice(notice: int) -> None:
    """Mail the notice of this number, and try again later if the mail server does not take it."""

    def again(when: datetime) -> None:
        send_notice.using(run_after=when).enqueue(notice)

    try:
        outbox.send(notice, again)
    except Exception as error:
        log.exception("task", task="send_notice", notice=notice)
        raise TaskFailed(type(error).__name__) from None
