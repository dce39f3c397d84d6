"""Does the index hold what is released, and nothing else, from the moment of the release on?"""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from debriefs.models import Indexed, IndexState, Passage, Posting, Spelling, Version
from debriefs.models.vocabulary import Heading
from debriefs.search import index
from debriefs.services import releasing, signing
from debriefs.workflow import State
from portal.models import Tier
from tests.world import World


def rows() -> set[tuple[object, ...]]:
    """The index, but for what the database numbers."""
    postings = Posting.objects.values_list("lexeme", "version_id", "at1", "at2", "at3", "at4")
    passages = Passage.objects.values_list("version_id", "part_id", "kind", "reach", "words")
    return {*postings, *passages, *Spelling.objects.values_list("word", "lexeme")}


def impacts(lexeme: str) -> list[int]:
    """What the word counts for readers of each clearance."""
    posting = Posting.objects.get(lexeme=lexeme)
    return [posting.at1, posting.at2, posting.at3, posting.at4]


@pytest.mark.parametrize("state", [state for state in State if state != State.RELEASED])
def test_what_is_not_released_is_not_in_the_index(world: World, state: State) -> None:
    """Drafts and sealed versions, returned, superseded and withdrawn ones."""
    version = world.debrief_at(state, token="zebra")

    assert not Posting.objects.filter(version=version).exists()
    assert not Passage.objects.filter(version=version).exists()
    if state not in (State.SUPERSEDED, State.WITHDRAWN):  # those were released once
        assert not Spelling.objects.filter(word__startswith="zebra").exists()


def test_a_release_that_is_undone_leaves_nothing_in_the_index(world: World) -> None:
    """It is written in the transaction of the release."""
    version = world.debrief_at(State.AGREED)

    with transaction.atomic():
        releasing.release(
            by=world.person("editor"), version=version, sharing_group=world.group("policing")
        )
        assert Posting.objects.filter(version=version).exists()
        transaction.set_rollback(True)

    assert rows() == set()
    assert not Indexed.objects.exists()


def test_a_withdrawn_version_leaves_the_index_whoever_writes_the_row(world: World) -> None:
    """The database sees to it."""
    version = world.debrief_at(State.RELEASED)
    assert Passage.objects.filter(version=version).exists()

    with transaction.atomic():
        Version.objects.filter(pk=version.pk).update(state=State.WITHDRAWN)
        assert not Posting.objects.filter(version=version).exists()
        assert not Passage.objects.filter(version=version).exists()
        transaction.set_rollback(True)

    signing.withdraw_consent(
        by=world.person("bravo_signatory"),
        signoff=version.signoffs.get(organisation__key="bravo"),
        reason="A trial.",
    )
    assert not Posting.objects.filter(version=version).exists()


def test_a_word_counts_only_where_its_reader_may_read_it(world: World) -> None:
    """By clearance: the participating forces' first, the public's last."""
    world.debrief_at(
        State.RELEASED,
        facts=world.facts(reach=Tier.PUBLIC, title="About a quagga"),
        parts=[
            world.section(Tier.PUBLIC, heading=Heading.PUBLIC_SUMMARY, markdown="An okapi."),
            world.section(Tier.PARTNERS, heading=Heading.PARTNERS, markdown="A tapir, an okapi."),
            world.section(Tier.POLICING, markdown="A narwhal."),
        ],
        groups=("policing",),
    )

    assert min(impacts("quagga")) > 0
    assert [n > 0 for n in impacts("okapi")] == [True, True, True, True]
    assert impacts("okapi")[2] > impacts("okapi")[3]  # twice, for those who read both
    assert [n > 0 for n in impacts("tapir")] == [True, True, True, False]
    assert [n > 0 for n in impacts("narwhal")] == [True, True, False, False]


def test_the_rest_of_a_text_counts_only_if_its_reader_may_read_it(world: World) -> None:
    """A long hidden part must not push what stands beside it down."""
    public = world.section(Tier.PUBLIC, heading=Heading.PUBLIC_SUMMARY, markdown="An okapi.")
    hidden = world.section(Tier.POLICING, markdown="A narwhal and much else besides. " * 40)
    facts = world.facts(reach=Tier.PUBLIC)
    alone = world.debrief_at(State.RELEASED, facts=facts, parts=[public])
    beside = world.debrief_at(State.RELEASED, facts=facts, parts=[public, hidden])

    at = dict(Posting.objects.filter(lexeme="okapi").values_list("version_id", "at4"))
    assert at[alone.pk] == at[beside.pk]
    narrow = dict(Posting.objects.filter(lexeme="okapi").values_list("version_id", "at2"))
    assert narrow[alone.pk] > narrow[beside.pk]


def test_lost_it_is_made_again_as_it_was(world: World) -> None:
    """From what is released; what processes keep of the old one is read again."""
    for _ in range(3):
        world.debrief_at(State.RELEASED)
    world.debrief_at(State.WITHDRAWN)
    index.rebuild()
    before, epoch = rows(), IndexState.objects.get().epoch
    for model in (Posting, Passage, Spelling, Indexed):
        model.objects.all()._raw_delete("default")

    call_command("rebuild_search", verbosity=0)

    assert rows() == before
    assert set(Indexed.objects.values_list("version", flat=True)) == set(
        Version.objects.filter(state=State.RELEASED).values_list("pk", flat=True)
    )
    assert IndexState.objects.get().epoch == epoch + 1


def test_a_rebuild_forgets_words_that_stand_nowhere_any_more(world: World) -> None:
    """A name that was taken out must not live on in the list of words."""
    version = world.debrief_at(State.RELEASED, parts=[world.section(markdown="Armadillos.")])
    signing.withdraw_consent(
        by=world.person("alpha_signatory"),
        signoff=version.signoffs.get(organisation__key="alpha"),
        reason="A trial.",
    )

    index.rebuild()

    assert not Spelling.objects.filter(word="armadillos").exists()


def test_one_debrief_more_does_not_move_what_is_global(world: World) -> None:
    """The average length is a power of two."""
    for _ in range(4):
        world.debrief_at(State.RELEASED)
    index.rebuild()
    before = IndexState.objects.get().average_length
    world.debrief_at(State.RELEASED)

    index.rebuild()

    assert before == IndexState.objects.get().average_length
    assert before & (before - 1) == 0


def test_a_change_of_readers_is_noted_with_its_transaction(world: World) -> None:
    """By whichever way: here the tier of the group."""
    version = world.debrief_at(State.RELEASED)
    Indexed.objects.update(changed=0)

    releasing.withdraw_release(
        by=world.person("editor"), release=version.releases.get(), reason="A trial."
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        assert Indexed.objects.get(version=version).changed == cursor.fetchone()[0]


def test_debriefs_are_counted_by_how_many_people_opened_them(world: World) -> None:
    """Each person once, however often."""
    version = world.debrief_at(State.RELEASED)

    for key in ("alpha_officer", "alpha_officer", "charlie_officer"):
        client = Client()
        client.force_login(world.person(key))
        client.get(version.debrief.get_absolute_url())

    assert index.count_readers() == 1
    assert Indexed.objects.get(version=version).read_by == 2
    assert index.count_readers() == 0
