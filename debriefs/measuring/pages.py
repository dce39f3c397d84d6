"""What does the benchmark add to the portal that it measures? The limit page: what a page costs
before it shows anything. And a count of queries, for the request that asks for it.

Only `debriefs.measuring.settings` names this module.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.urls import handler404, handler500
from portal.urls import urlpatterns as urls_of_the_portal
from portal.views.base import For, Page

__all__ = ["handler404", "handler500", "urlpatterns"]

LIMIT = "/benchmark/limit/"
ASKED, COUNTED = "X-Count-Queries", "X-Queries"


class Limit(Page):
    """A page with one trivial query, in the frame of every page."""

    audience = For.SIGNED_IN
    template_name = "benchmark/limit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what the database answered."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            (answer,) = cursor.fetchone()
        return super().get_context_data(answer=answer, **kwargs)


class CountQueries:
    """Says in a header how many queries a request took, if the request asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, counting or not."""
        if ASKED not in request.headers:
            return self.get_response(request)
        count = 0

        def counting(execute: Callable[..., Any], *args: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*args)

        with connection.execute_wrapper(counting):
            response = self.get_response(request)
        response.headers[COUNTED] = str(count)
        return response


urlpatterns = [path(LIMIT[1:], Limit.as_view(), name="benchmark_limit"), *urls_of_the_portal]
