"""Does a second reader have everything on one page, and does an editor know what sealing means?

Who may open the pages is tested in `tests/access`; what the services refuse, in `test_services.py`.
"""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from debriefs.exceptions import Conflict
from debriefs.models import Part, Remark, Version
from debriefs.services import checking, remarks, second_reading, signers, signing, warnings, writing
from debriefs.workflow import State
from portal import services
from portal.models import AuditEvent, Membership, Role
from tests.world import CHANGES, World, following, fresh

KEPT = "Half a thought about the second"


@pytest.fixture
def submitted(world: World) -> Version:
    """A version that waits for its second reader."""
    return world.debrief_at(State.CHECKING, operation="Lantern")


def browser(world: World, person: str) -> Client:
    """The browser of this person."""
    client = Client()
    client.force_login(world.person(person))
    return client


def page_of(response: Any, status: int = 200) -> str:
    """What the answer shows, with entities as characters."""
    assert response.status_code == status, response.content.decode()[3000:6000]
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()))


def address(name: str, version: Version) -> str:
    """The page of this name."""
    return reverse(f"debriefs:{name}", args=[version.debrief.slug])


def do(world: World, version: Version, person: str, what: str, **typed: str) -> Any:
    """Press a button of the second reader's page, with what was typed on it."""
    sent = {"do": what, "revision": str(version.revision)} | typed
    return browser(world, person).post(address("check", version), sent)


def beside(part: Part) -> str:
    """The name of the field beside the part."""
    return f"remark-{part.identity.hex}"


# --- The second reader's page ---------------------------------------------------------------------


def test_second_reader_has_all_of_it_on_one_page(world: World, submitted: Version) -> None:
    """Every word that readers will read, where each part travels to, and room to remark on it."""
    page = page_of(browser(world, "editor").get(address("check", submitted)))

    for words in (
        submitted.title,
        submitted.summary,
        "It began with a <em>call</em> about an address.",
        "The case stood without the victims.",
        "Meet in the first week.",
        "5 of 7 charged convicted",
        "Travels as far as: Policing",
        "Pass version 1",
        "Send it back",
    ):
        assert words in page
    for part in submitted.parts.all():
        assert f'name="{beside(part)}"' in page
    assert "disabled" not in page


def test_reading_a_draft_to_check_it_is_recorded(world: World, submitted: Version) -> None:
    """As every reading is."""
    browser(world, "editor").get(address("check", submitted))

    event = AuditEvent.objects.filter(verb="version.read").latest("pk")
    assert (event.actor, event.debrief) == (world.person("editor"), submitted.debrief_id)


def test_who_wrote_part_of_it_sees_why_they_may_not_decide(
    world: World, submitted: Version
) -> None:
    """The buttons are there, disabled, with the reason in words; remarks they may make."""
    page = page_of(browser(world, "author").get(address("check", submitted)))

    assert page.count("disabled aria-describedby") == 2
    assert "You wrote part of this version. Someone else of the project team has to check" in page

    answer = page_of(do(world, submitted, "author", "pass"), 422)
    assert "You wrote part of this version." in answer
    assert fresh(submitted).checked_at is None
    assert do(world, submitted, "author", "remark", remark="I left a gap here.").status_code == 303


def test_second_reader_passes_it(world: World, submitted: Version) -> None:
    """The editor is told what comes next."""
    response = do(world, submitted, "second_author", "pass")

    assert response.status_code == 303
    assert fresh(submitted).checked_by == world.person("second_author")
    page = page_of(browser(world, "editor").get(address("check", submitted)))
    assert "Checked</strong> by Second Author" in page
    assert f'href="{address("send", submitted)}"' in page
    assert "Pass version 1" not in page


