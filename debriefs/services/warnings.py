"""What in a version could tell who somebody is, and who stands by it?

Nothing that is open goes to a second reader or to the forces.

What is looked for stands in `debriefs/identifying`. A warning is never kept: it is found anew in
whatever the words are now. What is kept is that somebody stands by one, and why (`Acceptance`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db import transaction

from debriefs import permissions
from debriefs.exceptions import Refused
from debriefs.identifying import Finding, find
from debriefs.models import Acceptance, Part, Version
from debriefs.services import writing
from debriefs.services.content import TEXTS, words_of
from debriefs.services.difference import TEXT_LABELS
from debriefs.services.locking import locked
from debriefs.text import tidy
from portal import audit
from portal.models import User

#: The texts among the facts, and what each is called.
FACT_TEXTS: Mapping[str, str] = {
    "title": "Title",
    "summary": "Summary",
    "handling": "Handling instruction",
    "talk_title": "Title of the talk",
    "talk_speaker_role": "Role of the speaker",
    "talk_url": "Address of the recording",
}

#: The texts of a part, and what each is called.
PART_TEXTS: Mapping[str, str] = {"title": "Title", **TEXT_LABELS}


@dataclass(frozen=True, slots=True)
class Warning:
    """A finding in one text of a version: of a part, or of the facts where `part` is None."""

    finding: Finding
    field: str
    label: str
    part: Part | None
    accepted: Acceptance | None

    @property
    def is_open(self) -> bool:
        """Whether nobody has dealt with it yet."""
        return self.accepted is None

    @property
    def excerpt(self) -> str:
        """The words, cut where they are many."""
        words = " ".join(self.finding.words.split())
        return words if len(words) <= 120 else f"{words[:117]}…"


@lru_cache(maxsize=512)
def _found(text: str) -> tuple[Finding, ...]:
    """What is found in a text; a page asks for the same texts again after every save."""
    return tuple(find(text))


def of(version: Version) -> list[Warning]:
    """Every warning, those of the facts first, then part by part as they stand; two queries."""
    accepted = {
        (each.kind, each.words): each
        for each in version.acceptances.select_related("accepted_by").all()
    }
    return [
        Warning(
            finding, field, label, part, accepted.get((finding.kind.value, tidy(finding.words)))
        )
        for part, field, label, text in _texts(version)
        for finding in _found(text)
    ]


def _texts(version: Version) -> Iterator[tuple[Part | None, str, str, str]]:
    for field, label in FACT_TEXTS.items():
        yield None, field, label, getattr(version, field)
    for part in version.parts.order_by("position"):
        for field, label in PART_TEXTS.items():
            yield part, field, label, getattr(part, field)


def open_in(version: Version) -> list[Warning]:
    """Those with which nobody has dealt yet."""
    return [warning for warning in of(version) if warning.is_open]


def by_part(warnings: Sequence[Warning]) -> dict[UUID | None, int]:
    """How many there are in each part; None stands for the facts."""
    counted: dict[UUID | None, int] = {}
    for warning in warnings:
        key = warning.part.identity if warning.part else None
        counted[key] = counted.get(key, 0) + 1
    return counted


@transaction.atomic
def accept(*, by: User, version: Version, kind: str, words: str, reason: str) -> Acceptance:
    """The team stands by these words wherever they are found in the version, and says why.

    Refuses words that no warning is about. Standing by them twice changes the reason. Recorded as
    `version.warning_accepted`, without the words.
    """
    draft = locked(version)
    permissions.can_edit.require(by, draft)
    if not tidy(reason):
        raise Refused("Say why these words may stay. The second reader and the forces read it.")
    found = {(each.finding.kind.value, tidy(each.finding.words)) for each in of(draft)}
    if (kind, tidy(words)) not in found:
        raise Refused("These words are not in the draft any more. Load the page again.")
    made, _ = Acceptance.objects.update_or_create(
        version=draft,
        kind=kind,
        words=tidy(words),
        defaults={"reason": tidy(reason), "accepted_by": by},
    )
    audit.record("version.warning_accepted", by=by, subject=made, debrief=draft.debrief_id)
    return made


@transaction.atomic
def reopen(*, by: User, version: Version, acceptance: int) -> None:
    """The team no longer stands by the words: the warning is open again. Doing it twice is doing it
    once. Recorded as `version.warning_reopened`."""
    draft = locked(version)
    permissions.can_edit.require(by, draft)
    found = draft.acceptances.filter(pk=acceptance).first()
    if found is None:
        return
    audit.record("version.warning_reopened", by=by, subject=found, debrief=draft.debrief_id)
    found.delete()


def replace(*, by: User, part: Part, revision: int, words: str, instead: str) -> Part:
    """The part says `instead` wherever it said `words`. Refuses words that are not in it; raises as
    `writing.edit_part` does."""
    said = words_of(part)
    changed = {
        name: getattr(said, name).replace(words, instead)
        for name in ("title", *TEXTS)
        if words and words in getattr(said, name)
    }
    if not changed:
        raise Refused("These words are not in it any more. Load the page again.")
    words_now = dataclasses.replace(said, **changed)
    return writing.edit_part(by=by, part=part, revision=revision, words=words_now)
