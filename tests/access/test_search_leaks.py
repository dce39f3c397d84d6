"""Can anything that is hidden be inferred from what the search finds, counts, marks or offers?

One test or more for each leak path that search could open, by its number, as in `test_leaks.py`.
Most of them compare: a page is the same once everything that its visitor may not read is gone and
the index is written anew, or the same as for words that nobody ever wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode
from pytest_django.plugin import DjangoDbBlocker

from debriefs.models import ExploitationType, Notice, Part, Theme, Version
from debriefs.models.vocabulary import DebriefKind, Heading
from debriefs.search import finding, passages, query, similar, suggesting
from debriefs.search.facets import FACETS
from debriefs.search.finding import Found
from debriefs.search.passages import Hit
from debriefs.services import alerting, releasing, searches
from debriefs.services.content import Words
from debriefs.workflow import State
from portal.models import Tier, User
from tests.access.scene import Scene, erase, same_for_all
from tests.conftest import settle
from tests.world import World

#: Words that stand in hidden debriefs alone, with words of the same shape that stand nowhere.
SECRETS = {
    "goshawkery": "peshawkery",  # an operation's name
    "quicklimework": "quickfemework",  # in a section
    "marzipanning": "tarzipanning",  # in a lesson
    "bullionaires": "rullionaires",  # in the title of a part
    "kittiwaking": "mittiwaking",  # in the summary
}
#: Those of parts that only police read, of a debrief that everyone reads.
LIMITED = {
    "quarterdecking": "quarterpecking",  # in a section
    "samphireous": "kamphireous",  # in a lesson
    "dollymixtures": "pollymixtures",  # in the title of a part
}

READERS = ["charlie_officer", "partner_officer", "outsider"]


def said(world: World, words: Sequence[str], theme: Theme) -> list[Words]:
    """Parts that would turn every list upside down if they could be noticed: the words that others
    have, many times over, and three of their own."""
    often = (
        "A brothel, a call about an address, a prosecutor and a witness in the first week. " * 20
    )
    return [
        world.section(markdown=f"{often} The {words[0]}. The brothels' callers."),
        world.lesson(
            theme=theme,
            title=f"Meet {words[2]} early",
            observed=f"{often} So {words[1]}.",
            roles=["analyst"],
        ),
    ]


def loud(world: World, name: str) -> dict[str, Any]:
    """All that a hidden debrief says, with facts that nobody else has."""
    theme = Theme.objects.get(key="victim-care")
    return {
        "operation": name,
        "facts": world.facts(
            title="A brothel and a prosecutor",
            summary="Of kittiwaking by prosecutors",
            kind=DebriefKind.HOT,
            operation_from=date(1999, 1, 1),
            operation_until=date(1999, 12, 31),
            themes=[theme],
            exploitation=[ExploitationType.objects.get(key="labour")],
            supporting=("bravo", "delta"),
        ),
        "parts": said(world, list(SECRETS)[1:4], theme),
    }


@dataclass(frozen=True, slots=True)
class Searched:
    """The scene with debriefs to be found, and what of it each reader may not read."""

    scene: Scene
    hidden: dict[str, list[int]]
    parts: dict[str, list[int]]
    facts: dict[str, list[int]]

    def person(self, key: str) -> User:
        """The person as the next request finds them."""
        return self.scene.world.person(key)


def hide(world: World, number: int) -> None:
    """Hide the loudest of debriefs from everyone who did not take part, in one of many ways."""
    ways: tuple[tuple[State, tuple[str, ...]], ...] = (
        (State.RELEASED, ("circle",)),
        (State.RELEASED, ("participants",)),
        (State.DRAFTING, ()),
        (State.WITH_FORCES, ()),
        (State.AGREED, ()),
    )
    state, groups = ways[number % len(ways)]
    name = f"Goshawkery {number}" if number else "Goshawkery"
    world.debrief_at(state, groups=groups, **loud(world, name))


@pytest.fixture(scope="module")
def standing_searched(standing_scene: Scene, django_db_blocker: DjangoDbBlocker) -> Searched:
    """The scene with more to find, openly and in hiding, for all tests of this module."""
    with django_db_blocker.unblock():
        searched = _build(standing_scene)
        settle()
        return searched


@pytest.fixture
def searched(standing_searched: Searched, scene: Scene) -> Searched:
    """The same as it was built; whatever the test does to it is undone."""
    return standing_searched


def _build(scene: Scene) -> Searched:
    world = scene.world
    for name, words in (("Kestrel", "A brothel above a shop."), ("Merlin", "A call, a witness.")):
        world.debrief_at(
            State.RELEASED, operation=name, parts=[world.section(markdown=words), world.lesson()]
        )
    world.debrief_at(
        State.RELEASED,
        operation="Osprey",
        facts=world.facts(
            reach=Tier.PUBLIC,
            summary="A call.",
            operation_from=date(1990, 1, 1),
            operation_until=date(1990, 6, 1),
        ),
        parts=[
            *said(world, list(LIMITED), Theme.objects.get(key="evidence-led")),
            world.section(
                Tier.PARTNERS,
                heading=Heading.PARTNERS,
                markdown="A witness at an address, and a brothel.",
            ),
            world.lesson(Tier.PARTNERS, title="Ask partners early"),
            world.section(
                Tier.PUBLIC, heading=Heading.PUBLIC_SUMMARY, markdown="A brothel, a call."
            ),
            world.lesson(Tier.PUBLIC, title="Call somebody early"),
        ],
        groups=("policing", "partners", "public"),
    )
    for number in range(5):
        hide(world, number)
    hidden: dict[str, list[int]] = {}
    parts: dict[str, list[int]] = {}
    facts: dict[str, list[int]] = {}
    for reader in READERS:
        person = world.person(reader)
        seen = Version.objects.visible_to(person)
        once = Version.objects.once_visible_to(person)
        hidden[reader] = list(
            Version.objects.exclude(pk__in=seen).exclude(pk__in=once).values_list("pk", flat=True)
        )
        mine = Part.objects.visible_to(person)
        parts[reader] = list(
            Part.objects.filter(version__in=seen).exclude(pk__in=mine).values_list("pk", flat=True)
        )
        known = Version.objects.facts_visible_to(person)
        facts[reader] = list(seen.exclude(pk__in=known).values_list("pk", flat=True))
    assert all(hidden.values())
    assert parts["partner_officer"]
    assert facts["partner_officer"]
    return Searched(scene, hidden, parts, facts)


def secrets(reader: str) -> dict[str, str]:
    """The words that stand in nothing that the reader may read."""
    return SECRETS if reader == "charlie_officer" else SECRETS | LIMITED


def asked(searched: Searched, reader: str, text: str, **narrowing: list[str]) -> Found:
    """What the engine finds for the reader."""
    return finding.find(searched.person(reader), query.parse(text), narrowing)


#: What is asked: common words, rare ones, those of hidden words alone, almost those, and narrowed.
QUESTIONS = (
    *("", "brothel", "prosecutor", "witness address", "call about an address", "brothels", "BWV"),
    *(
        '"call about an address"',
        '"meet the prosecutor"',
        "-brothel prosecutor",
        "-prosecutor call",
    ),
    *("alphashire", "sexual exploitation", "romania", "how it was done"),  # of facts
    *(SECRETS | LIMITED),
    *(f"prosecutor {secret}" for secret in SECRETS | LIMITED),
    *(f"{secret[:5]}{secret[6:]}" for secret in SECRETS | LIMITED),  # a letter is missing
    *("brothle", "prosecuter", "callerz", "Kestral", "Goshawkry", "operation goshawkery"),
    *("theme:victim-care", "theme:evidence-led call", "force:delta", "force:alpha", "region:south"),
    *("year:1999", "year:2021 call", "type:labour", "kind:hot", "role:analyst", "role:sio call"),
    *("marking:sensitive", "marking:official", "outcome:convicted", "operation:goshawkery"),
)

#: How a list is narrowed, ordered and paged through.
NARROWED: tuple[dict[str, str], ...] = (
    *({}, {"sort": "newest"}, {"sort": "began"}, {"sort": "name"}, {"sort": "read"}, {"page": "2"}),
    *({"theme": "victim-care"}, {"theme": "evidence-led"}, {"year": "1999"}, {"type": "labour"}),
    *({"force": "delta"}, {"role": "analyst"}, {"kind": "hot"}, {"outcome": "convicted"}),
)


def addresses() -> list[str]:
    """The library for each question, and for some of them narrowed in each way; and what is offered
    while one types."""
    library = reverse("debriefs:library")
    found = [f"{library}?{urlencode({'q': text})}" for text in QUESTIONS]
    for text in ("call", "brothel prosecutor", "goshawkery"):
        found += [f"{library}?{urlencode({'q': text, **narrowed})}" for narrowed in NARROWED]
    suggest = reverse("debriefs:suggest")
    found += [f"{suggest}?{urlencode({'q': text})}" for text in ("gosh", "vict", "delt", "osp")]
    return found


def pages(searched: Searched, reader: str) -> dict[str, str]:
    """What the reader is shown at all of them."""
    client = Client()
    client.force_login(searched.scene.world.person(reader))
    found = {}
    for address in addresses():
        response = client.get(address)
        assert response.status_code == 200, address
        found[address] = same_for_all(response.content.decode())
    return found


def answers(searched: Searched, reader: str) -> dict[str, object]:
    """What the engine itself says, to the last digit of a score."""
    found: dict[str, object] = {}
    for text in QUESTIONS:
        answer = asked(searched, reader, text)
        counts = {facet: answer.counts(facet) for facet in FACETS}
        found[text] = (
            answer.versions.tolist(),
            answer.worth,
            {version: set(mine) for version, mine in answer.matches.items()},
            answer.corrections,
            answer.unknown,
            answer.unresolved,
            {facet: {key: n for key, n in each.items() if n} for facet, each in counts.items()},
        )
        person = searched.person(reader)
        alike = f"{text} a brothel and a call about an address in the first week"
        found[f"like {text}"] = (
            similar.debriefs(person, alike, beside=0, limit=20),
            similar.lessons(person, alike, beside=0, limit=20),
        )
        found[f"typing {text}"] = suggesting.suggestions(person, text)
    return found


def as_if_never(searched: Searched, reader: str) -> None:
    """All that is hidden from the reader has never been."""
    erase(searched.hidden[reader], parts=searched.parts[reader], facts=searched.facts[reader])


@pytest.mark.parametrize("reader", READERS)
def test_paths_3_to_9_and_12_the_engine_answers_as_if_nothing_hidden_existed(
    searched: Searched, reader: str
) -> None:
    """The same versions in the same order with the same scores, and the same words unknown."""
    before = answers(searched, reader)

    as_if_never(searched, reader)

    after = answers(searched, reader)
    assert {text for text in before if before[text] != after[text]} == set()


@pytest.mark.parametrize("reader", READERS)
def test_paths_3_to_9_and_12_search_pages_are_as_if_nothing_hidden_existed(
    searched: Searched, reader: str
) -> None:
    """Hits, snippets, totals, page counts, facets, what is offered instead, and every order."""
    before = pages(searched, reader)

    as_if_never(searched, reader)

    after = pages(searched, reader)
    assert {address for address in before if before[address] != after[address]} == set()


def test_the_comparison_of_searches_notices_what_is_visible(searched: Searched) -> None:
    """The control: to who reads the circle's debriefs, their words are found."""
    before = answers(searched, "alpha_officer")

    as_if_never(searched, "charlie_officer")

    after = answers(searched, "alpha_officer")
    changed = {text for text in before if before[text] != after[text]}
    assert {"goshawkery", "brothel", "theme:victim-care", "year:1999"} <= changed


