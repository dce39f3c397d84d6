"""Is what could tell who somebody is found, and dealt with before anybody else reads it? And is
every remark answered where it was made?"""

from __future__ import annotations

import html
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from debriefs.exceptions import Refused
from debriefs.models import Acceptance, Version
from debriefs.services import checking, remarks, signing, warnings, writing
from debriefs.services.content import facts_of
from debriefs.workflow import State
from portal.models import AuditEvent
from tests.debriefs.test_writing_pages import address, browser, page, part, states
from tests.world import World, following, fresh

NAMED = "The house was let by Mr Piotr Kowalczyk, who rang from 07700 900123."


@pytest.fixture
def draft(world: World) -> Version:
    """A draft in which a section names somebody and gives a telephone number."""
    return world.draft(
        operation="Lantern",
        parts=[world.section(markdown=NAMED), world.lesson(title="Meet early")],
    )


def found(version: Version) -> dict[str, str]:
    """The open warnings: their words by their kind."""
    return {each.finding.kind.value: each.finding.words for each in warnings.open_in(version)}


def answer(client: Client, version: Version, **sent: Any) -> Any:
    """Send one answer to a warning."""
    return client.post(address(version, "warnings"), sent)


def answer_in_panel(client: Client, version: Version, **sent: Any) -> Any:
    """The same, sent by a script."""
    headers = {"X-Editor": "panel"}
    return client.post(address(version, "warnings"), sent, headers=headers)


# --- Warnings -------------------------------------------------------------------------------------


def test_what_could_tell_who_somebody_is_stands_beside_the_text_and_on_a_page_of_its_own(
    world: World, draft: Version
) -> None:
    """With the words, what they are, and what can be done."""
    client = browser(world)
    assert found(draft) == {"name": "Piotr Kowalczyk", "phone": "07700 900123"} | found(draft)
    overview = part(draft, "Overview")
    for told in (
        page(client.get(address(draft, "part", overview.identity))),
        page(client.get(address(draft, "warnings"))),
    ):
        for words in ("07700 900123</mark>", "Phone number", "Accept with a reason", "Go to it"):
            assert words in told
    lesson = page(client.get(address(draft, "part", part(draft, "Meet early").identity)))
    assert "07700 900123</mark>" not in lesson
    tasks = states(page(client.get(address(draft))))
    count = len(found(draft))
    assert " ".join(tasks["Overview"].split()) == f"Needs attention {count} warnings"
    assert tasks["Meet early"] == "Written"


def test_nothing_goes_to_a_second_reader_while_a_warning_is_open(
    world: World, draft: Version
) -> None:
    """Not by the page and not by the service; nor to the forces, if one comes up later."""
    count = len(found(draft))
    told = page(browser(world).post(address(draft, "submit"), {"revision": draft.revision}), 422)
    assert f"deal with the {count} warnings" in told
    with pytest.raises(Refused, match="deal with the"):
        checking.submit(by=world.person("author"), version=draft, revision=draft.revision)

    clean = world.debrief_at(State.CHECKING, checked=True)
    clean.parts.filter(kind="section").update(markdown=NAMED)
    with pytest.raises(Refused, match="deal with the"):
        signing.send(by=world.person("editor"), version=fresh(clean))
    assert fresh(clean).state == State.CHECKING


def test_a_warning_is_accepted_with_a_reason_and_reopened(world: World, draft: Version) -> None:
    """Who stands by the words, and why, is kept and recorded; the record holds no words."""
    client = browser(world)
    for kind, words in found(draft).items():
        assert (
            answer(client, draft, do="accept", kind=kind, words=words, reason=" ").status_code
            == 422
        )
        reason = f"A made-up {kind}."
        assert (
            answer(client, draft, do="accept", kind=kind, words=words, reason=reason).status_code
            == 303
        )
    assert not found(draft)
    told = page(client.get(address(draft, "warnings")))
    assert "Nothing is open" in told
    assert "“A made-up phone.” Author" in told
    event = AuditEvent.objects.filter(verb="version.warning_accepted").latest("pk")
    assert "Kowalczyk" not in str(event.detail) + event.subject
    submitted = client.post(address(draft, "submit"), {"revision": draft.revision})
    assert submitted.status_code == 303

    checking.take_back(by=world.person("author"), version=fresh(draft))
    kept = Acceptance.objects.get(version=draft, kind="phone")
    answer(client, draft, do="reopen", acceptance=kept.pk)
    assert found(draft) == {"phone": "07700 900123"}
    assert AuditEvent.objects.filter(verb="version.warning_reopened").count() == 1
    assert answer(client, draft, do="reopen", acceptance=kept.pk).status_code == 303


