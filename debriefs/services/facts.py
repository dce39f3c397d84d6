"""The facts of a version, for a visitor within their reach, in the words that are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from debriefs.models import Country, ExploitationType, Offence, Participation, Theme, Version
from debriefs.models.vocabulary import ParticipationPart
from portal.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the vocabulary; of an offence, with the statute."""

    key: str
    name: str
    statute: str = ""


@dataclass(frozen=True, slots=True)
class TookPart:
    """An organisation and its part in the operation; `region` is empty where it has none."""

    key: str
    name: str
    part: str
    region: str | None


@dataclass(frozen=True, slots=True)
class FactSheet:
    """The facts of a version, for a visitor within their reach."""

    version: Version
    participations: Sequence[TookPart]
    exploitation: Sequence[Word]
    offences: Sequence[Word]
    countries: Sequence[Word]
    themes: Sequence[Word]

    @property
    def lead(self) -> TookPart | None:
        """The force that led the operation."""
        return next(
            (each for each in self.participations if each.part == ParticipationPart.LEAD), None
        )

    @property
    def others(self) -> list[TookPart]:
        """Everyone else who took part."""
        return [each for each in self.participations if each.part != ParticipationPart.LEAD]

    @property
    def sentence(self) -> str:
        """The total sentence in years and months, or nothing where it is not known."""
        months = self.version.sentence_months
        return in_years_and_months(months) if months else ""

    @property
    def period(self) -> str:
        """The years of the operation, such as "2018 to 2019", "2019" or "Since 2022"."""
        began, ended = self.version.operation_from, self.version.operation_until
        if began and ended:
            return str(began.year) if began.year == ended.year else f"{began.year} to {ended.year}"
        if began:
            return f"Since {began.year}"
        return f"Until {ended.year}" if ended else ""

    @property
    def outcome(self) -> str:
        """Charged and convicted in one phrase; nothing where neither is known."""
        version = self.version
        if version.convicted is not None and version.charged is not None:
            return f"{version.convicted} of {version.charged} charged convicted"
        if version.convicted is not None:
            return f"{version.convicted} convicted"
        return f"{version.charged} charged" if version.charged else ""


def in_years_and_months(months: int) -> str:
    """A sentence in words: 27 months are "2 years 3 months"."""
    years, rest = divmod(months, 12)
    words = []
    if years:
        words.append(f"{years} year{'s' if years != 1 else ''}")
    if rest:
        words.append(f"{rest} month{'s' if rest != 1 else ''}")
    return " ".join(words)


def _words(words: QuerySet[Any], **more: Any) -> ArraySubquery:
    row = JSONObject(key=F("key"), name=F("name"), **more)
    return ArraySubquery(words.filter(versions=OuterRef("pk")).values_list(row))


#: The facts as annotations of a version, for a query that asks for something else as well.
IN_ONE_ROW: dict[str, ArraySubquery] = {
    "row_took_part": ArraySubquery(
        Participation.objects.filter(version=OuterRef("pk")).values_list(
            JSONObject(
                key=F("organisation__key"),
                name=F("organisation__name"),
                part=F("part"),
                region=F("organisation__region__name"),
            )
        )
    ),
    "row_exploitation": _words(ExploitationType.objects.all()),
    "row_offences": _words(Offence.objects.all(), statute=F("statute")),
    "row_countries": _words(Country.objects.all()),
    "row_themes": _words(Theme.objects.all()),
}
_rows = Prepared(
    lambda versions: Version.objects.filter(pk__in=versions).order_by().annotate(**IN_ONE_ROW)
)


def in_row(version: Version) -> FactSheet:
    """The facts of a version that was asked for with `IN_ONE_ROW`; the caller has made sure that
    they may be read."""
    row: Any = version
    return FactSheet(
        version,
        [TookPart(**each) for each in row.row_took_part],
        [Word(**each) for each in row.row_exploitation],
        [Word(**each) for each in row.row_offences],
        [Word(**each) for each in row.row_countries],
        [Word(**each) for each in row.row_themes],
    )


def fact_sheets(versions: Iterable[Version]) -> dict[int, FactSheet]:
    """The facts of these versions by number, in one query; as `in_row`."""
    numbers = [version.pk for version in versions]
    return {row.pk: in_row(row) for row in _rows(versions=numbers)} if numbers else {}


def fact_sheet(version: Version) -> FactSheet:
    """The facts of one version; as `in_row`."""
    return fact_sheets([version])[version.pk]
