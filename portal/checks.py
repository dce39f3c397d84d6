"""System checks: what must hold of the settings before the portal may start."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection


@register(Tags.security)
def sign_in_is_required(**_: Any) -> list[CheckMessage]:
    """Sign-in is the rule, and pages opt out."""
    if "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE:
        return []
    return [Error("LoginRequiredMiddleware is missing: pages would be open.", id="portal.E001")]


@register(Tags.security)
def nobody_is_no_reader(**_: Any) -> list[CheckMessage]:
    """Guardian keeps no anonymous user to whom something could be granted."""
    if settings.ANONYMOUS_USER_NAME is None:
        return []
    return [Error("ANONYMOUS_USER_NAME has to be None.", id="portal.E002")]


@register(Tags.security)
def no_back_door(**_: Any) -> list[CheckMessage]:
    """Django's admin is not the back office."""
    if "django.contrib.admin" not in settings.INSTALLED_APPS:
        return []
    return [Error("django.contrib.admin must not be installed.", id="portal.E003")]


@register(Tags.compatibility)
def one_kind_of_database(**_: Any) -> list[CheckMessage]:
    """PostgreSQL, through psycopg2: constraints, triggers and locking are relied upon."""
    if connection.vendor == "postgresql":
        return []
    return [Error("The portal needs PostgreSQL 15 or later.", id="portal.E004")]
