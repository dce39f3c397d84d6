"""Whether a released debrief still holds, asked of its owner from time to time."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from debriefs.models.debrief import Debrief


class Review(models.Model):
    """One question to the owner: due on a day, and then answered once."""

    class Outcome(models.TextChoices):
        """What the owner said."""

        HOLDS = "holds", "It still holds"
        REVISE = "revise", "It needs a new version"
        WITHDRAW = "withdraw", "It should no longer be shared"

    debrief = models.ForeignKey(Debrief, on_delete=models.PROTECT, related_name="reviews")
    due_on = models.DateField()
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    note = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
    )

    class Meta:
        ordering = ("due_on", "pk")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("debrief",), condition=Q(outcome=""), name="one_open_review"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", done_at__isnull=True, done_by__isnull=True)
                | (~Q(outcome="") & Q(done_at__isnull=False, done_by__isnull=False)),
                name="reviewed_at_with_by_and_outcome",
            ),
        )

    def __str__(self) -> str:
        return f"{self.debrief}, review of {self.due_on}"
