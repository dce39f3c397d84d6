"""Who is at this draft right now? Nothing is decided by it and nothing recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from debriefs.models import Presence, Version
from portal.models import User

#: Pages call every twenty seconds; after three calls that did not come, a person is gone.
HERE_FOR = timedelta(seconds=65)


def seen(*, by: User, version: Version, part: UUID | None = None) -> None:
    """The person is at the draft, and at which part. The caller has seen to it that they may."""
    Presence.objects.update_or_create(
        version=version, user=by, defaults={"part": part, "seen_at": timezone.now()}
    )


def others(person: User, version: Version, *, part: UUID | None = None) -> str:
    """Who else is at the draft, in a sentence; empty where nobody is. At most two queries.

    Who is at the same part is named first, because that is who can get in one's way.
    """
    here = list(
        Presence.objects.filter(version=version, seen_at__gt=timezone.now() - HERE_FOR)
        .exclude(user=person)
        .select_related("user")
        .order_by("user__name")
    )
    if not here:
        return ""
    titles = dict(version.parts.values_list("identity", "title"))
    same = [each.user.name for each in here if part and each.part == part]
    words = [f"{_and(same)} {'is' if len(same) == 1 else 'are'} at this part too."] if same else []
    words += [
        f"{each.user.name} is at “{titles[each.part]}”."
        if each.part in titles
        else f"{each.user.name} is at this draft."
        for each in here
        if each.user.name not in same
    ]
    return " ".join(words)


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