def test_second_reader_sends_it_back_with_what_was_typed(world: World, submitted: Version) -> None:
    """The reason and the remark that was half done reach the authors together."""
    part = submitted.parts.all()[1]
    response = do(
        world, submitted, "editor", "send-back", reason="The dates clash.", **{beside(part): KEPT}
    )

    assert response.status_code == 303
    assert fresh(submitted).state == State.DRAFTING
    assert fresh(submitted).sent_back_for == "The dates clash."
    assert [(r.part, r.words) for r in submitted.remarks.all()] == [(part.identity, KEPT)]


def test_nothing_that_was_typed_is_lost_by_a_mistake(world: World, submitted: Version) -> None:
    """A missing reason, a button that does not exist, a text that is too long."""
    part = submitted.parts.all()[0]
    for what, reason in (("send-back", " "), ("pass", ""), ("nonsense", "A reason that I gave.")):
        response = do(world, submitted, "editor", what, reason=reason, **{beside(part): KEPT})
        page = page_of(response, 422)
        assert f"{KEPT}</textarea>" in page
        assert reason.strip() in page
        assert "There is a problem" in page
        assert "<title>Error: " in page
    page = page_of(do(world, submitted, "editor", "remark", remark=f"{KEPT} " * 400), 422)
    assert "keep it under 5,000 characters" in page
    assert page.count(KEPT) == 400
    assert not submitted.remarks.exists()


def test_version_is_not_passed_over_a_remark_that_is_not_saved(
    world: World, submitted: Version
) -> None:
    """Or the thought would be lost with the page."""
    page = page_of(do(world, submitted, "editor", "pass", remark=KEPT), 422)
    assert "This remark is not saved. Save it and send back, or clear it." in page
    page = page_of(do(world, submitted, "editor", "pass", reason="Change the dates."), 422)
    assert "Send the version back, or clear this." in page
    assert fresh(submitted).checked_at is None


def test_open_remark_holds_the_pass_up_until_it_is_settled(
    world: World, submitted: Version
) -> None:
    """On the page as in the service, in the same words."""
    remark = remarks.remark(by=world.person("editor"), version=submitted, words="Which town?")
    page = page_of(browser(world, "editor").get(address("check", submitted)))
    assert "1 remark open" in page
    assert "A remark is still open. Resolve each remark, or send the draft back." in page
    assert page.count("disabled aria-describedby") == 1

    response = do(world, submitted, "editor", f"settle-{remark.pk}", remark=KEPT)

    assert response.status_code == 303
    assert Remark.objects.get(pk=remark.pk).resolved_by == world.person("editor")
    assert submitted.remarks.get(words=KEPT).resolved_at is None


def test_settled_remarks_stand_there_with_their_answers(world: World, submitted: Version) -> None:
    """And can be raised again in a new one."""
    part = submitted.parts.all()[0]
    remark = remarks.remark(
        by=world.person("editor"), version=submitted, words="Which town?", part=part.identity
    )
    remarks.resolve(by=world.person("author"), remark=remark, answer="Named in the summary.")

    page = page_of(browser(world, "editor").get(address("check", submitted)))

    assert "1 settled" in page
    assert "Settled by Author" in page
    assert "Named in the summary." in page
    assert "Raise it again in a new remark" in page
    assert "0 remarks open" in page


def test_only_whoever_made_a_remark_takes_it_out(world: World, submitted: Version) -> None:
    """The button is there for them alone, and so is what it does."""
    remark = remarks.remark(by=world.person("editor"), version=submitted, words="Which town?")
    theirs = page_of(browser(world, "second_author").get(address("check", submitted)))
    assert f'value="remove-{remark.pk}"' not in theirs
    assert f'value="settle-{remark.pk}"' in theirs

    page = page_of(do(world, submitted, "second_author", f"remove-{remark.pk}"), 422)
    assert "Only whoever made a remark takes it out." in page
    assert do(world, submitted, "editor", f"remove-{remark.pk}").status_code == 303
    assert not submitted.remarks.exists()
    page = page_of(do(world, submitted, "editor", f"settle-{remark.pk}", remark=KEPT), 422)
    assert "That remark is not there any more." in page
    assert KEPT in page


