"""Does a signatory see exactly what is said about the force, and is what is decided what was read?

Who may open these pages at all is asked in `tests/access`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from debriefs import permissions
from debriefs.models import Remark, SignOff, Version
from debriefs.services import checking, deciders, queue, receipts, remarks, signing, writing
from debriefs.services.content import words_of
from debriefs.services.due import Due
from debriefs.services.signing import Answer
from debriefs.views.signoff import SignOffPage
from debriefs.workflow import State
from portal import services
from portal.models import AuditEvent, Tier, User
from tests.world import AGREE, CHANGES, World, following, fresh

PASSWORD = "a long one for the tests"

#: How often the database is asked for the queue, and for a version to decide on.
QUEUE_QUERIES, SIGN_QUERIES = 14, 35

ALL = ("read", "audience", "harm", "authorised")


@pytest.fixture(autouse=True)
def _attempts_are_not_remembered() -> Iterator[None]:
    """Failed attempts are counted in the cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def waiting(world: World) -> Version:
    """A version that waits for two forces."""
    return world.debrief_at(State.WITH_FORCES, operation="Lantern")


def signed_in(world: World, person: str) -> Client:
    """A browser in which the person is signed in, who has a password."""
    user = world.person(person)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    client = Client()
    client.force_login(user)
    return client


def at(version: Version, force: str = "alpha", page: str = "") -> str:
    """The address of a page about a force's sign-off."""
    return f"/debriefs/{version.debrief.slug}/versions/{version.number}/sign/{force}/{page}"


def shown(response: Any, status: int = 200) -> str:
    """The page, with entities as characters and white space as one space."""
    assert response.status_code == status, response.content.decode()[:2000]
    return " ".join(html.unescape(response.content.decode()).split())


def typed(version: Version, **changed: Any) -> dict[str, Any]:
    """A complete agreement, as the form sends it."""
    return {
        "digest": version.digest,
        "decision": "agreed",
        "embargo": "none",
        "statements": list(ALL),
        "continue": "1",
    } | changed


def sign(client: Client, version: Version, force: str = "alpha", **changed: Any) -> Any:
    """Send the decision, and its check with the password."""
    response = client.post(at(version, force), typed(version, **changed))
    assert response.status_code == 303, shown(response, response.status_code)
    assert response.headers["Location"] == at(version, force, "confirm/")
    return client.post(at(version, force, "confirm/"), {"password": PASSWORD})


def signoff(version: Version, force: str = "alpha") -> SignOff:
    """The force's sign-off as it is now."""
    return version.signoffs.get(organisation__key=force)


def second_round(world: World, first: Version, **changed: Any) -> Version:
    """The next version of one that was returned, with its first part in other words."""
    draft = writing.reopen(by=world.person("author"), version=fresh(first))
    part = draft.parts.order_by("position")[0]
    writing.edit_part(
        by=world.person("author"),
        part=part,
        revision=fresh(draft).revision,
        words=replace(words_of(part), **(changed or {"markdown": "It began with a *letter*."})),
    )
    return world.sent(draft)


# --- The queue ------------------------------------------------------------------------------------


def test_the_queue_says_what_waits_and_that_it_is_new(world: World, waiting: Version) -> None:
    page = shown(signed_in(world, "alpha_signatory").get("/signing/"))

    assert f'href="{at(waiting)}">Read and decide: Operation Lantern' in page
    assert "New to your force. For Alphashire Police." in page
    assert "You can decide." in page


def test_the_queue_says_how_much_changed_since_the_force_agreed(world: World) -> None:
    first = world.debrief_at(State.WITH_FORCES, answers={"alpha": AGREE})
    world.decide(first, "bravo", CHANGES)
    second = second_round(world, first)

    (row,) = queue.waiting(world.person("alpha_signatory"))
    assert row.version == second
    assert row.compared == "1 part changed since your force agreed to version 1"
    (row,) = queue.waiting(world.person("bravo_signatory"))
    assert row.compared == "New to your force"  # it never agreed


def test_the_queue_is_sorted_by_what_is_due(world: World) -> None:
    today = timezone.localdate()
    for name, days in (("later", 9), ("tomorrow", 1), ("soon", 3)):
        signing.send(
            by=world.person("editor"),
            version=world.debrief_at(State.CHECKING, operation=name, checked=True),
            due_on=today + timedelta(days=days),
        )

    rows = queue.waiting(world.person("alpha_signatory"))

    assert [(row.version.debrief.operation, row.due.words) for row in rows] == [
        ("tomorrow", "Due tomorrow"),
        ("soon", "Due in 3 days"),
        ("later", "Due in 9 days"),
    ]


@pytest.mark.parametrize(
    ("days", "words", "overdue", "soon"),
    [
        (-2, "2 days overdue", True, False),
        (-1, "1 day overdue", True, False),
        (0, "Due today", False, True),
        (1, "Due tomorrow", False, True),
        (3, "Due in 3 days", False, True),
        (4, "Due in 4 days", False, False),
        (None, "No date set", False, False),
    ],
)
def test_what_is_due_is_said_in_words(
    days: int | None, words: str, overdue: bool, soon: bool
) -> None:
    today = timezone.localdate()
    found = Due(None if days is None else today + timedelta(days=days), today)

    assert (found.words, found.overdue, found.soon) == (words, overdue, soon)


