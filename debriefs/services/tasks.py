"""What waits for a person: one verb, one date, one place to go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from debriefs import permissions
from debriefs.models import Version
from portal.models import User


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for the person: what for, in which operation, since when, and where."""

    why: str
    operation: str
    title: str
    since: datetime
    url: str
    marking: str


def _task(why: str, version: Version, since: datetime) -> Task:
    return Task(
        why=why,
        operation=version.debrief.operation,
        title=version.title,
        since=since,
        url=version.get_absolute_url(),
        marking=version.marking,
    )


def waiting_for(person: User) -> list[Task]:
    """What waits for the person: sign-offs of their force, drafts, versions to check or send."""
    tasks = [
        _task("Waits for your force's decision", signoff.version, signoff.version.sealed_at)
        for signoff in permissions.can_decide.things(person).select_related("version__debrief")
        if signoff.version.sealed_at
    ]
    for why, rule in (
        ("Draft of your team", permissions.can_edit),
        ("Waits for a second reader", permissions.can_check),
        ("Checked, waits to go to the forces", permissions.can_send),
    ):
        tasks += [
            _task(why, version, version.started_at)
            for version in rule.things(person).select_related("debrief")
            if rule is not permissions.can_check or version.checked_at is None
        ]
    return sorted(tasks, key=lambda task: task.since)
