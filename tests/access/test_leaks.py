"""Can anything that is hidden be inferred from what is not? One test or more for each known path.

The numbers are those of the list of leak paths; a number is missing here where the portal has no
such feature yet. `test_canary.py` looks for the words themselves, on every page.
"""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from debriefs.models import Part, Theme, Version
from debriefs.services import releasing, signing
from debriefs.services.reading import history as history_of
from debriefs.services.reading import open_version
from debriefs.services.signing import Answer
from debriefs.workflow import State
from portal import logs, services
from portal.models import Membership, Tier, User
from portal.views.static import About
from tests.access import matrix
from tests.access.scene import (
    SUBJECTS,
    Scene,
    erase,
    same_for_all,
    tiered,
    unguarded_for_good,
)

#: One of each column: whatever is true of them is true of the others there.
ONE_OF_EACH = [people[0] for people in matrix.COLUMNS.values()]

MISSING = [row for row in matrix.rows() if row.arguments[:1] == ("missing",)]


def browser(scene: Scene, person: str) -> Client:
    """A signed-in browser, or one that is nobody's."""
    client = Client()
    if person != "signed_out":
        client.force_login(scene.world.person(person))
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    """What stands at an address, without what is new on every page."""
    response = client.get(address)
    assert response.status_code == status, address
    return same_for_all(response.content.decode())


def told(response: Any, asked: str) -> tuple[int, str, dict[str, str]]:
    """All that an answer says, but for nonce and token, and the address that was asked for."""
    headers = {
        name: re.sub(r"'nonce-[^']*'", "", value).replace(asked, "…")
        for name, value in response.headers.items()
        if name != "Content-Length"
    }
    return response.status_code, same_for_all(response.content.decode()), headers


def hidden_from(person: str) -> list[matrix.Row]:
    """Addresses at which something stands that the person may not know of."""
    return [
        row
        for row in matrix.rows()
        if row.arguments
        and row.arguments[0] in SUBJECTS
        and row.answers[matrix.column_of(person)] in ("404", matrix.IN)
    ]


# --- 1 and 2: asking for it directly --------------------------------------------------------------


@pytest.mark.parametrize("person", ONE_OF_EACH)
def test_paths_1_and_2_hidden_and_missing_answer_the_same_after_as_many_queries(
    scene: Scene, person: str
) -> None:
    """Byte for byte, headers included, but for the nonce and the token; and the time that an
    answer takes says nothing either."""
    client = browser(scene, person)
    missing = reverse("debriefs:debrief", args=["missing"])
    answer = told(client.get(missing), missing)
    hidden = hidden_from(person)
    assert hidden
    counts: dict[str, dict[int, list[str]]] = {}

    for row in (*MISSING, *hidden):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(row.path)
        counts.setdefault(row.route, {}).setdefault(len(queries), []).append(str(row))
        if row not in MISSING:
            assert told(response, row.path) == answer, row

    for route in ("debriefs:debrief", "debriefs:history", "debriefs:version"):
        assert len(counts[route]) == 1, counts[route]


# --- 5, 6, 8, 9, 12: what is hidden leaves no trace -----------------------------------------------

LIST_QUESTIONS = (
    "",
    "?sort=newest",
    "?sort=began",
    "?sort=name",
    "?page=2",
    "?theme=evidence-led",
    "?theme=victim-care",
    "?type=sexual",
    "?type=labour&sort=began",
    "?force=alpha",
    "?force=alpha&force=bravo&year=2021",
    "?region=north&kind=structured",
    "?year=2021",
    "?year=1999&theme=nothing",
    "?kind=hot",
)


def everything(client: Client, again: Iterable[str] = ()) -> dict[str, str]:
    """All lists and counts that the visitor can come by, and all that can be read; home comes last,
    so that what was read before it is the same each time.

    With `again` at the same addresses as before: those of parts that are gone are known no more.
    """
    library = reverse("debriefs:library")
    addresses = [row.path for row in matrix.rows() if row.route.startswith("debriefs:")]
    addresses += [f"{library}{question}" for question in LIST_QUESTIONS]
    found = {}
    for address in again or (*addresses, reverse("home")):
        response = client.get(address)
        # A page that says "gone" goes with the debrief; that it tells nothing is another test.
        status = 404 if response.status_code == 410 else response.status_code
        words = response.content.decode() if response.status_code == 200 else ""
        found[address] = f"{status} {same_for_all(words)}"
    return found


