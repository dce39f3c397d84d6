"""What every page is made of. A page says who it is for, or it cannot be imported."""

from __future__ import annotations

from enum import Enum
from typing import Any, ClassVar

from django.contrib.auth.decorators import login_not_required
from django.views.generic import TemplateView


class For(Enum):
    """Who may open a page at all; what they find on it is decided by what they may read."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"


class Page(TemplateView):
    """A page that shows something and changes nothing.

    Subclasses declare `audience`. It is deliberately without a default: a page that forgets it
    fails when it is imported, not when it leaks.
    """

    audience: ClassVar[For]
    http_method_names: ClassVar[list[str]] = ["get", "head", "options"]  # type: ignore[misc]
    section: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not isinstance(getattr(cls, "audience", None), For):
            raise TypeError(f"{cls.__name__} does not say who it is for: set audience.")

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """The view; sign-in is required by middleware unless the page is for anyone."""
        view = super().as_view(**initkwargs)
        return login_not_required(view) if cls.audience is For.ANYONE else view

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds `section`, the entry of the navigation under which the page stands."""
        return super().get_context_data(section=self.section, **kwargs)
