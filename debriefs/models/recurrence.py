"""That a lesson was learned before: which earlier lesson the team says it repeats."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from debriefs.models.debrief import Debrief


class Recurrence(models.Model):
    """What a lesson tells happened before, in an earlier lesson of another debrief.

    Both are named by the identity of their part, which is the same in every version: so the link
    stands while versions follow each other. It is the team's statement beside the words, and no
    part of what is signed; it goes with the debrief of the lesson.
    """

    debrief = models.ForeignKey(Debrief, on_delete=models.CASCADE, related_name="recurrences")
    lesson = models.UUIDField(editable=False)
    earlier = models.UUIDField(editable=False)
    linked_at = models.DateTimeField(default=timezone.now, editable=False)
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recurrences"
    )

    class Meta:
        ordering = ("linked_at", "pk")
        default_permissions = ()
        indexes = (models.Index(fields=("earlier",), name="recurrence_earlier"),)
        constraints = (
            models.UniqueConstraint(fields=("lesson", "earlier"), name="linked_once"),
            models.CheckConstraint(
                condition=~Q(lesson=F("earlier")), name="no_lesson_repeats_itself"
            ),
        )

    def __str__(self) -> str:
        return f"Recurrence {self.pk}"
