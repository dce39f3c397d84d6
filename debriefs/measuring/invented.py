"""What would very many debriefs look like? Of the usual length, with facts spread as in practice.

Every second one is shared with all of policing, the others with a circle that the officer who
measures does not belong to. Some parts and facts travel less far than the rest. Each debrief holds
two to four words that stand in at most four debriefs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from debriefs.measuring.loading import Invented, plain
from debriefs.measuring.words import Language, made_up, rare
from debriefs.models import Country, ExploitationType, Offence, Theme
from debriefs.models.vocabulary import (
    Band,
    DebriefKind,
    Evidence,
    Heading,
    Marking,
    ParticipationPart,
    Proceedings,
    Reader,
    Worked,
)
from portal.models import Organisation, SharingGroup, Tier

SEED = 20_151  # the Act is of 2015
FIRST_DAY = date(2014, 1, 1)
DAYS = 4_200
RELEASED_FROM = datetime(2020, 1, 1, 9, tzinfo=UTC)

# Taken from the lists once: to ask an enumeration for its values takes as long as to write a word.
SECTIONS = tuple((heading.value, heading.label) for heading in Heading)[1:]
ROLES, STRENGTHS, WORKED = Reader.values, Evidence.values, Worked.values
KINDS, BANDS, PROCEEDINGS = DebriefKind.values, Band.values, Proceedings.values
LESSONS = 4
WORDS = (1_000, 1_500)

#: The groups of the demo: who measures belongs to the first and not to the second.
READ, UNREAD, WIDER = "policing", "south-west", "law-enforcement"


class Inventor:
    """Makes debriefs of the vocabulary, organisations and groups that are in the database."""

    def __init__(self) -> None:
        themes = list(Theme.objects.all())
        own = [f"{theme.name} {theme.question} {theme.learned}" for theme in themes]
        own += [*Heading.labels, *Reader.labels, *Offence.objects.values_list("name", flat=True)]
        self.language = Language(own, SEED)
        self._themes = [theme.pk for theme in themes]
        self._exploitation = _numbers(ExploitationType)
        self._offences = _numbers(Offence)
        self._countries = _numbers(Country)
        kinds = Organisation.Kind
        bodies = Organisation.objects.filter(valid_until__isnull=True)
        self._forces = _numbers_of(bodies.filter(kind=kinds.FORCE))
        self._others = _numbers_of(bodies.filter(kind__in=(kinds.ROCU, kinds.NATIONAL)))
        self._partners = _numbers_of(bodies.filter(kind__in=(kinds.PARTNER, kinds.PROSECUTOR)))
        self._groups = dict(SharingGroup.objects.values_list("key", "pk"))

    def debriefs(self, many: int) -> Iterator[Invented]:
        """So many, one after another; the same ones each time."""
        for number in range(many):
            yield self._debrief(number)

    def _debrief(self, number: int) -> Invented:
        language = self.language
        wider = number % 5 < 2  # shared with partners as well
        groups = [self._groups[READ if number % 2 == 0 else UNREAD]]
        if wider:
            groups.append(self._groups[WIDER])
        strewn = [rare(number + further) for further in range(language.number(2, 5))]
        length = language.number(*WORDS)
        themes = self._some(self._themes, 1, 5)
        return Invented(
            operation=f"{made_up(number, 3)} {made_up(number // 7, 2)}".title(),
            columns=self._columns(number, Tier.PARTNERS if wider else Tier.POLICING),
            parts=list(self._parts(length - 60, strewn, themes)),
            taking_part=self._taking_part(),
            groups=groups,
            themes=themes,
            exploitation=self._some(self._exploitation, 1, 4),
            offences=self._some(self._offences, 1, 4),
            countries=self._some(self._countries, 0, 4),
        )

    def _columns(self, number: int, reach: Tier) -> dict[str, Any]:
        language = self.language
        began = FIRST_DAY + timedelta(days=language.number(0, DAYS))
        ended = began + timedelta(days=language.number(30, 900))
        concluded = language.number(0, 10) < 6
        charged = language.number(1, 15)
        return {
            "title": " ".join(language.words(9)).capitalize(),
            "summary": language.text(50),
            "marking": Marking.SENSITIVE if number % 4 == 0 else Marking.OFFICIAL,
            "reach": reach,
            "facts_reach": Tier.PARTICIPANTS if number % 10 == 9 else Tier.POLICING,
            "kind": _one_of(language, KINDS),
            "operation_from": began,
            "operation_until": ended,
            "debriefed_on": ended + timedelta(days=90),
            "victims": _one_of(language, BANDS),
            "suspects": _one_of(language, BANDS),
            "charged": charged if concluded else None,
            "convicted": language.number(0, charged + 1) if concluded else None,
            "sentence_months": language.number(12, 600) if concluded else None,
            "proceedings": Proceedings.CONCLUDED if concluded else _one_of(language, PROCEEDINGS),
            "released_at": RELEASED_FROM + timedelta(minutes=number),
        }

    def _parts(
        self, length: int, strewn: Sequence[str], themes: Sequence[int]
    ) -> Iterator[dict[str, Any]]:
        """Six sections and four lessons; a lesson is half as long as a section."""
        language = self.language
        sections = self._some(range(len(SECTIONS)), 6, 7)
        share = length // (len(sections) * 2 + LESSONS)
        for place in sorted(sections):
            heading, title = SECTIONS[place]
            yield {
                "kind": "section",
                "heading": heading,
                "title": title,
                "reach": self._reach(),
                **plain(language.text(share * 2, strewn if place == max(sections) else ())),
            }
        for _ in range(LESSONS):
            yield self._lesson(share, themes)

    def _lesson(self, length: int, themes: Sequence[int]) -> dict[str, Any]:
        language = self.language
        texts = {
            name: plain(language.text(length // 3)) for name in ("observed", "mattered", "action")
        }
        return {
            "kind": "lesson",
            "title": " ".join(language.words(8)).capitalize(),
            "reach": self._reach(),
            "theme_id": _one_of(language, themes),
            **{name: each["markdown"] for name, each in texts.items()},
            **{f"{name}_html": each["html"] for name, each in texts.items()},
            "text": "\n".join(each["text"] for each in texts.values()),
            "roles": [ROLES[place] for place in self._some(range(len(ROLES)), 1, 4)],
            "evidence": _one_of(language, STRENGTHS),
            "worked": _one_of(language, WORKED),
        }

    def _reach(self) -> Tier:
        """One part in ten is for the participating forces alone."""
        chance = self.language.number(0, 10)
        return Tier.PARTICIPANTS if chance == 0 else Tier.PARTNERS if chance < 4 else Tier.POLICING

    def _taking_part(self) -> list[tuple[int, str]]:
        lead, *supporting = self._some(self._forces, 1, 4)
        return [
            (lead, ParticipationPart.LEAD),
            *((each, ParticipationPart.SUPPORTING) for each in supporting),
            *((each, ParticipationPart.SUPPORTING) for each in self._some(self._others, 0, 2)),
            *((each, ParticipationPart.PARTNER) for each in self._some(self._partners, 0, 2)),
        ]

    def _some(self, of: Sequence[int], fewest: int, end: int) -> list[int]:
        """Different ones, at least `fewest` and fewer than `end`; earlier ones come oftener."""
        many = self.language.number(fewest, end)
        found: dict[int, None] = {}
        while len(found) < min(many, len(of)):
            found[of[int(len(of) * self.language.chance.random() ** 1.5)]] = None
        return list(found)


def _numbers(model: Any) -> list[int]:
    return _numbers_of(model.objects.all())


def _numbers_of(rows: Any) -> list[int]:
    return list(rows.order_by("key").values_list("pk", flat=True))


def _one_of(language: Language, values: Sequence[Any]) -> Any:
    return values[language.number(0, len(values))]
