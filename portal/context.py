"""What every template may use: in what standing the visitor is here, and where."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.standing import standing_of


def visitor(request: HttpRequest) -> dict[str, Any]:
    """`viewer_standing`: the person's roles in words, asked for only by pages that show them."""
    user = getattr(request, "user", None)
    return {
        "viewer_standing": SimpleLazyObject(lambda: standing_of(user))
        if user and user.is_authenticated
        else "",
    }
