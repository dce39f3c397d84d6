"""What has been learned: themes and organisations, each with what the visitor may read of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from debriefs.models import ExploitationType, Part, Participation, Theme, Version
from debriefs.models.vocabulary import ParticipationPart, Worked
from debriefs.querysets import PartQuerySet, VersionQuerySet
from debriefs.services import recurring
from debriefs.services.marking import highest, markings
from debriefs.services.recurring import Elsewhere
from debriefs.text import render
from portal.models import Organisation
from portal.standing import Visitor, groups_of

#: The exploitation type that says nothing yet.
UNKNOWN = "unknown"

#: Lessons shown in each column of a theme; the library shows the rest.
LESSONS_A_COLUMN = 12


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme in a list: how many lessons the visitor may read, and how many say it worked."""

    key: str
    name: str
    question: str
    lessons: int
    worked: int


def themes(visitor: Visitor) -> list[ThemeRow]:
    """All themes, each with the visitor's own counts; two queries."""
    counts: dict[tuple[int | None, str], int] = {
        (theme, worked): number
        for theme, worked, number in Part.objects.visible_to(visitor)
        .filter(kind=Part.Kind.LESSON)
        .order_by()
        .values_list("theme", "worked")
        .annotate(Count("pk"))
    }
    return [
        ThemeRow(
            key=theme.key,
            name=theme.name,
            question=theme.question,
            lessons=sum(number for (key, _), number in counts.items() if key == theme.pk),
            worked=counts.get((theme.pk, Worked.YES), 0),
        )
        for theme in Theme.objects.all()
    ]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson in a comparison, with the operation that it comes from. `force` is a fact: empty
    beyond reach."""

    part: Part
    operation: str
    slug: str
    force: str
    marking: str


@dataclass(frozen=True, slots=True)
class ThemeReading:
    """A theme with what worked and what did not, as far as the visitor may read; `elsewhere` as in
    a `Reading`."""

    theme: Theme
    worked: Sequence[Lesson]
    did_not: Sequence[Lesson]
    worked_count: int
    did_not_count: int
    operations: int
    forces: Sequence[Organisation]
    gaps: Sequence[ExploitationType]
    elsewhere: Mapping[UUID, Sequence[Elsewhere]]

    @property
    def marking(self) -> str:
        """The marking of a page that shows these lessons."""
        shown = [lesson.marking for lesson in (*self.worked, *self.did_not)]
        return highest([*shown, recurring.marking(self.elsewhere)])

    @property
    def learned_html(self) -> str:
        """What has been learned about the theme so far, rendered."""
        return render(self.theme.learned).html


def theme(visitor: Visitor, key: str) -> ThemeReading | None:
    """The theme of this key, or None. Counts say how many operations of how many forces stand
    behind it."""
    found = Theme.objects.filter(key=key).first()
    if found is None:
        return None
    lessons = Part.objects.visible_to(visitor).filter(kind=Part.Kind.LESSON, theme=found)
    worked, did_not = lessons.filter(worked=Worked.YES), lessons.exclude(worked=Worked.YES)
    versions = Version.objects.filter(pk__in=lessons.values("version"))
    facts = versions.facts_visible_to(visitor)
    leads = Participation.objects.filter(version__in=facts, part=ParticipationPart.LEAD)
    covered = ExploitationType.objects.filter(versions__in=facts)
    newest = _newest(visitor, worked), _newest(visitor, did_not)
    return ThemeReading(
        theme=found,
        worked=newest[0],
        did_not=newest[1],
        worked_count=worked.count(),
        did_not_count=did_not.count(),
        operations=versions.count(),
        forces=list(Organisation.objects.filter(pk__in=leads.values("organisation"))),
        gaps=list(ExploitationType.objects.exclude(pk__in=covered).exclude(key=UNKNOWN)),
        elsewhere=recurring.elsewhere(visitor, [each.part for side in newest for each in side]),
    )


def _newest(visitor: Visitor, lessons: PartQuerySet) -> list[Lesson]:
    shown = list(
        lessons.select_related("version__debrief").order_by("-version__released_at", "position")[
            :LESSONS_A_COLUMN
        ]
    )
    mine = set(groups_of(visitor))
    marking = markings(visitor, [part.version for part in shown])
    open_facts = [part.version_id for part in shown if mine & set(part.version.facts_readers)]
    leads = dict(
        Participation.objects.filter(
            version__in=open_facts, part=ParticipationPart.LEAD
        ).values_list("version", "organisation__name")
    )
    return [
        Lesson(
            part,
            part.version.debrief.operation,
            part.version.debrief.slug,
            leads.get(part.version_id, ""),
            marking[part.version_id],
        )
        for part in shown
    ]


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation in a list, with how many of its debriefs the visitor may read."""

    organisation: Organisation
    debriefs: int


def organisations(visitor: Visitor) -> list[tuple[str, list[OrganisationRow]]]:
    """Every organisation that is or was, under the heading it belongs to; two queries."""
    counts = dict(
        Participation.objects.filter(version__in=Version.objects.facts_visible_to(visitor))
        .order_by()
        .values_list("organisation")
        .annotate(Count("version"))
    )
    headings: dict[str, list[OrganisationRow]] = {}
    rows = Organisation.objects.select_related("region").order_by("region__position", "name")
    for kind in Organisation.Kind:
        for each in rows:
            if each.kind != kind:
                continue
            by_region = kind == Organisation.Kind.FORCE and each.region
            heading = each.region.name if by_region and each.region else _PLURALS[kind]
            headings.setdefault(heading, []).append(OrganisationRow(each, counts.get(each.pk, 0)))
    return list(headings.items())


_PLURALS = {
    Organisation.Kind.FORCE: "Other territorial forces",
    Organisation.Kind.NATIONAL: "National forces",
    Organisation.Kind.ROCU: "Regional organised crime units",
    Organisation.Kind.PARTNER: "Law-enforcement partners",
    Organisation.Kind.PROSECUTOR: "Prosecutors",
    Organisation.Kind.TEAM: "Project team",
}


def debriefs_of(visitor: Visitor, organisation: Organisation) -> VersionQuerySet:
    """The debriefs that the visitor may read in which the organisation took part, newest first."""
    return (
        Version.objects.visible_to(visitor)
        .facts_visible_to(visitor)
        .filter(pk__in=Participation.objects.filter(organisation=organisation).values("version"))
        .order_by("-released_at", "-pk")
    )
