"""What wraps every request: one log line, and headers that keep what is private out of caches."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger("portal.request")

#: Features of the browser that no page uses.
PERMISSIONS_POLICY = (
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
)


class RequestLog:
    """One line a request: route, status, milliseconds, the person's number. Never a path or a
    query."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, then write its line."""
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=uuid.uuid4().hex)
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        # Who it was is known if somebody asked. To ask now could fail in the very way that the
        # answer reports, and would lose the headers of that answer.
        user = getattr(request, "_cached_user", None)
        log.info(
            "request",
            method=request.method,
            route=match.view_name if match else None,
            status=response.status_code,
            person=user.pk if user else None,
            milliseconds=round((time.perf_counter() - began) * 1000, 1),
        )
        structlog.contextvars.clear_contextvars()
        return response


class ResponseHeaders:
    """Nothing that a person was shown may be kept by a cache, or shown again after signing out."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and set the headers that every page carries."""
        response = self.get_response(request)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        return response
