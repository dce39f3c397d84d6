"""What waits on a team's desk, list by list?

Each list is a query with the same columns as every other: which operation, since when, by whom or
on whom it waits, when it is due. So counting, sorting, paging and showing are written once
(`desk.py`), and no number can differ from the list that it opens.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import (
    CharField,
    Count,
    DateField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from debriefs import permissions
from debriefs.models import (
    ConsentWithdrawal,
    Notice,
    Release,
    ReleaseProposal,
    Review,
    Save,
    SignOff,
    Version,
)
from debriefs.models.signoff import AGREEMENTS
from debriefs.workflow import State
from portal.models import AuditEvent, User

#: A draft that nobody has written in for so long is untouched.
UNTOUCHED = timedelta(days=30)

#: So far ahead the desk looks for reviews.
REVIEWS_AHEAD = timedelta(days=90)

#: Notices that remind a force of what it has not decided.
REMINDERS = ("sign_off_due", "sign_off_overdue", "force_overdue")

Rows = QuerySet[Any, dict[str, Any]]

#: The columns of every list.
COLUMNS = tuple(
    f"row_{name}"
    for name in (
        *("operation", "slug", "invented", "number", "title", "marking"),
        *("since", "who", "due", "about"),
    )
)


def _first(rows: QuerySet[Any], name: str) -> Subquery:
    return Subquery(rows.values(name)[:1])


def _rows(
    found: QuerySet[Any], path: str = "", *, since: Any, who: Any, due: Any = None, about: Any = ""
) -> Rows:
    """The columns that every list has, of rows from which `path` leads to a version."""
    rows: Rows = found.annotate(
        row_operation=F(f"{path}debrief__operation"),
        row_slug=F(f"{path}debrief__slug"),
        row_invented=F(f"{path}debrief__invented"),
        row_number=F(f"{path}number"),
        row_title=F(f"{path}title"),
        row_marking=F(f"{path}marking"),
        row_since=since,
        row_who=who,
        row_due=due if due is not None else Value(None, output_field=DateField()),
        row_about=about if about != "" else Value(""),
    ).values(*COLUMNS)
    return rows


def _versions(person: User, *states: State) -> QuerySet[Version]:
    own = permissions.can_work_on.things(person)
    return own.filter(state__in=[state.value for state in states])


def _drafts(person: User) -> QuerySet[Any]:
    last = Save.objects.filter(version=OuterRef("pk")).order_by("-revision")
    return _versions(person, State.DRAFTING).annotate(
        touched=Coalesce(_first(last, "at"), F("started_at")),
        touched_by=Coalesce(_first(last, "by__name"), F("started_by__name")),
    )


def drafting(person: User) -> Rows:
    """Drafts, with who wrote in them last."""
    return _rows(_drafts(person), since=F("touched"), who=F("touched_by"))


def untouched(person: User) -> Rows:
    """Drafts in which nobody has written for long."""
    found = _drafts(person).filter(touched__lt=timezone.now() - UNTOUCHED)
    return _rows(found, since=F("touched"), who=F("touched_by"))


def checking(person: User) -> Rows:
    """Versions that wait for a second reader."""
    submitted = AuditEvent.objects.filter(
        debrief=OuterRef("debrief_id"),
        verb="version.submitted",
        subject=Concat(Value(f"{Version._meta.label_lower}:"), Cast(OuterRef("pk"), CharField())),
    ).order_by("-pk")
    found = _versions(person, State.CHECKING).filter(checked_at__isnull=True)
    return _rows(
        found,
        since=Coalesce(_first(submitted, "at"), F("started_at")),
        who=Coalesce(_first(submitted, "actor__name"), Value("")),
    )


def checked(person: User) -> Rows:
    """Versions that an editor can send."""
    found = _versions(person, State.CHECKING).filter(checked_at__isnull=False)
    return _rows(found, since=F("checked_at"), who=F("checked_by__name"))


def with_forces(person: User) -> Rows:
    """Versions that forces are to sign, and how many have."""
    signed = Count("signoffs", filter=~Q(signoffs__decision=""))
    found = _versions(person, State.WITH_FORCES).annotate(signed=signed, all=Count("signoffs"))
    return _rows(
        found,
        since=F("sealed_at"),
        who=F("sealed_by__name"),
        due=F("due_on"),
        about=Concat(
            Cast("signed", CharField()), Value(" of "), Cast("all", CharField()), Value(" decided")
        ),
    )


def _without_a_next(person: User, state: State) -> QuerySet[Version]:
    later = Version.objects.filter(debrief=OuterRef("debrief"), number__gt=OuterRef("number"))
    goes_on = later.exclude(state=State.DISCARDED.value).values("debrief")
    return _versions(person, state).exclude(debrief__in=goes_on)


def returned(person: User) -> Rows:
    """Versions whose round ended, and of which no next one is open."""
    ended = SignOff.objects.filter(version=OuterRef("pk")).exclude(decision__in=("", *AGREEMENTS))
    found = _without_a_next(person, State.RETURNED)
    return _rows(
        found,
        since=Coalesce(_first(ended, "decided_at"), F("sealed_at")),
        who=Coalesce(_first(ended, "organisation__name"), Value("")),
    )


def agreed(person: User) -> Rows:
    """Versions that every force agreed to, and that are not shared yet."""
    last = SignOff.objects.filter(version=OuterRef("pk")).order_by("-decided_at", "-pk")
    return _rows(
        _versions(person, State.AGREED),
        since=_first(last, "decided_at"),
        who=_first(last, "organisation__name"),
        due=F("embargo_until"),
    )


def released(person: User) -> Rows:
    """Versions that are shared."""
    first = Release.objects.filter(version=OuterRef("pk")).order_by("released_at", "pk")
    asked = Review.objects.filter(debrief=OuterRef("debrief"), outcome="")
    return _rows(
        _versions(person, State.RELEASED),
        since=F("released_at"),
        who=_first(first, "released_by__name"),
        due=_first(asked, "due_on"),
    )


def withdrawn(person: User) -> Rows:
    """Versions from which a force withdrew its consent, and of which no next one is open."""
    withdrawal = ConsentWithdrawal.objects.filter(signoff__version=OuterRef("pk"))
    return _rows(
        _without_a_next(person, State.WITHDRAWN),
        since=F("withdrawn_at"),
        who=_first(withdrawal, "signoff__organisation__name"),
    )


def waiting(person: User) -> Rows:
    """Forces that have not decided, and how often each was reminded."""
    reminded = (
        Notice.objects.annotate(force=KeyTextTransform("organisation", "detail"))
        .filter(
            version=OuterRef("version"),
            kind__in=REMINDERS,
            force=OuterRef("organisation__key"),
        )
        .order_by()
        .values("version")
        .annotate(times=Count("kind", distinct=True))
    )
    found = SignOff.objects.filter(version__in=_versions(person, State.WITH_FORCES), decision="")
    return _rows(
        found,
        "version__",
        since=F("version__sealed_at"),
        who=F("organisation__name"),
        due=F("version__due_on"),
        about=Coalesce(_first(reminded, "times"), Value(0)),
    )


def overdue(person: User) -> Rows:
    """Forces that should have decided by now."""
    return waiting(person).filter(row_due__lt=timezone.localdate())


def proposals(person: User) -> Rows:
    """Proposals to share beyond policing that wait for a second editor."""
    found = ReleaseProposal.objects.filter(
        version__in=_versions(person, State.AGREED, State.RELEASED), closed_at__isnull=True
    )
    return _rows(
        found,
        "version__",
        since=F("proposed_at"),
        who=F("proposed_by__name"),
        about=F("sharing_group__name"),
    )


def embargoed(person: User) -> Rows:
    """Versions that an embargo keeps from everybody, and whose it is."""
    today = timezone.localdate()
    binding = Q(embargo_until__gt=today) | Q(
        until_proceedings_end=True, proceedings_end__isnull=True
    )
    last = SignOff.objects.filter(binding, version=OuterRef("pk")).order_by(
        "-until_proceedings_end", "-embargo_until", "pk"
    )
    found = _versions(person, State.AGREED, State.RELEASED).filter(
        Q(embargo_until__gt=today) | Q(until_proceedings_end=True)
    )
    return _rows(
        found,
        since=_first(last, "decided_at"),
        who=_first(last, "organisation__name"),
        due=F("embargo_until"),
        about=F("until_proceedings_end"),
    )


def reviews(person: User) -> Rows:
    """Released versions of which the team is asked whether they hold, soon or already."""
    until = timezone.localdate() + REVIEWS_AHEAD
    return released(person).filter(row_due__lte=until)


def no_longer(person: User) -> Rows:
    """Versions that are still shared, although the last review said they should not be."""
    last = Review.objects.filter(debrief=OuterRef("debrief")).exclude(outcome="").order_by("-pk")
    found = _versions(person, State.RELEASED).annotate(said=_first(last, "outcome"))
    return _rows(
        found.filter(said=Review.Outcome.WITHDRAW),
        since=_first(last, "done_at"),
        who=_first(last, "done_by__name"),
    )
