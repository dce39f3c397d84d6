"""One section or one lesson of a version."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from debriefs.models.version import Version
from debriefs.models.vocabulary import Evidence, Heading, Reader, Theme, Worked
from debriefs.querysets import PartQuerySet
from portal.models import Tier


class Part(models.Model):
    """A section (a heading and its text) or a lesson (what was observed, why it mattered, what to
    do).

    `identity` is the same for the same part in every version. HTML and plain text are rendered
    once, when the words are written (`debriefs/text.py`), so that what is read is what was signed.
    `readers` is worked out by a trigger: those readers of the version whose group's tier is within
    the part's reach.
    """

    class Kind(models.TextChoices):
        """A section tells; a lesson teaches."""

        SECTION = "section", "Section"
        LESSON = "lesson", "Lesson"

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="parts")
    identity = models.UUIDField(default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    reach = models.PositiveSmallIntegerField(choices=Tier, default=Tier.POLICING)
    heading = models.CharField(max_length=24, choices=Heading, blank=True)
    title = models.CharField(max_length=160)

    markdown = models.TextField(blank=True)
    html = models.TextField(blank=True, editable=False)
    text = models.TextField(blank=True, editable=False)

    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="lessons"
    )
    observed = models.TextField(blank=True)
    observed_html = models.TextField(blank=True, editable=False)
    mattered = models.TextField(blank=True)
    mattered_html = models.TextField(blank=True, editable=False)
    action = models.TextField(blank=True)
    action_html = models.TextField(blank=True, editable=False)
    roles = ArrayField(models.CharField(max_length=32, choices=Reader), default=list, blank=True)
    evidence = models.CharField(max_length=10, choices=Evidence, blank=True)
    worked = models.CharField(max_length=8, choices=Worked, blank=True)

    written_in = models.PositiveIntegerField(default=1, editable=False)

    readers = ArrayField(models.IntegerField(), default=list, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ("version", "position")
        default_permissions = ()
        indexes = (
            GinIndex(fields=("readers",), name="part_readers"),
            models.Index(fields=("identity",), name="part_identity"),
        )
        constraints = (
            models.UniqueConstraint(fields=("version", "identity"), name="a_part_stands_once"),
            models.UniqueConstraint(
                fields=("version", "position"),
                deferrable=models.Deferrable.DEFERRED,
                name="one_part_at_each_position",
            ),
            models.UniqueConstraint(
                fields=("version", "heading"),
                condition=~Q(heading=""),
                name="one_section_per_heading",
                violation_error_message="There is a section under this heading already.",
            ),
            models.CheckConstraint(condition=Q(reach__in=Tier.values), name="part_reach_is_a_tier"),
            models.CheckConstraint(
                condition=Q(kind="section", theme__isnull=True, observed="", mattered="", action="")
                | Q(kind="lesson", heading="", markdown=""),
                name="a_part_is_a_section_or_a_lesson",
                violation_error_message="A section has a text; a lesson has a theme and texts.",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def anchor(self) -> str:
        """The fragment under which the part is found on the page, the same in every version."""
        return f"{self.kind}-{self.identity.hex[:8]}"

    @property
    def role_names(self) -> list[str]:
        """The roles the lesson is for, in words."""
        return [Reader(role).label for role in self.roles]
