"""What did a force decide, in words: the terms, the receipt, and what comes next?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils import timezone

from debriefs import permissions
from debriefs.models import ConsentWithdrawal, ProceedingsEnd, Remark, SignOff, Version
from debriefs.rules import Decision
from debriefs.workflow import State
from portal.models import Tier, User

#: So many characters of a digest stand together, to be read out or compared by eye.
GROUP = 8


def in_groups(digest: str) -> list[str]:
    """A digest in groups that people can compare."""
    return [digest[start : start + GROUP] for start in range(0, len(digest), GROUP)]


class Terms(Protocol):
    """A decision and what it is bound to: a sign-off, or an answer that is about to become one."""

    @property
    def decision(self) -> str: ...
    @property
    def ceiling(self) -> int | None: ...
    @property
    def embargo_until(self) -> date | None: ...
    @property
    def until_proceedings_end(self) -> bool: ...


def decision_in_words(terms: Terms) -> str:
    """Such as "Agreed", "Agreed up to: Policing" or "Changes wanted"."""
    if terms.ceiling:
        return f"Agreed up to: {Tier(terms.ceiling).label}"
    return SignOff.Decided(terms.decision).label


def embargo_in_words(terms: Terms) -> str:
    """Such as "Until 3 May 2027" or "Until proceedings end"; empty where there is none."""
    if terms.until_proceedings_end:
        return "Until proceedings end"
    return f"Until {terms.embargo_until:%-d %B %Y}" if terms.embargo_until else ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the force keeps of its decision."""

    signoff: SignOff
    decision: str
    embargo: str
    digest: Sequence[str]
    remarks: Sequence[Remark]
    next: str
    withdrawal: ConsentWithdrawal | None
    proceedings_end: ProceedingsEnd | None
    may_withdraw: Decision
    may_end_proceedings: Decision


def of(person: User, signoff: SignOff) -> Receipt:
    """The receipt of a decision, for a signatory of the same force."""
    one = SignOff.objects.filter(pk=signoff.pk)
    version = signoff.version
    return Receipt(
        signoff=signoff,
        decision=decision_in_words(signoff),
        embargo=embargo_in_words(signoff),
        digest=in_groups(signoff.digest),
        remarks=list(version.remarks.filter(organisation=signoff.organisation_id)),
        next=_next(signoff, version),
        withdrawal=ConsentWithdrawal.objects.filter(signoff=signoff)
        .select_related("withdrawn_by")
        .first(),
        proceedings_end=ProceedingsEnd.objects.filter(signoff=signoff).first(),
        may_withdraw=permissions.can_withdraw_consent.answers(person, one)[signoff.pk],
        may_end_proceedings=permissions.can_end_proceedings.answers(person, one)[signoff.pk],
    )


def _next(signoff: SignOff, version: Version) -> str:
    """What happens to the version from here, in a sentence or two."""
    team = version.debrief.owner
    state = State(version.state)
    if state == State.WITH_FORCES:
        waits = version.signoffs.filter(decision="").count()
        forces = "1 more force has" if waits == 1 else f"{waits} more forces have"
        return f"{forces} to decide. Once every force has agreed, an editor of {team} can share it."
    if state == State.AGREED:
        held = _held_back(version)
        return f"Every force has agreed. An editor of {team} can share it{held}."
    if state == State.RETURNED:
        took = "takes up what your force wrote" if not signoff.agrees else "writes the next version"
        return (
            f"This round of sign-off ended, and {team} {took}. "
            "Your force will be asked to sign the next version, and sees what changed."
        )
    if state == State.RELEASED:
        return "It is shared. Your force can withdraw its consent at any time."
    if state == State.SUPERSEDED:
        return "A later version took its place."
    return "Consent was withdrawn, so nobody reads it but those who make and sign it."


def _held_back(version: Version) -> str:
    """What an agreed version waits for."""
    if version.until_proceedings_end:
        return " once a force that set an embargo says that proceedings have ended"
    if version.embargo_until and version.embargo_until > timezone.localdate():
        return f" once the embargo has ended, on {version.embargo_until:%-d %B %Y}"
    return ""
