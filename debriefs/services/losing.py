"""Who loses access when consent is withdrawn: told, in numbers, before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from debriefs.models import Version
from portal.models import SharingGroup, Tier, User


@dataclass(frozen=True, slots=True)
class Losing:
    """The groups that a version is shared with now, each with its number of people, and all of
    these people, each once."""

    groups: Sequence[tuple[str, int]]
    people: int
    public: bool


def of(version: Version) -> Losing:
    """Who reads the version today through a group; two queries."""
    groups = SharingGroup.objects.filter(group__in=version.readers)
    counted = groups.annotate(
        count=Count("group__user", filter=Q(group__user__is_active=True))
    ).order_by("tier", "name")
    listed = list(counted)
    return Losing(
        groups=[(each.name, each.count) for each in listed if each.tier != Tier.PUBLIC],
        people=User.objects.filter(is_active=True, groups__in=version.readers).distinct().count(),
        public=any(each.tier == Tier.PUBLIC for each in listed),
    )
