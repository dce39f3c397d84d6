"""Narrowing the library: the facets, their options and honest counts.

Every facet is a fact, so it looks only at versions whose facts the visitor may read: options,
counts and hits are exactly what they would be if everything hidden were deleted. Within a facet
values widen, between facets they narrow; the count beside an option says how many hits it would
give, all other facets staying as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import django_filters
from django.db import models
from django.db.models import Case, Count, F, Value, When
from django.db.models.functions import ExtractYear
from django.http import QueryDict

from debriefs.models import ExploitationType, Theme, Version
from debriefs.models.vocabulary import DebriefKind
from debriefs.querysets import VersionQuerySet
from portal.models import Organisation, Region
from portal.standing import Visitor, groups_of

Counts = dict[str, int]


class Facet(django_filters.MultipleChoiceFilter):
    """A fact of several values, reached from a version by `field_name`, whose words stand in
    `vocabulary`."""

    def __init__(self, *, vocabulary: type[models.Model] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vocabulary = vocabulary

    def offer(self, versions: VersionQuerySet) -> None:
        """Make the values that these versions have the ones to choose from."""
        self.extra["choices"] = self.in_words(list(self.count(versions)))

    def in_words(self, values: Sequence[str]) -> list[tuple[str, str]]:
        """The values with what they are called, in the order of reading."""
        if self.vocabulary is None:
            raise TypeError(f"{type(self).__name__} has no vocabulary to take its words from.")
        rows = self.vocabulary._default_manager.filter(key__in=values)
        return sorted(rows.values_list("key", "name"), key=lambda row: str(row[1]))

    def filter(self, qs: VersionQuerySet, value: Sequence[str]) -> VersionQuerySet:
        """The versions that have any of the values, among those whose facts the visitor may
        read."""
        if not value:
            return qs
        having = Version.objects.filter(**{f"{self.field_name}__in": value})
        return qs.facts_visible_to(self.parent.visitor).filter(pk__in=having.values("pk"))

    def count(self, versions: VersionQuerySet) -> Counts:
        """How many of the versions have each value."""
        rows = (
            Version.objects.filter(
                pk__in=versions.order_by().values("pk"), **{f"{self.field_name}__isnull": False}
            )
            .order_by()
            .values_list(self.field_name)
            .annotate(Count("pk", distinct=True))
        )
        return {str(value): number for value, number in rows}


class Kind(Facet):
    """The kind of debrief: one value a version, from a fixed list."""

    def in_words(self, values: Sequence[str]) -> list[tuple[str, str]]:
        """The kinds in the order in which debriefs are held."""
        return [(kind.value, kind.label) for kind in DebriefKind if kind.value in values]


class Year(Facet):
    """The year of a date: one value a version."""

    def in_words(self, values: Sequence[str]) -> list[tuple[str, str]]:
        """The years, latest first."""
        return [(year, year) for year in sorted(values, reverse=True)]

    def filter(self, qs: VersionQuerySet, value: Sequence[str]) -> VersionQuerySet:
        """The versions of any of the years."""
        if not value:
            return qs
        years = {f"{self.field_name}__year__in": [int(year) for year in value]}
        return qs.facts_visible_to(self.parent.visitor).filter(**years)

    def count(self, versions: VersionQuerySet) -> Counts:
        """How many of the versions fall in each year."""
        rows = (
            versions.filter(**{f"{self.field_name}__isnull": False})
            .order_by()
            .values_list(ExtractYear(self.field_name))
            .annotate(Count("pk"))
        )
        return {str(year): number for year, number in rows}


SORTS: dict[str, str] = {
    "newest": "Newest first",
    "began": "Latest operations first",
    "name": "Operation name, A to Z",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One box to tick in a facet, with how many hits it would give."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """One value that was chosen, and the address of the page without it."""

    facet: str
    label: str
    without: str


class LibraryFilter(django_filters.FilterSet):
    """The library's form. Options are those of the visitor's own library; others are errors."""

    theme = Facet(label="Theme", field_name="themes__key", vocabulary=Theme)
    type = Facet(label="Exploitation", field_name="exploitation__key", vocabulary=ExploitationType)
    force = Facet(
        label="Force or agency",
        field_name="participations__organisation__key",
        vocabulary=Organisation,
    )
    region = Facet(
        label="Region",
        field_name="participations__organisation__region__key",
        vocabulary=Region,
    )
    year = Year(label="Year it began", field_name="operation_from")
    kind = Kind(label="Kind of debrief", field_name="kind")
    sort = django_filters.ChoiceFilter(
        label="Sort by", choices=list(SORTS.items()), empty_label=None, method="in_order"
    )

    facet_names: ClassVar[tuple[str, ...]] = ("theme", "type", "force", "region", "year", "kind")

    class Meta:
        model = Version
        fields: tuple[str, ...] = ()

    def __init__(self, data: QueryDict, visitor: Visitor) -> None:
        self.visitor = visitor
        super().__init__(data, queryset=Version.objects.visible_to(visitor))
        facts = self.queryset.facts_visible_to(visitor)
        for name in self.facet_names:
            self.filters[name].offer(facts)

    @property
    def chosen(self) -> dict[str, list[str]]:
        """The valid values that are chosen, by facet; facets without any are left out."""
        self.form.is_valid()
        values = {name: self.form.cleaned_data.get(name) for name in self.facet_names}
        return {name: list(value) for name, value in values.items() if value}

    def narrowed(self, *, leaving_out: str = "") -> VersionQuerySet:
        """What the visitor may read, narrowed by every facet but the one left out.

        Nothing, where a value is not one of theirs: an old address must not list everything.
        """
        versions: VersionQuerySet = self.queryset.all()
        self.form.is_valid()
        if set(self.form.errors) & set(self.facet_names) - {leaving_out}:
            return versions.none()
        for name, values in self.chosen.items():
            if name != leaving_out:
                versions = self.filters[name].filter(versions, values)
        return versions

    def hits(self) -> VersionQuerySet:
        """The versions that match, in the order asked for."""
        self.form.is_valid()
        return self.in_order(
            self.narrowed(), "sort", self.form.cleaned_data.get("sort") or "newest"
        )

    def in_order(self, versions: VersionQuerySet, _name: str, sort: str) -> VersionQuerySet:
        """The versions in the order that `SORTS` names."""
        if sort == "name":
            return versions.order_by("debrief__operation", "pk")
        if sort == "began":
            # A date is a fact: where it may not be read it must not show in the order either.
            known = Case(
                When(facts_readers__overlap=groups_of(self.visitor), then=F("operation_from")),
                default=Value(None),
            )
            return versions.order_by(known.desc(nulls_last=True), "-released_at", "-pk")
        return versions.order_by("-released_at", "-pk")

    def facets(self) -> list[tuple[str, str, list[Option], int]]:
        """Name, label, options and number of chosen ones of each facet that has any."""
        chosen = self.chosen
        shown = []
        for name in self.facet_names:
            facet = self.filters[name]
            counts = facet.count(self.narrowed(leaving_out=name).facts_visible_to(self.visitor))
            options = [
                Option(value, label, counts.get(value, 0), value in chosen.get(name, ()))
                for value, label in facet.extra["choices"]
            ]
            if options:
                shown.append((name, facet.label, options, len(chosen.get(name, ()))))
        return shown

    def chips(self) -> list[Chip]:
        """What is chosen, each with the address of the page without it."""
        found = []
        for name, values in self.chosen.items():
            words = dict(self.filters[name].extra["choices"])
            for value in values:
                query = self.data.copy()
                query.setlist(name, [each for each in query.getlist(name) if each != value])
                query.pop("page", None)
                found.append(Chip(self.filters[name].label, words[value], f"?{query.urlencode()}"))
        return found
