"""What my team writes: the list, how a draft starts, and each move of its life until it is sent."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from debriefs import permissions
from debriefs.forms.writing import Confirm, Start
from debriefs.search import drafts as drafts_search
from debriefs.search import query
from debriefs.search.query import Asked
from debriefs.services import audience, checking, drafts, writing
from debriefs.services.marking import highest
from debriefs.views.base import READ_ONLY, WorkPage
from debriefs.workflow import State
from portal.models import User
from portal.views.base import For, FormPage, SeeOther


class TeamPage(FormPage, abstract=True):
    """A page for those who write for a project team; for everybody else there is none."""

    audience = For.SIGNED_IN
    section = "drafts"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Remembers who asks."""
        super().setup(request, *args, **kwargs)
        if isinstance(request.user, User):
            self.person = request.user

    def get_form_kwargs(self) -> dict[str, Any]:
        """Raises Http404 for who writes for no team."""
        if not drafts.teams_of(self.person).exists():
            raise Http404
        return super().get_form_kwargs()


class Drafts(TeamPage):
    """Everything that my teams write or check now, and what was discarded lately."""

    template_name = "debriefs/writing/drafts.html"
    http_method_names = READ_ONLY  # type: ignore[misc]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The rows, the last touched first; with `?q=` those drafts that answer it, best first."""
        self.get_form_kwargs()
        asked = query.parse(request.GET.get("q", ""))
        if asked.text:
            return self.answered(asked)
        rows = drafts.of_team(self.person)
        discarded = drafts.discarded_of(self.person)
        marking = highest(
            [each.version.marking for each in rows] + [each.version.marking for each in discarded]
        )
        return self.render_to_response(
            self.get_context_data(rows=rows, discarded=discarded, marking=marking)
        )

    def answered(self, asked: Asked) -> HttpResponse:
        """What of the drafts answers a question, in place of the rows."""
        found = drafts_search.find(self.person, asked)
        marking = highest(each.version.marking for each in found)
        return self.render_to_response(
            self.get_context_data(asked=asked, found=found, marking=marking)
        )


class StartDraft(TeamPage):
    """A new draft, with the headings of its kind or of another debrief."""

    form_class = Start
    template_name = "debriefs/writing/start.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Which teams and which structures there are to choose from depends on who asks."""
        return {**super().get_form_kwargs(), "person": self.person}

    def done(self, form: Start) -> HttpResponse:
        """Start it, and go on to its list of tasks."""
        version = drafts.start(
            by=self.person,
            owner=form.cleaned_data["owner"],
            operation=form.cleaned_data["operation"],
            facts=form.facts,
            like=form.cleaned_data["structure"],
        )
        messages.success(self.request, "The draft is started. Begin where you like.")
        return SeeOther(reverse("debriefs:draft", args=[version.debrief.slug]))


class Confirmation(WorkPage, abstract=True):
    """A page that asks once more before it moves a draft on: what will happen, and a button."""

    section = "drafts"
    form_class = Confirm
    template_name = "debriefs/writing/confirm.html"
    heading: ClassVar[str]
    button: ClassVar[str]
    says: ClassVar[str] = ""
    warns: ClassVar[bool] = False

    def get_form_kwargs(self) -> dict[str, Any]:
        """The revision that is on the screen goes with the button."""
        return {**super().get_form_kwargs(), "initial": {"revision": self.version.revision}}

    def back(self) -> str:
        """Where one goes who changes their mind, and who is done."""
        return reverse("debriefs:draft", args=[self.version.debrief.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the words of the page."""
        return super().get_context_data(
            heading=self.heading,
            button=self.button,
            says=self.says,
            warns=self.warns,
            back=self.back(),
            **kwargs,
        )


class Submit(Confirmation):
    """The draft goes to a second reader, if nothing is missing."""

    rule = permissions.can_submit
    states = (State.DRAFTING, State.CHECKING)
    template_name = "debriefs/writing/submit.html"
    heading = "Have the draft checked"
    button = "Submit for checking"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is missing, and who will see it in the end."""
        return super().get_context_data(
            missing=checking.missing_from(self.version),
            audience=audience.of(self.version),
            **kwargs,
        )

    def done(self, form: Confirm) -> HttpResponse:
        """Submit exactly what was on the screen."""
        revision = form.cleaned_data["revision"] or 0
        checking.submit(by=self.person, version=self.version, revision=revision)
        messages.success(self.request, "Submitted. Someone else of your team checks it now.")
        return SeeOther(self.back())


class TakeBack(Confirmation):
    """What is being checked is a draft again."""

    rule = permissions.can_take_back
    states = (State.DRAFTING, State.CHECKING)
    heading = "Go on writing"
    button = "Take it back"
    says = (
        "The second reader no longer finds it among what waits to be checked. If it was checked "
        "already, it has to be checked again."
    )

    def done(self, form: Confirm) -> HttpResponse:
        """Take it back."""
        checking.take_back(by=self.person, version=self.version)
        messages.success(self.request, "It is a draft again. Go on writing.")
        return SeeOther(self.back())


class Discard(Confirmation):
    """The draft is put aside."""

    rule = permissions.can_discard
    states = (State.DRAFTING, State.CHECKING, State.DISCARDED)
    heading = "Discard this draft"
    button = "Discard the draft"
    warns = True
    says = (
        f"It goes from your team's list. For {writing.KEPT_DISCARDED.days} days anybody of your "
        "team can bring it back as it is; then it is deleted."
    )

    def done(self, form: Confirm) -> HttpResponse:
        """Put it aside, and say how to undo that."""
        writing.discard(by=self.person, version=self.version)
        messages.success(
            self.request,
            f"The draft of Operation {self.version.debrief.operation} is discarded. "
            "You can bring it back from the list below.",
        )
        return SeeOther(reverse("debriefs:drafts"))


class Restore(Confirmation):
    """A discarded draft is a draft again."""

    rule = permissions.can_restore
    states = (State.DISCARDED, State.DRAFTING)
    heading = "Bring this draft back"
    button = "Bring it back"
    says = "It stands in your team's list again, with every word as it was."

    def done(self, form: Confirm) -> HttpResponse:
        """Bring it back."""
        writing.restore(by=self.person, version=self.version)
        messages.success(self.request, "The draft is back, as it was.")
        return SeeOther(self.back())
