"""Sharing an agreed version and taking it back; and what comes after: review, the next version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from debriefs import permissions
from debriefs.exceptions import Moved, Refused
from debriefs.forms import releasing as forms
from debriefs.forms.fields import row_number
from debriefs.models import Release as ReleaseRow
from debriefs.models import ReleaseProposal, Version
from debriefs.models import Review as ReviewRow
from debriefs.services import gains, releasing, reviewing, writing
from debriefs.services.gains import Gain
from debriefs.views.base import WorkPage
from debriefs.workflow import State
from portal.views.base import SeeOther


def _to(name: str, version: Version) -> HttpResponse:
    """On to the page of this name."""
    address = reverse(f"debriefs:{name}", args=[version.debrief.slug])
    return SeeOther(address)


class Release(WorkPage):
    """Choose groups, see who gains and who loses, then share; or confirm what somebody proposed.

    The choice stands in the address, so the page to confirm it is a page like any other. A POST
    shares, or closes a proposal.
    """

    rule = permissions.can_release
    prefers = (State.AGREED, State.RELEASED)
    template_name = "debriefs/releasing/release.html"
    form_class = forms.Share

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The groups to choose from; or, of those that were chosen, what it does to share."""
        if "group" not in request.GET:
            return super().get(request, *args, **kwargs)
        form = self.get_form(request.GET)
        if form.is_valid():
            return self._to_confirm(form)
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Share, or where a proposal is named, close that."""
        if "close" not in request.POST:
            return super().post(request, *args, **kwargs)
        version, number = self.version, row_number(request.POST["close"])
        proposal = ReleaseProposal.objects.filter(version=version, pk=number).first()
        if proposal is not None:
            releasing.close_proposal(by=self.person, proposal=proposal)
            messages.success(
                request,
                f"You took back your proposal to share with {proposal.sharing_group}."
                if proposal.proposed_by_id == self.person.pk
                else f"You turned down the proposal to share with {proposal.sharing_group}.",
            )
        return _to("release", version)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The groups that may be chosen, and what is on the screen."""
        kwargs = super().get_form_kwargs()
        self.gains = gains.of(self.version)
        groups = [each.group for each in self.gains if self._may_choose(each)]
        return kwargs | {"groups": groups, "digest": self.version.digest}

    def _may_choose(self, gain: Gain) -> bool:
        mine = gain.proposal is not None and gain.proposal.proposed_by_id == self.person.pk
        return bool(gain.decision) and not mine

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the groups with who gains, where it is shared now, and what the forces said."""
        version = self.version
        shared = gains.now(version)
        return super().get_context_data(
            gains=self.gains,
            choosable=[each.group.key for each in self.gains if self._may_choose(each)],
            ticked=(self.request.POST or self.request.GET).getlist("group"),
            shared=shared,
            up=shared[0].release.version if shared else None,
            signoffs=version.signoffs.select_related("organisation"),
            embargo=releasing.not_embargoed(version),
            **kwargs,
        )

    def _to_confirm(self, form: Any) -> HttpResponse:
        chosen = {group.pk for group in form.chosen}
        picked = [each for each in self.gains if each.group.pk in chosen]
        released = [each for each in picked if not each.takes_two or each.proposal]
        context = super().get_context_data(
            form=form,
            released=released,
            proposed=[each for each in picked if each not in released],
            consequences=gains.consequences(self.version, [each.group for each in released]),
            signoffs=self.version.signoffs.select_related("organisation"),
        )
        self.template_name = "debriefs/releasing/confirm.html"
        return self.render_to_response(context)

    def refused(self, form: Any, refusal: Refused) -> int:
        """What moved is said in the words of whoever shares."""
        if not isinstance(refusal, Moved):
            return super().refused(form, refusal)
        form.add_error(
            None, "Another version waits to be shared now. Choose again, after reading it."
        )
        return 409

    def done(self, form: Any) -> HttpResponse:
        """Share with all of them or with none, and say what came of it."""
        shared = releasing.share(
            by=self.person,
            version=self.version,
            sharing_groups=form.chosen,
            digest=form.cleaned_data["digest"],
        )
        said = []
        if shared.released:
            said.append(f"Shared with {_names(shared.released)}. Its members read it now.")
        if shared.proposed:
            said.append(f"Proposed: a second editor confirms {_names(shared.proposed)}.")
        messages.success(self.request, " ".join(said))
        return _to("release", self.version)


def _names(groups: Any) -> str:
    return " and ".join(str(group) for group in groups)


class WithdrawRelease(WorkPage):
    """Before a version is taken back from a group: who loses it, and why."""

    rule = permissions.can_withdraw_release
    prefers = (State.RELEASED,)
    template_name = "debriefs/releasing/withdraw.html"
    form_class = forms.Withdraw

    def get_form_kwargs(self) -> dict[str, Any]:
        """Finds the release first; Http404 where the group has none."""
        kwargs = super().get_form_kwargs()
        found = gains.live_releases(self.version).filter(sharing_group__key=self.kwargs["group"])
        release = found.first()
        if release is None:
            raise Http404
        self.release: ReleaseRow = release
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the release and how many people lose the debrief."""
        return super().get_context_data(
            release=self.release, losing=gains.losing_by_withdrawal(self.release), **kwargs
        )

    def done(self, form: Any) -> HttpResponse:
        """Take it back."""
        releasing.withdraw_release(
            by=self.person, release=self.release, reason=form.cleaned_data["reason"]
        )
        messages.success(
            self.request,
            f"{self.release.sharing_group} no longer reads version {self.version.number}. "
            "Its members find your reason.",
        )
        return _to("release", self.version)