@pytest.mark.parametrize("person", ["signed_out", "outsider", "partner_officer", "guest"])
def test_paths_5_6_8_9_12_all_pages_are_as_if_nothing_hidden_existed(
    scene: Scene, person: str
) -> None:
    """Totals, page counts, facets, order, themes: equal once all that is hidden is deleted.

    These are the people who read no whole version: of what they see, other parts and all facts are
    hidden as well, and deleted here.
    """
    column = matrix.column_of(person)
    subjects = {version.debrief_id: key for key, version in scene.versions.items()}
    hidden: list[int] = []
    parts: list[int] = []
    facts: list[int] = []
    for version in Version.objects.all():
        subject = subjects[version.debrief_id]
        address = (subject, str(version.number))
        if matrix.answer_at(person, "debriefs:version", *address) != "200":
            hidden.append(version.pk)
            continue
        if column == "guest" and subject != "public":
            continue
        narrowest = Tier.PARTNERS if column == "partner" else Tier.PUBLIC
        facts.append(version.pk)
        parts += version.parts.filter(reach__lt=narrowest).values_list("pk", flat=True)
    assert hidden
    assert parts
    client = browser(scene, person)
    before = everything(client)

    erase(hidden, parts=parts, facts=facts)

    after = everything(client, before)
    assert {address for address in before if before[address] != after[address]} == set()
    assert any("Operation public" in each for each in before.values())


@pytest.mark.parametrize("person", ["charlie_officer", "alpha_officer"])
def test_paths_5_6_9_12_lists_of_police_are_as_if_nothing_hidden_existed(
    scene: Scene, person: str
) -> None:
    """The same for those who read facts: deleting what they may not read changes no list."""
    subjects = {version.debrief_id: key for key, version in scene.versions.items()}
    hidden = [
        version.pk
        for version in Version.objects.all()
        if matrix.answer_at(
            person, "debriefs:version", subjects[version.debrief_id], str(version.number)
        )
        != "200"
        # Of these the person may know: they could read them once.
        and subjects[version.debrief_id] not in ("superseded", "withdrawn", "taken-back")
    ]
    assert len(hidden) >= 5
    client = browser(scene, person)
    before = everything(client)

    erase(hidden)

    after = everything(client, before)
    assert {address for address in before if before[address] != after[address]} == set()
    assert "?theme=evidence-led" in "".join(before)


def test_the_comparison_notices_what_is_visible(scene: Scene) -> None:
    """The control: deleting what one may read does change the pages."""
    client = browser(scene, "outsider")
    before = everything(client)

    erase([scene.versions["public"].pk])

    after = everything(client, before)
    changed = {address for address in before if before[address] != after[address]}
    assert {"/", "/public/", "/debriefs/", "/themes/", "/debriefs/public/"} <= changed


def test_path_8_an_order_by_a_fact_does_not_show_it(scene: Scene) -> None:
    """To whom the dates are hidden they are all alike, whatever they are."""
    world = scene.world
    for name, began in (("early", date(1990, 1, 1)), ("late", date(2024, 1, 1))):
        world.debrief_at(
            State.RELEASED,
            operation=name,
            facts=world.facts(
                reach=Tier.PARTNERS, operation_from=began, operation_until=date(2024, 6, 1)
            ),
            parts=tiered(world, Tier.PARTNERS),
            groups=("policing", "partners"),
        )
    names = r"Operation (early|late)"
    address = f"{reverse('debriefs:library')}?sort=began"

    partner = re.findall(names, page(browser(scene, "partner_officer"), address))
    with unguarded_for_good("debriefs_version"):
        for version in Version.objects.filter(debrief__slug__in=("early", "late")):
            turned = 2024 if version.debrief.slug == "early" else 1990
            Version.objects.filter(pk=version.pk).update(operation_from=date(turned, 1, 1))
    turned_round = re.findall(names, page(browser(scene, "partner_officer"), address))

    assert partner == turned_round == ["late", "early"]  # as they were shared, newest first
    police = re.findall(names, page(browser(scene, "charlie_officer"), address))
    assert police == ["early", "late"]  # who may know, sees it


