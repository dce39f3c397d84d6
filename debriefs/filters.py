"""Narrowing the library: the question, the facets, their options and honest counts.

Every facet looks only at what the visitor may know: options, counts and hits are exactly what they
would be if everything hidden were deleted. Within a facet values widen, between facets they narrow;
the count beside an option says how many hits it would give, all other facets staying as they are.
What a version has is looked up in the catalogue of `debriefs/search`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import django_filters
from django.http import QueryDict

from debriefs.models import Version
from debriefs.search import catalogue, finding, query
from debriefs.search.facets import FACETS
from debriefs.search.finding import Found
from portal.prepared import Prepared
from portal.standing import Visitor, groups_of, standing_in

SORTS: dict[str, str] = {
    finding.RELEVANCE: "Best answer first",
    "newest": "Newest first",
    finding.BEGAN: "Latest operations first",
    "read": "Most read first",
    finding.NAME: "Operation name, A to Z",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One box to tick in a facet, with how many hits it would give."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet with the options that the visitor's own library has."""

    name: str
    label: str
    options: Sequence[Option]

    @property
    def chosen(self) -> int:
        """How many of its options are chosen."""
        return sum(option.chosen for option in self.options)


@dataclass(frozen=True, slots=True)
class Chip:
    """One value that was chosen, and the address of the page without it."""

    facet: str
    label: str
    without: str


_readable = Prepared(
    lambda groups, numbers: (
        Version.objects.visible_to(standing_in(groups))
        .filter(pk__in=numbers)
        .select_related("debrief")
        .order_by()
    )
)


class OneOf(django_filters.MultipleChoiceFilter):
    """The values of a facet that are chosen; which there are to choose from, the visitor's own
    library says."""


class LibraryFilter(django_filters.FilterSet):
    """The library's form. Options are those of the visitor's own library; others are errors."""

    q = django_filters.CharFilter(label="Search")
    exact = django_filters.BooleanFilter(label="Exactly as typed")
    theme = OneOf(label=FACETS["theme"].label)
    type = OneOf(label=FACETS["type"].label)
    force = OneOf(label=FACETS["force"].label)
    region = OneOf(label=FACETS["region"].label)
    year = OneOf(label=FACETS["year"].label)
    outcome = OneOf(label=FACETS["outcome"].label)
    role = OneOf(label=FACETS["role"].label)
    kind = OneOf(label=FACETS["kind"].label)
    marking = OneOf(label=FACETS["marking"].label)
    sort = django_filters.ChoiceFilter(
        label="Sort by", choices=list(SORTS.items()), empty_label=None
    )

    class Meta:
        model = Version
        fields: tuple[str, ...] = ()

    def __init__(self, data: QueryDict, visitor: Visitor) -> None:
        super().__init__(data, queryset=Version.objects.visible_to(visitor))
        self.visitor = visitor
        self.asked = query.parse(data.get("q", ""))
        self.words: dict[str, dict[str, str]] = {}
        self.view = catalogue.current().view(visitor)
        for name in FACETS:
            choices = self.view.words(name)
            self.words[name] = dict(choices)
            # Asked for, since what a form is given it copies, deeply.
            self.filters[name].extra["choices"] = lambda choices=choices: choices

    @property
    def chosen(self) -> dict[str, list[str]]:
        """The valid values that are chosen, by facet; facets without any are left out."""
        self.form.is_valid()
        values = {name: self.form.cleaned_data.get(name) for name in FACETS}
        return {name: list(value) for name, value in values.items() if value}

    @property
    def order(self) -> str:
        """The order that was asked for; the best answer first where a question was."""
        self.form.is_valid()
        usual = finding.RELEVANCE if self.asked else "newest"
        wanted: str = self.form.cleaned_data.get("sort") or usual
        return "newest" if wanted == finding.RELEVANCE and not self.asked else wanted

    @cached_property
    def found(self) -> Found:
        """What answers the question among what is chosen.

        Nothing, where a value is not one of theirs: an old address must not list everything.
        """
        self.form.is_valid()
        wrong: dict[str, list[str]] = {name: [] for name in set(self.form.errors) & FACETS.keys()}
        return finding.find(
            self.visitor,
            self.asked,
            {**self.chosen, **wrong},
            self.order,
            exactly=bool(self.form.cleaned_data.get("exact")),
            view=self.view,
        )

    def page_of_hits(self, numbers: Sequence[int]) -> list[Version]:
        """These hits in their order, as the database says that they may be read now."""
        rows = _readable(groups=groups_of(self.visitor), numbers=numbers) if numbers else []
        found = {version.pk: version for version in rows}
        return [found[number] for number in numbers if number in found]

    def facets(self) -> list[Facet]:
        """Each facet that the visitor's library has values of."""
        chosen = self.chosen
        shown = []
        for name, facet in FACETS.items():
            counts = self.found.counts(name) if self.words[name] else {}
            options = [
                Option(value, label, counts.get(value, 0), value in chosen.get(name, ()))
                for value, label in self.words[name].items()
            ]
            if options:
                shown.append(Facet(name, facet.label, options))
        return shown

    def chips(self) -> list[Chip]:
        """What is chosen, each with the address of the page without it."""
        found = []
        for name, values in self.chosen.items():
            for value in values:
                query = self.data.copy()
                query.setlist(name, [each for each in query.getlist(name) if each != value])
                query.pop("page", None)
                found.append(
                    Chip(FACETS[name].label, self.words[name][value], f"?{query.urlencode()}")
                )
        return found
