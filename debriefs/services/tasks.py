"""What waits for a person: one verb, one date, one place to go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from debriefs import permissions
from debriefs.models import Version
from debriefs.services import queue
from portal.models import User


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for the person: what to do with which operation, why, since when, and
    where."""

    why: str
    operation: str
    title: str
    since: datetime
    url: str
    marking: str
    verb: str = "Read"


def _task(why: str, version: Version, since: datetime) -> Task:
    return Task(
        why=why,
        operation=version.debrief.operation,
        title=version.title,
        since=since,
        url=version.get_absolute_url(),
        marking=version.marking,
    )


def _why(row: queue.Waiting) -> str:
    when = f", {row.due.words.lower()}" if row.due.day else ""
    return f"Waits for your force's decision{when}"


def waiting_for(person: User) -> list[Task]:
    """What waits for the person: sign-offs of their force, drafts, versions to check or send."""
    tasks = [
        replace(
            _task(_why(row), row.version, at),
            url=row.url,
            verb="Decide on",
        )
        for row in queue.waiting(person)
        if row.may and (at := row.version.sealed_at)
    ]
    for why, verb, route, rule in (
        ("Draft of your team", "Write", "draft", permissions.can_edit),
        ("Waits for a second reader", "Check", "check", permissions.can_check),
        ("Checked, waits to go to the forces", "Send", "send", permissions.can_send),
    ):
        tasks += [
            replace(
                _task(why, version, version.started_at),
                verb=verb,
                url=reverse(f"debriefs:{route}", args=[version.debrief.slug]),
            )
            for version in rule.things(person).select_related("debrief")
            if rule is not permissions.can_check or version.checked_at is None
        ]
    return sorted(tasks, key=lambda task: task.since)
