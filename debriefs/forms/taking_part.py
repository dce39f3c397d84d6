"""Who took part: the lead, the other forces, and units and partners; and who of them signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from debriefs.forms.facts import Step
from debriefs.models.vocabulary import ParticipationPart
from debriefs.services.content import FORCES, Facts, TakingPart
from portal.models import Organisation


@dataclass(frozen=True, slots=True)
class Option:
    """An organisation to tick."""

    organisation: Organisation
    chosen: bool
    signs: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Organisations under one heading: a region's forces, or a kind of body."""

    name: str
    options: list[Option]

    @property
    def chosen(self) -> int:
        """How many of them are ticked."""
        return sum(option.chosen for option in self.options)


class WhoTookPart(Step):
    """Forces that took part always sign; of others the author says whether they do.

    An organisation that took part in another capacity before (a force as a partner, an agency in
    support) keeps it.
    """

    key, heading = "taking-part", "Who took part and signs"
    says = "Every force here will be asked to sign the exact words before anybody else reads them."

    lead = forms.ChoiceField(label="Which organisation led?", required=False)
    forces = forms.MultipleChoiceField(label="Which other forces took part?", required=False)
    others = forms.MultipleChoiceField(label="Which units and partners took part?", required=False)
    signing = forms.MultipleChoiceField(
        label="Which of these units and partners sign?", required=False
    )

    def __init__(self, *args: Any, facts: Facts, **kwargs: Any) -> None:
        super().__init__(*args, facts=facts, **kwargs)
        here = {each.organisation.pk for each in facts.taking_part}
        self._organisations = [
            each
            for each in Organisation.objects.exclude(kind=Organisation.Kind.TEAM)
            .select_related("region")
            .order_by("region__position", "region__name", "name")
            if each.valid_until is None or each.pk in here or _was_there(each, facts)
        ]
        self._by_key = {each.key: each for each in self._organisations}
        forces = [(each.key, each.name) for each in self._organisations if each.kind in FORCES]
        others = [(each.key, each.name) for each in self._organisations if each.kind not in FORCES]
        fields: Mapping[str, Any] = self.fields
        fields["lead"].choices = [("", "Not known yet"), *sorted(forces), *sorted(others)]
        fields["forces"].choices, fields["others"].choices = forces, others
        fields["signing"].choices = others

    @classmethod
    def initial_of(cls, facts: Facts) -> dict[str, Any]:
        """Who took part, by key."""
        lead = [each for each in facts.taking_part if each.part == ParticipationPart.LEAD]
        rest = [each for each in facts.taking_part if each.part != ParticipationPart.LEAD]
        others = [each for each in rest if each.organisation.kind not in FORCES]
        return {
            "lead": lead[0].organisation.key if lead else "",
            "forces": [each.organisation.key for each in rest if each.organisation.kind in FORCES],
            "others": [each.organisation.key for each in others],
            "signing": [each.organisation.key for each in others if each.signs],
        }

    def changes(self) -> dict[str, Any]:
        """Everyone who took part, the lead first."""
        return {"taking_part": list(self._taking_part())}

    def _taking_part(self) -> Iterator[TakingPart]:
        lead, signing = self.cleaned_data["lead"], {*self.cleaned_data["signing"]}
        before = {each.organisation.key: each.part for each in self.facts.taking_part}
        if lead:
            yield TakingPart(self._by_key[lead], ParticipationPart.LEAD)
        for key in self.cleaned_data["forces"]:
            if key != lead:
                yield TakingPart(
                    self._by_key[key], _kept(before, key, ParticipationPart.SUPPORTING)
                )
        for key in dict.fromkeys([*self.cleaned_data["others"], *signing]):
            if key != lead:
                part = _kept(before, key, ParticipationPart.PARTNER)
                signs = key in signing or part == ParticipationPart.SUPPORTING
                yield TakingPart(self._by_key[key], part, signs)

    def force_groups(self) -> list[Group]:
        """The forces to tick, by region."""
        return self._groups("forces", lambda each: each.kind in FORCES, _region)

    def other_groups(self) -> list[Group]:
        """The units and partners to tick, by kind."""
        return self._groups(
            "others", lambda each: each.kind not in FORCES, Organisation.get_kind_display
        )

    def _groups(self, name: str, wanted: Any, heading: Any) -> list[Group]:
        chosen, signing = {*(self[name].value() or ())}, {*(self["signing"].value() or ())}
        groups: dict[str, Group] = {}
        for each in self._organisations:
            if wanted(each):
                group = groups.setdefault(heading(each), Group(heading(each), []))
                group.options.append(Option(each, each.key in chosen, each.key in signing))
        return list(groups.values())


def _kept(before: Mapping[str, str], key: str, usual: str) -> str:
    known = before.get(key)
    return known if known and known != ParticipationPart.LEAD else usual


def _region(organisation: Organisation) -> str:
    return organisation.region.name if organisation.region else "National forces"


def _was_there(organisation: Organisation, facts: Facts) -> bool:
    """Whether an organisation that has ended since was there when the operation began."""
    began = facts.operation_from
    return bool(began and organisation.valid_until and organisation.valid_until > began)
