"""What the pages of the work on a debrief have in common: how the version is found, and who may.

A page says which rule opens it, or it cannot be imported. Who may not even see the version finds
nothing (404); who sees it but may not do this is told why (403).
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.http import Http404, HttpRequest

from debriefs import permissions
from debriefs.exceptions import Conflict, Moved, Refused
from debriefs.models import Version
from debriefs.rules import Rule
from debriefs.workflow import State
from portal.models import User
from portal.views.base import For, FormPage

#: The methods of a page of work that has no form.
READ_ONLY: Any = ["get", "head", "options"]


class WorkPage(FormPage, abstract=True):
    """A page of the work on one version, found by the slug of its debrief (and, where the address
    has one, its `number`).

    `sees` says who finds the page, `rule` who may use it, `states` in which states of the version
    there is such a page at all; a version in one of the states that it `prefers` is taken before a
    newer one.
    """

    audience = For.SIGNED_IN
    section = "desk"
    sees: ClassVar[Rule[Version]] = permissions.can_work_on
    rule: ClassVar[Rule[Version]]
    states: ClassVar[tuple[State, ...]] = tuple(State)
    prefers: ClassVar[tuple[State, ...]] = ()

    def __init_subclass__(cls, *, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(abstract=abstract, **kwargs)
        if not abstract and not isinstance(getattr(cls, "rule", None), Rule):
            raise TypeError(f"{cls.__name__} does not say which rule opens it: set rule.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Remembers who asks."""
        super().setup(request, *args, **kwargs)
        if isinstance(request.user, User):
            self.person = request.user

    @cached_property
    def version(self) -> Version:
        """The version that the page is about: of several the newest, or the newest it prefers.

        Raises Http404 for who may not see one, and Refused, with the reason, for who may not use
        the page.
        """
        found = self.sees.things(self.person).filter(
            debrief__slug=self.kwargs["slug"], state__in=[state.value for state in self.states]
        )
        if "number" in self.kwargs:
            found = found.filter(number=self.kwargs["number"])
        newest = found.select_related("debrief").order_by("-number")
        preferred = newest.filter(state__in=[state.value for state in self.prefers]).first()
        version = preferred or newest.first()
        if version is None:
            raise Http404
        self.rule.require(self.person, version)
        return version

    def get_form_kwargs(self) -> dict[str, Any]:
        """Finds the version first: no form is shown, and none answered, for what is not there."""
        self.version  # noqa: B018 - raises
        return super().get_form_kwargs()

    def refused(self, form: Any, refusal: Refused) -> int:
        """409 where the version is not what was on the screen any more."""
        status = super().refused(form, refusal)
        return 409 if isinstance(refusal, Conflict | Moved) else status

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the version, its debrief, and the marking of the page."""
        version = self.version
        return super().get_context_data(
            version=version,
            debrief=version.debrief,
            marking=version.marking,
            handling=version.handling,
            **kwargs,
        )
