"""The desk of a project team: what is where, what is stuck, and the lists behind the numbers."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse

from debriefs.services import desk
from debriefs.services.drafts import teams_of
from debriefs.services.marking import highest
from portal.models import User
from portal.views.base import For, Page

#: Rows of a list on the board, and on a page of its own.
FIRST, PER_PAGE = 4, 50


class DeskPage(Page, abstract=True):
    """A page for authors and editors of a team; for everyone else there is none."""

    audience = For.SIGNED_IN
    section = "desk"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or 404."""
        if not isinstance(request.user, User) or not teams_of(request.user).exists():
            raise Http404
        self.person = request.user
        return super().get(request, *args, **kwargs)


class Desk(DeskPage):
    """How much is where, and the first of what is stuck."""

    template_name = "debriefs/desk/board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the numbers, each with its list."""
        pipeline, watched = desk.board(self.person, at_most=FIRST)
        return super().get_context_data(
            pipeline=pipeline,
            watched=watched,
            first=FIRST,
            marking=highest(row.marking for count in watched for row in count.first),
            **kwargs,
        )


class DeskList(DeskPage):
    """One list of the desk, to sort and page through."""

    template_name = "debriefs/desk/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds one page of the list; Http404 for a list that there is not."""
        lane = desk.LANES.get(self.kwargs["state"])
        if lane is None:
            raise Http404
        sort = self.request.GET.get("sort", "")
        if sort not in desk.SORTS:
            sort = "due" if lane.due else "age"
        found = Paginator(desk.sorted_rows(self.person, lane, sort), PER_PAGE)
        page = found.get_page(self.request.GET.get("page"))
        rows = desk.rows_of(lane, page.object_list)  # type: ignore[arg-type]
        return super().get_context_data(
            lane=lane,
            rows=rows,
            page_obj=page,
            sort=sort,
            headings=[
                ("name", "Operation"),
                ("who", lane.who),
                ("age", lane.since),
                *([("due", lane.due)] if lane.due else []),
            ],
            marking=highest(row.marking for row in rows),
            **kwargs,
        )
