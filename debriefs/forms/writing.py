"""What an author types: how a draft starts, a section, a lesson, and answers to what others say."""

from __future__ import annotations

from typing import Any

from django import forms

from debriefs.forms.facts import KIND_CHOICES, REACHES
from debriefs.forms.fields import one_line, text
from debriefs.models import Part, Theme, Version
from debriefs.models.vocabulary import DebriefKind, Evidence, Heading, Reader, Worked
from debriefs.services import drafts
from debriefs.services.content import TEXTS, Facts, Words
from portal.models import Organisation, Tier, User


class OwnerChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the teams for which the person writes."""

    widget = forms.RadioSelect


class StructureChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A released debrief, by its operation."""

    def label_from_instance(self, obj: Any) -> str:
        """Operation and title."""
        return f"Operation {obj.debrief.operation}: {obj.title}"


class Start(forms.Form):
    """How a draft begins."""

    use_required_attribute = False

    owner = OwnerChoice(Organisation.objects.none(), label="For which team?", empty_label=None)
    operation = one_line(
        "Operation name",
        most=80,
        help_text="The name alone, such as Ludlow. It cannot be changed later.",
    )
    title = one_line(
        "Title",
        most=160,
        help_text="What a reader sees in a list. Say what it was about. You can change it later.",
    )
    kind = forms.ChoiceField(
        label="How was the debrief held?",
        choices=KIND_CHOICES,
        widget=forms.RadioSelect,
        initial=DebriefKind.STRUCTURED,
        help_text="The draft begins with the headings that fit. You can add and remove some.",
    )
    structure = StructureChoice(
        Version.objects.none(),
        label="Or begin with the headings of another debrief",
        required=False,
        empty_label="No, with those that fit the kind",
        help_text="Headings, their order and how far each travels are copied. No word is.",
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = drafts.teams_of(person)
        fields["structure"].queryset = drafts.structures_for(person)
        teams = list(fields["owner"].queryset[:2])
        if len(teams) == 1:
            fields["owner"].required = False
            fields["owner"].widget = forms.HiddenInput()
            self._only = teams[0]

    def clean_owner(self) -> Organisation | None:
        """The only team there is, where there is one."""
        return getattr(self, "_only", None) or self.cleaned_data.get("owner")

    @property
    def facts(self) -> Facts:
        """The facts that a valid form gives."""
        return Facts(title=self.cleaned_data["title"], kind=self.cleaned_data["kind"])


def reach_field(most: int) -> forms.TypedChoiceField:
    """How far a part may travel: no further than its debrief."""
    return forms.TypedChoiceField(
        label="How far may this travel?",
        choices=[(tier, words) for tier, words in REACHES.items() if tier <= most],
        coerce=int,
        widget=forms.RadioSelect,
    )


class PartForm(forms.Form):
    """A section or a lesson; what they have in common."""

    use_required_attribute = False

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, part: Part, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part = part
        for name in self.fields.keys() & set(TEXTS):
            self.fields[name].widget.attrs["data-module"] = "toolbar"
        self.fields["reach"] = reach_field(max(most, part.reach))

    @property
    def words(self) -> Words:
        """What the form says; where an answer is wrong, as if it were not there."""
        data = {"title": "", **self.cleaned_data}
        said = {name: data.get(name) for name in self.fields if name != "revision"}
        return Words(
            kind=self.part.kind,
            heading=self.part.heading,
            **{name: value for name, value in said.items() if value is not None},
        )


class SectionForm(PartForm):
    """A section: its title and its text."""

    title = one_line("Title", most=160)
    markdown = text("Text", rows=18)


class LessonForm(PartForm):
    """A lesson: what was observed, why it mattered, what to do, for whom, and how sure we are."""

    title = one_line("The lesson in one line", most=160)
    theme = forms.ModelChoiceField(
        Theme.objects.all(), label="Theme", required=False, empty_label="Choose a theme"
    )
    observed = text("What was observed", rows=7)
    mattered = text("Why it mattered", rows=5)
    action = text("What to do", rows=6)
    worked = forms.ChoiceField(
        label="Did it work?", choices=Worked, required=False, widget=forms.RadioSelect
    )
    evidence = forms.ChoiceField(
        label="How strong is the evidence?",
        choices=Evidence,
        required=False,
        widget=forms.RadioSelect,
    )
    roles = forms.MultipleChoiceField(
        label="Which roles is it for?",
        choices=Reader,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


FORMS: dict[str, type[PartForm]] = {
    Part.Kind.SECTION: SectionForm,
    Part.Kind.LESSON: LessonForm,
}


def part_form(part: Part, most: int, revision: int, data: Any = None) -> PartForm:
    """The form of a part as it is, or with what was typed; it may reach `most` at most."""
    form = FORMS[part.kind]
    initial = {name: getattr(part, name) for name in form.base_fields if name != "revision"}
    initial |= {"revision": revision, "reach": part.reach}
    return form(data, part=part, most=most, initial=initial)


class AddPart(forms.Form):
    """What to add: a section under a heading that is free, or a lesson."""

    LESSON = "lesson"

    use_required_attribute = False

    what = forms.ChoiceField(
        label="What do you want to add?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a heading, or a lesson."},
    )

    def __init__(self, *args: Any, headings: list[Heading], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["what"].choices = [
            (self.LESSON, "A lesson"),
            *((heading.value, heading.label) for heading in headings),
        ]

    def words(self, most: int) -> Words:
        """An empty lesson, or an empty section under the heading; as far as policing or `most`.

        A public summary is meant for the public from the start.
        """
        what = self.cleaned_data["what"]
        reach = min(most, Tier.PUBLIC if what == Heading.PUBLIC_SUMMARY else Tier.POLICING)
        if what == self.LESSON:
            return Words(kind=Part.Kind.LESSON, title="New lesson", reach=reach)
        heading = Heading(what)
        return Words(kind=Part.Kind.SECTION, heading=heading, title=heading.label, reach=reach)


class Confirm(forms.Form):
    """A button: yes, do it. `revision` is of what was on the screen."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class Move(Confirm):
    """Where a part goes: up, down, or to a place in the list, counted from one."""

    to = forms.CharField(max_length=4)

    def clean_to(self) -> int | str:
        """A direction or a place."""
        to = self.cleaned_data["to"]
        if to in ("up", "down"):
            return str(to)
        if to.isdecimal():
            return int(to)
        raise forms.ValidationError("Choose a place.")
