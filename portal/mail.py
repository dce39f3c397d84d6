"""Through which server does mail leave, and where does it go when there is none?

`MAIL_URL` names the server; the demo and a developer keep their mail in a folder instead. What is
mailed, and to whom, does not live here. This module never asks the settings when it is imported,
because they import it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

FORM = "Write it as smtp://user:password@host:587"


def mail_settings(url: str) -> dict[str, str | int | bool]:
    """Django's settings of the server that `url` names.

    `smtp://` begins in the clear and turns to TLS before anything is said, unless `?tls=off` is
    written behind it, for a relay on the same machine; `smtps://` is TLS from the start. Raises
    ImproperlyConfigured, with what to do and without the password, for what can't be used.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        asked = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    except ValueError:
        raise ImproperlyConfigured(f"MAIL_URL can't be read. {FORM}.") from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured(f"MAIL_URL must name a mail server. {FORM}.")
    if asked not in ({}, {"tls": ["off"]}) or (asked and parts.scheme == "smtps"):
        raise ImproperlyConfigured("MAIL_URL knows one option, smtp://…?tls=off. Leave others out.")
    direct = parts.scheme == "smtps"
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or (465 if direct else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": direct,
        "EMAIL_USE_TLS": not direct and not asked,
    }


class FolderBackend(BaseEmailBackend):
    """Keeps each mail as a file in `settings.MAIL_FOLDER`, newest last by name. All processes see
    it, and none sees half a mail."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the mails down; returns how many."""
        for mail in email_messages:
            self._keep(mail.message().as_bytes())
        return len(email_messages)

    def _keep(self, mail: bytes) -> None:
        folder = mail_folder()
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, fresh = tempfile.mkstemp(dir=folder, suffix=".new")
        with os.fdopen(descriptor, "wb") as file:
            file.write(mail)
        kept = f"{timezone.now():%Y%m%d%H%M%S%f}-{Path(fresh).stem}.eml"
        Path(fresh).rename(folder / kept)


def mail_folder() -> Path:
    """Where the mails of the demo are."""
    from django.conf import settings

    return Path(settings.MAIL_FOLDER)
