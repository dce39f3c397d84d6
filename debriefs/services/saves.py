"""The saves of a draft: what it said after each, kept until it is sealed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.utils import timezone

from debriefs.models import Save, Version
from debriefs.services.content import FACT_COLUMNS, FACT_LISTS, Words
from portal.models import User

#: Saves that the page makes by itself, of one part by one person, are one within this time.
TOGETHER = timedelta(minutes=10)

#: What of a part is kept, beside its identity.
_WORDS = tuple(name for name in Words.__dataclass_fields__ if name != "theme")


def content_of(draft: Version) -> dict[str, Any]:
    """Everything that the draft says, as JSON can hold it: vocabulary and organisations by key."""
    facts: dict[str, Any] = {name: getattr(draft, name) for name in FACT_COLUMNS}
    for name in FACT_LISTS:
        facts[name] = list(getattr(draft, name).values_list("key", flat=True))
    facts["taking_part"] = [
        {"organisation": each.organisation.key, "part": each.part, "signs": each.signs}
        for each in draft.participations.select_related("organisation")
    ]
    return {
        "facts": facts,
        "parts": [
            {
                "identity": str(part.identity),
                "theme": part.theme.key if part.theme else None,
                **{name: getattr(part, name) for name in _WORDS},
            }
            for part in draft.parts.select_related("theme").order_by("position")
        ],
    }


def last_of(draft: Version, part: UUID | None = None) -> Save | None:
    """The last save of the draft or of one part, with who made it; without what it holds."""
    found = draft.saves.filter(part=part) if part else draft.saves.all()
    return found.select_related("by").defer("content").order_by("-revision").first()


@dataclass(frozen=True, slots=True)
class Row:
    """One save in the list: who, when, and what in words."""

    revision: int
    at: datetime
    by: str
    words: str
    automatic: bool


def rows(draft: Version) -> QuerySet[Save]:
    """The saves of the draft, the last one first; without what they hold."""
    return draft.saves.select_related("by").defer("content").order_by("-revision")


def told(draft: Version, found: Iterable[Save]) -> list[Row]:
    """These saves in words. A part is called as it is called now, or not at all."""
    titles = dict(draft.parts.values_list("identity", "title"))
    return [
        Row(
            save.revision,
            save.at,
            save.by.name,
            f"{save.get_what_display()}: “{titles[save.part]}”"
            if save.part in titles
            else save.get_what_display(),
            save.automatic,
        )
        for save in found
    ]


def last_of_facts(draft: Version) -> Save | None:
    """The last save in which facts were written, as `last_of`."""
    found = draft.saves.filter(what__in=(Save.What.FACTS, Save.What.RESTORED))
    return found.select_related("by").defer("content").order_by("-revision").first()


def facts_untouched_since(draft: Version, revision: int, names: Collection[str]) -> bool:
    """Whether these facts still are what they were at that revision, whatever else was written."""
    base = draft.saves.filter(revision__lte=revision).order_by("-revision").first()
    if base is None:
        return False
    now = json.loads(json.dumps(content_of(draft)["facts"], cls=DjangoJSONEncoder))
    return all(base.content["facts"].get(name) == now[name] for name in names)


def keep(
    draft: Version,
    *,
    by: User,
    what: Save.What,
    part: UUID | None = None,
    automatic: bool = False,
) -> Save:
    """The draft as it stands is kept under its revision.

    An automatic save takes the place of the automatic one before it, if that is the same person's,
    of the same part, and not long ago.
    """
    last = draft.saves.order_by("-revision").first()
    if not (
        automatic
        and last
        and last.automatic
        and (last.by_id, last.what, last.part) == (by.pk, what, part)
        and last.at > timezone.now() - TOGETHER
    ):
        last = Save(version=draft, by=by, what=what, part=part, automatic=automatic)
    last.revision, last.at, last.content = draft.revision, timezone.now(), content_of(draft)
    last.save()
    return last
