"""Who is told about what: each function is a thing that happened, and names the people.

The services call these inside the transaction of their change, so a notice exists exactly when the
change does; its mail goes out afterwards, from the outbox. Nobody is told of what they did
themselves, and nobody is told the same thing twice: each thing has a key, and the database keeps
one notice for each person and key.

What a notice says stands in `debriefs/notices.py`. Telling people is a part of the change, so it
has no audit event of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from debriefs import notices, permissions
from debriefs.models import (
    Notice,
    Question,
    Release,
    ReleaseProposal,
    Review,
    SavedSearch,
    SignOff,
    Version,
)
from debriefs.notices import Kind
from debriefs.tasks import send_notice
from portal.models import AuditEvent, Membership, Role, Tier, User


def tell(
    kind: Kind,
    people: Iterable[User],
    *,
    key: str,
    version: Version | None = None,
    search: SavedSearch | None = None,
    question: Question | None = None,
    by: User | None = None,
    **detail: Any,
) -> int:
    """Each of the people has this notice, once, and its mail is on its way when this commits.

    It is about a version, a question, or a version that matches a search. Returns how many were
    not told before. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A notice belongs in the transaction of what it tells of.")
    now = timezone.now()
    left_out = {by.pk if by else None, *_told(key)}
    others = {person.pk: person for person in people if person.pk not in left_out}
    if not others:
        return 0
    Notice.objects.bulk_create(
        [
            Notice(
                person=person,
                kind=kind.name,
                key=key,
                debrief_id=version.debrief_id if version else None,
                version=version,
                search=search,
                question=question,
                detail=detail,
                at=now,
            )
            for person in others.values()
        ],
        ignore_conflicts=True,  # someone else told them in this very moment
    )
    fresh = Notice.objects.filter(key=key, person__in=list(others), at=now)
    numbers = list(fresh.order_by("pk").values_list("pk", flat=True))
    for number in numbers:
        send_notice.enqueue(number)
    return len(numbers)


def _told(key: str) -> QuerySet[Notice, int]:
    return Notice.objects.filter(key=key).values_list("person", flat=True)


# --- Who there is to tell -------------------------------------------------------------------------


def _team(version: Version) -> QuerySet[User]:
    return permissions.can_work_on.people(version)


def _editors(version: Version) -> QuerySet[User]:
    return User.objects.filter(permissions.EDITOR.people(version), is_active=True).distinct()


def _writers(version: Version) -> QuerySet[User]:
    """Those of the team who wrote something in the version."""
    return _team(version).filter(contributed_versions=version)


def _editors_and_writers(version: Version) -> list[User]:
    return [*_editors(version), *_writers(version)]


def _who_read(version: Version) -> QuerySet[User]:
    """Everyone of whom it is recorded that they read a version of this debrief that was shared."""
    shared = version.debrief.versions.filter(released_at__isnull=False)
    subjects = [f"{each._meta.label_lower}:{each.pk}" for each in shared]
    events = AuditEvent.objects.filter(
        verb="version.read", debrief=version.debrief_id, subject__in=subjects
    )
    return User.objects.filter(is_active=True, pk__in=events.values("actor"))


# --- While it is made -----------------------------------------------------------------------------


def submitted(version: Version, *, by: User) -> None:
    """A second reader is wanted: everyone of the team who may check it is told."""
    tell(
        notices.CHECK_WANTED,
        permissions.can_check.people(version),
        key=f"version:{version.pk}:check:{version.revision}",
        version=version,
        by=by,
    )


def sent_back(version: Version, *, by: User) -> None:
    """The second reader wants changes: those who wrote it are told."""
    tell(
        notices.SENT_BACK,
        _writers(version),
        key=f"version:{version.pk}:sent_back:{version.revision}",
        version=version,
        by=by,
    )


def checked(version: Version, *, by: User) -> None:
    """It can go to the forces: the editors are told."""
    tell(
        notices.CHECKED,
        _editors(version),
        key=f"version:{version.pk}:checked:{version.revision}",
        version=version,
        by=by,
    )


# --- With the forces ------------------------------------------------------------------------------


def wanted(signoff: SignOff, *, by: User | None = None) -> int:
    """Everyone who may decide for the force now is told, if they were not before.

    These are its signatories; and its deputies, while all of those are away.
    """
    people = list(permissions.can_decide.people(signoff))
    signatories = set(
        Membership.objects.filter(
            organisation=signoff.organisation_id, role=Role.SIGNATORY, ended_at__isnull=True
        ).values_list("user", flat=True)
    )
    own = [each for each in people if each.pk in signatories]
    deputies = [each for each in people if each.pk not in signatories]
    return _tell_of_signoff(
        notices.SIGN_OFF_WANTED, own, signoff, "wanted", by=by
    ) + _tell_of_signoff(notices.STANDING_IN, deputies, signoff, "wanted", by=by)


