"""Who is in the demo, and what each is there to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from debriefs.services import absences
from portal import services
from portal.models import Organisation, Role, SharingGroup, Tier, User

#: One password for the whole cast; the demo serves this machine alone and holds nothing real.
PASSWORD = "lantern-harbour-42"  # noqa: S105 - printed for whoever tries the demo

TEAM = "msoic"
SECOND_EDITOR = "second-editor@msoic.example"


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the cast: roles as pairs of organisation and role, and what they show."""

    email: str
    name: str
    job_title: str
    roles: tuple[tuple[str, Role], ...]
    shows: str


CAST: tuple[Member, ...] = (
    Member(
        "officer@lancashire.example",
        "Amira Holt",
        "Detective Sergeant",
        (("lancashire", Role.OFFICER),),
        "an officer of a force in the policing group",
    ),
    Member(
        "officer@avon-and-somerset.example",
        "Ben Trevanion",
        "Detective Constable",
        (("avon-and-somerset", Role.OFFICER),),
        "an officer of the policing group and of the South West circle, who sees more",
    ),
    Member(
        "officer@cnc.example",
        "Chidi Marlow",
        "Constable",
        (("civil-nuclear-constabulary", Role.OFFICER),),
        "an officer whose force is in no group: the public summaries and nothing else",
    ),
    Member(
        "officer@glaa.example",
        "Dana Whitlock",
        "Enforcement officer",
        (("glaa", Role.OFFICER),),
        "an officer of a partner agency, who reads what may go to partners",
    ),
    Member(
        "author@msoic.example",
        "Esme Okafor",
        "Debrief author",
        ((TEAM, Role.AUTHOR),),
        "an author of the project team, with drafts",
    ),
    Member(
        "editor@msoic.example",
        "Farid Lindqvist",
        "Debrief editor",
        ((TEAM, Role.EDITOR),),
        "an editor of the project team, who sends and shares",
    ),
    Member(
        SECOND_EDITOR,
        "Mina Carrow",
        "Debrief editor",
        ((TEAM, Role.EDITOR),),
        "a second editor, who confirms what goes beyond policing",
    ),
    Member(
        "signatory@bedfordshire.example",
        "Grace Penhale",
        "Detective Superintendent",
        (("bedfordshire", Role.SIGNATORY),),
        "a force signatory with two versions waiting for a decision",
    ),
    Member(
        "deputy@bedfordshire.example",
        "Harun Ellery",
        "Detective Chief Inspector",
        (("bedfordshire", Role.DEPUTY),),
        "the deputy, who decides while the signatory is away",
    ),
    Member(
        "coordinator@bedfordshire.example",
        "Iona Castell",
        "Force coordinator",
        (("bedfordshire", Role.COORDINATOR),),
        "the coordinator of a force",
    ),
    Member(
        "steward@policing.example",
        "Jonah Brightwell",
        "Group steward",
        ((TEAM, Role.OFFICER),),
        "the steward of the policing group",
    ),
    Member(
        "administrator@msoic.example",
        "Keira Stanmore",
        "Administrator",
        ((TEAM, Role.ADMINISTRATOR),),
        "an administrator: looks after accounts, reads nothing but public summaries",
    ),
    Member(
        "both@lancashire.example",
        "Lewis Arkwright",
        "Detective Chief Inspector",
        (("lancashire", Role.OFFICER), ("lancashire", Role.SIGNATORY)),
        "one person who is two things: an officer and the signatory of a force",
    ),
)


def go_away() -> None:
    """Two signatories are away: one now, with nobody who stands in, and one from next week on, for
    whom a deputy does."""
    today = timezone.localdate()
    for email, force, first, last in (
        ("signatory@hertfordshire.example", "hertfordshire", -3, 11),
        ("signatory@bedfordshire.example", "bedfordshire", 7, 14),
    ):
        person = User.objects.get(email=email)
        absences.set_absence(
            by=person,
            user=person,
            organisation=Organisation.objects.get(key=force),
            from_day=today + timedelta(days=first),
            until_day=today + timedelta(days=last),
        )