@pytest.mark.parametrize(
    ("parameter", "hidden"),
    [
        ("force", "alpha"),
        ("region", "north"),
        ("type", "sexual"),
        ("theme", "evidence-led"),
        ("year", "2021"),
        ("kind", "structured"),
    ],
)
def test_path_8_a_filter_by_a_hidden_fact_is_as_invalid_as_one_that_does_not_exist(
    scene: Scene, parameter: str, hidden: str
) -> None:
    """The partner reads two debriefs that have this value, and none of their facts."""
    partner = browser(scene, "partner_officer")
    address = reverse("debriefs:library")

    secret = page(partner, f"{address}?{parameter}={hidden}").replace(hidden, "…")
    unknown = page(partner, f"{address}?{parameter}=zzz").replace("zzz", "…")

    # The page offers no way to the value, so it stands only where it was echoed.
    assert secret == unknown
    assert "0 debriefs" in secret
    police = page(browser(scene, "charlie_officer"), f"{address}?{parameter}={hidden}")
    assert "There is a problem" not in police


def test_path_12_a_theme_of_hidden_debriefs_alone_looks_unused(scene: Scene) -> None:
    """Not a count, not a name; for the guest it is in use."""
    world = scene.world
    theme = Theme.objects.get(key="victim-care")
    for state, groups in ((State.DRAFTING, ()), (State.RELEASED, ("circle",))):
        world.debrief_at(
            state,
            operation=f"unseen {state}",
            facts=world.facts(themes=[theme]),
            parts=[world.section(), world.lesson(theme=theme, title="An unseen lesson")],
            groups=groups,
        )
    address = reverse("debriefs:theme", args=["victim-care"])

    charlie = page(browser(scene, "charlie_officer"), address)
    guest = page(browser(scene, "guest"), address)

    assert "An unseen lesson" not in charlie
    assert "unseen" not in charlie
    assert "theme__figures" not in charlie
    assert "An unseen lesson" in guest
    assert re.search(r'theme__figure">1</span> operation\b', guest)
    library = page(browser(scene, "charlie_officer"), reverse("debriefs:library"))
    assert 'value="victim-care"' not in library
    assert 'value="victim-care"' in page(browser(scene, "guest"), reverse("debriefs:library"))


# --- 11: what one had -----------------------------------------------------------------------------


def test_path_11_what_was_read_last_is_forgotten_when_it_is_taken_away(scene: Scene) -> None:
    """The list of what one read is no way back in, nor a reminder of what it said."""
    charlie = browser(scene, "charlie_officer")
    page(charlie, reverse("debriefs:debrief", args=["shared"]))
    assert "Operation shared" in page(charlie, reverse("home"))

    releasing.withdraw_release(
        by=scene.world.person("editor"),
        release=scene.versions["shared"].releases.get(),
        reason="Enough.",
    )

    assert "Operation shared" not in page(charlie, reverse("home"))


# --- 14: other versions ---------------------------------------------------------------------------


def test_path_14_a_former_version_is_no_other_than_one_that_never_was(scene: Scene) -> None:
    """By number, for a reader of the version that took its place."""
    charlie = browser(scene, "charlie_officer")
    former, never = (reverse("debriefs:version", args=["superseded", number]) for number in (1, 77))

    assert told(charlie.get(former), former) == told(charlie.get(never), never)
    assert charlie.get(former).status_code == 404


def test_path_14_the_history_tells_that_there_was_a_version_but_not_what_it_said(
    scene: Scene,
) -> None:
    """A reader of both may know that there was one before; who came later may not even that."""
    first = scene.versions["superseded"]
    with unguarded_for_good("debriefs_version"):
        Version.objects.filter(pk=first.pk).update(title="The former words")

    history = page(
        browser(scene, "charlie_officer"), reverse("debriefs:history", args=["superseded"])
    )

    assert "Version 1" in history
    assert "The former words" not in history
    assert 'href="/debriefs/superseded/versions/1/"' not in history
    rows = history_of(scene.world.person("charlie_officer"), first.debrief)
    assert [(row.number, row.title, row.url) for row in rows if row.number == 1] == [(1, "", "")]
    assert "The former words" in page(
        browser(scene, "author"), reverse("debriefs:history", args=["superseded"])
    )


