"""Which words found nothing, and how often? For the project team, who can do something about it.

Counted by day (`searches.found_nothing`), without who asked and at what hour, so that nobody has to
mind what they look for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from debriefs import permissions
from debriefs.exceptions import Refused
from debriefs.models import NothingFound
from portal.models import User

#: How long it is known.
KEPT_FOR = timedelta(days=365)

#: Lines of the list.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Line:
    """Words that found nothing, how often, and on which day last."""

    words: str
    times: int
    last: date


def lines() -> Sequence[Line]:
    """What was asked most and found nothing, in the last year."""
    rows = (
        NothingFound.objects.filter(day__gt=timezone.localdate() - KEPT_FOR)
        .order_by()
        .values("words")
        .annotate(asked=Sum("times"), last=Max("day"))
        .order_by("-asked", "-last", "words")
    )
    return [Line(row["words"], row["asked"], row["last"]) for row in rows[:SHOWN]]


@transaction.atomic
def deal_with(*, by: User, words: str) -> None:
    """The team has seen to it, so the words leave the list; asked again in vain they come back."""
    decision = permissions.may_tend_search(by)
    if not decision:
        raise Refused(decision.reason)
    NothingFound.objects.filter(words=words).delete()


def forget_old() -> int:
    """What found nothing long ago is forgotten. Returns how many rows."""
    return NothingFound.objects.filter(day__lte=timezone.localdate() - KEPT_FOR).delete()[0]