def test_words_that_no_warning_is_about_cannot_be_accepted(world: World, draft: Version) -> None:
    """Or acceptances could be prepared for what is written later; nor any without a reason."""
    with pytest.raises(Refused, match="Say why these words may stay"):
        warnings.accept(
            by=world.person("author"),
            version=draft,
            kind="phone",
            words="07700 900123",
            reason=" ",
        )
    sent = {"do": "accept", "kind": "name", "words": "Somebody Else", "reason": "Because."}
    told = page(answer(browser(world), draft, **sent), 422)

    assert "These words are not in the draft any more." in told
    assert not draft.acceptances.exists()


def test_an_acceptance_holds_for_the_same_words_and_for_no_others(
    world: World, draft: Version
) -> None:
    """Wherever they stand in the version; changed by one figure they are open again."""
    warnings.accept(
        by=world.person("author"),
        version=draft,
        kind="phone",
        words="07700 900123",
        reason="Made up.",
    )
    assert "phone" not in found(draft)
    writing.add_part(
        by=world.person("author"),
        version=draft,
        words=world.lesson(observed="They rang 07700 900123."),
    )
    assert "phone" not in found(fresh(draft))
    writing.add_part(
        by=world.person("author"),
        version=draft,
        words=world.lesson(observed="They rang 07700 900124."),
    )
    assert found(fresh(draft))["phone"] == "07700 900124"


def test_words_are_replaced_in_place(world: World, draft: Version) -> None:
    """Everywhere in the part, as one save; not over what somebody wrote meanwhile."""
    client, overview = browser(world), part(draft, "Overview")
    sent = {
        "do": "replace",
        "part": overview.identity,
        "words": "07700 900123",
        "revision": draft.revision,
    }
    assert "Write what to say instead" in page(answer(client, draft, **sent, instead=""), 422)
    response = answer(client, draft, **sent, instead="a mobile")
    assert response.headers["Location"] == address(draft, "part", overview.identity)
    assert part(draft, "Overview").markdown == NAMED.replace("07700 900123", "a mobile")
    again = answer(client, draft, **{**sent, "words": "Piotr Kowalczyk"}, instead="a landlord")
    assert again.status_code == 409
    gone = {**sent, "revision": fresh(draft).revision}
    assert "not in it any more" in page(answer(client, draft, **gone, instead="x"), 422)


def test_facts_are_looked_at_as_well(world: World) -> None:
    """A summary goes into every list, so a name there is the worst of all."""
    version = world.draft(facts=world.facts(summary=NAMED))
    client = browser(world)

    assert "07700 900123" in page(client.get(address(version, "warnings")))
    summary = states(page(client.get(address(version))))["Summary, themes and talk"]
    assert "warnings" in summary
    sent = {"do": "replace", "words": "07700 900123", "instead": "a mobile"}
    assert "change them there" in page(answer(client, version, **sent), 422)


@pytest.mark.parametrize("sent", ["", "nothing", "\x00", "7"])
@pytest.mark.parametrize("name", ["warnings", "remarks"])
def test_there_is_no_panel_of_what_is_no_part(
    world: World, draft: Version, name: str, sent: str
) -> None:
    where, headers = address(draft, name), {"X-Editor": "panel"}
    assert browser(world).post(where, {"part": sent}, headers=headers).status_code == 404


def test_a_script_is_given_the_panel_as_it_is_now(world: World, draft: Version) -> None:
    """With what was wrong, or without the warning that was answered."""
    client, overview = browser(world), part(draft, "Overview")
    sent = {
        "do": "accept",
        "kind": "phone",
        "words": "07700 900123",
        "part": overview.identity,
    }
    wrong = page(answer_in_panel(client, draft, **sent), 422)
    assert "Say why these words may stay." in wrong
    assert "<html" not in wrong
    told = page(answer_in_panel(client, draft, **sent, reason="Made up."))
    assert "<html" not in told
    assert "07700 900123</mark>" not in told
    assert "“Made up.” Author" in told
    checking_now = world.debrief_at(State.CHECKING)
    refused = answer_in_panel(client, checking_now, do="accept", kind="x", words="x", reason="x",
        part=checking_now.parts.all()[0].identity,
    )  # fmt: skip
    assert "Only a draft can be changed" in page(refused, 422)


