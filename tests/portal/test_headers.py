"""What does every answer say to the browser, and what is shown when something has failed?

Who may read what is tested in `tests/access`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from portal.models import User
from portal.views import health
from portal.views.static import About

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PRODUCTION = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": "a-secret-of-the-test-that-is-long-enough-for-every-check",
    "ALLOWED_HOSTS": "debriefs.example",
    "MAIL_URL": "smtps://mail.example",
}


def directives(response: Any) -> dict[str, list[str]]:
    """The answer's content security policy, each directive with its sources."""
    policy = response.headers["Content-Security-Policy"]
    return {name: sources for name, *sources in (part.split() for part in policy.split(";"))}


def nonces(response: Any) -> list[str]:
    """The nonces that the policy of the answer names."""
    return re.findall(r"'nonce-([^']+)'", response.headers["Content-Security-Policy"])


def assert_guarded(response: Any) -> None:
    """Every header that a page has to carry is there, and says what it should."""
    policy = directives(response)
    assert policy["default-src"] == ["'none'"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["object-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]
    for source in policy["script-src"]:
        assert source == "'strict-dynamic'" or source.startswith("'nonce-")
    whole = response.headers["Content-Security-Policy"]
    for never in ("unsafe-", "http:", "https:", "data:", "blob:", "*"):
        assert never not in whole
    assert "Content-Security-Policy-Report-Only" not in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Cache-Control"] == "private, no-store"
    permissions = response.headers["Permissions-Policy"]
    for feature in ("camera", "geolocation", "microphone", "payment", "usb", "display-capture"):
        assert f"{feature}=()" in permissions


def assert_scripts_are_ours(response: Any) -> None:
    """Every script on the page carries the nonce of its own answer, and there is one at least."""
    scripts = re.findall(r"<script\b[^>]*>", response.content.decode())
    assert scripts
    (nonce,) = nonces(response)
    for script in scripts:
        assert f'nonce="{nonce}"' in script


@pytest.fixture
def failing_client() -> Client:
    """A client that shows the page of an error instead of raising it, and sends CSRF checks."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.fixture
def person(db: None) -> User:
    """Somebody with an account and no role."""
    return User.objects.create_user("person@force.example", name="Pat Person")


# --- Headers --------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/about/", "/public/", "/account/sign-in/", "/health/live"])
def test_every_page_is_guarded(client: Client, path: str) -> None:
    """The headers stand on pages of each app, also on those that are no HTML."""
    response = client.get(path)

    assert response.status_code == 200
    assert_guarded(response)


def test_a_redirect_to_sign_in_is_guarded(client: Client) -> None:
    """An answer without a page carries the headers too."""
    response = client.get("/debriefs/")

    assert response.status_code == 302
    assert_guarded(response)


def test_the_scripts_of_a_page_carry_its_nonce(client: Client) -> None:
    """No script runs that the page was not made with."""
    assert_scripts_are_ours(client.get("/about/"))


def test_the_nonce_is_another_one_for_each_answer(client: Client) -> None:
    """A nonce that somebody saw opens nothing."""
    seen = {nonces(client.get("/about/"))[0] for _ in range(5)}

    assert len(seen) == 5
    assert all(len(nonce) >= 22 for nonce in seen)


def test_page_not_found_is_guarded(failing_client: Client) -> None:
    """404 is a page like others."""
    response = failing_client.get("/nothing/here/")

    assert response.status_code == 404
    assert_guarded(response)
    assert_scripts_are_ours(response)


def test_a_form_that_came_too_late_is_guarded(failing_client: Client) -> None:
    """403 of a missing CSRF token says what to do."""
    response = failing_client.post("/account/sign-in/", {"login": "a@b.example", "password": "x"})

    assert response.status_code == 403
    assert "This form is out of date" in response.content.decode()
    assert_guarded(response)
    assert_scripts_are_ours(response)


def test_a_name_of_another_host_is_refused_and_guarded(failing_client: Client) -> None:
    """400, without the name that was sent."""
    response = failing_client.get("/about/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "can’t be read" in response.content.decode()
    assert "evil.example" not in response.content.decode()
    assert_guarded(response)


def test_a_failure_is_guarded(failing_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 needs no script and no database, and gives nothing away."""
    monkeypatch.setattr(About, "get_context_data", _raise(RuntimeError("Operation Canary")))

    response = failing_client.get("/about/")

    assert response.status_code == 500
    assert_guarded(response)
    page = response.content.decode()
    assert "Something went wrong" in page
    assert "Canary" not in page
    assert "RuntimeError" not in page
    assert "Traceback" not in page
    assert "<script" not in page


def _raise(error: Exception) -> Any:
    def raising(*_: Any, **__: Any) -> None:
        raise error

    return raising


# --- When the database is away --------------------------------------------------------------------


def test_a_lost_database_is_a_503_that_asks_to_come_back(
    failing_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It passes by itself, so the page says so, and so does the header."""
    monkeypatch.setattr(About, "get_context_data", _raise(OperationalError("Operation Canary")))

    response = failing_client.get("/about/")

    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    page = response.content.decode()
    assert "is not available" in page
    assert "Canary" not in page
    assert_guarded(response)


@pytest.mark.parametrize("path", ["/", "/debriefs/", "/debriefs/a-name/", "/nothing/here/"])
def test_without_a_database_the_signed_in_get_the_friendly_page_on_every_address(
    failing_client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Neither the page nor what wraps it asks the database again."""
    monkeypatch.setattr(
        BaseDatabaseWrapper, "ensure_connection", _raise(OperationalError("connection refused"))
    )
    failing_client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32

    response = failing_client.get(path)

    assert response.status_code == 503
    assert "is not available" in response.content.decode()
    assert_guarded(response)


def test_live_says_so_without_a_database(client: Client) -> None:
    """A process is not to be killed because its database is away."""
    response = client.get("/health/live")

    assert response.status_code == 200
    assert response.json() == {"status": "live"}


@pytest.mark.django_db
def test_ready_says_so_when_the_database_answers(client: Client) -> None:
    """Migrated and reachable."""
    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {"status": "ready"}


def test_ready_waits_for_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 names what is missing, and nothing of the address or the error."""
    monkeypatch.setattr(
        health, "MigrationExecutor", _raise(OperationalError("could not connect to 10.0.0.1"))
    )

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json() == {"status": "waiting", "for": "database"}


@pytest.mark.django_db
def test_ready_waits_for_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is newer than its tables takes no visitors yet."""
    monkeypatch.setattr(
        MigrationExecutor, "migration_plan", lambda *_: [("portal.9999_next", False)]
    )

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json() == {"status": "waiting", "for": "migrations"}


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_is_only_read(client: Client, path: str) -> None:
    """Nothing can be posted there."""
    assert client.post(path).status_code == 405


# --- Templates ------------------------------------------------------------------------------------


def test_there_are_templates() -> None:
    """The walks below walk something."""
    assert len(TEMPLATES) > 20


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_has_a_style_or_a_handler_in_it(path: Path) -> None:
    """The policy would refuse them; so they are not written. A mail brings its own styles: there is
    no policy and no style sheet where it is read."""
    text = path.read_text()

    assert not re.search(r"<style\b", text)
    assert path.parent.name == "emails" or not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text)
    assert "javascript:" not in text
    assert not re.search(r"""(?:src|href)=["']data:""", text)
    assert not re.search(r"""<(?:script|link|img)\b[^>]*(?:src|href)=["'](?:https?:)?//""", text)
    assert "<iframe" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_script_in_a_template_has_the_nonce(path: Path) -> None:
    """Comments aside, which show how it is done."""
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)

    for script in re.findall(r"<script\b[^>]*>", text):
        assert 'nonce="{{ nonce }}"' in script


# --- Production -----------------------------------------------------------------------------------


def in_production(code: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """What a process with production's settings prints; a change to None leaves a variable out."""
    surroundings: dict[str, str | None] = {
        **{name: os.environ[name] for name in os.environ if name not in ("DEBUG", "BEHIND_PROXY")},
        **PRODUCTION,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        **changes,
    }
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={name: value for name, value in surroundings.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


ASK_PRODUCTION = """
import json, django
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
settings.STATIC_ROOT = None
django.setup()
from django.test import Client
client = Client(headers={"host": "debriefs.example"})
secure = client.get("/account/sign-in/", secure=True)
plain = client.get("/account/sign-in/?next=/debriefs/")
health = client.get("/health/live")
cookie = client.cookies[settings.CSRF_COOKIE_NAME]
print(json.dumps({
    "secure": [secure.status_code, dict(secure.headers)],
    "plain": [plain.status_code, dict(plain.headers)],
    "health": [health.status_code, dict(health.headers)],
    "csrf": [cookie.key, {name: str(value) for name, value in cookie.items()}],
    "settings": {name: getattr(settings, name) for name in (
        "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SAMESITE", "SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_PATH",
        "SESSION_EXPIRE_AT_BROWSER_CLOSE", "CSRF_COOKIE_DOMAIN", "DEBUG", "DEMO",
        "PASSWORD_HASHERS", "ALLOWED_HOSTS",
    )},
}))
"""


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    """What production answers, asked in a process of its own."""
    done = in_production(ASK_PRODUCTION)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_production_is_reached_by_https_only(production: dict[str, Any]) -> None:
    """Plain HTTP leads to HTTPS; browsers remember it for two years; health checks may be plain."""
    status, headers = production["plain"]
    assert status == 301
    assert headers["Location"] == "https://debriefs.example/account/sign-in/?next=/debriefs/"
    status, headers = production["secure"]
    assert status == 200
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
    assert production["health"][0] == 200


def test_cookies_of_production_belong_to_its_host_alone(production: dict[str, Any]) -> None:
    """`__Host-` holds browsers to it: secure, no domain, the whole site."""
    name, csrf = production["csrf"]
    assert name == "__Host-csrf"
    assert csrf["secure"] == "True"
    assert csrf["httponly"] == "True"
    assert csrf["domain"] == ""
    assert csrf["path"] == "/"
    assert csrf["samesite"] == "Lax"
    found = production["settings"]
    assert found["SESSION_COOKIE_NAME"] == "__Host-session"
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["SESSION_COOKIE_HTTPONLY"] is True
    assert found["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert found["SESSION_COOKIE_DOMAIN"] is None
    assert found["SESSION_COOKIE_PATH"] == "/"
    assert found["SESSION_EXPIRE_AT_BROWSER_CLOSE"] is True
    assert found["CSRF_COOKIE_DOMAIN"] is None


def test_production_is_neither_debugging_nor_a_demo(production: dict[str, Any]) -> None:
    """And it keeps passwords with Argon2 alone."""
    found = production["settings"]
    assert found["DEBUG"] is False
    assert found["DEMO"] is False
    assert found["ALLOWED_HOSTS"] == ["debriefs.example"]
    assert found["PASSWORD_HASHERS"] == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


SHOW_DEBUG = "from django.conf import settings; print(settings.DEBUG)"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("SECRET_KEY", "python -c 'import secrets;"),
        ("ALLOWED_HOSTS", "Give the host names"),
        ("MAIL_URL", "Give the mail server"),
    ],
)
def test_production_does_not_start_without_its_secrets(name: str, hint: str) -> None:
    """It says which variable is missing, and how to come by it."""
    for missing in (None, " "):
        done = in_production(SHOW_DEBUG, **{name: missing})

        assert done.returncode != 0
        assert f"ImproperlyConfigured: {name} is not set." in done.stderr
        assert hint in done.stderr


def test_the_mode_is_production_unless_said_otherwise() -> None:
    """A process that was told nothing is the strictest, and an unknown mode is refused."""
    done = in_production("from django.conf import settings; print(settings.MODE)", PORTAL_MODE=None)
    assert done.stdout.strip() == "production"

    done = in_production(SHOW_DEBUG, PORTAL_MODE="produktion")
    assert done.returncode != 0
    assert "Set it to one of: production, demo, test, development." in done.stderr


@pytest.mark.parametrize(
    ("mode", "asked", "debugging"),
    [
        ("production", "1", "False"),
        ("production", None, "False"),
        ("demo", None, "False"),
        ("test", None, "False"),
        ("development", None, "False"),
        ("development", "1", "True"),
    ],
)
def test_debug_is_off_unless_asked_for_outside_production(
    mode: str, asked: str | None, debugging: str
) -> None:
    """Production never debugs, whatever its environment says."""
    done = in_production(SHOW_DEBUG, PORTAL_MODE=mode, DEBUG=asked)

    assert done.stdout.strip() == debugging, done.stderr


def test_the_headers_do_not_depend_on_what_a_view_says() -> None:
    """A view that asks for caching is overruled."""
    from portal.middleware import ResponseHeaders

    def cached(_: HttpRequest) -> HttpResponse:
        return HttpResponse("words", headers={"Cache-Control": "public, max-age=3600"})

    response = ResponseHeaders(cached)(RequestFactory().get("/"))

    assert response.headers["Cache-Control"] == "private, no-store"