# --- By path --------------------------------------------------------------------------------------


def readable(person: User, word: str) -> set[int]:
    """The versions with the word in something that the person may read, from the words themselves:
    slow and plain, with nothing of the index."""
    texts: list[tuple[int, str]] = []
    for version in Version.objects.visible_to(person).select_related("debrief"):
        texts += [
            (version.pk, text)
            for text in (version.debrief.operation, version.title, version.summary)
        ]
    for part in Part.objects.visible_to(person).select_related("theme"):
        texts.append((part.version_id, f"{part.title} {part.text} {part.theme or ''}"))
    for version in Version.objects.facts_visible_to(person).prefetch_related("themes"):
        texts += [(version.pk, str(theme)) for theme in version.themes.all()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT version FROM unnest(%s::int[], %s::text[]) AS t (version, words) "
            "WHERE to_tsvector('english', words) @@ plainto_tsquery('english', %s)",
            [[version for version, _ in texts], [text for _, text in texts], word],
        )
        return {version for (version,) in cursor.fetchall()}


@pytest.mark.parametrize("reader", READERS)
def test_path_3_a_hidden_word_is_a_word_that_nobody_wrote(searched: Searched, reader: str) -> None:
    """In a name, a section, a lesson, a title, a summary: alone, and beside other words."""
    for secret, invented in secrets(reader).items():
        found = asked(searched, reader, secret)

        assert found.total == 0
        assert found.unknown == (secret,)
        for text in (f"prosecutor {secret}", f'"meet {secret}"', f"-{secret} prosecutor"):
            hidden = asked(searched, reader, text)
            never = asked(searched, reader, text.replace(secret, invented))
            assert list(hidden.versions) == list(never.versions), text
    osprey = Version.objects.get(debrief__operation="Osprey").pk
    phrase = '"call about an address"'  # of words that all stand in what partners read as well
    assert (osprey in asked(searched, reader, phrase).versions) == (reader == "charlie_officer")
    for secret in SECRETS:
        assert asked(searched, "alpha_officer", secret).total >= 1
    for secret in LIMITED:
        assert asked(searched, "charlie_officer", secret).total == 1