def test_acceptances_go_on_into_the_next_version_and_stay_when_it_is_sealed(
    world: World, draft: Version
) -> None:
    """What was accepted once need not be accepted again."""
    for kind, words in found(draft).items():
        warnings.accept(
            by=world.person("author"), version=draft, kind=kind, words=words, reason="Made up."
        )
    world.sent(draft)
    writing.reopen(by=world.person("author"), version=fresh(draft))

    assert not found(following(draft))
    assert following(draft).acceptances.count() == draft.acceptances.count() > 0


def test_while_it_is_checked_nothing_can_be_accepted(world: World) -> None:
    """The checker sees what was accepted; nobody changes it under their eyes."""
    version = world.debrief_at(State.CHECKING)
    told = page(browser(world).get(address(version, "warnings")))
    assert "Accept with a reason" not in told
    with pytest.raises(Refused, match="Only a draft"):
        warnings.accept(
            by=world.person("author"), version=version, kind="name", words="x", reason="x"
        )


# --- Remarks --------------------------------------------------------------------------------------


def test_a_remark_of_the_second_reader_is_answered_beside_the_text(
    world: World, draft: Version
) -> None:
    """On its part and on no other; it needs no words from a colleague."""
    overview = part(draft, "Overview")
    made = remarks.remark(
        by=world.person("editor"), version=draft, words="Who is meant?", part=overview.identity
    )
    client = browser(world)
    assert "Who is meant?" in page(client.get(address(draft, "part", overview.identity)))
    other = part(draft, "Meet early")
    assert "Who is meant?" not in page(client.get(address(draft, "part", other.identity)))
    assert "1 open remark" in states(page(client.get(address(draft))))["Overview"]

    sent = {"remark": made.pk, "part": overview.identity, "answer": "The landlord."}
    response = client.post(address(draft, "remarks"), sent)
    assert response.headers["Location"] == address(draft, "part", overview.identity)
    told = page(client.get(address(draft, "remarks")))
    assert "No remark is open" in told
    assert "The landlord." in told


def test_what_a_force_remarked_needs_an_answer_before_the_next_version_is_checked(
    world: World,
) -> None:
    """It reads the answer when it signs."""
    sent = world.debrief_at(State.WITH_FORCES, operation="Beacon")
    made = remarks.remark_for_force(
        by=world.person("alpha_signatory"),
        signoff=sent.signoffs.get(organisation__key="alpha"),
        words="Not our town.",
        part=sent.parts.all()[0].identity,
    )
    writing.reopen(by=world.person("author"), version=sent)
    version, client = following(sent), browser(world)

    told = page(client.get(address(version, "remarks")))
    assert "Alphashire Police</strong> on the version before" in told
    assert "answer the remark of a force" in page(client.get(address(version, "submit"))).lower()
    path = address(version, "remarks")
    assert "Say what was done about it." in page(client.post(path, {"remark": made.pk}), 422)
    assert client.post(path, {"remark": made.pk, "answer": "Changed."}).status_code == 303
    assert "answer the remark" not in page(client.get(address(version, "submit"))).lower()


def test_a_remark_on_another_debrief_is_not_found(world: World, draft: Version) -> None:
    """Neither to read nor to answer."""
    other = world.draft(operation="Beacon")
    made = remarks.remark(by=world.person("editor"), version=other, words="Elsewhere.")
    client = browser(world)

    assert "Elsewhere." not in page(client.get(address(draft, "remarks")))
    assert client.post(address(draft, "remarks"), {"remark": made.pk}).status_code == 404
    made.refresh_from_db()
    assert made.resolved_at is None


def test_a_script_answers_a_remark_and_is_given_the_panel(world: World, draft: Version) -> None:
    """What is left stands in it."""
    overview = part(draft, "Overview")
    first, second = (
        remarks.remark(
            by=world.person("editor"), version=draft, words=words, part=overview.identity
        )
        for words in ("Who is meant?", "When was it?")
    )
    sent = {"remark": first.pk, "part": overview.identity}
    told = page(browser(world).post(address(draft, "remarks"), sent, headers={"X-Editor": "panel"}))

    assert "<html" not in told
    assert "Answered by Author" in told
    assert f"answer-{second.pk}" in told
    assert f"answer-{first.pk}" not in told


def test_facts_keep_what_is_not_asked(world: World, draft: Version) -> None:
    """Replacing words in a part changes nothing else of the draft."""
    before = replace(facts_of(draft))
    warnings.replace(
        by=world.person("author"),
        part=part(draft, "Overview"),
        revision=draft.revision,
        words="Piotr Kowalczyk",
        instead="a landlord",
    )

    assert facts_of(fresh(draft)) == before
    assert html.escape(part(draft, "Overview").text) == part(draft, "Overview").text
