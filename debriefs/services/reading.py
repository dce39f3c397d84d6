"""What a visitor may read of a debrief, as objects that hold nothing else.

A template is handed a `Reading` or a `Card` (`listing.py`), never a version: so no template can
show a part or a fact that the visitor may not see. A person with several standings gets the widest
reading that any of them allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Min, Value, When
from django.utils import timezone

from debriefs import permissions
from debriefs.models import (
    ConsentWithdrawal,
    Debrief,
    Part,
    SignOff,
    Version,
)
from debriefs.models.signoff import AGREEMENTS
from debriefs.models.vocabulary import Marking
from debriefs.services.facts import FactSheet, fact_sheet
from debriefs.workflow import State
from portal import audit
from portal.models import SharingGroup, Tier, User
from portal.standing import Visitor, groups_of


@dataclass(frozen=True, slots=True)
class Reading:
    """A version as one visitor may read it; no `facts` or `signoffs` beyond the facts' reach."""

    debrief: Debrief
    version: Version
    whole: bool
    sections: Sequence[Part]
    lessons: Sequence[Part]
    facts: FactSheet | None
    signoffs: Sequence[SignOff]
    through: Sequence[SharingGroup]
    shared_at: datetime | None

    @property
    def marking(self) -> str:
        """The marking of what this visitor is shown; what is agreed for the public is OFFICIAL."""
        return Marking.OFFICIAL if self.public else self.version.marking

    @property
    def handling(self) -> str:
        """The handling instruction; none for the public."""
        return "" if self.public else self.version.handling

    @property
    def public(self) -> bool:
        """Whether the visitor reads as the public does, and no more."""
        return not self.whole and _all_public(self.through)

    @property
    def state(self) -> State:
        """Where the version is in its life."""
        return State(self.version.state)

    @property
    def citation(self) -> str:
        """How to cite exactly these words."""
        version = self.version
        when = self.shared_at or version.sealed_at
        dated = (
            f", {version.get_state_display().lower()}"
            if when is None
            else f", {timezone.localtime(when):%-d %B %Y}"
        )
        seal = f" SHA-256 {version.digest[:16]}…" if version.digest else ""
        return (
            f"Operation {self.debrief.operation}: {version.title}. "
            f"Version {version.number}{dated}. "
            f"Operational Debriefs, {self.debrief.reference}.{seal}"
        )


@dataclass(frozen=True, slots=True)
class Gone:
    """What former readers find: that it was taken back, when and why, and nothing that it said."""

    debrief: Debrief
    reason: str
    since: datetime
    by: str


RELEASED_FIRST = Case(
    When(state=State.RELEASED.value, then=Value(0)),
    When(state=State.DISCARDED.value, then=Value(2)),
    default=Value(1),
)


def find(visitor: Visitor, slug: str) -> Version | None:
    """The version of a debrief that the visitor reads: the released one, else the latest that they
    make or sign.

    None both when there is no such debrief and when the visitor may not know that there is, after
    the same number of queries.
    """
    readable = permissions.can_read.things(visitor).filter(debrief__slug=slug)
    return readable.select_related("debrief").order_by(RELEASED_FIRST, "-number").first()


def find_exactly(visitor: Visitor, slug: str, number: int) -> Version | None:
    """That version of the debrief, if the visitor may read it; None as `find`."""
    return (
        permissions.can_read.things(visitor)
        .filter(debrief__slug=slug, number=number)
        .select_related("debrief")
        .first()
    )


