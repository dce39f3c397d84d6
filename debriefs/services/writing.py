"""Writing a draft: start, edit, discard, open the next version.

The caller says in which revision of the draft it saw what it changes. Only if that very thing was
written since is the change refused (`Conflict`): two people may write two parts at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from debriefs import permissions
from debriefs.exceptions import Conflict, Refused
from debriefs.models import Debrief, Part, Participation, Save, Version
from debriefs.models.vocabulary import ParticipationPart
from debriefs.services import saves
from debriefs.services.content import (
    FACT_COLUMNS,
    FACT_LISTS,
    FORCES,
    PART_COLUMNS,
    TEXTS,
    Facts,
    TakingPart,
    Words,
    html_of,
)
from debriefs.services.locking import locked
from debriefs.text import render, tidy, tidy_line
from debriefs.workflow import OPEN_STATES, State
from portal import audit
from portal.models import Organisation, Role, User
from portal.services import role_group

#: Letters and digits that cannot be taken for one another (Crockford's base 32).
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

#: For so long a discarded draft can be brought back.
KEPT_DISCARDED = timedelta(days=30)


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
    saves.keep(version, by=by, what=Save.What.FACTS)
    audit.record("version.started", by=by, subject=version, debrief=debrief.pk)
    return version


def _new_reference() -> str:
    """A reference that tells nothing: not how many debriefs there are, nor in which order they
    came."""
    return "OD-" + "".join(secrets.choice(_ALPHABET) for _ in range(6))


def _draft(version: Version, by: User) -> Version:
    """The draft, locked, if `by` may edit it."""
    draft = locked(version)
    permissions.can_edit.require(by, draft)
    return draft


def _unless_written_since(written_in: int, revision: int, draft: Version) -> None:
    if written_in > revision:
        raise Conflict(draft.revision)


def _saved(
    draft: Version,
    by: User,
    what: Save.What,
    part: UUID | None = None,
    *,
    automatic: bool = False,
) -> int:
    """The draft as it now stands is kept as a save, under the revision that `_next` gave it."""
    draft.save(update_fields=["revision", "facts_written_in", "parts_written_in"])
    draft.contributors.add(by)
    saves.keep(draft, by=by, what=what, part=part, automatic=automatic)
    audit.record(
        "version.edited",
        by=by,
        subject=draft,
        debrief=draft.debrief_id,
        revision=draft.revision,
        what=what.value,
        part=str(part) if part else None,
    )
    return draft.revision


def _next(draft: Version) -> int:
    draft.revision += 1
    return draft.revision


@transaction.atomic
def edit_facts(
    *, by: User, version: Version, revision: int, facts: Facts, automatic: bool = False
) -> int:
    """The draft says these facts instead. Returns the new revision; raises Conflict when someone
    wrote the facts since `revision`."""
    draft = _draft(version, by)
    _unless_written_since(draft.facts_written_in, revision, draft)
    draft.facts_written_in = _next(draft)
    _write_facts(draft, facts)
    return _saved(draft, by, Save.What.FACTS, automatic=automatic)


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
def add_part(*, by: User, version: Version, words: Words, identity: UUID | None = None) -> Part:
    """The draft has one part more, at its end.

    With `identity` it is a part that stood in the draft before and is brought back.
    """
    draft = _draft(version, by)
    last = draft.parts.order_by("-position").values_list("position", flat=True).first()
    part = Part(version=draft, position=1 if last is None else last + 1)
    if identity:
        if draft.parts.filter(identity=identity).exists():
            raise Refused("This part stands in the draft already.")
        part.identity = identity
    draft.parts_written_in = part.written_in = _next(draft)
    _write_part(part, words, draft)
    _saved(draft, by, Save.What.ADDED, part.identity)
    return part


@transaction.atomic
def edit_part(
    *, by: User, part: Part, revision: int, words: Words, automatic: bool = False
) -> Part:
    """The part says these words instead. Raises Conflict when someone wrote it, or took it out,
    since `revision`."""
    draft = _draft(part.version, by)
    fresh = _part_as_seen(draft, part, revision)
    if fresh.kind != words.kind:
        raise Refused("A section cannot become a lesson. Add a lesson, and remove the section.")
    fresh.written_in = _next(draft)
    _write_part(fresh, words, draft)
    _saved(draft, by, Save.What.PART, fresh.identity, automatic=automatic)
    return fresh


@transaction.atomic
def remove_part(*, by: User, part: Part, revision: int) -> int:
    """The draft no longer has the part. Returns the new revision; raises Conflict as `edit_part`
    does."""
    draft = _draft(part.version, by)
    _part_as_seen(draft, part, revision).delete()
    draft.parts_written_in = _next(draft)
    return _saved(draft, by, Save.What.REMOVED, part.identity)


def _part_as_seen(draft: Version, part: Part, revision: int) -> Part:
    fresh = draft.parts.filter(identity=part.identity).first()
    if fresh is None:
        raise Conflict(draft.revision)
    _unless_written_since(fresh.written_in, revision, draft)
    return fresh


@transaction.atomic
def order_parts(*, by: User, version: Version, revision: int, order: Sequence[int]) -> int:
    """The draft's parts stand in this order, given by their numbers.

    Raises Conflict when parts were added, removed or moved since `revision`. Refuses a list that is
    not all of them.
    """
    draft = _draft(version, by)
    _unless_written_since(draft.parts_written_in, revision, draft)
    parts = {part.pk: part for part in draft.parts.all()}
    if sorted(order) != sorted(parts):
        raise Refused(
            "The order has to name each part once. Load the page again and repeat the change."
        )
    for position, number in enumerate(order, start=1):
        parts[number].position = position
    Part.objects.bulk_update(parts.values(), ["position"])
    draft.parts_written_in = _next(draft)
    return _saved(draft, by, Save.What.ORDER)


@transaction.atomic
def rewrite(
    *,
    by: User,
    version: Version,
    revision: int,
    facts: Facts,
    parts: Sequence[tuple[UUID, Words]],
) -> int:
    """The draft says these facts and parts instead, in this order, and nothing else; one save.

    Returns the new revision; raises Conflict when anything was written since `revision`.
    """
    draft = _draft(version, by)
    _unless_written_since(draft.revision, revision, draft)
    draft.facts_written_in = draft.parts_written_in = _next(draft)
    _write_facts(draft, facts)
    draft.parts.exclude(identity__in=[identity for identity, _ in parts]).delete()
    draft.parts.update(position=F("position") + 10_000)  # out of one another's way
    known = {part.identity: part for part in draft.parts.all()}
    for position, (identity, words) in enumerate(parts, start=1):
        part = known.get(identity) or Part(version=draft, identity=identity)
        part.position, part.written_in = position, draft.revision
        _write_part(part, words, draft)
    return _saved(draft, by, Save.What.RESTORED)


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
    _keep(part, (*PART_COLUMNS, "written_in"))


@transaction.atomic
def discard(*, by: User, version: Version) -> Version:
    """The draft is put aside: it is no longer worked on, and can be brought back for 30 days.

    Recorded as `version.discarded`.
    """
    draft = locked(version)
    permissions.can_discard.require(by, draft)
    draft.state, draft.discarded_at = State.DISCARDED.value, timezone.now()
    draft.save(update_fields=["state", "discarded_at"])
    audit.record("version.discarded", by=by, subject=draft, debrief=draft.debrief_id)
    return draft


@transaction.atomic
def restore(*, by: User, version: Version) -> Version:
    """The discarded draft is a draft again. Refuses while another version of the debrief is open.

    Recorded as `version.restored`.
    """
    discarded = locked(version)
    permissions.can_restore.require(by, discarded)
    _require_none_open(discarded.debrief)
    discarded.state, discarded.discarded_at = State.DRAFTING.value, None
    discarded.save(update_fields=["state", "discarded_at"])
    audit.record("version.restored", by=by, subject=discarded, debrief=discarded.debrief_id)
    return discarded


def purge_discarded() -> int:
    """Drafts that were discarded longer ago than they are kept are deleted, and debriefs that have
    no other version with them. Returns how many. Recorded as `version.purged`, by nobody."""
    long_ago = timezone.now() - KEPT_DISCARDED
    found = Version.objects.filter(state=State.DISCARDED.value, discarded_at__lt=long_ago)
    return sum(_purge(version) for version in found.select_related("debrief"))


@transaction.atomic
def _purge(version: Version) -> bool:
    draft = locked(version)
    if draft.state != State.DISCARDED:  # it was brought back meanwhile
        return False
    debrief = draft.debrief
    audit.record("version.purged", by=None, subject=draft, debrief=debrief.pk)
    draft.delete()
    if not debrief.versions.exists():
        debrief.delete()
    return True


def _require_none_open(debrief: Debrief) -> None:
    if debrief.versions.filter(state__in=OPEN_STATES).exists():
        raise Refused("A next version is open already. Work on that one.")


@transaction.atomic
def reopen(*, by: User, version: Version) -> Version:
    """The next version is open, a copy of this one with the same people behind its words.

    A version that was with the forces, or agreed and not yet shared, ends its round; a released one
    stays up. Refuses while another version of the debrief is open. Recorded as `version.reopened`.
    """
    source = locked(version)
    permissions.can_reopen.require(by, source)
    debrief = source.debrief
    if source.state in OPEN_STATES:
        source.state = State.RETURNED.value
        source.save(update_fields=["state"])
    _require_none_open(debrief)
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
        part.written_in = following.revision
        part.save()
    for acceptance in source.acceptances.all():
        acceptance.pk, acceptance._state.adding, acceptance.version = None, True, following
        acceptance.save()
    saves.keep(following, by=by, what=Save.What.RESTORED)
    audit.record(
        "version.reopened", by=by, subject=following, debrief=debrief.pk, copied_from=source.number
    )
    return following
