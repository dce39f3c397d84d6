"""What waits for a person: one verb, one date, one place to go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from debriefs.services import queue, team_tasks
from portal.models import User


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for the person: what to do with which operation, why, since when, by
    when, and where."""

    verb: str
    operation: str
    title: str
    why: str
    since: datetime
    due: date | None
    url: str
    marking: str

    @property
    def late(self) -> bool:
        """Whether it should have been done by now."""
        return self.due is not None and self.due < timezone.localdate()


def waiting_for(person: User) -> list[Task]:
    """What waits for the person: sign-offs of their force, and what their team has to do. What is
    due first comes first, then what has waited longest."""
    tasks = [
        Task(
            verb="Decide on",
            operation=row.version.debrief.operation,
            title=row.version.title,
            why="Waits for your force",
            since=at,
            due=row.version.due_on,
            url=row.url,
            marking=row.version.marking,
        )
        for row in queue.waiting(person)
        if row.may and (at := row.version.sealed_at)
    ]
    tasks += [
        Task(
            verb=need.verb,
            operation=row.operation,
            title=row.title,
            why=need.why,
            since=row.since,
            due=row.due if need.dated else None,
            url=row.url,
            marking=row.marking,
        )
        for need, row in team_tasks.of(person)
    ]
    return sorted(tasks, key=lambda task: (task.due or date.max, task.since))
