"""Who may. Each rule is written once and answers in three directions (see `rules.py`).

All three are built from the same standings and guards, and a property test holds them against a
slow, plain model of the domain.

This module alone speaks to django-guardian, and grants to groups only. A superuser has no standing
here, a person who may not sign in has none, and global permissions count for nothing.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from guardian.models import GroupObjectPermissionBase
from guardian.shortcuts import assign_perm, remove_perm

from debriefs.models import (
    Debrief,
    DebriefGroupObjectPermission,
    Remark,
    SignOff,
    Version,
    VersionGroupObjectPermission,
)
from debriefs.models.signoff import AGREEMENTS
from debriefs.rules import EVERYBODY, YES, Decision, Guard, Rule, Standing, when
from debriefs.workflow import MOVES
from portal.models import Absence, Membership, Organisation, Role, Tier, User
from portal.standing import Visitor, groups_of

WRITE = "write_debrief"
RELEASE = "release_debrief"
SIGN = "sign_version"
READ = "read_version"


def grant(codename: str, group: Group, thing: Debrief | Version) -> None:
    """The group holds the permission on this one thing; granting twice is granting once."""
    assign_perm(f"debriefs.{codename}", group, thing)


def revoke(codename: str, group: Group, thing: Debrief | Version) -> None:
    """The group no longer holds the permission on this thing."""
    remove_perm(f"debriefs.{codename}", group, thing)


def revoke_all(codename: str, version: Version) -> None:
    """No group holds the permission on this version any more."""
    VersionGroupObjectPermission.objects.filter(
        content_object=version.pk, permission__codename=codename
    ).delete()


def grants_of(
    codename: str, visitor: Visitor, grants: type[GroupObjectPermissionBase]
) -> QuerySet[Any, Any]:
    """The numbers of the things on which a group of the visitor's holds the permission.

    Read from the grants' own table. Guardian's `get_objects_for_user` would look at grants to
    persons as well, which the portal does not make, and list for people who may not sign in.
    """
    return grants.objects.filter(
        permission__codename=codename, group__in=groups_of(visitor)
    ).values("content_object")


# --- Standings ------------------------------------------------------------------------------------


def _has_groups(grants: QuerySet[Any]) -> Q:
    return Q(groups__in=grants.values("group"))


def _debrief_grants(codename: str, version: Version) -> QuerySet[DebriefGroupObjectPermission]:
    return DebriefGroupObjectPermission.objects.filter(
        content_object=version.debrief_id, permission__codename=codename
    )


def _readers_of(readers: list[int]) -> Q:
    """The people in these groups; everybody, where one of them is public."""
    if Group.objects.filter(pk__in=readers, sharing_group__tier=Tier.PUBLIC).exists():
        return EVERYBODY
    return Q(groups__in=readers)


def _fresh(version: Version) -> Version:
    """The row as the database has it: what a trigger derives may be newer than the object."""
    return Version.objects.get(pk=version.pk)


READER: Standing[Version] = Standing(
    says="Members of a group that the version is shared with, while it is shared",
    things=lambda visitor: Q(readers__overlap=groups_of(visitor)),
    people=lambda version: _readers_of(_fresh(version).readers),
)
WRITER: Standing[Version] = Standing(
    says="Authors and editors of the project team that owns the debrief",
    things=lambda visitor: Q(debrief__in=grants_of(WRITE, visitor, DebriefGroupObjectPermission)),
    people=lambda version: _has_groups(_debrief_grants(WRITE, version)),
)
EDITOR: Standing[Version] = Standing(
    says="Editors of the project team that owns the debrief",
    things=lambda visitor: Q(debrief__in=grants_of(RELEASE, visitor, DebriefGroupObjectPermission)),
    people=lambda version: _has_groups(_debrief_grants(RELEASE, version)),
)
SIGNATORY: Standing[Version] = Standing(
    says="Signatories and deputies of a signing force, once the version is sealed",
    things=lambda visitor: Q(
        pk__in=grants_of(SIGN, visitor, VersionGroupObjectPermission), sealed_at__isnull=False
    ),
    people=lambda version: _has_groups(
        VersionGroupObjectPermission.objects.filter(
            content_object=version.pk,
            content_object__sealed_at__isnull=False,
            permission__codename=SIGN,
        )
    ),
)


def _sign_grants(**conditions: Any) -> QuerySet[VersionGroupObjectPermission]:
    return VersionGroupObjectPermission.objects.filter(permission__codename=SIGN, **conditions)


def _own_force(says: str) -> Standing[Any]:
    """Those who sign for the organisation of a thing that stands on a version."""
    return Standing(
        says=says,
        things=lambda visitor: Q(
            Exists(
                _sign_grants(
                    content_object=OuterRef("version"),
                    group__role_group__organisation=OuterRef("organisation"),
                    group__in=groups_of(visitor),
                )
            )
        ),
        people=lambda thing: _has_groups(
            _sign_grants(
                content_object=thing.version_id,
                group__role_group__organisation=thing.organisation_id,
            )
        ),
    )


OWN_SIGNATORY: Standing[SignOff] = _own_force(
    "Signatories and deputies of the force whose sign-off it is"
)


TEAM_OF_REMARK: Standing[Remark] = Standing(
    says="Authors and editors of the project team that owns the debrief",
    things=lambda visitor: Q(
        version__debrief__in=grants_of(WRITE, visitor, DebriefGroupObjectPermission)
    ),
    people=lambda remark: _has_groups(_debrief_grants(WRITE, remark.version)),
)
OWN_FORCE_OF_REMARK: Standing[Remark] = _own_force(
    "Signatories and deputies of the force whose remark it is"
)


# --- Guards ---------------------------------------------------------------------------------------


def _states(move: str) -> list[str]:
    return [state.value for state in MOVES[move].sources]


def _in_state(move: str) -> Guard[Version]:
    return when(Version, Q(state__in=_states(move)), MOVES[move].wrong_state)


def _signoff_in_state(move: str) -> Guard[SignOff]:
    return when(SignOff, Q(version__state__in=_states(move)), MOVES[move].wrong_state)


def _wrote(version: str, visitor: Visitor) -> Exists:
    """Whether the visitor wrote words of the version to which `version` leads."""
    through = Version.contributors.through.objects
    return Exists(through.filter(version=OuterRef(version), user=visitor.pk or 0))


NOT_THE_WRITER: Guard[Version] = Guard(
    reason="You wrote part of this version. Someone else of the project team has to check it.",
    things=lambda visitor: Q(~_wrote("pk", visitor)),
    people=lambda version: ~Q(contributed_versions=version.pk),
)
NOT_THE_WRITER_SIGNS: Guard[SignOff] = Guard(
    reason="You wrote part of this version. Someone else has to sign for your force.",
    things=lambda visitor: Q(~_wrote("version", visitor)),
    people=lambda signoff: ~Q(contributed_versions=signoff.version_id),
)


def signatories_at_hand(organisation: Any, version: Any) -> QuerySet[Membership]:
    """Those who hold the role of signatory of the organisation, may sign in, did not write the
    version, and are not away today. Takes numbers, or references to an outer query."""
    today = timezone.localdate()
    away = Absence.objects.filter(
        user=OuterRef("user"),
        organisation=OuterRef("organisation"),
        ended_at__isnull=True,
        from_day__lte=today,
        until_day__gte=today,
    )
    wrote = Version.contributors.through.objects.filter(
        version=OuterRef(version) if isinstance(version, OuterRef) else version,
        user=OuterRef("user"),
    )
    return Membership.objects.filter(
        ~Exists(away),
        organisation=organisation,
        role=Role.SIGNATORY,
        ended_at__isnull=True,
        user__is_active=True,
    ).exclude(Exists(wrote))


def _signatory_grants(**conditions: Any) -> QuerySet[VersionGroupObjectPermission]:
    return _sign_grants(group__role_group__role=Role.SIGNATORY, **conditions)


def _people_not_standing_in(signoff: SignOff) -> Q:
    if not signatories_at_hand(signoff.organisation_id, signoff.version_id).exists():
        return EVERYBODY
    return _has_groups(
        _signatory_grants(
            content_object=signoff.version_id,
            group__role_group__organisation=signoff.organisation_id,
        )
    )


NOT_WHILE_A_SIGNATORY_IS_THERE: Guard[SignOff] = Guard(
    reason="A signatory of your force is there to decide. A deputy decides while all are away.",
    things=lambda visitor: (
        Q(
            Exists(
                _signatory_grants(
                    content_object=OuterRef("version"),
                    group__role_group__organisation=OuterRef("organisation"),
                    group__in=groups_of(visitor),
                )
            )
        )
        | ~Q(Exists(signatories_at_hand(OuterRef("organisation"), OuterRef("version"))))
    ),
    people=_people_not_standing_in,
)
CHECKED = when(
    Version,
    Q(checked_at__isnull=False),
    "A second person of the project team has to check the version before it is sent.",
)
UNDECIDED = when(SignOff, Q(decision=""), "Your force has already decided on this version.")
AGREED = when(
    SignOff,
    Q(decision__in=AGREEMENTS, withdrawal__isnull=True),
    "Only a force that has agreed can withdraw its consent.",
)
EMBARGOED_BY_FORCE = when(
    SignOff,
    Q(until_proceedings_end=True, proceedings_end__isnull=True, withdrawal__isnull=True),
    "Your force has no embargo until proceedings end on this version.",
)
UNRESOLVED = when(Remark, Q(resolved_at__isnull=True), "This remark was resolved already.")
MADE_IT: Guard[Remark] = Guard(
    reason="Only whoever made a remark takes it out.",
    things=lambda visitor: Q(made_by=visitor.pk or 0),
    people=lambda remark: Q(pk=remark.made_by_id),
)
NOT_SIGNED_OVER = when(
    Remark,
    Q(organisation__isnull=True)
    | Q(
        ~Exists(
            SignOff.objects.filter(
                version=OuterRef("version"), organisation=OuterRef("organisation")
            ).exclude(decision="")
        )
    ),
    "Your force has decided, so what it remarked stands.",
)
BEING_MADE = when(
    Version,
    Q(state__in=["drafting", "checking"]),
    "Remarks are made while a version is written and checked.",
)


# --- Rules ----------------------------------------------------------------------------------------

can_read = Rule(
    "read",
    "Nobody reads what was not signed and shared with a group of theirs, but those who make it",
    Version,
    (READER, WRITER, SIGNATORY),
)
can_read_whole = Rule(
    "read_whole",
    "Those who make a version, and once it is sealed those who sign it, read all of it",
    Version,
    (WRITER, SIGNATORY),
)
can_work_on = Rule(
    "work_on",
    "The project team works on its debriefs, and others do not see that",
    Version,
    (WRITER,),
)
can_edit = Rule(
    "edit", "The project team writes while it is a draft", Version, (WRITER,), (_in_state("edit"),)
)
can_submit = Rule(
    "submit",
    "The project team asks for a second reader",
    Version,
    (WRITER,),
    (_in_state("submit"),),
)
can_take_back = Rule(
    "take_back",
    "The project team goes on writing what it submitted",
    Version,
    (WRITER,),
    (_in_state("take_back"),),
)
can_discard = Rule(
    "discard",
    "The project team puts a draft aside",
    Version,
    (WRITER,),
    (_in_state("discard"),),
)
can_restore = Rule(
    "restore",
    "The project team brings a discarded draft back",
    Version,
    (WRITER,),
    (_in_state("restore"),),
)
can_remark = Rule(
    "remark",
    "The project team remarks on what is written or checked",
    Version,
    (WRITER,),
    (BEING_MADE,),
)
can_read_remark = Rule(
    "read_remark",
    "The project team reads every remark, a force its own and no other",
    Remark,
    (TEAM_OF_REMARK, OWN_FORCE_OF_REMARK),
)
can_resolve_remark = Rule(
    "resolve_remark",
    "The project team resolves remarks, each once",
    Remark,
    (TEAM_OF_REMARK,),
    (UNRESOLVED,),
)
can_remove_remark = Rule(
    "remove_remark",
    "Whoever made a remark takes it out, until it is resolved or the force has decided",
    Remark,
    (TEAM_OF_REMARK, OWN_FORCE_OF_REMARK),
    (MADE_IT, UNRESOLVED, NOT_SIGNED_OVER),
)
can_send_back = Rule(
    "send_back",
    "The second reader sends the draft back; nobody checks what they wrote",
    Version,
    (WRITER,),
    (_in_state("send_back"), NOT_THE_WRITER),
)
can_check = Rule(
    "check",
    "A second person checks the draft; nobody checks what they wrote",
    Version,
    (WRITER,),
    (_in_state("check"), NOT_THE_WRITER),
)
can_send = Rule(
    "send",
    "An editor seals a checked version and sends it to every signing force",
    Version,
    (EDITOR,),
    (_in_state("send"), CHECKED),
)
can_read_signoff = Rule(
    "read_signoff",
    "Signatories read what the own force is asked and what it answered, and no other force's",
    SignOff,
    (OWN_SIGNATORY,),
)
can_decide = Rule(
    "decide",
    "A signatory decides for the own force, once, and not on own words",
    SignOff,
    (OWN_SIGNATORY,),
    (
        _signoff_in_state("decide"),
        UNDECIDED,
        NOT_THE_WRITER_SIGNS,
        NOT_WHILE_A_SIGNATORY_IS_THERE,
    ),
)
can_remark_for_force = Rule(
    "remark_for_force",
    "A signatory remarks on what the own force has not decided on yet",
    SignOff,
    (OWN_SIGNATORY,),
    (_signoff_in_state("decide"), UNDECIDED),
)
can_end_proceedings = Rule(
    "end_proceedings",
    "A signatory lifts the embargo that the own force set until proceedings end",
    SignOff,
    (OWN_SIGNATORY,),
    (_signoff_in_state("end_proceedings"), EMBARGOED_BY_FORCE),
)
can_reopen = Rule(
    "reopen", "The project team opens the next version", Version, (WRITER,), (_in_state("reopen"),)
)
can_release = Rule(
    "release", "An editor shares an agreed version", Version, (EDITOR,), (_in_state("release"),)
)
can_propose = Rule(
    "propose",
    "An editor asks a second one to share an agreed version beyond policing",
    Version,
    (EDITOR,),
    (_in_state("propose"),),
)
can_review = Rule(
    "review",
    "The project team says whether what is shared still holds",
    Version,
    (WRITER,),
    (_in_state("review"),),
)
can_withdraw_release = Rule(
    "withdraw_release",
    "An editor takes a version back from a group",
    Version,
    (EDITOR,),
    (_in_state("withdraw_release"),),
)
can_withdraw_consent = Rule(
    "withdraw_consent",
    "A signatory takes the own force's agreement back, at once and everywhere",
    SignOff,
    (OWN_SIGNATORY,),
    (_signoff_in_state("withdraw_consent"), AGREED),
)

RULES: dict[str, Rule[Any]] = {
    rule.name: rule
    for rule in (
        can_read,
        can_read_whole,
        can_work_on,
        can_edit,
        can_submit,
        can_take_back,
        can_discard,
        can_restore,
        can_remark,
        can_read_remark,
        can_resolve_remark,
        can_remove_remark,
        can_send_back,
        can_check,
        can_send,
        can_read_signoff,
        can_decide,
        can_remark_for_force,
        can_end_proceedings,
        can_reopen,
        can_release,
        can_propose,
        can_review,
        can_withdraw_release,
        can_withdraw_consent,
    )
}


def may_start(person: User, owner: Organisation) -> Decision:
    """A debrief is started by an author or editor of the project team that will own it."""
    if owner.kind != Organisation.Kind.TEAM:
        return Decision(False, f"{owner} is not a project team.")
    holds = person.is_active and person.memberships.filter(
        organisation=owner, role__in=(Role.AUTHOR, Role.EDITOR), ended_at__isnull=True
    )
    if holds and holds.exists():
        return YES
    return Decision(False, f"Only an author or editor of {owner} can start a debrief there.")


def in_project_teams() -> QuerySet[Membership]:
    """The roles of everyone who writes for a project team now."""
    return Membership.objects.filter(
        organisation__kind=Organisation.Kind.TEAM,
        role__in=(Role.AUTHOR, Role.EDITOR),
        ended_at__isnull=True,
        user__is_active=True,
    )


def may_tend_search(person: User) -> Decision:
    """Authors and editors answer what people ask, keep the synonyms and see what found nothing: of
    any project team, since the search is the same for all."""
    if in_project_teams().filter(user=person.pk).exists():
        return YES
    return Decision(False, "Only an author or editor of a project team can do that.")


def who_tend_search() -> QuerySet[User]:
    """Everyone to whom `may_tend_search` says yes."""
    return User.objects.filter(pk__in=in_project_teams().values("user"))
