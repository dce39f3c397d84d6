"""Guardian's grants, in tables of their own with real foreign keys, so that none can outlive its
object.

Grants are made to groups only; there is no table for grants to persons. `debriefs/permissions.py`
is the one place that reads and writes them.
"""

from django.db import models
from guardian.models import GroupObjectPermissionBase


class DebriefGroupObjectPermission(GroupObjectPermissionBase):
    """Who makes a debrief: `write_debrief`, and for editors `release_debrief`."""

    content_object = models.ForeignKey("debriefs.Debrief", on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        verbose_name = "grant on a debrief"
        verbose_name_plural = "grants on debriefs"


class VersionGroupObjectPermission(GroupObjectPermissionBase):
    """Who signs a sealed version (`sign_version`) and who reads a released one (`read_version`)."""

    content_object = models.ForeignKey("debriefs.Version", on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        verbose_name = "grant on a version"
        verbose_name_plural = "grants on versions"
