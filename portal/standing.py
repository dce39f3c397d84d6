"""In what capacity a person acts: in words for the record, and as the groups that open doors.

What the doors are is not known here.
"""

from __future__ import annotations

from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser, Group
from django.db.models import Q

from portal.models import Membership, SharingGroup, Tier, User

Visitor: TypeAlias = User | AnonymousUser


def groups_of(visitor: Visitor) -> list[int]:
    """The numbers of the Django groups through which a visitor may read, in order.

    A signed-out visitor stands in the public groups; a person who may not sign in stands nowhere.
    Kept on the user object, which lives for one request: whatever is revoked is revoked for the
    next.
    """
    kept: list[int] | None = getattr(visitor, "_groups_of", None)
    if kept is None:
        if not visitor.is_authenticated:
            condition = Q(sharing_group__tier=Tier.PUBLIC)
        elif not visitor.is_active:
            condition = Q(pk__in=[])
        else:
            condition = Q(sharing_group__tier=Tier.PUBLIC) | Q(user=visitor.pk)
        kept = sorted(set(Group.objects.filter(condition).values_list("pk", flat=True)))
        visitor._groups_of = kept  # type: ignore[union-attr]
    return kept


def belongs_somewhere(visitor: Visitor) -> bool:
    """Whether anything but what is public can be shared with the visitor at all."""
    return (
        SharingGroup.objects.filter(group__in=groups_of(visitor)).exclude(tier=Tier.PUBLIC).exists()
    )


def forget(visitor: Visitor) -> None:
    """Ask the database again who the visitor is, as a service does once it holds its lock."""
    for kept in ("_groups_of", "_roles_of"):
        if hasattr(visitor, kept):
            delattr(visitor, kept)


def _roles_of(person: User) -> list[Membership]:
    """The person's roles today; one query, kept on the user object for the request."""
    kept: list[Membership] | None = getattr(person, "_roles_of", None)
    if kept is None:
        kept = list(person.memberships.filter(ended_at__isnull=True).select_related("organisation"))
        person._roles_of = kept  # type: ignore[attr-defined]
    return kept


def standing_of(person: User) -> str:
    """The person's roles in words, such as "Signatory, Kent Police; Officer, Kent Police"."""
    return "; ".join(
        f"{membership.get_role_display()}, {membership.organisation.name}"
        for membership in _roles_of(person)
    )


def holds(person: User, *roles: str) -> bool:
    """Whether the person holds one of these roles anywhere; for what is offered in the navigation,
    never for what is allowed."""
    return any(membership.role in roles for membership in _roles_of(person))
