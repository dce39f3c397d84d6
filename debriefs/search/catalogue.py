"""Who may read which released versions, and what facts do they have, in this process?

The database decides; this keeps its answer in arrays, so that a thousand counts cost no query. At
every look it asks which rows were changed by transactions that it has not seen (`Indexed.changed`
against the snapshot of the last look) and reads those again: what was revoked before a request
began is revoked in it. What a transaction has not committed is never kept for others.

All arrays are indexed by the number of the version. Sets of versions are bits in 64-bit words.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from debriefs.models.vocabulary import Marking
from debriefs.search.copying import rows
from debriefs.search.facets import FACETS, MARKING, ROLE, Words
from portal.models import Tier
from portal.standing import Visitor, doors_of

Bits: TypeAlias = NDArray[np.uint64]
Numbers: TypeAlias = NDArray[np.int64]

#: What is read of each version, in this order; `began` in days since 1970.
_COLUMNS = ("version", "debrief", "released", "began", "facts_reach", "read_by")

NEVER = np.iinfo(np.int64).min
#: Changes that are worked in one by one; after more, everything is read again.
MANY = 2_000
#: So many sets of changes are remembered for what was kept before them.
REMEMBERED = 200
#: Kept for so many different sets of groups.
VIEWS = 64

_BASE = """
    SELECT v.id, v.debrief_id, (extract(epoch FROM v.released_at) * 1000)::bigint,
        coalesce((v.operation_from - date '1970-01-01')::bigint, %(never)s), v.facts_reach::bigint,
        i.read_by::bigint
    FROM debriefs_indexed i JOIN debriefs_version v ON v.id = i.version_id
    WHERE v.state = 'released' AND {which}
"""
_READERS = """
    SELECT v.id, unnest(v.readers)::bigint
    FROM debriefs_indexed i JOIN debriefs_version v ON v.id = i.version_id
    WHERE v.state = 'released' AND {which}
"""
_BY_NAME = """
    SELECT v.id FROM debriefs_indexed i JOIN debriefs_version v ON v.id = i.version_id
    JOIN debriefs_debrief d ON d.id = v.debrief_id
    WHERE v.state = 'released' ORDER BY d.operation, v.id
"""
#: Groups by what they may read, and for each facet its values by what has them.
_SETS = {"readers": _READERS, **{name: facet.sql for name, facet in FACETS.items()}}

#: The snapshot of now, whether this transaction has written, the epoch, and what was changed by
#: transactions that the snapshot `seen` did not see.
_LOOK = """
    SELECT pg_current_snapshot()::text, pg_current_xact_id_if_assigned() IS NOT NULL,
        coalesce((SELECT epoch FROM debriefs_indexstate), 1), ARRAY(
            SELECT version_id FROM debriefs_indexed
            WHERE changed >= pg_snapshot_xmin(%(seen)s::pg_snapshot)::text::bigint
                AND NOT pg_visible_in_snapshot(changed::text::xid8, %(seen)s::pg_snapshot)
        )
