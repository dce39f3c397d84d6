"""What a person was told; and, for the administrator, which mails did not leave."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from debriefs.services import deliveries, inbox
from debriefs.services.marking import highest
from portal.models import User
from portal.services import may_administer
from portal.views.base import For, FormPage, Page

PER_PAGE = 20


class Notices(FormPage):
    """Everything the person was told that still holds, what is new first; POST marks all as
    read."""

    audience = For.SIGNED_IN
    section = "notices"
    template_name = "debriefs/notices.html"
    form_class = forms.Form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of lines, in two parts, and the way to the failures for an administrator."""
        person = _person(self.request)
        page = Paginator(inbox.everything(person), PER_PAGE).get_page(self.request.GET.get("page"))
        shown = list(page.object_list)
        lines = inbox.lines(shown)
        return super().get_context_data(
            page_obj=page,
            parts=[
                ("New", [line for line in lines if line.new]),
                ("Earlier", [line for line in lines if not line.new]),
            ],
            marking=highest(inbox.markings_of(person, shown)),
            failures=len(deliveries.failures()) if may_administer(person) else None,
            **kwargs,
        )

    def done(self, form: Any) -> HttpResponse:
        """Nothing is new any more."""
        inbox.mark_all_read(_person(self.request))
        messages.success(self.request, "All your notices are marked as read.")
        return redirect("debriefs:notices")


class Notice(Page):
    """Leads to what a notice is about, and records that it was read; 410 when it does not hold any
    more, 404 for anybody else's."""

    audience = For.SIGNED_IN
    section = "notices"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """On to the place; only a real visit counts as reading."""
        person = _person(request)
        notice = inbox.find(person, kwargs["number"])
        if notice is None:
            raise Http404
        place = inbox.place_of(person, notice)
        if not place:
            context = {"section": self.section}
            return render(request, "debriefs/notice_over.html", context, status=410)
        if request.method == "GET":
            inbox.mark_read(person, notice)
        return HttpResponseRedirect(place)


class SendAgain(forms.Form):
    """Which mail to send again."""

    notice = forms.IntegerField(min_value=1)


class Failures(FormPage):
    """Mails that did not leave, for the administrator; POST sends one of them again."""

    audience = For.SIGNED_IN
    section = "notices"
    template_name = "debriefs/notice_failures.html"
    form_class = SendAgain

    def get_form_kwargs(self) -> dict[str, Any]:
        """There is no such page for anybody else."""
        if not may_administer(_person(self.request)):
            raise Http404
        return super().get_form_kwargs()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every mail that did not leave."""
        return super().get_context_data(failures=deliveries.failures(), **kwargs)

    def done(self, form: Any) -> HttpResponse:
        """The mail is on its way again."""
        deliveries.send_again(by=_person(self.request), number=form.cleaned_data["notice"])
        messages.success(self.request, "The mail is on its way again.")
        return redirect("debriefs:notice_failures")


def _person(request: HttpRequest) -> User:
    if isinstance(request.user, User):
        return request.user
    raise Http404  # the middleware lets nobody else come this far