def second_editor() -> User:
    """Who confirms what goes beyond policing, or proposes it to the first."""
    return User.objects.get(email=SECOND_EDITOR)


PARTNER_KINDS = (Organisation.Kind.PARTNER, Organisation.Kind.PROSECUTOR)
POLICE_KINDS = (Organisation.Kind.FORCE, Organisation.Kind.NATIONAL, Organisation.Kind.ROCU)
SOUTH_WEST = (
    "avon-and-somerset",
    "devon-and-cornwall",
    "dorset",
    "gloucestershire",
    "wiltshire",
    "swrocu",
)
LABOUR = ("glaa", "hmrc", "fair-work-agency", "suffolk", "leicestershire", "west-mercia")
OUTSIDE_POLICING = ("civil-nuclear-constabulary",)


def gather() -> dict[str, User]:
    """The cast has accounts, roles and groups; returned by e-mail address."""
    people: dict[str, User] = {}
    first = next(member for member in CAST if member.roles == ((TEAM, Role.ADMINISTRATOR),))
    for member in (first, *(member for member in CAST if member is not first)):
        by = people.get(first.email)
        person = services.add_person(
            by=by,
            email=member.email,
            name=member.name,
            job_title=member.job_title,
            password=PASSWORD,
        )
        for key, role in member.roles:
            services.start_membership(
                by=by, user=person, organisation=Organisation.objects.get(key=key), role=role
            )
        people[member.email] = person
    _form_groups(people[first.email], people["steward@policing.example"])
    return people


def administrator() -> User:
    """The administrator of the cast."""
    return User.objects.get(memberships__role=Role.ADMINISTRATOR)


def _form_groups(by: User, steward: User) -> None:
    everyone = Organisation.objects.all()
    police = everyone.filter(kind__in=POLICE_KINDS).exclude(key__in=OUTSIDE_POLICING)
    team = everyone.filter(key=TEAM)
    for key, name, purpose, tier, members in (
        (
            "policing",
            "Policing Slavery and Human Trafficking Group",
            "Everyone in UK policing who investigates modern slavery.",
            Tier.POLICING,
            police | team,
        ),
        (
            "south-west",
            "South West Investigators' Circle",
            "Investigators of the South West forces, who share early and among themselves.",
            Tier.POLICING,
            everyone.filter(key__in=SOUTH_WEST),
        ),
        (
            "law-enforcement",
            "Law-Enforcement Partners Forum",
            "Agencies that investigate or prosecute beside the police.",
            Tier.PARTNERS,
            everyone.filter(kind__in=PARTNER_KINDS),
        ),
        (
            "labour",
            "Labour Exploitation Practitioners",
            "Forces and labour inspectorates that work on labour exploitation together.",
            Tier.PARTNERS,
            everyone.filter(key__in=LABOUR),
        ),
        ("public", "Public summaries", "Anyone, signed in or not.", Tier.PUBLIC, everyone.none()),
    ):
        group: SharingGroup = services.create_group(
            by=by,
            key=key,
            name=name,
            purpose=purpose,
            tier=tier,
            steward=steward,
        )
        for organisation in members.distinct():
            services.join(by=by, sharing_group=group, organisation=organisation)


def signatory_of(organisation: Organisation) -> User:
    """Someone who signs for the organisation; made when the cast has nobody there."""
    found = User.objects.filter(
        memberships__organisation=organisation,
        memberships__role=Role.SIGNATORY,
        memberships__ended_at__isnull=True,
    ).first()
    if found:
        return found
    person = services.add_person(
        by=administrator(),
        email=f"signatory@{organisation.key}.example",
        name=f"Signatory of {organisation.short_name}",
    )
    services.start_membership(
        by=administrator(), user=person, organisation=organisation, role=Role.SIGNATORY
    )
    return person
