"""What is said: the facts and words that a service is handed, and how rows are read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from debriefs.models import Country, ExploitationType, Offence, Part, Theme, Version
from debriefs.models.vocabulary import Band, DebriefKind, Marking, Proceedings
from portal.models import Organisation, Tier


@dataclass(frozen=True, slots=True)
class TakingPart:
    """An organisation's part in the operation; forces that led or supported always sign."""

    organisation: Organisation
    part: str
    signs: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a version says outside its parts; see `Version` for what each is."""

    title: str
    summary: str = ""
    marking: str = Marking.OFFICIAL
    handling: str = ""
    reach: int = Tier.POLICING
    facts_reach: int = Tier.POLICING
    kind: str = DebriefKind.STRUCTURED
    operation_from: date | None = None
    operation_until: date | None = None
    debriefed_on: date | None = None
    victims: str = Band.NOT_KNOWN
    suspects: str = Band.NOT_KNOWN
    charged: int | None = None
    convicted: int | None = None
    sentence_months: int | None = None
    proceedings: str = Proceedings.NOT_STATED
    talk_title: str = ""
    talk_speaker_role: str = ""
    talk_url: str = ""
    talk_minutes: int | None = None
    exploitation: Sequence[ExploitationType] = ()
    offences: Sequence[Offence] = ()
    countries: Sequence[Country] = ()
    themes: Sequence[Theme] = ()
    taking_part: Sequence[TakingPart] = ()


#: The kinds of organisation that always sign for an operation in which they took part.
FORCES = (Organisation.Kind.FORCE, Organisation.Kind.NATIONAL)

#: The texts of a part; each is kept as Markdown and as HTML.
TEXTS = ("markdown", "observed", "mattered", "action")

PART_COLUMNS = (
    *("kind", "title", "reach", "heading", "position", "theme", "roles", "evidence", "worked"),
    *(*TEXTS, "html", "observed_html", "mattered_html", "action_html", "text"),
)

FACT_LISTS = ("exploitation", "offences", "countries", "themes")
FACT_COLUMNS = tuple(
    name for name in Facts.__dataclass_fields__ if name not in (*FACT_LISTS, "taking_part")
)


@dataclass(frozen=True, slots=True)
class Words:
    """What an author writes into a part. A section has `markdown`; a lesson has the rest."""

    kind: str
    title: str
    reach: int = Tier.POLICING
    heading: str = ""
    markdown: str = ""
    theme: Theme | None = None
    observed: str = ""
    mattered: str = ""
    action: str = ""
    roles: Sequence[str] = field(default_factory=list)
    evidence: str = ""
    worked: str = ""


def html_of(text: str) -> str:
    """The column that holds the HTML of one of `TEXTS`."""
    return "html" if text == "markdown" else f"{text}_html"


def facts_of(version: Version) -> Facts:
    """The facts as the version has them, to change some and hand them back."""
    known: dict[str, Any] = {name: getattr(version, name) for name in FACT_COLUMNS}
    known |= {name: list(getattr(version, name).all()) for name in FACT_LISTS}
    return Facts(
        **known,
        taking_part=[
            TakingPart(each.organisation, each.part, each.signs)
            for each in version.participations.select_related("organisation")
        ],
    )


def words_of(part: Part) -> Words:
    """The words as the part has them, to change some and hand them back."""
    known: dict[str, Any] = {name: getattr(part, name) for name in Words.__dataclass_fields__}
    return Words(**known)
