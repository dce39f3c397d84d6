"""Who may do what, told a second time: slow, plain, and by looking at rows.

Nothing here asks guardian, a derived column, a Django group or a query of the portal. The rows are
loaded whole and walked in Python, one person and one thing at a time, following the sentences of
the design. What `debriefs/permissions.py` and the database answer is held against this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from debriefs.models import (
    ConsentWithdrawal,
    Debrief,
    Part,
    Participation,
    ProceedingsEnd,
    Release,
    Remark,
    SignOff,
    Version,
)
from portal.models import Absence, Belonging, Membership, Organisation, SharingGroup, User

POLICE = ("force", "national", "rocu", "team")

#: The kinds of organisation that a group of each tier admits.
ADMITTED: dict[int, tuple[str, ...]] = {
    1: (*POLICE, "partner", "prosecutor"),
    2: POLICE,
    3: (*POLICE, "partner", "prosecutor"),
    4: (*POLICE, "partner", "prosecutor"),
}


@dataclass(frozen=True, slots=True)
class Reference:
    """All rows that count, as they were when it was made."""

    people: dict[int, User]
    organisations: dict[int, Organisation]
    memberships: list[Membership]
    belongings: list[Belonging]
    groups: dict[int, SharingGroup]
    debriefs: dict[int, Debrief]
    versions: dict[int, Version]
    parts: list[Part]
    participations: list[Participation]
    signoffs: dict[int, SignOff]
    withdrawals: list[ConsentWithdrawal]
    releases: list[Release]
    absences: list[Absence] = field(default_factory=list)
    proceedings_ends: list[ProceedingsEnd] = field(default_factory=list)
    remarks: dict[int, Remark] = field(default_factory=dict)
    wrote: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def now(cls) -> Reference:
        """Load everything."""
        return cls(
            people={each.pk: each for each in User.objects.all()},
            organisations={each.pk: each for each in Organisation.objects.all()},
            memberships=list(Membership.objects.all()),
            belongings=list(Belonging.objects.all()),
            groups={each.pk: each for each in SharingGroup.objects.all()},
            debriefs={each.pk: each for each in Debrief.objects.all()},
            versions={each.pk: each for each in Version.objects.all()},
            parts=list(Part.objects.all()),
            participations=list(Participation.objects.all()),
            signoffs={each.pk: each for each in SignOff.objects.all()},
            withdrawals=list(ConsentWithdrawal.objects.all()),
            releases=list(Release.objects.all()),
            absences=list(Absence.objects.all()),
            proceedings_ends=list(ProceedingsEnd.objects.all()),
            remarks={each.pk: each for each in Remark.objects.all()},
            wrote={
                (row.user_id, row.version_id) for row in Version.contributors.through.objects.all()
            },
        )

    @classmethod
    def empty(cls) -> Reference:
        """A portal with nothing in it."""
        return cls({}, {}, [], [], {}, {}, {}, [], [], {}, [], [])

    # --- Standings --------------------------------------------------------------------------------

    def is_somebody(self, person: int | None) -> bool:
        """A person who may sign in."""
        return person is not None and self.people[person].is_active

    def holds(self, person: int | None, organisation: int, *roles: str) -> bool:
        """Whether the person holds one of the roles there today."""
        if person is None or not self.people[person].is_active:
            return False
        for membership in self.memberships:
            if (
                membership.user_id == person
                and membership.organisation_id == organisation
                and membership.role in roles
                and membership.ended_at is None
            ):
                return True
        return False

    def serves(self, person: int | None, organisation: Organisation) -> bool:
        """Whether the person is anything there but an administrator."""
        return self.holds(
            person,
            organisation.pk,
            *("officer", "signatory", "deputy", "coordinator", "author", "editor"),
        )

    def belongs(self, person: int | None, group: SharingGroup) -> bool:
        """Whether what is shared with the group is shared with the person; None is signed out.

        Everybody reads what is public, but for a person who may not sign in. An organisation
        belongs through those who are more there than its administrators; and a person does in
        person while they serve in an organisation that the tier admits.
        """
        if person is not None and not self.people[person].is_active:
            return False
        if group.tier == 4:
            return True
        if person is None:
            return False
        for belonging in self.belongings:
            if belonging.sharing_group_id != group.pk or belonging.ended_at is not None:
                continue
            if belonging.user_id == person and any(
                self.serves(person, organisation)
                for organisation in self.organisations.values()
                if organisation.kind in ADMITTED[group.tier]
            ):
                return True
            if belonging.organisation_id is not None and self.serves(
                person, self.organisations[belonging.organisation_id]
            ):
                return True
        return False

    def writes(self, person: int | None, version: Version) -> bool:
        """Authors and editors of the team that owns the debrief."""
        owner = self.debriefs[version.debrief_id].owner_id
        return self.holds(person, owner, "author", "editor")

    def edits(self, person: int | None, version: Version) -> bool:
        """Editors of the team that owns the debrief."""
        return self.holds(person, self.debriefs[version.debrief_id].owner_id, "editor")

    def signs_for(self, person: int | None, signoff: SignOff) -> bool:
        """Signatories and deputies of the force."""
        return self.holds(person, signoff.organisation_id, "signatory", "deputy")

    def signs(self, person: int | None, version: Version) -> bool:
        """Signatories and deputies of a signing force, once the version is sealed."""
        if version.sealed_at is None:
            return False
        for each in self.participations:
            if (
                each.version_id == version.pk
                and each.signs
                and self.holds(person, each.organisation_id, "signatory", "deputy")
            ):
                return True
        return False

    # --- What is shared with whom -----------------------------------------------------------------

    def signoffs_of(self, version: Version) -> list[SignOff]:
        """What every force decided on the version."""
        return [each for each in self.signoffs.values() if each.version_id == version.pk]

    def is_withdrawn(self, signoff: SignOff) -> bool:
        """Whether the force took its consent back."""
        return any(each.signoff_id == signoff.pk for each in self.withdrawals)

    def is_signed(self, version: Version) -> bool:
        """Every force that signs said yes to exactly these words, and none took it back."""
        must = {
            each.organisation_id
            for each in self.participations
            if each.version_id == version.pk and each.signs
        }
        agreed = {
            each.organisation_id
            for each in self.signoffs_of(version)
            if each.decision in ("agreed", "agreed_up_to") and each.digest == version.digest
        }
        taken_back = any(self.is_withdrawn(each) for each in self.signoffs_of(version))
        return bool(must) and must <= agreed and not taken_back

    def widest(self, version: Version) -> int:
        """The most restrictive of the version's own reach and every force's ceiling."""
        ceilings = [each.ceiling for each in self.signoffs_of(version) if each.ceiling is not None]
        return min([version.reach, *ceilings])

    def waits_for_proceedings(self, signoff: SignOff) -> bool:
        """Whether the force's embargo until proceedings end still holds."""
        ended = {each.signoff_id for each in self.proceedings_ends}
        return signoff.until_proceedings_end and signoff.pk not in ended

    def is_under_embargo(self, version: Version) -> bool:
        """Whether any force's embargo has days to go, or lasts until proceedings end."""
        if any(self.waits_for_proceedings(each) for each in self.signoffs_of(version)):
            return True
        today = timezone.now().astimezone(ZoneInfo("Europe/London")).date()
        return any(until > today for until in self._embargoes(version))

    def _embargoes(self, version: Version) -> list[date]:
        return [
            each.embargo_until
            for each in self.signoffs_of(version)
            if each.embargo_until is not None
        ]

    def has_strangers(self, group: SharingGroup, version: Version) -> bool:
        """Whether somebody belongs to the group whom its tier does not admit.

        A group of participating forces admits organisations that took part, and nobody else.
        """
        took_part = {
            each.organisation_id for each in self.participations if each.version_id == version.pk
        }
        for each in self.belongings:
            if each.sharing_group_id != group.pk or each.ended_at is not None:
                continue
            if group.tier == 1 and each.organisation_id not in took_part:
                return True
            if each.organisation_id is not None:
                kind = self.organisations[each.organisation_id].kind
                if kind not in ADMITTED[group.tier]:
                    return True
        return False

    def shared_with(self, version: Version) -> list[SharingGroup]:
        """The groups whose members read the version now."""
        if version.state != "released" or not self.is_signed(version):
            return []
        if self.is_under_embargo(version):
            return []
        shared = []
        for release in self.releases:
            group = self.groups[release.sharing_group_id]
            if release.version_id != version.pk or release.withdrawn_at is not None:
                continue
            if group.tier > self.widest(version):
                continue
            if self.has_strangers(group, version):
                continue
            shared.append(group)
        return shared

    # --- Reading ----------------------------------------------------------------------------------

    def _reads_through_a_group_within(
        self, person: int | None, version: Version, reach: int
    ) -> bool:
        return any(
            group.tier <= reach and self.belongs(person, group)
            for group in self.shared_with(version)
        )

    def reads_whole(self, person: int | None, version: Version) -> bool:
        """Those who make it, and once it is sealed those who sign it."""
        return self.writes(person, version) or self.signs(person, version)

    def reads(self, person: int | None, version: Version) -> bool:
        """Whether the person reads anything of the version."""
        return self.reads_whole(person, version) or self._reads_through_a_group_within(
            person, version, 4
        )

    def reads_facts(self, person: int | None, version: Version) -> bool:
        """Whether the person reads the facts."""
        return self.reads_whole(person, version) or self._reads_through_a_group_within(
            person, version, version.facts_reach
        )

    def reads_part(self, person: int | None, part: Part) -> bool:
        """Whether the person reads the part."""
        version = self.versions[part.version_id]
        return self.reads_whole(person, version) or self._reads_through_a_group_within(
            person, version, part.reach
        )

    # --- Rules ------------------------------------------------------------------------------------

    def _wrote(self, person: int | None, version: Version) -> bool:
        return (person, version.pk) in self.wrote

    def edit(self, person: int | None, version: Version) -> bool:
        """The project team writes drafts."""
        return self.writes(person, version) and version.state == "drafting"

    def send_back(self, person: int | None, version: Version) -> bool:
        """Somebody of the team, who wrote none of it, sends it back."""
        return (
            self.writes(person, version)
            and version.state == "checking"
            and not self._wrote(person, version)
        )

    def send(self, person: int | None, version: Version) -> bool:
        """An editor sends what was checked."""
        return (
            self.edits(person, version)
            and version.state == "checking"
            and version.checked_at is not None
        )

    def decide(self, person: int | None, signoff: SignOff) -> bool:
        """A signatory decides once for the own force, and not on own words."""
        version = self.versions[signoff.version_id]
        return (
            self.signs_for(person, signoff)
            and version.state == "with_forces"
            and signoff.decision == ""
            and not self._wrote(person, version)
            and (
                self.holds(person, signoff.organisation_id, "signatory")
                or not self.has_a_signatory_at_hand(signoff)
            )
        )

    def has_a_signatory_at_hand(self, signoff: SignOff) -> bool:
        """Whether some signatory of the force could decide today; else the deputies do."""
        for membership in self.memberships:
            person, force = membership.user_id, signoff.organisation_id
            if (
                membership.organisation_id == force
                and self.holds(person, force, "signatory")
                and not self._wrote(person, self.versions[signoff.version_id])
                and not self.is_away(person, force)
            ):
                return True
        return False

    def is_away(self, person: int, organisation: int) -> bool:
        """Whether today is one of the days on which the person is away from there."""
        today = timezone.now().astimezone(ZoneInfo("Europe/London")).date()
        return any(
            each.user_id == person
            and each.organisation_id == organisation
            and each.ended_at is None
            and each.from_day <= today <= each.until_day
            for each in self.absences
        )

    def take_back(self, person: int | None, version: Version) -> bool:
        """The project team takes back what it submitted."""
        return self.writes(person, version) and version.state == "checking"

    def restore(self, person: int | None, version: Version) -> bool:
        """The project team brings back what was discarded."""
        return self.writes(person, version) and version.state == "discarded"

    def remark(self, person: int | None, version: Version) -> bool:
        """The project team remarks while a version is made."""
        return self.writes(person, version) and version.state in ("drafting", "checking")

    def review(self, person: int | None, version: Version) -> bool:
        """The project team reviews what is shared."""
        return self.writes(person, version) and version.state == "released"

    def remark_for_force(self, person: int | None, signoff: SignOff) -> bool:
        """A signatory or deputy remarks until the force has decided."""
        version = self.versions[signoff.version_id]
        return (
            self.signs_for(person, signoff)
            and version.state == "with_forces"
            and signoff.decision == ""
        )

    def end_proceedings(self, person: int | None, signoff: SignOff) -> bool:
        """A signatory or deputy lifts the force's own embargo."""
        version = self.versions[signoff.version_id]
        return (
            self.signs_for(person, signoff)
            and version.state in ("with_forces", "agreed")
            and self.waits_for_proceedings(signoff)
            and not self.is_withdrawn(signoff)
        )

    def read_remark(self, person: int | None, remark: Remark) -> bool:
        """The team reads all remarks; a force its own, and no other force's."""
        version = self.versions[remark.version_id]
        return self.writes(person, version) or (
            remark.organisation_id is not None
            and version.sealed_at is not None
            and self.holds(person, remark.organisation_id, "signatory", "deputy")
        )

    def resolve_remark(self, person: int | None, remark: Remark) -> bool:
        """The team resolves each once."""
        return self.writes(person, self.versions[remark.version_id]) and remark.resolved_at is None

    def remove_remark(self, person: int | None, remark: Remark) -> bool:
        """Whoever made it, until it is resolved or the force has decided."""
        decided = any(
            each.organisation_id == remark.organisation_id and each.decision != ""
            for each in self.signoffs_of(self.versions[remark.version_id])
        )
        return (
            self.read_remark(person, remark)
            and remark.made_by_id == person
            and remark.resolved_at is None
            and not decided
        )

    def reopen(self, person: int | None, version: Version) -> bool:
        """The project team opens the next version of one that was sent."""
        sent = ("with_forces", "returned", "agreed", "released", "withdrawn")
        return self.writes(person, version) and version.state in sent

    def release(self, person: int | None, version: Version) -> bool:
        """An editor shares what was agreed."""
        return self.edits(person, version) and version.state in ("agreed", "released")

    def withdraw_release(self, person: int | None, version: Version) -> bool:
        """An editor takes it back from a group."""
        return self.edits(person, version) and version.state == "released"

    def withdraw_consent(self, person: int | None, signoff: SignOff) -> bool:
        """A signatory takes the own force's agreement back."""
        version = self.versions[signoff.version_id]
        return (
            self.signs_for(person, signoff)
            and version.state in ("with_forces", "agreed", "released")
            and signoff.decision in ("agreed", "agreed_up_to")
            and not self.is_withdrawn(signoff)
        )

    @property
    def rules(self) -> dict[str, Callable[[int | None, Any], bool]]:
        """The model's answer for each rule of the portal, by its name."""
        return {
            "read": self.reads,
            "read_whole": self.reads_whole,
            "work_on": self.writes,
            "edit": self.edit,
            "take_back": self.take_back,
            "discard": self.edit,
            "restore": self.restore,
            "remark": self.remark,
            "read_remark": self.read_remark,
            "resolve_remark": self.resolve_remark,
            "remove_remark": self.remove_remark,
            "remark_for_force": self.remark_for_force,
            "end_proceedings": self.end_proceedings,
            "propose": self.release,
            "review": self.review,
            "submit": self.edit,
            "send_back": self.send_back,
            "check": self.send_back,
            "send": self.send,
            "read_signoff": self.signs_for,
            "decide": self.decide,
            "reopen": self.reopen,
            "release": self.release,
            "withdraw_release": self.withdraw_release,
            "withdraw_consent": self.withdraw_consent,
        }