def test_path_14_the_history_does_not_tell_of_versions_that_are_being_made(scene: Scene) -> None:
    """Neither of a draft, nor of a round that was returned."""
    address = reverse("debriefs:history", args=["renewed"])

    for person in ("charlie_officer", "alpha_signatory"):
        assert "Version 2" not in page(browser(scene, person), address)
        assert "Drafting" not in page(browser(scene, person), address)
    assert "Version 2" in page(browser(scene, "author"), address)


# --- 24 and 27: forces among each other -----------------------------------------------------------


@pytest.mark.parametrize("state", [State.WITH_FORCES, State.AGREED, State.RELEASED])
def test_path_24_a_force_never_sees_what_another_remarked(scene: Scene, state: State) -> None:
    """Neither the remark, nor the conditions, on any page about the debrief."""
    world = scene.world
    says = Answer("agreed", conditions="Only after our trial", remark="Page two worries us")
    version = world.debrief_at(state, operation="remarked", answers={"bravo": says})
    alpha = browser(scene, "alpha_signatory")

    for address in (
        reverse("home"),
        version.debrief.get_absolute_url(),
        version.get_absolute_url(),
        reverse("debriefs:history", args=["remarked"]),
    ):
        found = page(alpha, address)
        assert "Only after our trial" not in found
        assert "Page two worries us" not in found
    assert version.signoffs.get(organisation__key="bravo").remark == "Page two worries us"


def test_path_24_what_is_handed_to_a_page_holds_no_remark(scene: Scene) -> None:
    """A template cannot show it by mistake without asking for it anew."""
    reading = open_version(scene.world.person("alpha_signatory"), scene.versions["agreed"])

    assert len(reading.signatures) == 2
    for signature in reading.signatures:
        assert not hasattr(signature, "remark")
        assert not hasattr(signature, "conditions")


def test_path_27_who_took_part_is_hidden_with_the_facts(scene: Scene) -> None:
    """On the page, on cards, in the history, and on the organisation's own page."""
    partner = browser(scene, "partner_officer")
    officer = browser(scene, "charlie_officer")
    forces = ("Alphashire", "Bravoshire")
    for address in (
        reverse("debriefs:debrief", args=["partners"]),
        reverse("debriefs:history", args=["partners"]),
        reverse("debriefs:library"),
        reverse("debriefs:theme", args=["evidence-led"]),
        reverse("home"),
    ):
        found = page(partner, address)
        assert "Operation partners" in found
        for force in forces:
            assert force not in found, address
    debrief = page(officer, reverse("debriefs:debrief", args=["partners"]))
    assert all(force in debrief for force in forces)
    assert 'id="signed"' in debrief
    assert 'id="signed"' not in page(partner, reverse("debriefs:debrief", args=["partners"]))
    assert "Operation partners" not in page(
        partner, reverse("debriefs:organisation", args=["alpha"])
    )
    assert "Operation partners" in page(officer, reverse("debriefs:organisation", args=["alpha"]))


# --- 28: errors -----------------------------------------------------------------------------------


def test_path_28_the_page_of_an_error_names_nothing(scene: Scene) -> None:
    """Neither its title nor what stands above it."""
    outsider = browser(scene, "outsider")

    found = page(outsider, reverse("debriefs:debrief", args=["shared"]), 404)

    assert "<title>Page not found – Operational Debriefs</title>" in found
    assert "shared-" not in found
    assert "Operation shared" not in found
    assert "Breadcrumb" not in found


def test_path_28_what_was_taken_back_is_told_without_its_words(scene: Scene) -> None:
    """The name of the operation, the reason, the reference; no title, summary, part or force."""
    for subject in ("withdrawn", "taken-back"):
        version = scene.versions[subject]

        found = page(
            browser(scene, "charlie_officer"), reverse("debriefs:debrief", args=[subject]), 410
        )

        assert f"<title>Operation {subject} is no longer shared" in found
        assert version.debrief.reference in found
        for words in (version.title, version.summary, version.handling, version.digest[:16]):
            assert words not in found
        for part in Part.objects.filter(version=version):
            assert part.title not in found
        assert "Bravoshire" not in found
        assert "Alphashire" not in found