def test_what_is_overdue_is_called_that_on_the_page(
    world: World, waiting: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = waiting.due_on
    assert day is not None
    monkeypatch.setattr(queue, "due", lambda _: Due(day, day + timedelta(days=5)))

    page = shown(signed_in(world, "alpha_signatory").get("/signing/"))

    assert '<span class="work__when queue__overdue">5 days overdue' in page


def test_the_queue_holds_what_the_own_force_decided_and_consents_to(world: World) -> None:
    shared = world.debrief_at(State.RELEASED, operation="Shared")
    world.debrief_at(State.RETURNED, operation="Returned")
    withdrawn = world.debrief_at(State.WITHDRAWN, operation="Withdrawn")

    page = shown(signed_in(world, "bravo_signatory").get("/signing/"))

    assert "Nothing waits for your force" in page
    assert "Receipt: Operation Shared</a>" in page
    assert "Shared with Policing." in page
    assert f'href="{at(shared, "bravo", "withdraw/")}"' in page
    assert f'href="{at(withdrawn, "bravo", "receipt/")}"' in page
    assert "Consent withdrawn" in page
    assert "Operation Returned" not in page  # alpha ended that round before bravo decided
    assert "alpha" not in page.lower()


def test_who_signs_for_no_force_is_told_who_does(world: World, waiting: Version) -> None:
    page = shown(signed_in(world, "alpha_officer").get("/signing/"))

    assert "You do not sign for a force" in page
    assert "Lantern" not in page


@pytest.mark.parametrize(
    ("person", "offered"),
    [
        ("alpha_signatory", True),
        ("alpha_deputy", True),
        ("alpha_officer", False),
        ("editor", False),
    ],
)
def test_the_navigation_offers_sign_off_to_those_who_sign(
    world: World, person: str, offered: bool
) -> None:
    page = shown(signed_in(world, person).get("/about/"))

    assert ('href="/signing/"' in page) is offered


def test_home_leads_to_the_decision(world: World, waiting: Version) -> None:
    page = shown(signed_in(world, "alpha_signatory").get("/"))

    assert f'href="{at(waiting)}">Decide on Operation Lantern' in page
    assert "Decide on" not in shown(signed_in(world, "alpha_deputy").get("/"))


# --- Deputies -------------------------------------------------------------------------------------


def away(world: World, person: str, force: str = "alpha", days: int = 3) -> None:
    """The signatory is away from today on."""
    today = timezone.localdate()
    services.set_absence(
        by=world.person(person),
        user=world.person(person),
        organisation=world.organisation(force),
        from_day=today,
        until_day=today + timedelta(days=days),
    )


def test_a_deputy_reads_and_remarks_but_does_not_decide_while_a_signatory_is_there(
    world: World, waiting: Version
) -> None:
    client = signed_in(world, "alpha_deputy")

    page = shown(client.get(at(waiting)))
    assert "A signatory of your force is there to decide." in page
    assert "Who can decide: Alpha Signatory." in page
    assert "Check your decision" not in page
    refused = shown(client.post(at(waiting), typed(waiting)), 403)
    assert "A deputy decides while all are away." in refused
    assert client.post(at(waiting), {"new-whole": "Who is meant?"}).status_code == 303
    assert Remark.objects.get().words == "Who is meant?"


def test_a_deputy_decides_while_the_signatory_is_away(world: World, waiting: Version) -> None:
    away(world, "alpha_signatory")
    client = signed_in(world, "alpha_deputy")

    page = shown(client.get(at(waiting)))
    assert "Standing in: Alpha Deputy." in page
    assert "Alpha Signatory is away until" in page
    assert sign(client, waiting).status_code == 303
    assert signoff(waiting).decided_by == world.person("alpha_deputy")


def test_a_deputy_who_typed_meanwhile_does_not_sign_once_the_signatory_is_back(
    world: World, waiting: Version
) -> None:
    away(world, "alpha_signatory")
    client = signed_in(world, "alpha_deputy")
    client.post(at(waiting), typed(waiting))
    signatory = world.person("alpha_signatory")
    services.end_absence(by=signatory, absence=signatory.absences.get())

    for response in (
        client.get(at(waiting, page="confirm/")),
        client.post(at(waiting, page="confirm/"), {"password": PASSWORD}),
    ):
        page = shown(response, 403)
        assert "A signatory of your force is there to decide." in page
        assert PASSWORD not in page
    assert signoff(waiting).decision == ""


@pytest.mark.parametrize("case", ["there", "away", "wrote", "away, deputy wrote", "dismissed"])
def test_who_can_decide_is_told_as_the_rule_has_it(world: World, case: str) -> None:
    draft = world.draft()
    if "wrote" in case:
        writer = world.person("alpha_deputy" if "away" in case else "alpha_signatory")
        draft.contributors.add(writer)
    world.hire("alpha_officer", "alpha", "deputy")
    version = world.sent(draft)
    if "away" in case:
        away(world, "alpha_signatory")
    if case == "dismissed":
        world.dismiss("alpha_signatory")

    for each in version.signoffs.select_related("organisation"):
        told = deciders.of([each])[each.pk]
        assert told.people == {person.pk for person in permissions.can_decide.people(each)}
        assert told.standing_in == (case != "there" and each.organisation.key == "alpha")


def test_a_rule_answers_for_many_as_for_one(world: World, waiting: Version) -> None:
    """Each reason included, for everyone."""
    world.debrief_at(State.RETURNED)
    world.debrief_at(State.WITH_FORCES, answers={"alpha": AGREE})
    rules = (
        permissions.can_decide,
        permissions.can_withdraw_consent,
        permissions.can_remark_for_force,
        permissions.can_end_proceedings,
    )
    for person in world.everyone().values():
        for rule in rules:
            answers = rule.answers(person, SignOff.objects.all())
            assert answers == {each.pk: rule.decide(person, each) for each in SignOff.objects.all()}


# --- What is read ---------------------------------------------------------------------------------


def test_what_is_new_is_shown_whole_and_as_it_will_be_read(world: World, waiting: Version) -> None:
    page = shown(signed_in(world, "alpha_signatory").get(at(waiting)))

    assert "Nothing: this is new to your force" in page
    assert "It began with a <em>call</em> about an address." in page
    assert "What was observed" in page
    assert "1 March 2021" in page
    assert "<ins>" not in page
    assert "<del>" not in page
    event = AuditEvent.objects.filter(verb="version.read").latest("pk")
    assert event.subject == f"debriefs.version:{waiting.pk}"


def test_only_what_changed_since_the_force_agreed_is_open(world: World) -> None:
    first = world.debrief_at(
        State.WITH_FORCES,
        parts=[world.section(), world.lesson(title="A lesson nobody touched")],
        answers={"alpha": AGREE},
    )
    world.decide(first, "bravo", CHANGES)
    second = second_round(world, first)

    page = shown(signed_in(world, "alpha_signatory").get(at(second)))

    assert "Version 1, which Alphashire Police agreed to on" in page
    assert "<del>call about an address</del> <ins>letter</ins>" in page
    folded = page.index('class="govuk-details change__folded"')
    assert page.index("A lesson nobody touched</span></summary>") > folded
    assert "Who may read it changed" not in page
    assert "fact changed" not in page


def test_a_change_of_audience_is_as_loud_as_a_change_of_words(world: World) -> None:
    first = world.debrief_at(
        State.WITH_FORCES, facts=world.facts(reach=Tier.PARTNERS), answers={"alpha": AGREE}
    )
    world.decide(first, "bravo", CHANGES)
    second = second_round(world, first, reach=Tier.POLICING)

    page = shown(signed_in(world, "alpha_signatory").get(at(second)))

    assert "<strong>Who may read it changed</strong>" in page
    assert "<del>Law-enforcement partners</del> <ins>Policing</ins>" in page
    assert "More people" not in page


def test_more_readers_than_before_are_called_that(world: World) -> None:
    first = world.debrief_at(
        State.WITH_FORCES,
        facts=world.facts(reach=Tier.PARTNERS),
        parts=[world.section(Tier.POLICING)],
        answers={"alpha": AGREE},
    )
    world.decide(first, "bravo", CHANGES)
    second = second_round(world, first, reach=Tier.PARTNERS)

    assert "More people" in shown(signed_in(world, "alpha_signatory").get(at(second)))


def test_parts_that_name_the_force_come_first(world: World) -> None:
    version = world.debrief_at(
        State.WITH_FORCES,
        parts=[
            world.section(markdown="Nobody is named."),
            world.lesson(title="A lesson", observed="The officers of BRAVOSHIRE police came late."),
        ],
    )

    page = shown(signed_in(world, "bravo_signatory").get(at(version, "bravo")))
    naming, others = page.index("Parts that name Bravoshire Police"), page.index("Other parts")
    assert naming < page.index("came late") < others < page.index("Nobody is named")
    page = shown(signed_in(world, "alpha_signatory").get(at(version)))
    assert "Parts that name" not in page
    assert page.index("Nobody is named") < page.index("came late")


def test_who_will_read_it_is_told_by_tier(world: World, waiting: Version) -> None:
    page = shown(signed_in(world, "alpha_signatory").get(at(waiting)))

    assert "Policing: " in page
    assert "organisations</span></summary>" in page
    assert "Charlieshire Police" in page
    assert "Harbour Agency" not in page  # the version goes no further than policing


def test_warnings_that_the_team_stands_by_are_told_with_their_reasons(world: World) -> None:
    draft = world.draft()
    draft.acceptances.create(
        kind="address",
        words="14 Mill Lane",
        reason="The court named it.",
        accepted_by=world.person("author"),
    )
    version = world.sent(draft)

    page = shown(signed_in(world, "alpha_signatory").get(at(version)))

    assert "14 Mill Lane" in page
    assert "The court named it." in page


def test_what_an_author_wrote_stays_words_on_every_page(world: World) -> None:
    script = "<script>alert(1)</script>"
    first = world.debrief_at(State.WITH_FORCES, answers={"alpha": AGREE})
    world.decide(first, "bravo", CHANGES)
    second = second_round(world, first, title=f"T {script}", markdown=f"It began. {script}")
    client = signed_in(world, "alpha_signatory")

    page = client.get(at(second)).content.decode()

    assert script not in page
    assert "&lt;" in page


# --- Remarks --------------------------------------------------------------------------------------


def test_remarks_are_made_changed_and_removed_until_the_force_decides(
    world: World, waiting: Version
) -> None:
    client = signed_in(world, "alpha_signatory")
    part = waiting.parts.order_by("position")[0]

    client.post(at(waiting), {f"new-{part.identity.hex}": "Wrong town.", "save": part.anchor})
    made = Remark.objects.get()
    assert (made.words, made.part) == ("Wrong town.", part.identity)
    assert made.organisation == world.organisation("alpha")
    assert "Wrong town." in shown(client.get(at(waiting)))

    client.post(at(waiting), {f"edit-{made.pk}": "Wrong county."})
    made = Remark.objects.get()
    assert (made.words, made.part) == ("Wrong county.", part.identity)

    client.post(at(waiting), {f"edit-{made.pk}": made.words, "remove": str(made.pk)})
    assert not Remark.objects.exists()
    recorded = AuditEvent.objects.filter(verb__startswith="version.remark").order_by("pk")
    assert list(recorded.values_list("verb", flat=True)) == [
        "version.remarked",
        "version.remark_removed",
        "version.remarked",
        "version.remark_removed",
    ]


def test_a_remark_of_a_number_that_cannot_be_is_no_fault(world: World, waiting: Version) -> None:
    number = "9" * 5000
    sent = urlencode({f"edit-{number}": "Mine.", "remove": number, "save": "whole"})
    response = signed_in(world, "alpha_signatory").post(
        at(waiting), sent, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 303
    assert not Remark.objects.exists()


def test_the_same_remark_sent_twice_is_made_once(world: World, waiting: Version) -> None:
    client = signed_in(world, "alpha_signatory")
    for _ in range(2):
        client.post(at(waiting), {"new-whole": "Wrong town."})

    assert Remark.objects.count() == 1


def test_a_remark_takes_nothing_of_the_decision_with_it(world: World, waiting: Version) -> None:
    client = signed_in(world, "alpha_signatory")
    half = typed(waiting, decision="agreed_up_to", ceiling="1", conditions="Not in print.")
    half.pop("continue")

    client.post(at(waiting), half | {"new-whole": "Wrong town.", "save": "decide"})

    page = shown(client.get(at(waiting)))
    assert "Not in print." in page
    assert re.search(r'value="agreed_up_to" checked', page)
    assert page.count('type="checkbox" value="harm" checked') == 1


def test_a_remark_that_cannot_be_kept_is_not_lost(world: World, waiting: Version) -> None:
    client = signed_in(world, "alpha_signatory")
    long = "x" * 40_001

    page = shown(client.post(at(waiting), typed(waiting) | {"new-whole": long}), 422)

    assert "There is a problem" in page
    assert "Keep each section under 40,000" in page
    assert long in page
    assert not Remark.objects.exists()


def test_no_force_sees_or_touches_the_remark_of_another(world: World, waiting: Version) -> None:
    mine = remarks.remark_for_force(
        by=world.person("alpha_signatory"), signoff=signoff(waiting), words="Only ours."
    )
    client = signed_in(world, "bravo_signatory")

    assert "Only ours." not in shown(client.get(at(waiting, "bravo")))
    client.post(at(waiting, "bravo"), {f"edit-{mine.pk}": "Theirs.", "remove": str(mine.pk)})
    assert Remark.objects.get().words == "Only ours."
    assert client.post(at(waiting, "alpha"), {"new-whole": "Theirs."}).status_code == 404


def test_who_signs_for_two_forces_keeps_their_remarks_apart(world: World) -> None:
    world.hire("alpha_signatory", "bravo", "signatory")
    version = world.debrief_at(State.WITH_FORCES)
    for_bravo = remarks.remark_for_force(
        by=world.person("alpha_signatory"), signoff=signoff(version, "bravo"), words="Bravo’s."
    )
    client = signed_in(world, "alpha_signatory")

    client.post(at(version), {f"edit-{for_bravo.pk}": "Alpha’s."})
    client.post(at(version), {"remove": str(for_bravo.pk)})

    (kept,) = Remark.objects.values_list("words", "organisation__key")
    assert kept == ("Bravo’s.", "bravo")
    assert "Bravo’s." not in shown(client.get(at(version)))


def test_what_became_of_the_own_remarks_is_told_in_the_next_round(world: World) -> None:
    first = world.debrief_at(State.WITH_FORCES)
    for force, words in (("alpha", "Wrong town."), ("bravo", "Wrong year.")):
        remarks.remark_for_force(
            by=world.person(f"{force}_signatory"), signoff=signoff(first, force), words=words
        )
    world.decide(first, "alpha", CHANGES)
    for remark, answer in zip(Remark.objects.order_by("pk"), ("It is York.", "1999."), strict=True):
        remarks.resolve(by=world.person("author"), remark=remark, answer=answer)
    second = second_round(world, first)

    page = shown(signed_in(world, "alpha_signatory").get(at(second)))

    assert "Answers to your force’s remarks" in page
    assert "Wrong town." in page
    assert "It is York." in page
    assert "Wrong year." not in page
    assert "1999." not in page


# --- Deciding -------------------------------------------------------------------------------------


def test_a_decision_is_checked_signed_and_receipted(world: World, waiting: Version) -> None:
    client = signed_in(world, "alpha_signatory")
    client.post(
        at(waiting),
        typed(
            waiting,
            decision="agreed_up_to",
            ceiling="1",
            embargo="proceedings",
            conditions="Not in print.",
            remark="Thank you.",
        ),
    )

    check = shown(client.get(at(waiting, page="confirm/")))
    for words in (
        "Agreed up to: Participating forces",
        "Until proceedings end",
        "Not in print.",
        "Thank you.",
        "I am authorised to sign for Alphashire Police.",
        *receipts.in_groups(waiting.digest),
    ):
        assert words in check
    assert signoff(waiting).decision == ""

    response = client.post(at(waiting, page="confirm/"), {"password": PASSWORD})
    assert response.headers["Location"] == at(waiting, page="receipt/")
    mine = signoff(waiting)
    assert (mine.decision, mine.ceiling, mine.until_proceedings_end) == ("agreed_up_to", 1, True)
    assert (mine.conditions, mine.remark) == ("Not in print.", "Thank you.")
    assert len(mine.statements) == 4

    receipt = shown(client.get(at(waiting, page="receipt/")))
    for words in (
        mine.reference,
        "Agreed up to: Participating forces",
        "Alpha Signatory",
        "1 more force has to decide.",
        "Withdraw consent",
        "Say that proceedings have ended",
        *receipts.in_groups(mine.digest),
    ):
        assert words in receipt


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"decision": ""}, "Choose what your force decides."),
        ({"decision": "agreed_up_to"}, "Choose how far it may travel at most."),
        ({"decision": "agreed_up_to", "ceiling": "4"}, "Choose the widest audience from the list."),
        ({"embargo": "day"}, "Enter the day until which the embargo lasts."),
        (
            {"embargo": "day"} | dict(zip(("d", "m", "y"), "123", strict=True)),
            "Enter the day until which the embargo lasts.",
        ),
        ({"statements": ["read", "audience", "authorised"]}, "Tick every statement"),
        ({"decision": "changes"}, "Say what has to change, or why your force declines."),
        ({"decision": "declined", "remark": " "}, "Say what has to change"),
        (
            {"decision": "changes", "remark": "The town.", "statements": ["read"]},
            "State that you are authorised",
        ),
    ],
)
def test_what_is_missing_is_said_where_it_is_missing(
    world: World, waiting: Version, changed: dict[str, Any], words: str
) -> None:
    client = signed_in(world, "alpha_signatory")

    page = shown(client.post(at(waiting), typed(waiting, conditions="Kept.", **changed)), 422)

    assert "<title>Error: " in page
    assert words in page
    assert "Kept." in page
    assert client.get(at(waiting, page="confirm/")).headers["Location"] == at(waiting)