def test_remark_of_another_version_is_not_reached(world: World, submitted: Version) -> None:
    """Its number in the button of this page does nothing."""
    other = world.debrief_at(State.CHECKING)
    remark = remarks.remark(by=world.person("editor"), version=other, words="Which town?")

    page_of(do(world, submitted, "editor", f"settle-{remark.pk}"), 422)

    assert Remark.objects.get(pk=remark.pk).resolved_at is None


def test_same_remark_sent_twice_is_one(world: World, submitted: Version) -> None:
    """A second press of the button, or the same form from the browser's history."""
    part = submitted.parts.all()[0]
    for _ in range(2):
        do(world, submitted, "editor", "remark", **{beside(part): "Which town?"})
    do(world, submitted, "second_author", "remark", **{beside(part): "Which town?"})

    assert submitted.remarks.count() == 2


def test_version_that_moved_is_shown_as_it_is_now(world: World, submitted: Version) -> None:
    """Taken back, changed and submitted again meanwhile: 409, with all that was typed."""
    first, second = submitted.parts.all()
    seen = submitted.revision
    author = world.person("author")
    checking.take_back(by=author, version=submitted)
    writing.remove_part(by=author, part=second, revision=seen)
    writing.edit_part(
        by=author, part=first, revision=seen, words=world.section(markdown="In another town.")
    )
    checking.submit(by=author, version=submitted, revision=fresh(submitted).revision)

    response = browser(world, "editor").post(
        address("check", submitted),
        {
            "do": "send-back",
            "revision": str(seen),
            "reason": "The dates clash.",
            beside(first): KEPT,
            beside(second): "On the part that is gone",
        },
    )

    page = page_of(response, 409)
    assert "This version was changed after you opened the page." in page
    assert "In another town." in page
    for words in (KEPT, "The dates clash.", "On the part that is gone"):
        assert f"{words}</textarea>" in page
    assert f'name="revision" value="{fresh(submitted).revision}"' in page
    assert not submitted.remarks.exists()


def test_version_that_was_sent_meanwhile_gives_back_what_was_typed(
    world: World, submitted: Version
) -> None:
    """There is no such page any more, but the words are not lost."""
    do(world, submitted, "second_author", "pass")
    signing.send(by=world.person("editor"), version=submitted)

    page = page_of(do(world, submitted, "editor", "remark", remark=KEPT), 403)

    assert "Remarks are made while a version is written and checked." in page
    assert KEPT in page
    assert "Copy what you want to keep." in page


def test_what_the_forces_said_last_time_stands_beside_the_part(world: World) -> None:
    """With the answer of the team, so that the second reader sees whether it was taken up."""
    version = world.debrief_at(State.WITH_FORCES)
    part = version.parts.all()[0]
    remark = remarks.remark_for_force(
        by=world.person("bravo_signatory"),
        signoff=version.signoffs.get(organisation__key="bravo"),
        words="That was another street.",
        part=part.identity,
    )
    world.decide(version, "bravo", CHANGES)
    following_one = writing.reopen(by=world.person("author"), version=version)
    page = page_of(browser(world, "editor").get(address("check", following_one)))
    assert "That was another street." in page
    assert "Not answered yet" in page

    remarks.resolve(by=world.person("author"), remark=remark, answer="Corrected.")

    page = page_of(browser(world, "editor").get(address("check", following_one)))
    assert "Bravoshire Police</strong> on the version before" in page
    assert "Corrected." in page
    second = second_reading.of(
        world.person("editor"), following_one, list(following_one.parts.all())
    )
    assert [each.words for each in second.parts[part.identity].from_forces] == [remark.words]


