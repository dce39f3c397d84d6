"""What is said about versions in the demo: remarks of the second reader, and of forces before they
decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from debriefs.demo.cast import signatory_of
from debriefs.models import Version
from debriefs.services import remarks
from portal.models import User


def remark(version: Version, wanted: dict[str, Any], editor: User, author: User) -> None:
    """The editor remarks on what the file says; where it has an answer, the author gave it."""
    for each in wanted.get("remarks", []):
        made = remarks.remark(
            by=editor, version=version, words=each["words"], part=_part(version, each)
        )
        if "answer" in each:
            remarks.resolve(by=author, remark=made, answer=each["answer"])


def remark_for_forces(version: Version, wanted: dict[str, Any]) -> None:
    """Each force remarks on what the file says it does."""
    for each in wanted.get("force_remarks", []):
        signoff = version.signoffs.get(organisation__key=each["force"])
        remarks.remark_for_force(
            by=signatory_of(signoff.organisation),
            signoff=signoff,
            words=each["words"],
            part=_part(version, each),
        )


def _part(version: Version, said: dict[str, Any]) -> UUID | None:
    """The part that is meant, by its heading or title; None for the whole version."""
    if "on" not in said:
        return None
    parts = {part.heading or part.title: part.identity for part in version.parts.all()}
    return parts[said["on"]]
