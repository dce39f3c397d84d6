"""A draft as its readers would find it: the real page, for a tier or for one sharing group."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from debriefs import permissions
from debriefs.services import audience, preview
from debriefs.views.base import READ_ONLY, WorkPage
from debriefs.views.reading import as_read
from debriefs.views.writing import WITH_THE_AUTHORS


class Preview(WorkPage):
    """Exactly what somebody would be shown once the draft is shared with them, and nothing else."""

    section = "drafts"
    rule = permissions.can_work_on
    states = WITH_THE_AUTHORS
    template_name = "debriefs/writing/as_read.html"
    http_method_names = READ_ONLY  # type: ignore[misc]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As `?as=` says: `tier-3`, or the key of a sharing group; as far as it goes otherwise."""
        version = self.version
        everywhere = audience.everywhere(version)
        asked = request.GET.get("as") or f"tier-{version.reach}"
        group = preview.group_of(asked, everywhere)
        if group is None:
            raise Http404
        opened = preview.as_read_by(version, group)
        context = {"asked": asked, "group": group, "everywhere": everywhere, "reading": opened}
        if opened:
            shown = as_read(request, opened, current=True)
            return self.render_to_response({**self.get_context_data(**context), **shown})
        self.template_name = "debriefs/writing/not_read.html"
        return self.render_to_response(self.get_context_data(**context))
