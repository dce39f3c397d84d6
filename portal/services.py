"""The only writer of people, organisations and sharing groups.

Each service is one transaction with its audit event. It leaves the Django groups, which grants are
made to, in step with memberships and belongings: `keep_in_step` works them out afresh for the
people concerned, so a person's groups are never the sum of past changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from portal import audit
from portal.exceptions import Refused
from portal.models import (
    ADMITTED,
    READING_ROLES,
    Absence,
    Belonging,
    Membership,
    Organisation,
    Role,
    RoleGroup,
    SharingGroup,
    Tier,
    User,
)


def role_group(organisation: Organisation, role: str) -> Group:
    """The Django group of everyone with `role` in `organisation`, made when first asked for."""
    found = RoleGroup.objects.filter(organisation=organisation, role=role).select_related("group")
    if known := found.first():
        return known.group
    group, _ = Group.objects.get_or_create(name=f"organisation/{organisation.key}/{role}")
    RoleGroup.objects.get_or_create(organisation=organisation, role=role, group=group)
    return group


def may_administer(person: User) -> bool:
    """Whether the person looks after organisations, groups and accounts."""
    return _holds(person, Role.ADMINISTRATOR)


def _holds(person: User, role: Role, organisation: Organisation | None = None) -> bool:
    held = person.memberships.filter(role=role, ended_at__isnull=True)
    if organisation is not None:
        held = held.filter(organisation=organisation)
    return person.is_active and held.exists()


def _lock(organisation: Organisation) -> None:
    """Let nobody begin or cease to be in the organisation, and let it join or leave nothing, until
    this transaction ends: or a person who is new would keep a group that it leaves meanwhile."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _administrators() -> QuerySet[Membership]:
    return Membership.objects.filter(role=Role.ADMINISTRATOR, ended_at__isnull=True)


def _administers(by: User | None) -> bool:
    """`by` may be None while an installation is set up: until there is an administrator."""
    return may_administer(by) if by else not _administrators().exists()


def _require_administrator(by: User | None) -> None:
    if not _administers(by):
        raise Refused("Only an administrator may do this. Ask the project team.")


def _require_keeper(by: User | None, organisation: Organisation, role: str) -> None:
    """A coordinator looks after the officers of a force; every other role is an administrator's."""
    if _administers(by):
        return
    if by and role == Role.OFFICER and _holds(by, Role.COORDINATOR, organisation):
        return
    if role == Role.OFFICER:
        raise Refused(f"Only a coordinator of {organisation} or an administrator may do this.")
    raise Refused("Only an administrator may do this. Ask the project team.")


def _require_steward(by: User | None, sharing_group: SharingGroup) -> None:
    if _administers(by) or (by and by.is_active and sharing_group.steward_id == by.pk):
        return
    raise Refused(f"Only the steward of {sharing_group} or an administrator may do this.")


def _require_someone_else(by: User | None, user: User | None) -> None:
    if by is not None and by == user:
        raise Refused("Nobody widens their own access. Ask someone else to do this for you.")


def _require_another_administrator(leaving: Membership) -> None:
    """Locks them all: of two who end each other's role at once, the second is refused."""
    rows = _administrators().select_for_update(of=("self",)).select_related("user").order_by("pk")
    if not any(each.user.is_active for each in rows if each.pk != leaving.pk):
        raise Refused("There has to be an administrator. Name another one first.")


def misfits(sharing_group: SharingGroup, tier: int) -> QuerySet[Organisation]:
    """The organisations in the group that a group of this tier would not admit."""
    return Organisation.objects.filter(
        belongings__sharing_group=sharing_group, belongings__ended_at__isnull=True
    ).exclude(kind__in=ADMITTED[tier])


@transaction.atomic
def add_person(
    *, by: User | None, email: str, name: str, job_title: str = "", password: str | None = None
) -> User:
    """A person gets an account, and with it no access at all. Recorded as `person.added`."""
    _require_administrator(by)
    person = User.objects.create_user(email, password, name=name, job_title=job_title)
    audit.record("person.added", by=by, subject=person)
    return person


@transaction.atomic
def start_membership(
    *, by: User | None, user: User, organisation: Organisation, role: str
) -> Membership:
    """The person holds the role from now on, and reads what the organisation's groups may read.

    Refuses an organisation that has ended, a role above officer unless an administrator asks, and
    whoever would give a role to themselves. Recorded as `membership.started`.
    """
    _require_keeper(by, organisation, role)
    _require_someone_else(by, user)
    if organisation.valid_until and organisation.valid_until <= timezone.localdate():
        raise Refused(
            f"{organisation} ended on {organisation.valid_until:%-d %B %Y}. Choose its successor."
        )
    _lock(organisation)
    role_group(organisation, role)
    membership, fresh = Membership.objects.get_or_create(
        user=user, organisation=organisation, role=role, ended_at=None
    )
    if fresh:
        keep_in_step(User.objects.filter(pk=user.pk))
        audit.record(
            "membership.started",
            by=by,
            subject=membership,
            user=user.pk,
            organisation=organisation.key,
            role=role,
        )
    return membership


