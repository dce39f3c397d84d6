"""One lock a debrief: every move of any of its versions waits for the one before it."""

from debriefs.models import Debrief, Version


def locked(version: Version) -> Version:
    """The version as it is now, with its debrief locked until the transaction ends.

    The lock is on the debrief, so that moves of two versions of it (a release that supersedes, a
    consent that is withdrawn meanwhile) cannot cross; and on the version, so that no part can slip
    in while it is sealed. Call inside a transaction.
    """
    Debrief.objects.select_for_update(no_key=True).get(pk=version.debrief_id)
    rows = Version.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("debrief").get(pk=version.pk)
