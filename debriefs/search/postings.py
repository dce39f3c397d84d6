"""How much does a word count in each version? Read when it is asked for, then kept in this process.

An entry holds all versions, whoever asks: what a visitor may read is cut out of it by `ranking.py`.
Words of a released version never change, so an entry stays true but for versions that were released
or taken back since, which are read again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from debriefs.search.catalogue import Catalogue, Numbers
from debriefs.search.copying import rows

#: Bytes of entries that a process keeps.
ROOM = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """The versions in which a word stands, in order, and its impacts there, a row a version and a
    column a clearance; as of a generation of the catalogue."""

    versions: Numbers
    impacts: NDArray[np.int16]
    generation: int

    @property
    def bytes(self) -> int:
        """What it takes to keep it."""
        return int(self.versions.nbytes + self.impacts.nbytes)


def of(catalogue: Catalogue, lexemes: Iterable[str]) -> dict[str, Entry]:
    """The entries of these lexemes; those that stand nowhere are empty."""
    wanted = dict.fromkeys(lexemes)
    kept: dict[str, Entry] = catalogue.postings
    found: dict[str, Entry] = {}
    behind: dict[int, list[str]] = {}
    missing = []
    for lexeme in wanted:
        entry = kept.pop(lexeme, None)
        if entry is None or catalogue.changed_since(entry.generation) is None:
            missing.append(lexeme)
        else:
            found[lexeme] = entry
            if entry.generation < catalogue.generation:
                behind.setdefault(entry.generation, []).append(lexeme)
    for generation, outdated in behind.items():
        changed = np.array(sorted(catalogue.changed_since(generation) or ()), dtype=np.int64)
        fresh = _read(catalogue, outdated, changed)
        for lexeme in outdated:
            found[lexeme] = _with(found[lexeme], fresh[lexeme], changed)
    if missing:
        found |= _read(catalogue, missing)
    kept.update({lexeme: found[lexeme] for lexeme in wanted})  # last used, last thrown away
    _make_room(kept)
    return found


def _make_room(kept: dict[str, Entry]) -> None:
    over = sum(entry.bytes for entry in kept.values()) - ROOM
    while over > 0:
        over -= kept.pop(next(iter(kept))).bytes


def _with(entry: Entry, fresh: Entry, changed: Numbers) -> Entry:
    """The entry with the changed versions as they are now."""
    stays = ~np.isin(entry.versions, changed)
    versions = np.concatenate([entry.versions[stays], fresh.versions])
    impacts = np.concatenate([entry.impacts[stays], fresh.impacts])
    order = np.argsort(versions, kind="stable")
    return Entry(versions[order], impacts[order], fresh.generation)


_TYPES = {"lexeme": ">i4", "version": ">i8", **{f"at{n}": ">i2" for n in (1, 2, 3, 4)}}

_SQL = """
    SELECT wanted.number::int4, p.version_id, p.at1, p.at2, p.at3, p.at4
    FROM unnest(%(lexemes)s) WITH ORDINALITY AS wanted (lexeme, number)
    JOIN debriefs_posting p ON p.lexeme = wanted.lexeme COLLATE "C"
    {which}
"""


def _read(
    catalogue: Catalogue, lexemes: list[str], versions: Numbers | None = None
) -> dict[str, Entry]:
    parameters: dict[str, Any] = {"lexemes": lexemes}
    which = ""
    if versions is not None:
        which = "WHERE p.version_id = ANY(%(versions)s)"
        parameters["versions"] = versions.tolist()
    found = rows(_SQL.format(which=which), parameters, _TYPES)
    found = found[found["version"] < len(catalogue.base)]  # or released since, and not in here
    found = found[np.lexsort((found["version"], found["lexeme"]))]
    bounds = np.searchsorted(found["lexeme"], np.arange(1, len(lexemes) + 2))
    entries = {}
    for number, lexeme in enumerate(lexemes):
        mine = found[bounds[number] : bounds[number + 1]]
        impacts = np.empty((len(mine), 4), dtype=np.int16)
        for clearance in range(4):
            impacts[:, clearance] = mine[f"at{clearance + 1}"]
        entries[lexeme] = Entry(mine["version"].astype(np.int64), impacts, catalogue.generation)
    return entries