@transaction.atomic
def end_membership(*, by: User | None, membership: Membership) -> None:
    """The role ends now; what it alone let the person read is gone at their next request.

    Refuses to leave the portal without an administrator. Recorded as `membership.ended`.
    """
    _require_keeper(by, membership.organisation, membership.role)
    _lock(membership.organisation)
    if membership.role == Role.ADMINISTRATOR:
        _require_another_administrator(membership)
    locked = Membership.objects.select_for_update().get(pk=membership.pk)
    if locked.ended_at:
        return
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    keep_in_step(User.objects.filter(pk=locked.user_id))
    audit.record("membership.ended", by=by, subject=locked, user=locked.user_id, role=locked.role)


@transaction.atomic
def set_absence(
    *, by: User | None, user: User, organisation: Organisation, from_day: date, until_day: date
) -> Absence:
    """The signatory is away on these days; while every signatory is, the deputies decide.

    Set by the signatory, a coordinator there or an administrator; setting it twice is setting it
    once. Refuses days that are over, and whoever does not sign there. Recorded as `absence.set`.
    """
    keeper = _absence_keeper(by, user, organisation)
    if not _holds(user, Role.SIGNATORY, organisation):
        raise Refused(f"{user} is no signatory of {organisation}, so nobody has to stand in.")
    if until_day < from_day:
        raise Refused("The last day away cannot be before the first.")
    if until_day < timezone.localdate():
        raise Refused("These days are over. Give a last day that is today or later.")
    absence, fresh = Absence.objects.get_or_create(
        user=user,
        organisation=organisation,
        from_day=from_day,
        until_day=until_day,
        ended_at=None,
        defaults={"set_by": keeper},
    )
    if fresh:
        audit.record(
            "absence.set", by=by, subject=absence, user=user.pk, organisation=organisation.key
        )
    return absence


@transaction.atomic
def end_absence(*, by: User | None, absence: Absence) -> None:
    """The signatory decides again from now on. Recorded as `absence.ended`."""
    _absence_keeper(by, absence.user, absence.organisation)
    locked = Absence.objects.select_for_update().get(pk=absence.pk)
    if locked.ended_at:
        return
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    audit.record(
        "absence.ended",
        by=by,
        subject=locked,
        user=locked.user_id,
        organisation=locked.organisation.key,
    )


def absences_kept_by(person: User) -> QuerySet[Membership]:
    """The signatories, each in their force, whose absences the person sets: the own ones, and as a
    coordinator those of the force."""
    if not person.is_active:
        return Membership.objects.none()
    coordinated = person.memberships.filter(role=Role.COORDINATOR, ended_at__isnull=True)
    return (
        Membership.objects.filter(
            Q(user=person) | Q(organisation__in=coordinated.values("organisation")),
            role=Role.SIGNATORY,
            ended_at__isnull=True,
            user__is_active=True,
        )
        .select_related("user", "organisation")
        .order_by("organisation__name", "user__name", "pk")
    )


def _absence_keeper(by: User | None, user: User, organisation: Organisation) -> User:
    """`by`, who has to be somebody: an absence says who set it."""
    if by and by.is_active and by == user:
        return by
    if by and (_administers(by) or _holds(by, Role.COORDINATOR, organisation)):
        return by
    raise Refused(f"Only {user}, a coordinator of {organisation} or an administrator may do this.")


@transaction.atomic
def create_group(
    *, by: User | None, key: str, name: str, purpose: str, tier: int, steward: User | None = None
) -> SharingGroup:
    """A sharing group exists, with nobody in it. Recorded as `group.created`."""
    _require_administrator(by)
    made = SharingGroup.objects.create(
        key=key,
        name=name,
        purpose=purpose,
        tier=Tier(tier),
        steward=steward,
        group=Group.objects.create(name=f"sharing/{key}"),
    )
    audit.record("group.created", by=by, subject=made, tier=int(made.tier))
    return made


@transaction.atomic
def change_tier(*, by: User | None, sharing_group: SharingGroup, tier: int) -> SharingGroup:
    """The group's tier changes, and with it, in the same transaction, what its members may read.

    Refuses a tier that would not admit those who belong. Recorded as `group.tier_changed`.
    """
    _require_administrator(by)
    locked = SharingGroup.objects.select_for_update().get(pk=sharing_group.pk)
    if strangers := ", ".join(each.name for each in misfits(locked, tier)):
        raise Refused(f"A group of that tier cannot hold: {strangers}. They have to leave first.")
    before, locked.tier = locked.tier, Tier(tier)
    locked.save(update_fields=["tier"])
    in_person = locked.belongings.filter(user__isnull=False, ended_at__isnull=True)
    keep_in_step(User.objects.filter(pk__in=in_person.values("user")))
    audit.record(
        "group.tier_changed", by=by, subject=locked, before=int(before), after=int(locked.tier)
    )
    return locked


