"""What a visitor may read of a debrief, as objects that hold nothing else.

A template is handed a `Reading` or a `Card`, never a version: so no template can show a part or a
fact that the visitor may not see. A person with several standings gets the widest reading that any
of them allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Value, When
from django.utils import timezone

from debriefs import permissions
from debriefs.models import (
    ConsentWithdrawal,
    Country,
    Debrief,
    ExploitationType,
    Offence,
    Part,
    Participation,
    SignOff,
    Theme,
    Version,
)
from debriefs.models.signoff import AGREEMENTS
from debriefs.models.vocabulary import Marking, ParticipationPart
from debriefs.workflow import State
from portal import audit
from portal.models import AuditEvent, Organisation, SharingGroup, Tier, User
from portal.standing import Visitor, groups_of


@dataclass(frozen=True, slots=True)
class FactSheet:
    """The facts of a version, for a visitor within their reach."""

    version: Version
    participations: Sequence[Participation]
    exploitation: Sequence[ExploitationType]
    offences: Sequence[Offence]
    countries: Sequence[Country]
    themes: Sequence[Theme]

    @property
    def lead(self) -> Organisation | None:
        """The force that led the operation."""
        return next(
            (
                each.organisation
                for each in self.participations
                if each.part == ParticipationPart.LEAD
            ),
            None,
        )

    @property
    def others(self) -> list[Participation]:
        """Everyone else who took part."""
        return [each for each in self.participations if each.part != ParticipationPart.LEAD]

    @property
    def sentence(self) -> str:
        """The total sentence in years and months, or nothing where it is not known."""
        months = self.version.sentence_months
        return in_years_and_months(months) if months else ""

    @property
    def period(self) -> str:
        """The years of the operation, such as "2018 to 2019", "2019" or "Since 2022"."""
        began, ended = self.version.operation_from, self.version.operation_until
        if began and ended:
            return str(began.year) if began.year == ended.year else f"{began.year} to {ended.year}"
        if began:
            return f"Since {began.year}"
        return f"Until {ended.year}" if ended else ""

    @property
    def outcome(self) -> str:
        """Charged and convicted in one phrase, or how far the proceedings are."""
        version = self.version
        if version.convicted is not None and version.charged is not None:
            return f"{version.convicted} of {version.charged} charged convicted"
        if version.convicted is not None:
            return f"{version.convicted} convicted"
        if version.charged:
            return f"{version.charged} charged"
        return version.get_proceedings_display()


def in_years_and_months(months: int) -> str:
    """A sentence in words: 27 months are "2 years 3 months"."""
    years, rest = divmod(months, 12)
    words = []
    if years:
        words.append(f"{years} year{'s' if years != 1 else ''}")
    if rest:
        words.append(f"{rest} month{'s' if rest != 1 else ''}")
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class Card:
    """A debrief in a list: what its reader may know of it without opening it.

    Texts that are facts are empty where the facts are beyond the reader's reach.
    """

    operation: str
    url: str
    invented: bool
    title: str
    summary: str
    marking: str
    released_on: datetime | None
    lessons_count: int
    lead: str = ""
    region: str = ""
    years: str = ""
    outcome: str = ""
    types: Sequence[str] = ()
    themes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A version as one visitor may read it. `facts` and `signoffs` are empty beyond the facts'
    reach."""

    debrief: Debrief
    version: Version
    whole: bool
    sections: Sequence[Part]
    lessons: Sequence[Part]
    facts: FactSheet | None
    signoffs: Sequence[SignOff]
    through: Sequence[SharingGroup]

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
        when = version.released_at or version.sealed_at
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