"""
#: A snapshot that has seen everything: for the first look, which reads everything anyway.
_EVERYTHING = "9000000000000000000:9000000000000000000:"


def packed(marks: NDArray[np.bool_]) -> Bits:
    """The set of the versions that are marked."""
    return np.packbits(marks, bitorder="little").view(np.uint64)


def bits_of(versions: Numbers, words: int) -> Bits:
    """The set of these versions, in so many words."""
    marks = np.zeros(words * 64, dtype=bool)
    marks[versions] = True
    return packed(marks)


def marked(bits: Bits) -> NDArray[np.bool_]:
    """For each number whether it is in the set."""
    return np.unpackbits(bits.view(np.uint8), bitorder="little").view(np.bool_)


def versions_in(bits: Bits) -> Numbers:
    """The versions of a set, by their numbers."""
    return np.flatnonzero(marked(bits))


def ordered(every: Numbers, bits: Bits) -> Numbers:
    """Those of a list that are in the set, in the order of the list."""
    return every[marked(bits)[every]]


def size(bits: Bits) -> Any:
    """How many are in a set, or in each row of several."""
    return np.bitwise_count(bits).sum(axis=-1, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Sets:
    """Sets of versions as rows of `bits`, by number in the database and by key."""

    codes: list[int]
    keys: list[str]
    bits: Bits


@dataclass(frozen=True)
class View:
    """The catalogue as the members of certain groups see it.

    `clearance` is 0 where they read nothing; see `debriefs/search/__init__.py`. `facts` are the
    versions of which they read the facts too.
    """

    catalogue: Catalogue
    clearance: NDArray[np.uint8]
    visible: Bits
    facts: Bits
    total: int
    _values: dict[str, tuple[list[str], Bits]] = field(default_factory=dict, repr=False)
    _words: dict[str, Words] = field(default_factory=dict, repr=False)

    def values(self, facet: str) -> tuple[list[str], Bits]:
        """The values that a facet has anywhere, and for each the versions of which the viewer may
        know that they have it."""
        if facet not in self._values:
            self._values[facet] = self._known_values(facet)
        return self._values[facet]

    def words(self, facet: str) -> Words:
        """The values of a facet that the viewer may know of, with what they are called, in the
        order of reading. What a released version names keeps its name; where a region does not, the
        catalogue is read again."""
        if facet not in self._words:
            keys, bits = self.values(facet)
            there = [key for key, count in zip(keys, size(bits), strict=True) if count]
            self._words[facet] = FACETS[facet].words(there)
        return self._words[facet]

    def _known_values(self, facet: str) -> tuple[list[str], Bits]:
        found = self.catalogue.sets[facet]
        if facet == ROLE:
            return self._roles(found)
        if facet == MARKING:
            return self._markings(found)
        return found.keys, found.bits & self.facts

    def _at(self, clearance: int) -> Bits:
        return packed(self.clearance == clearance)

    def _roles(self, found: Sets) -> tuple[list[str], Bits]:
        """That a lesson is for a role is known to those who may read the lesson."""
        at = [self._at(clearance) for clearance in range(5)]
        known: dict[str, Bits] = {}
        for key, bits in zip(found.keys, found.bits, strict=True):
            role, _, reach = key.partition(":")
            seen = known.get(role, np.zeros_like(bits))
            for clearance in range(1, int(reach) + 1):
                seen = seen | (bits & at[clearance])
            known[role] = seen
        return list(known), np.array(list(known.values()), dtype=np.uint64).reshape(
            len(known), len(self.visible)
        )

    def _markings(self, found: Sets) -> tuple[list[str], Bits]:
        """What goes to the public is OFFICIAL to whoever reads as the public does."""
        sensitive = np.zeros_like(self.visible)
        for key, bits in zip(found.keys, found.bits, strict=True):
            if key == Marking.SENSITIVE:
                sensitive = bits & self.visible & ~self._at(Tier.PUBLIC)
        return [Marking.OFFICIAL.value, Marking.SENSITIVE.value], np.array(
            [self.visible & ~sensitive, sensitive]
        )


@dataclass(frozen=True)
class Catalogue:
    """Every released version as one snapshot of the database has it.

    `postings` is the keep of `postings.py`, handed on from one catalogue to the next; what has
    changed since an entry was made, `changes` says. `vocabulary` is the keep of `spelling.py`.
    """

    seen: str
    epoch: int
    base: Numbers
    sets: Mapping[str, Sets]
    words: int
    generation: int = 0
    changes: tuple[frozenset[int], ...] = ()
    postings: dict[str, Any] = field(default_factory=dict, repr=False)
    vocabulary: dict[str, str] = field(default_factory=dict, repr=False)
    _views: dict[Any, View] = field(default_factory=dict, repr=False)
    _orders: dict[str, Numbers] = field(default_factory=dict, repr=False)

    def column(self, name: str) -> Numbers:
        """One of `_COLUMNS` for each number of a version; 0 where there is none."""
        found: Numbers = self.base[:, _COLUMNS.index(name)]
        return found

    def changed_since(self, generation: int) -> frozenset[int] | None:
        """The versions that changed after that generation; None where it is not known any more."""
        behind = self.generation - generation
        if behind <= 0:
            return frozenset()
        if behind > len(self.changes):
            return None
        return frozenset().union(*self.changes[len(self.changes) - behind :])

    def in_order(self, *columns: str) -> Numbers:
        """All versions, highest first by the first of these columns, then by the next, then by
        number."""
        name = " ".join(columns)
        if name not in self._orders:
            keys = [self.column(column) for column in ("version", *reversed(columns))]
            order = np.lexsort(keys)[::-1]
            self._orders[name] = order[self.column("version")[order] > 0]
        return self._orders[name]

    def by_name(self) -> Numbers:
        """All versions by the name of the operation, as the database sorts names."""
        if "name" not in self._orders:
            self._orders["name"] = rows(_BY_NAME, {}, {"version": ">i8"})["version"].astype(
                np.int64
            )
        return self._orders["name"]

    def view(self, visitor: Visitor) -> View:
        """What this visitor sees of it; kept for each set of groups, at their tiers of today."""
        doors = [(door.tier, door.group) for door in doors_of(visitor) if door.tier is not None]
        groups = tuple(sorted(doors, key=lambda door: (-door[0], door[1])))
        if groups not in self._views:
            if len(self._views) >= VIEWS:
                self._views.pop(next(iter(self._views)), None)
            self._views[groups] = self._seen_by(groups)
        return self._views[groups]

    def _seen_by(self, groups: Iterable[tuple[int, int]]) -> View:
        clearance = np.zeros(self.words * 64, dtype=np.uint8)
        readers = dict(zip(self.sets["readers"].codes, self.sets["readers"].bits, strict=True))
        for tier, group in groups:  # the narrowest comes last and wins
            if group in readers:
                clearance[versions_in(readers[group])] = tier
        visible = clearance > 0
        facts = visible & (clearance <= self.column("facts_reach"))
        return View(self, clearance, packed(visible), packed(facts), int(visible.sum()))


_lock = threading.Lock()
_kept: Catalogue | None = None


def forget() -> None:
    """Read everything again at the next look; for tests that empty the tables."""
    global _kept
    _kept = None


def current() -> Catalogue:
    """The catalogue as new as the database; one query where nothing has changed."""
    known = _kept
    if known is not None and _changes(known) == []:
        return known
    with _lock:
        return _brought_up_to_date()


def _brought_up_to_date() -> Catalogue:
    global _kept
    known = _kept
    now, writing, epoch, changed = _look(known)
    if known is None or known.epoch != epoch or len(changed) > MANY:
        found = _read_all(now, epoch)
    elif changed:
        found = _read_again(known, now, changed, postings={} if writing else known.postings)
    else:
        return known
    if not writing:
        _kept = found
    return found


def _look(known: Catalogue | None) -> tuple[str, bool, int, list[int]]:
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, {"seen": known.seen if known else _EVERYTHING})
        now, writing, epoch, changed = cursor.fetchone()
    return now, writing, epoch, changed


def _changes(known: Catalogue) -> list[int] | None:
    """What changed since this catalogue was read; None where it all has to be read again."""
    _, _, epoch, changed = _look(known)
    return changed if epoch == known.epoch else None


def _read_all(now: str, epoch: int) -> Catalogue:
    """Every released version."""
    found = _base("true")
    words = (int(found["version"].max(initial=0)) + 1) // 64 + 16
    base = np.zeros((words * 64, len(_COLUMNS)), dtype=np.int64)
    _fill(base, found)
    sets = {name: _sets(sql.format(which="true"), words) for name, sql in _SETS.items()}
    return Catalogue(now, epoch, base, _with_keys(sets, words), words)


def _base(which: str, **some: Any) -> NDArray[Any]:
    types = dict.fromkeys(_COLUMNS, ">i8")
    return rows(_BASE.format(which=which), {"never": NEVER, **some}, types)


def _fill(base: Numbers, found: NDArray[Any]) -> None:
    for column, name in enumerate(_COLUMNS):
        base[found["version"], column] = found[name]


def _read_again(
    known: Catalogue, now: str, changed: list[int], postings: dict[str, Any]
) -> Catalogue:
    """The catalogue with these versions as they are now."""
    which, some = "i.version_id = ANY(%(some)s)", {"some": changed}
    words = known.words
    if max(changed) >= words * 64:
        return _read_all(now, known.epoch)
    base = known.base.copy()
    base[changed] = 0
    _fill(base, _base(which, **some))
    gone = ~bits_of(np.array(changed), words)
    sets = {}
    for name, sql in _SETS.items():
        before = known.sets[name]
        kept = {code: bits & gone for code, bits in zip(before.codes, before.bits, strict=True)}
        for code, bits in _sets(sql.format(which=which), words, **some).items():
            kept[code] = kept[code] | bits if code in kept else bits
        sets[name] = kept
    return Catalogue(
        now,
        known.epoch,
        base,
        _with_keys(sets, words),
        words,
        generation=known.generation + 1,
        changes=(*known.changes[-REMEMBERED:], frozenset(changed)),
        postings=postings,
    )


def _sets(sql: str, words: int, **some: Any) -> dict[int, Bits]:
    """For each value of the query's second column, the set of the versions in its first."""
    found = rows(sql, some, {"version": ">i8", "value": ">i8"})
    found = found[np.argsort(found["value"], kind="stable")]
    values, begins = np.unique(found["value"], return_index=True)
    portions = np.split(found["version"], begins[1:]) if len(values) else []
    return {
        int(value): bits_of(portion, words) for value, portion in zip(values, portions, strict=True)
    }


def _with_keys(sets: Mapping[str, Mapping[int, Bits]], words: int) -> dict[str, Sets]:
    """The sets of each facet as rows, with what the database's numbers are called."""
    found = {}
    for name, by_code in sets.items():
        codes = sorted(by_code)
        found[name] = Sets(
            codes=codes,
            keys=FACETS[name].keys(codes) if name in FACETS else [str(code) for code in codes],
            bits=np.array([by_code[code] for code in codes], dtype=np.uint64).reshape(
                len(codes), words
            ),
        )
    return found