def due_soon(signoff: SignOff) -> int:
    """Whoever may decide for the force is reminded."""
    may = permissions.can_decide.people(signoff)
    return _tell_of_signoff(notices.SIGN_OFF_DUE, may, signoff, "due_soon")


def overdue(signoff: SignOff) -> int:
    """Whoever may decide for the force is told that the day has passed."""
    may = permissions.can_decide.people(signoff)
    return _tell_of_signoff(notices.SIGN_OFF_OVERDUE, may, signoff, "overdue")


def long_overdue(signoff: SignOff) -> int:
    """Those who can do something about it are told: the force's coordinators, and of each round
    once the editors."""
    coordinators = User.objects.filter(
        is_active=True,
        memberships__organisation=signoff.organisation_id,
        memberships__role=Role.COORDINATOR,
        memberships__ended_at__isnull=True,
    ).distinct()
    version = signoff.version
    return _tell_of_signoff(notices.FORCE_OVERDUE, coordinators, signoff, "force_overdue") + tell(
        notices.ROUND_OVERDUE,
        _editors(version),
        key=f"version:{version.pk}:round_overdue",
        version=version,
    )


def _tell_of_signoff(
    kind: Kind, people: Iterable[User], signoff: SignOff, what: str, *, by: User | None = None
) -> int:
    return tell(
        kind,
        people,
        key=f"signoff:{signoff.pk}:{what}",
        version=signoff.version,
        by=by,
        organisation=signoff.organisation.key,
    )


def decided(signoff: SignOff, *, by: User) -> None:
    """A force decided: the editors and those who wrote it are told, of the last agreement that all
    agreed."""
    version = signoff.version
    if signoff.decision == SignOff.Decided.CHANGES:
        kind = notices.CHANGES_WANTED
    elif not signoff.agrees:
        kind = notices.DECLINED
    elif version.signoffs.filter(decision="").exists():
        kind = notices.AGREED
    else:
        kind = notices.ALL_AGREED
    _tell_of_signoff(kind, _editors_and_writers(version), signoff, "decided", by=by)


# --- Once it is shared ----------------------------------------------------------------------------


def proposed(proposal: ReleaseProposal, *, by: User) -> None:
    """A second editor is wanted: the others are told."""
    tell(
        notices.CONFIRMATION_WANTED,
        _editors(proposal.version),
        key=f"proposal:{proposal.pk}",
        version=proposal.version,
        by=by,
    )


def consent_withdrawn(version: Version, *, by: User) -> None:
    """Everyone who read the debrief is told not to use it, and so are its team and its
    signatories."""
    tell(
        notices.CONSENT_WITHDRAWN,
        [*_who_read(version), *permissions.can_read_whole.people(version)],
        key=f"version:{version.pk}:consent_withdrawn",
        version=version,
        by=by,
    )


def taken_back(release: Release, *, by: User) -> None:
    """The members of the group who read it and can no longer do so are told."""
    version = release.version
    readers = _who_read(version).exclude(pk__in=permissions.can_read.people(version))
    if release.sharing_group.tier != Tier.PUBLIC:  # to which everybody belongs
        readers = readers.filter(groups=release.sharing_group.group_id)
    key = f"release:{release.pk}:taken_back"
    tell(notices.TAKEN_BACK, readers, key=key, version=version, by=by)


def review_due(review: Review, version: Version) -> int:
    """The editors are asked whether the debrief still holds."""
    return tell(notices.REVIEW_DUE, _editors(version), key=f"review:{review.pk}", version=version)


# --- What people look for -------------------------------------------------------------------------


def matched(search: SavedSearch, version: Version) -> int:
    """Whoever saved the search is told that the version matches it."""
    key = f"search:{search.pk}:version:{version.pk}"
    return tell(notices.SEARCH_MATCHED, [search.person], key=key, version=version, search=search)


def asked(question: Question, *, by: User) -> None:
    """The project teams are told that somebody asks."""
    key = f"question:{question.pk}:asked"
    people = permissions.who_tend_search()
    tell(notices.QUESTION_ASKED, people, key=key, question=question, by=by)


def answered(question: Question, *, by: User) -> None:
    """Whoever asked is told that there is a reply."""
    key = f"question:{question.pk}:answered"
    tell(notices.QUESTION_ANSWERED, [question.asker], key=key, question=question, by=by)