def test_words_that_could_identify_somebody_are_shown(world: World) -> None:
    """Those that somebody stands by with the reason; those with which nobody has dealt as well."""
    number = "07700 900123"
    version = world.draft(parts=[world.section(markdown=f"Ring the desk on {number}.")])
    page = page_of(browser(world, "editor").get(address("check", version)))
    assert "Nobody has dealt with these" in page

    warnings.accept(
        by=world.person("author"),
        version=version,
        kind="phone",
        words=number,
        reason="It is the number of a desk.",
    )

    page = page_of(browser(world, "editor").get(address("check", version)))
    assert "Nobody has dealt with these" not in page
    assert "The team stands by these" in page
    assert f"</span> {number} <span" in page
    assert "“It is the number of a desk.” Author" in page
    assert "Stand by it no longer" not in page


def test_page_asks_as_often_with_many_remarks_and_parts_as_with_few(world: World) -> None:
    """The numbers are exact: whoever changes one says so here."""
    few = world.debrief_at(State.CHECKING)
    many = world.debrief_at(State.CHECKING, parts=[world.section(), *[world.lesson()] * 12])
    for version, number in ((few, 1), (many, 12)):
        for part in [*version.parts.all()] * number:
            made = remarks.remark(
                by=world.person("editor"),
                version=version,
                words=f"Which town? {Remark.objects.count()}",
                part=part.identity,
            )
            if made.pk % 2:
                remarks.resolve(by=world.person("author"), remark=made)

    assert queries_of(world, few, "check") == queries_of(world, many, "check") == 25


def test_page_asks_as_often_with_many_forces_as_with_few(world: World) -> None:
    """As exact."""
    few = world.debrief_at(State.CHECKING, checked=True)
    facts = world.facts(supporting=("bravo", "charlie", "delta"))
    many = world.debrief_at(State.CHECKING, facts=facts, checked=True)

    assert queries_of(world, few, "send") == queries_of(world, many, "send") == 18


def queries_of(world: World, version: Version, name: str) -> int:
    """How many queries the page takes."""
    client = browser(world, "editor")
    page_of(client.get(address(name, version)))
    with CaptureQueriesContext(connection) as queries:
        page_of(client.get(address(name, version)))
    return len(queries)


# --- Sending --------------------------------------------------------------------------------------


def send(world: World, version: Version, days: int = 30, **changed: str) -> Any:
    """Send the version on its page."""
    day = timezone.localdate() + timedelta(days=days)
    boxes = {f"due_on_{name}": str(getattr(day, name)) for name in ("day", "month", "year")}
    sent = {"revision": str(version.revision)} | boxes | changed
    return browser(world, "editor").post(address("send", version), sent)


@pytest.fixture
def checked(world: World) -> Version:
    """A version that was checked and waits to be sent."""
    return world.debrief_at(State.CHECKING, operation="Lantern", checked=True)


def test_editor_sees_who_will_sign_and_what_is_sealed(world: World, checked: Version) -> None:
    """By name, with the deputy who would stand in; and three weeks are proposed."""
    page = page_of(browser(world, "editor").get(address("send", checked)))

    usual = timezone.localdate() + timedelta(days=21)
    for words in (
        "Who signs: 2 forces",
        "Alphashire Police",
        "<strong>Alpha Signatory</strong>",
        "Alpha Deputy (deputy): while every signatory is away",
        "Bravo Signatory",
        "Meet the prosecutor early",
        "OFFICIAL-SENSITIVE. Police use only.",
        f'value="{usual.day}"',
        f'value="{usual.year}"',
        "Policing: 3 groups",
    ):
        assert words in page
    assert "Inactive" not in page


def test_version_is_sealed_and_its_digest_told(world: World, checked: Version) -> None:
    """The day is kept, on which weekday it may be."""
    response = send(world, checked, days=30)

    sealed = fresh(checked)
    assert response.status_code == 303
    assert response.headers["Location"] == sealed.get_absolute_url()
    assert sealed.state == State.WITH_FORCES
    assert sealed.due_on == timezone.localdate() + timedelta(days=30)
    said = [str(message) for message in response.wsgi_request._messages]
    assert sealed.digest in said[0]
    assert "with 2 forces" in said[0]


