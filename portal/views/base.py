"""What every page is made of. A page says who it is for, or it cannot be imported."""

from __future__ import annotations

from enum import Enum
from typing import Any, ClassVar

from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.generic import TemplateView

from portal.exceptions import Refused


class SeeOther(HttpResponseRedirect):
    """Done: look there (303), by GET, whatever was sent."""

    status_code = 303


class For(Enum):
    """Who may open a page at all; what they find on it is decided by what they may read."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"


class Page(TemplateView):
    """A page that shows something and changes nothing.

    Subclasses declare `audience`. It is deliberately without a default: a page that forgets it
    fails when it is imported, not when it leaks.
    """

    audience: ClassVar[For]
    http_method_names: ClassVar[list[str]] = ["get", "head", "options"]  # type: ignore[misc]
    section: ClassVar[str] = ""

    def __init_subclass__(cls, *, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not abstract and not isinstance(getattr(cls, "audience", None), For):
            raise TypeError(f"{cls.__name__} does not say who it is for: set audience.")

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """The view; sign-in is required by middleware unless the page is for anyone."""
        view = super().as_view(**initkwargs)
        return login_not_required(view) if cls.audience is For.ANYONE else view

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds `section`, the entry of the navigation under which the page stands."""
        return super().get_context_data(section=self.section, **kwargs)


def _typed(request: HttpRequest) -> list[str]:
    """The sentences that were sent with a form, so that a refusal does not lose them; a password
    may be one, and is never shown."""
    return [
        words
        for name, words in request.POST.items()
        if isinstance(words, str) and " " in words.strip() and "password" not in name
    ]


class FormPage(Page, abstract=True):
    """A page with one form: GET shows it, POST does what `done` says.

    What the form or the service finds wrong is said on the same page (422) with everything that was
    typed still there. A `Refused` that comes from finding the thing, before there is a form, is a
    403 with the reason.
    """

    form_class: ClassVar[type[BaseForm]]
    http_method_names: ClassVar[list[str]] = ["get", "head", "post", "options"]  # type: ignore[misc]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page; or 403 with the reason for who sees the thing but may not do this."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except Refused as refusal:
            return self.forbidden(refusal.reason)

    def forbidden(self, reason: str) -> HttpResponse:
        """Why who sees the thing may not do this, with what they typed."""
        told = {"reason": reason, "typed": _typed(self.request)}
        return render(self.request, "403.html", told, status=403)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form as it begins."""
        return self.render_to_response(self.get_context_data(form=self.get_form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, or say on the same page what is wrong."""
        form, status = self.get_form(request.POST), 422
        if form.is_valid():
            try:
                return self.done(form)
            except Refused as refusal:
                status = self.refused(form, refusal)
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def refused(self, form: Any, refusal: Refused) -> int:
        """Say on the form why the service refused; returns the status of the answer."""
        form.add_error(None, refusal.reason)
        return 422

    def get_form(self, data: Any = None) -> Any:
        """The form, bound to `data` where some was sent."""
        return self.form_class(data, **self.get_form_kwargs())

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the form needs beside the data; `initial` among it."""
        return {}

    def done(self, form: Any) -> HttpResponse:
        """Call one service with what the valid form holds, and say where to go (a redirect)."""
        raise NotImplementedError
