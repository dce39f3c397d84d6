"""Sign-off: seal and send, decide, withdraw consent."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from debriefs import permissions
from debriefs.exceptions import Conflict, Moved, Refused
from debriefs.models import ConsentWithdrawal, ProceedingsEnd, SignOff, Version
from debriefs.models.signoff import AGREEMENTS
from debriefs.services import notifying, signers
from debriefs.services.checking import missing_from
from debriefs.services.content import TEXTS, html_of
from debriefs.services.locking import locked
from debriefs.services.seal import digest_of
from debriefs.text import render, tidy
from debriefs.workflow import State
from portal import audit
from portal.models import Organisation, Tier, User
from portal.services import role_group

#: How long a round takes unless an editor says otherwise.
ROUND = timedelta(days=21)


@transaction.atomic
def send(
    *, by: User, version: Version, due_on: date | None = None, revision: int | None = None
) -> Version:
    """The version is sealed for good and waits for every force that signs, until `due_on`.

    With `revision`, only if it still is what was on the screen (`Conflict`).

    The sign-offs are made from the participations, so no force can be forgotten; the signatories
    of those forces may read the version from now on. Refuses a force that has nobody to sign.
    Recorded as `version.sent`, with the digest.
    """
    checking = locked(version)
    permissions.can_send.require(by, checking)
    if revision is not None and checking.revision != revision:
        raise Conflict(checking.revision)
    missing = missing_from(checking)
    if missing:
        raise Refused("Before it can be sent: " + "; ".join(missing) + ".")
    forces = signers.of(checking)
    signing = [force.organisation for force in forces]
    _require_faithful(checking, signing)
    for force in forces:
        if force.nobody:
            raise Refused(force.nobody)
    today = timezone.localdate()
    checking.due_on = due_on or today + ROUND
    if checking.due_on <= today:
        raise Refused("Choose a day after today by which the forces should decide.")
    checking.saves.all().delete()
    checking.presences.all().delete()
    checking.digest = digest_of(checking)
    checking.sealed_at, checking.sealed_by = timezone.now(), by
    checking.state = State.WITH_FORCES.value
    checking.save(update_fields=["digest", "due_on", "sealed_at", "sealed_by", "state"])
    for organisation in signing:
        SignOff.objects.create(version=checking, organisation=organisation)
        for role in signers.SIGNING_ROLES:
            permissions.grant(permissions.SIGN, role_group(organisation, role), checking)
    audit.record(
        "version.sent",
        by=by,
        subject=checking,
        debrief=checking.debrief_id,
        digest=checking.digest,
        to=[organisation.key for organisation in signing],
    )
    for signoff in checking.signoffs.select_related("organisation"):
        notifying.wanted(signoff, by=by)
    return checking


def _require_faithful(version: Version, signing: Sequence[Organisation]) -> None:
    """Nobody who has decided before is left out, and what is shown is what was written."""
    spoke = Organisation.objects.filter(
        signoffs__version__debrief=version.debrief_id, signoffs__decision__gt=""
    )
    if left_out := spoke.exclude(pk__in=[each.pk for each in signing]).first():
        raise Refused(f"{left_out} decided on an earlier version, so it signs this one too.")
    for part in version.parts.all():
        for name in TEXTS:
            if render(getattr(part, name)).html != getattr(part, html_of(name)):
                raise Refused(f"“{part.title}” is not shown as it was written. Save it again.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a signatory says: the decision, and what it is bound to."""

    decision: str
    ceiling: int | None = None
    embargo_until: date | None = None
    until_proceedings_end: bool = False
    statements: tuple[str, ...] = ()
    conditions: str = ""
    remark: str = ""

    def check(self) -> None:
        """Raises Refused, with what to do, for an answer that contradicts itself."""
        if self.decision not in SignOff.Decided.values:
            raise Refused("Choose what your force decides.")
        if (self.decision == SignOff.Decided.AGREED_UP_TO) != (self.ceiling is not None):
            raise Refused(
                "Choose the widest audience your force agrees to, or agree without a limit."
            )
        if self.ceiling is not None and self.ceiling not in Tier.values:
            raise Refused("Choose the widest audience from the list.")
        if self.decision not in AGREEMENTS:
            if self.embargo_until or self.until_proceedings_end:
                raise Refused("An embargo goes with agreement. Take it out, or agree.")
            if not tidy(self.remark):
                raise Refused("Say what has to change, or why your force declines.")


