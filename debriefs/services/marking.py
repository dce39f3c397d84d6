"""Which marking a page carries: the highest of what it shows, as its visitor may see it."""

from __future__ import annotations

from collections.abc import Iterable

from debriefs.models import Version
from debriefs.models.vocabulary import Marking
from portal.models import Tier
from portal.standing import Visitor, doors_of


def markings(visitor: Visitor, versions: Iterable[Version]) -> dict[int, str]:
    """The marking of each version by number; what goes to the public is OFFICIAL to it."""
    doors = doors_of(visitor)
    mine = {door.group for door in doors}
    public = {door.group for door in doors if door.tier == Tier.PUBLIC}

    def seen(version: Version) -> str:
        through = mine & set(version.readers)
        return Marking.OFFICIAL if through and through <= public else version.marking

    return {version.pk: seen(version) for version in versions}


def highest(found: Iterable[str]) -> str:
    """The marking of a page that shows all of these: OFFICIAL-SENSITIVE where any of them is."""
    return Marking.SENSITIVE if Marking.SENSITIVE in found else Marking.OFFICIAL
