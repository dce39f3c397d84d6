"""Deciding for a force: the queue, the version with what changed, and the check before signing.

What a force can do about what it decided stands in `signed.py`, and what all these pages have in
common in `signoff.py`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from debriefs import permissions
from debriefs.exceptions import Moved, Refused
from debriefs.forms.fields import row_number
from debriefs.forms.signing import DecisionForm
from debriefs.models import Remark, SignOff
from debriefs.services import asked, queue, receipts, remarks, signing
from debriefs.services.marking import highest
from debriefs.views.signoff import SignOffForm, Typed
from debriefs.workflow import State
from portal.accounts import PasswordForm
from portal.views.base import For, Page

PER_PAGE = 20


class Queue(Page):
    """What waits for the visitor's forces, what they consent to, and what they decided before."""

    audience = For.SIGNED_IN
    section = "signing"
    template_name = "debriefs/signing/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The three lists; empty ones for someone who signs for no force."""
        person = self.request.user
        waiting, consented = queue.waiting(person), queue.consented(person)
        page = Paginator(queue.decided(person), PER_PAGE).get_page(self.request.GET.get("page"))
        shown = [row.version.marking for row in waiting]
        shown += [row.version.marking for row in consented]
        shown += [signoff.version.marking for signoff in page.object_list]
        return super().get_context_data(
            waiting=waiting, consented=consented, page_obj=page, marking=highest(shown), **kwargs
        )


class UndecidedPage(SignOffForm, abstract=True):
    """A page on the way to a decision; past it, the receipt, or what waits now."""

    def instead(self) -> HttpResponse | None:
        """The receipt once the force has decided; 409 once the version is no longer waiting."""
        signoff = self.signoff
        if signoff.decision:
            return self._decided(signoff)
        if signoff.version.state != State.WITH_FORCES:
            return self.moved("")
        return None

    def _decided(self, signoff: SignOff) -> HttpResponse:
        """To the receipt; whoever comes second is told who was first."""
        Typed(self.request, signoff).forget()
        by = signoff.decided_by
        if self.request.method == "POST" and by and signoff.decided_at and by != self.person:
            at = timezone.localtime(signoff.decided_at)
            messages.error(
                self.request,
                f"{by.name} decided for {signoff.organisation} on {at:%-d %B %Y at %H:%M}. "
                "What you sent was not recorded. This is the receipt.",
            )
        return self.to("receipt")

    def moved(self, digest: str) -> HttpResponse:
        """409: what was read is not what waits now, with the difference."""
        signoff = self.signoff
        found = asked.moved_on(self.person, signoff, digest)
        Typed(self.request, signoff).forget()
        context = {
            "moved": found,
            "debrief": signoff.version.debrief,
            "force": signoff.organisation,
            "url": queue.address("sign", found.waits) if found.waits else "",
            "section": self.section,
            "marking": (found.waits.version if found.waits else found.read).marking,
        }
        return render(self.request, "debriefs/signing/moved.html", context, status=409)

    def decision_form(self, data: Any = None, **kwargs: Any) -> DecisionForm:
        """The form of the decision on this version."""
        return DecisionForm(
            data,
            signoff=self.signoff,
            statements=asked.statements(self.signoff),
            always=asked.AUTHORISED,
            **kwargs,
        )


