"""What else is like the debrief that somebody reads: other debriefs, and single lessons of others?

Asked with the words that this visitor reads of it, and answered with what they may read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from debriefs import permissions
from debriefs.models import Part, Version
from debriefs.search import catalogue, similar
from debriefs.services import listing
from debriefs.services.listing import Card
from debriefs.services.marking import highest, markings
from portal.standing import Visitor

#: How many of each are shown.
DEBRIEFS, LESSONS = 4, 4


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson of another debrief: what it says in a line, where it stands, whether it worked."""

    title: str
    operation: str
    url: str
    worked: str
    marking: str


@dataclass(frozen=True, slots=True)
class Others:
    """What is like a debrief, most alike first."""

    debriefs: Sequence[Card]
    lessons: Sequence[Lesson]

    @property
    def marking(self) -> str:
        """The marking of what stands here."""
        cards, lessons = self.debriefs, self.lessons
        return highest([*(each.marking for each in cards), *(each.marking for each in lessons)])


def others(visitor: Visitor, version: Version) -> Others:
    """What is like a version that the visitor has been found to read."""
    text = words_read(visitor, version)
    view, beside = catalogue.current().view(visitor), version.debrief_id
    numbers = similar.debriefs(visitor, text, beside=beside, limit=DEBRIEFS, view=view)
    alike = similar.lessons(visitor, text, beside=beside, limit=LESSONS, view=view)
    found = Version.objects.visible_to(visitor).select_related("debrief").in_bulk(numbers)
    return Others(
        listing.cards(visitor, [found[number] for number in numbers if number in found]),
        _lessons(visitor, [each.part for each in alike]),
    )


def words_read(visitor: Visitor, version: Version) -> str:
    """Title, summary and lessons of the version, as far as the visitor reads them."""
    whole = permissions.can_read_whole.things(visitor).filter(pk=version.pk).exists()
    parts = version.parts.all() if whole else version.parts.visible_to(visitor)
    read = parts.filter(kind=Part.Kind.LESSON).order_by("position").values_list("title", "text")
    return "\n".join([version.title, version.summary, *(text for each in read for text in each)])


def _lessons(visitor: Visitor, numbers: Sequence[int]) -> list[Lesson]:
    parts = Part.objects.visible_to(visitor).select_related("version__debrief").in_bulk(numbers)
    marking = markings(visitor, [part.version for part in parts.values()])
    return [
        Lesson(
            part.title,
            part.version.debrief.operation,
            f"{part.version.debrief.get_absolute_url()}#{part.anchor}",
            part.worked,
            marking[part.version_id],
        )
        for part in (parts[number] for number in numbers if number in parts)
    ]