@pytest.mark.parametrize("reader", READERS)
def test_path_4_no_snippet_comes_from_a_hidden_part(searched: Searched, reader: str) -> None:
    """Not where the best passage by far is hidden, nor by the name of its part, nor by a link."""
    person = searched.person(reader)
    client = Client()
    client.force_login(person)
    mine = {part.anchor for part in Part.objects.visible_to(person)}
    hidden = {part.anchor for part in Part.objects.all()} - mine
    for text in ("brothel", "brothel prosecutor witness", "call about an address", "meet early"):
        hits = best_paragraphs(searched, reader, text)
        shown = client.get(reverse("debriefs:library"), {"q": text}).content.decode()

        assert hits
        for hit in hits:
            assert any(hit.fragment.startswith(anchor) for anchor in mine)
            assert not any(secret in f"{hit.where} {hit.snippet}" for secret in secrets(reader))
        assert not any(secret in shown for secret in secrets(reader))
        assert not any(f"#{anchor}" in shown for anchor in hidden)
        alpha = best_paragraphs(searched, "alpha_officer", text)
        assert any(hit.fragment.startswith(anchor) for hit in alpha for anchor in hidden)


def best_paragraphs(searched: Searched, reader: str, text: str) -> list[Hit]:
    """All that is shown of the debriefs that answer."""
    found = asked(searched, reader, text)
    hits = passages.best(searched.person(reader), found, found.versions.tolist())
    return [hit for each in hits.values() for hit in each]


