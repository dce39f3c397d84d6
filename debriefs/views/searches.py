"""A person's own searches: what they looked for, what they keep, what they asked the team."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from debriefs.forms import searches as forms
from debriefs.services import questions, searches
from portal.models import User
from portal.views.base import For, FormPage, SeeOther

#: Questions that are shown, the latest.
QUESTIONS = 20


class OwnPage(FormPage, abstract=True):
    """A page about what the visitor looks for, which is the visitor's own."""

    audience = For.SIGNED_IN
    section = "debriefs"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Remembers who asks."""
        super().setup(request, *args, **kwargs)
        if isinstance(request.user, User):
            self.person = request.user


class Searches(OwnPage):
    """The visitor's saved and recent searches and their questions; POST changes one of them."""

    template_name = "debriefs/searches/own.html"
    form_class = forms.Tidy

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds all three lists."""
        return super().get_context_data(
            saved=searches.saved(self.person),
            recent=searches.recent(self.person),
            questions=questions.of(self.person)[:QUESTIONS],
            **kwargs,
        )

    def done(self, form: forms.Tidy) -> HttpResponse:
        """Do what the button says, and say that it is done."""
        messages.success(self.request, self._do(form))
        return SeeOther(reverse("debriefs:searches"))

    def _do(self, form: forms.Tidy) -> str:
        number = form.number
        match form.verb:
            case forms.CLEAR_ALL:
                searches.clear(self.person)
                return "Your recent searches are cleared."
            case forms.CLEAR:
                searches.clear(self.person, number)
                return "The search is cleared."
            case forms.RENAME:
                searches.rename(by=self.person, number=number, name=form.cleaned_data["name"])
                return "The search has its new name."
            case forms.DELETE:
                name = searches.delete(by=self.person, number=number)
                return f"“{name}” is deleted."
        told = form.verb == forms.ALERT
        search = searches.set_alerts(by=self.person, number=number, alerts=told)
        if told:
            return f"You are told of what is new for “{search.name}” from now on."
        return f"You are not told of what is new for “{search.name}” any more."

    def refused(self, form: forms.Tidy, refusal: Any) -> int:
        """What is wrong with a name stands beside it."""
        form.add_error("name" if form.verb == forms.RENAME else None, refusal.reason)
        return 422


class SaveSearch(OwnPage):
    """Keep a search: the address of the page is that of the search."""

    template_name = "debriefs/searches/save.html"
    form_class = forms.SaveSearch

    def get_form_kwargs(self) -> dict[str, Any]:
        """What is asked, as it stands in the address."""
        return {**super().get_form_kwargs(), "query": self.request.GET.urlencode()}

    def done(self, form: forms.SaveSearch) -> HttpResponse:
        """Save it, and show it among the others."""
        search = searches.save(
            by=self.person,
            name=form.cleaned_data["name"],
            words=form.words,
            narrowing=form.narrowing,
            alerts=form.cleaned_data["alerts"],
        )
        messages.success(self.request, f"“{search.name}” is saved.")
        return SeeOther(reverse("debriefs:searches"))


class Ask(OwnPage):
    """Ask the project team what the search did not answer."""

    template_name = "debriefs/searches/ask.html"
    form_class = forms.Ask

    def get_form_kwargs(self) -> dict[str, Any]:
        """The words of the search, where one comes from there."""
        return {**super().get_form_kwargs(), "words": self.request.GET.get("q", "")}

    def done(self, form: forms.Ask) -> HttpResponse:
        """Send it, and show it among the others."""
        questions.ask(
            by=self.person, text=form.cleaned_data["text"], words=form.cleaned_data["words"]
        )
        messages.success(self.request, "Your question is with the project team.")
        return SeeOther(reverse("debriefs:searches"))
