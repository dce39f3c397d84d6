"""Who gains access if a version is shared with a group, who loses it if that takes down the version
before, and where the version is shared now?

Asked before anything is shared; told in heads. Whether it may go there is decided in
`releasing.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from debriefs.models import Release, ReleaseProposal, Version
from debriefs.rules import Decision
from debriefs.services import releasing
from debriefs.workflow import State
from portal.models import READING_ROLES, Belonging, SharingGroup, Tier, User


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation of a group, with how many people read through it."""

    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Gain:
    """A sharing group to which the version is not shared yet.

    `people` belong to it and may sign in, `fresh` of them do not read the debrief through any
    group today. `decision` says whether the version may go there; where it takes two editors,
    `proposal` is the one that is open.
    """

    group: SharingGroup
    members: Sequence[Member]
    people: int
    fresh: int
    decision: Decision
    takes_two: bool
    proposal: ReleaseProposal | None

    @property
    def public(self) -> bool:
        """Whether anybody reads what goes there, signed in or not."""
        return self.group.tier == Tier.PUBLIC


@dataclass(frozen=True, slots=True)
class Live:
    """A group with which a version is shared now, and how many people belong to it."""

    release: Release
    people: int


@dataclass(frozen=True, slots=True)
class Consequences:
    """What sharing with some groups does: who gains, and who loses the version that is up."""

    gaining: int
    losing: int
    before: Version | None
    left_out: Sequence[SharingGroup]


def of(version: Version) -> list[Gain]:
    """Every group with which the version is not shared, the narrowest first; seven queries."""
    live = {release.sharing_group_id for release in live_releases(version)}
    groups = list(_counted(_reading_now(version)).exclude(pk__in=live))
    decisions = releasing.may_go_to_each(version, groups)
    members = _members()
    proposals = {
        proposal.sharing_group_id: proposal
        for proposal in version.release_proposals.filter(closed_at__isnull=True).select_related(
            "proposed_by"
        )
    }
    return [
        Gain(
            group=group,
            members=members.get(group.pk, ()),
            people=group.people,
            fresh=group.fresh,
            decision=decisions[group.pk],
            takes_two=releasing.needs_two(group),
            proposal=proposals.get(group.pk),
        )
        for group in groups
    ]


def now(version: Version) -> list[Live]:
    """Where the debrief is shared now, with whichever of its versions is up; three queries."""
    up = _up(version)
    if up is None:
        return []
    releases = list(live_releases(up).select_related("released_by", "proposed_by"))
    people = dict(
        _counted([])
        .filter(pk__in=[release.sharing_group_id for release in releases])
        .values_list("pk", "people")
    )
    return [Live(release, people.get(release.sharing_group_id, 0)) for release in releases]


def consequences(version: Version, groups: Iterable[SharingGroup]) -> Consequences:
    """What it does to share the version with these groups now. Five queries at most."""
    chosen = [group.group_id for group in groups]
    reading = _reading_now(version)
    up = _up(version)
    before = up if chosen and up is not None and up.pk != version.pk else None
    left_out: list[SharingGroup] = []
    losing = 0
    if before is not None:
        left_out = [
            release.sharing_group
            for release in live_releases(before)
            if release.sharing_group.group_id not in chosen
        ]
        losing = _people_in(reading).exclude(pk__in=_people_in(chosen)).count()
    gaining = _people_in(chosen).exclude(pk__in=_people_in(reading)).count()
    return Consequences(gaining, losing, before, left_out)


def losing_by_withdrawal(release: Release) -> int:
    """How many people no longer read the debrief if this release is taken back."""
    gone = [release.sharing_group.group_id]
    others = [number for number in _reading_now(release.version) if number not in gone]
    return _people_in(gone).exclude(pk__in=_people_in(others)).count()


def live_releases(version: Version) -> QuerySet[Release]:
    """The releases of the version that have not been taken back."""
    return (
        version.releases.filter(withdrawn_at__isnull=True)
        .select_related("sharing_group")
        .order_by("sharing_group__tier", "sharing_group__name")
    )


def _up(version: Version) -> Version | None:
    if version.state == State.RELEASED:
        return version
    return Version.objects.filter(debrief=version.debrief_id, state=State.RELEASED.value).first()


def _reading_now(version: Version) -> list[int]:
    """The groups that read the debrief now. Not the public: its members read more in a group."""
    up = _up(version)
    if up is None:
        return []
    return list(
        SharingGroup.objects.filter(group__in=up.readers)
        .exclude(tier=Tier.PUBLIC)
        .values_list("group", flat=True)
    )


def _people_in(groups: Sequence[int]) -> QuerySet[User]:
    return User.objects.filter(is_active=True, groups__in=groups).distinct()


def _counted(reading: Sequence[int]) -> QuerySet[Any]:
    """The groups with the number of their people, and of those who read nothing through these."""
    active = Q(group__user__is_active=True)
    return SharingGroup.objects.annotate(
        people=Count("group__user", filter=active),
        fresh=Count(
            "group__user", filter=active & ~Q(group__user__in=_people_in(reading).values("pk"))
        ),
    ).order_by("tier", "name")


def _members() -> Mapping[int, Sequence[Member]]:
    """The organisations of each group with their heads; last, those who belong in person."""
    reading = Q(
        organisation__memberships__ended_at__isnull=True,
        organisation__memberships__role__in=READING_ROLES,
        organisation__memberships__user__is_active=True,
    )
    found: dict[int, list[Member]] = {}
    live = Belonging.objects.filter(ended_at__isnull=True)
    organisations = (
        live.filter(organisation__isnull=False)
        .values_list("sharing_group", "organisation__name")
        .annotate(people=Count("organisation__memberships__user", filter=reading, distinct=True))
        .order_by("organisation__name")
    )
    for group, name, people in organisations:
        found.setdefault(group, []).append(Member(name, people))
    in_person = (
        live.filter(user__is_active=True)
        .values_list("sharing_group")
        .annotate(people=Count("user"))
        .order_by()
    )
    for group, people in in_person:
        found.setdefault(group, []).append(Member("In person", people))
    return found