@pytest.mark.parametrize("reader", [*READERS, "alpha_officer", "guest"])
def test_path_5_a_total_counts_what_may_be_read_and_nothing_else(
    searched: Searched, reader: str
) -> None:
    """Equal to what a plain search through the words themselves finds."""
    person = searched.person(reader)
    for word in ("brothel", "prosecutor", "witness", "shop", "callers", *SECRETS, *LIMITED):
        found = asked(searched, reader, word)

        assert {int(number) for number in found.versions} <= readable(person, word), word
        everything = asked(searched, reader, f'"{word}"')
        assert bool(everything.total) == bool(readable(person, word)), word
    assert asked(searched, reader, "").total == Version.objects.visible_to(person).count()


@pytest.mark.parametrize("reader", [*READERS, "alpha_officer"])
def test_path_6_facets_count_what_may_be_known_and_nothing_else(
    searched: Searched, reader: str
) -> None:
    """A value of hidden facts has no count, and no hit has a value of facts that are hidden."""
    person = searched.person(reader)
    known = Version.objects.facts_visible_to(person)
    found = asked(searched, reader, "")

    for facet, field in (("theme", "themes__key"), ("type", "exploitation__key")):
        plain: dict[str, int] = {}
        for key in known.values_list(field, flat=True):
            plain[str(key)] = plain.get(str(key), 0) + 1
        counts = {key: number for key, number in found.counts(facet).items() if number}
        assert counts == plain
    roles = {
        role
        for part in Part.objects.visible_to(person).filter(version__state="released")
        for role in part.roles
    }
    assert {role for role, number in found.counts("role").items() if number} == roles
    if reader != "alpha_officer":
        assert "1999" not in found.counts("year")
        assert "hot" not in found.counts("kind")
        assert "delta" not in found.counts("force")


