"""What does a second reader have beside each part: remarks that are open, those that are settled,
and what the forces said last time?

Read by the project team alone. Remarks are made and resolved in `remarks.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from debriefs import permissions
from debriefs.models import Part, Remark, Version
from debriefs.services import remarks
from portal.models import User


@dataclass(frozen=True, slots=True)
class Said:
    """A remark, and what the person may do with it."""

    remark: Remark
    may_settle: bool
    may_remove: bool


@dataclass(slots=True)
class Beside:
    """What was remarked on one part, or where `part` is None on the whole."""

    part: UUID | None
    title: str
    open: list[Said] = field(default_factory=list)
    settled: list[Said] = field(default_factory=list)
    from_forces: list[Remark] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Where on the page it stands."""
        return f"remarks-{self.part.hex[:8]}" if self.part else "remarks-whole"


@dataclass(frozen=True, slots=True)
class SecondReading:
    """All remarks by part. `gone` are on parts that have been taken out since."""

    whole: Beside
    parts: dict[UUID, Beside]
    gone: Sequence[Beside]

    @property
    def open(self) -> list[Beside]:
        """Where something is open, in the order of the page."""
        return [each for each in (self.whole, *self.parts.values(), *self.gone) if each.open]

    @property
    def open_count(self) -> int:
        """How many remarks of the team are open."""
        return sum(len(each.open) for each in self.open)


def of(person: User, version: Version, parts: Iterable[Part]) -> SecondReading:
    """The remarks on the version as this person of its team meets them; four queries."""
    whole = Beside(None, "The whole version")
    by_part = {part.identity: Beside(part.identity, part.title) for part in parts}
    gone: dict[UUID, Beside] = {}

    def beside(remark: Remark) -> Beside:
        if remark.part is None:
            return whole
        if remark.part in by_part:
            return by_part[remark.part]
        return gone.setdefault(
            remark.part, Beside(remark.part, "A part that is no longer in the draft")
        )

    may_settle = _numbers(permissions.can_resolve_remark.things(person).filter(version=version))
    may_remove = _numbers(permissions.can_remove_remark.things(person).filter(version=version))
    own = remarks.of_the_team(version).select_related("made_by", "resolved_by")
    for remark in own.order_by("made_at", "pk"):
        said = Said(remark, remark.pk in may_settle, remark.pk in may_remove)
        (beside(remark).settled if remark.resolved_at else beside(remark).open).append(said)
    for remark in remarks.of_the_last_round(version).select_related("organisation"):
        beside(remark).from_forces.append(remark)
    return SecondReading(whole, by_part, list(gone.values()))


def _numbers(found: Iterable[Remark]) -> set[int]:
    return {each.pk for each in found}
