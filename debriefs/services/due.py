"""When is something due, in words: the day, and how far off it is or how long ago it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

#: So many days before it is due, something is due soon.
SOON = 3


@dataclass(frozen=True, slots=True)
class Due:
    """A day on which something is due, seen from today; `day` is None where none was set."""

    day: date | None
    today: date

    @property
    def overdue(self) -> bool:
        """Whether the day is over."""
        return self.day is not None and self.day < self.today

    @property
    def soon(self) -> bool:
        """Whether it is due today or in the next few days."""
        return self.day is not None and 0 <= (self.day - self.today).days <= SOON

    @property
    def words(self) -> str:
        """Such as "Due in 5 days", "Due tomorrow" or "2 days overdue"."""
        if self.day is None:
            return "No date set"
        days = (self.day - self.today).days
        if days < 0:
            return f"{-days} {'day' if days == -1 else 'days'} overdue"
        return {0: "Due today", 1: "Due tomorrow"}.get(days, f"Due in {days} days")


def due(day: date | None) -> Due:
    """The day, seen from today where the portal is."""
    return Due(day, timezone.localdate())
