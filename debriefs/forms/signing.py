"""What a signatory fills in: the decision of the force, and the reason for taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from debriefs.forms.fields import DateField, text
from debriefs.models import SignOff
from debriefs.models.signoff import AGREEMENTS
from debriefs.services.signing import Answer
from portal.accounts import PasswordForm
from portal.models import Tier

Decided = SignOff.Decided

NO_EMBARGO, UNTIL_A_DAY, UNTIL_PROCEEDINGS_END = "none", "day", "proceedings"


class DecisionForm(forms.Form):
    """The decision on one version, bound to the digest of what was on the screen.

    `statements` are what the force states, by key; those of `always` are stated whatever it
    decides, the others where it agrees.
    """

    use_required_attribute = False

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label="What does your force decide?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what your force decides."},
    )
    ceiling = forms.TypedChoiceField(
        label="How far may it travel at most?",
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose the widest audience from the list."},
    )
    embargo = forms.ChoiceField(
        label="Is there an embargo?",
        required=False,
        choices=(
            (NO_EMBARGO, "No, it may be shared once every force has agreed"),
            (UNTIL_A_DAY, "Yes, until a day"),
            (UNTIL_PROCEEDINGS_END, "Yes, until proceedings end"),
        ),
        widget=forms.RadioSelect,
    )
    embargo_until = DateField(
        label="Until which day?", required=False, help_text="For example, 27 3 2027."
    )
    conditions = text(
        "Conditions",
        rows=3,
        help_text="What the project team has to keep to. Only your force and the team read this.",
    )
    remark = text(
        "To the project team",
        rows=4,
        help_text="If your force wants changes or declines, say what has to change, or why. "
        "Only your force and the team read this.",
    )
    statements = forms.MultipleChoiceField(
        label="Tick what you state for your force",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        signoff: SignOff,
        statements: Mapping[str, str],
        always: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        reach = signoff.version.reach
        narrower = [(tier.value, tier.label) for tier in Tier if tier < reach]
        decisions = [
            (Decided.AGREED, f"Agree: it may travel as far as {Tier(reach).label}"),
            (Decided.AGREED_UP_TO, "Agree, but only up to a narrower audience"),
            (Decided.CHANGES, "Ask for changes"),
            (Decided.DECLINED, "Decline"),
        ]
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            each for each in decisions if narrower or each[0] != Decided.AGREED_UP_TO
        ]
        self.fields["ceiling"].choices = narrower  # type: ignore[attr-defined]
        self.fields["statements"].choices = list(statements.items())  # type: ignore[attr-defined]
        self._statements, self._always = statements, always

    def clean(self) -> dict[str, Any]:
        """What contradicts itself is said at the field where it can be put right."""
        said: dict[str, Any] = super().clean() or {}
        decision = said.get("decision")
        agrees = decision in AGREEMENTS
        if decision == Decided.AGREED_UP_TO:
            if said.get("ceiling") is None and "ceiling" not in self.errors:
                self.add_error("ceiling", "Choose how far it may travel at most.")
        else:
            said["ceiling"] = None
        self._clean_embargo(said, agrees)
        if decision and not agrees and not said.get("remark", "").strip():
            self.add_error("remark", "Say what has to change, or why your force declines.")
        if decision and not agrees:
            said["conditions"] = ""
        needed = list(self._statements) if agrees else [self._always]
        if decision and set(needed) - set(said.get("statements", ())):
            self.add_error(
                "statements",
                "Tick every statement, or ask for changes instead."
                if agrees
                else "State that you are authorised to decide for your force.",
            )
        return said

    def _clean_embargo(self, said: dict[str, Any], agrees: bool) -> None:
        """An embargo goes with agreement; its day is still to come."""
        if not agrees:
            said["embargo"] = NO_EMBARGO
        if said.get("embargo") != UNTIL_A_DAY:
            said["embargo_until"] = None
            self.errors.pop("embargo_until", None)
        elif "embargo_until" not in self.errors:
            day = said.get("embargo_until")
            if day is None:
                self.add_error("embargo_until", "Enter the day until which the embargo lasts.")
            elif day <= timezone.localdate():
                self.add_error("embargo_until", "Enter a day after today.")

    @property
    def answer(self) -> Answer:
        """What a valid form says, for the service."""
        said = self.cleaned_data
        ticked = [
            words
            for key, words in self._statements.items()
            if key in said["statements"] and (said["decision"] in AGREEMENTS or key == self._always)
        ]
        return Answer(
            decision=said["decision"],
            ceiling=said["ceiling"],
            embargo_until=said["embargo_until"],
            until_proceedings_end=said["embargo"] == UNTIL_PROCEEDINGS_END,
            statements=tuple(ticked),
            conditions=said["conditions"],
            remark=said["remark"],
        )


class WithdrawForm(forms.Form):
    """Why the force takes its agreement back, and that it means to."""

    use_required_attribute = False

    reason = text(
        "Why does your force withdraw its consent?",
        rows=4,
        help_text="Everyone who could read the debrief will see this. "
        "Write nothing that identifies anyone.",
    )
    sure = forms.BooleanField(
        label="Nobody but those who make and sign it will read this version from now on. "
        "This cannot be undone",
        error_messages={"required": "Tick that your force means to withdraw its consent."},
    )

    def clean_reason(self) -> str:
        """A reason has to be given."""
        reason: str = self.cleaned_data["reason"].strip()
        if not reason:
            raise forms.ValidationError("Give the reason. Readers will see it instead.")
        return reason


class ProceedingsEndedForm(PasswordForm):
    """That proceedings ended, all of them; and the password once more, for it may widen who
    reads."""

    field_order = ("sure", "password")

    sure = forms.BooleanField(
        label="All proceedings that the embargo was for have ended, appeals included",
        error_messages={"required": "Tick that proceedings have ended."},
    )
