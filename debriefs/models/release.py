"""A version shared with a sharing group, and what one editor proposes to another to share."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from debriefs.models.version import Version
from portal.models import SharingGroup


class Release(models.Model):
    """Shared with one group from a moment, until it was withdrawn from that group with a reason."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="releases")
    sharing_group = models.ForeignKey(
        SharingGroup, on_delete=models.PROTECT, related_name="releases"
    )
    released_at = models.DateTimeField(default=timezone.now, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="releases"
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposed_releases",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="withdrawn_releases",
    )
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("version", "sharing_group")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("version", "sharing_group"),
                condition=Q(withdrawn_at__isnull=True),
                name="one_live_release_per_group",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(reason="")),
                name="withdrawn_at_with_by_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True) | ~Q(proposed_by=F("released_by")),
                name="a_second_editor_confirms",
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} to {self.sharing_group}"


class ReleaseProposal(models.Model):
    """One editor wants to share a version beyond policing; a second one has to confirm it."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="release_proposals")
    sharing_group = models.ForeignKey(
        SharingGroup, on_delete=models.PROTECT, related_name="release_proposals"
    )
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="release_proposals"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("proposed_at",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("version", "sharing_group"),
                condition=Q(closed_at__isnull=True),
                name="one_open_proposal_per_group",
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} to {self.sharing_group}, proposed"
