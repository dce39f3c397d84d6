"""Everything that a debrief says at one point, and where that point is in its life."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from debriefs.models.debrief import Debrief
from debriefs.models.vocabulary import (
    Band,
    Country,
    DebriefKind,
    ExploitationType,
    Marking,
    Offence,
    ParticipationPart,
    Proceedings,
    Theme,
)
from debriefs.querysets import VersionQuerySet
from debriefs.workflow import OPEN_STATES, SEALED_STATES, State
from portal.models import Organisation, Tier


class Version(models.Model):
    """Facts, themes and parts of a debrief; open while drafting, sealed for good once sent to
    forces.

    The columns fall into three kinds. What is said: frozen by the database once `sealed_at` is set.
    Where it is in its life: written by services. What follows from both (`ceiling`,
    `embargo_until`, `until_proceedings_end`, `readers`, `facts_readers`, `former_readers`): worked
    out by a trigger whenever the row is written; assigning to them has no effect.

    `revision` counts the saves of a draft. `facts_written_in` and `parts_written_in` (which parts
    there are, and their order) are the revisions in which those were last written, as
    `Part.written_in` is for a part: two people may write different things at once.
    """

    debrief = models.ForeignKey(Debrief, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies"
    )

    # What is said, to everyone who may read the version at all
    title = models.CharField(max_length=160)
    summary = models.TextField(blank=True)
    marking = models.CharField(max_length=20, choices=Marking, default=Marking.OFFICIAL)
    handling = models.CharField("handling instruction", max_length=300, blank=True)
    reach = models.PositiveSmallIntegerField(choices=Tier, default=Tier.POLICING)

    # The facts, to those within `facts_reach`
    facts_reach = models.PositiveSmallIntegerField(choices=Tier, default=Tier.POLICING)
    kind = models.CharField(
        "kind of debrief", max_length=16, choices=DebriefKind, default=DebriefKind.STRUCTURED
    )
    operation_from = models.DateField(null=True, blank=True)
    operation_until = models.DateField(null=True, blank=True)
    debriefed_on = models.DateField(null=True, blank=True)
    exploitation = models.ManyToManyField(ExploitationType, related_name="versions", blank=True)
    offences = models.ManyToManyField(Offence, related_name="versions", blank=True)
    countries = models.ManyToManyField(Country, related_name="versions", blank=True)
    themes = models.ManyToManyField(Theme, related_name="versions", blank=True)
    victims = models.CharField(max_length=12, choices=Band, default=Band.NOT_KNOWN)
    suspects = models.CharField(max_length=12, choices=Band, default=Band.NOT_KNOWN)
    charged = models.PositiveSmallIntegerField(null=True, blank=True)
    convicted = models.PositiveSmallIntegerField(null=True, blank=True)
    sentence_months = models.PositiveIntegerField(
        "total sentence in months", null=True, blank=True, validators=[MaxValueValidator(24_000)]
    )
    proceedings = models.CharField(
        max_length=16, choices=Proceedings, default=Proceedings.NOT_STATED
    )
    talk_title = models.CharField(max_length=160, blank=True)
    talk_speaker_role = models.CharField(max_length=120, blank=True)
    talk_url = models.URLField(blank=True)
    talk_minutes = models.PositiveSmallIntegerField(null=True, blank=True)

    # Where it is in its life
    state = models.CharField(max_length=16, choices=State.choices(), default=State.DRAFTING.value)
    revision = models.PositiveIntegerField(default=1)
    facts_written_in = models.PositiveIntegerField(default=1)
    parts_written_in = models.PositiveIntegerField(default=1)
    contributors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="contributed_versions", blank=True
    )
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="started_versions"
    )
    sent_back_for = models.TextField(blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="checked_versions",
    )
    sealed_at = models.DateTimeField(null=True, blank=True)
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sealed_versions",
    )
    digest = models.CharField(max_length=64, blank=True)
    due_on = models.DateField("decisions due", null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    # What follows from both: see migration 0002_guard_versions
    ceiling = models.PositiveSmallIntegerField(choices=Tier, null=True, editable=False)
    embargo_until = models.DateField(null=True, editable=False)
    until_proceedings_end = models.BooleanField(default=False, editable=False)
    readers = ArrayField(models.IntegerField(), default=list, editable=False)
    facts_readers = ArrayField(models.IntegerField(), default=list, editable=False)
    former_readers = ArrayField(models.IntegerField(), default=list, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ("debrief", "-number")
        default_permissions = ()
        permissions = (
            ("sign_version", "Decide on the version for a signing force"),
            ("read_version", "Read the version while it is shared"),
        )
        indexes = (
            GinIndex(fields=("readers",), name="version_readers"),
            GinIndex(fields=("facts_readers",), name="version_facts_readers"),
            models.Index(fields=("-released_at",), name="version_newest"),
        )
        constraints = (
            models.UniqueConstraint(fields=("debrief", "number"), name="one_version_per_number"),
            models.UniqueConstraint(
                fields=("debrief",),
                condition=Q(state=State.RELEASED.value),
                name="one_released_version",
            ),
            models.UniqueConstraint(
                fields=("debrief",),
                condition=Q(state__in=[state.value for state in OPEN_STATES]),
                name="one_open_version",
            ),
            models.CheckConstraint(
                condition=Q(facts_reach__lte=F("reach")),
                name="facts_travel_no_further",
                violation_error_message="The facts cannot travel further than the version.",
            ),
            models.CheckConstraint(
                condition=Q(reach__in=Tier.values, facts_reach__in=Tier.values),
                name="version_reach_is_a_tier",
            ),
            models.CheckConstraint(
                condition=Q(talk_url="") | Q(talk_url__regex=r"^https?://"),
                name="a_talk_is_on_the_web",
                violation_error_message="Give the talk's address as https://…",
            ),
            models.CheckConstraint(
                condition=Q(operation_until__isnull=True)
                | Q(operation_from__isnull=True)
                | Q(operation_until__gte=F("operation_from")),
                name="operation_ends_after_it_begins",
                violation_error_message="The operation cannot end before it began.",
            ),
            models.CheckConstraint(
                condition=Q(convicted__isnull=True)
                | Q(charged__isnull=True)
                | Q(convicted__lte=F("charged")),
                name="no_more_convicted_than_charged",
                violation_error_message="More people are convicted than were charged.",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="checked_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(discarded_at__isnull=False, state=State.DISCARDED.value)
                | (Q(discarded_at__isnull=True) & ~Q(state=State.DISCARDED.value)),
                name="discarded_at_while_discarded",
            ),
            models.CheckConstraint(
                condition=Q(
                    sealed_at__isnull=True,
                    sealed_by__isnull=True,
                    digest="",
                    state__in=[state.value for state in State if state not in SEALED_STATES],
                )
                | Q(
                    sealed_at__isnull=False,
                    sealed_by__isnull=False,
                    digest__regex=r"^[0-9a-f]{64}$",
                    checked_at__isnull=False,
                    state__in=[state.value for state in SEALED_STATES],
                ),
                name="sealed_with_digest_and_check",
            ),
        )

    def __str__(self) -> str:
        return f"{self.debrief}, version {self.number}"

    def get_absolute_url(self) -> str:
        """The page of exactly this version, for those who make or sign it."""
        return reverse("debriefs:version", args=[self.debrief.slug, self.number])

    @property
    def is_sealed(self) -> bool:
        """Whether its words can no longer change."""
        return self.sealed_at is not None


class Participation(models.Model):
    """An organisation's part in the operation, and whether it signs for what is said."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="participations"
    )
    part = models.CharField(max_length=12, choices=ParticipationPart)
    signs = models.BooleanField(default=True)

    class Meta:
        ordering = ("-signs", "part", "organisation__name")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "organisation"), name="an_organisation_takes_part_once"
            ),
            models.UniqueConstraint(
                fields=("version",), condition=Q(part=ParticipationPart.LEAD), name="one_lead"
            ),
            models.CheckConstraint(
                condition=~Q(part__in=["lead", "supporting"]) | Q(signs=True),
                name="forces_that_took_part_sign",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} ({self.get_part_display()})"
