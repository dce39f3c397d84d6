"""What does the project team do for those who search: answers, synonyms, what found nothing?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from debriefs.models import NothingFound, Question, SynonymSet
from debriefs.services import chores, nothing_found, questions, searches, synonyms
from tests.claims import recorded, refused
from tests.post import on, told
from tests.world import World

TEAM = {"author", "second_author", "editor", "second_editor", "other_author"}


def as_(world: World, key: str) -> Client:
    """The person's browser."""
    browser = Client()
    browser.force_login(world.person(key))
    return browser


def page(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


# --- What found nothing ---------------------------------------------------------------------------

NOTHING = "/searches/nothing-found/"


def test_the_most_asked_comes_first_over_all_days(world: World) -> None:
    for days, words in ((-2, "rare"), (-2, "often"), (-1, "often"), (0, "often"), (0, "new")):
        with on(timezone.localdate() + timedelta(days=days)):
            searches.found_nothing(words)

    assert [(line.words, line.times) for line in nothing_found.lines()] == [
        *(("often", 3), ("new", 1), ("rare", 1))
    ]
    shown = page(as_(world, "author"), NOTHING)
    assert shown.index("often") < shown.index("new") < shown.index("rare")
    assert "/synonyms/add/?words=often" in shown


def test_what_is_dealt_with_is_off_the_list(world: World) -> None:
    searches.found_nothing("hydra & sons")
    browser = as_(world, "author")
    answer = browser.post(NOTHING, {"words": "hydra & sons"}, follow=True)

    assert "“hydra &amp; sons” is off the list." in answer.content.decode()
    assert "Every search found something" in answer.content.decode()
    assert not NothingFound.objects.exists()


def test_only_the_team_deals_with_it(world: World) -> None:
    searches.found_nothing("hydra")
    with refused("Only an author or editor"):
        nothing_found.deal_with(by=world.person("administrator"), words="hydra")
    assert as_(world, "administrator").post(NOTHING, {"words": "hydra"}).status_code == 404
    assert NothingFound.objects.exists()


def test_after_a_year_it_is_forgotten(world: World) -> None:
    searches.found_nothing("hydra")
    with on(timezone.localdate() + nothing_found.KEPT_FOR):
        assert not nothing_found.lines()
        assert [each.count for each in chores.run() if "found nothing" in each.says] == [1]
    assert not NothingFound.objects.exists()


# --- Questions ------------------------------------------------------------------------------------


def ask(
    world: World, text: str = "Who has done this before?", key: str = "alpha_officer"
) -> Question:
    return questions.ask(by=world.person(key), text=text, words="hydra")


def test_a_question_goes_to_the_team_and_the_reply_to_whoever_asked(world: World) -> None:
    officer, author = as_(world, "alpha_officer"), as_(world, "author")
    assert 'value="hydra"' in page(officer, "/searches/ask/?q=hydra")
    with recorded("question.asked", by=world.person("alpha_officer")):
        officer.post("/searches/ask/", {"words": "hydra", "text": "Who has?\r\nAnybody?"})
    question = Question.objects.get()
    assert (question.words, question.text) == ("hydra", "Who has?\nAnybody?")
    assert told(world, "question_asked") == TEAM
    assert "No reply yet" in page(officer, "/searches/")

    address = f"/searches/questions/{question.pk}/"
    assert "Alpha Officer asks" in page(author, address)
    assert "Officer, Alphashire Police" in page(author, address)
    with recorded("question.answered", by=world.person("author")):
        author.post(address, {"text": "Ring us."})
    assert told(world, "question_answered") == {"alpha_officer"}
    shown = page(officer, "/searches/")
    assert "Ring us." in shown
    assert f'id="question-{question.pk}"' in shown
    assert "Author" not in shown, "who replied is the team"
    assert "Ring us." not in page(as_(world, "bravo_officer"), "/searches/")


def test_what_waits_comes_first(world: World) -> None:
    first, second, third = (ask(world, text) for text in ("First?", "Second?", "Third?"))
    questions.answer(by=world.person("author"), question=first, text="Yes.")

    assert list(questions.to_the_team()) == [second, third, first]
    shown = page(as_(world, "author"), "/searches/questions/")
    assert shown.index("Second?") < shown.index("Third?") < shown.index("First?")


def test_nobody_replies_over_somebody_else_and_nothing_typed_is_lost(world: World) -> None:
    question = ask(world)
    questions.answer(by=world.person("author"), question=question, text="Ring us.")
    questions.answer(by=world.person("author"), question=question, text="Ring us.")

    answer = as_(world, "editor").post(
        f"/searches/questions/{question.pk}/", {"text": "Do not ring."}
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody has replied already" in shown
    assert "Ring us." in shown
    assert "Do not ring." in shown
    with refused("Somebody has replied"):
        questions.answer(by=world.person("editor"), question=question, text="No.")


def test_an_empty_question_or_reply_is_refused_in_words(world: World) -> None:
    question = ask(world)
    for key, address, says in (
        ("alpha_officer", "/searches/ask/", "Say what you are looking for"),
        ("author", f"/searches/questions/{question.pk}/", "Write a reply."),
    ):
        answer = as_(world, key).post(address, {"text": "  ", "words": "kept words"})
        assert answer.status_code == 422
        assert says in answer.content.decode()
    with refused("Say what you were looking for"):
        ask(world, "\0 ")
    with refused("Write a reply"):
        questions.answer(by=world.person("author"), question=question, text="")


def test_only_the_team_replies(world: World) -> None:
    question = ask(world)
    with refused("Only an author or editor"):
        questions.answer(by=world.person("alpha_officer"), question=question, text="Me.")


def test_asking_twice_is_asking_once_and_only_so_many_wait(world: World) -> None:
    assert ask(world).pk == ask(world).pk
    for number in range(questions.MOST_OPEN - 1):
        ask(world, f"And {number}?")
    with refused("not answered yet"):
        ask(world, "One more?")


def test_there_are_no_questions_at_first(world: World) -> None:
    assert "Nobody has asked anything" in page(as_(world, "author"), "/searches/questions/")


# --- Synonyms -------------------------------------------------------------------------------------


def add(world: World, *words: str) -> SynonymSet:
    return synonyms.add(by=world.person("author"), words=words)


def test_a_set_acts_at_once_and_in_its_order(world: World) -> None:
    first = add(world, "BWV", " body-worn  video ", "")
    add(world, "NRM", "national referral mechanism")

    assert SynonymSet.objects.sets() == (
        ("BWV", "body-worn video"),
        ("NRM", "national referral mechanism"),
    )
    with recorded("synonym.changed", by=world.person("editor")):
        synonyms.change(by=world.person("editor"), number=first.pk, words=["BWV", "bodycam"])
    assert ("BWV", "bodycam") in SynonymSet.objects.sets()
    with recorded("synonym.removed", by=world.person("editor")):
        synonyms.remove(by=world.person("editor"), number=first.pk)
    assert SynonymSet.objects.sets() == (("NRM", "national referral mechanism"),)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["BWV"], "at least two"),
        (["BWV", "bwv"], "“bwv” stands there twice"),
        (["BWV", "…"], "“…” is no word"),
        (["BWV", "x" * 61], "too long"),
        ([f"word {number}" for number in range(13)], "12 words or phrases at most"),
        (["Another", "nrm"], "“nrm” stands in another set already: NRM, national referral"),
    ],
)
def test_what_is_no_set_is_refused_and_nothing_typed_is_lost(
    world: World, words: list[str], says: str
) -> None:
    add(world, "NRM", "national referral mechanism")
    with refused(says):
        add(world, *words)
    other = add(world, "OCG", "organised crime group")
    with refused(says):
        synonyms.change(by=world.person("author"), number=other.pk, words=words)

    answer = as_(world, "author").post("/synonyms/add/", {"words": "\n".join(words)})
    assert answer.status_code == 422
    assert says in answer.content.decode().replace("&quot;", '"')
    assert words[-1] in answer.content.decode()


