"""What surrounds a draft while it is written: its saves, and who is at it. Gone once sealed."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from debriefs.models.version import Version


class Save(models.Model):
    """Everything a draft said after it was saved, so that it can be compared with and restored.

    Deleted when the version is sealed: a name that was taken out must not live on in a history.
    """

    class What(models.TextChoices):
        """What was saved."""

        FACTS = "facts", "Facts"
        ADDED = "added", "Part added"
        PART = "part", "Part"
        REMOVED = "removed", "Part removed"
        ORDER = "order", "Order of parts"
        RESTORED = "restored", "Restored"

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="saves")
    revision = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="draft_saves"
    )
    what = models.CharField(max_length=8, choices=What)
    part = models.UUIDField(null=True, blank=True)
    automatic = models.BooleanField(default=False)
    content = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ("version", "-revision")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("version", "revision"), name="one_save_per_revision"),
        )

    def __str__(self) -> str:
        return f"{self.version}, revision {self.revision}"


class Presence(models.Model):
    """A person was at a draft a moment ago, and at which part. No change, so not recorded."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presences"
    )
    part = models.UUIDField(null=True, blank=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("version", "user"), name="a_person_is_at_one_place"),
        )

    def __str__(self) -> str:
        return f"{self.user} at {self.version}"