@pytest.mark.parametrize("reader", READERS)
def test_path_7_no_hidden_word_is_meant(searched: Searched, reader: str) -> None:
    """Neither the hidden word that was nearly typed, nor an ending that only a hidden text has; who
    may read it is helped."""
    for secret in secrets(reader):
        typed = f"{secret[:5]}{secret[6:]}"

        assert asked(searched, reader, typed).corrections == {}, typed
        assert asked(searched, "alpha_officer", typed).corrections == {typed: secret}
    typed = "prozecutors"  # nearest to a form that only hidden words have
    assert asked(searched, reader, typed).corrections == {typed: "prosecutor"}
    assert asked(searched, "alpha_officer", typed).corrections == {typed: "prosecutors"}


@pytest.mark.parametrize("hidden_first", [True, False])
def test_path_7_what_is_meant_stays_when_many_hidden_words_are_as_near(
    searched: Searched, hidden_first: bool
) -> None:
    """Dozens of them, some nearer than the one that may be read; whichever was written first."""
    world = searched.scene.world
    letters = "bcdefghijlmnpqstuvwxyz"
    near = [f"woodlo{letter}k" for letter in letters] + [f"w{letter}odlork" for letter in letters]

    def write(operation: str, words: str, group: str) -> None:
        parts = [world.section(markdown=words), world.lesson()]
        world.debrief_at(State.RELEASED, operation=operation, parts=parts, groups=(group,))

    if hidden_first:
        write("Gannet", " ".join(near), "circle")
    write("Woodlark", "Nothing else.", "policing")
    if not hidden_first:
        write("Gannet", " ".join(near), "circle")

    assert asked(searched, "charlie_officer", "woodlork").corrections == {"woodlork": "woodlark"}
    assert asked(searched, "alpha_officer", "woodlork").corrections.keys() == {"woodlork"}


@pytest.mark.parametrize("reader", READERS)
def test_path_7_nothing_hidden_is_offered_while_typing(searched: Searched, reader: str) -> None:
    """No name of an operation, no theme and no force of hidden debriefs alone."""
    person = searched.person(reader)
    for typed in ("go", "gos", "goshawkery", "operation gosh", "vict", "delt", "hot", "1999"):
        offered = suggesting.suggestions(person, typed)

        assert [each for each in offered if "Goshawkery" in each.text] == []
        assert [each.text for each in offered] == [], typed
    alpha = searched.person("alpha_officer")
    assert {each.text for each in suggesting.suggestions(alpha, "gosh")} >= {"Goshawkery"}
    assert {each.text for each in suggesting.suggestions(alpha, "vict")} == {"Victim care"}


