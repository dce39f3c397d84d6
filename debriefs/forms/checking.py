"""What a second reader types beside a version, and an editor who sends it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils import timezone

from debriefs.forms.fields import DateField
from debriefs.models import Part

REMARK, PASS, SEND_BACK, SETTLE, REMOVE = "remark", "pass", "send-back", "settle", "remove"

#: The name of a button, and for some the number of the remark that it is about.
_DO = re.compile(rf"({REMARK}|{PASS}|{SEND_BACK})|({SETTLE}|{REMOVE})-(\d{{1,18}})")

MOST = 5_000


def _words(label: str, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"max_length": f"{label}: keep it under {MOST:,} characters"},
    )


class Check(forms.Form):
    """One form for the whole page: a remark beside each part and on the whole, and why the version
    goes back. So nothing that was typed is lost, whichever button is pressed."""

    use_required_attribute = False

    do = forms.CharField(required=False)
    revision = forms.IntegerField()
    remark = _words("Remark on the whole version", 3)
    reason = _words("What has to change", 4)

    def __init__(self, data: Any = None, *, parts: Iterable[Part], revision: int) -> None:
        self.by_part = {f"remark-{part.identity.hex}": part for part in parts}
        super().__init__(self._with_what_has_no_place(data), initial={"revision": revision})
        for name, part in self.by_part.items():
            self.fields[name] = _words(f"Remark on “{part.title}”", 3)
        self.settled = self.removed = 0

    def _with_what_has_no_place(self, data: Any) -> Any:
        """What was typed beside a part that is gone meanwhile stands with the whole."""
        if data is None:
            return None
        kept = data.copy()
        homeless = [
            words
            for name, words in data.items()
            if re.fullmatch(r"remark-[0-9a-f]{32}", name) and name not in self.by_part
        ]
        texts = [kept.get("remark", ""), *homeless]
        kept["remark"] = "\n\n".join(text for text in texts if text.strip())
        return kept

    def beside(self, part: Part) -> BoundField:
        """The field for a remark on the part."""
        return self[f"remark-{part.identity.hex}"]

    @property
    def typed(self) -> dict[UUID | None, str]:
        """What was typed, by part; None is the whole."""
        found: dict[UUID | None, str] = {None: self.cleaned_data["remark"]}
        found |= {part.identity: self.cleaned_data[name] for name, part in self.by_part.items()}
        return {part: words for part, words in found.items() if words}

    def clean_do(self) -> str:
        """Which button was pressed."""
        pressed = _DO.fullmatch(self.cleaned_data["do"])
        if pressed is None:
            raise ValidationError("Choose what to do: save remarks, pass, or send back.")
        if pressed[2] == SETTLE:
            self.settled = int(pressed[3])
        elif pressed[2] == REMOVE:
            self.removed = int(pressed[3])
        return pressed[1] or pressed[2]

    def clean(self) -> None:
        """What each button needs, and what it would leave behind."""
        do = self.cleaned_data.get("do")
        if do == PASS:
            for name in (*self.by_part, "remark"):
                if self.cleaned_data.get(name):
                    self.add_error(
                        name, "This remark is not saved. Save it and send back, or clear it."
                    )
            if self.cleaned_data.get("reason"):
                self.add_error(
                    "reason", "You wrote what has to change. Send the version back, or clear this."
                )
        elif do == SEND_BACK and not self.cleaned_data.get("reason"):
            self.add_error("reason", "Say what has to change, so that the authors can change it.")
        elif do == REMARK and not self.errors and not self.typed:
            self.add_error("remark", "Write a remark beside a part, or here on the whole version.")


class Send(forms.Form):
    """By when the forces should decide."""

    use_required_attribute = False

    revision = forms.IntegerField(widget=forms.HiddenInput)
    due_on = DateField(
        label="By when should the forces decide?",
        required=True,
        help_text="Signatories see this day, and are reminded before it.",
    )

    def __init__(self, data: Any = None, *, revision: int, usual: timedelta) -> None:
        today = timezone.localdate()
        super().__init__(data, initial={"revision": revision, "due_on": today + usual})

    def clean_due_on(self) -> date:
        """A day that is still to come, within a year."""
        day: date = self.cleaned_data["due_on"]
        today = timezone.localdate()
        if day <= today:
            raise ValidationError("Choose a day after today by which the forces should decide.")
        if day > today + timedelta(days=365):
            raise ValidationError("Choose a day within a year, so that the forces are asked soon.")
        return day
