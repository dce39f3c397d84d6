"""Pages of words alone."""

from __future__ import annotations

from portal.views.base import For, Page


class About(Page):
    """What the portal is, and how sharing works."""

    audience = For.ANYONE
    section = "about"
    template_name = "portal/about.html"


class Contact(Page):
    """Whom to ask, and what to do when something is wrong."""

    audience = For.ANYONE
    template_name = "portal/contact.html"


class Accessibility(Page):
    """The accessibility statement."""

    audience = For.ANYONE
    template_name = "portal/accessibility.html"
