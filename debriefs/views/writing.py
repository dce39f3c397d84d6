"""A draft as its authors see it: the list of tasks, and the facts step by step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from debriefs import permissions
from debriefs.exceptions import Conflict
from debriefs.forms.facts import Step
from debriefs.forms.steps import STEPS, answers, differing, next_step, step_form
from debriefs.rules import Rule
from debriefs.services import audience, checking, outline, presence, saves, warnings, writing
from debriefs.services.content import facts_of
from debriefs.views.base import READ_ONLY, WorkPage
from debriefs.views.editing import EditingPage
from debriefs.workflow import State
from portal.views.base import SeeOther

#: While the authors have it: they write, or somebody checks what they wrote.
WITH_THE_AUTHORS = (State.DRAFTING, State.CHECKING)


class Draft(WorkPage):
    """The draft as a list of tasks: what is written, what is missing, and what can be done."""

    section = "drafts"
    rule = permissions.can_work_on
    states = (*WITH_THE_AUTHORS, State.DISCARDED)
    template_name = "debriefs/writing/draft.html"
    http_method_names = READ_ONLY  # type: ignore[misc]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The tasks; buttons for whatever the person may do now."""
        version = self.version
        warned = warnings.by_part(warnings.open_in(version))
        tasks = outline.of(version, warned=warned)
        return self.render_to_response(
            self.get_context_data(
                outline=tasks,
                missing=checking.missing_from(version),
                removed=outline.removed_from(version),
                audience=audience.of(version),
                presence=presence.others(self.person, version),
                last=saves.last_of(version),
                may={rule.name: rule.decide(self.person, version) for rule in _MOVES},
                focus=request.GET.get("focus", ""),
            )
        )


_MOVES: tuple[Rule[Any], ...] = (
    permissions.can_edit,
    permissions.can_submit,
    permissions.can_take_back,
    permissions.can_discard,
    permissions.can_restore,
)


class Facts(WorkPage):
    """All answers to the questions about the facts, to check and to change."""

    section = "drafts"
    rule = permissions.can_work_on
    states = WITH_THE_AUTHORS
    template_name = "debriefs/writing/facts.html"
    http_method_names = READ_ONLY  # type: ignore[misc]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A card for each step."""
        facts = facts_of(self.version)
        forms = [step_form(key, facts, self.version.revision) for key in STEPS]
        return self.render_to_response(
            self.get_context_data(
                steps=[(form, answers(form)) for form in forms],
                may_edit=permissions.can_edit.decide(self.person, self.version),
            )
        )


class FactsStep(EditingPage):
    """One step of the facts."""

    rule = permissions.can_edit
    states = WITH_THE_AUTHORS

    @property
    def key(self) -> str:
        """The step; raises Http404 for one that there is not."""
        key: str = self.kwargs["step"]
        if key not in STEPS:
            raise Http404
        return key

    def get_template_names(self) -> list[str]:
        """A template a step."""
        return [f"debriefs/writing/step_{self.key.replace('-', '_')}.html"]

    def get_form(self, data: Any = None) -> Step:
        """The form as the facts are, or with what was typed."""
        self.get_form_kwargs()
        return step_form(self.key, facts_of(self.version), self.version.revision, data)

    def done(self, form: Any) -> HttpResponse:
        """Save the facts with these answers, and go on; both answers (409) where somebody else has
        answered the same questions meanwhile."""
        version, revision = self.version, form.cleaned_data["revision"]
        if saves.facts_untouched_since(version, revision, form.changes()):
            revision = version.revision
        facts = form.changed(facts_of(version))
        try:
            writing.edit_facts(by=self.person, version=version, revision=revision, facts=facts)
        except Conflict:
            return self.both()
        return SeeOther(self.onward(form))

    def onward(self, form: Step) -> str:
        """The next step, the list of tasks, or all answers: whatever the button said."""
        then, following = self.request.POST.get("then"), next_step(self.key)
        slug = self.version.debrief.slug
        if then == "next" and following:
            return reverse("debriefs:facts_step", args=[slug, following])
        messages.success(self.request, f"Saved: {form.heading}.")
        return reverse("debriefs:draft" if then == "draft" else "debriefs:facts", args=[slug])

    def both(self) -> HttpResponse:
        """My answers in the form, to be saved over theirs, and theirs beside them."""
        del self.version  # as it is now
        facts, revision = facts_of(self.version), self.version.revision
        typed = self.request.POST.copy()
        typed["revision"] = str(revision)
        mine = step_form(self.key, facts, revision, typed)
        mine.is_valid()
        context = self.get_context_data(
            form=mine,
            conflict=differing(mine, step_form(self.key, facts, revision)),
            last=saves.last_of_facts(self.version),
        )
        return self.render_to_response(context, status=409)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds how many steps there are, and who will see what is answered here."""
        keys = list(STEPS)
        return super().get_context_data(
            heading=STEPS[self.key].heading,
            says=STEPS[self.key].says,
            number=keys.index(self.key) + 1,
            count=len(keys),
            following=next_step(self.key),
            everywhere=audience.everywhere(self.version) if self.key == "reach" else None,
            **kwargs,
        )