@transaction.atomic
def join(
    *,
    by: User | None,
    sharing_group: SharingGroup,
    organisation: Organisation | None = None,
    user: User | None = None,
) -> Belonging:
    """An organisation (with everyone in a reading role there) or one person belongs from now on.

    Refuses an organisation that the group's tier does not admit, a person who serves in none that
    it does, and whoever would let themselves in. Waits for a release to the group that is under
    way: whom a group of participating forces holds decides whether it may read. Recorded as
    `group.joined`.
    """
    _require_steward(by, sharing_group)
    _require_someone_else(by, user)
    locked = SharingGroup.objects.select_for_update(no_key=True).get(pk=sharing_group.pk)
    admitted = ADMITTED[locked.tier]
    if organisation:
        _lock(organisation)
    if organisation and organisation.kind not in admitted:
        raise Refused(
            f"{organisation} cannot belong to a group of the tier “{locked.get_tier_display()}”."
        )
    if user and not _serving(user).filter(organisation__kind__in=admitted).exists():
        raise Refused(f"{user} serves in no organisation that could belong to this group.")
    belonging, fresh = Belonging.objects.get_or_create(
        sharing_group=sharing_group, organisation=organisation, user=user, ended_at=None
    )
    if fresh:
        keep_in_step(_people_of(belonging))
        audit.record(
            "group.joined",
            by=by,
            subject=sharing_group,
            organisation=organisation.key if organisation else None,
            user=user.pk if user else None,
        )
    return belonging


@transaction.atomic
def leave(*, by: User | None, belonging: Belonging) -> None:
    """The organisation or person belongs no longer; for the people in it, from their next
    request."""
    _require_steward(by, belonging.sharing_group)
    if belonging.organisation:
        _lock(belonging.organisation)
    locked = Belonging.objects.select_for_update().get(pk=belonging.pk)
    if locked.ended_at:
        return
    people = list(_people_of(locked).values_list("pk", flat=True))
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    keep_in_step(User.objects.filter(pk__in=people))
    audit.record(
        "group.left",
        by=by,
        subject=locked.sharing_group,
        organisation=locked.organisation.key if locked.organisation else None,
        user=locked.user_id,
    )


def _serving(user: User) -> QuerySet[Membership]:
    return user.memberships.filter(ended_at__isnull=True, role__in=READING_ROLES)


def _people_of(belonging: Belonging) -> QuerySet[User]:
    if belonging.user_id:
        return User.objects.filter(pk=belonging.user_id)
    members = Membership.objects.filter(
        organisation=belonging.organisation_id, ended_at__isnull=True
    )
    return User.objects.filter(pk__in=members.values("user"))


def keep_in_step(people: QuerySet[User]) -> None:
    """Make the Django groups of these people exactly what their memberships and belongings say.

    Who belongs in person does so while they serve in an organisation that the tier admits.
    """
    locked = people.select_for_update(no_key=True).order_by("pk")
    numbers = sorted(locked.values_list("pk", flat=True))
    live = Membership.objects.filter(user__in=numbers, ended_at__isnull=True)
    wanted: set[tuple[int, int]] = set()
    wanted.update(
        _pairs(
            RoleGroup.objects.filter(
                organisation__memberships__in=live, role=F("organisation__memberships__role")
            ).values_list("organisation__memberships__user", "group")
        )
    )
    belongings = Belonging.objects.filter(ended_at__isnull=True)
    serving = live.filter(role__in=READING_ROLES)
    for tier, kinds in ADMITTED.items():
        admitted = serving.filter(organisation__kind__in=kinds)
        wanted.update(
            _pairs(
                belongings.filter(
                    sharing_group__tier=tier, user__in=admitted.values("user")
                ).values_list("user", "sharing_group__group")
            )
        )
    wanted.update(
        _pairs(
            belongings.filter(organisation__memberships__in=serving).values_list(
                "organisation__memberships__user", "sharing_group__group"
            )
        )
    )
    through = User.groups.through.objects
    present = set(_pairs(through.filter(user_id__in=numbers).values_list("user_id", "group_id")))
    for user, group in present - wanted:
        through.filter(user_id=user, group_id=group).delete()
    through.bulk_create(
        [
            User.groups.through(user_id=user, group_id=group)
            for user, group in sorted(wanted - present)
        ]
    )


def _pairs(rows: Iterable[tuple[int | None, int]]) -> Iterable[tuple[int, int]]:
    return ((user, group) for user, group in rows if user is not None)