# --- 30: caches -----------------------------------------------------------------------------------


def test_path_30_no_answer_is_kept_anywhere(scene: Scene) -> None:
    """Nor is it ever "not modified", whatever a browser says that it has."""
    author, outsider = browser(scene, "author"), browser(scene, "outsider")
    has = {"if-none-match": "*", "if-modified-since": "Wed, 01 Jan 2099 00:00:00 GMT"}
    for row in matrix.rows():
        seen = author.get(row.path)
        other = outsider.get(row.path, headers=has)

        for response in (seen, other):
            assert response.headers["Cache-Control"] == "private, no-store", row
            assert "ETag" not in response.headers, row
            assert "Last-Modified" not in response.headers, row
            assert response.status_code != 304, row


def test_path_30_after_signing_out_going_back_leads_to_sign_in(scene: Scene) -> None:
    """The page was not kept, so the browser asks again, and is not shown it."""
    officer = browser(scene, "alpha_officer")
    address = reverse("debriefs:debrief", args=["shared"])
    page(officer, address)

    officer.post(reverse("account_logout"))

    again = officer.get(address)
    assert again.status_code == 302
    assert again.headers["Location"] == f"{reverse('account_login')}?next={address}"
    assert again.content == b""


# --- 31: revoking ---------------------------------------------------------------------------------


def _end_membership(scene: Scene) -> None:
    services.end_membership(
        by=scene.world.person("administrator"),
        membership=Membership.objects.get(user=scene.world.person("charlie_officer")),
    )


def _leave_group(scene: Scene) -> None:
    group = scene.world.group("policing")
    services.leave(
        by=scene.world.person("administrator"),
        belonging=group.belongings.get(organisation__key="charlie"),
    )


def _deactivate(scene: Scene) -> None:
    User.objects.filter(pk=scene.world.people["charlie_officer"]).update(is_active=False)


def _take_release_back(scene: Scene) -> None:
    releasing.withdraw_release(
        by=scene.world.person("editor"),
        release=scene.versions["shared"].releases.get(),
        reason="A trial.",
    )


def _withdraw_consent(scene: Scene) -> None:
    version = scene.versions["shared"]
    signing.withdraw_consent(
        by=scene.world.person("bravo_signatory"),
        signoff=version.signoffs.get(organisation__key="bravo"),
        reason="A trial.",
    )


def _widen_group(scene: Scene) -> None:
    services.change_tier(
        by=scene.world.person("administrator"),
        sharing_group=scene.world.group("policing"),
        tier=Tier.PARTNERS,
    )


def _supersede_elsewhere(scene: Scene) -> None:
    scene.world.follow(scene.versions["shared"], groups=("circle",))


@pytest.mark.parametrize(
    ("revoke", "status"),
    [
        (_end_membership, 404),
        (_leave_group, 404),
        (_deactivate, 302),
        (_take_release_back, 410),
        (_withdraw_consent, 410),
        (_widen_group, 404),
        (_supersede_elsewhere, 410),
    ],
)
def test_path_31_revoking_acts_on_the_next_request_of_an_open_session(
    scene: Scene, revoke: Any, status: int
) -> None:
    """On the page, its history, its version, and in every list."""
    officer = browser(scene, "charlie_officer")
    address = reverse("debriefs:debrief", args=["shared"])
    lists = [
        reverse("home"),
        reverse("debriefs:library"),
        reverse("debriefs:theme", args=["evidence-led"]),
        reverse("debriefs:organisation", args=["alpha"]),
    ]
    page(officer, address)
    assert all("Operation shared" in page(officer, each) for each in lists)

    revoke(scene)

    assert officer.get(address).status_code == status
    for other in (
        reverse("debriefs:history", args=["shared"]),
        reverse("debriefs:version", args=["shared", 1]),
    ):
        assert officer.get(other).status_code == (302 if status == 302 else 404)
    for each in lists:
        assert "Operation shared" not in officer.get(each).content.decode()


# --- 32: the back door ----------------------------------------------------------------------------


def test_path_32_there_is_no_admin(scene: Scene) -> None:
    """Neither installed nor routed; a superuser finds nothing at its usual address."""
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert not [name for name in matrix.routes() if "admin" in name]
    for address in ("/admin/", "/admin/login/", "/accounts/", "/__debug__/", "/media/", "/api/"):
        assert browser(scene, "superuser").get(address).status_code == 404