def gone(visitor: Visitor, slug: str) -> Gone | None:
    """What to tell a former reader of a debrief that no group of theirs may read now."""
    version = (
        Version.objects.once_visible_to(visitor)
        .filter(debrief__slug=slug)
        .select_related("debrief")
        .order_by("-number")
        .first()
    )
    if version is None:
        return None
    if version.state == State.WITHDRAWN:
        withdrawal = ConsentWithdrawal.objects.filter(signoff__version=version).latest(
            "withdrawn_at"
        )
        return Gone(
            version.debrief,
            withdrawal.reason,
            withdrawal.withdrawn_at,
            "A force that took part withdrew its consent.",
        )
    if version.state == State.SUPERSEDED and version.superseded_at:
        return Gone(
            version.debrief,
            "A later version took its place, and is not shared with your group.",
            version.superseded_at,
            "The version that you could read is out of date.",
        )
    taken = (
        version.releases.filter(
            withdrawn_at__isnull=False, sharing_group__group__in=groups_of(visitor)
        )
        .order_by("-withdrawn_at")
        .first()
    )
    if taken is None or taken.withdrawn_at is None:
        return None
    return Gone(
        version.debrief,
        taken.reason,
        taken.withdrawn_at,
        "The project team no longer shares it with your group.",
    )


def open_version(visitor: Visitor, version: Version) -> Reading:
    """The version as this visitor may read it; `version` comes from `find` or `find_exactly`.

    Recorded as `version.read` for whoever is signed in, without waiting for the disk.
    """
    whole = permissions.can_read_whole.things(visitor).filter(pk=version.pk).exists()
    parts = version.parts.select_related("theme")
    shown = list(parts if whole else parts.visible_to(visitor))
    open_facts = whole or bool(set(version.facts_readers) & set(groups_of(visitor)))
    through = _groups_in_common(visitor, version)
    reading = Reading(
        debrief=version.debrief,
        version=version,
        whole=whole,
        sections=[part for part in shown if part.kind == Part.Kind.SECTION],
        lessons=[part for part in shown if part.kind == Part.Kind.LESSON],
        facts=fact_sheet(version) if open_facts else None,
        signoffs=_signatures(version) if open_facts else (),
        through=through,
        shared_at=shared_since(through, version),
    )
    if isinstance(visitor, User):
        with audit.reading() as record:
            record(
                "version.read",
                by=visitor,
                subject=version,
                debrief=version.debrief_id,
                version=version.number,
                parts=len(shown),
                whole=whole,
            )
    return reading


def _signatures(version: Version) -> list[SignOff]:
    return list(
        version.signoffs.filter(decision__in=AGREEMENTS)
        .select_related("organisation")
        .order_by("decided_at")
        .defer("remark", "conditions")
    )


def _groups_in_common(visitor: Visitor, version: Version) -> list[SharingGroup]:
    """Through which of their own groups the visitor reads; never the groups of others."""
    mine = set(version.readers) & set(groups_of(visitor))
    return list(SharingGroup.objects.filter(group__in=mine))


def shared_since(through: Sequence[SharingGroup], version: Version) -> datetime | None:
    """Since when the version is shared with these groups; with others it may have been before."""
    found: datetime | None = version.releases.filter(
        sharing_group__in=through, withdrawn_at__isnull=True
    ).aggregate(first=Min("released_at"))["first"]
    return found


def _all_public(groups: Sequence[SharingGroup]) -> bool:
    return bool(groups) and all(each.tier == Tier.PUBLIC for each in groups)


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One version in the history of a debrief, as far as the visitor may know of it."""

    number: int
    state: State
    title: str
    released_at: datetime | None
    superseded_at: datetime | None
    url: str


def history(visitor: Visitor, debrief: Debrief) -> list[HistoryRow]:
    """The versions that are or were shared with the visitor, and those that they make or sign;
    newest first.

    A version that is no longer shared is listed without its title and without a way to open it.
    """
    readable = {
        version.pk: version
        for version in permissions.can_read.things(visitor).filter(debrief=debrief)
    }
    once = Version.objects.once_visible_to(visitor).filter(debrief=debrief).exclude(pk__in=readable)
    rows = [
        HistoryRow(
            v.number, State(v.state), v.title, v.released_at, v.superseded_at, v.get_absolute_url()
        )
        for v in readable.values()
    ] + [HistoryRow(v.number, State(v.state), "", v.released_at, v.superseded_at, "") for v in once]
    return sorted(rows, key=lambda row: -row.number)
