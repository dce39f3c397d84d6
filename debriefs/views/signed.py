"""What a force decided: the receipt, the sheet of all forces, and taking consent back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse

from debriefs import permissions
from debriefs.forms.signing import ProceedingsEndedForm, WithdrawForm
from debriefs.services import losing, receipts, sheet, signing
from debriefs.views.signoff import SignOffForm, SignOffPage
from portal.views.base import For, Page


class Receipt(SignOffPage):
    """What the force decided, when, by whom and about which exact words; nothing before that."""

    rule = permissions.can_read_signoff
    template_name = "debriefs/signing/receipt.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """200 once the force has decided, else 404."""
        if not self.signoff.decision:
            raise Http404
        receipt = receipts.of(self.person, self.signoff)
        return self.render_to_response(self.get_context_data(receipt=receipt))


class _AfterwardsPage(SignOffForm, abstract=True):
    """A page that changes what follows from a decision; what was done already is on the receipt."""

    def done_already(self) -> bool:
        """Whether there is nothing left to do here."""
        raise NotImplementedError

    def instead(self) -> HttpResponse | None:
        """The receipt, where it was done already: sending a form twice does it once."""
        return self.to("receipt") if self.done_already() else None


class Withdraw(_AfterwardsPage):
    """The force takes its consent back: what will happen, in numbers, why, and at once."""

    rule = permissions.can_withdraw_consent
    form_class = WithdrawForm
    template_name = "debriefs/signing/withdraw.html"

    def done_already(self) -> bool:
        """Whether the force has withdrawn."""
        return hasattr(self.signoff, "withdrawal")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds who loses access."""
        return super().get_context_data(losing=losing.of(self.signoff.version), **kwargs)

    def done(self, form: Any) -> HttpResponse:
        """Withdraw, and show the receipt."""
        signing.withdraw_consent(
            by=self.person, signoff=self.signoff, reason=form.cleaned_data["reason"]
        )
        messages.success(self.request, "Your force’s consent is withdrawn.")
        return self.to("receipt")


class ProceedingsEnded(_AfterwardsPage):
    """The force says that proceedings ended, which lifts the embargo that it set until then."""

    rule = permissions.can_end_proceedings
    form_class = ProceedingsEndedForm
    template_name = "debriefs/signing/proceedings_ended.html"

    def done_already(self) -> bool:
        """Whether the force has said so."""
        return hasattr(self.signoff, "proceedings_end")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form asks whose password it is."""
        return super().get_form_kwargs() | {"user": self.person}

    def done(self, form: Any) -> HttpResponse:
        """Lift the force's own embargo, and show the receipt."""
        signing.end_proceedings(by=self.person, signoff=self.signoff)
        messages.success(self.request, "Your force’s embargo is lifted.")
        return self.to("receipt")


class Sheet(Page):
    """Who approved a version, and when: for the team and every signing force."""

    audience = For.SIGNED_IN
    section = "signing"
    template_name = "debriefs/signing/sheet.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sheet of a sealed version that the visitor reads whole, or 404."""
        version = (
            permissions.can_read_whole.things(self.request.user)
            .filter(
                debrief__slug=self.kwargs["slug"],
                number=self.kwargs["number"],
                sealed_at__isnull=False,
            )
            .select_related("debrief__owner", "checked_by", "sealed_by")
            .first()
        )
        if version is None:
            raise Http404
        return super().get_context_data(
            sheet=sheet.of(version),
            version=version,
            debrief=version.debrief,
            marking=version.marking,
            handling=version.handling,
            **kwargs,
        )
