"""When does a notice hold, and for whom?

Each condition names the notices of a person that are still true and still theirs: asked when a mail
is sent, and at every showing. All of them rest on the rules in `permissions.py`. Which kind of
notice asks for which stands in `notices.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from debriefs import permissions
from debriefs.models import Question, ReleaseProposal, Review, SavedSearch, SignOff, Version
from debriefs.rules import Rule
from debriefs.workflow import State
from portal.models import Membership, Role, User

#: For a person: which notices hold.
Condition = Callable[[User], Q]

#: The key of the organisation that a notice names in its detail; `notices.holding` annotates it.
_FORCE = OuterRef("force")


def _of_version(rule: Rule[Version], **besides: Any) -> Condition:
    """The rule lets the person do something with the version, which is as `besides` says."""

    def holds(person: User) -> Q:
        return Q(Exists(rule.things(person).filter(pk=OuterRef("version"), **besides)))

    return holds


def _of_signoff(rule: Rule[SignOff]) -> Condition:
    """The rule lets the person do something with the sign-off of the force that the notice
    names."""

    def holds(person: User) -> Q:
        mine = rule.things(person)
        return Q(Exists(mine.filter(version=OuterRef("version"), organisation__key=_FORCE)))

    return holds


may_check = _of_version(permissions.can_check, checked_at__isnull=True)
may_edit = _of_version(permissions.can_edit)
may_send = _of_version(permissions.can_send)
may_release = _of_version(permissions.can_release)
may_decide = _of_signoff(permissions.can_decide)
works_on = _of_version(permissions.can_work_on)


def may_chase(person: User) -> Q:
    """The person is of the team, and some force has not decided yet."""
    return works_on(person) & Q(Exists(_undecided()))


def _undecided(**besides: Any) -> QuerySet[SignOff]:
    """The sign-offs of the version that still wait."""
    return SignOff.objects.filter(
        version=OuterRef("version"),
        decision="",
        version__state=State.WITH_FORCES.value,
        **besides,
    )


def looks_after_the_force(person: User) -> Q:
    """The person is a coordinator of the force, which has not decided yet."""
    held = Membership.objects.filter(
        user=person,
        role=Role.COORDINATOR,
        organisation__key=_FORCE,
        ended_at__isnull=True,
        user__is_active=True,
    )
    return Q(Exists(held)) & Q(Exists(_undecided(organisation__key=_FORCE)))


def may_confirm(person: User) -> Q:
    """Somebody else's proposal to share the version is open, and the person may confirm it."""
    open_still = ReleaseProposal.objects.filter(
        version=OuterRef("version"), closed_at__isnull=True
    ).exclude(proposed_by=person.pk)
    return may_release(person) & Q(Exists(open_still))


def may_review(person: User) -> Q:
    """The question whether the debrief still holds is due, and the person may answer it."""
    due = Review.objects.filter(
        debrief=OuterRef("debrief"), outcome="", due_on__lte=timezone.localdate()
    )
    return _of_version(permissions.can_review)(person) & Q(Exists(due))


def could_read(person: User) -> Q:
    """The person reads the debrief, or could and may know why it is gone."""
    return Q(Exists(permissions.can_read.things(person).filter(debrief=OuterRef("debrief")))) | Q(
        Exists(Version.objects.once_visible_to(person).filter(debrief=OuterRef("debrief")))
    )


def may_no_longer_read(person: User) -> Q:
    """The person could read the version and no longer may."""
    here = OuterRef("version")
    return Q(Exists(Version.objects.once_visible_to(person).filter(pk=here))) & ~Q(
        Exists(permissions.can_read.things(person).filter(pk=here))
    )


def matches_a_search(person: User) -> Q:
    """The version is shared with the person, who still wants to be told what matches the search."""
    wanted = SavedSearch.objects.filter(
        pk=OuterRef("search"), person=person.pk, alerts_since__isnull=False
    )
    shared = Version.objects.visible_to(person).filter(pk=OuterRef("version"))
    return Q(Exists(wanted)) & Q(Exists(shared))


def may_answer(person: User) -> Q:
    """The question is not answered yet, and the person is of a project team."""
    waits = Question.objects.filter(pk=OuterRef("question"), answered_at__isnull=True)
    return Q(Exists(permissions.in_project_teams().filter(user=person.pk))) & Q(Exists(waits))


def was_answered(person: User) -> Q:
    """The person asked the question, and holds a role anywhere still."""
    answered = Question.objects.filter(
        pk=OuterRef("question"), asker=person.pk, answered_at__isnull=False
    )
    held = Membership.objects.filter(user=person.pk, ended_at__isnull=True, user__is_active=True)
    return Q(Exists(answered)) & Q(Exists(held))