@transaction.atomic
def decide(*, by: User, signoff: SignOff, digest: str, answer: Answer) -> SignOff:
    """The force has decided on exactly the words whose digest was on the screen.

    With the last agreement the version is agreed; with changes wanted or a refusal its round ends.
    The same form sent twice is one decision. Refuses a digest that is not the version's (`Moved`),
    a second decision of the force, and whoever wrote the words. Recorded as `version.decided`, and
    `version.agreed` when it was the last.
    """
    answer.check()
    version = locked(signoff.version)
    mine = SignOff.objects.select_for_update().get(pk=signoff.pk)
    if _is_the_same(mine, by, digest, answer):
        return mine
    permissions.can_decide.require(by, mine)
    if (
        not secrets.compare_digest(digest.encode(), version.digest.encode())
        or digest_of(version) != version.digest
    ):
        raise Moved()
    mine.decision, mine.ceiling = answer.decision, answer.ceiling
    mine.embargo_until = answer.embargo_until
    mine.until_proceedings_end = answer.until_proceedings_end
    mine.statements = list(answer.statements)
    mine.conditions, mine.remark = tidy(answer.conditions), tidy(answer.remark)
    mine.digest, mine.decided_at, mine.decided_by = digest, timezone.now(), by
    mine.save()
    audit.record(
        "version.decided",
        by=by,
        subject=mine,
        debrief=version.debrief_id,
        decision=answer.decision,
        digest=digest,
        organisation=mine.organisation.key,
    )
    notifying.decided(mine, by=by)
    if not mine.agrees:
        version.state = State.RETURNED.value
    elif not version.signoffs.exclude(decision__in=AGREEMENTS).exists():
        version.state = State.AGREED.value
        audit.record("version.agreed", by=by, subject=version, debrief=version.debrief_id)
    else:
        return mine
    version.save(update_fields=["state"])
    return mine


def _is_the_same(decided: SignOff, by: User, digest: str, answer: Answer) -> bool:
    return (decided.decided_by_id, decided.digest) == (by.pk, digest) and answer == Answer(
        decided.decision,
        decided.ceiling,
        decided.embargo_until,
        decided.until_proceedings_end,
        tuple(decided.statements),
        decided.conditions,
        decided.remark,
    )


@transaction.atomic
def end_proceedings(*, by: User, signoff: SignOff) -> SignOff:
    """The force says that proceedings have ended, which lifts the embargo that it set until then.

    Other embargoes stand. Recorded as `version.proceedings_ended`.
    """
    version = locked(signoff.version)
    permissions.can_end_proceedings.require(by, signoff)
    ProceedingsEnd.objects.create(signoff=signoff, said_by=by, said_at=timezone.now())
    audit.record(
        "version.proceedings_ended",
        by=by,
        subject=signoff,
        debrief=version.debrief_id,
        organisation=signoff.organisation.key,
    )
    return signoff


@transaction.atomic
def withdraw_consent(*, by: User, signoff: SignOff, reason: str) -> Version:
    """The force's agreement is taken back, and the version is read by nobody from the next request
    on.

    Former readers find the reason, without the content. Recorded as `version.consent_withdrawn`.
    """
    version = locked(signoff.version)
    permissions.can_withdraw_consent.require(by, signoff)
    if not tidy(reason):
        raise Refused("Give the reason. Readers will see it instead of the debrief.")
    ConsentWithdrawal.objects.create(
        signoff=signoff, reason=tidy(reason), withdrawn_by=by, withdrawn_at=timezone.now()
    )
    version.state = State.WITHDRAWN.value
    version.withdrawn_at = timezone.now()
    version.save(update_fields=["state", "withdrawn_at"])
    permissions.revoke_all(permissions.READ, version)
    audit.record(
        "version.consent_withdrawn",
        by=by,
        subject=version,
        debrief=version.debrief_id,
        organisation=signoff.organisation.key,
    )
    notifying.consent_withdrawn(version, by=by)
    return version
