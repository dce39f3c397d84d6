"""What can whoever makes a version do with it next: one thing first, and what else there is?

Each step asks its own rule, so that a step which is refused here is refused there, in the same
words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from debriefs import permissions
from debriefs.models import Review, Version
from debriefs.rules import YES, Decision, Rule
from debriefs.services import releasing
from debriefs.workflow import OPEN_STATES, State
from portal.models import User


@dataclass(frozen=True, slots=True)
class Step:
    """A verb, where it is done, and whether this person may; `reason` says why not."""

    verb: str
    url: str
    decision: Decision = YES


@dataclass(frozen=True, slots=True)
class Steps:
    """The one thing to do first, if there is one, what else there is, and what it waits for."""

    first: Step | None = None
    others: tuple[Step, ...] = ()
    waits: str = ""


def of(person: User, version: Version) -> Steps | None:
    """What the person can do with the version next; None for who does not make it.

    Nothing about the words: what may be read stands elsewhere.
    """
    if not permissions.can_work_on.things(person).filter(pk=version.pk).exists():
        return None
    return _BY_STATE[State(version.state)](person, version)


def _to(name: str, version: Version) -> str:
    return reverse(f"debriefs:{name}", args=[version.debrief.slug])


def _asked(rule: Rule[Version], person: User, version: Version) -> Decision:
    """The rule's answer; to an author who is no editor, in words that say who does it."""
    decision = rule.decide(person, version)
    if not decision and decision.reason == rule.refusal:
        return Decision(False, "An editor of your team does this.")
    return decision


def _following(version: Version) -> Version | None:
    """The version that is being made after this one."""
    return (
        Version.objects.filter(debrief=version.debrief_id, state__in=OPEN_STATES)
        .exclude(pk=version.pk)
        .select_related("debrief")
        .first()
    )


def _go_on_with(following: Version) -> Step:
    return Step(f"Go on with version {following.number}", following.get_absolute_url())


def _next_version(version: Version) -> Step:
    return Step("Open the next version", _to("reopen", version))


def _drafting(person: User, version: Version) -> Steps:
    return Steps(
        Step("Go on writing", _to("draft", version)),
        (Step("Read the remarks on it", _to("check", version)),),
    )


def _checking(person: User, version: Version) -> Steps:
    if version.checked_at:
        return Steps(
            Step(
                "Send it to the forces",
                _to("send", version),
                _asked(permissions.can_send, person, version),
            ),
            (Step("Read the remarks on it", _to("check", version)), _take_back(version)),
        )
    decision = permissions.can_check.decide(person, version)
    remarks = Step("Read the remarks on it", _to("check", version))
    return Steps(
        Step("Check it", _to("check", version), decision),
        (_take_back(version),) if decision else (remarks, _take_back(version)),
    )


def _take_back(version: Version) -> Step:
    return Step("Take it back to write on", _to("take_back", version))


def _with_forces(person: User, version: Version) -> Steps:
    waiting = version.signoffs.filter(decision="").values_list("organisation__name", flat=True)
    until = f" until {version.due_on:%-d %B %Y}" if version.due_on else ""
    late = ", which is over" if version.due_on and version.due_on < timezone.localdate() else ""
    return Steps(
        others=(_next_version(version),), waits=f"Waits for {', '.join(waiting)}{until}{late}."
    )


def _agreed(person: User, version: Version) -> Steps:
    decision = _asked(permissions.can_release, person, version)
    return Steps(
        Step(
            "Share it",
            _to("release", version),
            decision and releasing.not_embargoed(version),
        ),
        (_next_version(version),),
    )


def _released(person: User, version: Version) -> Steps:
    review = Step("Review it", _to("review", version))
    share = Step(
        "Share it with more, or take it back",
        _to("release", version),
        _asked(permissions.can_release, person, version),
    )
    following = _following(version)
    onward = _go_on_with(following) if following else _next_version(version)
    asked = Review.objects.filter(debrief=version.debrief_id, outcome="")
    if asked.filter(due_on__lte=timezone.localdate()).exists():
        return Steps(review, (share, onward))
    return Steps(onward if following else share, (share if following else onward, review))


def _over(person: User, version: Version) -> Steps:
    following = _following(version)
    return Steps(_go_on_with(following) if following else _next_version(version))


def _none(person: User, version: Version) -> Steps:
    following = _following(version)
    return Steps(_go_on_with(following) if following else None)


def _discarded(person: User, version: Version) -> Steps:
    return Steps(Step("Bring it back", _to("restore", version)))


_BY_STATE: dict[State, Callable[[User, Version], Steps]] = {
    State.DRAFTING: _drafting,
    State.CHECKING: _checking,
    State.WITH_FORCES: _with_forces,
    State.RETURNED: _over,
    State.AGREED: _agreed,
    State.RELEASED: _released,
    State.SUPERSEDED: _none,
    State.WITHDRAWN: _over,
    State.DISCARDED: _discarded,
}
