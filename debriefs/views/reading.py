"""Reading a debrief, its history, and one version of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from debriefs.models.vocabulary import Reader
from debriefs.services import likeness, reading, steps
from debriefs.services.facts import FactSheet
from debriefs.services.marking import highest, markings
from debriefs.services.reading import Reading
from debriefs.workflow import State
from portal.models import User
from portal.views.base import For, Page


class ReadingPage(Page):
    """A page about one debrief.

    Hidden and non-existent are the same: 404, or for the signed-out the way in.
    """

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
        opened = reading.read(request.user, kwargs["slug"])
        if opened is not None:
            return self.render_to_response(self.get_context_data(reading=opened))
        gone = reading.gone(request.user, kwargs["slug"])
        if gone is None:
            raise Http404
        context = {"gone": gone, "section": self.section}
        return render(request, "debriefs/gone.html", context, status=410)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds facts as rows, contents, and the lens: lessons for the role that `?role=` names."""
        opened: Reading = kwargs["reading"]
        current = opened.state == State.RELEASED
        return super().get_context_data(
            steps=self._steps(opened),
            **as_read(self.request, opened, current=current),
            **kwargs,
        )

    def _steps(self, opened: Reading) -> steps.Steps | None:
        """What whoever makes the version can do with it next; nothing for its readers."""
        person = self.request.user
        if not opened.whole or not isinstance(person, User):
            return None
        return steps.of(person, opened.version)


class Version(Debrief):
    """Exactly one version, for those who make or sign it and, while it is shared, its readers."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """200 with the reading, else 404."""
        opened = reading.read_exactly(request.user, kwargs["slug"], kwargs["number"])
        if opened is None:
            raise Http404
        return self.render_to_response(self.get_context_data(reading=opened))


class History(ReadingPage):
    """The versions of a debrief as far as the visitor may know of them."""

    template_name = "debriefs/history.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """200 for who may read the debrief now, else 404."""
        version = reading.find(request.user, kwargs["slug"])
        if version is None:
            raise Http404
        return self.render_to_response(
            self.get_context_data(
                version=version,
                rows=reading.history(request.user, version.debrief),
                marking=markings(request.user, [version])[version.pk],
            )
        )


class Similar(ReadingPage):
    """Other debriefs, and lessons of others, that are like a debrief."""

    template_name = "debriefs/similar.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """200 for who may read the debrief now, else 404."""
        version = reading.find(request.user, kwargs["slug"])
        if version is None:
            raise Http404
        found = likeness.others(request.user, version)
        own = markings(request.user, [version])[version.pk]
        return self.render_to_response(
            self.get_context_data(
                version=version, others=found, marking=highest([own, found.marking])
            )
        )


def as_read(request: HttpRequest, opened: Reading, *, current: bool) -> dict[str, Any]:
    """What `debriefs/debrief.html` shows beside the reading; `current` where it is the shared
    version, or shown as if it were."""
    return {
        "lens": Lens.through(opened, request.GET.get("role", "")),
        "facts": fact_rows(opened.facts) if opened.facts else [],
        "contents": contents(opened),
        "current": current,
        "address": request.build_absolute_uri(cited(opened)),
        "marking": opened.marking,
        "handling": opened.handling,
    }


@dataclass(frozen=True, slots=True)
class Lens:
    """The key lessons seen from one role. A role that no readable lesson is for is no role here."""

    options: list[tuple[str, str]]
    chosen: str
    lessons: list[Any]

    @classmethod
    def through(cls, opened: Reading, asked: str) -> Lens:
        """The lens for the role that was asked for, or for none."""
        roles = {role for lesson in opened.lessons for role in lesson.roles}
        chosen = asked if asked in roles else ""
        return cls(
            options=[(role.value, role.label) for role in Reader if role.value in roles],
            chosen=chosen,
            lessons=[each for each in opened.lessons if not chosen or chosen in each.roles],
        )

    @property
    def name(self) -> str:
        """The role in words; empty where none is chosen."""
        return dict(self.options).get(self.chosen, "")


def cited(opened: Reading) -> str:
    """Where exactly these words are found: at the debrief's own address while they are shared."""
    if opened.state == State.RELEASED:
        return opened.debrief.get_absolute_url()
    return opened.version.get_absolute_url()


def contents(opened: Reading) -> list[dict[str, str]]:
    """The entries of the page's contents, in the order of the page."""
    entries = [{"anchor": part.anchor, "title": part.title} for part in opened.sections]
    if opened.lessons:
        entries.append({"anchor": "lessons", "title": f"Lessons ({len(opened.lessons)})"})
    if opened.signatures:
        entries.append({"anchor": "signed", "title": "Who signed"})
    if opened.state == State.RELEASED:
        entries.append({"anchor": "others", "title": "Others like this"})
    return [*entries, {"anchor": "cite", "title": "Cite this debrief"}]


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact as `_components/summary_list.html` shows it."""

    key: str
    value: str = ""
    lines: Sequence[str] = ()
    url: str = ""
    action_url: str = ""


def fact_rows(sheet: FactSheet) -> list[FactRow]:
    """The facts as keys and values, in the order in which they are asked for; rows may be empty."""
    version, lead = sheet.version, sheet.lead
    led_by = reverse("debriefs:organisation", args=[lead.key]) if lead else ""
    offences = [f"{each.name} ({each.statute})" for each in sheet.offences]
    return [
        FactRow("Lead", lead.name if lead else "", url=led_by),
        FactRow("With", lines=[each.name for each in sheet.others]),
        FactRow("Region", (lead.region or "") if lead else ""),
        FactRow("When", sheet.period),
        FactRow("Exploitation", lines=[each.name for each in sheet.exploitation]),
        FactRow("Countries", ", ".join(each.name for each in sheet.countries)),
        FactRow("Victims", version.get_victims_display()),
        FactRow("Suspects", version.get_suspects_display()),
        FactRow("Offences", lines=offences),
        FactRow("Outcome", sheet.outcome),
        FactRow("Total sentence", sheet.sentence),
        FactRow("Proceedings", version.get_proceedings_display()),
        FactRow("Debriefed", _debriefed(sheet)),
    ]


def _debriefed(sheet: FactSheet) -> str:
    held = sheet.version.debriefed_on
    kind = sheet.version.get_kind_display()
    return f"{kind}, {held:%B %Y}" if held else kind
