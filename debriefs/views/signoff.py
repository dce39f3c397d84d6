"""What the pages about one sign-off share: how it is found, who may, and what was typed."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from debriefs import permissions
from debriefs.forms.signing import DecisionForm
from debriefs.models import SignOff
from debriefs.rules import Rule
from debriefs.services import queue
from portal.models import User
from portal.views.base import For, FormPage, Page


class SignOffPage(Page, abstract=True):
    """A page about what one force is asked or has answered, for its signatories alone: who may not
    see that finds nothing (404)."""

    audience = For.SIGNED_IN
    section = "signing"
    rule: ClassVar[Rule[SignOff]]

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
    def signoff(self) -> SignOff:
        """The sign-off at this address; raises Http404 for who may not see it."""
        found = (
            permissions.can_read_signoff.things(self.person)
            .filter(
                version__debrief__slug=self.kwargs["slug"],
                version__number=self.kwargs["number"],
                organisation__key=self.kwargs["force"],
            )
            .select_related("organisation", "version__debrief__owner", "decided_by")
            .first()
        )
        if found is None:
            raise Http404
        return found

    def to(self, page: str, fragment: str = "") -> HttpResponseRedirect:
        """The way to another page about the same sign-off."""
        where = queue.address(page, self.signoff) + (f"#{fragment}" if fragment else "")
        return HttpResponseRedirect(where, status=303)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the sign-off, its version and force, and the marking of the page."""
        version = self.signoff.version
        return super().get_context_data(
            signoff=self.signoff,
            version=version,
            debrief=version.debrief,
            force=self.signoff.organisation,
            marking=version.marking,
            handling=version.handling,
            **kwargs,
        )


class SignOffForm(SignOffPage, FormPage, abstract=True):
    """Such a page with a form: `rule` says who may use it, and anyone else who sees the sign-off is
    told why not (403)."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, unless there is a better one to be at."""
        return self.instead() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the form asks for, unless it is too late for it."""
        return self.instead() or super().post(request, *args, **kwargs)

    def instead(self) -> HttpResponse | None:
        """What is answered in place of this page, before its rule is asked."""
        return None

    def get_form_kwargs(self) -> dict[str, Any]:
        """Asks the rule first: no form is shown, and none answered, to who may not."""
        self.rule.require(self.person, self.signoff)
        return super().get_form_kwargs()


class Typed:
    """What a signatory typed into the decision, kept in their session until it is signed: a wrong
    password, a remark or a look elsewhere loses nothing."""

    def __init__(self, request: HttpRequest, signoff: SignOff) -> None:
        self._session, self._key = request.session, f"typed-{signoff.pk}"

    def keep(self, data: QueryDict) -> None:
        """Keep what the form was sent with, and nothing else of the page."""
        names = DecisionForm.base_fields
        self._session[self._key] = [
            (name, values)
            for name, values in data.lists()
            if name in names or name.rpartition("_")[0] in names
        ]

    def forget(self) -> None:
        """It is signed."""
        self._session.pop(self._key, None)

    @property
    def data(self) -> QueryDict | None:
        """What was typed, as a form is sent; None where nothing was."""
        kept = self._session.get(self._key)
        if kept is None:
            return None
        data = QueryDict(mutable=True)
        for name, values in kept:
            data.setlist(name, values)
        return data

    @property
    def initial(self) -> dict[str, Any]:
        """What was typed, for a form that has not been sent yet."""
        data = self.data
        if data is None:
            return {}
        return {
            name: field.widget.value_from_datadict(data, {}, name)
            for name, field in DecisionForm.base_fields.items()
        }
