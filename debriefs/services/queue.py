"""What waits for a person's force to sign, what it decided before, and what is shared by its
consent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.urls import reverse

from debriefs import permissions
from debriefs.models import SignOff, Version
from debriefs.models.signoff import AGREEMENTS
from debriefs.rules import Decision
from debriefs.services import deciders, difference
from debriefs.services.deciders import Deciders
from debriefs.services.due import Due, due
from debriefs.workflow import State
from portal.standing import Visitor


def address(page: str, signoff: SignOff) -> str:
    """Where a page about a sign-off is: its `sign`, `confirm`, `receipt`, `withdraw` and so on."""
    version = signoff.version
    arguments = [version.debrief.slug, version.number, signoff.organisation.key]
    return reverse(f"debriefs:{page}", args=arguments)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version that waits for the decision of a force: `may` says whether this person decides."""

    signoff: SignOff
    version: Version
    due: Due
    compared: str
    deciders: Deciders
    may: Decision

    @property
    def url(self) -> str:
        """Where it is read and decided on."""
        return address("sign", self.signoff)


@dataclass(frozen=True, slots=True)
class Consented:
    """A version that is shared now because the force agreed, and with which groups."""

    signoff: SignOff
    version: Version
    groups: Sequence[str]

    @property
    def url(self) -> str:
        """Where the force sees what it signed."""
        return address("receipt", self.signoff)


def _own(person: Visitor) -> QuerySet[SignOff]:
    return permissions.can_read_signoff.things(person).select_related(
        "organisation", "version__debrief"
    )


def waiting(person: Visitor) -> list[Waiting]:
    """What waits for the person's forces, the most urgent first; the same number of queries
    however much that is."""
    signoffs = list(
        _own(person)
        .filter(version__state=State.WITH_FORCES.value, decision="")
        .order_by(F("version__due_on").asc(nulls_last=True), "version__sealed_at", "pk")
    )
    if not signoffs:
        return []
    before = last_agreed(signoffs)
    changed = difference.changed_parts(
        (before[each.pk].version_id, each.version_id) for each in signoffs if each.pk in before
    )
    who = deciders.of(signoffs)
    may = permissions.can_decide.answers(person, SignOff.objects.filter(pk__in=list(who)))
    return [
        Waiting(
            signoff=each,
            version=each.version,
            due=due(each.version.due_on),
            compared=_compared(each, before, changed),
            deciders=who[each.pk],
            may=may[each.pk],
        )
        for each in signoffs
    ]


def last_agreed(signoffs: Iterable[SignOff]) -> dict[int, SignOff]:
    """For each sign-off the one by which the same force last agreed to an earlier version of the
    same debrief, where there is one; one query for all."""
    asked = list(signoffs)
    agreed = (
        SignOff.objects.filter(
            organisation__in={each.organisation_id for each in asked},
            version__debrief__in={each.version.debrief_id for each in asked},
            decision__in=AGREEMENTS,
        )
        .select_related("version__debrief")
        .order_by("version__number")
    )
    found: dict[int, SignOff] = {}
    for before in agreed:
        for each in asked:
            if (
                before.organisation_id == each.organisation_id
                and before.version.debrief_id == each.version.debrief_id
                and before.version.number < each.version.number
            ):
                found[each.pk] = before
    return found


def _compared(
    signoff: SignOff, before: dict[int, SignOff], changed: dict[tuple[int, int], int]
) -> str:
    """How it stands to what the force last agreed to, in words."""
    last = before.get(signoff.pk)
    if last is None:
        return "New to your force"
    number = changed[last.version_id, signoff.version_id]
    parts = (
        f"{number} {'part' if number == 1 else 'parts'} changed" if number else "No part changed"
    )
    return f"{parts} since your force agreed to version {last.version.number}"


def decided(person: Visitor) -> QuerySet[SignOff]:
    """What the person's forces decided before, the newest first."""
    return (
        _own(person)
        .exclude(decision="")
        .select_related("organisation", "version__debrief", "decided_by", "withdrawal")
        .order_by("-decided_at", "-pk")
    )


def consented(person: Visitor) -> list[Consented]:
    """What is shared now because the person's forces agreed, the newest first."""
    signoffs = (
        _own(person)
        .filter(
            version__state=State.RELEASED.value,
            decision__in=AGREEMENTS,
            withdrawal__isnull=True,
        )
        .prefetch_related("version__releases__sharing_group")
        .order_by("-version__released_at", "-pk")
    )
    return [
        Consented(
            each,
            each.version,
            [
                release.sharing_group.name
                for release in each.version.releases.all()
                if release.withdrawn_at is None
            ],
        )
        for each in signoffs
    ]
