"""Reading a debrief, its history, and one version of it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from debriefs.models.vocabulary import Reader
from debriefs.services import reading
from portal.views.base import For, Page


class ReadingPage(Page):
    """A page about one debrief. Hidden and non-existent are the same: 404, or for the signed-out,
    sign-in."""

    audience = For.ANYONE
    section = "debriefs"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or the way in for someone who might find it after signing in."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            if request.user.is_authenticated:
                raise
            return redirect_to_login(request.get_full_path())


class Debrief(ReadingPage):
    """The debrief as this visitor may read it; for former readers, why it is gone."""

    template_name = "debriefs/debrief.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """200 with the reading, 410 for who could read it once, 404 for everyone else."""
        version = reading.find(request.user, kwargs["slug"])
        if version is not None:
            return self.render_to_response(
                self.get_context_data(reading=reading.open_version(request.user, version))
            )
        gone = reading.gone(request.user, kwargs["slug"])
        if gone is None:
            raise Http404
        return render(
            request, "debriefs/gone.html", {"gone": gone, "section": self.section}, status=410
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the lens: the lessons for one role, when `?role=` asks for one that any of them is
        for."""
        opened: reading.Reading = kwargs["reading"]
        roles = {role for lesson in opened.lessons for role in lesson.roles}
        chosen = self.request.GET.get("role", "")
        chosen = chosen if chosen in roles else ""
        return super().get_context_data(
            roles=[(role.value, role.label) for role in Reader if role.value in roles],
            role=chosen,
            role_name=Reader(chosen).label if chosen else "",
            lessons=[lesson for lesson in opened.lessons if not chosen or chosen in lesson.roles],
            address=self.request.build_absolute_uri(opened.debrief.get_absolute_url()),
            marking=opened.version.marking,
            handling=opened.version.handling,
            **kwargs,
        )


class Version(Debrief):
    """Exactly one version, for those who make or sign it and, while it is shared, for its
    readers."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """200 with the reading, else 404."""
        version = reading.find_exactly(request.user, kwargs["slug"], kwargs["number"])
        if version is None:
            raise Http404
        return self.render_to_response(
            self.get_context_data(reading=reading.open_version(request.user, version))
        )


class History(ReadingPage):
    """The versions of a debrief as far as the visitor may know of them."""

    template_name = "debriefs/history.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """200 for who may read the debrief now, else 404."""
        version = reading.find(request.user, kwargs["slug"])
        if version is None:
            raise Http404
        rows = reading.history(request.user, version.debrief)
        return self.render_to_response(
            self.get_context_data(
                debrief=version.debrief, version=version, rows=rows, marking=version.marking
            )
        )