RELEASED_FIRST = Case(When(state=State.RELEASED.value, then=Value(0)), default=Value(1))


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
    """What to tell a former reader of a debrief that is shared with none of their groups any
    more."""
    version = (
        Version.objects.once_visible_to(visitor)
        .filter(debrief__slug=slug, state__in=(State.WITHDRAWN.value, State.RELEASED.value))
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
    reading = Reading(
        debrief=version.debrief,
        version=version,
        whole=whole,
        sections=[part for part in shown if part.kind == Part.Kind.SECTION],
        lessons=[part for part in shown if part.kind == Part.Kind.LESSON],
        facts=_fact_sheet(version) if open_facts else None,
        signoffs=_signatures(version) if open_facts else (),
        through=_groups_in_common(visitor, version),
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


def _all_public(groups: Sequence[SharingGroup]) -> bool:
    return bool(groups) and all(each.tier == Tier.PUBLIC for each in groups)


def marking_for(visitor: Visitor, version: Version) -> str:
    """The marking of a page that names the version to this visitor, as `Reading.marking`."""
    public = _all_public(_groups_in_common(visitor, version))
    return Marking.OFFICIAL if public else version.marking


def _fact_sheet(version: Version) -> FactSheet:
    return FactSheet(
        version=version,
        participations=list(version.participations.select_related("organisation__region")),
        exploitation=list(version.exploitation.all()),
        offences=list(version.offences.all()),
        countries=list(version.countries.all()),
        themes=list(version.themes.all()),
    )


def cards(visitor: Visitor, versions: Iterable[Version]) -> list[Card]:
    """The versions as cards, in their order, in a number of queries that does not grow with them.

    They must have been narrowed with `visible_to(visitor)` already; facts are left out beyond their
    reach.
    """
    found = list(versions)
    mine = set(groups_of(visitor))
    public = set(SharingGroup.objects.filter(tier=Tier.PUBLIC).values_list("group", flat=True))
    open_facts = [version.pk for version in found if mine & set(version.facts_readers)]
    with_facts = {
        version.pk: version
        for version in Version.objects.filter(pk__in=open_facts).prefetch_related(
            "participations__organisation__region", "exploitation", "themes"
        )
    }
    lessons = dict(
        Part.objects.visible_to(visitor)
        .filter(version__in=[version.pk for version in found], kind=Part.Kind.LESSON)
        .order_by()
        .values_list("version")
        .annotate(Count("pk"))
    )
    return [
        Card(
            operation=version.debrief.operation,
            url=version.debrief.get_absolute_url(),
            invented=version.debrief.invented,
            title=version.title,
            summary=version.summary,
            marking=version.marking if mine & set(version.readers) - public else Marking.OFFICIAL,
            released_on=version.released_at,
            lessons_count=lessons.get(version.pk, 0),
            **_card_facts(with_facts[version.pk]) if version.pk in with_facts else {},
        )
        for version in found
    ]


def _card_facts(version: Version) -> dict[str, Any]:
    sheet = FactSheet(
        version=version,
        participations=list(version.participations.all()),
        exploitation=list(version.exploitation.all()),
        offences=(),
        countries=(),
        themes=list(version.themes.all()),
    )
    lead = sheet.lead
    return {
        "lead": lead.name if lead else "",
        "region": lead.region.name if lead and lead.region else "",
        "years": sheet.period,
        "outcome": sheet.outcome,
        "types": [each.name for each in sheet.exploitation],
        "themes": [each.name for each in sheet.themes],
    }


def newest(visitor: Visitor, limit: int) -> list[Card]:
    """What was shared with the visitor last."""
    found = (
        Version.objects.visible_to(visitor)
        .select_related("debrief")
        .order_by("-released_at", "-pk")
    )
    return cards(visitor, found[:limit])


def read_last(person: User, limit: int) -> list[Card]:
    """What the person read last and may still read, latest first."""
    recent = list(
        AuditEvent.objects.filter(actor=person, verb="version.read")
        .order_by("-pk")
        .values_list("debrief", flat=True)[:60]
    )
    wanted = list(dict.fromkeys(recent))
    found = {
        version.debrief_id: version
        for version in Version.objects.visible_to(person)
        .filter(debrief__in=wanted)
        .select_related("debrief")
    }
    return cards(person, [found[number] for number in wanted if number in found][:limit])


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for the person: a verb, what it is about, since when, and where."""

    verb: str
    operation: str
    title: str
    since: datetime
    url: str


def waiting_for(person: User) -> list[Task]:
    """What the person could move now: sign-offs of their force, drafts, and versions to check or
    send."""
    tasks = [
        Task(
            "Decide",
            signoff.version.debrief.operation,
            signoff.version.title,
            signoff.version.sealed_at,
            signoff.version.get_absolute_url(),
        )
        for signoff in permissions.can_decide.things(person).select_related("version__debrief")
        if signoff.version.sealed_at
    ]
    for verb, rule in (
        ("Write", permissions.can_edit),
        ("Check", permissions.can_check),
        ("Send", permissions.can_send),
    ):
        tasks += [
            Task(
                verb,
                version.debrief.operation,
                version.title,
                version.started_at,
                version.get_absolute_url(),
            )
            for version in rule.things(person).select_related("debrief")
            if not (verb == "Check" and version.checked_at)
        ]
    return sorted(tasks, key=lambda task: task.since)


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