# --- 34: logs -------------------------------------------------------------------------------------


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """What the portal writes to its log in production, from here to the end of the test."""
    logs.configure({"as_json": True, "quiet": False})
    written = io.StringIO()
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(written)
    yield written
    logs.configure({"as_json": False, "quiet": True})


def test_path_34_a_line_says_route_status_and_number_and_no_more(
    scene: Scene, log_lines: io.StringIO
) -> None:
    """No path, no query, no title, no name, no address; also of what was not found."""
    officer = browser(scene, "alpha_officer")
    officer.get("/debriefs/shared/?role=secret-role")
    officer.get("/debriefs/secret-name/?q=secret-words")
    officer.get("/secret-path/")
    officer.post("/debriefs/?secret=1", {"secret": "words"})
    officer.get("/about/", headers={"host": "secret.example", "referer": "https://secret.example"})
    officer.post("/account/sign-in/", {"login": "secret@tests.example", "password": "secret"})

    written = log_lines.getvalue()

    assert "secret" not in written
    assert "shared" not in written
    assert "alpha_officer" not in written
    assert "Alpha Officer" not in written
    lines = [json.loads(line) for line in written.splitlines()]
    ours = [line for line in lines if line["event"] == "request"]
    assert [line["route"] for line in ours][:2] == ["debriefs:debrief", "debriefs:debrief"]
    assert [line["status"] for line in ours] == [200, 404, 404, 405, 400, 302]
    assert ours[0]["person"] == scene.world.people["alpha_officer"]
    assert set(ours[0]) == {
        "event",
        "level",
        "timestamp",
        "request",
        "method",
        "route",
        "status",
        "person",
        "milliseconds",
    }


def test_path_34_a_failure_is_logged_by_its_place_and_kind(
    scene: Scene, log_lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message of an error may quote the row that it happened with."""

    def fail(self: About, **_: Any) -> None:
        title = Version.objects.filter(title__contains="brothel")[0].title
        raise ValueError(f"Failing row contains ({title}, secret words)")

    monkeypatch.setattr(About, "get_context_data", fail)
    client = Client(raise_request_exception=False)

    response = client.get("/about/?secret=words")

    written = log_lines.getvalue()
    assert response.status_code == 500
    assert "secret" not in written
    assert "brothel" not in written
    assert "/about/" not in written
    assert "ValueError" in written
    assert "test_leaks.py" in written


def test_path_34_a_database_error_is_logged_without_its_row(
    scene: Scene, log_lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL quotes keys and rows in full."""

    def fail(self: About, **_: Any) -> None:
        User.objects.create_user("secret@tests.example", name="Secret Person")
        User.objects.create_user("secret@tests.example", name="Secret Person")

    monkeypatch.setattr(About, "get_context_data", fail)

    response = Client(raise_request_exception=False).get("/about/")

    assert response.status_code == 500
    assert "secret" not in log_lines.getvalue().lower()
    assert "IntegrityError" in log_lines.getvalue()


# --- 36: Host and next= ---------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "evil.example:80"])
def test_path_36_a_name_of_another_host_is_refused(scene: Scene, host: str) -> None:
    """The address in a citation is made from it."""
    officer = browser(scene, "alpha_officer")

    response = officer.get("/debriefs/shared/", headers={"host": host})

    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


def test_path_36_a_forwarded_name_is_not_believed(scene: Scene) -> None:
    """Whoever can set it could have readers cite another site."""
    officer = browser(scene, "alpha_officer")

    response = officer.get("/debriefs/shared/", headers={"x-forwarded-host": "evil.example"})

    assert "http://testserver/debriefs/shared/" in response.content.decode()
    assert "evil.example" not in response.content.decode()


@pytest.mark.parametrize("path", ["//evil.example/", "/debriefs//evil.example/", "/\\evil.example"])
def test_path_36_no_address_of_the_portal_leads_elsewhere(scene: Scene, path: str) -> None:
    """Whether it exists or not."""
    for person in ("signed_out", "alpha_officer"):
        response: Any = browser(scene, person).get("/", PATH_INFO=path)
        assert response.status_code == 404, response.headers.get("Location")
