"""Remarks on a version: made by whoever checks it or signs it, resolved by its authors one by one.

Never shared with readers; what a force remarks is read by that force and the team alone
(`permissions.can_read_remark`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from debriefs import permissions
from debriefs.exceptions import Refused
from debriefs.models import Remark, SignOff, Version
from debriefs.services.locking import locked
from debriefs.text import tidy
from portal import audit
from portal.models import Organisation, User


def of_the_team(version: Version) -> QuerySet[Remark]:
    """What the team itself remarked on the version while it was written and checked."""
    return version.remarks.filter(organisation__isnull=True)


def of_the_last_round(version: Version) -> QuerySet[Remark]:
    """What the forces remarked on the version that this one was copied from."""
    return Remark.objects.filter(version=version.copied_from_id, organisation__isnull=False)


@dataclass(frozen=True, slots=True)
class Said:
    """A remark that the authors answer, and on which part of theirs; empty where it is on the
    whole, or on a part that is no longer there."""

    remark: Remark
    part_title: str


def to_answer(version: Version) -> list[Said]:
    """What the team remarked on the draft, and what the forces remarked on the version before it;
    answered or not, in their order. Two queries."""
    mine = Q(version=version, organisation__isnull=True)
    theirs = Q(version=version.copied_from_id, organisation__isnull=False)
    found = Remark.objects.filter(mine | theirs).select_related(
        "made_by", "resolved_by", "organisation", "version"
    )
    titles = dict(version.parts.values_list("identity", "title"))
    return [
        Said(each, titles.get(each.part, "") if each.part else "")
        for each in found.order_by("made_at", "pk")
    ]


@transaction.atomic
def remark(*, by: User, version: Version, words: str, part: UUID | None = None) -> Remark:
    """The team has a remark on the version or one of its parts. Recorded as `version.remarked`.

    The same form sent twice is one remark.
    """
    found = locked(version)
    permissions.can_remark.require(by, found)
    return _make(by, found, words, part, None)


@transaction.atomic
def remark_for_force(*, by: User, signoff: SignOff, words: str, part: UUID | None = None) -> Remark:
    """The force has a remark on the version that it is to sign; no other force will read it."""
    found = locked(signoff.version)
    permissions.can_remark_for_force.require(by, signoff)
    return _make(by, found, words, part, signoff.organisation)


@transaction.atomic
def tend(
    *,
    by: User,
    version: Version,
    typed: Mapping[UUID | None, str],
    settled: Remark | None = None,
    removed: Remark | None = None,
) -> list[Remark]:
    """What was typed beside the parts (None is the whole) is kept as remarks, and of those that
    were there one is resolved, or taken out. Returns the new ones.

    All in one, so that nothing that was typed is lost by a press of another button. A remark that
    is gone already is no fault. Recorded as the services that it calls do.
    """
    made = [
        remark(by=by, version=version, words=words, part=part)
        for part, words in typed.items()
        if tidy(words)
    ]
    if settled:
        resolve(by=by, remark=settled)
    if removed:
        remove(by=by, remark=removed)
    return made


def _make(
    by: User, version: Version, words: str, part: UUID | None, organisation: Organisation | None
) -> Remark:
    if not tidy(words):
        raise Refused("Write the remark.")
    if part and not version.parts.filter(identity=part).exists():
        raise Refused("The part that this is about is no longer there. Load the page again.")
    known = version.remarks.filter(
        part=part,
        organisation=organisation,
        words=tidy(words),
        made_by=by,
        resolved_at__isnull=True,
    ).first()
    if known:
        return known
    made = Remark.objects.create(
        version=version, part=part, organisation=organisation, words=tidy(words), made_by=by
    )
    audit.record("version.remarked", by=by, subject=made, debrief=version.debrief_id)
    return made


@transaction.atomic
def remove(*, by: User, remark: Remark) -> None:
    """Whoever made the remark takes it out again. Recorded as `version.remark_removed`."""
    locked(remark.version)
    permissions.can_remove_remark.require(by, remark)
    audit.record("version.remark_removed", by=by, subject=remark, debrief=remark.version.debrief_id)
    remark.delete()


@transaction.atomic
def revise(
    *,
    by: User,
    signoff: SignOff,
    new: Mapping[UUID | None, str],
    reworded: Mapping[Remark, str],
    removed: Sequence[Remark] = (),
) -> None:
    """The force's remarks are as its signatory left them on the page: `new` by part, some said in
    other words, some taken out.

    A remark keeps its words, so that nobody answers what was not said: one in other words is a new
    one. Recorded remark by remark.
    """
    for remark, words in reworded.items():
        if tidy(words) and tidy(words) != remark.words:
            remove(by=by, remark=remark)
            remark_for_force(by=by, signoff=signoff, words=words, part=remark.part)
    for part, words in new.items():
        remark_for_force(by=by, signoff=signoff, words=words, part=part)
    for remark in removed:
        remove(by=by, remark=remark)


@transaction.atomic
def resolve(*, by: User, remark: Remark, answer: str = "") -> Remark:
    """The team has dealt with the remark; a force is told how, so its remarks need an answer.

    Recorded as `version.remark_resolved`.
    """
    locked(remark.version)
    permissions.can_resolve_remark.require(by, remark)
    if remark.organisation_id and not tidy(answer):
        raise Refused("Say what was done about it. The force reads your answer when it signs.")
    mine = Remark.objects.select_for_update().get(pk=remark.pk)
    if mine.resolved_at:
        return mine
    mine.answer, mine.resolved_at, mine.resolved_by = tidy(answer), timezone.now(), by
    mine.save(update_fields=["answer", "resolved_at", "resolved_by"])
    audit.record("version.remark_resolved", by=by, subject=mine, debrief=mine.version.debrief_id)
    return mine
