"""Which facts of a debrief changed between two versions, and who may read them?

Audience (reach, marking, handling) stands apart from the other facts, because who will read is as
much a change as what they will read. Parts are compared in `difference.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from debriefs.models import Part, Version
from debriefs.models.vocabulary import Marking
from debriefs.services.content import FACT_LISTS
from debriefs.services.facts import in_years_and_months
from debriefs.services.wording import Budget, Change, compare_line

#: How the facts are called, in the order in which they are compared.
FACT_LABELS: Mapping[str, str] = {
    "title": "Title",
    "summary": "Summary",
    "kind": "Kind of debrief",
    "debriefed_on": "Debriefed on",
    "taking_part": "Who took part",
    "operation_from": "Operation began",
    "operation_until": "Operation ended",
    "exploitation": "Exploitation",
    "countries": "Countries",
    "victims": "Victims",
    "suspects": "Suspects",
    "offences": "Offences",
    "charged": "People charged",
    "convicted": "People convicted",
    "sentence_months": "Total sentence",
    "proceedings": "Proceedings",
    "themes": "Themes",
    "talk_title": "Talk: title",
    "talk_speaker_role": "Talk: role of the speaker",
    "talk_url": "Talk: address",
    "talk_minutes": "Talk: minutes",
}

#: Facts that say who will read, and how the version is to be handled.
AUDIENCE_LABELS: Mapping[str, str] = {
    "reach": "How far the version may travel",
    "facts_reach": "How far its facts may travel",
    "marking": "Marking",
    "handling": "Handling instruction",
}

#: Facts that are read as texts.
_PROSE = ("title", "summary", "handling", "talk_title", "talk_speaker_role")

NOTHING = "Not stated"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a version says, loaded: its columns, its lists in words, its parts in order.

    `version` and `parts` need not be rows of the database.
    """

    version: Version
    lists: Mapping[str, Sequence[str]]
    parts: Sequence[Part]

    @classmethod
    def of(cls, version: Version) -> Snapshot:
        """The version as it stands in the database."""
        taking_part = version.participations.select_related("organisation")
        lists = {name: [str(each) for each in getattr(version, name).all()] for name in FACT_LISTS}
        lists["taking_part"] = [
            f"{each.organisation.name}: {each.get_part_display().lower()}, "
            + ("signs" if each.signs else "does not sign")
            for each in taking_part
        ]
        parts = version.parts.select_related("theme").order_by("position")
        return cls(version, lists, list(parts))


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact, before and after, in words; `before` is empty where there was nothing to compare
    with.

    For a fact that is a list, `lines` are its entries; for one that is read as a text, `html` is
    both as one.
    """

    label: str
    change: Change
    before: str
    after: str
    lines: Sequence[tuple[Change, str]] = ()
    html: SafeString | None = None


@dataclass(frozen=True, slots=True)
class AudienceChange:
    """Who may read, or how the words are to be handled.

    `looser` where more people will read, or the words are protected less; `anchor` leads to the
    part that it is about.
    """

    label: str
    change: Change
    before: str
    after: str
    looser: bool = False
    anchor: str = ""


# --- Facts ----------------------------------------------------------------------------------------


def in_words(version: Version, name: str) -> str:
    """A column of a version as people say it; empty where it is not stated."""
    value: Any = getattr(version, name)
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    if name == "sentence_months":
        return in_years_and_months(value) or "None"
    display: Callable[[], str] | None = getattr(version, f"get_{name}_display", None)
    return str(display()) if display else str(value)


def facts(before: Snapshot | None, after: Snapshot, budget: Budget) -> Iterator[FactChange]:
    """The facts that changed, in the order of `FACT_LABELS`."""
    for name, label in FACT_LABELS.items():
        if name in after.lists:
            found = entries(label, before.lists[name] if before else (), after.lists[name])
        else:
            was = in_words(before.version, name) if before else ""
            found = fact(label, was, in_words(after.version, name), budget, name in _PROSE)
        if found.change is not Change.SAME:
            yield found


def became(before: object, after: object) -> Change:
    """What became of a value that may be empty."""
    if before == after:
        return Change.SAME
    return Change.CHANGED if before and after else Change.ADDED if after else Change.REMOVED


def fact(label: str, was: str, now: str, budget: Budget, prose: bool = False) -> FactChange:
    """A fact that is one value, or one text where it is `prose`."""
    return FactChange(
        label,
        became(was, now),
        was or NOTHING,
        now or NOTHING,
        html=compare_line(was, now, budget) if prose and was and now else None,
    )


def entries(label: str, was: Sequence[str], now: Sequence[str]) -> FactChange:
    """A fact that is a list, entry by entry."""
    lines = [(Change.REMOVED, each) for each in was if each not in now]
    lines += [(Change.SAME if each in was else Change.ADDED, each) for each in now]
    return FactChange(
        label,
        became(list(was), list(now)),
        ", ".join(was) or NOTHING,
        ", ".join(now) or NOTHING,
        lines=lines,
    )


# --- Audience -------------------------------------------------------------------------------------


def audience(before: Snapshot | None, after: Snapshot) -> Iterator[AudienceChange]:
    """What changed of who may read the version, and of how it is to be handled."""
    for name, label in AUDIENCE_LABELS.items():
        was = in_words(before.version, name) if before else ""
        now = in_words(after.version, name)
        if was == now:
            continue
        yield AudienceChange(
            label,
            became(was, now),
            was or NOTHING,
            now or NOTHING,
            looser=bool(before and _is_looser(name, before.version, after.version)),
        )


def _is_looser(name: str, before: Version, after: Version) -> bool:
    if name == "marking":
        return before.marking == Marking.SENSITIVE != after.marking
    return "reach" in name and getattr(after, name) > getattr(before, name)


def reach(before: Part | None, after: Part) -> AudienceChange | None:
    """How far a part may travel, where that changed; of a new part it is said at the part."""
    if before is None or before.reach == after.reach:
        return None
    return AudienceChange(
        f"How far “{after.title}” may travel",
        Change.CHANGED,
        before.get_reach_display(),
        after.get_reach_display(),
        looser=after.reach > before.reach,
        anchor=after.anchor,
    )
