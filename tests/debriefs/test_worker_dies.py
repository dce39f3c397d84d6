"""A worker dies among five hundred notices. Is each person told once, and nobody lost in silence?

Real workers on the real database, killed with SIGKILL at points that have a name.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from email.parser import BytesParser
from pathlib import Path
from unittest import mock

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from debriefs import notices, outbox
from debriefs.models import Notice
from debriefs.services import deliveries, notifying
from portal.models import Role, User
from portal.services import role_group
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
MANY = 500

#: A worker that kills itself at a point, the so-manieth time that it comes there.
WORKER = """
import os, signal, sys
from unittest import mock
from portal import settings
database, folder, point, times = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = database
settings.EMAIL_BACKEND, settings.MAIL_FOLDER = "portal.mail.FolderBackend", folder
import django
django.setup()
from django.core.management import call_command
from debriefs import outbox
from portal.mail import FolderBackend

def dying(owner, name, after):
    real, left = getattr(owner, name), [int(times)]
    def wrapped(*args, **kwargs):
        left[0] -= 1
        if left[0] == 0 and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(*args, **kwargs)
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    setattr(owner, name, wrapped)

if point:
    where, _, what = point.partition(" ")
    owner, name = {
        "claiming": (outbox, "_claimed"),
        "handing-over": (FolderBackend, "send_messages"),
        "noting": (outbox, "_settle"),
    }[what]
    dying(owner, name, where == "after")
call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
"""

#: Where workers die; what became of the notice that they had in hand: `waiting` is taken up again,
#: `sending` shows as a failure, `sent` was done.
POINTS = {
    "before claiming": Notice.Mail.WAITING,
    "after claiming": Notice.Mail.SENDING,
    "before handing-over": Notice.Mail.SENDING,
    "after handing-over": Notice.Mail.SENDING,
    "before noting": Notice.Mail.SENDING,
    "after noting": Notice.Mail.SENT,
}


def run_worker(folder: Path, point: str = "", times: int = 0) -> int:
    """Let a worker do what waits; returns how it ended."""
    name = str(connection.settings_dict["NAME"])
    return subprocess.run(
        [sys.executable, "-c", WORKER, name, str(folder), point, str(times)],
        cwd=ROOT,
        env={**os.environ, "PORTAL_MODE": "test"},
        timeout=300,
    ).returncode


def mails(folder: Path) -> Counter[str]:
    """How many mails each address has."""
    parser = BytesParser()
    return Counter(parser.parsebytes(file.read_bytes())["To"] for file in folder.glob("*.eml"))


def tell_many(world: World) -> None:
    """Five hundred editors are told that a draft was checked."""
    version = world.submitted(world.draft())
    Notice.objects.all().delete()
    DBTaskResult.objects.all().delete()
    people = User.objects.bulk_create(
        User(email=f"editor{number}@many.example", name=f"Editor {number}", password="!")
        for number in range(MANY)
    )
    role_group(world.organisation("team"), Role.EDITOR).user_set.add(*people)
    with transaction.atomic():
        notifying.tell(notices.CHECKED, people, key="many", version=version)


@pytest.mark.django_db(transaction=True)
def test_each_is_told_once_and_nobody_is_lost_in_silence(world: World, tmp_path: Path) -> None:
    tell_many(world)

    for point in POINTS:
        assert run_worker(tmp_path, point, 40) == -signal.SIGKILL, point
    assert run_worker(tmp_path) == 0

    counted = mails(tmp_path)
    assert set(counted.values()) == {1}
    by_state = Counter(Notice.objects.values_list("mail", flat=True))
    fates = Counter(POINTS.values())
    assert by_state[Notice.Mail.WAITING] == fates[Notice.Mail.WAITING]
    assert by_state[Notice.Mail.SENDING] == fates[Notice.Mail.SENDING]
    assert (
        by_state[Notice.Mail.SENT] == MANY - fates[Notice.Mail.WAITING] - fates[Notice.Mail.SENDING]
    )

    # A day later the chores take up what had not been claimed; the rest is shown as a failure.
    tomorrow = timezone.now() + timedelta(days=1)
    with mock.patch.object(timezone, "now", return_value=tomorrow):
        deliveries.take_up_what_was_dropped()
        shown = {each.address for each in deliveries.failures() if each.may_have_gone_out}
    assert run_worker(tmp_path) == 0

    assert set(mails(tmp_path).values()) == {1}
    sent = set(Notice.objects.filter(mail=Notice.Mail.SENT).values_list("person__email", flat=True))
    assert len(sent) == MANY - fates[Notice.Mail.SENDING]
    assert sent | shown == {f"editor{number}@many.example" for number in range(MANY)}
    assert not sent & shown
    # Of those who are shown, some have the mail: they are the ones of whom nobody could know.
    assert len(mails(tmp_path).keys() & shown) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once(world: World, tmp_path: Path) -> None:
    tell_many(world)
    command = [sys.executable, "-c", WORKER, str(connection.settings_dict["NAME"]), str(tmp_path)]
    both = [
        subprocess.Popen([*command, "", "0"], cwd=ROOT, env={**os.environ, "PORTAL_MODE": "test"})
        for _ in range(2)
    ]

    assert [worker.wait(300) for worker in both] == [0, 0]
    assert len(mails(tmp_path)) == MANY
    assert set(mails(tmp_path).values()) == {1}
    assert not outbox.stuck().exists()