class Sign(UndecidedPage):
    """The version with what changed for this force, its remarks, and the decision.

    One form holds them all, so that a remark that is kept takes nothing of the decision with it.
    """

    rule = permissions.can_read_signoff
    template_name = "debriefs/signing/sign.html"

    def get_form(self, data: Any = None) -> DecisionForm:
        """The decision as it was sent, else as it was typed before."""
        self.get_form_kwargs()
        if data is not None:
            return self.decision_form(data)
        initial = Typed(self.request, self.signoff).initial
        return self.decision_form(initial=initial | {"digest": self.signoff.version.digest})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the remarks and what was typed; where the decision was sent, go on to its check."""
        if (instead := self.instead()) is not None:
            return instead
        form = self.get_form(request.POST)
        Typed(request, self.signoff).keep(request.POST)
        try:
            kept = self._keep_remarks(request.POST)
        except Refused as refusal:
            form.errors.clear()
            form.add_error(None, refusal.reason)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if "continue" not in request.POST:
            if kept:
                messages.success(request, "Your force’s remarks are saved.")
            return self.to("sign", request.POST.get("save", ""))
        permissions.can_decide.require(self.person, self.signoff)
        if request.POST.get("digest") != self.signoff.version.digest:
            return self.moved(request.POST.get("digest", ""))
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        return self.to("confirm")

    def _keep_remarks(self, data: QueryDict) -> bool:
        """Keep what was typed about the parts; whether there was anything."""
        reworded = {row_number(key): words for key, words in _after("edit-", data)}
        removed = [row_number(key) for key in data.getlist("remove")]
        own = permissions.can_read_remark.things(self.person).filter(
            version=self.signoff.version_id, organisation=self.signoff.organisation_id
        )
        rows: dict[int, Remark] = own.in_bulk([*reworded, *removed])
        new = _typed_remarks(data)
        remarks.revise(
            by=self.person,
            signoff=self.signoff,
            new=new,
            reworded={rows[key]: words for key, words in reworded.items() if key in rows},
            removed=[rows[key] for key in removed if key in rows],
        )
        return bool(new or reworded or removed)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what the force is asked."""
        typed = _typed_remarks(self.request.POST)
        return super().get_context_data(
            asked=asked.asked(self.person, self.signoff, typed),
            typed_on_whole=typed.get(None, ""),
            **kwargs,
        )


def _after(prefix: str, data: QueryDict) -> list[tuple[str, str]]:
    """What was sent under names that begin so, by the rest of the name."""
    return [
        (name.removeprefix(prefix), str(data[name])) for name in data if name.startswith(prefix)
    ]


def _typed_remarks(data: QueryDict) -> dict[UUID | None, str]:
    """The new remarks that were typed, by part; None stands for the whole version."""
    found: dict[UUID | None, str] = {}
    for key, words in _after("new-", data):
        if not words.strip():
            continue
        if key == "whole":
            found[None] = words
        else:
            try:
                found[UUID(key)] = words
            except ValueError:
                continue
    return found


class Confirm(UndecidedPage):
    """What is about to be signed, in words, and the password once more."""

    rule = permissions.can_decide
    form_class = PasswordForm
    template_name = "debriefs/signing/confirm.html"

    def instead(self) -> HttpResponse | None:
        """As on every page on the way; and back to the version where there is nothing to check."""
        found = super().instead()
        if found is not None:
            return found
        self.rule.require(self.person, self.signoff)
        if self.decision is None:
            return self.to("sign")
        # Typed in another window meanwhile: the password was not given for that.
        if self.request.POST.get("answer", self.on_screen) != self.on_screen:
            messages.error(
                self.request,
                "The decision was changed in another window after you checked it, so nothing was "
                "signed. Check it again.",
            )
            return self.to("confirm")
        return None

    @property
    def on_screen(self) -> str:
        """Which answer the page shows, so that no other is signed with the password."""
        assert self.decision is not None  # noqa: S101 - `instead` has seen to it
        return salted_hmac("debriefs.views.signing.answer", repr(self.decision.answer)).hexdigest()

    @cached_property
    def decision(self) -> DecisionForm | None:
        """The decision as it was typed, if it is complete."""
        data = Typed(self.request, self.signoff).data
        form = self.decision_form(data)
        return form if data is not None and form.is_valid() else None

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form asks whose password it is."""
        return super().get_form_kwargs() | {"user": self.person}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the answer in words and what exactly it is bound to."""
        decision = self.decision
        assert decision is not None  # noqa: S101 - `instead` has seen to it
        answer = decision.answer
        return super().get_context_data(
            answer=answer,
            on_screen=self.on_screen,
            decided=receipts.decision_in_words(answer),
            embargo=receipts.embargo_in_words(answer),
            digest=receipts.in_groups(decision.cleaned_data["digest"]),
            **kwargs,
        )

    def done(self, form: Any) -> HttpResponse:
        """Decide. Whoever comes second is led to the receipt of the first, and a version that moved
        is shown with what moved."""
        decision = self.decision
        assert decision is not None  # noqa: S101 - `instead` has seen to it
        digest = decision.cleaned_data["digest"]
        try:
            signing.decide(
                by=self.person, signoff=self.signoff, digest=digest, answer=decision.answer
            )
        except Moved:
            return self.moved(digest)
        except Refused:
            del self.signoff
            instead = super().instead()
            if instead is None:
                raise
            return instead
        Typed(self.request, self.signoff).forget()
        messages.success(self.request, "Your force’s decision is recorded.")
        return self.to("receipt")
