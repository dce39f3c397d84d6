"""Can a draft be started, written and moved on through its pages, and is nothing typed ever lost?

Who may open which page is tested in `tests/access`, the editor's scripts in `tests/browser`.
"""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from debriefs.exceptions import Refused
from debriefs.guides import TEMPLATES
from debriefs.models import Debrief, Part, Save, Version
from debriefs.models.vocabulary import Band, DebriefKind, Heading, Marking, ParticipationPart
from debriefs.services import checking, drafts, writing
from debriefs.services.content import Facts, TakingPart, words_of
from debriefs.workflow import State
from portal.models import Tier
from tests.access.scene import tiered
from tests.world import World, fresh


def browser(world: World, person: str = "author") -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(world.person(person))
    return client


def page(response: Any, status: int = 200) -> str:
    """What an answer says, with entities as characters."""
    assert response.status_code == status, response.content.decode()
    return html.unescape(response.content.decode())


def address(version: Version, route: str = "draft", *more: Any) -> str:
    """The address of a page of the draft."""
    return reverse(f"debriefs:{route}", args=[version.debrief.slug, *more])


@pytest.fixture
def draft(world: World) -> Version:
    """A draft with two sections and two lessons."""
    return world.draft(
        operation="Lantern",
        parts=[
            world.section(heading=Heading.OVERVIEW),
            world.section(heading=Heading.PARTNERS),
            world.lesson(title="Meet early"),
            world.lesson(title="Ask twice"),
        ],
    )


def titles(version: Version) -> list[str]:
    """The titles of the parts, in their order."""
    return list(version.parts.order_by("position").values_list("title", flat=True))


def part(version: Version, title: str) -> Part:
    """The part of this title, as it is now."""
    return version.parts.get(title=title)


# --- Starting -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", DebriefKind)
def test_a_draft_begins_with_the_headings_of_its_kind(world: World, kind: DebriefKind) -> None:
    """Each an empty section; whoever started it goes straight on to the list of tasks."""
    sent = {"operation": "Lantern", "title": "A brothel above a shop", "kind": kind}
    response = browser(world).post(reverse("debriefs:start"), sent)

    version = Version.objects.get(debrief__operation="Lantern")
    assert response.status_code == 303
    assert response.headers["Location"] == address(version)
    assert (version.title, version.kind) == ("A brothel above a shop", kind)
    assert [each.heading for each in version.parts.all()] == list(TEMPLATES[kind])
    assert not any(each.markdown for each in version.parts.all())


def test_a_draft_may_begin_with_the_structure_of_another_and_with_none_of_its_words(
    world: World,
) -> None:
    """Headings, their order and how far each travels; no title, text or lesson."""
    like = world.debrief_at(
        State.RELEASED,
        operation="Magnet",
        facts=world.facts(reach=Tier.PARTNERS),
        parts=[
            world.section(Tier.PARTNERS, heading=Heading.PARTNERS, title="With whom it was done"),
            world.section(Tier.POLICING, heading=Heading.OVERVIEW),
            world.lesson(),
        ],
    )
    form = {"operation": "Lantern", "title": "Another", "kind": "hot", "structure": like.pk}
    client = browser(world)
    assert "Operation Magnet: A brothel" in page(client.get(reverse("debriefs:start")))
    client.post(reverse("debriefs:start"), form)

    version = Version.objects.get(debrief__operation="Lantern")
    assert [(each.heading, each.reach, each.title) for each in version.parts.all()] == [
        (Heading.PARTNERS, Tier.PARTNERS, "Partners"),
        (Heading.OVERVIEW, Tier.POLICING, "Overview"),
    ]
    assert version.reach == Tier.PARTNERS
    assert not version.summary


def test_the_structure_of_a_debrief_that_one_may_not_read_cannot_be_copied(world: World) -> None:
    """Of one that is shared with nobody of theirs there is no choice, and no answer tells that it
    is there."""
    hidden = world.debrief_at(State.RELEASED, operation="Magnet", groups=("circle",))
    client = browser(world, "other_author")
    form = {"operation": "Lantern", "title": "Another", "kind": "hot", "structure": hidden.pk}
    told = page(client.post(reverse("debriefs:start"), form), 422)

    assert "Magnet" not in told
    assert not Debrief.objects.filter(operation="Lantern").exists()


