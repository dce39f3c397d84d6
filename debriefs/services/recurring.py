"""Has this lesson been learned before? Links between lessons that tell of the same.

Authors say it while they write. Readers see it at both ends, where they may read both; a lesson
that they may not read, or that is not shared any more, is not even missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef, QuerySet

from debriefs import permissions
from debriefs.exceptions import Refused
from debriefs.models import Part, Recurrence
from debriefs.querysets import PartQuerySet
from debriefs.search import similar
from debriefs.services.locking import locked
from debriefs.services.marking import highest, markings
from portal import audit
from portal.models import User
from portal.prepared import Prepared
from portal.standing import Visitor, groups_of, standing_in

#: How many lessons are offered.
OFFERED = 5


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A released lesson that tells of the same as another: what it is called, and where it
    stands."""

    title: str
    operation: str
    url: str
    marking: str


@dataclass(frozen=True, slots=True)
class Heard:
    """An earlier lesson that may tell of what is being written, and whether it is linked."""

    identity: UUID
    title: str
    operation: str
    url: str
    worked: str
    marking: str
    linked: bool


@transaction.atomic
def link(*, by: User, part: Part, earlier: UUID) -> None:
    """The lesson repeats an earlier one of another debrief, which the author may read; saying it
    twice is saying it once. Recorded as `lesson.linked`, without a word of either."""
    draft = locked(part.version)
    permissions.can_edit.require(by, draft)
    if not draft.parts.filter(identity=part.identity, kind=Part.Kind.LESSON).exists():
        raise Refused("This lesson is not in the draft any more. Load the page again.")
    if not _earlier(by, draft.debrief_id).filter(identity=earlier).exists():
        raise Refused("There is no such lesson that is shared with you. Load the page again.")
    _, new = Recurrence.objects.get_or_create(
        lesson=part.identity,
        earlier=earlier,
        defaults={"debrief": draft.debrief, "linked_by": by},
    )
    if new:
        audit.record("lesson.linked", by=by, subject=draft, debrief=draft.debrief_id)


@transaction.atomic
def unlink(*, by: User, part: Part, earlier: UUID) -> None:
    """The lesson does not repeat that one after all; doing it twice is doing it once. Recorded as
    `lesson.unlinked`."""
    draft = locked(part.version)
    permissions.can_edit.require(by, draft)
    gone, _ = draft.debrief.recurrences.filter(lesson=part.identity, earlier=earlier).delete()
    if gone:
        audit.record("lesson.unlinked", by=by, subject=draft, debrief=draft.debrief_id)


def heard_before(person: User, part: Part) -> list[Heard]:
    """The lessons that this one is linked with, then those most like what it says now, as far as
    the person may read them."""
    debrief = part.version.debrief_id
    linked = set(Recurrence.objects.filter(lesson=part.identity).values_list("earlier", flat=True))
    found = similar.lessons(person, f"{part.title}\n{part.text}", beside=debrief, limit=OFFERED)
    alike = [each.part for each in found]
    earlier = _earlier(person, debrief).select_related("version__debrief")
    rows = earlier.filter(identity__in=linked) | earlier.filter(pk__in=alike)
    order = {number: place for place, number in enumerate(alike)}
    shown = sorted(
        rows, key=lambda row: (row.identity not in linked, order.get(row.pk, OFFERED), row.pk)
    )
    marked = markings(person, [row.version for row in shown])
    return [
        Heard(
            identity=row.identity,
            title=row.title,
            operation=row.version.debrief.operation,
            url=_url(row),
            worked=row.worked,
            marking=marked[row.version_id],
            linked=row.identity in linked,
        )
        for row in shown
    ]


def _earlier(visitor: Visitor, debrief: int) -> PartQuerySet:
    """The lessons that the visitor may read, of other debriefs than this."""
    lessons = Part.objects.visible_to(visitor).filter(kind=Part.Kind.LESSON)
    return lessons.exclude(version__debrief=debrief)


def elsewhere(visitor: Visitor, lessons: Sequence[Part]) -> Mapping[UUID, Sequence[Elsewhere]]:
    """Where else these lessons were seen, by identity: the other end of each of their links, where
    the visitor may read both ends as they are shared. One query; none where no lesson is."""
    shared = [part for part in lessons if part.readers]
    if not shared:
        return {}
    rows = _others(lessons=[part.pk for part in shared], groups=groups_of(visitor))
    marked = markings(visitor, [row.version for row in rows])
    found: dict[UUID, list[Elsewhere]] = defaultdict(list)
    for row in rows:
        end = Elsewhere(row.title, row.version.debrief.operation, _url(row), marked[row.version_id])
        ends = cast(Any, row)
        for identity in {*ends.repeats, *ends.repeated_by}:
            found[identity].append(end)
    return dict(found)


def marking(found: Mapping[UUID, Sequence[Elsewhere]]) -> str:
    """The marking of what stands elsewhere."""
    return highest([end.marking for ends in found.values() for end in ends])


def _ends(lessons: Sequence[int], groups: Sequence[int]) -> QuerySet[Part]:
    """The other ends of the links of these lessons, each with those of them that it is linked with.

    A union of both directions, each by an index of its own: with an OR every part would be read.
    """
    visible = Part.objects.visible_to(standing_in(groups)).filter(kind=Part.Kind.LESSON)
    mine = visible.filter(pk__in=lessons).values("identity")
    earlier = Recurrence.objects.filter(lesson__in=mine).order_by().values("earlier")
    later = Recurrence.objects.filter(earlier__in=mine).order_by().values("lesson")
    return (
        visible.filter(identity__in=earlier.union(later))
        .annotate(
            repeats=ArraySubquery(
                Recurrence.objects.filter(lesson=OuterRef("identity"), earlier__in=mine)
                .order_by()
                .values("earlier")
            ),
            repeated_by=ArraySubquery(
                Recurrence.objects.filter(earlier=OuterRef("identity"), lesson__in=mine)
                .order_by()
                .values("lesson")
            ),
        )
        .select_related("version__debrief")
        .only(
            *("identity", "kind", "title", "version__marking", "version__readers"),
            *("version__debrief__operation", "version__debrief__slug"),
        )
        .order_by("version__debrief__operation", "position")
    )


_others = Prepared(_ends)


def _url(part: Part) -> str:
    return f"{part.version.debrief.get_absolute_url()}#{part.anchor}"
