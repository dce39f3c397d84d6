"""The identity that all versions of one debrief share: what never changes about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from debriefs.workflow import OPEN_STATES, State
from portal.models import Organisation

if TYPE_CHECKING:
    from debriefs.models.version import Version


class Debrief(models.Model):
    """A debrief of one operation. What it says stands in its versions.

    At most one version is open and at most one is released: constraints of `Version` see to it, so
    both are looked up rather than pointed at, and can never point wrong.
    """

    reference = models.CharField(max_length=12, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    operation = models.CharField("operation name", max_length=80)
    invented = models.BooleanField("invented for demonstration", default=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="owned_debriefs")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="started_debriefs"
    )
    started_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("operation",)
        default_permissions = ()
        permissions = (
            ("write_debrief", "Write the debrief and have it checked"),
            ("release_debrief", "Send the debrief to forces and share it"),
        )

    def __str__(self) -> str:
        return f"Operation {self.operation}"

    def get_absolute_url(self) -> str:
        """The page on which the debrief is read."""
        return reverse("debriefs:debrief", args=[self.slug])

    @property
    def open_version(self) -> Version | None:
        """The version that is being written, checked, signed, or waits to be shared."""
        return self.versions.filter(state__in=OPEN_STATES).first()

    @property
    def released_version(self) -> Version | None:
        """The version that is shared now."""
        return self.versions.filter(state=State.RELEASED).first()
