"""Sharing an agreed version with a group, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from debriefs import permissions
from debriefs.exceptions import Moved, Refused
from debriefs.models import Release, ReleaseProposal, Version
from debriefs.rules import YES, Decision
from debriefs.search import index
from debriefs.services import alerting, notifying, reviewing
from debriefs.services.locking import locked
from debriefs.services.seal import digest_of
from debriefs.text import tidy
from debriefs.workflow import State
from portal import audit
from portal.models import Belonging, SharingGroup, Tier, User


def may_go_to(version: Version, sharing_group: SharingGroup) -> Decision:
    """Whether the signatures let the version go to this group today, and if not, why.

    The lowest ceiling and the latest embargo of all sign-offs bind, as does the version's own
    reach. A group of participating forces must consist of those and nobody else.
    """
    return may_go_to_each(version, [sharing_group])[sharing_group.pk]


def may_go_to_each(version: Version, groups: Iterable[SharingGroup]) -> dict[int, Decision]:
    """`may_go_to` for each of these groups, by its number; one query for all."""
    strange = set(
        Belonging.objects.filter(
            sharing_group__tier=Tier.PARTICIPANTS,
            sharing_group__in=[group.pk for group in groups],
            ended_at__isnull=True,
        )
        .exclude(organisation__in=version.participations.values("organisation"))
        .values_list("sharing_group", flat=True)
    )
    return {group.pk: _may_go_to(version, group, group.pk in strange) for group in groups}


def _may_go_to(version: Version, sharing_group: SharingGroup, has_strangers: bool) -> Decision:
    ceiling = version.ceiling or version.reach
    if sharing_group.tier > ceiling:
        return Decision(
            False,
            f"The forces agreed to share this as far as “{Tier(ceiling).label}”. "
            f"{sharing_group} is “{Tier(sharing_group.tier).label}”, which is wider.",
        )
    free = not_embargoed(version)
    if free and has_strangers:
        return Decision(
            False, f"{sharing_group} has members that did not take part in the operation."
        )
    return free


def not_embargoed(version: Version) -> Decision:
    """Whether no embargo keeps the version from everybody today, and if one does, until when."""
    if version.embargo_until and version.embargo_until > timezone.localdate():
        return Decision(False, f"Under embargo until {version.embargo_until:%-d %B %Y}.")
    if version.until_proceedings_end:
        return Decision(False, "Under embargo until a force says that proceedings have ended.")
    return YES


def needs_two(sharing_group: SharingGroup) -> bool:
    """Whether sharing with the group goes beyond policing, so that a second editor confirms it."""
    return sharing_group.tier > Tier.POLICING


@transaction.atomic
def propose(*, by: User, version: Version, sharing_group: SharingGroup) -> ReleaseProposal:
    """A second editor is asked to share the version with a group beyond policing.

    Refuses what `release` would. Proposing twice is proposing once. Recorded as `version.proposed`.
    """
    agreed = locked(version)
    permissions.can_propose.require(by, agreed)
    if not needs_two(sharing_group):
        raise Refused(f"{sharing_group} is within policing: share it yourself.")
    _require_may_go_to(agreed, sharing_group)
    proposal, fresh = ReleaseProposal.objects.get_or_create(
        version=agreed, sharing_group=sharing_group, closed_at=None, defaults={"proposed_by": by}
    )
    if fresh:
        audit.record(
            "version.proposed",
            by=by,
            subject=agreed,
            debrief=agreed.debrief_id,
            group=sharing_group.key,
        )
        notifying.proposed(proposal, by=by)
    return proposal


@transaction.atomic
def close_proposal(*, by: User, proposal: ReleaseProposal) -> None:
    """The proposal is turned down, or taken back by whoever made it. Recorded as
    `version.proposal_closed`."""
    version = locked(proposal.version)
    permissions.can_propose.require(by, version)
    mine = ReleaseProposal.objects.select_for_update().get(pk=proposal.pk)
    if mine.closed_at:
        return
    mine.closed_at = timezone.now()
    mine.save(update_fields=["closed_at"])
    audit.record(
        "version.proposal_closed",
        by=by,
        subject=version,
        debrief=version.debrief_id,
        group=mine.sharing_group.key,
    )


def _require_may_go_to(version: Version, sharing_group: SharingGroup) -> None:
    decision = may_go_to(version, sharing_group)
    if not decision:
        raise Refused(decision.reason)


def _confirmed(version: Version, sharing_group: SharingGroup, by: User) -> User | None:
    """Who proposed what `by` confirms, where it takes two; the proposal is closed."""
    if not needs_two(sharing_group):
        return None
    proposal = ReleaseProposal.objects.filter(
        version=version, sharing_group=sharing_group, closed_at__isnull=True
    ).first()
    if proposal is None:
        raise Refused(
            f"{sharing_group} is beyond policing. Propose it, and a second editor confirms it."
        )
    if proposal.proposed_by_id == by.pk:
        raise Refused("You proposed this yourself. A second editor has to confirm it.")
    if not permissions.can_propose.decide(proposal.proposed_by, version):
        raise Refused(
            "Whoever proposed this is no editor any more. Turn the proposal down, and propose it "
            "yourself."
        )
    proposal.closed_at = timezone.now()
    proposal.save(update_fields=["closed_at"])
    return proposal.proposed_by


@transaction.atomic
def release(*, by: User, version: Version, sharing_group: SharingGroup) -> Release:
    """The group reads the version from the next request on; the version that was released before is
    superseded.

    Beyond policing it takes a second editor: another one has to have proposed it. Refuses what the
    signatures do not cover (`may_go_to`), and words that are not those that were signed. Releasing
    twice to a group is releasing once. Recorded as `version.released`, and `version.superseded`.
    """
    agreed = locked(version)
    permissions.can_release.require(by, agreed)
    known = agreed.releases.filter(sharing_group=sharing_group, withdrawn_at__isnull=True).first()
    if known:
        return known
    group = SharingGroup.objects.select_for_update(no_key=True).get(pk=sharing_group.pk)
    _require_may_go_to(agreed, group)
    if digest_of(agreed) != agreed.digest:
        raise Refused("The words are not those that were signed. Tell the administrator at once.")
    proposed_by = _confirmed(agreed, group, by)
    _supersede_before(agreed, by)
    made = Release.objects.create(
        version=agreed,
        sharing_group=sharing_group,
        released_by=by,
        proposed_by=proposed_by,
        released_at=timezone.now(),
    )
    permissions.grant(permissions.READ, sharing_group.group, agreed)
    if agreed.state != State.RELEASED:
        agreed.state, agreed.released_at = State.RELEASED.value, timezone.now()
        agreed.save(update_fields=["state", "released_at"])
        index.add([agreed.pk])
        reviewing.ask(agreed.debrief, timezone.localdate() + reviewing.USUALLY)
    audit.record(
        "version.released",
        by=by,
        subject=agreed,
        debrief=agreed.debrief_id,
        group=sharing_group.key,
        digest=agreed.digest,
    )
    alerting.released(agreed)
    return made


@dataclass(frozen=True, slots=True)
class Shared:
    """What came of sharing with several groups: with which it is shared now, and which wait for a
    second editor."""

    released: Sequence[SharingGroup]
    proposed: Sequence[SharingGroup]


@transaction.atomic
def share(
    *, by: User, version: Version, sharing_groups: Iterable[SharingGroup], digest: str
) -> Shared:
    """The version is shared with each of these groups, or where it takes two and nobody has
    proposed it, proposed to a second editor. All of it or nothing.

    Refuses a `digest` that is not the version's (`Moved`), and what `release` and `propose` refuse.
    Recorded as they are.
    """
    agreed = locked(version)
    if agreed.digest != digest:
        raise Moved()
    released, proposed = [], []
    for group in sharing_groups:
        waits = ReleaseProposal.objects.filter(
            version=agreed, sharing_group=group, closed_at__isnull=True
        )
        if needs_two(group) and not waits.exists():
            propose(by=by, version=agreed, sharing_group=group)
            proposed.append(group)
        else:
            release(by=by, version=agreed, sharing_group=group)
            released.append(group)
    return Shared(released, proposed)


def _supersede_before(following: Version, by: User) -> None:
    """The version that is up makes way; its grants go with it."""
    before = (
        Version.objects.filter(debrief=following.debrief_id, state=State.RELEASED.value)
        .exclude(pk=following.pk)
        .first()
    )
    if before is None:
        return
    permissions.revoke_all(permissions.READ, before)
    before.state, before.superseded_at = State.SUPERSEDED.value, timezone.now()
    before.save(update_fields=["state", "superseded_at"])
    audit.record(
        "version.superseded",
        by=by,
        subject=before,
        debrief=before.debrief_id,
        following=following.number,
    )


@transaction.atomic
def withdraw_release(*, by: User, release: Release, reason: str) -> Release:
    """The group reads the version no longer; its members find the reason instead."""
    version = locked(release.version)
    permissions.can_withdraw_release.require(by, version)
    if not tidy(reason):
        raise Refused("Give the reason. Members of the group will see it instead of the debrief.")
    mine = (
        Release.objects.select_for_update()
        .select_related("sharing_group__group")
        .get(pk=release.pk)
    )
    if mine.withdrawn_at:
        return mine
    mine.withdrawn_at, mine.withdrawn_by, mine.reason = timezone.now(), by, tidy(reason)
    mine.save(update_fields=["withdrawn_at", "withdrawn_by", "reason"])
    permissions.revoke(permissions.READ, mine.sharing_group.group, version)
    audit.record(
        "version.release_withdrawn",
        by=by,
        subject=version,
        debrief=version.debrief_id,
        group=mine.sharing_group.key,
    )
    notifying.taken_back(mine, by=by)
    return mine
