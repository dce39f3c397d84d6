"""What would a reader see? Before anything is saved, and before anything is shared."""

from __future__ import annotations

from debriefs.models import Part, Version
from debriefs.services.audience import Audience
from debriefs.services.content import TEXTS, Words, html_of
from debriefs.services.facts import fact_sheet
from debriefs.services.reading import Reading
from debriefs.text import render, tidy_line
from portal.models import SharingGroup, Tier


def drawn(part: Part, words: Words) -> Part:
    """The part as it would look with these words; nothing is saved.

    Raises Refused for a text that is too long to be rendered.
    """
    shown = Part(
        identity=part.identity,
        kind=words.kind,
        title=tidy_line(words.title),
        reach=words.reach,
        theme=words.theme,
        roles=list(words.roles),
        evidence=words.evidence,
        worked=words.worked,
    )
    for name in TEXTS:
        setattr(shown, html_of(name), render(getattr(words, name)).html)
    return shown


def group_of(asked: str, everywhere: Audience) -> SharingGroup | None:
    """The sharing group of this key, or for `tier-3` one that stands for every group of that tier;
    None for what is neither."""
    for ring in everywhere.rings:
        if asked == f"tier-{ring.tier.value}":
            return SharingGroup(name=f"any group of “{ring.tier.label}”", tier=ring.tier)
        for circle in ring.circles:
            if asked == circle.group.key:
                return circle.group
    return None


def as_read_by(version: Version, group: SharingGroup) -> Reading | None:
    """Exactly what a member of this group, and of no other, would be shown once the version is
    shared with it; None where it would not go so far.

    The same rule as the database's: what travels as far as the group's tier is read.
    """
    tier = Tier(group.tier)
    if version.reach < tier:
        return None
    parts = list(version.parts.filter(reach__gte=tier).select_related("theme"))
    return Reading(
        debrief=version.debrief,
        version=version,
        whole=False,
        sections=[part for part in parts if part.kind == Part.Kind.SECTION],
        lessons=[part for part in parts if part.kind == Part.Kind.LESSON],
        facts=fact_sheet(version) if version.facts_reach >= tier else None,
        signatures=(),
        through=[group],
        shared_at=None,
    )
