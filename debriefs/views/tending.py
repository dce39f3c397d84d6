"""What the project team does for those who search: answers, synonyms, what found nothing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from debriefs.forms import searches as forms
from debriefs.models import Question as QuestionModel
from debriefs.services import nothing_found, questions, synonyms
from debriefs.views.base import READ_ONLY
from debriefs.views.drafts import TeamPage
from portal.standing import standing_of
from portal.views.base import SeeOther

PER_PAGE = 20


class TendingPage(TeamPage, abstract=True):
    """A page for those who write for a project team; for everybody else there is none."""

    section = "desk"


class NothingFound(TendingPage):
    """Which words found nothing, the most asked first; POST takes one off the list."""

    template_name = "debriefs/searches/nothing_found.html"
    form_class = forms.DealtWith

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the list."""
        return super().get_context_data(lines=nothing_found.lines(), **kwargs)

    def done(self, form: Any) -> HttpResponse:
        """It is off the list."""
        words = form.cleaned_data["words"]
        nothing_found.deal_with(by=self.person, words=words)
        messages.success(self.request, f"“{words}” is off the list.")
        return SeeOther(reverse("debriefs:nothing_found"))


class Questions(TendingPage):
    """What people asked: what waits first."""

    template_name = "debriefs/searches/questions.html"
    http_method_names = READ_ONLY  # type: ignore[misc]
    form_class = Form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds one page of the list."""
        found = Paginator(questions.to_the_team(), PER_PAGE)
        page = found.get_page(self.request.GET.get("page"))
        return super().get_context_data(page_obj=page, **kwargs)


class Question(TendingPage):
    """One question, and the reply to it."""

    template_name = "debriefs/searches/question.html"
    form_class = forms.Reply

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the question as it is now, and who asks; Http404 where there is none."""
        question = self._question()
        return super().get_context_data(
            question=question, standing=standing_of(question.asker), **kwargs
        )

    def _question(self) -> QuestionModel:
        question = questions.to_the_team().filter(pk=self.kwargs["number"]).first()
        if question is None:
            raise Http404
        return question

    def done(self, form: Any) -> HttpResponse:
        """Whoever asked is told."""
        question = self._question()
        questions.answer(by=self.person, question=question, text=form.cleaned_data["text"])
        messages.success(self.request, f"Your reply is with {question.asker}.")
        return SeeOther(reverse("debriefs:questions"))


class Synonyms(TendingPage):
    """Every set of words that mean the same; POST removes one."""

    template_name = "debriefs/searches/synonyms.html"
    form_class = forms.RemoveSynonyms

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the sets."""
        return super().get_context_data(lines=synonyms.lines(), **kwargs)

    def done(self, form: Any) -> HttpResponse:
        """It is gone; its words stand in the confirmation, to be added again."""
        words = synonyms.remove(by=self.person, number=form.cleaned_data["remove"])
        if words:
            again = (
                f"{reverse('debriefs:add_synonyms')}?{urlencode({'words': chr(10).join(words)})}"
            )
            said = format_html(
                "Removed: {}. "
                '<a class="govuk-notification-banner__link" href="{}">Add them again</a>',
                ", ".join(words),
                again,
            )
            messages.success(self.request, said)
        return SeeOther(reverse("debriefs:synonyms"))


class AddSynonyms(TendingPage):
    """A new set, with the words of the address to begin with."""

    template_name = "debriefs/searches/synonym_set.html"
    form_class = forms.Synonyms

    def get_form_kwargs(self) -> dict[str, Any]:
        """The words to begin with."""
        words = self.request.GET.get("words", "")[: forms.MOST_OF_AN_ADDRESS]
        return {**super().get_form_kwargs(), "words": words}

    def done(self, form: Any) -> HttpResponse:
        """It acts from the next search on."""
        made = synonyms.add(by=self.person, words=form.lines)
        messages.success(self.request, f"Added: {made}.")
        return SeeOther(reverse("debriefs:synonyms"))

    def refused(self, form: Any, refusal: Any) -> int:
        """What is wrong with the words stands beside them."""
        form.add_error("words", refusal.reason)
        return 422


class ChangeSynonyms(AddSynonyms):
    """A set with its words, to be changed."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """The words as they are; Http404 where there is no such set."""
        kwargs = super().get_form_kwargs()
        found = synonyms.find(self.kwargs["number"])
        if found is None:
            raise Http404
        return {**kwargs, "words": "\n".join(found.words)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Says that it is changed, not added."""
        return super().get_context_data(changes=True, **kwargs)

    def done(self, form: Any) -> HttpResponse:
        """It acts from the next search on."""
        made = synonyms.change(by=self.person, number=self.kwargs["number"], words=form.lines)
        messages.success(self.request, f"Changed: {made}.")
        return SeeOther(reverse("debriefs:synonyms"))
