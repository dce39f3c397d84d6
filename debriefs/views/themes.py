"""Comparing what was learned: by theme, and by organisation."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from debriefs.services import learning
from debriefs.views.library import page_of_cards
from portal.models import Organisation as OrganisationRow
from portal.views.base import For, Page


class Themes(Page):
    """The programme's themes, each with how much there is to read."""

    audience = For.SIGNED_IN
    section = "themes"
    template_name = "debriefs/themes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every theme with the visitor's own counts."""
        return super().get_context_data(themes=learning.themes(self.request.user), **kwargs)


class Theme(Page):
    """What has been learned about a theme: what worked and what did not, side by side."""

    audience = For.SIGNED_IN
    section = "themes"
    template_name = "debriefs/theme.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The theme, or 404."""
        found = learning.theme(self.request.user, kwargs["key"])
        if found is None:
            raise Http404
        return super().get_context_data(reading=found, marking=found.marking, **kwargs)


class Organisations(Page):
    """Every force and agency, by region and kind."""

    audience = For.SIGNED_IN
    section = "organisations"
    template_name = "debriefs/organisations.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Organisations under their headings, with the visitor's own counts."""
        return super().get_context_data(
            headings=learning.organisations(self.request.user), **kwargs
        )


class Organisation(Page):
    """One organisation, and the debriefs of operations in which it took part."""

    audience = For.SIGNED_IN
    section = "organisations"
    template_name = "debriefs/organisation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The organisation with one page of cards, or 404."""
        visitor = self.request.user
        found = (
            OrganisationRow.objects.select_related("region", "successor")
            .filter(key=kwargs["key"])
            .first()
        )
        if found is None:
            raise Http404
        return super().get_context_data(
            organisation=found,
            predecessors=found.predecessors.all(),
            **page_of_cards(
                visitor, learning.debriefs_of(visitor, found), self.request.GET.get("page")
            ),
            **kwargs,
        )
