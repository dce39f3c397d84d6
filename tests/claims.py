"""What tests claim of a service: that it refused and changed nothing, or that it was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from debriefs.exceptions import Refused
from debriefs.models import (
    ConsentWithdrawal,
    Debrief,
    DebriefGroupObjectPermission,
    Part,
    Participation,
    ProceedingsEnd,
    Question,
    Recurrence,
    Release,
    ReleaseProposal,
    Remark,
    Review,
    Save,
    SavedSearch,
    SignOff,
    SynonymSet,
    Version,
    VersionGroupObjectPermission,
)
from portal.models import Absence, AuditEvent, User

LASTING = (
    Debrief,
    Version,
    Part,
    Participation,
    SignOff,
    Release,
    ConsentWithdrawal,
    AuditEvent,
    ProceedingsEnd,
    ReleaseProposal,
    Remark,
    Review,
    Save,
    SavedSearch,
    Question,
    Recurrence,
    SynonymSet,
    Absence,
    VersionGroupObjectPermission,
    DebriefGroupObjectPermission,
    Version.contributors.through,
)


def everything() -> list[Any]:
    """All rows that a service could have changed."""
    return [list(model.objects.order_by("pk").values()) for model in LASTING]


@contextmanager
def refused(words: str, kind: type[Refused] = Refused) -> Iterator[None]:
    """What happens inside is refused with these words, and nothing is changed or recorded."""
    before = everything()
    with pytest.raises(kind, match=words) as refusal:
        yield
    assert refusal.value.reason[0].isupper() or refusal.value.reason[0] == "“"
    assert refusal.value.reason.endswith(".")
    assert everything() == before


@contextmanager
def recorded(*verbs: str, by: User) -> Iterator[None]:
    """What happens inside is recorded with these verbs, in this order, as done by the person."""
    last = AuditEvent.objects.order_by("pk").last()
    yield
    events = AuditEvent.objects.filter(pk__gt=last.pk if last else 0).order_by("pk")
    assert [event.verb for event in events] == list(verbs)
    assert {event.actor_id for event in events} == {by.pk}
