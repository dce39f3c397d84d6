"""A second person checks what the first wrote: submit, take back, pass or send back.

Remarks on parts stand in `remarks.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from debriefs import permissions
from debriefs.exceptions import Conflict, Refused
from debriefs.models import Part, Version
from debriefs.models.vocabulary import ParticipationPart
from debriefs.rules import Decision
from debriefs.services import notifying, remarks, warnings
from debriefs.services.locking import locked
from debriefs.text import tidy
from debriefs.workflow import State
from portal import audit
from portal.models import User


def _as_seen(version: Version, revision: int) -> Version:
    """The version, locked, if it still is what was on the screen; raises Conflict otherwise."""
    found = locked(version)
    if found.revision != revision:
        raise Conflict(found.revision)
    return found


@transaction.atomic
def submit(*, by: User, version: Version, revision: int) -> Version:
    """The draft waits for a second reader. Refuses one that is not complete, and says what is
    missing."""
    draft = _as_seen(version, revision)
    permissions.can_submit.require(by, draft)
    missing = missing_from(draft)
    if missing:
        raise Refused("Before the draft can be checked: " + "; ".join(missing) + ".")
    draft.state = State.CHECKING.value
    draft.checked_at = draft.checked_by = None
    draft.save(update_fields=["state", "checked_at", "checked_by"])
    audit.record("version.submitted", by=by, subject=draft, debrief=draft.debrief_id)
    notifying.submitted(draft, by=by)
    return draft


def missing_from(version: Version) -> list[str]:
    """What a draft still lacks, each as something to do; empty when it can be checked."""
    missing = []
    if not version.summary:
        missing.append("write the summary")
    if not version.participations.filter(part=ParticipationPart.LEAD).exists():
        missing.append("name the lead force")
    if not version.participations.filter(signs=True).exists():
        missing.append("name at least one force that signs")
    parts = list(version.parts.all())
    if not any(part.kind == Part.Kind.SECTION for part in parts):
        missing.append("write at least one section")
    for part in parts:
        if part.reach > version.reach:
            missing.append(f"lower the reach of “{part.title}”")
        if part.kind == Part.Kind.SECTION and not part.markdown:
            missing.append(f"write or remove the section “{part.title}”")
        if part.kind == Part.Kind.LESSON and not (
            part.theme_id and part.observed and part.action and part.worked and part.evidence
        ):
            missing.append(f"complete the lesson “{part.title}”")
    unanswered = remarks.of_the_last_round(version).filter(resolved_at__isnull=True).count()
    if unanswered:
        missing.append(
            "answer the remark of a force"
            if unanswered == 1
            else f"answer {unanswered} remarks of the forces"
        )
    warned = len(warnings.open_in(version))
    if warned:
        missing.append(
            "deal with the warning" if warned == 1 else f"deal with the {warned} warnings"
        )
    return missing


@transaction.atomic
def take_back(*, by: User, version: Version) -> Version:
    """The version is a draft again, because its authors want to go on writing.

    Recorded as `version.taken_back`.
    """
    checking = locked(version)
    permissions.can_take_back.require(by, checking)
    _draft_again(checking)
    audit.record("version.taken_back", by=by, subject=checking, debrief=checking.debrief_id)
    return checking


def _draft_again(checking: Version, reason: str = "") -> None:
    checking.state = State.DRAFTING.value
    checking.checked_at = checking.checked_by = None
    checking.sent_back_for = reason
    checking.save(update_fields=["state", "checked_at", "checked_by", "sent_back_for"])


@transaction.atomic
def send_back(
    *,
    by: User,
    version: Version,
    revision: int,
    reason: str,
    typed: Mapping[UUID | None, str] | None = None,
) -> Version:
    """The version is a draft again, with what the second reader wants changed.

    What was `typed` beside its parts goes along as remarks. Recorded as `version.sent_back`.
    """
    checking = _as_seen(version, revision)
    permissions.can_send_back.require(by, checking)
    if not tidy(reason):
        raise Refused("Say what has to change, so that the authors can change it.")
    remarks.tend(by=by, version=checking, typed=typed or {})
    _draft_again(checking, tidy(reason))
    audit.record("version.sent_back", by=by, subject=checking, debrief=checking.debrief_id)
    notifying.sent_back(checking, by=by)
    return checking


def may_pass(person: User, version: Version) -> Decision:
    """Whether the person can pass the version as it stands, and if not, why."""
    decision = permissions.can_check.decide(person, version)
    if decision and remarks.of_the_team(version).filter(resolved_at__isnull=True).exists():
        return Decision(
            False, "A remark is still open. Resolve each remark, or send the draft back."
        )
    return decision


@transaction.atomic
def check(*, by: User, version: Version, revision: int) -> Version:
    """A second person stands behind the draft; an editor may now send it to the forces.

    Refuses while a remark of the team on it is open.
    """
    checking = _as_seen(version, revision)
    permissions.can_check.require(by, checking)
    decision = may_pass(by, checking)
    if not decision:
        raise Refused(decision.reason)
    checking.checked_at, checking.checked_by = timezone.now(), by
    checking.save(update_fields=["checked_at", "checked_by"])
    audit.record("version.checked", by=by, subject=checking, debrief=checking.debrief_id)
    notifying.checked(checking, by=by)
    return checking