class Reopen(WorkPage):
    """Before the next version is opened: what it does to the one that is there."""

    rule = permissions.can_reopen
    prefers = tuple(state for state in State if state is not State.DISCARDED)
    template_name = "debriefs/releasing/reopen.html"
    form_class = forms.Reopen

    @property
    def ends_a_round(self) -> bool:
        """Whether signatures that were given, or are waited for, are of no more use."""
        return self.version.state in (State.WITH_FORCES, State.AGREED)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whether there is something to be sure about."""
        return super().get_form_kwargs() | {"ends_a_round": self.ends_a_round}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what ends."""
        signoffs = self.version.signoffs.select_related("organisation")
        return super().get_context_data(
            ends_a_round=self.ends_a_round,
            signoffs=signoffs,
            decided=[signoff for signoff in signoffs if signoff.decision],
            **kwargs,
        )

    def done(self, form: Any) -> HttpResponse:
        """Open it."""
        following = writing.reopen(by=self.person, version=self.version)
        messages.success(
            self.request,
            f"Version {following.number} is open, as a copy. Change what has to change.",
        )
        return _to("draft", following)


class Review(WorkPage):
    """Whether a released debrief still holds."""

    rule = permissions.can_review
    prefers = (State.RELEASED,)
    template_name = "debriefs/releasing/review.html"
    form_class = forms.Review

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds when the team was asked, what was said before, and where it is shared."""
        reviews = self.version.debrief.reviews.select_related("done_by").order_by("-pk")
        return super().get_context_data(
            asked=[each for each in reviews if not each.outcome],
            before=[each for each in reviews if each.outcome],
            shared=gains.now(self.version),
            following=self.version.debrief.open_version,
            **kwargs,
        )

    def done(self, form: Any) -> HttpResponse:
        """Say so, and go where it leads: nowhere, to the next version, or to taking it back."""
        said, outcome = form.cleaned_data, form.cleaned_data["outcome"]
        if outcome == ReviewRow.Outcome.REVISE:
            following = reviewing.revise(
                by=self.person, version=self.version, note=said["note"], again_on=form.again_day
            )
            messages.success(
                self.request,
                f"Version {following.number} is open. Readers keep version {self.version.number} "
                "until it takes its place.",
            )
            return _to("draft" if following.state == State.DRAFTING else "debrief", following)
        reviewing.review(
            by=self.person,
            version=self.version,
            outcome=outcome,
            note=said["note"],
            again_on=form.again_day,
        )
        if outcome == ReviewRow.Outcome.HOLDS:
            messages.success(
                self.request, f"It still holds. You are asked again on {form.again_day:%-d %B %Y}."
            )
        elif permissions.can_withdraw_release.decide(self.person, self.version):
            messages.info(self.request, "Take it back from each group below, with the reason.")
            return _to("release", self.version)
        else:
            messages.info(
                self.request,
                "Noted. An editor of your team takes it back; until then it stays shared.",
            )
        return SeeOther(self.version.get_absolute_url())
