"""What people looked for: their own searches, what found nothing, and what they asked the team."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

#: Characters of a search; a longer one is cut off here, as the search itself does.
LONGEST = 600


class RecentSearch(models.Model):
    """A person searched for these words, last at this time. Nobody else is told, and they can
    clear it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recent_searches"
    )
    words = models.CharField(max_length=LONGEST)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint("person", Lower("words"), name="a_search_is_remembered_once"),
        )

    def __str__(self) -> str:
        return f"Search {self.pk}"


class SavedSearch(models.Model):
    """A search that a person keeps under a name: the words and the filters, never what they found.

    With alerts, what has come to match since then is told.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(max_length=80)
    words = models.CharField(max_length=LONGEST, blank=True)
    narrowing = models.JSONField(default=dict, blank=True)
    saved_at = models.DateTimeField(default=timezone.now, editable=False)
    alerts_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = (Lower("name"), "pk")
        default_permissions = ()
        indexes = (
            models.Index(
                fields=("person",), condition=Q(alerts_since__isnull=False), name="with_alerts"
            ),
        )
        constraints = (
            models.UniqueConstraint("person", Lower("name"), name="a_name_for_one_search"),
            models.CheckConstraint(
                condition=~Q(words="") | ~Q(narrowing={}), name="a_saved_search_asks_something"
            ),
        )

    def __str__(self) -> str:
        return f"Saved search {self.pk}"

    @property
    def alerts(self) -> bool:
        """Whether the person is told when something new matches."""
        return self.alerts_since is not None


class NothingFound(models.Model):
    """On this day these words found nothing, so many times. Who asked is not known, nor at what
    hour."""

    words = models.CharField(max_length=200)
    day = models.DateField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-day", "words")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("words", "day"), name="counted_once_a_day"),)

    def __str__(self) -> str:
        return f"Nothing found {self.pk}"


class Question(models.Model):
    """A person asks the project team what the search did not answer; the team answers once."""

    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="questions"
    )
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    words = models.CharField(max_length=LONGEST, blank=True)
    text = models.TextField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_questions",
    )

    class Meta:
        ordering = ("-asked_at", "-pk")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="answered_at_with_by_and_answer",
            ),
        )

    def __str__(self) -> str:
        return f"Question {self.pk}"
