"""What waits for a person: one verb, one date, one place to go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from debriefs import permissions
from debriefs.models import Version
from portal.models import User


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for the person: a verb, what it is about, since when, and where."""

    verb: str
    operation: str
    title: str
    since: datetime
    url: str
    marking: str


def _task(verb: str, version: Version, since: datetime) -> Task:
    debrief = version.debrief
    return Task(
        verb, debrief.operation, version.title, since, version.get_absolute_url(), version.marking
    )


def waiting_for(person: User) -> list[Task]:
    """What the person could move: sign-offs of their force, drafts, versions to check or send."""
    tasks = [
        _task("Decide", signoff.version, signoff.version.sealed_at)
        for signoff in permissions.can_decide.things(person).select_related("version__debrief")
        if signoff.version.sealed_at
    ]
    for verb, rule in (
        ("Write", permissions.can_edit),
        ("Check", permissions.can_check),
        ("Send", permissions.can_send),
    ):
        tasks += [
            _task(verb, version, version.started_at)
            for version in rule.things(person).select_related("debrief")
            if not (verb == "Check" and version.checked_at)
        ]
    return sorted(tasks, key=lambda task: task.since)
