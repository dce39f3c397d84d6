"""Something a person should know, in the portal and by e-mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from debriefs.models.debrief import Debrief
from debriefs.models.searches import Question, SavedSearch
from debriefs.models.version import Version


class Notice(models.Model):
    """Told once to one person: `key` says what it is about, so that telling twice is telling once.

    It holds no words of the debrief. What a notice of a kind says stands in `debriefs/notices.py`.
    The row is the outbox as well: `mail` says how far its e-mail has come.
    """

    class Mail(models.TextChoices):
        """How far the e-mail has come. One that was begun and never finished is not sent again by
        itself: nobody knows whether it went out."""

        WAITING = "waiting", "Waiting to be sent"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Could not be sent"
        DROPPED = "dropped", "Not sent: the person may no longer see it"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices"
    )
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    debrief = models.ForeignKey(
        Debrief, on_delete=models.CASCADE, null=True, blank=True, related_name="notices"
    )
    version = models.ForeignKey(
        Version, on_delete=models.CASCADE, null=True, blank=True, related_name="notices"
    )
    search = models.ForeignKey(
        SavedSearch, on_delete=models.CASCADE, null=True, blank=True, related_name="notices"
    )
    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, null=True, blank=True, related_name="notices"
    )
    detail = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True)

    mail = models.CharField(max_length=8, choices=Mail, default=Mail.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-pk",)
        default_permissions = ()
        indexes = (
            models.Index(
                fields=("person",), condition=Q(read_at__isnull=True), name="unread_notices"
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("person", "key"), name="each_person_is_told_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} for {self.person}"