def test_only_the_team_keeps_synonyms(world: World) -> None:
    made = add(world, "BWV", "bodycam")
    person = world.person("alpha_officer")
    with refused("Only an author or editor"):
        synonyms.add(by=person, words=["a1", "b2"])
    with refused("Only an author or editor"):
        synonyms.change(by=person, number=made.pk, words=["a1", "b2"])
    with refused("Only an author or editor"):
        synonyms.remove(by=person, number=made.pk)


def test_the_same_set_twice_is_one_and_unchanged_is_not_recorded(world: World) -> None:
    made = add(world, "BWV", "bodycam")
    assert add(world, "BWV", "bodycam").pk == made.pk
    with refused("removed this set meanwhile"):
        synonyms.change(by=world.person("author"), number=0, words=["a1", "b2"])
    assert synonyms.remove(by=world.person("author"), number=0) == ()


def test_what_was_removed_can_be_added_again_from_the_confirmation(world: World) -> None:
    made = add(world, "BWV <i>", "bodycam")
    browser = as_(world, "author")
    assert "never put a name of an operation" in page(browser, "/synonyms/")
    answer = browser.post("/synonyms/", {"remove": str(made.pk)}, follow=True).content.decode()

    assert "Removed: BWV &lt;i&gt;, bodycam." in answer
    assert "There are no synonyms" in answer
    again = "/synonyms/add/?words=BWV+%3Ci%3E%0Abodycam"
    assert f'href="{again}"' in answer
    assert "BWV &lt;i&gt;\nbodycam</textarea>" in page(browser, again)


def test_a_set_is_changed_on_a_page_of_its_own(world: World) -> None:
    made = add(world, "BWV", "bodycam")
    browser = as_(world, "author")
    address = f"/synonyms/{made.pk}/"
    assert "BWV\nbodycam</textarea>" in page(browser, address)
    browser.post(address, {"words": "BWV\r\nbody-worn video\r\n"})

    made.refresh_from_db()
    assert made.words == ["BWV", "body-worn video"]


def test_words_that_found_nothing_begin_a_set(world: World) -> None:
    assert "hydra</textarea>" in page(as_(world, "author"), "/synonyms/add/?words=hydra")
