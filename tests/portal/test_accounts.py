"""How do people come in and go, and what is recorded of it?"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from portal.models import AuditEvent, User
from tests.world import World

SIGN_IN = "/account/sign-in/"
SIGN_OUT = "/account/sign-out/"
ASK = "/account/ask/"
PASSWORD = "harbour-lantern-77"
WRONG = "lantern-harbour-77"


@pytest.fixture(autouse=True)
def _no_limits() -> None:
    """Start without a memory of attempts, which are limited in number."""
    cache.clear()


@pytest.fixture
def officer(world: World) -> User:
    """Somebody who may sign in."""
    return with_password(world.person("alpha_officer"))


def with_password(person: User) -> User:
    """The person, who knows `PASSWORD` from now on."""
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


def sign_in(client: Client, login: str, password: str, **more: str) -> Any:
    """What the form answers."""
    return client.post(SIGN_IN, {"login": login, "password": password, **more})


def words_of(response: HttpResponse) -> str:
    """The page without what is new on every one: nonce, token, and the address that was typed."""
    page = response.content.decode()
    page = re.sub(r'nonce="[^"]*"', "", page)
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
    return re.sub(r'value="[^"]*\.example"', "", page)


def signed_in_as(client: Client) -> int | None:
    """The number of the person whose session this is."""
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


def verbs(person: User) -> list[str]:
    """What was recorded about the person's sessions, first to last."""
    events = AuditEvent.objects.filter(
        verb__startswith="session.", subject=f"portal.user:{person.pk}"
    )
    return list(events.order_by("pk").values_list("verb", flat=True))


# --- Signing in -----------------------------------------------------------------------------------


def test_signing_in_leads_home_and_is_recorded(client: Client, officer: User) -> None:
    """The person is known from then on."""
    response = sign_in(client, officer.email, PASSWORD)

    assert response.status_code == 302
    assert response.headers["Location"] == "/"
    assert signed_in_as(client) == officer.pk
    assert "Hello, Alpha" in client.get("/").content.decode()
    assert verbs(officer) == ["session.started"]
    event = AuditEvent.objects.get(verb="session.started")
    assert event.actor == officer
    assert event.actor_standing == "Officer, Alphashire Police"


def test_the_address_may_be_typed_in_any_case(client: Client, officer: User) -> None:
    """Addresses are kept in lower case; people do not type them so."""
    sign_in(client, officer.email.upper(), PASSWORD)

    assert signed_in_as(client) == officer.pk


def test_a_wrong_password_opens_nothing_and_is_recorded(client: Client, officer: User) -> None:
    """Who tried is not known, so the record names nobody as the actor."""
    response = sign_in(client, officer.email, WRONG)

    assert response.status_code == 200
    assert "<title>Error: Sign in" in response.content.decode()
    assert signed_in_as(client) is None
    assert settings.SESSION_COOKIE_NAME not in response.cookies
    assert verbs(officer) == ["session.refused"]
    event = AuditEvent.objects.get(verb="session.refused")
    assert event.actor is None
    assert event.actor_name == ""


def test_what_was_typed_is_not_recorded_and_not_sent_back(client: Client, officer: User) -> None:
    """A password in the wrong box must not be kept."""
    response = sign_in(client, officer.email, "a-password-that-is-not-mine")
    sign_in(client, "a-password-that-is-not-mine", "x")

    assert "a-password-that-is-not-mine" not in response.content.decode()
    for event in AuditEvent.objects.all():
        assert "a-password" not in str(event.detail)
        assert "a-password" not in event.subject


def test_an_unknown_address_is_told_the_same_as_a_wrong_password(
    client: Client, officer: User
) -> None:
    """So nobody learns who has an account; and of a stranger nothing is recorded."""
    known = sign_in(client, officer.email, WRONG)
    before = AuditEvent.objects.count()
    unknown = sign_in(client, "nobody.at.all@tests.example", WRONG)

    assert words_of(unknown) == words_of(known)
    assert unknown.status_code == known.status_code
    assert AuditEvent.objects.count() == before


def test_someone_who_may_not_sign_in_is_told_the_same_as_a_stranger(
    client: Client, world: World
) -> None:
    """Even with the right password: the answer does not say that the password was right."""
    inactive = with_password(world.person("inactive"))

    right = sign_in(client, inactive.email, PASSWORD)
    wrong = sign_in(client, inactive.email, WRONG)
    unknown = sign_in(client, "nobody.at.all@tests.example", WRONG)

    assert words_of(right) == words_of(wrong) == words_of(unknown)
    assert right.status_code == 200
    assert signed_in_as(client) is None
    assert verbs(inactive) == ["session.refused", "session.refused"]


def test_after_several_wrong_passwords_even_the_right_one_has_to_wait(
    client: Client, officer: User
) -> None:
    """The same for an address that nobody has."""
    for address in (officer.email, "nobody.at.all@tests.example"):
        cache.clear()
        for _ in range(5):
            sign_in(client, address, WRONG)

        response = sign_in(client, address, PASSWORD)

        assert "Too many attempts. Wait five minutes" in response.content.decode()
        assert signed_in_as(client) is None


def test_very_many_attempts_get_a_page_that_says_so(client: Client, officer: User) -> None:
    """In the portal's own words, and not as an error."""
    for number in range(31):
        response = sign_in(client, f"somebody{number}@tests.example", WRONG)

    assert response.status_code == 429
    page = response.content.decode()
    assert "Too many attempts" in page
    assert "Skip to main content" in page


