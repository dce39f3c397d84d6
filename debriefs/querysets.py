"""The domain words that narrow a list: `visible_to` and its kin.

Reading asks the arrays that the database keeps beside each version and part, never the grants: so a
page, a list, a count and a facet cannot disagree. Writing and signing ask the grants, through
`permissions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from portal.standing import Visitor, groups_of

if TYPE_CHECKING:
    from debriefs.models import Part, Version  # noqa: F401 - named in the base classes


class VersionQuerySet(models.QuerySet["Version"]):
    """Versions."""

    def visible_to(self, visitor: Visitor) -> VersionQuerySet:
        """Those that are shared with a group of the visitor's, now."""
        return self.filter(readers__overlap=groups_of(visitor))

    def once_visible_to(self, visitor: Visitor) -> VersionQuerySet:
        """Those that were shared with a group of the visitor's and no longer are."""
        return self.filter(former_readers__overlap=groups_of(visitor))

    def facts_visible_to(self, visitor: Visitor) -> VersionQuerySet:
        """Those of which the visitor may read the facts too; every filter and count on a fact
        starts here."""
        return self.filter(facts_readers__overlap=groups_of(visitor))


class PartQuerySet(models.QuerySet["Part"]):
    """Parts."""

    def visible_to(self, visitor: Visitor) -> PartQuerySet:
        """Those of shared versions that are within the reach of a group of the visitor's."""
        return self.filter(readers__overlap=groups_of(visitor))
