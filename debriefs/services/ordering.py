"""In which order do the parts of a draft stand? Sections among sections, lessons among lessons."""

from __future__ import annotations

from collections.abc import Sequence

from debriefs.models import Part
from debriefs.services import writing
from portal.models import User


def place_of(part: Part) -> tuple[int, int]:
    """Where the part stands among those of its kind, counted from one, and how many there are."""
    row = [each.pk for each in _row(part)]
    return row.index(part.pk) + 1, len(row)


def move(*, by: User, part: Part, revision: int, to: int | str) -> int:
    """The part stands one place further up or down, or at the place `to` of its kind.

    Where there is no such place it goes as far as there is. Returns the new revision; raises as
    `writing.order_parts` does.
    """
    row = [each.pk for each in _row(part)]
    at = row.index(part.pk)
    place = {"up": at - 1, "down": at + 1}.get(str(to))
    if place is None:
        place = int(to) - 1
    row.remove(part.pk)
    row.insert(max(0, min(place, len(row))), part.pk)
    others = part.version.parts.exclude(kind=part.kind).order_by("position")
    rest = list(others.values_list("pk", flat=True))
    order = [*row, *rest] if part.kind == Part.Kind.SECTION else [*rest, *row]
    return writing.order_parts(by=by, version=part.version, revision=revision, order=order)


def _row(part: Part) -> Sequence[Part]:
    return list(part.version.parts.filter(kind=part.kind).order_by("position"))
