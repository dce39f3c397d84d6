"""What must be true of the whole database, whatever went wrong: asked after every race and kill."""

from __future__ import annotations

from django.db import connection

from debriefs.models import SignOff, Version
from debriefs.models.signoff import AGREEMENTS
from debriefs.services.seal import digest_of
from debriefs.workflow import OPEN_STATES, State
from portal import audit
from portal.models import AuditEvent

#: For each verb about one version, how its events are counted by the rows that they speak of.
_ONCE = ("version.sent", "version.agreed", "version.superseded", "version.consent_withdrawn")


def faults() -> list[str]:
    """Everything that is wrong; empty when nothing is."""
    wrong = [
        fault
        for version in Version.objects.select_related("debrief")
        for fault in faults_of(version)
    ]
    wrong += _uneven_events()
    if broken := audit.verify().fault:
        wrong.append(broken)
    return wrong


def faults_of(version: Version) -> list[str]:
    """No half-signed version: its state, its signatures and its readers fit each other."""
    wrong = []
    signing = set(version.participations.filter(signs=True).values_list("organisation", flat=True))
    signoffs = list(version.signoffs.all())
    agreed = {each.organisation_id for each in signoffs if each.decision in AGREEMENTS}
    refused = [each for each in signoffs if each.decision and each.decision not in AGREEMENTS]
    withdrawn = SignOff.objects.filter(version=version, withdrawal__isnull=False).exists()
    if version.is_sealed:
        if {each.organisation_id for each in signoffs} != signing:
            wrong.append(f"{version}: a signing force has no sign-off")
        if digest_of(version) != version.digest:
            wrong.append(f"{version}: the words are not those of the digest")
        if version.saves.exists():
            wrong.append(f"{version}: saves outlived the seal")
    elif signoffs:
        wrong.append(f"{version}: signed before it was sealed")
    if version.state in (State.AGREED, State.RELEASED, State.SUPERSEDED) and agreed != signing:
        wrong.append(f"{version}: {version.state} without every signature")
    if version.state == State.WITH_FORCES and (agreed == signing or refused):
        wrong.append(f"{version}: waits for nobody")
    if refused and version.state not in (State.RETURNED, State.WITHDRAWN):
        wrong.append(f"{version}: {version.state} although a force refused")
    if withdrawn != (version.state == State.WITHDRAWN):
        wrong.append(f"{version}: {version.state}, withdrawn: {withdrawn}")
    if version.readers and version.state != State.RELEASED:
        wrong.append(f"{version}: read while {version.state}")
    others = Version.objects.filter(debrief=version.debrief_id).exclude(pk=version.pk)
    for states in (OPEN_STATES, (State.RELEASED,)):
        if version.state in states and others.filter(state__in=states).exists():
            wrong.append(f"{version}: two versions are {version.state}")
    return wrong


def _uneven_events() -> list[str]:
    """One audit event for each change, and none for a change that did not happen."""
    wrong = []
    for verb in _ONCE:
        events = AuditEvent.objects.filter(verb=verb)
        if events.count() != events.values("subject").distinct().count():
            wrong.append(f"{verb} is recorded twice for one version")
    with connection.cursor() as cursor:
        for verb, rows in _COUNTED.items():
            cursor.execute(
                f"SELECT (SELECT count(*) FROM portal_auditevent WHERE verb = %s), ({rows})",  # noqa: S608
                [verb],
            )
            events, changes = cursor.fetchone()
            if events != changes:
                wrong.append(f"{verb}: {events} events for {changes} changes")
    return wrong


_COUNTED = {
    "version.sent": "SELECT count(*) FROM debriefs_version WHERE sealed_at IS NOT NULL",
    "version.decided": "SELECT count(*) FROM debriefs_signoff WHERE decision <> ''",
    "version.released": "SELECT count(*) FROM debriefs_release",
    "version.superseded": "SELECT count(*) FROM debriefs_version WHERE superseded_at IS NOT NULL",
    "version.consent_withdrawn": "SELECT count(*) FROM debriefs_consentwithdrawal",
    "version.reopened": "SELECT count(*) FROM debriefs_version WHERE copied_from_id IS NOT NULL",
}
