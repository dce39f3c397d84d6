"""What an editor chooses who shares a version, takes it back, or opens the next; and what the team
says when a debrief is reviewed."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from debriefs.forms.fields import DateField
from debriefs.models import Review as ReviewRow
from portal.models import SharingGroup

MOST = 2_000


class Share(forms.Form):
    """The groups with which to share; sent in the address, so that the page to confirm has one."""

    use_required_attribute = False

    digest = forms.CharField(required=False, widget=forms.HiddenInput)
    group = forms.MultipleChoiceField(
        label="Share with",
        error_messages={
            "required": "Choose at least one group.",
            "invalid_choice": "One of these groups cannot be chosen any more. Choose again.",
        },
    )

    def __init__(self, data: Any = None, *, groups: Iterable[SharingGroup], digest: str) -> None:
        super().__init__(data, initial={"digest": digest})
        field: Any = self.fields["group"]
        self._groups = {group.key: group for group in groups}
        field.choices = [(key, group.name) for key, group in self._groups.items()]

    @property
    def chosen(self) -> list[SharingGroup]:
        """The groups that were chosen, in the order of the page."""
        keys = self.cleaned_data["group"]
        return [group for key, group in self._groups.items() if key in keys]


class Withdraw(forms.Form):
    """Why a version is taken back from a group."""

    use_required_attribute = False

    reason = forms.CharField(
        label="Why is it taken back?",
        max_length=MOST,
        help_text="Members of the group see this instead of the debrief.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Give the reason. Members of the group see it instead of the debrief.",
            "max_length": f"Keep the reason under {MOST:,} characters.",
        },
    )


class Reopen(forms.Form):
    """That the round of signatures ends is said once more, and agreed to."""

    use_required_attribute = False

    sure = forms.BooleanField(
        label="I understand that the round ends and every force signs again",
        error_messages={"required": "Say that you understand what ends, or leave it as it is."},
    )

    def __init__(self, data: Any = None, *, ends_a_round: bool) -> None:
        super().__init__(data)
        if not ends_a_round:
            del self.fields["sure"]


AGAIN = (("6", "In 6 months"), ("12", "In 12 months"), ("24", "In 24 months"), ("on", "On a date"))


class Review(forms.Form):
    """Whether a debrief still holds, and when to ask again."""

    use_required_attribute = False

    outcome = forms.ChoiceField(
        label="Your answer",
        choices=ReviewRow.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the debrief still holds."},
    )
    note = forms.CharField(
        label="What no longer holds, or what you looked at",
        required=False,
        max_length=MOST,
        help_text="For the team alone.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"Keep the note under {MOST:,} characters."},
    )
    again = forms.ChoiceField(
        label="When should the team be asked again?",
        choices=AGAIN,
        initial="12",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when the team is asked again."},
    )
    again_on = DateField(
        label="The date, if you chose one", required=False, help_text="For example, 27 3 2027."
    )

    def clean(self) -> None:
        """A note where something no longer holds, and a day that is to come."""
        outcome = self.cleaned_data.get("outcome")
        if outcome and outcome != ReviewRow.Outcome.HOLDS and not self.cleaned_data.get("note"):
            self.add_error("note", "Say what no longer holds.")
        if self.cleaned_data.get("again") == "on" and "again_on" not in self.errors:
            day = self.cleaned_data.get("again_on")
            if day is None:
                self.add_error("again_on", "Enter the date on which the team is asked again.")
            elif day <= timezone.localdate():
                self.add_error("again_on", "Choose a day after today for the next review.")

    @property
    def again_day(self) -> date:
        """The day on which the team is asked again."""
        again: str = self.cleaned_data["again"]
        if again == "on":
            day: date = self.cleaned_data["again_on"]
            return day
        return months_after(timezone.localdate(), int(again))


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where there is none."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
