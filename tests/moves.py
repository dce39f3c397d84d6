"""Each move of the table by its service, to be tried by anyone on a version in any state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from debriefs import workflow
from debriefs.models import Release, SignOff, Version
from debriefs.services import checking, releasing, reviewing, signing, writing
from debriefs.workflow import State
from portal.models import Tier, User
from tests.world import AGREE, World

Service = Callable[[World, Version, User], Any]

#: Superseding is no service of its own: it happens to a version when the next one is shared.
BY_ITSELF = {"supersede"}

#: For which force a person decides; whoever does for none tries it for this one.
USUALLY_FOR = "alpha"


def force_of(person: User) -> str:
    """The force for which the person tries what is done for a force."""
    bravo = person.memberships.filter(organisation__key="bravo", ended_at__isnull=True)
    return "bravo" if bravo.exists() else USUALLY_FOR


def _signoff(version: Version, by: User) -> SignOff:
    return version.signoffs.get(organisation__key=force_of(by))


def _edit(world: World, version: Version, by: User) -> None:
    writing.edit_facts(by=by, version=version, revision=version.revision, facts=world.facts())


def _submit(world: World, version: Version, by: User) -> None:
    checking.submit(by=by, version=version, revision=version.revision)


def _take_back(world: World, version: Version, by: User) -> None:
    checking.take_back(by=by, version=version)


def _send_back(world: World, version: Version, by: User) -> None:
    checking.send_back(by=by, version=version, revision=version.revision, reason="The dates.")


def _check(world: World, version: Version, by: User) -> None:
    checking.check(by=by, version=version, revision=version.revision)


def _send(world: World, version: Version, by: User) -> None:
    signing.send(by=by, version=version)


def _decide(world: World, version: Version, by: User) -> None:
    # Other words than those of an earlier decision: the same form sent twice is no second move.
    answer = replace(AGREE, conditions="Not what was said before.")
    signing.decide(by=by, signoff=_signoff(version, by), digest=version.digest, answer=answer)


def _discard(world: World, version: Version, by: User) -> None:
    writing.discard(by=by, version=version)


def _restore(world: World, version: Version, by: User) -> None:
    writing.restore(by=by, version=version)


def _reopen(world: World, version: Version, by: User) -> None:
    writing.reopen(by=by, version=version)


def _release(world: World, version: Version, by: User) -> None:
    releasing.release(by=by, version=version, sharing_group=world.group("circle"))


def _propose(world: World, version: Version, by: User) -> None:
    releasing.propose(by=by, version=version, sharing_group=world.group("partners"))


def _withdraw_release(world: World, version: Version, by: User) -> None:
    shared = version.releases.first() or Release(
        version=version, sharing_group=world.group("policing")
    )
    releasing.withdraw_release(by=by, release=shared, reason="A trial.")


def _withdraw_consent(world: World, version: Version, by: User) -> None:
    signing.withdraw_consent(by=by, signoff=_signoff(version, by), reason="A trial.")


def _end_proceedings(world: World, version: Version, by: User) -> None:
    signing.end_proceedings(by=by, signoff=_signoff(version, by))


def _review(world: World, version: Version, by: User) -> None:
    reviewing.review(by=by, version=version, outcome="holds")


SERVICES: dict[str, Service] = {
    "edit": _edit,
    "submit": _submit,
    "take_back": _take_back,
    "send_back": _send_back,
    "check": _check,
    "send": _send,
    "decide": _decide,
    "discard": _discard,
    "restore": _restore,
    "reopen": _reopen,
    "release": _release,
    "propose": _propose,
    "withdraw_release": _withdraw_release,
    "withdraw_consent": _withdraw_consent,
    "end_proceedings": _end_proceedings,
    "review": _review,
}

#: Somebody who may make the move, so that only the state can stand in the way.
MAKES: dict[str, str] = {
    **dict.fromkeys(("edit", "submit", "take_back", "discard", "restore", "reopen"), "author"),
    **dict.fromkeys(("send_back", "send", "release", "propose", "withdraw_release"), "editor"),
    "review": "author",
    "check": "second_author",
    "decide": "bravo_signatory",
    "withdraw_consent": "alpha_signatory",
    "end_proceedings": "alpha_signatory",
}

#: Moves on a force's sign-off: nobody has the standing for them before the seal.
FOR_A_FORCE = ("decide", "withdraw_consent", "end_proceedings")


def make(world: World, move: str, version: Version) -> None:
    """Somebody who may makes the move."""
    SERVICES[move](world, version, world.person(MAKES[move]))


def version_in(world: World, state: State, move: str = "") -> Version:
    """A version in the state, ready for the move, or for every one that the state allows but the
    end of an embargo, which would stand in the way of others.

    For a move of a force's it has sign-offs even before the seal, as a careless program might have
    left them.
    """
    held_back = move == "end_proceedings" and workflow.allows(move, state)
    answers = {"alpha": replace(AGREE, until_proceedings_end=held_back)}
    version = world.debrief_at(
        state,
        checked=True,
        answers={} if state == State.RETURNED else answers,
        facts=world.facts(reach=Tier.PARTNERS),
    )
    if move in FOR_A_FORCE and not version.is_sealed:
        for key in ("alpha", "bravo"):
            SignOff.objects.create(version=version, organisation=world.organisation(key))
    return version
