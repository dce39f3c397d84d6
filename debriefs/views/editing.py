"""What pages on which somebody types have in common: nothing that was typed is lost.

A script sends the same form as the button does, with `X-Editor: save`, or `autosave` by itself, and
is answered in JSON: where to go, the new revision, or why not. What it has not got answered it
keeps in the browser, under a name and with a key that the page gives it (`static/js/autosave.js`).
"""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from debriefs.views.base import WorkPage
from portal.models import User


def kept_for(person: User, what: str) -> dict[str, str]:
    """The name and the key under which the person's browser keeps what was typed into `what`.

    The key follows from the portal's secret and the person: whoever sits down at the same computer
    next is given another, and can make nothing of what is kept.
    """
    key = salted_hmac("debriefs.views.editing.kept", str(person.pk), algorithm="sha256").digest()
    return {
        "name": f"{person.pk}:{what}",
        "key": base64.b64encode(key).decode(),
        "sign_in": reverse("account_login"),
    }


class EditingPage(WorkPage, abstract=True):
    """A page on which somebody types."""

    section: ClassVar[str] = "drafts"

    @property
    def how(self) -> str:
        """`save` or `autosave` where a script sends the form; empty for the form itself."""
        how = self.request.headers.get("X-Editor", "")
        return how if how in ("save", "autosave") else ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As every page; to a script in JSON."""
        response = super().dispatch(request, *args, **kwargs)
        if request.method == "POST" and self.how and isinstance(response, HttpResponse):
            return self.told(response)
        return response

    def told(self, response: HttpResponse) -> HttpResponse:
        """The answer, in JSON."""
        if response.status_code == 303:
            return JsonResponse({"next": response.headers["Location"], **self.saved()})
        if response.status_code == 409:
            last = (getattr(response, "context_data", None) or {}).get("last")
            mine = last and last.by_id == self.person.pk
            reason = "You changed this in another window" if mine else "Someone else changed this"
            return JsonResponse({"reason": reason}, status=409)
        if response.status_code == 422:
            errors = response.context_data["form"].errors  # type: ignore[attr-defined]
            reason = next((message for messages in errors.values() for message in messages), "")
            return JsonResponse({"reason": reason}, status=422)
        return response

    def forbidden(self, reason: str) -> HttpResponse:
        """Why not, on a page or in JSON."""
        if self.request.method == "POST" and self.how:
            return JsonResponse({"reason": reason}, status=403)
        return super().forbidden(reason)

    def saved(self) -> dict[str, Any]:
        """What a script is told when everything is saved: when, and in which revision."""
        del self.version  # as it is now
        return {
            "saved": f"Saved {timezone.localtime():%H:%M}",
            "revision": self.version.revision,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds under what the browser keeps what is typed."""
        return super().get_context_data(keep=kept_for(self.person, self.request.path), **kwargs)
