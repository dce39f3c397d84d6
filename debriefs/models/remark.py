"""What is said about a version by those who check or sign it, and never shared with its readers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from debriefs.models.version import Version
from portal.models import Organisation


class Remark(models.Model):
    """A remark on one part of a version, or on the whole, until the authors resolve it.

    Without an organisation it is the team's own, made while checking. With one it is that signing
    force's: its signatories and the team read it, and no other force.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="remarks")
    part = models.UUIDField(null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="remarks"
    )
    words = models.TextField()
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="remarks"
    )
    answer = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="resolved_remarks",
    )

    class Meta:
        ordering = ("version", "made_at", "pk")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True, answer="")
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="resolved_at_with_by",
            ),
        )

    def __str__(self) -> str:
        return f"Remark on {self.version}"


class Acceptance(models.Model):
    """Somebody of the team stands by words that look as if they identify a person, and says why.

    Holds for every finding of the same kind and words in the version. Checker and signatories see
    it; the seal freezes it.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="acceptances")
    kind = models.CharField(max_length=24)
    words = models.TextField()
    reason = models.TextField()
    accepted_at = models.DateTimeField(default=timezone.now, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acceptances"
    )

    class Meta:
        ordering = ("version", "accepted_at", "pk")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("version", "kind", "words"), name="one_acceptance_per_warning"
            ),
        )

    def __str__(self) -> str:
        return f"Accepted in {self.version}"
