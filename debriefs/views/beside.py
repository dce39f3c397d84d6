"""What stands beside the text of a draft: warnings about words that identify, remarks, and earlier
lessons that tell of the same.

Each has a page of its own with all of them (of earlier lessons: those for one lesson), and a panel
in the editor with those of one part. A script that sends one of their forms is given the panel back
(`X-Editor: panel`).
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from debriefs import permissions
from debriefs.exceptions import Refused
from debriefs.forms.beside import (
    ACCEPT,
    LINK,
    REOPEN,
    AnswerHeard,
    AnswerRemark,
    AnswerWarning,
)
from debriefs.models import Part, Version
from debriefs.services import recurring, remarks, warnings
from debriefs.services.marking import highest
from debriefs.views.base import WorkPage
from debriefs.views.parts import part_of
from debriefs.views.writing import WITH_THE_AUTHORS
from portal.models import User
from portal.views.base import SeeOther


def beside(person: User, version: Version, part: Part | None = None) -> dict[str, Any]:
    """Warnings and remarks of one part, or of the whole draft, and whether they can be answered."""
    found = warnings.of(version)
    said = remarks.to_answer(version)
    if part:
        found = [each for each in found if each.part and each.part.pk == part.pk]
        said = [each for each in said if each.remark.part == part.identity]
    return {
        "open_warnings": [each for each in found if each.is_open],
        "accepted": [each for each in found if not each.is_open],
        "open_remarks": [each for each in said if each.remark.resolved_at is None],
        "settled": [each for each in said if each.remark.resolved_at],
        "may_edit": permissions.can_edit.decide(person, version),
    }


def heard(person: User, part: Part) -> dict[str, Any]:
    """The earlier lessons that may tell of the same as this part, and whether there can be any:
    only lessons are compared."""
    is_lesson = part.kind == Part.Kind.LESSON
    return {
        "is_lesson": is_lesson,
        "heard": recurring.heard_before(person, part) if is_lesson else [],
    }


def marked(context: dict[str, Any]) -> dict[str, Any]:
    """The context of a page that shows earlier lessons, with the marking that it carries then."""
    shown = [each.marking for each in context["heard"]]
    return {**context, "marking": highest([context["marking"], *shown])}


class BesidePage(WorkPage, abstract=True):
    """A page of everything of one kind that stands beside the text."""

    section = "drafts"
    rule = permissions.can_work_on
    states = WITH_THE_AUTHORS
    panel: ClassVar[str]
    said: ClassVar[str]

    def answer(self, form: Any) -> None:
        """Call the service that the form is for."""
        raise NotImplementedError

    def panel_of(self, version: Version, part: Part) -> dict[str, Any]:
        """What the panel of a part shows."""
        return beside(self.person, version, part)

    def done(self, form: Any) -> HttpResponse:
        """Do it; and back to where it was done."""
        self.answer(form)
        part = form.cleaned_data.get("part")
        if self.request.headers.get("X-Editor") == "panel" and part:
            return self.shown(part_of(self.version, part))
        messages.success(self.request, self.said)
        slug = self.version.debrief.slug
        return SeeOther(reverse("debriefs:part", args=[slug, part]) if part else self.request.path)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As on the page; to a script what was wrong stands in the panel."""
        form = self.get_form(request.POST)
        if request.headers.get("X-Editor") != "panel":
            return super().post(request, *args, **kwargs)
        valid = form.is_valid()
        part = part_of(self.version, form.cleaned_data.get("part"))
        try:
            if valid:
                return self.done(form)
            wrong = next(iter(form.errors.values()))[0]
        except Refused as refusal:
            wrong = refusal.reason
        return self.shown(part, wrong)

    def shown(self, part: Part, wrong: str = "") -> HttpResponse:
        """The panel of a part as it is now."""
        version = Version.objects.select_related("debrief").get(pk=self.version.pk)
        context = {
            **self.panel_of(version, part),
            "version": version,
            "debrief": version.debrief,
            "part": part,
            "wrong": wrong,
        }
        return render(self.request, self.panel, context, status=422 if wrong else 200)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what stands beside the whole draft."""
        return super().get_context_data(**beside(self.person, self.version), **kwargs)


class Warnings(BesidePage):
    """Every warning of the draft, and those that somebody stands by."""

    form_class = AnswerWarning
    template_name = "debriefs/writing/warnings.html"
    panel = "debriefs/writing/_warnings.html"
    said = "Done."

    def answer(self, form: AnswerWarning) -> None:
        """Stand by the words, no longer stand by them, or replace them."""
        sent, version = form.cleaned_data, self.version
        if sent["do"] == ACCEPT:
            warnings.accept(
                by=self.person,
                version=version,
                kind=sent["kind"],
                words=sent["words"],
                reason=sent["reason"],
            )
        elif sent["do"] == REOPEN:
            warnings.reopen(by=self.person, version=version, acceptance=sent["acceptance"] or 0)
        else:
            if sent["part"] is None:
                raise Refused("Go to the words, and change them there.")
            warnings.replace(
                by=self.person,
                part=part_of(version, sent["part"]),
                revision=sent["revision"] or 0,
                words=sent["words"],
                instead=sent["instead"],
            )


class Remarks(BesidePage):
    """What the second reader and the forces remarked, to be answered one by one."""

    form_class = AnswerRemark
    template_name = "debriefs/writing/remarks.html"
    panel = "debriefs/writing/_remarks.html"
    said = "The remark is answered."

    def answer(self, form: AnswerRemark) -> None:
        """Answer it; raises Http404 for a remark that is not beside this draft."""
        number = form.cleaned_data["remark"]
        found = next(
            (each for each in remarks.to_answer(self.version) if each.remark.pk == number), None
        )
        if found is None:
            raise Http404
        remarks.resolve(by=self.person, remark=found.remark, answer=form.cleaned_data["answer"])


class HeardBefore(BesidePage):
    """The earlier lessons that a lesson repeats, and those that are much like it."""

    form_class = AnswerHeard
    template_name = "debriefs/writing/heard_before.html"
    panel = "debriefs/writing/_heard_before.html"
    said = "Done."

    @cached_property
    def part(self) -> Part:
        """The lesson; raises Http404 where there is none of this identity in the draft."""
        found = part_of(self.version, self.kwargs["part"])
        if found.kind != Part.Kind.LESSON:
            raise Http404
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        """Finds the lesson as well."""
        self.part  # noqa: B018 - raises
        return super().get_form_kwargs()

    def answer(self, form: AnswerHeard) -> None:
        """Link it with the earlier lesson, or unlink it."""
        do = recurring.link if form.cleaned_data["do"] == LINK else recurring.unlink
        do(by=self.person, part=self.part, earlier=form.cleaned_data["earlier"])

    def panel_of(self, version: Version, part: Part) -> dict[str, Any]:
        """The list as it is now."""
        may_edit = permissions.can_edit.decide(self.person, version)
        return {**heard(self.person, part), "may_edit": may_edit}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the list."""
        found = heard(self.person, self.part)
        return marked(super().get_context_data(lesson=self.part, **found, **kwargs))
