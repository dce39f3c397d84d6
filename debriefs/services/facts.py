"""The facts of a version, for a visitor within their reach, in the words that are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from debriefs.models import Country, ExploitationType, Offence, Participation, Theme, Version
from debriefs.models.vocabulary import ParticipationPart
from portal.models import Organisation


@dataclass(frozen=True, slots=True)
class FactSheet:
    """The facts of a version, for a visitor within their reach."""

    version: Version
    participations: Sequence[Participation]
    exploitation: Sequence[ExploitationType]
    offences: Sequence[Offence]
    countries: Sequence[Country]
    themes: Sequence[Theme]

    @property
    def lead(self) -> Organisation | None:
        """The force that led the operation."""
        return next(
            (
                each.organisation
                for each in self.participations
                if each.part == ParticipationPart.LEAD
            ),
            None,
        )

    @property
    def others(self) -> list[Participation]:
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


def fact_sheet(version: Version) -> FactSheet:
    """The facts of one version; the caller has made sure that they may be read."""
    return FactSheet(
        version=version,
        participations=list(version.participations.select_related("organisation__region")),
        exploitation=list(version.exploitation.all()),
        offences=list(version.offences.all()),
        countries=list(version.countries.all()),
        themes=list(version.themes.all()),
    )
