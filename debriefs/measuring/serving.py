"""How is the portal reached while it is measured? As in production: by HTTP, from a web server of
its own, by one officer who signed in.

The clock runs from before the connection is made until the last byte is here.
"""

from __future__ import annotations

import http.client
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings

from portal.serving import dies_with_me

HOST = "127.0.0.1"
SIGN_IN = "/account/sign-in/"
PATIENCE = 60.0  # seconds for the web server to begin answering, and for a page
BUILT = Path(settings.RUN_DIR) / "static" / "css" / "portal.css"


class NoAnswer(Exception):
    """The portal did not answer as it should; the message says how."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A page as it came, and how many seconds it took."""

    status: int
    headers: Mapping[str, str]
    body: str
    seconds: float


@dataclass(slots=True)
class Browser:
    """Keeps the cookies of one person; asks for one page at a time."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        """The page at `path`; raises NoAnswer for every answer but 200."""
        answer = self._ask("GET", path, headers)
        if answer.status != 200:
            raise NoAnswer(f"{path} was answered with {answer.status}.")
        return answer

    def sign_in(self, email: str, password: str) -> None:
        """The person is signed in; raises NoAnswer if that was refused."""
        form = self.get(SIGN_IN)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.body)
        sent = {"csrfmiddlewaretoken": token[1] if token else "", "login": email}
        answer = self._ask(
            "POST",
            SIGN_IN,
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"https://{HOST}{SIGN_IN}",
            },
            urlencode({**sent, "password": password}),
        )
        if answer.status not in (302, 303):
            raise NoAnswer(f"{email} could not sign in: {answer.status}.")

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str], body: str | None = None
    ) -> Answer:
        sent = {
            "Host": HOST,
            # As a proxy would say that ends TLS before the portal.
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": HOST,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **headers,
        }
        began = time.perf_counter()
        with closing(http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)) as line:
            line.request(method, path, body, sent)
            answer = line.getresponse()
            page = answer.read()
        took = time.perf_counter() - began
        for name, cookie in SimpleCookie(
            "; ".join(value.split(";")[0] for value in answer.headers.get_all("Set-Cookie") or ())
        ).items():
            self.cookies[name] = cookie.value
        return Answer(answer.status, dict(answer.headers), page.decode(), took)


@contextmanager
def portal(database: str) -> Iterator[int]:
    """The portal serves what is in this database (an address as in `DATABASE_URL`) with the
    settings of production; gives the port. One process, so that each page finds what the page
    before it left behind."""
    if not BUILT.exists():
        raise NoAnswer("The front end is not built yet. Say `make demo` once, or `make test`.")
    settings_of_production = {
        **{name: value for name, value in os.environ.items() if name != "DEBUG"},
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "debriefs.measuring.settings",
        "PORTAL_MODE": "production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": HOST,
        "BEHIND_PROXY": "1",
        "MAIL_URL": "smtps://mail.invalid",
    }
    python = (sys.executable, "-m")
    collected = subprocess.run(
        (*python, "django", "collectstatic", "--no-input", "--verbosity", "0"),
        env=settings_of_production,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    if collected.returncode:
        raise NoAnswer(f"The static files could not be collected:\n{collected.stderr.strip()}")
    port = _free_port()
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            (
                *(*python, "gunicorn", "portal.wsgi", "--bind", f"{HOST}:{port}"),
                *("--workers", "1", "--timeout", "300"),
                *("--no-control-socket", "--log-level", "warning"),
            ),
            env=settings_of_production,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=dies_with_me(),
        )
        try:
            _await(server, port)
            yield port
        except NoAnswer as trouble:
            raise NoAnswer(f"{trouble} The log ends:\n{_last_lines(log)}") from None
        finally:
            server.terminate()
            server.wait()


def _free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind((HOST, 0))
        port: int = found.getsockname()[1]
    return port


def _await(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with closing(socket.socket()) as line:
            if line.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise NoAnswer("The web server did not start.")


def _last_lines(log: object) -> str:
    log.seek(0)  # type: ignore[attr-defined]
    lines: bytes = log.read()  # type: ignore[attr-defined]
    return "\n".join(lines.decode(errors="replace").splitlines()[-8:])
