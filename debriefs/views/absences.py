"""When signatories are away: set by themselves, or by a coordinator of their force."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from debriefs.exceptions import Refused
from debriefs.forms import absences as forms
from debriefs.services import absences
from portal import services
from portal.models import Absence, User
from portal.views.base import For, FormPage, SeeOther


class Absences(FormPage):
    """The absences that the visitor keeps, each to be ended, and a form for one more.

    Whoever keeps none is told so.
    """

    audience = For.SIGNED_IN
    section = "account"
    template_name = "debriefs/absences.html"
    form_class = forms.Absence

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Remembers who asks."""
        super().setup(request, *args, **kwargs)
        if isinstance(request.user, User):
            self.person = request.user

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Set one; or where a number is named, end that."""
        if "end" not in request.POST:
            return super().post(request, *args, **kwargs)
        number = request.POST["end"]
        mine = {each.pk: each for kept in absences.kept_by(self.person) for each in kept.absences}
        absence: Absence | None = mine.get(int(number)) if number.isdecimal() else None
        if absence is None:
            raise Refused("That absence is over, or is not yours to end.")
        services.end_absence(by=self.person, absence=absence)
        messages.success(request, f"{absence.user} decides again from now on.")
        return self._here()

    def get_form_kwargs(self) -> dict[str, Any]:
        """The signatories to choose from."""
        return super().get_form_kwargs() | {"signatories": services.absences_kept_by(self.person)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the signatories with their absences."""
        kept = absences.kept_by(self.person)
        own = [each for each in kept if each.signatory.user_id == self.person.pk]
        return super().get_context_data(kept=kept, own=own, **kwargs)

    def done(self, form: Any) -> HttpResponse:
        """Set it, and tell whoever stands in."""
        who = form.cleaned_data["who"]
        absence = absences.set_absence(
            by=self.person,
            user=who.user,
            organisation=who.organisation,
            from_day=form.cleaned_data["from_day"],
            until_day=form.cleaned_data["until_day"],
        )
        messages.success(
            self.request,
            f"{absence.user} is away from {absence.from_day:%-d %B} to "
            f"{absence.until_day:%-d %B %Y}. Deputies decide while every signatory is.",
        )
        return self._here()

    def _here(self) -> HttpResponse:
        return SeeOther(reverse("absences"))
