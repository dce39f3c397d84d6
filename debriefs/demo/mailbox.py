"""The mails that the demo sent. There is nobody to send them to: whoever is signed in reads them.

The addresses exist in a demo only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from csp.decorators import csp_replace
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator

from portal.mail import mail_folder
from portal.views.base import For, Page

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that was sent: `name` is what it is called in an address."""

    name: str
    at: datetime
    to: str
    sender: str
    subject: str
    text: str
    html: str


def sent() -> list[Path]:
    """The mails, newest first."""
    return sorted(mail_folder().glob("*.eml"), reverse=True)


def read(file: Path) -> Mail:
    """What the file holds."""
    found = BytesParser(EmailMessage, policy=policy.default).parsebytes(file.read_bytes())
    return Mail(
        name=file.stem,
        at=datetime.fromtimestamp(file.stat().st_mtime, tz=timezone.get_current_timezone()),
        to=str(found["To"]),
        sender=str(found["From"]),
        subject=str(found["Subject"]),
        text=_body(found, "plain"),
        html=_body(found, "html"),
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""


def find(name: str) -> Mail:
    """The mail of this name; raises Http404 where there is none."""
    by_name = {file.stem: file for file in sent()}
    if name not in by_name:
        raise Http404
    return read(by_name[name])


class Mailbox(Page):
    """Every mail that was sent, newest first."""

    audience = For.SIGNED_IN
    section = "mail"
    template_name = "demo/mailbox.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of them."""
        page = Paginator(sent(), PER_PAGE).get_page(self.request.GET.get("page"))
        mails = [read(file) for file in page.object_list]
        return super().get_context_data(page_obj=page, mails=mails, **kwargs)


class OneMail(Page):
    """One mail as text."""

    audience = For.SIGNED_IN
    section = "mail"
    template_name = "demo/mail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The mail, or 404."""
        return super().get_context_data(mail=find(self.kwargs["name"]), **kwargs)


#: A mail brings its own styles, and nothing else that a browser could run or fetch.
ONLY_ITS_STYLES = csp_replace(
    {
        "default-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "script-src": None,
        "sandbox": ["allow-popups", "allow-top-navigation-by-user-activation"],
    }
)


@method_decorator(ONLY_ITS_STYLES, name="dispatch")
class MailAsHtml(Page):
    """The same mail as its reader's program shows it."""

    audience = For.SIGNED_IN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The HTML of the mail, as it was sent."""
        return HttpResponse(find(kwargs["name"]).html)


urlpatterns = [
    path("demo/mail/", Mailbox.as_view(), name="demo_mailbox"),
    path("demo/mail/<slug:name>/", OneMail.as_view(), name="demo_mail"),
    path("demo/mail/<slug:name>/html/", MailAsHtml.as_view(), name="demo_mail_html"),
]
