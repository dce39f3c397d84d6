"""How far has a draft come? Its facts and parts as a list of tasks, each with its state."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery

from debriefs.models import Part, Remark, Save, Version
from debriefs.models.vocabulary import Band, Heading, ParticipationPart, Proceedings
from portal.models import Tier


class Progress(StrEnum):
    """How far one task has come; only what is wrong says more."""

    NOT_STARTED = "Not started"
    WRITTEN = "Written"
    ATTENTION = "Needs attention"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to write: a step of the facts, a section or a lesson.

    `notes` say what it still needs; `hint` what it is about.
    """

    title: str
    progress: Progress
    hint: str = ""
    notes: Sequence[str] = ()
    step: str = ""
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A part that was taken out of the draft, and by whom."""

    identity: UUID
    title: str
    kind: str
    by: str
    at: Any


@dataclass(frozen=True, slots=True)
class Outline:
    """The draft as tasks; the facts, the sections, the lessons."""

    facts: Sequence[Task]
    sections: Sequence[Task]
    lessons: Sequence[Task]

    @property
    def tasks(self) -> list[Task]:
        """All of them."""
        return [*self.facts, *self.sections, *self.lessons]

    @property
    def written(self) -> int:
        """How many need nothing more."""
        return sum(task.progress is Progress.WRITTEN for task in self.tasks)


def of(version: Version, *, warned: Mapping[UUID | None, int] | None = None) -> Outline:
    """The tasks of the draft; `warned` is how many warnings are open by part, None is the facts."""
    warned = warned or {}
    remarks = _open_remarks(version)
    parts = list(version.parts.select_related("theme").order_by("position"))
    sections, lessons = (
        [
            _part(
                part,
                version,
                _needs(remarks.get(part.identity, 0), warned.get(part.identity, 0)),
            )
            for part in parts
            if part.kind == kind
        ]
        for kind in (Part.Kind.SECTION, Part.Kind.LESSON)
    )
    facts = _facts(version, _needs(remarks.get(None, 0), warned.get(None, 0)))
    return Outline(facts, sections, lessons)


def _open_remarks(version: Version) -> dict[UUID | None, int]:
    """How many remarks wait for an answer, by part: those of the team, and of the last round."""
    mine = Q(version=version, organisation__isnull=True)
    theirs = Q(version=version.copied_from_id, organisation__isnull=False)
    found = Remark.objects.filter(mine | theirs, resolved_at__isnull=True)
    return dict(found.order_by().values_list("part").annotate(Count("pk")))


def _needs(remarks: int, warnings: int) -> list[str]:
    notes = []
    if remarks:
        notes.append(f"{remarks} open remark{'s' if remarks > 1 else ''}")
    if warnings:
        notes.append(f"{warnings} warning{'s' if warnings > 1 else ''}")
    return notes


# --- Parts ----------------------------------------------------------------------------------------


def _part(part: Part, version: Version, notes: list[str]) -> Task:
    begun, missing = _section(part) if part.kind == Part.Kind.SECTION else _lesson(part)
    if part.reach > version.reach:
        notes = [*notes, "travels further than the debrief"]
    if begun and missing:
        notes = [*notes, f"lacks {_and(missing)}"]
    progress = Progress.WRITTEN if begun else Progress.NOT_STARTED
    return Task(
        title=part.title,
        progress=Progress.ATTENTION if notes else progress,
        hint=Tier(part.reach).label,
        notes=notes,
        part=part,
    )


def _section(part: Part) -> tuple[bool, list[str]]:
    return bool(part.markdown), []


def _lesson(part: Part) -> tuple[bool, list[str]]:
    said = {
        "a theme": part.theme_id,
        "what was observed": part.observed,
        "what to do": part.action,
        "whether it worked": part.worked,
        "how strong the evidence is": part.evidence,
    }
    return any(said.values()), [name for name, value in said.items() if not value]


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def headings_left(parts: Collection[Task]) -> list[Heading]:
    """The headings under which there is no section yet, in the order of reading."""
    used = {task.part.heading for task in parts if task.part}
    return [heading for heading in Heading if heading not in used]


# --- Facts ----------------------------------------------------------------------------------------


def _facts(version: Version, notes: list[str]) -> list[Task]:
    taking_part = list(version.participations.select_related("organisation"))
    lead = next((each for each in taking_part if each.part == ParticipationPart.LEAD), None)
    lists = _counts(version)
    numbers = (version.charged, version.convicted, version.sentence_months)
    outcome = (
        version.victims != Band.NOT_KNOWN
        or version.suspects != Band.NOT_KNOWN
        or version.proceedings != Proceedings.NOT_STATED
        or any(number is not None for number in numbers)
    )
    signing = sum(each.signs for each in taking_part)
    return [
        _step("operation", "Operation and debrief", bool(version.operation_from), version.title),
        _step(
            "taking-part",
            "Who took part and signs",
            bool(taking_part),
            f"{lead.organisation} leads; {signing} to sign" if lead else "",
            () if lead or not taking_part else ("no force leads",),
        ),
        _step("exploitation", "Exploitation, offences, countries", bool(lists["exploitation"])),
        _step("outcome", "People and outcome", outcome),
        _step(
            "summary",
            "Summary, themes and talk",
            bool(version.summary),
            "",
            (*notes, *(("no theme",) if version.summary and not lists["themes"] else ())),
        ),
        _step(
            "reach",
            "Marking and how far it travels",
            True,
            f"{version.get_marking_display()}; {version.get_reach_display()}",
        ),
    ]


def _step(key: str, title: str, begun: bool, hint: str = "", notes: Sequence[str] = ()) -> Task:
    progress = Progress.WRITTEN if begun else Progress.NOT_STARTED
    return Task(
        title=title,
        progress=Progress.ATTENTION if notes else progress,
        hint=hint if begun else "",
        notes=notes,
        step=key,
    )


def _counts(version: Version) -> dict[str, int]:
    counted = Version.objects.filter(pk=version.pk).aggregate(
        exploitation=Count("exploitation", distinct=True), themes=Count("themes", distinct=True)
    )
    return dict(counted)


# --- Removed --------------------------------------------------------------------------------------


def removed_from(version: Version) -> list[Removed]:
    """The parts that were taken out of the draft and can be brought back, the last one first."""
    before = Save.objects.filter(version=version, revision__lt=OuterRef("revision"))
    found = (
        version.saves.filter(what=Save.What.REMOVED)
        .exclude(part__in=version.parts.values("identity"))
        .annotate(parts=Subquery(before.order_by("-revision").values("content__parts")[:1]))
        .select_related("by")
        .defer("content")
        .order_by("-revision")
    )
    rows = {}
    for save in found:
        was = next((each for each in save.parts or () if each["identity"] == str(save.part)), None)
        if was and save.part and save.part not in rows:
            rows[save.part] = Removed(
                save.part, was["title"], Part.Kind(was["kind"]).label, str(save.by), save.at
            )
    return list(rows.values())