@pytest.mark.parametrize(
    ("days", "words"), [(0, "Choose a day after today"), (366, "Choose a day within a year")]
)
def test_day_that_cannot_be_is_refused_on_the_page(
    world: World, checked: Version, days: int, words: str
) -> None:
    """What was typed is still there."""
    assert words in page_of(send(world, checked, days), 422)
    assert fresh(checked).state == State.CHECKING


def test_nothing_is_sealed_that_was_not_on_the_screen(world: World, checked: Version) -> None:
    """Changed and checked anew meanwhile: the editor reads it first."""
    seen = checked.revision
    author = world.person("author")
    checking.take_back(by=author, version=checked)
    writing.add_part(by=author, version=checked, words=world.lesson(title="One more"))
    revision = fresh(checked).revision
    checking.submit(by=author, version=checked, revision=revision)
    checking.check(by=world.person("second_author"), version=checked, revision=revision)

    page = page_of(send(world, checked, revision=str(seen)), 409)

    assert "One more" in page
    assert fresh(checked).state == State.CHECKING
    with pytest.raises(Conflict):
        signing.send(by=world.person("editor"), version=checked, revision=seen)


def test_signatory_who_is_away_is_named_with_who_stands_in(world: World, checked: Version) -> None:
    """And where nobody stands in, the editor is told to give it longer."""
    today = timezone.localdate()
    for person, organisation in (("alpha_signatory", "alpha"), ("harbour_signatory", "harbour")):
        services.set_absence(
            by=world.person(person),
            user=world.person(person),
            organisation=world.organisation(organisation),
            from_day=today,
            until_day=today + timedelta(days=9),
        )
    page = page_of(browser(world, "editor").get(address("send", checked)))
    until = today + timedelta(days=9)
    assert f"<strong>Alpha Signatory</strong>: away until {until:%-d %B}" in page
    assert "Alpha Deputy (deputy): stands in" in page
    assert "Everybody who could sign is away" not in page

    services.end_membership(
        by=world.administrator,
        membership=Membership.objects.get(user=world.person("alpha_deputy"), role=Role.DEPUTY),
    )
    page = page_of(browser(world, "editor").get(address("send", checked)))
    assert "Everybody who could sign is away." in page


def test_force_with_nobody_to_sign_is_said_with_what_to_do(world: World) -> None:
    """The button is disabled, with the reason; the coordinator is named."""
    version = world.draft(facts=world.facts(lead="bravo", supporting=("alpha",)))
    for key in ("alpha_signatory", "alpha_deputy"):
        services.end_membership(
            by=world.administrator,
            membership=Membership.objects.get(user=world.person(key), organisation__key="alpha"),
        )
    world.submitted(version)

    page = page_of(browser(world, "editor").get(address("send", version)))

    words = (
        "Alphashire Police has no signatory who could sign. "
        "Ask its coordinator, Coordinator, to name one."
    )
    assert words in page
    assert re.search(r"<button[^>]* disabled aria-describedby=\"hindered\"", page)
    assert words in page_of(send(world, fresh(version)), 422)


def test_who_wrote_part_of_it_is_not_counted_as_a_signatory(world: World) -> None:
    """A person may be author and signatory; of what they wrote they sign nothing."""
    world.hire("author", "bravo", Role.SIGNATORY)
    version = world.submitted(world.draft())

    force = next(each for each in signers.of(version) if each.organisation.key == "bravo")

    assert [each.name for each in force.able] == ["Both", "Bravo Signatory"]
    page = page_of(browser(world, "editor").get(address("send", version)))
    assert "<strong>Author</strong>: wrote part of it, so does not sign" in page


def test_authors_are_told_that_editors_send(world: World, checked: Version) -> None:
    """403, in words."""
    page = page_of(browser(world, "author").get(address("send", checked)), 403)
    assert "You do not have the role that this needs." in page
    assert following(checked).state == State.CHECKING