def test_an_embargo_lasts_until_a_day_to_come(world: World, waiting: Version) -> None:
    client = signed_in(world, "alpha_signatory")
    today = timezone.localdate()

    def until(day: Any) -> dict[str, Any]:
        boxes = {"day": day.day, "month": day.month, "year": day.year}
        return {f"embargo_until_{name}": str(value) for name, value in boxes.items()}

    page = client.post(at(waiting), typed(waiting, embargo="day", **until(today)))
    assert "Enter a day after today." in shown(page, 422)

    tomorrow = today + timedelta(days=1)
    sign(client, waiting, embargo="day", **until(tomorrow))
    assert signoff(waiting).embargo_until == tomorrow


def test_changes_wanted_needs_no_statement_but_the_authority(
    world: World, waiting: Version
) -> None:
    client = signed_in(world, "alpha_signatory")

    sign(client, waiting, decision="changes", remark="The town.", statements=["authorised"])

    mine = signoff(waiting)
    assert mine.decision == "changes"
    assert mine.statements == ["I am authorised to sign for Alphashire Police."]
    receipt = shown(client.get(at(waiting, page="receipt/")))
    assert "takes up what your force wrote" in receipt
    assert "Withdraw consent" not in receipt


def test_a_version_of_the_narrowest_reach_cannot_be_limited(world: World) -> None:
    version = world.debrief_at(
        State.WITH_FORCES,
        facts=world.facts(reach=Tier.PARTICIPANTS, facts_reach=Tier.PARTICIPANTS),
        parts=[world.section(Tier.PARTICIPANTS)],
    )

    page = shown(signed_in(world, "alpha_signatory").get(at(version)))

    assert "Agree, but only up to" not in page


