"""Who else is at a draft: a page calls every twenty seconds, and is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse

from debriefs import permissions
from debriefs.services import presence
from debriefs.views.base import WorkPage
from debriefs.workflow import State


class AtTheDraft(WorkPage):
    """Who else is here, in a sentence. GET asks; POST says as well that the person is here."""

    rule = permissions.can_edit
    states = (State.DRAFTING,)
    template_name = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who else is here."""
        return JsonResponse({"words": presence.others(self.person, self.version)})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The person is here, at the part that is named."""
        part = _part(request.POST.get("part", ""))
        presence.seen(by=self.person, version=self.version, part=part)
        return JsonResponse({"words": presence.others(self.person, self.version, part=part)})


def _part(sent: str) -> UUID | None:
    try:
        return UUID(sent)
    except ValueError:
        return None
