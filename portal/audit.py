"""The record of who did or read what: how an event is appended, and how the chain is verified.

Appending is one INSERT. The link that chains it is made by a deferred trigger at commit, under one
advisory lock that is held for that moment only: so the order of links is the order of commits, many
processes may write at once, and no transaction can hold the lock while it waits for another row.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from portal.models import AuditEvent, User
from portal.standing import standing_of

#: Every verb that the portal records; an event of another name is refused. A test walks this.
VERBS: dict[str, str] = {
    "person.added": "A person was given an account",
    "membership.started": "A person was given a role in an organisation",
    "membership.ended": "A person's role in an organisation was ended",
    "absence.set": "A signatory was said to be away",
    "absence.ended": "A signatory is back, or is not away after all",
    "group.created": "A sharing group was made",
    "group.tier_changed": "A sharing group's tier was changed",
    "group.joined": "An organisation or a person joined a sharing group",
    "group.left": "An organisation or a person left a sharing group",
    "session.started": "A person signed in",
    "session.ended": "A person signed out",
    "session.refused": "A sign-in was refused",
    "version.started": "A debrief was started",
    "version.edited": "The words or facts of a draft were changed",
    "version.submitted": "A draft was submitted for checking",
    "version.taken_back": "A submitted draft was taken back by its authors",
    "version.discarded": "A draft was discarded",
    "version.restored": "A discarded draft was brought back",
    "version.purged": "A draft that was discarded long ago was deleted",
    "version.remarked": "A remark was made on a version",
    "version.remark_removed": "A remark was taken out by whoever made it",
    "version.remark_resolved": "The authors resolved a remark",
    "version.warning_accepted": "The team stands by words that look identifying",
    "version.warning_reopened": "The team no longer stands by such words",
    "version.sent_back": "A draft was sent back to its authors",
    "version.checked": "A draft was checked by a second person",
    "version.sent": "A version was sealed and sent to the forces",
    "version.decided": "A force decided on a version",
    "version.agreed": "Every signing force agreed to a version",
    "version.proceedings_ended": "A force said that proceedings ended, and lifted its embargo",
    "version.reopened": "A next version was opened",
    "version.proposed": "An editor proposed to share a version beyond policing",
    "version.proposal_closed": "A proposal to share a version was turned down or taken back",
    "version.released": "A version was shared with a sharing group",
    "version.superseded": "A version was replaced by the next",
    "version.release_withdrawn": "A version was taken back from a sharing group",
    "version.consent_withdrawn": "A force withdrew its consent to a version",
    "version.reviewed": "The owner said whether a released debrief still holds",
    "version.read": "A version was read",
    "lesson.linked": "A lesson was linked with an earlier one that it repeats",
    "lesson.unlinked": "A lesson was no longer linked with an earlier one",
    "question.asked": "A person asked the project team what the search did not answer",
    "question.answered": "The project team answered a question",
    "synonym.added": "Words that mean the same were added for the search",
    "synonym.changed": "Words that mean the same were changed",
    "synonym.removed": "Words that mean the same were removed",
}


LONGEST_STANDING = 400


def record(
    verb: str,
    *,
    by: User | None,
    subject: models.Model,
    debrief: int | None = None,
    **detail: Any,
) -> AuditEvent:
    """Append one event about `subject`; call it inside the transaction of the change.

    `by` is None only for what no person did (setting an installation up, a refused sign-in).
    Raises KeyError for a verb that `VERBS` does not name, and RuntimeError outside a transaction.
    """
    VERBS[verb]
    if not connection.in_atomic_block:
        raise RuntimeError("An audit event belongs in the transaction of its change.")
    return AuditEvent.objects.create(
        verb=verb,
        actor=by,
        actor_name=by.name if by else "",
        actor_standing=standing_of(by)[:LONGEST_STANDING] if by else "",
        subject=_name_of(subject),
        debrief=debrief,
        detail=detail,
    )


def _name_of(subject: models.Model) -> str:
    return f"{subject._meta.label_lower}:{subject.pk}"


def require_by_itself() -> None:
    """Refuse (RuntimeError) within a transaction, for what does not wait for the disk: a change
    around it would not either."""
    if connection.in_atomic_block and not connection.atomic_blocks[-1]._from_testcase:  # type: ignore[attr-defined]
        raise RuntimeError("A reading is recorded by itself, outside of every transaction.")


def record_reading(
    verb: str, *, by: User, subject: models.Model, debrief: int, **detail: Any
) -> None:
    """Append one event that somebody read `subject`, in a transaction of its own that does not wait
    for the disk.

    A page must not be slower for being recorded: it is one statement. The event is chained and
    visible at once; what a crash of the server's machine could lose is the readings of its last
    half second, never a change. Raises RuntimeError within a transaction, or a change around it
    would not wait for the disk either.
    """
    VERBS[verb]
    require_by_itself()
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))"
            " INSERT INTO portal_auditevent"
            " (verb, actor_id, actor_name, actor_standing, subject, debrief, detail)"
            " SELECT %s, %s, %s, %s, %s, %s, %s::jsonb FROM quick",
            [
                verb,
                by.pk,
                by.name,
                standing_of(by)[:LONGEST_STANDING],
                _name_of(subject),
                debrief,
                json.dumps(detail, cls=DjangoJSONEncoder),
            ],
        )


@dataclass(frozen=True, slots=True)
class Verification:
    """What walking the chain found: how many links, the last digest, and the first fault, if
    any."""

    links: int
    head: str
    fault: str = ""


def verify(expected_head: str = "") -> Verification:
    """Walk the whole chain in the database and name the first broken link.

    A chain cut off at its end is whole in itself: only someone who kept an earlier head can tell.
    Give that head (hexadecimal) as `expected_head`, and it must still be a link of the chain.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(position) FROM portal_auditlink")
        links, _ = cursor.fetchone()
        cursor.execute(
            "SELECT encode(digest, 'hex') FROM portal_auditlink ORDER BY position DESC LIMIT 1"
        )
        row = cursor.fetchone()
        head = row[0] if row else ""
        cursor.execute(
            "SELECT position, fault FROM portal_audit_faults() ORDER BY position LIMIT 1"
        )
        broken = cursor.fetchone()
        if broken:
            return Verification(links, head, f"Link {broken[0]}: {broken[1]}")
        if expected_head:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM portal_auditlink WHERE encode(digest, 'hex') = %s)",
                [expected_head.lower()],
            )
            if not cursor.fetchone()[0]:
                return Verification(
                    links,
                    head,
                    "The expected head is not in this chain: its end was cut off or rewritten.",
                )
    return Verification(links, head)
