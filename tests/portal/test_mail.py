"""Is MAIL_URL read as written, and is a mail of the demo kept whole?"""

from __future__ import annotations

from email.parser import BytesParser
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import override_settings

from portal.mail import mail_settings


def test_a_url_is_read_in_full() -> None:
    assert mail_settings("smtp://portal:p%40ss%2Fword@mail.example:2525") == {
        "EMAIL_HOST": "mail.example",
        "EMAIL_PORT": 2525,
        "EMAIL_HOST_USER": "portal",
        "EMAIL_HOST_PASSWORD": "p@ss/word",
        "EMAIL_USE_SSL": False,
        "EMAIL_USE_TLS": True,
    }


def test_tls_is_the_rule_and_has_a_port_of_its_own() -> None:
    direct = mail_settings("smtps://mail.example")
    assert (direct["EMAIL_PORT"], direct["EMAIL_USE_SSL"], direct["EMAIL_USE_TLS"]) == (
        465,
        True,
        False,
    )
    turned = mail_settings("smtp://mail.example")
    assert (turned["EMAIL_PORT"], turned["EMAIL_USE_SSL"], turned["EMAIL_USE_TLS"]) == (
        587,
        False,
        True,
    )
    relay = mail_settings("smtp://localhost:25?tls=off")
    assert (relay["EMAIL_USE_SSL"], relay["EMAIL_USE_TLS"]) == (False, False)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "https://portal:secret@mail.example",
        "smtp://",
        "smtp://portal:secret@mail.example:many",
        "smtp://portal:secret@mail.example?tls=maybe",
        "smtp://portal:secret@mail.example?tls=off&more=1",
        "smtps://portal:secret@mail.example?tls=off",
        "smtp://portal:secret@[mail.example",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MAIL_URL") as refused:
        mail_settings(url)
    assert "secret" not in str(refused.value)


def test_a_mail_of_the_demo_is_kept_whole_and_newest_last(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "when" / "needed"
    connection = get_connection("portal.mail.FolderBackend")
    with override_settings(MAIL_FOLDER=folder):
        for number in range(3):
            mail = EmailMultiAlternatives(f"Number {number}", "As text – thus", to=["a@b.example"])
            mail.attach_alternative("<p>As HTML", "text/html")
            assert connection.send_messages([mail]) == 1

    kept = sorted(folder.iterdir())
    assert [file.suffix for file in kept] == [".eml"] * 3
    read = [BytesParser().parsebytes(file.read_bytes()) for file in kept]
    assert [mail["Subject"] for mail in read] == ["Number 0", "Number 1", "Number 2"]
    assert [part.get_content_type() for part in read[0].walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