def test_only_those_sections_are_copied_that_one_may_read(world: World) -> None:
    """To another project team a debrief is what is shared with it."""
    like = world.debrief_at(
        State.RELEASED,
        facts=world.facts(reach=Tier.PUBLIC),
        parts=tiered(world, Tier.PUBLIC),
        groups=("policing", "public"),
    )
    form = {"operation": "Lantern", "title": "Another", "kind": "hot", "structure": like.pk}
    browser(world, "other_author").post(reverse("debriefs:start"), form)

    version = Version.objects.get(debrief__operation="Lantern")
    assert [each.heading for each in version.parts.all()] == [Heading.PUBLIC_SUMMARY]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"operation": ""}, "Operation name: an answer is needed"),
        ({"operation": "x" * 81}, "Operation name: keep it under 81 characters"),
        ({"title": ""}, "Title: an answer is needed"),
        ({"operation": "LANTERN"}, "Your team has a debrief of an operation of this name"),
        ({"operation": "!!"}, "Give the operation's name in letters."),
        ({"kind": "other"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_with_a_start_is_said_and_what_was_typed_stays(
    world: World, draft: Version, sent: dict[str, str], told: str
) -> None:
    form = {"operation": "Beacon", "title": "A typed title", "kind": "hot", **sent}

    answer = page(browser(world).post(reverse("debriefs:start"), form), 422)

    assert told in answer
    assert "Error: Start a debrief" in answer
    if "title" not in sent:
        assert "A typed title" in answer
    assert Debrief.objects.count() == 1


# --- The list of drafts ---------------------------------------------------------------------------


def test_drafts_of_the_team_stand_with_what_is_next_and_who_saved_last(world: World) -> None:
    """One verb a row; those of another team, and what is sealed, do not stand there."""
    draft = world.draft(operation="Lantern")
    world.debrief_at(State.CHECKING, operation="Beacon")
    world.debrief_at(State.CHECKING, operation="Candle", checked=True)
    world.debrief_at(State.WITH_FORCES, operation="Sealed")
    back = world.debrief_at(State.CHECKING, operation="Returned")
    checking.send_back(
        by=world.person("editor"), version=back, revision=back.revision, reason="Shorter."
    )
    edited = part(draft, "Overview")
    writing.edit_part(
        by=world.person("second_author"),
        part=edited,
        revision=fresh(draft).revision,
        words=words_of(edited),
    )
    author, editor = (
        page(browser(world, person).get(reverse("debriefs:drafts")))
        for person in ("author", "editor")
    )

    assert "Write Operation Lantern" in author
    assert "Last saved by Second Author" in author
    assert "Read Operation Beacon" in author
    assert "Check Operation Beacon" in editor
    assert "Read Operation Candle" in author
    assert "Send Operation Candle" in editor
    assert "Change Operation Returned" in author
    assert "Sealed" not in author + editor
    other = page(browser(world, "other_author").get(reverse("debriefs:drafts")))
    assert "Your team has no draft" in other


def test_a_discarded_draft_is_brought_back_as_it_was(world: World, draft: Version) -> None:
    """It leaves the list, stands below for thirty days, and comes back with every word."""
    client, before = browser(world), titles(draft)
    assert "Discard this draft" in page(client.get(address(draft, "discard")))
    assert client.post(address(draft, "discard")).status_code == 303

    listed = page(client.get(reverse("debriefs:drafts")))
    assert "Write Operation Lantern" not in listed
    assert "Bring back Operation Lantern" in listed
    assert "This draft is discarded" in page(client.get(address(draft)))

    assert client.post(address(draft, "restore")).headers["Location"] == address(draft)
    assert titles(fresh(draft)) == before
    assert "Write Operation Lantern" in page(client.get(reverse("debriefs:drafts")))


# --- The list of tasks ----------------------------------------------------------------------------


def states(told: str) -> dict[str, str]:
    """What the list of tasks says of each, by its title."""
    rows = re.findall(r'<li class="tasks__row".*?</li>', told, re.DOTALL)
    found = {}
    for row in rows:
        words = " ".join(re.sub(r"<form.*?</form>", "", row, flags=re.DOTALL).split())
        title = re.search(r'tasks__link"[^>]*>([^<]*)<', words)
        state = re.search(r'tasks__state"[^>]*>(.*?)</div>', words)
        assert title
        assert state
        found[title[1]] = re.sub(r"<[^>]*>", " ", state[1]).strip()
    return found


def test_each_task_says_how_far_it_has_come(world: World) -> None:
    """Not started, written, or what it needs."""
    version = world.draft(
        facts=world.facts(supporting=(), summary="", themes=[], charged=None),
        parts=[
            world.section(),
            world.section(heading=Heading.PARTNERS, markdown=""),
            world.lesson(title="Whole"),
            world.lesson(title="Half", theme=None, evidence=""),
            world.lesson(title="Bare", observed="", mattered="", action="", theme=None, roles=[],
                         evidence="", worked=""),
        ],
    )  # fmt: skip
    told = states(page(browser(world).get(address(version))))

    assert told["Overview"] == told["Whole"] == "Written"
    assert told["Partners"] == told["Bare"] == "Not started"
    assert " ".join(told["Half"].split()) == (
        "Needs attention Lacks a theme and how strong the evidence is"
    )
    assert told["Summary, themes and talk"] == "Not started"
    assert told["Who took part and signs"] == "Written"


def test_the_list_says_what_is_missing_before_it_can_be_checked(world: World) -> None:
    """In the words in which submitting it would be refused."""
    version = world.draft(facts=world.facts(summary=""), parts=[world.section(markdown="")])
    client = browser(world)
    told, asked = page(client.get(address(version))), page(client.get(address(version, "submit")))

    for words in ("Write the summary", "Write or remove the section “Overview”"):
        assert words in told
        assert words in asked
    assert "Submit for checking" not in asked
    sent = page(client.post(address(version, "submit"), {"revision": version.revision}), 422)
    assert "Before the draft can be checked: write the summary" in sent
    assert fresh(version).state == State.DRAFTING


def test_a_complete_draft_is_submitted_and_taken_back(world: World, draft: Version) -> None:
    """And cannot be changed in between."""
    client = browser(world)
    response = client.post(address(draft, "submit"), {"revision": draft.revision})
    assert response.status_code == 303
    assert fresh(draft).state == State.CHECKING
    told = page(client.get(address(draft)))
    assert "A second reader of your team checks it" in told
    assert "Remove" not in told
    refused = client.post(address(draft, "facts_step", "summary"), {"summary": "Changed"})
    assert "Only a draft can be changed." in page(refused, 403)

    assert client.post(address(draft, "take_back")).status_code == 303
    assert fresh(draft).state == State.DRAFTING


def test_what_was_not_on_the_screen_is_not_submitted(world: World, draft: Version) -> None:
    """Somebody saved after the page was opened."""
    edited = part(draft, "Overview")
    writing.edit_part(
        by=world.person("second_author"),
        part=edited,
        revision=draft.revision,
        words=words_of(edited),
    )
    told = page(browser(world).post(address(draft, "submit"), {"revision": draft.revision}), 409)

    assert "Someone else saved this draft after you opened it" in told
    assert fresh(draft).state == State.DRAFTING


# --- Parts come, go and move ----------------------------------------------------------------------


def test_a_section_is_added_under_a_heading_that_is_free(world: World, draft: Version) -> None:
    """Those that are used are not offered; the new one is written next."""
    client = browser(world)
    offered = page(client.get(address(draft, "add_part")))
    assert 'value="digital"' in offered
    assert 'value="overview"' not in offered

    response = client.post(address(draft, "add_part"), {"what": "digital"})
    added = part(draft, "Digital")
    assert response.headers["Location"] == address(draft, "part", added.identity)
    assert (added.kind, added.heading, added.markdown) == ("section", "digital", "")
    assert "Choose a heading, or a lesson." in page(client.post(address(draft, "add_part")), 422)
    again = page(client.post(address(draft, "add_part"), {"what": "digital"}), 422)
    assert "Select a valid choice" in again


def test_a_new_part_travels_no_further_than_policing_or_its_debrief(world: World) -> None:
    """But for a public summary, which is meant for the public."""
    wide = world.draft(facts=world.facts(reach=Tier.PUBLIC), parts=[world.section()])
    narrow = world.draft(
        facts=world.facts(reach=Tier.PARTICIPANTS, facts_reach=Tier.PARTICIPANTS),
        parts=[world.section(Tier.PARTICIPANTS)],
    )
    client = browser(world)
    for version, what, reach in (
        (wide, "lesson", Tier.POLICING),
        (wide, "public-summary", Tier.PUBLIC),
        (narrow, "lesson", Tier.PARTICIPANTS),
        (narrow, "public-summary", Tier.PARTICIPANTS),
    ):
        client.post(address(version, "add_part"), {"what": what})
        assert version.parts.order_by("-position")[0].reach == reach


@pytest.mark.parametrize(
    ("title", "to", "order", "focus"),
    [
        ("Partners", "up", "Partners Overview|Meet early|Ask twice", "down"),
        ("Overview", "down", "Partners Overview|Meet early|Ask twice", "up"),
        ("Overview", "up", "Overview Partners|Meet early|Ask twice", "down"),
        ("Ask twice", "down", "Overview Partners|Meet early|Ask twice", "up"),
        ("Ask twice", "1", "Overview Partners|Ask twice|Meet early", "down"),
        ("Meet early", "99", "Overview Partners|Ask twice|Meet early", "up"),
    ],
)
def test_a_part_moves_among_its_kind_and_its_button_keeps_the_focus(
    world: World, draft: Version, title: str, to: str, order: str, focus: str
) -> None:
    """Sections stand before lessons; where it goes no further, the other button has the focus."""
    client, moved = browser(world), part(draft, title)
    response = client.post(
        address(draft, "move_part", moved.identity), {"to": to, "revision": draft.revision}
    )

    sections, *lessons = order.split("|")
    assert titles(draft) == [*sections.split(), *lessons]
    assert response.headers["Location"] == f"{address(draft)}?focus={moved.anchor}-{focus}"
    told = page(client.get(response.headers["Location"]))
    (button,) = re.findall(r"<button[^>]*autofocus[^>]*>", told)
    assert f'value="{focus}"' in button
    assert "disabled" not in button


def test_two_who_move_at_once_are_told(world: World, draft: Version) -> None:
    """The second saw a list that is not there any more."""
    client = browser(world)
    for number, status in ((0, 303), (1, 409)):
        moved = part(draft, ("Overview", "Partners")[number])
        response = client.post(
            address(draft, "move_part", moved.identity), {"to": "1", "revision": draft.revision}
        )
        assert response.status_code == status
    assert "Someone else saved this draft" in html.unescape(response.content.decode())
    nowhere = client.post(address(draft, "move_part", moved.identity), {"to": "left"})
    assert nowhere.status_code == 422


def test_a_removed_part_is_listed_shown_and_brought_back(world: World, draft: Version) -> None:
    """With its words, its identity, and who removed it."""
    client, removed = browser(world), part(draft, "Partners")
    asked = page(client.get(address(draft, "remove_part", removed.identity)))
    assert "Remove “Partners”" in asked
    client.post(
        address(draft, "remove_part", removed.identity), {"revision": fresh(draft).revision}
    )
    assert "Partners" not in titles(draft)

    told = page(client.get(address(draft)))
    assert "Bring back “Partners”" in told
    assert "removed by Author" in told
    back = address(draft, "bring_back", removed.identity)
    assert "It began with a *call*" in page(client.get(back))
    assert client.post(back).status_code == 303
    restored = part(draft, "Partners")
    assert (restored.identity, restored.markdown) == (removed.identity, removed.markdown)
    assert "Bring back “Partners”" not in page(client.get(address(draft)))
    assert client.get(back).status_code == 404


def test_a_part_that_somebody_wrote_meanwhile_is_not_removed(world: World, draft: Version) -> None:
    """They would lose what they wrote."""
    removed = part(draft, "Partners")
    writing.edit_part(
        by=world.person("second_author"),
        part=removed,
        revision=draft.revision,
        words=words_of(removed),
    )
    response = browser(world).post(
        address(draft, "remove_part", removed.identity), {"revision": draft.revision}
    )

    assert "Someone else saved this draft" in page(response, 409)
    assert "Partners" in titles(draft)


def test_a_part_of_another_draft_is_not_found(world: World, draft: Version) -> None:
    """Neither to write nor to remove; and a part that was never removed is not brought back."""
    foreign = world.draft(operation="Beacon").parts.first()
    assert foreign
    client = browser(world)
    for route in ("part", "move_part", "remove_part", "bring_back"):
        assert client.get(address(draft, route, foreign.identity)).status_code == 404
    assert client.post(address(draft, "bring_back", UUID(int=7))).status_code == 404


# --- Facts ----------------------------------------------------------------------------------------


def step(client: Client, version: Version, key: str, **sent: Any) -> Any:
    """Answer a step of the facts; what is not named stays empty."""
    sent = {"revision": fresh(version).revision, **sent}
    return client.post(address(version, "facts_step", key), sent)


def test_every_step_is_answered_and_stands_among_all_answers(world: World) -> None:
    """From the first to the last, each leads to the next; what other steps say stays."""
    version = world.draft(facts=world.facts(), parts=[])
    client = browser(world)
    date = {"operation_from_day": "3", "operation_from_month": "2", "operation_from_year": "2020"}
    answers: tuple[tuple[str, dict[str, Any]], ...] = (
        ("operation", {"title": "Moved at night", "kind": "hot", **date}),
        (
            "taking-part",
            {
                "lead": "bravo",
                "forces": ["alpha", "delta", "bravo"],
                "others": ["harbour"],
                "signing": ["harbour"],
            },
        ),
        ("exploitation", {"exploitation": ["labour"], "offences": [], "countries": ["ro", "vn"]}),
        (
            "outcome",
            {"victims": "1", "suspects": "over-50", "proceedings": "charged", "charged": "3",
             "years": "2", "months": "3"},
        ),
        ("summary", {"summary": "Two\n\nparagraphs.", "themes": ["victim-care"]}),
        ("reach", {"marking": "OFFICIAL", "reach": "3", "facts_reach": "1"}),
    )  # fmt: skip
    for number, (key, sent) in enumerate(answers):
        response = step(client, version, key, then="next", **sent)
        assert response.status_code == 303, html.unescape(response.content.decode())
        if number < len(answers) - 1:
            following = answers[number + 1][0]
            assert response.headers["Location"] == address(version, "facts_step", following)
    assert response.headers["Location"] == address(version, "facts")

    saved = fresh(version)
    assert (saved.title, saved.summary) == ("Moved at night", "Two\n\nparagraphs.")
    assert f"{saved.operation_from}" == "2020-02-03"
    assert (saved.victims, saved.suspects) == (Band.ONE, Band.OVER_50)
    assert (saved.charged, saved.convicted, saved.sentence_months) == (3, None, 27)
    assert (saved.reach, saved.facts_reach, saved.marking) == (3, 1, Marking.OFFICIAL)
    assert sorted(saved.countries.values_list("key", flat=True)) == ["ro", "vn"]
    assert {
        (each.organisation.key, each.part, each.signs) for each in saved.participations.all()
    } == {
        ("bravo", ParticipationPart.LEAD, True),
        ("alpha", ParticipationPart.SUPPORTING, True),
        ("delta", ParticipationPart.SUPPORTING, True),
        ("harbour", ParticipationPart.PARTNER, True),
    }
    told = page(client.get(address(version, "facts")))
    for words in (
        "3 February 2020",
        "Hot debrief",
        "Bravoshire Police",
        "Charged, awaiting trial",
        "Victim care",
        "More than 50",
        "Romania",
    ):
        assert words in told


def test_an_organisation_keeps_the_capacity_in_which_it_took_part(world: World) -> None:
    """A force as a partner and an agency in support are no less because the form asks for less."""
    version = world.draft(
        facts=world.facts(
            taking_part=[
                TakingPart(world.organisation("alpha"), ParticipationPart.LEAD),
                TakingPart(world.organisation("bravo"), ParticipationPart.PARTNER),
                TakingPart(world.organisation("harbour"), ParticipationPart.SUPPORTING),
            ]
        )
    )
    before = set(version.participations.values_list("organisation", "part", "signs"))
    client = browser(world)
    shown = page(client.get(address(version, "facts_step", "taking-part")))
    assert re.search(r'name="forces" value="bravo" checked', shown)
    step(client, version, "taking-part", lead="alpha", forces=["bravo"], others=["harbour"])

    assert set(version.participations.values_list("organisation", "part", "signs")) == before


@pytest.mark.parametrize(
    ("key", "sent", "told"),
    [
        ("operation", {"title": "", "kind": "hot"}, "Title: an answer is needed"),
        ("operation", {"operation_from_day": "31", "operation_from_month": "2",
                       "operation_from_year": "2020"}, "Enter a date that there is"),
        ("operation", {"operation_from_day": "31"}, "The date needs a month and a year."),
        ("operation", {"operation_from_day": "1", "operation_from_month": "1",
                       "operation_from_year": "20"}, "with the year in four figures"),
        ("operation", {"operation_from_year": "2021", "operation_from_month": "1",
                       "operation_from_day": "1", "operation_until_day": "1",
                       "operation_until_month": "1", "operation_until_year": "2020"},
         "The operation cannot end before it began."),
        ("outcome", {"charged": "many"}, "People charged: enter a whole number"),
        ("outcome", {"charged": "1", "convicted": "2"}, "More people are convicted than were"),
        ("outcome", {"months": "12"}, "Months: enter a whole number up to 11"),
        ("summary", {"talk_url": "not an address"}, "Give the talk's address as https://"),
        ("summary", {"summary": "[" * 201}, "more than 200 opening square brackets"),
        ("reach", {"reach": "2", "facts_reach": "3"}, "The facts cannot travel further"),
        ("taking-part", {"lead": "team"}, "Select a valid choice"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_answer_is_said_and_what_was_typed_stays(
    world: World, draft: Version, key: str, sent: dict[str, str], told: str
) -> None:
    usual = {
        "operation": {"title": "A typed title", "kind": "hot"},
        "outcome": {"victims": "1", "suspects": "1", "proceedings": "trial"},
        "reach": {"marking": "OFFICIAL", "handling": "A typed instruction"},
    }
    before = fresh(draft).revision
    answer = page(step(browser(world), draft, key, **{**usual.get(key, {}), **sent}), 422)

    assert told in answer
    assert "There is a problem" in answer
    for name, value in {**usual.get(key, {}), **sent}.items():
        if name in ("title", "handling", "charged", "talk_url") and value:
            assert f'value="{value}"' in answer
    assert fresh(draft).revision == before


def test_two_who_answer_other_questions_do_not_get_in_each_others_way(
    world: World, draft: Version
) -> None:
    """Both answers are saved, whoever was first."""
    revision = draft.revision
    for person, key, sent in (
        ("author", "summary", {"summary": "Mine."}),
        ("editor", "reach", {"marking": "OFFICIAL", "reach": "2", "facts_reach": "2"}),
    ):
        response = step(browser(world, person), draft, key, revision=revision, **sent)
        assert response.status_code == 303
    saved = fresh(draft)
    assert (saved.summary, saved.marking) == ("Mine.", Marking.OFFICIAL)


def test_two_who_answer_the_same_questions_are_shown_both_answers(
    world: World, draft: Version
) -> None:
    """The second is told; saving again is saving over the first, on purpose."""
    revision = draft.revision
    step(browser(world, "editor"), draft, "summary", revision=revision, summary="Theirs.")
    client = browser(world)
    told = page(step(client, draft, "summary", revision=revision, summary="Mine."), 409)

    assert "Editor answered these questions while you did" in told
    assert fresh(draft).summary == "Theirs."
    both = told.split("<tbody>")[1].split("</tbody>")[0]
    assert "<td>Mine.</td><td>Theirs.</td>" in both
    assert "Mine.</textarea>" in told
    (now,) = re.findall(r'name="revision" value="(\d+)"', told)
    again = step(client, draft, "summary", revision=now, summary="Mine.")
    assert again.status_code == 303
    assert fresh(draft).summary == "Mine."


def test_a_script_is_answered_in_json(world: World, draft: Version) -> None:
    """Where to go, or why not; never a page that it would have to read."""
    client = browser(world)

    def sent(**more: Any) -> Any:
        form = {"revision": draft.revision, **more}
        path = address(draft, "facts_step", "summary")
        return client.post(path, form, headers={"X-Editor": "save"})

    saved = sent(summary="Saved.")
    assert saved.json()["next"] == address(draft, "facts")
    assert saved.json()["revision"] == fresh(draft).revision
    conflict = sent(summary="Too late.")
    assert conflict.status_code == 409
    assert conflict.json() == {"reason": "You changed this in another window"}
    wrong = sent(revision=fresh(draft).revision, talk_url="x")
    assert (wrong.status_code, wrong.json()["reason"][:10]) == (422, "Give the t")
    world.submitted(draft)
    refused = sent(summary="No more.")
    assert refused.status_code == 403
    assert refused.json() == {
        "reason": "Only a draft can be changed. Open the next version to change the words."
    }


def test_every_save_of_the_facts_is_one_save(world: World, draft: Version) -> None:
    """With everything that the draft said then."""
    step(browser(world), draft, "summary", summary="Saved.")

    last = draft.saves.order_by("-revision")[0]
    assert (last.what, last.by, last.automatic) == (Save.What.FACTS, world.person("author"), False)
    assert last.content["facts"]["summary"] == "Saved."


def test_a_service_copies_no_structure_that_one_may_not_read(world: World) -> None:
    """Whatever the form offered."""
    hidden = world.debrief_at(State.RELEASED, operation="Magnet", groups=("circle",))

    with pytest.raises(Refused, match="Choose a debrief that is shared with you"):
        drafts.start(
            by=world.person("other_author"),
            owner=world.organisation("other_team"),
            operation="Lantern",
            facts=Facts(title="Another"),
            like=hidden,
        )
    assert not Debrief.objects.filter(operation="Lantern").exists()
