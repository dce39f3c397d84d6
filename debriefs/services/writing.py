"""Writing a draft: start, edit, have it checked, open the next version."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from debriefs import permissions
from debriefs.exceptions import Conflict, Refused
from debriefs.models import (
    Country,
    Debrief,
    ExploitationType,
    Offence,
    Part,
    Participation,
    Theme,
    Version,
)
from debriefs.models.vocabulary import Band, DebriefKind, Marking, ParticipationPart, Proceedings
from debriefs.services.locking import locked
from debriefs.text import render, tidy, tidy_line
from debriefs.workflow import OPEN_STATES, State
from portal import audit
from portal.models import Organisation, Role, Tier, User
from portal.services import role_group

#: Letters and digits that cannot be taken for one another (Crockford's base 32).
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class TakingPart:
    """An organisation's part in the operation; forces that led or supported always sign."""

    organisation: Organisation
    part: str
    signs: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a version says outside its parts; see `Version` for what each is."""

    title: str
    summary: str = ""
    marking: str = Marking.OFFICIAL
    handling: str = ""
    reach: int = Tier.POLICING
    facts_reach: int = Tier.POLICING
    kind: str = DebriefKind.STRUCTURED
    operation_from: date | None = None
    operation_until: date | None = None
    debriefed_on: date | None = None
    victims: str = Band.NOT_KNOWN
    suspects: str = Band.NOT_KNOWN
    charged: int | None = None
    convicted: int | None = None
    sentence_months: int | None = None
    proceedings: str = Proceedings.NOT_STATED
    talk_title: str = ""
    talk_speaker_role: str = ""
    talk_url: str = ""
    talk_minutes: int | None = None
    exploitation: Sequence[ExploitationType] = ()
    offences: Sequence[Offence] = ()
    countries: Sequence[Country] = ()
    themes: Sequence[Theme] = ()
    taking_part: Sequence[TakingPart] = ()


#: The kinds of organisation that always sign for an operation in which they took part.
FORCES = (Organisation.Kind.FORCE, Organisation.Kind.NATIONAL)

#: The texts of a part; each is kept as Markdown and as HTML.
TEXTS = ("markdown", "observed", "mattered", "action")

PART_COLUMNS = (
    *("kind", "title", "reach", "heading", "position", "theme", "roles", "evidence", "worked"),
    *(*TEXTS, "html", "observed_html", "mattered_html", "action_html", "text"),
)

FACT_LISTS = ("exploitation", "offences", "countries", "themes")
FACT_COLUMNS = tuple(
    name for name in Facts.__dataclass_fields__ if name not in (*FACT_LISTS, "taking_part")
)


@dataclass(frozen=True, slots=True)
class Words:
    """What an author writes into a part. A section has `markdown`; a lesson has the rest."""

    kind: str
    title: str
    reach: int = Tier.POLICING
    heading: str = ""
    markdown: str = ""
    theme: Theme | None = None
    observed: str = ""
    mattered: str = ""
    action: str = ""
    roles: Sequence[str] = field(default_factory=list)
    evidence: str = ""
    worked: str = ""


def html_of(text: str) -> str:
    """The column that holds the HTML of one of `TEXTS`."""
    return "html" if text == "markdown" else f"{text}_html"


@transaction.atomic
def start(
    *, by: User, owner: Organisation, operation: str, facts: Facts, invented: bool = False
) -> Version:
    """A debrief exists, with a first draft; the authors and editors of `owner` may write it.

    Refuses a person who is neither there, and a second debrief of the team's of an operation of
    the same name. Recorded as `version.started`.
    """
    decision = permissions.may_start(by, owner)
    if not decision:
        raise Refused(decision.reason)
    name, reference = tidy_line(operation), _new_reference()
    slug = slugify(name)[:60]
    if not slug:
        raise Refused("Give the operation's name in letters.")
    if Debrief.objects.filter(owner=owner, operation__iexact=name).exists():
        raise Refused(
            "Your team has a debrief of an operation of this name. "
            "Add a year or a place to the name."
        )
    if Debrief.objects.filter(slug=slug).exists():  # another team's: that it exists is not told
        slug = f"{slug}-{reference[3:].lower()}"
    debrief = Debrief(
        reference=reference,
        slug=slug,
        operation=name,
        invented=invented,
        owner=owner,
        started_by=by,
        started_at=timezone.now(),
    )
    _keep(debrief, ("operation",))
    for role in (Role.AUTHOR, Role.EDITOR):
        permissions.grant(permissions.WRITE, role_group(owner, role), debrief)
    permissions.grant(permissions.RELEASE, role_group(owner, Role.EDITOR), debrief)
    version = Version.objects.create(
        debrief=debrief, number=1, started_by=by, started_at=timezone.now()
    )
    _write_facts(version, facts)
    version.contributors.add(by)
    audit.record("version.started", by=by, subject=version, debrief=debrief.pk)
    return version


def _new_reference() -> str:
    """A reference that tells nothing: not how many debriefs there are, nor in which order they
    came."""
    return "OD-" + "".join(secrets.choice(_ALPHABET) for _ in range(6))


def _draft(version: Version, revision: int, by: User) -> Version:
    """The draft, locked, if `by` may edit it and nobody saved since `revision`."""
    draft = _as_seen(version, revision)
    permissions.can_edit.require(by, draft)
    return draft


def _as_seen(version: Version, revision: int) -> Version:
    """The version, locked, if it still is what was on the screen; raises Conflict otherwise."""
    found = locked(version)
    if found.revision != revision:
        raise Conflict(found.revision)
    return found


def _saved(draft: Version, by: User, **detail: Any) -> int:
    draft.revision += 1
    draft.save(update_fields=["revision"])
    draft.contributors.add(by)
    audit.record(
        "version.edited",
        by=by,
        subject=draft,
        debrief=draft.debrief_id,
        revision=draft.revision,
        **detail,
    )
    return draft.revision


@transaction.atomic
def edit_facts(*, by: User, version: Version, revision: int, facts: Facts) -> int:
    """The draft says these facts instead. Returns the new revision; raises Conflict when someone
    saved."""
    draft = _draft(version, revision, by)
    _write_facts(draft, facts)
    return _saved(draft, by, facts=True)


def _write_facts(draft: Version, facts: Facts) -> None:
    for name in FACT_COLUMNS:
        value = getattr(facts, name)
        setattr(draft, name, tidy_line(value) if isinstance(value, str) else value)
    draft.summary = tidy(facts.summary)
    _keep(draft, FACT_COLUMNS)
    for name in FACT_LISTS:
        getattr(draft, name).set(getattr(facts, name))
    _write_taking_part(draft, facts.taking_part)


def _write_taking_part(draft: Version, taking_part: Sequence[TakingPart]) -> None:
    for each in taking_part:
        if each.organisation.kind == Organisation.Kind.TEAM:
            raise Refused(f"{each.organisation} writes debriefs; it takes no part in operations.")
        if each.organisation.kind in FORCES and not each.signs:
            raise Refused(f"{each.organisation} took part, so it signs.")
    if sum(each.part == ParticipationPart.LEAD for each in taking_part) > 1:
        raise Refused("Only one organisation leads. Choose which.")
    if len({each.organisation for each in taking_part}) < len(taking_part):
        raise Refused("An organisation is named twice. Take one of the two out.")
    draft.participations.all().delete()
    Participation.objects.bulk_create(
        Participation(
            version=draft, organisation=each.organisation, part=each.part, signs=each.signs
        )
        for each in taking_part
    )


def _keep(row: Debrief | Version | Part, columns: Sequence[str]) -> None:
    """Save these columns. Raises Refused, naming the first that cannot be what it is."""
    others = {each.name for each in row._meta.fields} - {*columns, "version", "state"}
    try:
        row.full_clean(exclude=others)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        label = "" if name == NON_FIELD_ERRORS else f"{name.replace('_', ' ').capitalize()}: "
        raise Refused(f"{label}{messages[0]}") from None
    row.save(update_fields=columns if row.pk else None)


@transaction.atomic
def add_part(*, by: User, version: Version, revision: int, words: Words) -> Part:
    """The draft has one part more, at its end. Raises Conflict when someone saved meanwhile."""
    draft = _draft(version, revision, by)
    last = draft.parts.order_by("-position").values_list("position", flat=True).first()
    part = Part(version=draft, position=1 if last is None else last + 1)
    _write_part(part, words, draft)
    _saved(draft, by, part=str(part.identity))
    return part


@transaction.atomic
def edit_part(*, by: User, part: Part, revision: int, words: Words) -> Part:
    """The part says these words instead. Raises Conflict when someone saved meanwhile."""
    draft = _draft(part.version, revision, by)
    fresh = draft.parts.get(pk=part.pk)
    if fresh.kind != words.kind:
        raise Refused("A section cannot become a lesson. Add a lesson, and remove the section.")
    _write_part(fresh, words, draft)
    _saved(draft, by, part=str(fresh.identity))
    return fresh


@transaction.atomic
def remove_part(*, by: User, part: Part, revision: int) -> int:
    """The draft no longer has the part. Returns the new revision."""
    draft = _draft(part.version, revision, by)
    draft.parts.filter(pk=part.pk).delete()
    return _saved(draft, by, removed=str(part.identity))


@transaction.atomic
def order_parts(*, by: User, version: Version, revision: int, order: Sequence[int]) -> int:
    """The draft's parts stand in this order, given by their numbers. Refuses a list that is not all
    of them."""
    draft = _draft(version, revision, by)
    parts = {part.pk: part for part in draft.parts.all()}
    if sorted(order) != sorted(parts):
        raise Refused(
            "The order has to name each part once. Load the page again and repeat the change."
        )
    for position, number in enumerate(order, start=1):
        parts[number].position = position
    Part.objects.bulk_update(parts.values(), ["position"])
    return _saved(draft, by, order=True)


def _write_part(part: Part, words: Words, draft: Version) -> None:
    if words.reach > draft.reach:
        raise Refused(
            "A part cannot travel further than its version. "
            "Lower its reach, or raise the version's."
        )
    part.kind, part.title, part.reach = words.kind, tidy_line(words.title), words.reach
    part.heading, part.theme, part.roles = words.heading, words.theme, list(words.roles)
    part.evidence, part.worked = words.evidence, words.worked
    texts = []
    for name in TEXTS:
        source = tidy(getattr(words, name))
        rendered = render(source)
        setattr(part, name, source)
        setattr(part, html_of(name), rendered.html)
        texts.append(rendered.text)
    part.text = "\n".join(text for text in texts if text)
    _keep(part, PART_COLUMNS)


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
    return missing


@transaction.atomic
def send_back(*, by: User, version: Version, revision: int, reason: str) -> Version:
    """The version is a draft again, with what the second reader wants changed."""
    checking = _as_seen(version, revision)
    permissions.can_send_back.require(by, checking)
    if not tidy(reason):
        raise Refused("Say what has to change, so that the authors can change it.")
    checking.state = State.DRAFTING.value
    checking.checked_at = checking.checked_by = None
    checking.sent_back_for = tidy(reason)
    checking.save(update_fields=["state", "checked_at", "checked_by", "sent_back_for"])
    audit.record("version.sent_back", by=by, subject=checking, debrief=checking.debrief_id)
    return checking


@transaction.atomic
def check(*, by: User, version: Version, revision: int) -> Version:
    """A second person stands behind the draft; an editor may now send it to the forces."""
    checking = _as_seen(version, revision)
    permissions.can_check.require(by, checking)
    checking.checked_at, checking.checked_by = timezone.now(), by
    checking.save(update_fields=["checked_at", "checked_by"])
    audit.record("version.checked", by=by, subject=checking, debrief=checking.debrief_id)
    return checking


@transaction.atomic
def reopen(*, by: User, version: Version) -> Version:
    """The next version is open, a copy of this one with the same people behind its words.

    A version that was with the forces, or agreed and not yet shared, ends its round; a released one
    stays up. Refuses while another version of the debrief is open. Recorded as `version.reopened`.
    """
    source = locked(version)
    permissions.can_reopen.require(by, source)
    debrief = source.debrief
    if debrief.versions.filter(state__in=OPEN_STATES).exclude(pk=source.pk).exists():
        raise Refused("A next version is open already. Work on that one.")
    if source.state in OPEN_STATES:
        source.state = State.RETURNED.value
        source.save(update_fields=["state"])
    latest = debrief.versions.order_by("-number").values_list("number", flat=True)[0]
    following = Version.objects.create(
        debrief=debrief,
        number=latest + 1,
        copied_from=source,
        started_by=by,
        started_at=timezone.now(),
        **{name: getattr(source, name) for name in FACT_COLUMNS},
    )
    for name in FACT_LISTS:
        getattr(following, name).set(getattr(source, name).all())
    following.contributors.set([*source.contributors.all(), by])
    for each in source.participations.all():
        each.pk, each._state.adding, each.version = None, True, following
        each.save()
    for part in source.parts.all():
        part.pk, part._state.adding, part.version = None, True, following
        part.save()
    audit.record(
        "version.reopened", by=by, subject=following, debrief=debrief.pk, copied_from=source.number
    )
    return following
