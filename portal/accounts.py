"""How people come in: django-allauth, with the portal's say in what is open and recorded."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.core import context
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from portal import audit
from portal.models import User
from portal.standing import person


class AccountAdapter(DefaultAccountAdapter):
    """Nobody makes an account for themselves; a coordinator or administrator does."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "That address and password do not belong together. "
        "Check both, or ask your force's coordinator.",
        "incorrect_password": "That is not your password. Nothing that you typed is lost.",
        "too_many_login_attempts": "Too many attempts. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: the page says whom to ask."""
        return False

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether this is the person's password; a wrong one counts as a failed attempt to sign in.

        Allauth would look for the address in a table of its own, which the portal does not fill.
        """
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk


class SignInForm(LoginForm):
    """Address and password, with a plain word for whoever leaves one out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Work e-mail address"
        self.fields["login"].error_messages["required"] = "Enter your work e-mail address."
        self.fields["password"].error_messages["required"] = "Enter your password."


class PasswordForm(ReauthenticateForm):
    """The password once more, of someone who is signed in. Wrong ones count as failed attempts to
    sign in, so that nobody tries many at a screen that was left open."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = "Your password"
        self.fields["password"].help_text = "So that nobody decides at a screen you left open."
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].error_messages["required"] = "Enter your password."


class Backend(AuthenticationBackend):
    """An address and a password. Someone who may not sign in is told what a stranger is told."""

    def get_user(self, user_id: int) -> User | None:
        """Whose session it is, with their standing, which every page asks for; None for someone who
        may not sign in (any more)."""
        found = person(user_id)
        return found if found is not None and self.user_can_authenticate(found) else None

    @classmethod
    def _stash_user(cls, user: AbstractBaseUser | None) -> None:
        """Keep nobody aside: allauth would lead them to a page that says the account is closed."""


@receiver(user_logged_in)
def record_sign_in(sender: type[User], request: HttpRequest, user: User, **_: Any) -> None:
    """A sign-in is recorded as `session.started`."""
    with transaction.atomic():
        audit.record("session.started", by=user, subject=user)


@receiver(user_logged_out)
def record_sign_out(
    sender: type[User] | None, request: HttpRequest, user: User | None, **_: Any
) -> None:
    """A sign-out is recorded as `session.ended`."""
    if user is not None:
        with transaction.atomic():
            audit.record("session.ended", by=user, subject=user)


@receiver(user_login_failed)
def record_refusal(sender: str, credentials: dict[str, Any], **_: Any) -> None:
    """A refused sign-in is recorded as `session.refused` when the address is somebody's; it never
    holds what was typed, which may be a password in the wrong box."""
    address = str(credentials.get("email") or "").strip().lower()
    known = User.objects.filter(email=address).first()
    if known is not None:
        with transaction.atomic():
            audit.record("session.refused", by=None, subject=known)
