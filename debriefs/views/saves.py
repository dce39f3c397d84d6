"""Every save of a draft: who, when, what; what changed with it, and the way back to it."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from debriefs import permissions
from debriefs.forms.writing import Confirm
from debriefs.models import Save
from debriefs.services import restoring, saves
from debriefs.views.base import READ_ONLY, WorkPage
from debriefs.views.drafts import Confirmation
from debriefs.views.writing import WITH_THE_AUTHORS
from portal.views.base import SeeOther

PER_PAGE = 50


class Saves(WorkPage):
    """The saves, the last one first."""

    section = "drafts"
    rule = permissions.can_work_on
    states = WITH_THE_AUTHORS
    template_name = "debriefs/writing/saves.html"
    http_method_names = READ_ONLY  # type: ignore[misc]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One page of them."""
        page = Paginator(saves.rows(self.version), PER_PAGE).get_page(request.GET.get("page"))
        return self.render_to_response(
            self.get_context_data(page_obj=page, rows=saves.told(self.version, page.object_list))
        )


class OneSave(Confirmation):
    """One save: what changed with it, or since it; and a button that brings it back."""

    rule = permissions.can_work_on
    states = WITH_THE_AUTHORS
    template_name = "debriefs/writing/save.html"
    heading = "Save"
    button = "Bring the whole draft back to this"

    @cached_property
    def save(self) -> Save:
        """The save; raises Http404 for one that there is not."""
        found = restoring.find(self.version, self.kwargs["revision"])
        if found is None:
            raise Http404
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        """Finds the save first."""
        kwargs = super().get_form_kwargs()
        self.save  # noqa: B018 - raises
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The difference with the save before it; with `?with=now` with the draft as it is."""
        now = self.request.GET.get("with") == "now"
        compare = restoring.with_now if now else restoring.with_before
        return super().get_context_data(
            save=self.save,
            now=now,
            may_edit=permissions.can_edit.decide(self.person, self.version),
            difference=compare(self.version, self.save),
            **kwargs,
        )

    def done(self, form: Confirm) -> HttpResponse:
        """Bring back all of it, or the part that the button names."""
        revision = form.cleaned_data["revision"] or 0
        part = _part(self.request.POST.get("part", ""))
        if part:
            restoring.restore_part(by=self.person, save=self.save, identity=part, revision=revision)
            messages.success(self.request, "The part says again what it said then.")
        else:
            restoring.restore(by=self.person, save=self.save, revision=revision)
            messages.success(
                self.request,
                "The draft says again what it said then. What it said before that is in the list.",
            )
        return SeeOther(reverse("debriefs:saves", args=[self.version.debrief.slug]))


def _part(sent: str) -> UUID | None:
    try:
        return UUID(sent)
    except ValueError:
        return None
