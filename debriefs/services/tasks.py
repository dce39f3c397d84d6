"""What waits for a person: one verb, one date, one place to go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from debriefs import permissions
from portal.models import User


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for the person: a verb, what it is about, since when, and where."""

    verb: str
    operation: str
    title: str
    since: datetime
    url: str


def waiting_for(person: User) -> list[Task]:
    """What the person could move now: sign-offs of their force, drafts, and versions to check or
    send."""
    tasks = [
        Task(
            "Decide",
            signoff.version.debrief.operation,
            signoff.version.title,
            signoff.version.sealed_at,
            signoff.version.get_absolute_url(),
        )
        for signoff in permissions.can_decide.things(person).select_related("version__debrief")
        if signoff.version.sealed_at
    ]
    for verb, rule in (
        ("Write", permissions.can_edit),
        ("Check", permissions.can_check),
        ("Send", permissions.can_send),
    ):
        tasks += [
            Task(
                verb,
                version.debrief.operation,
                version.title,
                version.started_at,
                version.get_absolute_url(),
            )
            for version in rule.things(person).select_related("debrief")
            if not (verb == "Check" and version.checked_at)
        ]
    return sorted(tasks, key=lambda task: task.since)
