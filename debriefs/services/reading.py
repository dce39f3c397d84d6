"""What a visitor may read of a debrief, as objects that hold nothing else.

A template is handed a `Reading` or a `Card` (`listing.py`), never a version: so no template can
show a part or a fact that the visitor may not see. A person with several standings gets the widest
reading that any of them allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import JSONObject
from django.utils import timezone

from debriefs import permissions
from debriefs.exceptions import Refused
from debriefs.models import (
    ConsentWithdrawal,
    Debrief,
    Part,
    Release,
    SignOff,
    Version,
)
from debriefs.models.signoff import AGREEMENTS
from debriefs.models.vocabulary import Marking
from debriefs.services import facts, recurring
from debriefs.services.facts import FactSheet
from debriefs.services.marking import highest
from debriefs.services.recurring import Elsewhere
from debriefs.workflow import State
from portal import audit
from portal.models import SharingGroup, Tier, User
from portal.prepared import Prepared
from portal.standing import Door, Visitor, doors_of, groups_of, standing_in


@dataclass(frozen=True, slots=True)
class Signature:
    """That a force agreed to the words, how and when; it is the force that signs, not a name."""

    organisation: str
    decision: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """A version as one visitor may read it; no `facts` or `signatures` beyond the facts' reach.

    `elsewhere`: where else its lessons were seen, by the identity of the lesson.
    """

    debrief: Debrief
    version: Version
    whole: bool
    sections: Sequence[Part]
    lessons: Sequence[Part]
    facts: FactSheet | None
    signatures: Sequence[Signature]
    through: Sequence[Door | SharingGroup]
    shared_at: datetime | None
    elsewhere: Mapping[UUID, Sequence[Elsewhere]] = field(default_factory=dict)

    @property
    def marking(self) -> str:
        """The marking of what this visitor is shown; what is agreed for the public is OFFICIAL."""
        own = Marking.OFFICIAL if self.public else self.version.marking
        return highest([own, recurring.marking(self.elsewhere)])

    @property
    def handling(self) -> str:
        """The handling instruction; none for the public."""
        return "" if self.public else self.version.handling

    @property
    def public(self) -> bool:
        """Whether the visitor reads as the public does, and no more."""
        return (
            not self.whole
            and bool(self.through)
            and all(each.tier == Tier.PUBLIC for each in self.through)
        )

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


def _readable(groups: Sequence[int], **where: object) -> QuerySet[Version]:
    return (
        permissions.can_read.things(standing_in(groups))
        .filter(**where)
        .select_related("debrief")
        .order_by(RELEASED_FIRST, "-number")
    )


_by_slug = Prepared(lambda groups, slug: _readable(groups, debrief__slug=slug)[:1])


def find(visitor: Visitor, slug: str) -> Version | None:
    """The version of a debrief that the visitor reads: the released one, else the latest that they
    make or sign.

    None both when there is no such debrief and when the visitor may not know that there is, after
    the same number of queries.
    """
    return next(iter(_by_slug(groups=groups_of(visitor), slug=slug)), None)


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


def _in_one_row(groups: Sequence[int], **where: object) -> QuerySet[Version]:
    """The versions that somebody in these groups may read, with all that stands beside the parts:
    whether it is the `whole`, the facts, who agreed, and since when these groups read it."""
    whole = permissions.can_read_whole.condition(standing_in(groups))
    agreed = SignOff.objects.filter(version=OuterRef("pk"), decision__in=AGREEMENTS)
    shared = Release.objects.filter(
        version=OuterRef("pk"), sharing_group__group__in=groups, withdrawn_at__isnull=True
    )
    return _readable(groups, **where).annotate(
        row_whole=ExpressionWrapper(whole, output_field=BooleanField()),
        row_signatures=ArraySubquery(
            agreed.order_by("decided_at").values_list(
                JSONObject(
                    organisation=F("organisation__name"), decision=F("decision"), at=F("decided_at")
                )
            )
        ),
        row_shared=ArraySubquery(
            shared.order_by("released_at").values_list(
                JSONObject(group=F("sharing_group__group"), at=F("released_at"))
            )
        ),
        **facts.IN_ONE_ROW,
    )


_row_by_slug = Prepared(lambda groups, slug: _in_one_row(groups, debrief__slug=slug)[:1])
_row_by_number = Prepared(
    lambda groups, slug, number: _in_one_row(groups, debrief__slug=slug, number=number)
)
_row_of = Prepared(lambda groups, version: _in_one_row(groups, pk=version))


def read(visitor: Visitor, slug: str) -> Reading | None:
    """The version that `find` finds, as this visitor may read it; None where it finds none.

    Recorded as `version.read` for whoever is signed in, without waiting for the disk.
    """
    return _open(visitor, _row_by_slug(groups=groups_of(visitor), slug=slug))


def read_exactly(visitor: Visitor, slug: str, number: int) -> Reading | None:
    """That version of the debrief; otherwise as `read`."""
    return _open(visitor, _row_by_number(groups=groups_of(visitor), slug=slug, number=number))


def open_version(visitor: Visitor, version: Version) -> Reading:
    """A version that the visitor has been found to read; otherwise as `read`. Raises Refused where
    that has ended."""
    opened = _open(visitor, _row_of(groups=groups_of(visitor), version=version.pk))
    if opened is None:
        raise Refused("This version is not shared with you any more.")
    return opened


def _open(visitor: Visitor, found: Sequence[Version]) -> Reading | None:
    if not found:
        return None
    version, row = found[0], cast(Any, found[0])
    groups = groups_of(visitor)
    through = [door for door in doors_of(visitor) if door.name and door.group in version.readers]
    within = {door.group for door in through}
    if row.row_whole:
        parts = _every_part(version=version.pk)
    else:
        parts = _parts(version=version.pk, groups=groups)
    open_facts = row.row_whole or bool(set(version.facts_readers) & set(groups))
    lessons = [part for part in parts if part.kind == Part.Kind.LESSON]
    _record(visitor, version, len(parts), row.row_whole)
    return Reading(
        debrief=version.debrief,
        version=version,
        whole=row.row_whole,
        sections=[part for part in parts if part.kind == Part.Kind.SECTION],
        lessons=lessons,
        facts=facts.in_row(version) if open_facts else None,
        signatures=[_signature(**each) for each in row.row_signatures] if open_facts else (),
        through=through,
        shared_at=next((_moment(e["at"]) for e in row.row_shared if e["group"] in within), None),
        elsewhere=recurring.elsewhere(visitor, lessons),
    )


def _record(visitor: Visitor, version: Version, parts: int, whole: bool) -> None:
    if isinstance(visitor, User):
        audit.record_reading(
            "version.read",
            by=visitor,
            subject=version,
            debrief=version.debrief_id,
            version=version.number,
            parts=parts,
            whole=whole,
        )


def _as_shown(parts: QuerySet[Part], version: int) -> QuerySet[Part]:
    """The parts of the version, without the sources that no reader sees."""
    return (
        parts.filter(version=version)
        .order_by("position")
        .select_related("theme")
        .defer("markdown", "text", "observed", "mattered", "action", "theme__learned")
    )


_every_part = Prepared(lambda version: _as_shown(Part.objects.all(), version))
_parts = Prepared(
    lambda version, groups: _as_shown(Part.objects.visible_to(standing_in(groups)), version)
)


def _signature(organisation: str, decision: str, at: str) -> Signature:
    return Signature(organisation, SignOff.Decided(decision).label, _moment(at))


def _moment(written: str) -> datetime:
    """A moment as PostgreSQL writes it into JSON."""
    return datetime.fromisoformat(written)


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
