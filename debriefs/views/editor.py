"""Writing a section or a lesson: the form, what helps beside it, and what if two wrote at once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from debriefs import permissions
from debriefs.exceptions import Conflict, Refused
from debriefs.forms.writing import PartForm, part_form
from debriefs.guides import LESSON, guide_to
from debriefs.models import Part
from debriefs.services import audience, presence, preview, restoring, saves, writing
from debriefs.services.content import TEXTS
from debriefs.services.difference import TEXT_LABELS
from debriefs.services.merging import merged
from debriefs.services.wording import Budget, compare
from debriefs.views.beside import beside, heard, marked
from debriefs.views.editing import EditingPage
from debriefs.views.parts import part_of
from debriefs.views.writing import WITH_THE_AUTHORS
from portal.views.base import SeeOther


class WritePart(EditingPage):
    """A section or a lesson to write."""

    rule = permissions.can_edit
    states = WITH_THE_AUTHORS
    template_name = "debriefs/writing/part.html"

    @cached_property
    def part(self) -> Part:
        """The part, as it is now; raises Http404 where it is not in the draft."""
        return part_of(self.version, self.kwargs["part"])

    def get_form(self, data: Any = None) -> PartForm:
        """The form as the part is, or with what was typed."""
        self.get_form_kwargs()
        return part_form(self.part, self.version.reach, self.version.revision, data)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save; or without saving show what it looks like, or both texts in one."""
        try:
            form = self.get_form(request.POST)
        except Http404:
            return self.taken_out()
        if request.headers.get("X-Editor") == "preview":
            form.is_valid()
            return render(request, "debriefs/writing/_preview.html", self.look(form))
        if "preview" in request.POST:
            form.is_valid()
            return self.render_to_response(self.get_context_data(form=form))
        if "merge" in request.POST:
            return self.both(merge=True)
        return super().post(request, *args, **kwargs)

    def done(self, form: Any) -> HttpResponse:
        """Save the part; both texts (409) where somebody else wrote it meanwhile."""
        try:
            writing.edit_part(
                by=self.person,
                part=self.part,
                revision=form.cleaned_data["revision"],
                words=form.words,
                automatic=self.how == "autosave",
            )
        except Conflict:
            return self.both()
        if not self.how:
            messages.success(self.request, f"Saved: “{form.words.title}”.")
        if self.request.POST.get("then") != "draft":
            return SeeOther(self.request.path)
        draft = reverse("debriefs:draft", args=[self.version.debrief.slug])
        return SeeOther(f"{draft}#{self.part.anchor}")

    def taken_out(self) -> HttpResponse:
        """The text that was typed into a part which somebody took out meanwhile (409), and the way
        to bring the part back; raises Http404 for a part that never stood in the draft."""
        words = restoring.removed(self.version, self.kwargs["part"])
        if words is None:
            raise Http404
        context = {
            "version": self.version,
            "debrief": self.version.debrief,
            "marking": self.version.marking,
            "handling": self.version.handling,
            "section": self.section,
            "words": words,
            "identity": self.kwargs["part"],
            "texts": [text for name in TEXTS if (text := self.request.POST.get(name, ""))],
        }
        return render(self.request, "debriefs/writing/taken_out.html", context, status=409)

    def both(self, *, merge: bool = False) -> HttpResponse:
        """My text in the form, to be saved over theirs, with theirs beside it and what differs.

        With `merge`, the form holds both texts in one, to be made into one by hand.
        """
        del self.version, self.part  # as they are now
        typed = self.request.POST.copy()
        typed["revision"] = str(self.version.revision)
        budget = Budget()
        differences = []
        for name in TEXTS:
            mine, theirs = typed.get(name, ""), getattr(self.part, name)
            if mine.replace("\r\n", "\n").strip() == theirs:
                continue
            differences.append((TEXT_LABELS[name], compare(theirs, mine, budget)))
            if merge:
                typed[name] = merged(mine, theirs)
        form = part_form(self.part, self.version.reach, self.version.revision, typed)
        form.is_valid()
        context = self.get_context_data(
            form=form, conflict=True, merged=merge, differences=differences
        )
        return self.render_to_response(context, status=409)

    def saved(self) -> dict[str, Any]:
        """With what the page shows of what was saved."""
        found = super().saved()
        del self.part
        version, part = self.version, self.part
        context = {
            **beside(self.person, version, part),
            **heard(self.person, part),
            "version": version,
            "debrief": version.debrief,
            "part": part,
            "audience": audience.of(version).within(part.reach),
        }
        panels = {
            "warnings": "debriefs/writing/_warnings.html",
            "warnings-count": "debriefs/writing/_warnings_count.html",
            "audience": "debriefs/writing/_who.html",
        }
        if context["is_lesson"]:
            panels["heard-before"] = "debriefs/writing/_heard_before.html"
        return {
            **found,
            "panels": {
                name: render_to_string(template, context, self.request)
                for name, template in panels.items()
            },
        }

    def look(self, form: PartForm) -> dict[str, Any]:
        """The part as it would look with what is typed."""
        if not form.is_bound:
            return {"shown": self.part}
        try:
            return {"shown": preview.drawn(self.part, form.words)}
        except Refused as refusal:
            return {"refusal": refusal.reason}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what helps: questions, how it looks, who will see it, who is here, and what
        was heard before."""
        part = self.part
        guides = LESSON if part.kind == Part.Kind.LESSON else {"": guide_to(part.heading)}
        context = super().get_context_data(
            **beside(self.person, self.version, part),
            **heard(self.person, part),
            part=part,
            guides=[(TEXT_LABELS.get(name, ""), guide) for name, guide in guides.items() if guide],
            presence=presence.others(self.person, self.version, part=part.identity),
            last=saves.last_of(self.version, part.identity),
            audience=audience.of(self.version).within(part.reach),
            **self.look(kwargs["form"]),
            **kwargs,
        )
        return marked(context)
