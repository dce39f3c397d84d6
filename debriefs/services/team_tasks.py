"""What waits for one person of a project team: the lists of the desk, narrowed to what they may
do, or began themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from debriefs import permissions
from debriefs.services import desk, lanes
from debriefs.services.desk import Row
from debriefs.services.drafts import teams_of
from debriefs.services.lanes import Rows
from debriefs.services.pipeline import LANES
from portal.models import User

#: So long before it is due a review is a task.
REVIEW_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Need:
    """Why something waits for a person: rows of one list of the desk, narrowed to theirs.

    The row leads where the list leads; `verb` says what to do there. `dated` is whether the day
    that the list gives is the one by which to do it.
    """

    verb: str
    why: str
    lane: str
    rows: Callable[[User], Rows]
    dated: bool = False


def _write(person: User) -> Rows:
    return lanes.drafting(person).filter(contributors=person, sent_back_for="")


def _change(person: User) -> Rows:
    return lanes.drafting(person).filter(contributors=person).exclude(sent_back_for="")


def _check(person: User) -> Rows:
    return lanes.checking(person).filter(pk__in=permissions.can_check.things(person).values("pk"))


def _send(person: User) -> Rows:
    return lanes.checked(person).filter(pk__in=permissions.can_send.things(person).values("pk"))


def _share(person: User) -> Rows:
    """What is not under embargo."""
    free = Q(embargo_until__isnull=True) | Q(embargo_until__lte=timezone.localdate())
    may = permissions.can_release.things(person).values("pk")
    return lanes.agreed(person).filter(free, until_proceedings_end=False, pk__in=may)


def _confirm(person: User) -> Rows:
    """What another editor proposed."""
    may = permissions.can_release.things(person).values("pk")
    return lanes.proposals(person).filter(version__in=may).exclude(proposed_by=person)


def _review(person: User) -> Rows:
    return lanes.reviews(person).filter(row_due__lte=timezone.localdate() + REVIEW_SOON)


def _reopen(person: User) -> Rows:
    return lanes.returned(person).filter(contributors=person)


def _take_back(person: User) -> Rows:
    may = permissions.can_withdraw_release.things(person).values("pk")
    return lanes.no_longer(person).filter(pk__in=may)


NEEDS: tuple[Need, ...] = (
    Need("Write", "Your draft", "drafting", _write),
    Need("Change", "The second reader sent it back", "drafting", _change),
    Need("Check", "Waits for a second reader", "checking", _check),
    Need("Send", "Checked, waits to go to the forces", "checked", _send),
    Need("Open the next version of", "A force wants changes or declined", "returned", _reopen),
    Need("Share", "Every force agreed", "agreed", _share),
    Need("Confirm sharing", "Another editor proposed it", "proposals", _confirm),
    Need("Review", "Asked whether it still holds", "reviews", _review, dated=True),
    Need("Take back", "Should no longer be shared", "no-longer", _take_back),
)


def of(person: User) -> list[tuple[Need, Row]]:
    """Everything that waits for the person, list by list; nothing for who is in no team.

    One query for each need, and one more.
    """
    if not teams_of(person).exists():
        return []
    return [
        (need, row)
        for need in NEEDS
        for row in desk.rows_of(LANES[need.lane], need.rows(person).order_by("row_since"))
    ]
