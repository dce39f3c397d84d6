"""What one organisation decided on one sealed version, and whether it still stands by it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from debriefs.models.version import Version
from portal.models import Organisation, Tier


class SignOff(models.Model):
    """One for each signing organisation, made at the seal; decided once, then frozen."""

    class Decided(models.TextChoices):
        """What a force can say to the exact words."""

        AGREED = "agreed", "Agreed"
        AGREED_UP_TO = "agreed_up_to", "Agreed up to a tier"
        CHANGES = "changes", "Changes wanted"
        DECLINED = "declined", "Declined"

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="signoffs")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="signoffs"
    )
    decision = models.CharField(max_length=12, choices=Decided, blank=True)
    ceiling = models.PositiveSmallIntegerField(choices=Tier, null=True, blank=True)
    embargo_until = models.DateField(null=True, blank=True)
    until_proceedings_end = models.BooleanField("embargo until proceedings end", default=False)
    statements = ArrayField(models.TextField(), default=list, blank=True)
    conditions = models.TextField(blank=True)
    remark = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signoffs",
    )

    class Meta:
        ordering = ("version", "organisation__name")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("version", "organisation"), name="one_signoff_per_organisation"
            ),
            models.CheckConstraint(
                condition=Q(
                    decision="", decided_at__isnull=True, decided_by__isnull=True, digest=""
                )
                | (
                    ~Q(decision="")
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(digest="")
                ),
                name="decided_at_with_by_and_digest",
            ),
            models.CheckConstraint(
                condition=Q(decision="agreed_up_to", ceiling__isnull=False)
                | (~Q(decision="agreed_up_to") & Q(ceiling__isnull=True)),
                name="a_ceiling_with_agreed_up_to",
            ),
            models.CheckConstraint(
                condition=Q(embargo_until__isnull=True, until_proceedings_end=False)
                | Q(decision__in=["agreed", "agreed_up_to"]),
                name="an_embargo_with_agreement",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} on {self.version}"

    @property
    def reference(self) -> str:
        """What the receipt of the decision is called, such as "OD-7K2M4P/2/bedfordshire"."""
        version = self.version
        return f"{version.debrief.reference}/{version.number}/{self.organisation.key}"

    @property
    def agrees(self) -> bool:
        """Whether the organisation said yes, with or without a ceiling."""
        return self.decision in AGREEMENTS


AGREEMENTS = (SignOff.Decided.AGREED, SignOff.Decided.AGREED_UP_TO)


class ConsentWithdrawal(models.Model):
    """A signing force took its agreement back: from that moment the version is read by nobody."""

    signoff = models.OneToOneField(SignOff, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    withdrawn_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consent_withdrawals"
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.signoff.organisation} withdrew consent"


class ProceedingsEnd(models.Model):
    """The force says that proceedings have ended, which lifts the embargo that it set until
    then."""

    signoff = models.OneToOneField(
        SignOff, on_delete=models.PROTECT, related_name="proceedings_end"
    )
    said_at = models.DateTimeField(default=timezone.now, editable=False)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proceedings_ends"
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.signoff.organisation} said that proceedings ended"
