"""Who and what is in the tests? A small world, built by the services alone.

`World.build` makes organisations, people and groups; `World.debrief_at` takes a debrief to any
state. What pytest does with it stands in `conftest.py`; what must be true of it, in the tests.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from debriefs.models import (
    Country,
    Debrief,
    ExploitationType,
    Offence,
    Release,
    SignOff,
    Theme,
    Version,
)
from debriefs.models.vocabulary import (
    Band,
    Evidence,
    Heading,
    Marking,
    ParticipationPart,
    Proceedings,
    Worked,
)
from debriefs.services import checking, releasing, signing, writing
from debriefs.services.content import Facts, TakingPart, Words
from debriefs.services.signing import Answer
from debriefs.workflow import State
from portal import services
from portal.models import Membership, Organisation, Region, Role, SharingGroup, Tier, User

AGREE = Answer(SignOff.Decided.AGREED)
CHANGES = Answer(SignOff.Decided.CHANGES, remark="The second paragraph names the wrong town.")

Kind = Organisation.Kind

#: Key, name, kind and region.
ORGANISATIONS: tuple[tuple[str, str, str, str | None], ...] = (
    ("alpha", "Alphashire Police", Kind.FORCE, "north"),
    ("bravo", "Bravoshire Police", Kind.FORCE, "north"),
    ("charlie", "Charlieshire Police", Kind.FORCE, "south"),
    ("delta", "Delta Docks Police", Kind.NATIONAL, None),
    ("harbour", "Harbour Agency", Kind.PARTNER, None),
    ("team", "Project Team", Kind.TEAM, None),
    ("other_team", "Other Project Team", Kind.TEAM, None),
)

#: Everyone, with the roles they hold. Delta and the other team are in no sharing group.
PEOPLE: dict[str, tuple[tuple[str, Role], ...]] = {
    "alpha_officer": (("alpha", Role.OFFICER),),
    "bravo_officer": (("bravo", Role.OFFICER),),
    "charlie_officer": (("charlie", Role.OFFICER),),
    "outsider": (("delta", Role.OFFICER),),
    "partner_officer": (("harbour", Role.OFFICER),),
    "author": (("team", Role.AUTHOR),),
    "second_author": (("team", Role.AUTHOR),),
    "editor": (("team", Role.EDITOR),),
    "second_editor": (("team", Role.EDITOR),),
    "other_author": (("other_team", Role.AUTHOR),),
    "alpha_signatory": (("alpha", Role.SIGNATORY),),
    "alpha_deputy": (("alpha", Role.DEPUTY),),
    "bravo_signatory": (("bravo", Role.SIGNATORY),),
    "charlie_signatory": (("charlie", Role.SIGNATORY),),
    "delta_signatory": (("delta", Role.SIGNATORY),),
    "harbour_signatory": (("harbour", Role.SIGNATORY),),
    "coordinator": (("alpha", Role.COORDINATOR),),
    "both": (("bravo", Role.OFFICER), ("bravo", Role.SIGNATORY)),
    "inactive": (("alpha", Role.OFFICER), ("alpha", Role.SIGNATORY), ("team", Role.EDITOR)),
    "superuser": (),
    "steward": (),
    "nobody": (),
    "guest": (("delta", Role.OFFICER),),
    # From here on every service asks who acts, so the administrator comes last.
    "administrator": (("team", Role.ADMINISTRATOR),),
}

#: Name, tier, and the organisations that belong. The guest belongs to the circle in person.
GROUPS: dict[str, tuple[str, Tier, tuple[str, ...]]] = {
    "participants": ("Those who took part", Tier.PARTICIPANTS, ("alpha", "bravo")),
    "policing": ("Policing", Tier.POLICING, ("alpha", "bravo", "charlie", "team")),
    "circle": ("Northern circle", Tier.POLICING, ("alpha", "bravo")),
    "partners": ("Partners", Tier.PARTNERS, ("harbour",)),
    "public": ("Public summaries", Tier.PUBLIC, ()),
}

#: Who decides for each force.
SIGNATORY_OF = {
    "alpha": "alpha_signatory",
    "bravo": "bravo_signatory",
    "charlie": "charlie_signatory",
    "delta": "delta_signatory",
    "harbour": "harbour_signatory",
}


@dataclass(frozen=True, slots=True)
class World:
    """The people, organisations and groups of the tests, by key; all looked up afresh at each use.

    A fresh user is what a new request sees: a `User` keeps its groups for the time of a request.
    """

    people: Mapping[str, int]
    _count: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @classmethod
    def build(cls) -> World:
        """Make everyone and everything in the tables above, through the services."""
        regions = {
            key: Region.objects.create(key=key, name=f"{key.capitalize()} region")
            for key in ("north", "south")
        }
        organisations = {
            key: Organisation.objects.create(
                key=key,
                name=name,
                short_name=name.split()[0],
                kind=kind,
                region=regions[region] if region else None,
            )
            for key, name, kind, region in ORGANISATIONS
        }
        _vocabulary()
        groups = {
            key: services.create_group(
                by=None, key=key, name=name, purpose=f"For {name.lower()}.", tier=tier
            )
            for key, (name, tier, _) in GROUPS.items()
        }
        for key, (_, _, members) in GROUPS.items():
            for member in members:
                services.join(
                    by=None, sharing_group=groups[key], organisation=organisations[member]
                )
        people: dict[str, int] = {}
        for key, roles in PEOPLE.items():
            person = services.add_person(
                by=None, email=f"{key}@tests.example", name=key.replace("_", " ").title()
            )
            for organisation, role in roles:
                services.start_membership(
                    by=None, user=person, organisation=organisations[organisation], role=role
                )
            people[key] = person.pk
            if key == "guest":
                services.join(by=None, sharing_group=groups["circle"], user=person)
        SharingGroup.objects.filter(key="policing").update(steward=people["steward"])
        User.objects.filter(pk=people["superuser"]).update(is_superuser=True)
        User.objects.filter(pk=people["inactive"]).update(is_active=False)
        return cls(people)

    def person(self, key: str) -> User:
        """The person as the next request finds them."""
        return User.objects.get(pk=self.people[key])

    @property
    def administrator(self) -> User:
        """Who sees to people and groups, where it does not matter who does."""
        return self.person("administrator")

    def everyone(self) -> dict[str, User]:
        """All people of the world by key, each fresh."""
        found = User.objects.in_bulk(list(self.people.values()))
        return {key: found[number] for key, number in self.people.items()}

    def organisation(self, key: str) -> Organisation:
        """The organisation of this key."""
        return Organisation.objects.get(key=key)

    def group(self, key: str) -> SharingGroup:
        """The sharing group of this key."""
        return SharingGroup.objects.get(key=key)

    # --- People come and go -----------------------------------------------------------------------

    def hire(self, person: str, organisation: str, role: str) -> Membership:
        """The administrator gives the person the role."""
        return services.start_membership(
            by=self.administrator,
            user=self.person(person),
            organisation=self.organisation(organisation),
            role=role,
        )

    def dismiss(self, person: str) -> None:
        """The administrator ends every role of the person."""
        live = Membership.objects.filter(user=self.people[person], ended_at__isnull=True)
        for membership in live:
            services.end_membership(by=self.administrator, membership=membership)

    # --- What a debrief says ----------------------------------------------------------------------

    def facts(
        self,
        *,
        token: str = "",
        lead: str = "alpha",
        supporting: Sequence[str] = ("bravo",),
        partners: Sequence[str] = (),
        **changed: Any,
    ) -> Facts:
        """Facts with every field filled. With a `token`, every text holds it and its own name."""
        taking_part = [
            TakingPart(self.organisation(lead), ParticipationPart.LEAD),
            *(
                TakingPart(self.organisation(key), ParticipationPart.SUPPORTING)
                for key in supporting
            ),
            *(
                TakingPart(self.organisation(key), ParticipationPart.PARTNER, signs=False)
                for key in partners
            ),
        ]
        facts = Facts(
            title=f"A brothel above a shop {token}title".strip(),
            summary=f"Women were moved between towns at night. {token}summary",
            marking=Marking.SENSITIVE,
            handling=f"Police use only. {token}handling",
            operation_from=date(2021, 3, 1),
            operation_until=date(2022, 5, 31),
            debriefed_on=date(2023, 1, 15),
            victims=Band.FEW,
            suspects=Band.SEVERAL,
            charged=7,
            convicted=5,
            sentence_months=192,
            proceedings=Proceedings.CONCLUDED,
            talk_title=f"How it was done {token}talk",
            talk_speaker_role=f"Senior investigating officer {token}speaker",
            talk_url=f"https://videos.example/{token}url",
            talk_minutes=25,
            exploitation=[ExploitationType.objects.get(key="sexual")],
            offences=[Offence.objects.get(key="trafficking")],
            countries=[Country.objects.get(key="ro")],
            themes=[Theme.objects.get(key="evidence-led")],
            taking_part=taking_part,
        )
        return replace(facts, **changed)

    def section(
        self,
        reach: int = Tier.POLICING,
        *,
        token: str = "",
        heading: str = Heading.OVERVIEW,
        **changed: Any,
    ) -> Words:
        """A section of that reach."""
        words = Words(
            kind="section",
            heading=heading,
            title=f"{Heading(heading).label} {token}section" if token else Heading(heading).label,
            reach=reach,
            markdown=f"It began with a *call* about an address. {token}markdown",
        )
        return replace(words, **changed)

    def lesson(self, reach: int = Tier.POLICING, *, token: str = "", **changed: Any) -> Words:
        """A complete lesson of that reach."""
        words = Words(
            kind="lesson",
            title=f"Meet the prosecutor early {token}lesson",
            reach=reach,
            theme=Theme.objects.get(key="evidence-led"),
            observed=f"The case stood without the victims. {token}observed",
            mattered=f"Nobody had to give evidence. {token}mattered",
            action=f"Meet in the first week. {token}action",
            roles=["sio", "prosecutor"],
            evidence=Evidence.REPEATED,
            worked=Worked.YES,
        )
        return replace(words, **changed)

    # --- A debrief in any state -------------------------------------------------------------------

    def draft(
        self,
        *,
        operation: str = "",
        token: str = "",
        by: str = "author",
        facts: Facts | None = None,
        parts: Sequence[Words] | None = None,
    ) -> Version:
        """A complete draft that one person wrote."""
        writer = self.person(by)
        reach = facts.reach if facts else Tier.POLICING
        version = writing.start(
            by=writer,
            owner=self.organisation("team"),
            operation=operation or f"Lantern {next(self._count)} {token}operation".strip(),
            facts=facts or self.facts(token=token),
        )
        if parts is None:
            parts = (self.section(reach, token=token), self.lesson(reach, token=token))
        for words in parts:
            writing.add_part(by=writer, version=version, words=words)
        return fresh(version)

    def debrief_at(
        self,
        state: State,
        *,
        operation: str = "",
        token: str = "",
        facts: Facts | None = None,
        parts: Sequence[Words] | None = None,
        checked: bool = False,
        answers: Mapping[str, Answer] | None = None,
        groups: Sequence[str] = ("policing",),
    ) -> Version:
        """A version in `state`, lived through by author, editor and signatories.

        `facts` and `parts` say what it says (reaches included), `token` marks every text of it,
        `answers` what each force decides (agreement where it is not named; with the forces, only
        those who are named decide), `groups` whom it is shared with. `checked` is for a version
        that is being checked. Of a superseded debrief the first version is returned.
        """
        answers = answers or {}
        version = self.draft(operation=operation, token=token, facts=facts, parts=parts)
        if state == State.DRAFTING:
            return version
        if state == State.DISCARDED:
            return writing.discard(by=self.person("author"), version=version)
        if state == State.CHECKING:
            return self.submitted(version, checked=checked)
        self.sent(version)
        if state == State.WITH_FORCES:
            for key, answer in answers.items():
                self.decide(version, key, answer)
            return fresh(version)
        if state == State.RETURNED:
            remark = f"{CHANGES.remark} {token}remark"
            self.decide(version, "alpha", answers.get("alpha", replace(CHANGES, remark=remark)))
            return fresh(version)
        self.agreed(version, answers, token=token)
        if state == State.AGREED:
            return fresh(version)
        for key in groups:
            self.release(version, key)
        if state == State.SUPERSEDED:
            self.follow(version, answers, groups)
        elif state == State.WITHDRAWN:
            self.withdraw(version, "bravo", f"A trial is pending. {token}reason")
        return fresh(version)

    def submitted(self, version: Version, *, checked: bool = True) -> Version:
        """The draft is submitted, and checked by the editor unless told otherwise."""
        revision = fresh(version).revision
        checking.submit(by=self.person("author"), version=version, revision=revision)
        if checked:
            checking.check(by=self.person("editor"), version=version, revision=revision)
        return fresh(version)

    def sent(self, version: Version) -> Version:
        """The draft is submitted, checked and sent to the forces."""
        self.submitted(version)
        return signing.send(by=self.person("editor"), version=version)

    def decide(self, version: Version, force: str, answer: Answer = AGREE) -> SignOff:
        """The force's signatory decides on what is there now."""
        return signing.decide(
            by=self.person(SIGNATORY_OF[force]),
            signoff=version.signoffs.get(organisation__key=force),
            digest=fresh(version).digest,
            answer=answer,
        )

    def agreed(
        self, version: Version, answers: Mapping[str, Answer] | None = None, *, token: str = ""
    ) -> Version:
        """Every signing force agrees, in the words of `answers` where it is named."""
        usual = replace(
            AGREE,
            conditions=f"Not before the trial. {token}conditions" if token else "",
            remark=f"Thank you. {token}remark" if token else "",
            statements=(f"I read every part. {token}statement",) if token else (),
        )
        for signoff in version.signoffs.select_related("organisation"):
            key = signoff.organisation.key
            self.decide(version, key, (answers or {}).get(key, usual))
        return fresh(version)

    def release(self, version: Version, group: str, *, by: str = "editor") -> Release:
        """The editor shares the version with the group; the second one proposed what goes far."""
        if releasing.needs_two(self.group(group)):
            releasing.propose(
                by=self.person("second_editor" if by == "editor" else "editor"),
                version=fresh(version),
                sharing_group=self.group(group),
            )
        return releasing.release(
            by=self.person(by), version=fresh(version), sharing_group=self.group(group)
        )

    def follow(
        self,
        version: Version,
        answers: Mapping[str, Answer] | None = None,
        groups: Sequence[str] = ("policing",),
    ) -> Version:
        """The next version is opened, signed and shared, and so takes the place of this one."""
        following = writing.reopen(by=self.person("author"), version=fresh(version))
        self.sent(following)
        self.agreed(following, answers)
        for key in groups:
            self.release(following, key)
        return fresh(following)

    def withdraw(self, version: Version, force: str, reason: str = "A trial is pending.") -> None:
        """The force takes its consent back."""
        signing.withdraw_consent(
            by=self.person(SIGNATORY_OF[force]),
            signoff=version.signoffs.get(organisation__key=force),
            reason=reason,
        )


def fresh(version: Version) -> Version:
    """The version as the database has it now."""
    return Version.objects.select_related("debrief").get(pk=version.pk)


def following(version: Version) -> Version:
    """The newest version of the same debrief."""
    return Debrief.objects.get(pk=version.debrief_id).versions.order_by("-number")[0]


def _vocabulary() -> None:
    """Two words of each kind, so that there is always one that was not chosen."""
    for key, name in (("evidence-led", "Evidence-led"), ("victim-care", "Victim care")):
        Theme.objects.create(key=key, name=name, question=f"{name}?", learned="Meet *early*.")
    for key, name in (("sexual", "Sexual"), ("labour", "Labour")):
        ExploitationType.objects.create(key=key, name=name)
    for key, name in (("trafficking", "Human trafficking"), ("slavery", "Slavery")):
        Offence.objects.create(key=key, name=name, statute="Modern Slavery Act 2015")
    for key, name in (("ro", "Romania"), ("vn", "Viet Nam")):
        Country.objects.create(key=key, name=name)
