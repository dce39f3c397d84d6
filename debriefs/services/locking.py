"""One lock a debrief: every move of any of its versions waits for the one before it."""

from debriefs.models import Debrief, Version


def locked(version: Version) -> Version:
    """The version as it is now, with its debrief locked until the transaction ends.

    The lock is on the debrief, so that moves of two versions of it (a release that supersedes, a
    consent that is withdrawn meanwhile) cannot cross. Call inside a transaction.
    """
    Debrief.objects.select_for_update(no_key=True).get(pk=version.debrief_id)
    return Version.objects.select_related("debrief").get(pk=version.pk)