def whose(world: World) -> str:
    """What tells a password manager whose password it is."""
    email = world.person("alpha_signatory").email
    return f'<input type="email" value="{email}" autocomplete="username" hidden>'


def test_a_wrong_password_signs_nothing_and_loses_nothing(world: World, waiting: Version) -> None:
    client = signed_in(world, "alpha_signatory")
    client.post(at(waiting), typed(waiting, conditions="Not in print."))

    for password, words in (("wrong", "That is not your password."), ("", "Enter your password.")):
        page = shown(client.post(at(waiting, page="confirm/"), {"password": password}), 422)
        assert words in page
        assert "Not in print." in page
        assert whose(world) in page
    assert signoff(waiting).decision == ""
    assert AuditEvent.objects.filter(verb="session.refused").count() == 1

    client.post(at(waiting, page="confirm/"), {"password": PASSWORD})
    assert signoff(waiting).conditions == "Not in print."


def test_somebody_elses_password_does_not_sign(world: World, waiting: Version) -> None:
    other = world.person("bravo_signatory")
    other.set_password("another long one for it")
    other.save()
    client = signed_in(world, "alpha_signatory")
    client.post(at(waiting), typed(waiting))

    client.post(at(waiting, page="confirm/"), {"password": "another long one for it"})

    assert signoff(waiting).decision == ""


