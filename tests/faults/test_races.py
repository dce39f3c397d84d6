"""Two people do two things at the same moment: is one of them first, and the other told so?

On the real PostgreSQL, two threads at a barrier, many rounds each. Whoever wins, the invariants
hold and nothing is half done.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.db import connection

from debriefs.exceptions import Conflict, Refused
from debriefs.models import Version
from debriefs.services import checking, releasing, signing, writing
from debriefs.services.signing import Answer
from debriefs.workflow import State
from portal.models import Role
from tests.faults.invariants import faults, faults_of
from tests.world import AGREE, CHANGES, World, following, fresh

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 200

Act = Callable[[], Any]


@dataclass
class Outcome:
    """What one of the two came to: what the service gave, or how it refused."""

    gave: Any = None
    refusal: Refused | None = None

    @property
    def won(self) -> bool:
        """Whether it was done."""
        return self.refusal is None


def at_once(first: Act, second: Act) -> tuple[Outcome, Outcome]:
    """Both at the same moment, each on a connection of its own. Any error but a refusal fails."""
    barrier = threading.Barrier(2)
    outcomes = (Outcome(), Outcome())
    errors: list[BaseException] = []

    def run(act: Act, outcome: Outcome) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            outcome.gave = act()
        except Refused as refusal:
            outcome.refusal = refusal
        except BaseException as error:  # noqa: BLE001 - raised below, in the thread of the test
            errors.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=pair)
        for pair in zip((first, second), outcomes, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if errors:
        raise errors[0]
    return outcomes


@dataclass
class Rounds:
    """One debrief that goes through a round with its forces as often as is asked for."""

    world: World
    version: Version

    @classmethod
    def begin(cls, world: World) -> Rounds:
        """Nothing was sent yet."""
        return cls(world, world.draft())

    def sent(self) -> Version:
        """The next round: the newest version is with the forces, and nobody has decided."""
        newest = following(self.version)
        if newest.state != State.DRAFTING:
            newest = writing.reopen(by=self.world.person("author"), version=newest)
        checking.submit(by=self.world.person("author"), version=newest, revision=newest.revision)
        checking.check(
            by=self.world.person("second_author"), version=newest, revision=newest.revision
        )
        self.version = signing.send(by=self.world.person("editor"), version=newest)
        return self.version

    def agreed(self) -> Version:
        """The next round, and every force agreed."""
        return self.world.agreed(self.sent())


def decides(world: World, version: Version, person: str, answer: Answer = AGREE) -> Act:
    """The person decides for Alphashire."""
    by, signoff = world.person(person), version.signoffs.get(organisation__key="alpha")
    return lambda: signing.decide(by=by, signoff=signoff, digest=version.digest, answer=answer)


def nothing_is_wrong(version: Version) -> None:
    """With this version now; with everything, at the end of all rounds."""
    assert not faults_of(fresh(version))


def test_of_two_signatories_who_decide_at_once_one_is_first_and_the_other_is_told(
    world: World,
) -> None:
    world.hire("alpha_officer", "alpha", Role.SIGNATORY)
    rounds, first = Rounds.begin(world), Counter[str]()
    for _ in range(ROUNDS):
        version = rounds.sent()
        one, other = at_once(
            decides(world, version, "alpha_signatory"),
            decides(world, version, "alpha_officer", CHANGES),
        )
        assert one.won != other.won
        told = (other if one.won else one).refusal
        assert told
        assert told.reason in (
            "Your force has already decided on this version.",
            "This version is no longer waiting for decisions.",
        )
        first["one" if one.won else "other"] += 1
        nothing_is_wrong(version)
    assert len(first) == 2, "the two were never really at once"
    assert not faults()


def test_a_decision_and_the_end_of_its_round_exclude_each_other(world: World) -> None:
    rounds, author, first = Rounds.begin(world), world.person("author"), Counter[str]()
    for _ in range(ROUNDS):
        version = rounds.sent()

        def reopens(version: Version = version) -> Version:
            return writing.reopen(by=author, version=version)

        decided, reopened = at_once(decides(world, version, "alpha_signatory"), reopens)
        assert reopened.won
        assert fresh(version).state == State.RETURNED
        if not decided.won:
            assert decided.refusal
            assert "no longer waiting" in decided.refusal.reason
        assert version.signoffs.exclude(decision="").exists() == decided.won
        first["decided" if decided.won else "reopened"] += 1
        nothing_is_wrong(version)
    assert len(first) == 2, "the two were never really at once"
    assert not faults()


def test_of_two_editors_of_one_part_the_second_gets_a_conflict(world: World) -> None:
    draft = world.draft()
    part, first = draft.parts.earliest("position"), Counter[str]()
    author, other = world.person("author"), world.person("second_author")
    for number in range(ROUNDS):
        revision = fresh(draft).revision
        mine, theirs = at_once(
            *(
                partial(
                    writing.edit_part,
                    by=person,
                    part=part,
                    revision=revision,
                    words=world.section(markdown=f"{person} {number}"),
                )
                for person in (author, other)
            )
        )
        assert mine.won != theirs.won
        assert isinstance((theirs if mine.won else mine).refusal, Conflict)
        part.refresh_from_db()
        assert part.markdown == f"{author if mine.won else other} {number}"
        assert fresh(draft).revision == revision + 1
        first["mine" if mine.won else "theirs"] += 1
    assert len(first) == 2, "the two were never really at once"
    assert draft.saves.count() == fresh(draft).revision
    assert not faults()


def test_of_two_editors_of_two_parts_both_are_kept(world: World) -> None:
    draft = world.draft()
    section, lesson = draft.parts.order_by("position")
    for number in range(ROUNDS):
        revision = fresh(draft).revision
        one, other = at_once(
            partial(
                writing.edit_part,
                by=world.person("author"),
                part=section,
                revision=revision,
                words=world.section(markdown=f"A {number}"),
            ),
            partial(
                writing.edit_part,
                by=world.person("second_author"),
                part=lesson,
                revision=revision,
                words=world.lesson(title=f"B {number}"),
            ),
        )
        assert one.won
        assert other.won
        assert fresh(draft).revision == revision + 2
    assert not faults()


def test_what_is_shared_and_withdrawn_at_once_is_read_by_nobody(world: World) -> None:
    rounds, first = Rounds.begin(world), Counter[str]()
    editor, group = world.person("editor"), world.group("policing")
    signatory = world.person("bravo_signatory")
    for _ in range(ROUNDS):
        version = rounds.agreed()
        signoff = version.signoffs.get(organisation__key="bravo")
        shared, withdrawn = at_once(
            partial(releasing.release, by=editor, version=version, sharing_group=group),
            partial(
                signing.withdraw_consent, by=signatory, signoff=signoff, reason="A trial is on."
            ),
        )
        assert withdrawn.won
        after = fresh(version)
        assert (after.state, after.readers) == (State.WITHDRAWN, [])
        assert version.releases.exists() == shared.won
        first["shared" if shared.won else "withdrawn"] += 1
        nothing_is_wrong(version)
    assert len(first) == 2, "the two were never really at once"
    assert not faults()


def test_the_same_form_sent_twice_at_once_is_one_decision_and_one_release(world: World) -> None:
    rounds = Rounds.begin(world)
    editor, group = world.person("editor"), world.group("policing")
    for _ in range(ROUNDS):
        version = rounds.sent()
        twice = at_once(*[decides(world, version, "alpha_signatory")] * 2)
        assert [each.gave.pk for each in twice] == [twice[0].gave.pk] * 2
        world.decide(version, "bravo")
        release = partial(releasing.release, by=editor, version=version, sharing_group=group)
        both = at_once(release, release)
        assert [each.gave.pk for each in both] == [both[0].gave.pk] * 2
        assert version.releases.count() == 1
        nothing_is_wrong(version)
    assert not faults()
