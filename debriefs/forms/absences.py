"""When a signatory is away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from debriefs.forms.fields import DateField
from portal.models import Membership


class SignatoryChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the signatories, by name and force."""

    def label_from_instance(self, obj: Any) -> str:
        """Such as "Grace Penhale, Bedfordshire Police"."""
        return f"{obj.user.name}, {obj.organisation}"


class Absence(forms.Form):
    """Who is away, from which day to which."""

    use_required_attribute = False

    who = SignatoryChoice(
        Membership.objects.none(),
        label="Who is away?",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose who is away.",
            "invalid_choice": "Choose one of the signatories of your force.",
        },
    )
    from_day = DateField(label="First day away", required=True)
    until_day = DateField(label="Last day away", required=True)

    def __init__(self, data: Any = None, *, signatories: QuerySet[Membership]) -> None:
        super().__init__(data)
        who: Any = self.fields["who"]
        who.queryset = signatories
        found = list(signatories[:2])
        if len(found) == 1:
            who.initial = found[0].pk

    def clean(self) -> None:
        """The days in their order, and not over."""
        first, last = self.cleaned_data.get("from_day"), self.cleaned_data.get("until_day")
        if first and last and last < first:
            self.add_error("until_day", "The last day away cannot be before the first.")
        elif last and last < timezone.localdate():
            self.add_error("until_day", "These days are over. Give a last day that is to come.")