def test_the_session_is_another_one_after_signing_in(client: Client, officer: User) -> None:
    """A session that somebody planted before is worth nothing afterwards."""
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = str(planted)

    sign_in(client, officer.email, PASSWORD)

    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = str(planted)
    assert stranger.get("/debriefs/").status_code == 302


def test_the_session_ends_with_the_browser_and_scripts_cannot_read_it(
    client: Client, officer: User
) -> None:
    """The cookie says so itself."""
    cookie = sign_in(client, officer.email, PASSWORD).cookies[settings.SESSION_COOKIE_NAME]

    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["expires"] == ""
    assert cookie["max-age"] == ""
    assert cookie["domain"] == ""


def test_an_open_session_ends_when_the_person_may_not_sign_in_any_more(
    client: Client, officer: User
) -> None:
    """At the next request."""
    client.force_login(officer)
    assert client.get("/debriefs/").status_code == 200

    officer.is_active = False
    officer.save(update_fields=["is_active"])

    response = client.get("/debriefs/")
    assert response.status_code == 302
    assert response.headers["Location"] == f"{SIGN_IN}?next=/debriefs/"


def test_an_open_session_ends_when_the_password_changes(client: Client, officer: User) -> None:
    """Whoever had the old one is out."""
    client.force_login(officer)
    with_password(officer)

    assert client.get("/debriefs/").status_code == 302


# --- next= ----------------------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https:evil.example",
    "https:///evil.example",
    " https://evil.example",
    "javascript:alert(1)",
    "data:text/html,words",
    "http://testserver@evil.example/",
    "https://testserver.evil.example/",
    "\thttps://evil.example",
    "/\t/evil.example/",
]


def test_signing_in_leads_back_to_where_one_wanted_to_go(client: Client, officer: User) -> None:
    """The address of the page keeps its filters."""
    wanted = "/debriefs/?theme=victim-care&page=2"
    response = client.get(wanted)
    assert response.status_code == 302

    page = client.get(response.headers["Location"]).content.decode()
    assert 'name="next" value="/debriefs/?theme=victim-care&amp;page=2"' in page

    assert sign_in(client, officer.email, PASSWORD, next=wanted).headers["Location"] == wanted


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_never_leads_to_another_site(client: Client, officer: User, target: str) -> None:
    """Neither from the form, nor from the address, nor when signed in already."""
    assert sign_in(client, officer.email, PASSWORD, next=target).headers["Location"] == "/"
    again = client.get(SIGN_IN, {"next": target})
    assert again.status_code == 302
    assert again.headers["Location"] == "/"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_out_never_leads_to_another_site(
    client: Client, officer: User, target: str
) -> None:
    """The same for the way out."""
    client.force_login(officer)

    response = client.post(SIGN_OUT, {"next": target})

    assert response.headers["Location"] == "/"


# --- Signing out ----------------------------------------------------------------------------------


def test_looking_at_sign_out_changes_nothing(client: Client, officer: User) -> None:
    """A link or an image elsewhere cannot sign anybody out."""
    client.force_login(officer)
    before = AuditEvent.objects.count()

    response = client.get(SIGN_OUT)

    assert response.status_code == 200
    assert "Do you want to sign out?" in response.content.decode()
    assert signed_in_as(client) == officer.pk
    assert AuditEvent.objects.count() == before


def test_signing_out_ends_the_session_and_is_recorded(client: Client, officer: User) -> None:
    """The cookie goes, and the session behind it too: a copy of the cookie opens nothing."""
    client.force_login(officer)
    copied = client.cookies[settings.SESSION_COOKIE_NAME].value

    response = client.post(SIGN_OUT)

    assert response.headers["Location"] == "/"
    assert signed_in_as(client) is None
    assert verbs(officer)[-1] == "session.ended"
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = copied
    assert thief.get("/debriefs/").status_code == 302


def test_signing_out_needs_the_token_of_the_form(officer: User) -> None:
    """So no other site can do it."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(officer)

    assert browser.post(SIGN_OUT).status_code == 403
    assert signed_in_as(browser) == officer.pk


def test_signing_in_needs_the_token_of_the_form(officer: User) -> None:
    """So nobody is signed in as somebody else without noticing."""
    browser = Client(enforce_csrf_checks=True)

    assert sign_in(browser, officer.email, PASSWORD).status_code == 403
    assert signed_in_as(browser) is None


# --- No account -----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_makes_an_account_for_themselves(client: Client, world: World, method: str) -> None:
    """The page says whom to ask; sending its address a form makes nobody."""
    before = User.objects.count()
    form = {"email": "me@tests.example", "password1": PASSWORD, "password2": PASSWORD}

    response = client.generic(
        method,
        ASK,
        "&".join(f"{k}={v}" for k, v in form.items()),
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code == 200
    assert "Ask your force’s coordinator" in response.content.decode()
    assert User.objects.count() == before
    assert signed_in_as(client) is None


def test_allauth_has_no_other_doors() -> None:
    """Of its pages only three are reached: no password by e-mail, no second address, no sign-up."""
    from django.urls import NoReverseMatch

    for name in ("account_reset_password", "account_email", "account_set_password"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
