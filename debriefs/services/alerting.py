"""Which saved searches match something that their owners may newly read? They are told, once.

New is what somebody can read since they switched the alert on: because it was released since, or
because they have joined a group since that it is shared with. When that was is known from the
releases and the belongings themselves, so nothing is kept of what a search found before, and
nothing that is withdrawn lives on there.

A release asks for this in its own transaction; the worker does it, one run of each saved search
whose owner it could concern. The daily chore does the same for all, so that nothing is missed: a
group that was joined, a worker that died.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest
from django_tasks import task

from debriefs.models import Release, SavedSearch, Version
from debriefs.search import finding, query
from debriefs.services import notifying
from debriefs.services.searches import narrowing_of
from debriefs.tasks import TaskFailed
from portal.models import Belonging, SharingGroup, Tier, User
from portal.standing import groups_of

log = structlog.get_logger("debriefs.alerting")

#: A match is what is among the first so many results: any word will do, so a later one may have
#: little to do with what was asked.
FIRST = 20

#: Told of one search at a time; the rest when it is asked again.
AT_ONCE = 3

EVER = datetime.min.replace(tzinfo=UTC)


def released(version: Version) -> None:
    """The worker is to see which searches match the version; call it inside the transaction of the
    release."""
    if with_alerts().exists():
        look.enqueue(version.pk)


@task()
def look(version: int) -> None:
    """Tell those who can read the version, and whose saved search it matches."""
    shared = Version.objects.filter(pk=version).values_list("readers", flat=True).first()
    try:
        _run(_of_readers(shared or []))
    except Exception as error:
        log.exception("task", task="look", version=version)
        raise TaskFailed(type(error).__name__) from None


def everyone() -> int:
    """Every search with alerts is run. Returns how many notices came of it."""
    return _run(with_alerts())


def with_alerts() -> QuerySet[SavedSearch]:
    """The saved searches whose owners want to be told, and may sign in."""
    return SavedSearch.objects.filter(alerts_since__isnull=False, person__is_active=True)


def _of_readers(readers: list[int]) -> QuerySet[SavedSearch]:
    """Those of people who are in one of these groups; of everybody, where one is public."""
    if SharingGroup.objects.filter(group__in=readers, tier=Tier.PUBLIC).exists():
        return with_alerts()
    return with_alerts().filter(person__groups__in=readers).distinct()


def _run(searches: QuerySet[SavedSearch]) -> int:
    """Run each, and fail at the end where one of them did. Returns how many notices came of it."""
    told, failed = 0, 0
    for number in list(searches.order_by("pk").values_list("pk", flat=True)):
        try:
            told += tell_of_new(number)
        except Exception:
            log.exception("alert", search=number)
            failed += 1
    if failed:
        raise TaskFailed(f"{failed} saved searches could not be run.")
    return told


@transaction.atomic
def tell_of_new(number: int) -> int:
    """Whoever saved the search is told of what is new among its first results; of each version
    once. Returns of how many."""
    search = with_alerts().select_for_update(of=("self",)).select_related("person").get(pk=number)
    found = finding.find(search.person, query.parse(search.words), narrowing_of(search.narrowing))
    known = set(search.notices.values_list("version", flat=True))
    first = [number for number in map(int, found.versions[:FIRST]) if number not in known]
    since = _readable_since(search.person, first)
    new = [each for each in first if since.get(each, EVER) > (search.alerts_since or EVER)]
    versions = Version.objects.in_bulk(new[:AT_ONCE])
    return sum(notifying.matched(search, versions[each]) for each in new[:AT_ONCE])


def _readable_since(person: User, versions: Iterable[int]) -> dict[int, datetime]:
    """Since when the person could read each of these as far as they can now; what they shared
    themselves is never new to them."""
    shared = Release.objects.filter(
        version__in=list(versions),
        withdrawn_at__isnull=True,
        sharing_group__group__in=groups_of(person),
    ).select_related("sharing_group")
    joined = _joined(person)
    found: dict[int, tuple[int, datetime]] = {}
    for release in shared:
        tier, group = release.sharing_group.tier, release.sharing_group.group_id
        moment = max(release.released_at, joined.get(group, EVER))
        if release.released_by_id == person.pk:
            moment = EVER
        # Through the narrowest group they read the most, so that is the one that counts
        found[release.version_id] = min(
            found.get(release.version_id, (tier, moment)), (tier, moment)
        )
    return {version: moment for version, (_, moment) in found.items()}


def _joined(person: User) -> dict[int, datetime]:
    """Since when the person has belonged to each group, by the number of its Django group: in
    person, or through an organisation in which they hold a role."""
    own = Q(user=person.pk)
    held = Q(
        organisation__memberships__user=person.pk,
        organisation__memberships__ended_at__isnull=True,
    )
    rows = (
        Belonging.objects.filter(own | held, ended_at__isnull=True)
        .annotate(since=Greatest("started_at", "organisation__memberships__started_at"))
        .values_list("sharing_group__group", "since")
    )
    found: dict[int, datetime] = {}
    for group, since in rows:
        found[group] = min(found.get(group, since), since)
    return found