def test_passwords_cannot_be_tried_without_end(world: World, waiting: Version) -> None:
    client = signed_in(world, "alpha_signatory")
    client.post(at(waiting), typed(waiting, conditions="Not in print."))
    for _ in range(5):
        client.post(at(waiting, page="confirm/"), {"password": "wrong"})

    page = shown(client.post(at(waiting, page="confirm/"), {"password": PASSWORD}), 422)

    assert "Too many attempts." in page
    assert "Not in print." in page
    assert signoff(waiting).decision == ""


def test_nothing_is_signed_that_was_not_checked(world: World, waiting: Version) -> None:
    """The password alone, without what it is for, leads back to the version."""
    client = signed_in(world, "alpha_signatory")

    response = client.post(at(waiting, page="confirm/"), {"password": PASSWORD})

    assert response.headers["Location"] == at(waiting)
    assert signoff(waiting).decision == ""


# --- Too late, twice, and at once -----------------------------------------------------------------


def test_what_was_typed_in_another_window_is_not_signed_unseen(
    world: World, waiting: Version
) -> None:
    """The password is for the answer that was on the screen, not for the one typed last."""
    client = signed_in(world, "alpha_signatory")
    client.post(at(waiting), typed(waiting, conditions="Only in the briefing room."))
    page = shown(client.get(at(waiting, page="confirm/")))
    (seen,) = re.findall(r'name="answer" value="([0-9a-f]+)"', page)
    client.post(at(waiting), typed(waiting))

    sent = {"password": PASSWORD, "answer": seen}
    response = client.post(at(waiting, page="confirm/"), sent, follow=True)

    assert "changed in another window" in shown(response)
    assert signoff(waiting).decision == ""
    (seen,) = re.findall(r'name="answer" value="([0-9a-f]+)"', shown(response))
    client.post(at(waiting, page="confirm/"), {"password": PASSWORD, "answer": seen})
    assert signoff(waiting).decision == "agreed"


