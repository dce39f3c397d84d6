"""What is a force asked to sign, and what does a signatory have to know to decide?

The difference with what the same force last agreed to, the parts that name it first; who will read
it; what the team stands by although it looks identifying; what the force remarked, and what became
of it. Nothing here tells what another force remarked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from debriefs import permissions
from debriefs.models import Acceptance, Remark, SignOff, Version
from debriefs.rules import Decision
from debriefs.services import audience, deciders, difference, queue
from debriefs.services.audience import Audience
from debriefs.services.deciders import Deciders
from debriefs.services.difference import Difference, PartChange
from debriefs.services.due import Due, due
from debriefs.workflow import State
from portal import audit
from portal.models import Organisation, Tier, User

#: Nothing was typed.
NOTHING: Mapping[UUID | None, str] = MappingProxyType({})

#: What is stated whatever a force decides.
AUTHORISED = "authorised"


def statements(signoff: SignOff) -> dict[str, str]:
    """What whoever signs states for the force, by key, in the words that are kept."""
    version = signoff.version
    return {
        "read": "I have read every part of this version.",
        "audience": f"It may be shared as far as each part says, {Tier(version.reach).label} at "
        f"most, and is marked {version.get_marking_display()}.",
        "harm": "As far as I know, nothing in it identifies a victim or endangers a trial.",
        AUTHORISED: f"I am authorised to sign for {signoff.organisation.name}.",
    }


@dataclass(frozen=True, slots=True)
class OwnRemark:
    """A remark of the force; `mine` where this person may change it or take it out."""

    remark: Remark
    mine: bool
    part: str = ""


@dataclass(frozen=True, slots=True)
class AskedPart:
    """A part with what became of it, and what the force remarked on it.

    `typed` is a remark that was typed and could not be kept.
    """

    change: PartChange
    names_force: bool
    remarks: Sequence[OwnRemark]
    typed: str = ""

    @property
    def key(self) -> str:
        """How the fields about the part are called."""
        return self.change.part.identity.hex


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that is on the page of a decision."""

    signoff: SignOff
    difference: Difference
    last: SignOff | None
    naming: Sequence[AskedPart]
    others: Sequence[AskedPart]
    unchanged: Sequence[AskedPart]
    remarks: Sequence[OwnRemark]
    answered: Sequence[OwnRemark]
    warnings: Sequence[Acceptance]
    audience: Audience
    deciders: Deciders
    due: Due
    may: Decision
    may_remark: Decision

    @property
    def version(self) -> Version:
        """The version that waits."""
        return self.signoff.version


def asked(person: User, signoff: SignOff, typed: Mapping[UUID | None, str] = NOTHING) -> Asked:
    """What the force of this sign-off is asked, as this signatory sees it.

    `typed` are remarks by part that were typed and could not be kept. The caller has made sure that
    the person may see the sign-off. Recorded as `version.read`.
    """
    version, force = signoff.version, signoff.organisation
    last = queue.last_agreed([signoff]).get(signoff.pk)
    found = difference.between(last.version if last else None, version)
    own = _remarks(person, version, force)
    parts = [
        AskedPart(
            each,
            _names(force, each),
            own.get(each.part.identity, ()),
            typed.get(each.part.identity, ""),
        )
        for each in found.parts
    ]
    one = SignOff.objects.filter(pk=signoff.pk)
    _record_reading(person, version, len(parts))
    return Asked(
        signoff=signoff,
        difference=found,
        last=last,
        naming=[each for each in parts if each.change.is_open and each.names_force],
        others=[each for each in parts if each.change.is_open and not each.names_force],
        unchanged=[each for each in parts if not each.change.is_open],
        remarks=own.get(None, ()),
        answered=_answered(version, force),
        warnings=list(version.acceptances.all()),
        audience=audience.of(version),
        deciders=deciders.of([signoff])[signoff.pk],
        due=due(version.due_on),
        may=permissions.can_decide.answers(person, one)[signoff.pk],
        may_remark=permissions.can_remark_for_force.answers(person, one)[signoff.pk],
    )


def _record_reading(person: User, version: Version, parts: int) -> None:
    audit.record_reading(
        "version.read",
        by=person,
        subject=version,
        debrief=version.debrief_id,
        version=version.number,
        parts=parts,
        whole=True,
    )


def _names(force: Organisation, change: PartChange) -> bool:
    """Whether the part names the force, by its name or its short name."""
    part = change.part
    names = "|".join(re.escape(name) for name in {force.name, force.short_name} if name)
    return bool(re.search(rf"\b(?:{names})\b", f"{part.title}\n{part.text}", re.IGNORECASE))


def _remarks(
    person: User, version: Version, force: Organisation
) -> Mapping[UUID | None, list[OwnRemark]]:
    """What the force remarked on the version, by part."""
    made = version.remarks.filter(organisation=force).select_related("made_by")
    removable = set(permissions.can_remove_remark.things(person).filter(pk__in=made.values("pk")))
    found: dict[UUID | None, list[OwnRemark]] = {}
    for remark in made:
        found.setdefault(remark.part, []).append(OwnRemark(remark, remark in removable))
    return found


def _answered(version: Version, force: Organisation) -> list[OwnRemark]:
    """What the force remarked in the round before, with what the team answered."""
    made = Remark.objects.filter(version=version.copied_from_id, organisation=force)
    titles = dict(version.parts.values_list("identity", "title"))
    return [
        OwnRemark(each, False, titles.get(each.part, "A part that was taken out"))
        if each.part
        else OwnRemark(each, False)
        for each in made
    ]


@dataclass(frozen=True, slots=True)
class MovedOn:
    """What was read, and what waits for the force now, if anything does."""

    read: Version
    waits: SignOff | None
    difference: Difference | None


def moved_on(person: User, signoff: SignOff, digest: str) -> MovedOn:
    """What became of what was on the screen: of the version with this digest, else of the one that
    the sign-off is about.

    Where a difference is shown, recorded as `version.read`.
    """
    debrief = signoff.version.debrief_id
    seen = permissions.can_read_whole.things(person).filter(debrief=debrief)
    read = (seen.filter(digest=digest).first() if digest else None) or signoff.version
    waits = (
        permissions.can_read_signoff.things(person)
        .filter(
            organisation=signoff.organisation_id,
            version__debrief=debrief,
            version__state=State.WITH_FORCES.value,
            decision="",
        )
        .select_related("organisation", "version__debrief")
        .first()
    )
    changed = None
    if waits and waits.version != read:
        changed = difference.between(read, waits.version)
        _record_reading(person, waits.version, len(changed.changed_parts))
    return MovedOn(read, waits, changed)
