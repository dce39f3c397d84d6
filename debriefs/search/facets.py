"""What can a list of debriefs be narrowed by, where is it read, and what is it called?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from debriefs.models import ExploitationType, Theme
from debriefs.models.vocabulary import DebriefKind, Marking, Reader
from portal.models import Organisation, Region

ROLE, MARKING, OUTCOME, YEAR = "role", "marking", "outcome", "year"

Words = list[tuple[str, str]]

#: How an operation ended, as far as the facts say, by the code that `_OUTCOME` gives it.
OUTCOMES: dict[int, tuple[str, str]] = {
    1: ("convicted", "Convictions"),
    2: ("not-convicted", "Concluded without a conviction"),
    3: ("charged", "Charged, no conviction yet"),
    4: ("no-charge", "Ended without charge"),
    5: ("investigation", "Under investigation"),
}

_OUTCOME = """CASE
    WHEN v.convicted > 0 THEN 1
    WHEN v.proceedings = 'concluded' THEN 2
    WHEN v.proceedings = 'no-charge' THEN 4
    WHEN v.charged > 0 OR v.proceedings IN ('charged', 'trial') THEN 3
    WHEN v.proceedings = 'investigation' THEN 5
END"""

_FROM = "debriefs_indexed i JOIN debriefs_version v ON v.id = i.version_id"
_WHERE = "WHERE v.state = 'released' AND {which}"


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow.

    `sql` gives the versions and the numbers of their values, `keys` what those numbers are called
    in an address, `words` those keys with what people call them, in the order of reading. `label`
    is the heading, and `says` the word before a colon in a question.
    """

    name: str
    label: str
    sql: str
    keys: Callable[[Sequence[int]], list[str]]
    words: Callable[[Iterable[str]], Words]


def _vocabulary(
    name: str, label: str, sql: str, vocabulary: type[models.Model], *order: str
) -> Facet:
    """A facet whose values are rows with a key and a name."""
    rows: models.Manager[Any] = vocabulary._default_manager

    def keys(codes: Sequence[int]) -> list[str]:
        found = dict(rows.filter(pk__in=codes).values_list("pk", "key"))
        return [found.get(code, "") for code in codes]

    def words(wanted: Iterable[str]) -> Words:
        return list(rows.filter(key__in=wanted).order_by(*order).values_list("key", "name"))

    return Facet(name, label, sql, keys, words)


def _listed(name: str, label: str, sql: str, listed: Sequence[tuple[int, str, str]]) -> Facet:
    """A facet whose values are known beforehand: number, key and name, in the order of reading."""
    by_code = {code: key for code, key, _ in listed}

    def words(wanted: Iterable[str]) -> Words:
        known = set(wanted)
        return [(key, name) for _, key, name in listed if key in known]

    return Facet(name, label, sql, lambda codes: [by_code[code] for code in codes], words)


def _case(column: str, choices: type[models.TextChoices]) -> tuple[str, list[tuple[int, str, str]]]:
    """Numbers for the choices of a column, in SQL and as a list."""
    listed = [(n, each.value, str(each.label)) for n, each in enumerate(choices, 1)]
    whens = " ".join(f"WHEN '{key}' THEN {code}" for code, key, _ in listed)
    return f"CASE {column} {whens} END", listed


_KIND, _KINDS = _case("v.kind", DebriefKind)
_MARKED, _MARKINGS = _case("v.marking", Marking)
_ROLE, _ROLES = _case("role", Reader)

#: Every facet, in the order in which a page shows them.
FACETS: dict[str, Facet] = {
    facet.name: facet
    for facet in (
        _vocabulary(
            "theme",
            "Theme",
            f"""SELECT v.id, l.theme_id::bigint FROM {_FROM}
                JOIN debriefs_version_themes l ON l.version_id = v.id {_WHERE}""",
            Theme,
            "name",
        ),
        _vocabulary(
            "type",
            "Exploitation",
            f"""SELECT v.id, l.exploitationtype_id::bigint FROM {_FROM}
                JOIN debriefs_version_exploitation l ON l.version_id = v.id {_WHERE}""",
            ExploitationType,
            "name",
        ),
        _vocabulary(
            "force",
            "Force or agency",
            f"""SELECT v.id, p.organisation_id::bigint FROM {_FROM}
                JOIN debriefs_participation p ON p.version_id = v.id {_WHERE}""",
            Organisation,
            "name",
        ),
        _vocabulary(
            "region",
            "Region",
            f"""SELECT v.id, o.region_id::bigint FROM {_FROM}
                JOIN debriefs_participation p ON p.version_id = v.id
                JOIN portal_organisation o ON o.id = p.organisation_id
                {_WHERE} AND o.region_id IS NOT NULL""",
            Region,
            "name",
        ),
        Facet(
            YEAR,
            "Year it began",
            f"""SELECT v.id, extract(year FROM v.operation_from)::bigint FROM {_FROM}
                {_WHERE} AND v.operation_from IS NOT NULL""",
            keys=lambda codes: [str(code) for code in codes],
            words=lambda wanted: [(year, year) for year in sorted(wanted, reverse=True)],
        ),
        _listed(
            OUTCOME,
            "Outcome",
            f"SELECT v.id, ({_OUTCOME})::bigint FROM {_FROM} {_WHERE} AND {_OUTCOME} IS NOT NULL",
            [(code, key, name) for code, (key, name) in OUTCOMES.items()],
        ),
        Facet(
            ROLE,
            "Lessons for",
            # A role with how far the widest lesson for it travels: code * 8 + reach
            f"""SELECT v.id, (({_ROLE}) * 8 + max(p.reach))::bigint FROM {_FROM}
                JOIN debriefs_part p ON p.version_id = v.id, unnest(p.roles) AS role
                {_WHERE} GROUP BY v.id, role""",
            keys=lambda codes: [f"{_ROLES[code // 8 - 1][1]}:{code % 8}" for code in codes],
            words=lambda wanted: [(key, name) for _, key, name in _ROLES if key in set(wanted)],
        ),
        _listed(
            "kind",
            "Kind of debrief",
            f"SELECT v.id, ({_KIND})::bigint FROM {_FROM} {_WHERE}",
            _KINDS,
        ),
        _listed(
            MARKING, "Marking", f"SELECT v.id, ({_MARKED})::bigint FROM {_FROM} {_WHERE}", _MARKINGS
        ),
    )
}
