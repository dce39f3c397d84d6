"""What an author answers beside the text: to a warning, to a remark, to what was heard before."""

from __future__ import annotations

from typing import Any

from django import forms

ACCEPT, REOPEN, REPLACE = "accept", "reopen", "replace"
LINK, UNLINK = "link", "unlink"


class AnswerWarning(forms.Form):
    """Stand by words with a reason, no longer stand by them, or write something else instead."""

    use_required_attribute = False

    do = forms.ChoiceField(choices=[(each, each) for each in (ACCEPT, REOPEN, REPLACE)])
    kind = forms.CharField(required=False, max_length=24)
    words = forms.CharField(required=False, strip=False)
    reason = forms.CharField(required=False, max_length=2_000)
    instead = forms.CharField(required=False, max_length=2_000)
    acceptance = forms.IntegerField(required=False)
    part = forms.UUIDField(required=False)
    revision = forms.IntegerField(required=False)

    def clean(self) -> dict[str, Any]:
        """Each button needs something else."""
        found = super().clean() or {}
        if found.get("do") == ACCEPT and not found.get("reason", "").strip():
            self.add_error("reason", "Say why these words may stay.")
        if found.get("do") == REPLACE and not found.get("instead", "").strip():
            self.add_error("instead", "Write what to say instead, or change the text itself.")
        return found


class AnswerRemark(forms.Form):
    """What was done about a remark."""

    use_required_attribute = False

    remark = forms.IntegerField()
    answer = forms.CharField(required=False, max_length=5_000)
    part = forms.UUIDField(required=False)


class AnswerHeard(forms.Form):
    """Whether the lesson repeats an earlier one; `part` is there where it is answered beside the
    text."""

    use_required_attribute = False

    do = forms.ChoiceField(choices=[(each, each) for each in (LINK, UNLINK)])
    earlier = forms.UUIDField()
    part = forms.UUIDField(required=False)
