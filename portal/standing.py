"""In what capacity a person acts: in words for the record, and as the groups that open doors.

What the doors are is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from portal.models import Membership, Role, Tier, User
from portal.prepared import Prepared

Visitor: TypeAlias = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Door:
    """A Django group in which a visitor stands; with the name and the tier of the sharing group
    that it is, or empty and None for the group of a role."""

    group: int
    name: str | None
    tier: int | None

    def __str__(self) -> str:
        return self.name or ""


@dataclass(frozen=True, slots=True)
class Held:
    """A role that a person holds today, and in which organisation."""

    role: str
    organisation: str

    def __str__(self) -> str:
        return f"{Role(self.role).label}, {self.organisation}"


def _doors(condition: Any) -> QuerySet[Group]:
    return Group.objects.filter(condition).order_by("pk")


_DOOR = JSONObject(group=F("pk"), name=F("sharing_group__name"), tier=F("sharing_group__tier"))
_HELD = JSONObject(role=F("role"), organisation=F("organisation__name"))
_PUBLIC = Q(sharing_group__tier=Tier.PUBLIC)


def _belonging(person: Any) -> Exists:
    through = User.groups.through
    return Exists(through.objects.filter(group=OuterRef("pk"), user=person))


_person: Prepared[User] = Prepared(
    lambda number: User.objects.filter(pk=number).annotate(
        kept_doors=ArraySubquery(
            _doors(_PUBLIC | Q(_belonging(OuterRef(OuterRef("pk"))))).values_list(_DOOR)
        ),
        kept_roles=ArraySubquery(
            Membership.objects.filter(user=OuterRef("pk"), ended_at__isnull=True)
            .order_by("organisation__name", "role")
            .values_list(_HELD)
        ),
    )
)


def person(number: int) -> User | None:
    """The person of this number, with their doors and roles, in one query."""
    for found in _person(number=number):
        kept: Any = found
        kept._doors = [Door(**each) for each in kept.kept_doors] if found.is_active else []
        kept._roles = [Held(**each) for each in kept.kept_roles]
        return found
    return None


def doors_of(visitor: Visitor) -> list[Door]:
    """The groups through which a visitor may read, in order.

    A signed-out visitor stands in the public groups; a person who may not sign in stands nowhere.
    Kept on the user object, which lives for one request: whatever is revoked is revoked for the
    next.
    """
    kept: list[Door] | None = getattr(visitor, "_doors", None)
    if kept is None:
        if not visitor.is_authenticated:
            found = _public()
        else:
            found = _own(number=visitor.pk) if visitor.is_active else []
        kept = [Door(**each) for each in found]
        visitor._doors = kept  # type: ignore[union-attr]
    return kept


_public: Prepared[dict[str, Any]] = Prepared(lambda: _doors(_PUBLIC).values_list(_DOOR, flat=True))
_own: Prepared[dict[str, Any]] = Prepared(
    lambda number: _doors(_PUBLIC | Q(_belonging(number))).values_list(_DOOR, flat=True)
)


def groups_of(visitor: Visitor) -> list[int]:
    """The numbers of the visitor's doors, in order."""
    return [door.group for door in doors_of(visitor)]


def standing_in(groups: Sequence[int], number: int | None = None) -> User:
    """A visitor of whom nothing is known but these groups, and perhaps their number: for rules of
    reading that are worked out once for everyone (`portal/prepared.py`)."""
    someone = User(pk=number)
    someone._doors = [Door(group, None, None) for group in groups]  # type: ignore[attr-defined]
    return someone


def belongs_somewhere(visitor: Visitor) -> bool:
    """Whether anything but what is public can be shared with the visitor at all."""
    return any(door.tier not in (None, Tier.PUBLIC) for door in doors_of(visitor))


def forget(visitor: Visitor) -> None:
    """Ask the database again who the visitor is, as a service does once it holds its lock."""
    for kept in ("_doors", "_roles"):
        if hasattr(visitor, kept):
            delattr(visitor, kept)


def _roles_of(person: User) -> list[Held]:
    """The person's roles today; one query, kept on the user object for the request."""
    kept: list[Held] | None = getattr(person, "_roles", None)
    if kept is None:
        rows = person.memberships.filter(ended_at__isnull=True)
        kept = [
            Held(*row)
            for row in rows.order_by("organisation__name", "role").values_list(
                "role", "organisation__name"
            )
        ]
        person._roles = kept  # type: ignore[attr-defined]
    return kept


def standing_of(person: User) -> str:
    """The person's roles in words, such as "Signatory, Kent Police; Officer, Kent Police"."""
    return "; ".join(str(held) for held in _roles_of(person))


def holds(person: User, *roles: str) -> bool:
    """Whether the person holds one of these roles anywhere; for what is offered in the navigation,
    never for what is allowed."""
    return any(held.role in roles for held in _roles_of(person))
