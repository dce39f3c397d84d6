"""Who will see this? Before anything is shared: the groups, organisations and people of each tier.

Counted are people who may sign in today, each once. Who does read, once a version is shared, stands
beside it in the database (`readers`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from debriefs.models import Version
from portal.models import Belonging, SharingGroup, Tier, User


@dataclass(frozen=True, slots=True)
class Circle:
    """One sharing group: who belongs to it."""

    group: SharingGroup
    organisations: Sequence[str]
    people: int


@dataclass(frozen=True, slots=True)
class Ring:
    """One tier: the groups of it, and how many people read what travels as far as this.

    `people` counts everyone of this tier and of those within it, each once.
    """

    tier: Tier
    circles: Sequence[Circle]
    people: int

    @property
    def tier_key(self) -> str:
        """The number of the tier, as an address holds it."""
        return str(self.tier.value)

    @property
    def public(self) -> bool:
        """Whether anybody at all reads what goes this far."""
        return self.tier == Tier.PUBLIC


@dataclass(frozen=True, slots=True)
class Audience:
    """The rings that something may reach, from the narrowest to the widest."""

    reach: Tier
    rings: Sequence[Ring]

    @property
    def words(self) -> str:
        """In one line: how far, through how many groups, to how many people."""
        if self.reach == Tier.PUBLIC:
            return "Anybody, signed in or not"
        groups = sum(len(ring.circles) for ring in self.rings)
        people = self.rings[-1].people
        return (
            f"{self.reach.label}: {groups} {'group' if groups == 1 else 'groups'}, "
            f"{people:,} {'person' if people == 1 else 'people'}"
        )

    def within(self, reach: int) -> Audience:
        """The audience of a part of this that travels no further than `reach`."""
        least = Tier(min(self.reach, reach))
        return Audience(least, [ring for ring in self.rings if ring.tier <= least])


def of(version: Version) -> Audience:
    """Who may come to read the version, if every force agrees: each sharing group within its reach.

    For one of its parts, ask `within(part.reach)`.
    """
    return everywhere(version).within(version.reach)


def everywhere(version: Version) -> Audience:
    """Who would come to read it, were it to travel as far as can be.

    A group of participating forces counts only if nobody else is in it, as when it is released.
    Three queries, whatever there is.
    """
    groups = _groups(version)
    members = _members()
    per_tier = _people_within(groups)
    rings = [
        Ring(
            tier,
            [
                Circle(group, members.get(group.pk, ()), group.people)
                for group in groups
                if group.tier == tier
            ],
            per_tier[tier],
        )
        for tier in Tier
    ]
    return Audience(Tier.PUBLIC, rings)


def _groups(version: Version) -> list[Any]:
    """The sharing groups that the version could be shared with, each with its number of people."""
    strangers = Belonging.objects.filter(
        sharing_group=OuterRef("pk"), ended_at__isnull=True
    ).exclude(organisation__in=version.participations.values("organisation"))
    counted = SharingGroup.objects.exclude(Q(tier=Tier.PARTICIPANTS) & Exists(strangers))
    people = Count("group__user", filter=Q(group__user__is_active=True))
    return list(counted.annotate(people=people).order_by("tier", "name"))


def _members() -> Mapping[int, Sequence[str]]:
    """The organisations of each sharing group, by its number."""
    found: dict[int, list[str]] = {}
    belonging = Belonging.objects.filter(ended_at__isnull=True, organisation__isnull=False)
    for group, name in belonging.order_by("organisation__name").values_list(
        "sharing_group", "organisation__name"
    ):
        found.setdefault(group, []).append(name)
    return found


def _people_within(groups: Sequence[SharingGroup]) -> Mapping[int, int]:
    """How many people belong to one of the groups of a tier or of a tier within it, by tier."""
    within = {
        tier.value: Q(groups__in=[each.group_id for each in groups if each.tier <= tier])
        for tier in Tier
    }
    counts = {
        f"tier_{tier}": Count("pk", filter=those, distinct=True) for tier, those in within.items()
    }
    found = User.objects.filter(is_active=True).aggregate(**counts)
    return {tier: found[f"tier_{tier}"] for tier in within}
