"""What a visitor sees when something does not work, in words, with what to do."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

RETRY_AFTER_SECONDS = 30


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the database cannot be reached, which passes by itself.

    Both templates use nothing: no database, no session, no context.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = HttpResponse(get_template("503.html").render(), status=503)
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    return HttpResponse(get_template("500.html").render(), status=500)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same whether the thing is hidden or was never there."""
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from the portal's own page, or came too late."""
    return render(request, "403_csrf.html", status=403)
