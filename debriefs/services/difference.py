"""What changed between two versions of a debrief, or between nothing and a version?

As objects that a template only loops over: facts, audience, and parts by their identity. Whatever
is under the seal (`seal.py`) is compared here, so that no two versions with different digests are
called the same. How two texts are compared stands in `wording.py`, and how two facts in
`fact_changes.py`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.utils.safestring import SafeString

from debriefs.models import Part, Version
from debriefs.models.vocabulary import Heading
from debriefs.services import fact_changes
from debriefs.services.content import TEXTS, html_of
from debriefs.services.fact_changes import (
    AudienceChange,
    FactChange,
    Snapshot,
    became,
    entries,
    fact,
)
from debriefs.services.wording import Budget, Change, Wording, compare, compare_line

#: How the texts of a part are called; a section has the first alone.
TEXT_LABELS: Mapping[str, str] = {
    "markdown": "Text",
    "observed": "What was observed",
    "mattered": "Why it mattered",
    "action": "What to do",
}


@dataclass(frozen=True, slots=True)
class TextChange:
    """One text of a part; `words` is how it is called."""

    label: str
    wording: Wording
    change: Change


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part and what became of it; `part` is the part as it is now, or as it was.

    `moved` says in words where it stood; `number` is where it stands, counted from one.
    """

    part: Part
    change: Change
    number: int
    title: SafeString
    texts: Sequence[TextChange] = ()
    facts: Sequence[FactChange] = ()
    reach: AudienceChange | None = None
    moved: str = ""

    @property
    def is_open(self) -> bool:
        """Whether there is anything to look at; what is unchanged and unmoved is folded."""
        return self.change is not Change.SAME or bool(self.moved)

    @property
    def is_retitled(self) -> bool:
        """Whether its title changed."""
        return self.change is Change.CHANGED and ("<ins>" in self.title or "<del>" in self.title)

    @property
    def words(self) -> str:
        """What became of it, for its label."""
        if self.change is Change.SAME:
            return "Moved" if self.moved else "Unchanged"
        name = {Change.ADDED: "New", Change.REMOVED: "Taken out", Change.CHANGED: "Changed"}
        return name[self.change] + (" and moved" if self.moved else "")


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changed, in the order in which it is read; without `before`, all there is."""

    before: Version | None
    after: Version
    facts: Sequence[FactChange]
    audience: Sequence[AudienceChange]
    parts: Sequence[PartChange]

    @property
    def is_first(self) -> bool:
        """Whether there was nothing to compare with."""
        return self.before is None

    @property
    def changed_parts(self) -> list[PartChange]:
        """The parts that were added, changed, moved or taken out."""
        return [each for each in self.parts if each.is_open]

    @property
    def unchanged_parts(self) -> list[PartChange]:
        """The parts of which nothing changed."""
        return [each for each in self.parts if not each.is_open]

    @property
    def is_empty(self) -> bool:
        """Whether the two say the same."""
        return not (self.facts or self.audience or self.changed_parts)

    @property
    def count(self) -> int:
        """How many things changed."""
        return len(self.facts) + len(self.audience) + len(self.changed_parts)


def between(before: Version | None, after: Version) -> Difference:
    """What changed from one version to the other; from nothing, all that `after` says."""
    return compared(Snapshot.of(before) if before else None, Snapshot.of(after))


def compared(before: Snapshot | None, after: Snapshot) -> Difference:
    """What changed from one snapshot to the other."""
    budget = Budget()
    parts = list(_parts(before, after, budget))
    return Difference(
        before=before.version if before else None,
        after=after.version,
        facts=list(fact_changes.facts(before, after, budget)),
        audience=[
            *fact_changes.audience(before, after),
            *(each.reach for each in parts if each.reach),
        ],
        parts=parts,
    )


#: What of a part is under the seal, but for its place among the others.
_SAID = ("kind", "heading", "title", "reach", "theme", *TEXTS, *map(html_of, TEXTS))
_SAID += ("roles", "evidence", "worked")


def changed_parts(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """How many parts were added, changed or taken out between two versions, for each pair of their
    numbers in the database; one query for all."""
    asked = set(pairs)
    said: dict[int, dict[UUID, tuple[object, ...]]] = {}
    rows = Part.objects.filter(version__in={number for pair in asked for number in pair})
    for version, identity, *words in rows.values_list("version", "identity", *_SAID):
        said.setdefault(version, {})[identity] = tuple(map(repr, words))
    return {
        pair: sum(
            said.get(pair[0], {}).get(identity) != said.get(pair[1], {}).get(identity)
            for identity in said.get(pair[0], {}).keys() | said.get(pair[1], {}).keys()
        )
        for pair in asked
    }


# --- Parts ----------------------------------------------------------------------------------------


def _parts(before: Snapshot | None, after: Snapshot, budget: Budget) -> Iterator[PartChange]:
    """The parts as they stand now; one that was taken out stands after the one that it followed."""
    was = {part.identity: part for part in before.parts} if before else {}
    now = {part.identity for part in after.parts}
    moved = _moved(list(was), [part.identity for part in after.parts])
    places = {identity: number for number, identity in enumerate(was, start=1)}
    gone = _gone_after(list(was.values()), now)
    removed = partial(_removed, places=places, budget=budget)
    yield from map(removed, gone.get(None, ()))
    for number, part in enumerate(after.parts, start=1):
        yield _part(
            was.get(part.identity),
            part,
            number,
            f"It was part {places[part.identity]}." if part.identity in moved else "",
            budget,
        )
        yield from map(removed, gone.get(part.identity, ()))


def _gone_after(parts: Sequence[Part], now: set[UUID]) -> dict[UUID | None, list[Part]]:
    """The parts that are there no more, by the last part before them that still is."""
    gone: dict[UUID | None, list[Part]] = {}
    last: UUID | None = None
    for part in parts:
        if part.identity in now:
            last = part.identity
        else:
            gone.setdefault(last, []).append(part)
    return gone


def _moved(was: Sequence[UUID], now: Sequence[UUID]) -> set[UUID]:
    """The fewest parts that have to move to turn one order into the other.

    Those are the ones outside a longest increasing run of old places; a part that only makes room
    for another has not moved.
    """
    place = {identity: number for number, identity in enumerate(was)}
    both = [identity for identity in now if identity in place]
    ends: list[int] = []  # ends[n]: the smallest place in which a run of n + 1 ends
    runs: list[list[UUID]] = []
    for identity in both:
        at = bisect_left(ends, place[identity])
        run = [*(runs[at - 1] if at else ()), identity]
        ends[at : at + 1] = [place[identity]]
        runs[at : at + 1] = [run]
    return set(both) - set(runs[-1] if runs else ())


def _removed(part: Part, *, places: Mapping[UUID, int], budget: Budget) -> PartChange:
    return PartChange(
        part=part,
        change=Change.REMOVED,
        number=places[part.identity],
        title=compare_line(part.title, "", budget),
        texts=_texts(part, None, budget),
    )


def _part(was: Part | None, now: Part, number: int, moved: str, budget: Budget) -> PartChange:
    texts = _texts(was, now, budget)
    facts = [each for each in _part_facts(was, now) if each.change is not Change.SAME]
    reach = fact_changes.reach(was, now)
    changed = was and (was.title != now.title or texts or facts or reach)
    return PartChange(
        part=now,
        change=Change.ADDED if was is None else Change.CHANGED if changed else Change.SAME,
        number=number,
        title=compare_line(was.title, now.title, budget) if was else SafeString(""),
        texts=texts,
        facts=facts,
        reach=reach,
        moved=moved,
    )


def _texts(was: Part | None, now: Part | None, budget: Budget) -> list[TextChange]:
    """The texts of a part that differ, as they were written or as they are shown."""
    found = []
    for name in TEXTS:
        before = getattr(was, name) if was else ""
        after = getattr(now, name) if now else ""
        shown = was and now and getattr(was, html_of(name)) != getattr(now, html_of(name))
        if before == after and not shown:
            continue
        wording = compare(before, after, budget)
        change = became(before, after) if before != after else Change.CHANGED
        found.append(TextChange(TEXT_LABELS[name], wording, change))
    return found


def _part_facts(was: Part | None, now: Part) -> Iterator[FactChange]:
    """What is said about a part beside its texts."""
    nothing = Budget(0)

    def became_of(label: str, words: Callable[[Part], str]) -> FactChange:
        return fact(label, words(was) if was else "", words(now), nothing)

    if was:
        yield became_of("Kind of part", lambda part: part.get_kind_display())
    yield became_of("Heading", lambda part: Heading(part.heading).label if part.heading else "")
    yield became_of("Theme", lambda part: part.theme.name if part.theme else "")
    yield became_of("Whether it worked", lambda part: part.get_worked_display())
    yield became_of("Strength of evidence", lambda part: part.get_evidence_display())
    yield entries("Roles it is for", was.role_names if was else (), now.role_names)