def test_the_same_form_sent_twice_is_one_decision_and_the_same_receipt(
    world: World, waiting: Version
) -> None:
    client = signed_in(world, "alpha_signatory")
    client.post(at(waiting), typed(waiting))

    for _ in range(2):
        response = client.post(at(waiting, page="confirm/"), {"password": PASSWORD})
        assert response.headers["Location"] == at(waiting, page="receipt/")
    response = client.post(at(waiting), typed(waiting))
    assert response.headers["Location"] == at(waiting, page="receipt/")

    assert AuditEvent.objects.filter(verb="version.decided").count() == 1
    assert "was not recorded" not in shown(client.get(at(waiting, page="receipt/")))


def test_the_second_of_two_signatories_is_told_who_was_first(
    world: World, waiting: Version
) -> None:
    world.hire("alpha_officer", "alpha", "signatory")
    first, second = signed_in(world, "alpha_signatory"), signed_in(world, "alpha_officer")
    second.post(at(waiting), typed(waiting, decision="declined", remark="No."))
    sign(first, waiting)

    response = second.post(at(waiting, page="confirm/"), {"password": PASSWORD})
    assert response.headers["Location"] == at(waiting, page="receipt/")
    page = shown(second.get(at(waiting, page="receipt/")))
    assert "Alpha Signatory decided for Alphashire Police on" in page
    assert "What you sent was not recorded." in page
    assert "Receipt: Agreed" in page
    assert signoff(waiting).decision == "agreed"