@pytest.mark.parametrize("reader", READERS)
def test_path_8_a_field_that_names_something_hidden_names_nothing(
    searched: Searched, reader: str
) -> None:
    """As it does where the word was never heard of; in the address as in the question."""
    fields = {"theme": "victim-care", "year": "1999", "type": "labour", "force": "delta"}
    for field, value in fields.items():
        hidden = asked(searched, reader, f"{field}:{value} prosecutor")
        never = asked(searched, reader, f"{field}:gardening prosecutor")

        assert hidden.unresolved == ((field, value),)
        assert list(hidden.versions) == list(never.versions)
        assert asked(searched, reader, "", **{field: [value]}).total == 0
        assert asked(searched, "alpha_officer", f"{field}:{value}").total >= 1


@pytest.mark.parametrize("reader", READERS)
def test_path_9_the_order_stays_when_hidden_debriefs_are_added(
    searched: Searched, reader: str
) -> None:
    """To the last digit of a score, however rare or common a word becomes by them."""
    before = {text: asked(searched, reader, text) for text in QUESTIONS}

    for number in range(5, 15):
        hide(searched.scene.world, number)

    for text, found in before.items():
        again = asked(searched, reader, text)
        assert list(again.versions) == list(found.versions), text
        assert again.worth == found.worth, text
        assert (again.corrections, again.unknown) == (found.corrections, found.unknown), text


def test_path_11_what_was_taken_back_is_found_no_more_at_the_next_question(
    searched: Searched,
) -> None:
    """Nor counted, nor a word of it known."""
    version = Version.objects.get(debrief__operation="Osprey")
    assert asked(searched, "charlie_officer", "quarterdecking").total == 1

    releasing.withdraw_release(
        by=searched.person("editor"),
        release=version.releases.get(sharing_group__key="policing"),
        reason="Enough.",
    )

    found = asked(searched, "charlie_officer", "quarterdecking")
    assert found.total == 0
    assert found.unknown == ("quarterdecking",)
    assert asked(searched, "charlie_officer", "osprey").total == 1, "as the public reads it"


def test_path_11_a_saved_search_tells_of_nothing_hidden_or_taken_back(searched: Searched) -> None:
    """Who may not read what matches is told nothing; who no longer may is not told what it was."""
    world = searched.scene.world
    for reader in (*READERS, "alpha_officer"):
        searches.save(
            by=world.person(reader), name="Birds", words="woodlarking", narrowing={}, alerts=True
        )
    version = world.debrief_at(
        State.RELEASED,
        operation="Gannet",
        parts=[world.section(markdown="They went woodlarking."), world.lesson()],
        groups=("circle",),
    )

    alerting.everyone()

    told = Notice.objects.filter(version=version, search__isnull=False)
    assert {notice.person.email for notice in told} == {"alpha_officer@tests.example"}
    assert "Gannet" in notices_of(searched, "alpha_officer")
    releasing.withdraw_release(
        by=world.person("editor"), release=version.releases.get(), reason="Enough."
    )
    alerting.everyone()
    assert told.count() == 1
    assert "They went" not in notices_of(searched, "alpha_officer")
    for reader in READERS:
        assert "Gannet" not in notices_of(searched, reader)
    assert asked(searched, "alpha_officer", "woodlarking").total == 0


def notices_of(searched: Searched, reader: str) -> str:
    """The page of the reader's notices, and that of their searches."""
    client = Client()
    client.force_login(searched.person(reader))
    found = [client.get(reverse(f"debriefs:{name}")) for name in ("notices", "searches")]
    return " ".join(response.content.decode() for response in found)


@pytest.mark.parametrize("reader", READERS)
def test_path_12_a_theme_of_hidden_debriefs_alone_is_none(searched: Searched, reader: str) -> None:
    """Neither counted beside what is found, nor a word that is found, nor narrowed by."""
    theme = Theme.objects.get(key="victim-care")

    found = asked(searched, reader, "prosecutor")

    assert "victim-care" not in found.counts("theme")
    assert asked(searched, reader, f'"{theme.name}"').total == 0
    assert asked(searched, "alpha_officer", "prosecutor").counts("theme")["victim-care"] >= 1
