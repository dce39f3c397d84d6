"""The facts of a debrief, asked for in six steps. Who took part has a form of its own
(`taking_part.py`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from django import forms

from debriefs.forms.fields import DateField, Ticks, number, one_line, text
from debriefs.guides import KINDS
from debriefs.models import Country, ExploitationType, Offence, Theme
from debriefs.models.vocabulary import Band, DebriefKind, Marking, Proceedings
from debriefs.services.content import Facts
from portal.models import Tier

#: How far something may travel, in words that say who that is.
REACHES: dict[int, str] = {
    Tier.PARTICIPANTS: "Participating forces: those that took part, and nobody else",
    Tier.POLICING: "Policing: every police force in the group",
    Tier.PARTNERS: "Law-enforcement partners: agencies beside the police as well",
    Tier.PUBLIC: "Public: anybody, signed in or not",
}


class Step(forms.Form):
    """One step of the facts. Fields are named as the facts are."""

    key: ClassVar[str]
    heading: ClassVar[str]
    says: ClassVar[str] = ""
    use_required_attribute = False

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, facts: Facts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = facts

    @classmethod
    def initial_of(cls, facts: Facts) -> dict[str, Any]:
        """What the fields begin with."""
        return {name: getattr(facts, name) for name in cls.base_fields if hasattr(facts, name)}

    def changed(self, facts: Facts) -> Facts:
        """The facts as this step has them now; the others stay as they are."""
        return replace(facts, **self.changes())

    def changes(self) -> dict[str, Any]:
        """The answers of a valid form, as the facts hold them."""
        found = {}
        for name, value in self.cleaned_data.items():
            if name in Facts.__dataclass_fields__:
                found[name] = list(value) if isinstance(self.fields[name], Ticks) else value
        return found


class Operation(Step):
    """What the debrief is called, and when it was."""

    key, heading = "operation", "Operation and debrief"

    title = one_line(
        "Title",
        most=160,
        help_text="What a reader sees in a list. Say what it was about, not who it was against.",
    )
    operation_from = DateField(label="When did the operation begin?", required=False)
    operation_until = DateField(
        label="When did it end?",
        required=False,
        help_text="The last arrest phase, or the end of the trial. Leave empty if it goes on.",
    )
    kind = forms.ChoiceField(
        label="How was the debrief held?", choices=DebriefKind, widget=forms.RadioSelect
    )
    debriefed_on = DateField(label="When was the debrief held?", required=False)

    def clean(self) -> dict[str, Any]:
        """An operation ends after it begins."""
        found = super().clean() or {}
        began, ended = found.get("operation_from"), found.get("operation_until")
        if began and ended and ended < began:
            self.add_error("operation_until", "The operation cannot end before it began.")
        return found


class Exploitation(Step):
    """What people were made to do, under which law, and where they came from."""

    key, heading = "exploitation", "Exploitation, offences, countries"
    says = "Readers look for debriefs by these."

    exploitation = Ticks(
        ExploitationType,
        label="How were people exploited?",
        help_text="As the National Referral Mechanism puts it. Choose all that apply.",
    )
    offences = Ticks(Offence, with_statute=True, label="Which offences were investigated?")
    countries = Ticks(Country, label="Which countries did it reach into?")


class Outcome(Step):
    """How many people, and what came of it."""

    key, heading = "outcome", "People and outcome"
    says = "Numbers of victims and suspects are given as bands, so that nobody is told apart."

    victims = forms.ChoiceField(label="How many victims?", choices=Band, widget=forms.RadioSelect)
    suspects = forms.ChoiceField(label="How many suspects?", choices=Band, widget=forms.RadioSelect)
    proceedings = forms.ChoiceField(
        label="How far has the case gone?", choices=Proceedings, widget=forms.RadioSelect
    )
    charged = number("People charged", most=2_000)
    convicted = number("People convicted", most=2_000)
    years = number("Years", most=2_000)
    months = number("Months", most=11)

    @classmethod
    def initial_of(cls, facts: Facts) -> dict[str, Any]:
        """The total sentence in years and months, as courts say it."""
        initial = super().initial_of(facts)
        if facts.sentence_months is not None:
            initial["years"], initial["months"] = divmod(facts.sentence_months, 12)
        return initial

    def changes(self) -> dict[str, Any]:
        """The total sentence in months; none where neither was given."""
        years, months = self.cleaned_data["years"], self.cleaned_data["months"]
        total = None if years is None and months is None else (years or 0) * 12 + (months or 0)
        return {**super().changes(), "sentence_months": total}

    def clean(self) -> dict[str, Any]:
        """Nobody is convicted who was not charged."""
        found = super().clean() or {}
        charged, convicted = found.get("charged"), found.get("convicted")
        if charged is not None and convicted is not None and convicted > charged:
            self.add_error("convicted", "More people are convicted than were charged.")
        return found


class Summary(Step):
    """What everyone reads first."""

    key, heading = "summary", "Summary, themes and talk"

    summary = text(
        "Summary",
        rows=6,
        help_text=(
            "Three or four sentences, without names. Everyone who may see the debrief at all sees "
            "this, in lists as well."
        ),
    )
    themes = Ticks(Theme, label="Which themes does it have something to say about?")
    talk_title = one_line("Title of the talk", most=160, required=False)
    talk_speaker_role = one_line(
        "Role of the speaker", most=120, required=False, help_text="A role, not a name."
    )
    talk_url = forms.URLField(
        label="Address of the recording",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Give the talk's address as https://…"},
    )
    talk_minutes = number("Length in minutes", most=600)


class Reach(Step):
    """How the words are to be handled, and how far they may travel."""

    key, heading = "reach", "Marking and how far it travels"
    says = "Every force can still set a lower limit when it signs."

    marking = forms.ChoiceField(label="Marking", choices=Marking, widget=forms.RadioSelect)
    handling = one_line(
        "Handling instruction",
        most=300,
        required=False,
        help_text="Stands beside the marking on every page. For example: Police use only.",
    )
    reach = forms.TypedChoiceField(
        label="How far may the debrief travel?",
        choices=list(REACHES.items()),
        coerce=int,
        widget=forms.RadioSelect,
        help_text="The widest. Each section and lesson can have a narrower reach of its own.",
    )
    facts_reach = forms.TypedChoiceField(
        label="How far may the facts travel?",
        choices=list(REACHES.items()),
        coerce=int,
        widget=forms.RadioSelect,
        help_text="Who took part, countries, outcome, the talk. Not title and summary.",
    )

    def clean(self) -> dict[str, Any]:
        """The facts travel no further than the debrief."""
        found = super().clean() or {}
        if found.get("facts_reach", 0) > found.get("reach", Tier.PUBLIC):
            self.add_error("facts_reach", "The facts cannot travel further than the debrief does.")
        return found


#: How a kind of debrief is explained beside its name.
KIND_CHOICES = [(kind.value, f"{kind.label}. {KINDS[kind]}") for kind in DebriefKind]