def test_who_is_overtaken_between_check_and_signature_is_told_as_well(
    world: World, waiting: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other decided after this page had looked, and before the lock."""
    world.hire("alpha_officer", "alpha", "signatory")
    client = signed_in(world, "alpha_officer")
    client.post(at(waiting), typed(waiting))
    decide = signing.decide

    def overtaken(**asked: Any) -> SignOff:
        monkeypatch.setattr(signing, "decide", decide)
        world.decide(waiting, "alpha")
        return decide(**asked)

    monkeypatch.setattr(signing, "decide", overtaken)
    response = client.post(at(waiting, page="confirm/"), {"password": PASSWORD})

    assert response.headers["Location"] == at(waiting, page="receipt/")
    assert "Alpha Signatory decided" in shown(client.get(at(waiting, page="receipt/")))


def test_a_version_that_moved_is_refused_with_the_difference_and_the_way_to_sign(
    world: World, waiting: Version
) -> None:
    client = signed_in(world, "alpha_signatory")
    client.post(at(waiting), typed(waiting))
    world.decide(waiting, "bravo", CHANGES)
    second = second_round(world, waiting)

    for response in (
        client.post(at(waiting, page="confirm/"), {"password": PASSWORD}),
        client.post(at(waiting), typed(waiting)),
        client.get(at(waiting)),
    ):
        page = shown(response, 409)
        assert "What you read is not what waits for your force now" in page
        assert "Nothing was signed." in page
        assert "<del>call about an address</del> <ins>letter</ins>" in page
        assert f'href="{at(second)}"' in page
    read = AuditEvent.objects.filter(verb="version.read", subject=f"debriefs.version:{second.pk}")
    assert read.count() == 3
    assert signoff(waiting).decision == signoff(second).decision == ""


def test_a_round_that_ended_without_a_next_version_says_so(world: World, waiting: Version) -> None:
    world.decide(waiting, "bravo", replace(CHANGES, remark="Only for the team."))

    page = shown(signed_in(world, "alpha_signatory").get(at(waiting)), 409)

    assert "Version 1 is no longer waiting for decisions" in page
    assert "Only for the team." not in page
    assert "bravo" not in page.lower()


def test_words_that_moved_after_the_check_are_not_signed(world: World, waiting: Version) -> None:
    """As if the digest that was checked had been another version's."""
    client = signed_in(world, "alpha_signatory")
    client.post(at(waiting), typed(waiting))
    session = client.session
    key = f"typed-{signoff(waiting).pk}"
    session[key] = [[n, ["f" * 64] if n == "digest" else v] for n, v in session[key]]
    session.save()

    page = shown(client.post(at(waiting, page="confirm/"), {"password": PASSWORD}), 409)

    assert "Read version 1 again, then decide." in page
    assert signoff(waiting).decision == ""


def test_the_digest_of_another_version_is_compared_with_what_waits(
    world: World, waiting: Version
) -> None:
    world.decide(waiting, "bravo", CHANGES)
    second = second_round(world, waiting)
    client = signed_in(world, "alpha_signatory")

    page = shown(client.post(at(second), typed(second, digest=waiting.digest)), 409)
    assert "<ins>letter</ins>" in page
    page = shown(client.post(at(second), typed(second, digest="f" * 64)), 409)
    assert "Read version 2 again, then decide." in page


# --- Afterwards -----------------------------------------------------------------------------------


def test_there_is_no_receipt_before_a_decision(world: World, waiting: Version) -> None:
    client = signed_in(world, "alpha_signatory")

    assert client.get(at(waiting, page="receipt/")).status_code == 404


def test_a_receipt_holds_the_remarks_of_the_own_force_alone(world: World, waiting: Version) -> None:
    for force in ("alpha", "bravo"):
        remarks.remark_for_force(
            by=world.person(f"{force}_signatory"),
            signoff=signoff(waiting, force),
            words=f"Only for {force}.",
        )
    world.decide(waiting, "alpha")

    page = shown(signed_in(world, "alpha_signatory").get(at(waiting, page="receipt/")))

    assert "Only for alpha." in page
    assert "Only for bravo." not in page


def test_withdrawing_tells_who_loses_access_and_does_it_at_once(world: World) -> None:
    shared = world.debrief_at(State.RELEASED, groups=("policing", "circle"))
    client, reader = signed_in(world, "bravo_signatory"), signed_in(world, "charlie_officer")
    assert reader.get(shared.debrief.get_absolute_url()).status_code == 200

    page = shown(client.get(at(shared, "bravo", "withdraw/")))
    people = (
        User.objects.filter(is_active=True, groups__in=fresh(shared).readers).distinct().count()
    )
    assert f"{people} people lose access" in page
    assert "Northern circle (" in page
    assert "Policing (" in page

    page = shown(client.post(at(shared, "bravo", "withdraw/"), {"reason": " "}), 422)
    assert "Give the reason." in page
    assert "Tick that your force means to" in page
    assert fresh(shared).state == State.RELEASED

    said = {"reason": "A trial is pending.", "sure": "on"}
    for _ in range(2):
        response = client.post(at(shared, "bravo", "withdraw/"), said)
        assert response.headers["Location"] == at(shared, "bravo", "receipt/")
    assert AuditEvent.objects.filter(verb="version.consent_withdrawn").count() == 1
    assert "A trial is pending." in shown(reader.get(shared.debrief.get_absolute_url()), 410)
    assert "withdrew its consent" in shown(client.get(at(shared, "bravo", "receipt/")))


def test_consent_that_was_not_given_is_not_withdrawn(world: World, waiting: Version) -> None:
    page = shown(signed_in(world, "alpha_signatory").get(at(waiting, page="withdraw/")), 403)

    assert "Only a force that has agreed can withdraw its consent." in page


def test_nobody_loses_access_to_what_nobody_reads(world: World) -> None:
    agreed = world.debrief_at(State.AGREED)

    page = shown(signed_in(world, "alpha_signatory").get(at(agreed, page="withdraw/")))

    assert "nobody loses access" in page


def test_a_force_lifts_the_embargo_that_it_set_until_proceedings_end(world: World) -> None:
    embargoed = Answer(SignOff.Decided.AGREED, until_proceedings_end=True)
    agreed = world.debrief_at(State.AGREED, answers={"alpha": embargoed})
    client = signed_in(world, "alpha_signatory")
    assert "once a force that set an embargo says" in shown(client.get(at(agreed, page="receipt/")))

    refused = signed_in(world, "bravo_signatory").get(at(agreed, "bravo", "proceedings-ended/"))
    assert "Your force has no embargo until proceedings end" in shown(refused, 403)
    assert whose(world) in shown(client.get(at(agreed, page="proceedings-ended/")))
    for missing in ({}, {"sure": "on"}, {"sure": "on", "password": "not mine"}):
        shown(client.post(at(agreed, page="proceedings-ended/"), missing), 422)
        assert fresh(agreed).until_proceedings_end
    said = {"sure": "on", "password": PASSWORD}
    for _ in range(2):
        response = client.post(at(agreed, page="proceedings-ended/"), said)
        assert response.headers["Location"] == at(agreed, page="receipt/")

    assert not fresh(agreed).until_proceedings_end
    assert AuditEvent.objects.filter(verb="version.proceedings_ended").count() == 1
    assert "when your force said that proceedings had ended" in shown(
        client.get(at(agreed, page="receipt/"))
    )


def test_the_sheet_says_who_approved_what_and_no_more(world: World) -> None:
    answer = Answer(
        SignOff.Decided.AGREED_UP_TO,
        ceiling=Tier.PARTICIPANTS,
        embargo_until=timezone.localdate() + timedelta(days=9),
        conditions="Only for the team.",
        remark="And this as well.",
    )
    version = world.debrief_at(State.WITH_FORCES, answers={"alpha": answer})
    remarks.remark_for_force(
        by=world.person("bravo_signatory"), signoff=signoff(version, "bravo"), words="And a third."
    )
    where = f"/debriefs/{version.debrief.slug}/versions/1/sheet/"

    for person in ("author", "alpha_signatory", "bravo_signatory"):
        page = shown(signed_in(world, person).get(where))
        for words in (
            "Alphashire Police",
            "Agreed up to: Participating forces",
            "Embargo: Until",
            "Alpha Signatory,",
            "Not decided",
            "waits for 1 of 2 forces",
            *receipts.in_groups(version.digest),
        ):
            assert words in page
        for words in ("Only for the team.", "And this as well.", "And a third."):
            assert words not in page
    assert signed_in(world, "alpha_officer").get(where).status_code == 404


def test_the_sheet_is_not_for_readers(world: World) -> None:
    shared = world.debrief_at(State.RELEASED)
    client = signed_in(world, "charlie_officer")

    page = shown(client.get(shared.debrief.get_absolute_url()))
    assert "Sign-off sheet" not in page
    assert client.get(f"{shared.get_absolute_url()}sheet/").status_code == 404
    page = shown(signed_in(world, "alpha_signatory").get(shared.debrief.get_absolute_url()))
    assert f'href="{shared.get_absolute_url()}sheet/"' in page


def test_the_sheet_of_what_is_not_sealed_is_not_there(world: World) -> None:
    draft = world.draft()

    where = f"/debriefs/{draft.debrief.slug}/versions/1/sheet/"
    assert signed_in(world, "author").get(where).status_code == 404


def test_a_signatory_whose_role_ended_finds_nothing_from_the_next_request_on(
    world: World, waiting: Version
) -> None:
    client = signed_in(world, "alpha_signatory")
    client.post(at(waiting), typed(waiting))
    world.dismiss("alpha_signatory")

    response = client.post(at(waiting, page="confirm/"), {"password": PASSWORD})

    assert response.status_code == 404
    assert signoff(waiting).decision == ""


def test_nobody_signs_what_they_wrote(world: World) -> None:
    world.hire("author", "alpha", "signatory")
    version = world.debrief_at(State.WITH_FORCES)
    client = signed_in(world, "author")

    assert "You wrote part of this version." in shown(client.get(at(version)))
    page = shown(client.post(at(version), typed(version)), 403)
    assert "Someone else has to sign for your force." in page


def test_a_checked_version_and_its_newest_are_told_apart(world: World) -> None:
    """What waits now is the newest version, not one that the force answered before."""
    first = world.debrief_at(State.WITH_FORCES, answers={"alpha": CHANGES})
    second = second_round(world, first)

    assert following(first) == second
    assert checking.missing_from(second) == []
    assert signed_in(world, "alpha_signatory").get(at(second)).status_code == 200


def test_a_page_about_a_sign_off_that_names_no_rule_cannot_be_imported() -> None:
    with pytest.raises(TypeError, match="does not say which rule opens it"):
        type("Forgetful", (SignOffPage,), {"template_name": "debriefs/signing/receipt.html"})


# --- At what cost ---------------------------------------------------------------------------------


def queries(client: Client, address: str) -> int:
    """How often the database is asked for the page, after a first visit."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_queue_asks_as_often_for_many_as_for_one(world: World) -> None:
    client = signed_in(world, "alpha_signatory")
    counts = []
    for number in (1, 4):
        for _ in range(number):
            first = world.debrief_at(State.WITH_FORCES, answers={"alpha": AGREE})
            world.decide(first, "bravo", CHANGES)
            second_round(world, first)
        counts.append(queries(client, "/signing/"))

    assert counts == [QUEUE_QUERIES, QUEUE_QUERIES]


def test_a_version_is_read_with_as_many_queries_whatever_it_holds(world: World) -> None:
    client = signed_in(world, "alpha_signatory")
    counts = []
    for lessons in (1, 12):
        first = world.debrief_at(
            State.WITH_FORCES,
            parts=[world.section(), *(world.lesson(title=f"L {n}") for n in range(lessons))],
            answers={"alpha": AGREE},
        )
        world.decide(first, "bravo", CHANGES)
        second = second_round(world, first)
        for part in second.parts.all():
            remarks.remark_for_force(
                by=world.person("alpha_signatory"),
                signoff=signoff(second),
                words="So?",
                part=part.identity,
            )
        counts.append(queries(client, at(second)))

    assert counts == [SIGN_QUERIES, SIGN_QUERIES]
