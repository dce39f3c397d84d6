"""Where everyone arrives: what waits for me, what is new; for the signed-out, what this is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser

from debriefs.services import learning, listing, tasks
from debriefs.services.marking import highest
from portal.models import User
from portal.standing import belongs_somewhere
from portal.views.base import For, Page

NEWEST = 6
RESUME = 3
TASKS = 10


class Home(Page):
    """Home of a signed-in person, and the welcome of everyone else."""

    audience = For.ANYONE
    section = "home"

    def get_template_names(self) -> list[str]:
        """Two pages at one address."""
        return [
            "debriefs/home.html" if self.request.user.is_authenticated else "portal/welcome.html"
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tasks, what is new, what was read last; or the newest public summaries."""
        person = self.request.user
        if not isinstance(person, User):
            return super().get_context_data(
                summaries=listing.newest(AnonymousUser(), NEWEST), **kwargs
            )
        waiting = tasks.waiting_for(person)
        newest = listing.newest(person, NEWEST)
        resume = listing.read_last(person, RESUME)
        return super().get_context_data(
            tasks=waiting[:TASKS],
            more=len(waiting[TASKS:]),
            newest=newest,
            resume=resume,
            marking=highest(
                [
                    *(task.marking for task in waiting[:TASKS]),
                    *(card.marking for card in newest + resume),
                ]
            ),
            in_a_group=belongs_somewhere(person),
            themes=learning.themes(person),
            **kwargs,
        )
