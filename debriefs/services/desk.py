"""The desk of a project team: how much is where, what is stuck, and the list behind each number.

Which lists there are stands in `pipeline.py`, what each holds is asked in `lanes.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from debriefs.services.lanes import Rows
from debriefs.services.pipeline import LANES, PIPELINE, WATCHED, Lane
from portal.models import User

__all__ = [
    "LANES",
    "SORTS",
    "Count",
    "Lane",
    "Row",
    "board",
    "rows_of",
    "sorted_rows",
]


#: Ways to sort a list; the first is the one that it begins with.
SORTS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "age": ("Oldest first", ("row_since",)),
    "due": ("Due first", (F("row_due").asc(nulls_last=True), "row_since")),
    "name": ("Operation", ("row_operation",)),
    "who": ("Who", ("row_who", "row_since")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: what, since when, by or on whom, when due, and where to go."""

    operation: str
    title: str
    number: int
    marking: str
    invented: bool
    since: datetime
    days: int
    who: str
    due: date | None
    late: bool
    about: str
    url: str

    @property
    def ago(self) -> str:
        """How long ago it began."""
        if self.days < 1:
            return "today"
        return "1 day" if self.days == 1 else f"{self.days} days"


@dataclass(frozen=True, slots=True)
class Count:
    """A number of the desk, the first rows behind it, and the numbers of parts of that list."""

    lane: Lane
    number: int
    first: Sequence[Row] = ()
    parts: Sequence[Count] = ()


def board(person: User, *, at_most: int) -> tuple[list[Count], list[Count]]:
    """The numbers of the team's desk as the person may see it: where versions are, and what is
    watched, each of those with its first rows. As many queries as there are lists, twice at most.
    """
    pipeline = [Count(lane, lane.rows(person).count()) for lane in PIPELINE]
    watched = []
    for lane in (lane for lane in WATCHED if not lane.within):
        found = sorted_rows(person, lane, "due" if lane.due else "age")
        parts = [
            Count(part, part.rows(person).count()) for part in WATCHED if part.within == lane.key
        ]
        watched.append(Count(lane, found.count(), rows_of(lane, found[:at_most]), parts))
    return pipeline, watched


def sorted_rows(person: User, lane: Lane, sort: str) -> Rows:
    """The rows of a list in one of the orders of `SORTS`."""
    _, order = SORTS[sort]
    return lane.rows(person).order_by(*order, "row_slug", "row_who")


def rows_of(lane: Lane, found: Rows) -> list[Row]:
    """The rows as they are shown."""
    today = timezone.localdate()
    return [_row(lane, today, {name[4:]: value for name, value in row.items()}) for row in found]


def _row(lane: Lane, today: date, values: dict[str, Any]) -> Row:
    slug, number, due = values.pop("slug"), values["number"], values["due"]
    arguments = [slug, number] if lane.leads_to == "debriefs:version" else [slug]
    return Row(
        **values | {"about": lane.about(values["about"])},
        days=(today - timezone.localdate(values["since"])).days,
        late=bool(due and due < today),
        url=reverse(lane.leads_to, args=arguments),
    )
