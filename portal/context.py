"""What every template may use: in what standing the visitor is here, and where."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.models import Role
from portal.standing import holds, standing_of


def visitor(request: HttpRequest) -> dict[str, Any]:
    """`viewer_standing`: the person's roles in words; and whether they sign for a force
    (`viewer_signs`), write debriefs (`viewer_writes`), say who is away (`viewer_keeps_absences`).

    Asked for only by pages that show them, with one query for all.
    """
    user = getattr(request, "user", None)
    if not user or not user.is_authenticated:
        return {"viewer_standing": "", "viewer_signs": False, "viewer_writes": False}
    return {
        "viewer_standing": SimpleLazyObject(lambda: standing_of(user)),
        "viewer_signs": SimpleLazyObject(lambda: holds(user, Role.SIGNATORY, Role.DEPUTY)),
        "viewer_writes": SimpleLazyObject(lambda: holds(user, Role.AUTHOR, Role.EDITOR)),
        "viewer_keeps_absences": SimpleLazyObject(
            lambda: holds(user, Role.SIGNATORY, Role.COORDINATOR)
        ),
    }
