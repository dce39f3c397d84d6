"""What exactly is signed: the canonical text of a version, and its digest.

The text is JSON with sorted keys, no spaces and UTF-8, of everything a version says: identity,
facts, who takes part, and each part in order, as it was written and as it is shown. It names rows
by key, never by number, so that the digest can be worked out again from a copy of the data
anywhere. The digest is SHA-256, in lower-case hexadecimal.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from debriefs.models import Version
from debriefs.services.content import FACT_COLUMNS, FACT_LISTS

FORMAT = "operational-debrief/1"

#: The words of a part as they were written, and as they are shown.
_TEXTS = (
    "markdown",
    "html",
    "observed",
    "observed_html",
    "mattered",
    "mattered_html",
    "action",
    "action_html",
)


def canonical(version: Version) -> str:
    """The text that the forces sign."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "debrief": version.debrief.reference,
        "operation": version.debrief.operation,
        "invented": version.debrief.invented,
        "number": version.number,
        "facts": {name: getattr(version, name) for name in FACT_COLUMNS},
        "taking_part": [
            {"organisation": each.organisation.key, "part": each.part, "signs": each.signs}
            for each in version.participations.select_related("organisation").order_by(
                "organisation__key"
            )
        ],
        "parts": [
            {
                "identity": str(part.identity),
                "kind": part.kind,
                "heading": part.heading,
                "title": part.title,
                "reach": part.reach,
                "theme": part.theme.key if part.theme else None,
                **{name: getattr(part, name) for name in _TEXTS},
                "roles": part.roles,
                "evidence": part.evidence,
                "worked": part.worked,
            }
            for part in version.parts.select_related("theme").order_by("position")
        ],
    }
    for name in FACT_LISTS:
        content[name] = sorted(getattr(version, name).values_list("key", flat=True))
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    )


def _plain(value: Any) -> str:
    """Dates as ISO 8601; nothing else may come here."""
    text: str = value.isoformat()
    return text


def digest_of(version: Version) -> str:
    """SHA-256 of the canonical text, 64 lower-case hexadecimal characters."""
    return hashlib.sha256(canonical(version).encode()).hexdigest()
