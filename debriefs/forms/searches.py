"""What people type about their searches: a name for one that they keep, a question, a reply; and
what the project team types about the words of a search."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict

from debriefs.models.searches import LONGEST
from debriefs.models.synonym import LONGEST_WORD, MOST
from debriefs.search.facets import FACETS
from debriefs.services import searches

CLEAR, CLEAR_ALL, RENAME, ALERT, QUIET, DELETE = (
    *("clear", "clear-all", "rename", "alert", "quiet", "delete"),
)

#: The name of a button, and the number of what it is about.
_DO = re.compile(rf"({CLEAR_ALL})|({CLEAR}|{RENAME}|{ALERT}|{QUIET}|{DELETE})-(\d{{1,18}})")

#: Characters of a question or a reply.
MOST_WORDS = 5_000

#: Characters of the address of a search.
MOST_OF_AN_ADDRESS = 8_000


class Tidy(forms.Form):
    """What is done with one of one's own searches: a button and, to rename one, a name."""

    use_required_attribute = False

    do = forms.CharField(required=False)
    name = forms.CharField(
        label="New name",
        required=False,
        max_length=80,
        error_messages={"max_length": "Keep the name under 80 characters."},
    )
    verb = ""
    number = 0

    def clean_do(self) -> str:
        """What to do, and with which."""
        found = _DO.fullmatch(self.cleaned_data["do"])
        if found is None:
            raise forms.ValidationError("Choose what to do with your searches.")
        self.verb = found[1] or found[2]
        self.number = int(found[3] or 0)
        return self.cleaned_data["do"]  # type: ignore[no-any-return]


class SaveSearch(forms.Form):
    """A name for a search, and whether to be told of what is new."""

    use_required_attribute = False

    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="You find it under this name. Only you see it.",
        error_messages={
            "required": "Give the search a name.",
            "max_length": "Keep the name under 80 characters.",
        },
    )
    alerts = forms.BooleanField(label="Tell me when something new matches", required=False)
    query = forms.CharField(required=False, max_length=MOST_OF_AN_ADDRESS, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, query: str = "") -> None:
        super().__init__(data, initial={"query": query})
        asked = QueryDict(str(self["query"].value() or "")[:MOST_OF_AN_ADDRESS])
        self.words = searches.bounded(asked.get("q", ""))
        self.narrowing = searches.narrowing_of({name: asked.getlist(name) for name in FACETS})
        self.filters = searches.in_words(self.narrowing)
        self.fields["name"].initial = (
            self.words[:80] or ", ".join(values for _, values in self.filters)[:80]
        )

    @property
    def asks_something(self) -> bool:
        """Whether there is anything to save."""
        return bool(self.words or self.narrowing)


def _text(label: str, help_text: str, missing: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": missing,
            "max_length": f"Keep it under {MOST_WORDS:,} characters.",
        },
    )


class Ask(forms.Form):
    """A question to the project team."""

    use_required_attribute = False

    words = forms.CharField(
        label="What you searched for",
        required=False,
        max_length=LONGEST,
        error_messages={"max_length": f"Keep it under {LONGEST} characters."},
    )
    text = _text(
        "What are you looking for, and what for?",
        "Name no victim, witness or suspect. What you ask is not part of any debrief.",
        "Say what you are looking for, and what for.",
    )

    def __init__(self, data: Any = None, *, words: str = "") -> None:
        super().__init__(data, initial={"words": searches.bounded(words)})


class Reply(forms.Form):
    """The project team's reply to a question."""

    use_required_attribute = False

    text = _text(
        "Your reply",
        "They may not be able to read everything that you can. Name an operation only if it is "
        "shared with them.",
        "Write a reply.",
    )


class DealtWith(forms.Form):
    """Which words leave the list of those that found nothing."""

    words = forms.CharField(max_length=searches.LONGEST_NOT_FOUND, strip=False)


class RemoveSynonyms(forms.Form):
    """Which set to remove."""

    remove = forms.IntegerField(min_value=1, max_value=2**62)


class Synonyms(forms.Form):
    """A set of words, one on each line."""

    use_required_attribute = False

    words = forms.CharField(
        label="Words and phrases that mean the same",
        help_text=f"One on each line, the usual one first: 2 to {MOST}, each under {LONGEST_WORD} "
        "characters. Capitals make no difference.",
        max_length=(LONGEST_WORD + 40) * MOST,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": "Give at least two words or phrases, each on a line of its own.",
            "max_length": f"Give {MOST} words or phrases at most.",
        },
    )

    def __init__(self, data: Any = None, *, words: str = "") -> None:
        super().__init__(data, initial={"words": words})

    @property
    def lines(self) -> list[str]:
        """The words, one for each line."""
        return str(self.cleaned_data["words"]).splitlines()
