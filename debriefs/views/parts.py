"""The sections and lessons of a draft: add, write, move, remove, bring back."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse

from debriefs import permissions
from debriefs.forms.writing import AddPart, Confirm, Move
from debriefs.models import Part, Version
from debriefs.services import ordering, outline, restoring, writing
from debriefs.services.content import TEXTS, Words
from debriefs.views.base import WorkPage
from debriefs.views.drafts import Confirmation
from debriefs.views.writing import WITH_THE_AUTHORS
from portal.views.base import SeeOther


def part_of(version: Version, identity: UUID) -> Part:
    """The part of the draft, as it is now; raises Http404 where it is not in it."""
    parts = version.parts.select_related("theme", "version__debrief")
    found = parts.filter(identity=identity).first()
    if found is None:
        raise Http404
    return found


class AddAPart(WorkPage):
    """One section or lesson more."""

    section = "drafts"
    rule = permissions.can_edit
    states = WITH_THE_AUTHORS
    form_class = AddPart
    template_name = "debriefs/writing/add_part.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The headings that are free; `?what=lesson` has the lesson chosen."""
        tasks = outline.of(self.version)
        return {
            **super().get_form_kwargs(),
            "headings": outline.headings_left(tasks.sections),
            "initial": {"what": self.request.GET.get("what", "")},
        }

    def done(self, form: AddPart) -> HttpResponse:
        """Add it, no wider than its debrief, and go on to writing it."""
        words = form.words(self.version.reach)
        part = writing.add_part(by=self.person, version=self.version, words=words)
        return SeeOther(reverse("debriefs:part", args=[self.version.debrief.slug, part.identity]))


class PartPage(Confirmation, abstract=True):
    """A page about one part of the draft; 404 where it is not in it."""

    rule = permissions.can_edit
    states = WITH_THE_AUTHORS

    @cached_property
    def part(self) -> Part:
        """The part, as it is now."""
        return part_of(self.version, self.kwargs["part"])

    def get_form_kwargs(self) -> dict[str, Any]:
        """Finds the part first."""
        kwargs = super().get_form_kwargs()
        self.part  # noqa: B018 - raises
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the part."""
        return super().get_context_data(part=self.part, **kwargs)


class MovePart(PartPage):
    """The part stands somewhere else: one up, one down, or at a place."""

    form_class = Move
    template_name = "debriefs/writing/move.html"
    heading = "Move"
    button = "Move it"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where it stands, and the places that there are."""
        place, places = ordering.place_of(self.part)
        return super().get_context_data(place=place, places=range(1, places + 1), **kwargs)

    def done(self, form: Move) -> HttpResponse:
        """Move it; the same button has the focus on the list again."""
        to = form.cleaned_data["to"]
        ordering.move(
            by=self.person, part=self.part, revision=form.cleaned_data["revision"] or 0, to=to
        )
        # Without a fragment: where there is one, browsers leave the focus alone.
        return SeeOther(f"{self.back()}?focus={self.focus(str(to))}")

    def focus(self, to: str) -> str:
        """The button to press next: the same one, or where it has come to an end the other."""
        place, places = ordering.place_of(self.part)
        if place == 1 or (place == places and to != "up"):
            to = "down" if place == 1 else "up"
        return f"{self.part.anchor}-{to}"


class RemovePart(PartPage):
    """The part is taken out of the draft."""

    heading = "Remove"
    button = "Remove it"
    warns = True
    says = (
        "It goes from the draft with all its words. You can bring it back from the list of tasks "
        "until the debrief is sent to the forces."
    )

    def done(self, form: Confirm) -> HttpResponse:
        """Take it out, unless somebody wrote it meanwhile."""
        revision = form.cleaned_data["revision"] or 0
        writing.remove_part(by=self.person, part=self.part, revision=revision)
        messages.success(
            self.request,
            f"“{self.part.title}” is removed. You can bring it back under “Removed” below.",
        )
        return SeeOther(self.back())


class BringBack(Confirmation):
    """A part that was taken out stands in the draft again, with its words."""

    rule = permissions.can_edit
    states = WITH_THE_AUTHORS
    template_name = "debriefs/writing/bring_back.html"
    heading = "Bring back"
    button = "Bring it back"

    @cached_property
    def words(self) -> Words:
        """What the part said when it was taken out; raises Http404 where none was."""
        found = restoring.removed(self.version, self.kwargs["part"])
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Shows what comes back."""
        texts = [text for name in TEXTS if (text := getattr(self.words, name))]
        return super().get_context_data(words=self.words, texts=texts, **kwargs)

    def done(self, form: Confirm) -> HttpResponse:
        """Bring it back, at the end of its kind."""
        part = writing.add_part(
            by=self.person, version=self.version, words=self.words, identity=self.kwargs["part"]
        )
        messages.success(self.request, f"“{part.title}” is back, as the last of its kind.")
        return SeeOther(f"{self.back()}#{part.anchor}")
