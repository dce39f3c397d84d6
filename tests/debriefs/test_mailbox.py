"""Does the demo show the mails that it would have sent, to whoever tries it and in a demo alone?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.core.mail import send_mail
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse

from debriefs.demo import mailbox
from debriefs.workflow import State
from portal import urls
from tests.post import work
from tests.world import World

#: Says whether the site map has the addresses of the mailbox.
ASK = """
import django
django.setup()
from debriefs.demo import mailbox
from portal import urls
print(all(each in urls.urlpatterns for each in mailbox.urlpatterns))
"""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Path]:
    """The addresses and the folder of a demo."""
    site = ModuleType("site_of_the_demo")
    site.urlpatterns = urls.urlpatterns + mailbox.urlpatterns  # type: ignore[attr-defined]
    site.handler404 = urls.handler404  # type: ignore[attr-defined]
    with override_settings(
        ROOT_URLCONF=site,
        EMAIL_BACKEND="portal.mail.FolderBackend",
        MAIL_FOLDER=tmp_path / "mail",
    ):
        yield tmp_path / "mail"


def as_(world: World, key: str) -> Client:
    browser = Client()
    browser.force_login(world.person(key))
    return browser


def page(browser: Client, address: str) -> Any:
    return browser.get(address)


@pytest.mark.parametrize(("mode", "there"), [("demo", "True"), ("test", "False")])
def test_there_is_such_an_address_in_a_demo_alone(mode: str, there: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=settings.BASE_DIR,
        env={**os.environ, "PORTAL_MODE": mode},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == there, done.stderr
    with pytest.raises(NoReverseMatch):
        reverse("demo_mailbox")


def test_before_the_first_mail_it_says_how_to_get_one(world: World, demo: Path) -> None:
    assert "No mail yet" in page(as_(world, "nobody"), "/demo/mail/").content.decode()


def test_whoever_is_signed_in_reads_what_the_worker_sent(world: World, demo: Path) -> None:
    world.debrief_at(State.WITH_FORCES)
    work()
    browser = as_(world, "nobody")
    found = page(browser, "/demo/mail/").content.decode()
    assert found.count("A sign-off is waiting for your force") == 3
    assert "alpha_signatory@tests.example" in found

    name = sorted(demo.glob("*.eml"))[-1].stem
    one = page(browser, f"/demo/mail/{name}/").content.decode()
    assert "Please read the exact words." in one
    assert f"{settings.PORTAL_URL}/notices/" in one
    whole = page(browser, f"/demo/mail/{name}/html/")
    assert whole.content.decode().startswith("<!doctype html>")


def test_the_mail_as_html_may_bring_its_styles_and_nothing_else(world: World, demo: Path) -> None:
    world.debrief_at(State.WITH_FORCES)
    work()
    name = sorted(demo.glob("*.eml"))[-1].stem
    browser = as_(world, "nobody")
    policy = page(browser, f"/demo/mail/{name}/html/").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert "sandbox" in policy
    around = page(browser, f"/demo/mail/{name}/").headers["Content-Security-Policy"]
    assert "unsafe-inline" not in around


def test_the_signed_out_read_none(world: World, demo: Path) -> None:
    send_mail("Subject", "Text", None, ["a@b.example"])
    (mail,) = demo.glob("*.eml")
    for address in ("", f"{mail.stem}/", f"{mail.stem}/html/"):
        answer = Client().get(f"/demo/mail/{address}")
        assert answer.status_code == 302
        assert "sign-in" in answer.headers["Location"]


def test_a_mail_without_html_and_one_that_is_not_there(world: World, demo: Path) -> None:
    send_mail("Plain", "Only text", None, ["a@b.example"])
    (mail,) = demo.glob("*.eml")
    browser = as_(world, "nobody")

    assert "mail program shows it" not in page(browser, f"/demo/mail/{mail.stem}/").content.decode()
    assert page(browser, "/demo/mail/missing/").status_code == 404
    assert page(browser, "/demo/mail/missing/html/").status_code == 404
