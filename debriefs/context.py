"""What every template may use: how much a signed-in person has not been told yet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from debriefs.services import inbox
from portal.models import User


def unread_notices(request: HttpRequest) -> dict[str, Any]:
    """`unread_notices`: a number, asked for only by pages that show it; none for the signed-out."""
    person = getattr(request, "user", None)
    if not isinstance(person, User):
        return {}
    return {"unread_notices": SimpleLazyObject(lambda: inbox.unread(person))}
