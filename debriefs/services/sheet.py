"""The sign-off sheet of a version: who wrote it, who checked it, who approved it, and when.

For the team and every signing force; it holds no remark and no condition of any force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from debriefs.models import Part, SignOff, Version
from debriefs.services.receipts import decision_in_words, embargo_in_words, in_groups


@dataclass(frozen=True, slots=True)
class Approval:
    """What one force decided, by whom, and when; nothing yet where `at` is empty."""

    organisation: str
    decision: str
    embargo: str
    by: str
    at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of one sealed version."""

    version: Version
    digest: Sequence[str]
    parts: Sequence[Part]
    approvals: Sequence[Approval]

    @property
    def waits(self) -> int:
        """How many forces have not decided yet."""
        return sum(each.at is None for each in self.approvals)


def of(version: Version) -> Sheet:
    """The sheet of a sealed version; the caller has made sure that it may be read whole."""
    signoffs = version.signoffs.select_related("organisation", "decided_by", "withdrawal")
    return Sheet(
        version=version,
        digest=in_groups(version.digest),
        parts=list(version.parts.only("title", "kind", "reach", "identity", "version")),
        approvals=[_approval(each) for each in signoffs.defer("remark", "conditions")],
    )


def _approval(signoff: SignOff) -> Approval:
    withdrawal = getattr(signoff, "withdrawal", None)
    return Approval(
        organisation=signoff.organisation.name,
        decision=decision_in_words(signoff) if signoff.decision else "",
        embargo=embargo_in_words(signoff),
        by=signoff.decided_by.name if signoff.decided_by else "",
        at=signoff.decided_at,
        withdrawn_at=withdrawal.withdrawn_at if withdrawal else None,
    )
