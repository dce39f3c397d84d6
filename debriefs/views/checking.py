"""The second reader's page, and sealing and sending what was checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.urls import reverse

from debriefs import permissions
from debriefs.exceptions import Conflict, Refused
from debriefs.forms import checking as forms
from debriefs.models import Part, Remark, Version
from debriefs.services import (
    audience,
    checking,
    reading,
    remarks,
    second_reading,
    signers,
    signing,
    warnings,
)
from debriefs.services.second_reading import Beside
from debriefs.views.base import WorkPage
from debriefs.views.reading import fact_rows
from portal.views.base import SeeOther


@dataclass(frozen=True, slots=True)
class Piece:
    """A part with what stands beside it: the remarks on it, and room for one more."""

    part: Part
    beside: Beside
    field: BoundField


class Check(WorkPage):
    """The whole draft as its readers will read it, with the team's remarks beside each part."""

    rule = permissions.can_remark
    template_name = "debriefs/checking/check.html"
    form_class = forms.Check
    moved = False

    def get_form_kwargs(self) -> dict[str, Any]:
        """The parts beside which there is room for a remark."""
        version = self.version
        self.parts = list(version.parts.select_related("theme"))
        return super().get_form_kwargs() | {"parts": self.parts, "revision": version.revision}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the draft as it is read, and what stands beside it."""
        version, form = self.version, kwargs["form"]
        opened = reading.open_version(self.person, version)
        second = second_reading.of(self.person, version, self.parts)
        found = warnings.of(version)

        def pieces(parts: Sequence[Part]) -> list[Piece]:
            return [Piece(part, second.parts[part.identity], form.beside(part)) for part in parts]

        return super().get_context_data(
            reading=opened,
            facts=fact_rows(opened.facts) if opened.facts else [],
            second=second,
            sections=pieces(opened.sections),
            lessons=pieces(opened.lessons),
            passing=checking.may_pass(self.person, version),
            sending_back=permissions.can_send_back.decide(self.person, version),
            sending=permissions.can_send.decide(self.person, version),
            open_warnings=[each for each in found if each.is_open],
            accepted=[each for each in found if not each.is_open],
            revision=version.revision if self.moved else form["revision"].value(),
            **kwargs,
        )

    def refused(self, form: Any, refusal: Refused) -> int:
        """What moved is shown as it is now, beside everything that was typed."""
        if not isinstance(refusal, Conflict):
            return super().refused(form, refusal)
        self.moved = True
        form.add_error(
            None,
            "This version was changed after you opened the page. It is shown here as it is now, "
            "with all that you typed. Read it again, then decide.",
        )
        return 409

    def done(self, form: Any) -> HttpResponse:
        """Keep remarks, settle or take one out, pass the version, or send it back."""
        version, do = self.version, form.cleaned_data["do"]
        if do == forms.PASS:
            checking.check(by=self.person, version=version, revision=form.cleaned_data["revision"])
            messages.success(
                self.request,
                f"You passed version {version.number}. An editor can now send it to the forces.",
            )
        elif do == forms.SEND_BACK:
            checking.send_back(
                by=self.person,
                version=version,
                revision=form.cleaned_data["revision"],
                reason=form.cleaned_data["reason"],
                typed=form.typed,
            )
            messages.success(
                self.request,
                f"You sent version {version.number} back to its authors, with the remarks that are "
                "open.",
            )
        else:
            return self._tended(form)
        return SeeOther(version.get_absolute_url())

    def _tended(self, form: Any) -> HttpResponse:
        made = remarks.tend(
            by=self.person,
            version=self.version,
            typed=form.typed,
            settled=self._remark(form.settled),
            removed=self._remark(form.removed),
        )
        said = []
        if form.settled:
            said.append("The remark is settled.")
        if form.removed:
            said.append("The remark is taken out.")
        if made:
            said.append("1 remark is saved." if len(made) == 1 else f"{len(made)} remarks saved.")
        messages.success(self.request, " ".join(said))
        here = reverse("debriefs:check", args=[self.version.debrief.slug])
        place = next((each.part for each in made), None)
        fragment = f"#remarks-{place.hex[:8]}" if place else "#remarks-whole"
        return SeeOther(here + fragment)

    def _remark(self, number: int) -> Remark | None:
        if not number:
            return None
        mine = permissions.can_read_remark.things(self.person)
        found = mine.filter(pk=number, version=self.version).select_related("version").first()
        if found is None:
            raise Refused("That remark is not there any more. Somebody took it out.")
        return found


class Send(WorkPage):
    """Before a version is sealed: what is sealed, who signs, by when."""

    rule = permissions.can_send
    template_name = "debriefs/checking/send.html"
    form_class = forms.Send

    def get_form_kwargs(self) -> dict[str, Any]:
        """The revision that is on the screen, and how long a round usually takes."""
        kwargs = super().get_form_kwargs()
        return kwargs | {"revision": self.version.revision, "usual": signing.ROUND}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds who signs, what is sealed, and who may come to read it."""
        version = self.version
        forces = signers.of(version)
        parts = list(version.parts.all())
        return super().get_context_data(
            forces=forces,
            hindrances=[force.nobody for force in forces if force.nobody],
            sections=[part for part in parts if part.kind == Part.Kind.SECTION],
            lessons=[part for part in parts if part.kind == Part.Kind.LESSON],
            audience=audience.of(version),
            acceptances=version.acceptances.count(),
            **kwargs,
        )

    def done(self, form: Any) -> HttpResponse:
        """Seal it and send it; the page of the version shows the digest for good."""
        sealed: Version = signing.send(
            by=self.person,
            version=self.version,
            due_on=form.cleaned_data["due_on"],
            revision=form.cleaned_data["revision"],
        )
        forces = sealed.signoffs.count()
        messages.success(
            self.request,
            f"Version {sealed.number} is sealed and with {forces} "
            f"{'force' if forces == 1 else 'forces'}, which decide by "
            f"{sealed.due_on:%-d %B %Y}. Its digest is SHA-256 {sealed.digest}.",
        )
        return SeeOther(sealed.get_absolute_url())
