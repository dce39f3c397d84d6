"""`manage.py demo`: a portal full of debriefs, and who to sign in as."""

from __future__ import annotations

import shutil
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from debriefs.demo import cast, operations, past
from portal.mail import mail_folder
from portal.models import User

VOCABULARY = (
    "regions",
    "organisations",
    "themes",
    "exploitation_types",
    "offences",
    "countries",
    "synonyms",
)


class Command(BaseCommand):
    """Builds the demo once, whole or not at all, and prints its accounts each time."""

    help = "Fill an empty portal with the demo, and print its accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--reset` starts over: everything in the demo's database is dropped."""
        parser.add_argument("--reset", action="store_true", help="drop everything and build anew")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build what is missing; refuses to touch anything but a demo."""
        if not settings.DEMO:
            raise CommandError("This is not a demo. Set PORTAL_MODE=demo to make one.")
        if options["reset"]:
            self._drop_everything()
        if not User.objects.exists():
            self._build()
        self._introduce()

    def _drop_everything(self) -> None:
        self.stdout.write("Dropping the demo's database …")
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        call_command("migrate", verbosity=0)
        shutil.rmtree(mail_folder(), ignore_errors=True)

    @transaction.atomic
    def _build(self) -> None:
        self.stdout.write("Loading organisations, themes and vocabulary …")
        call_command("loaddata", *VOCABULARY, verbosity=0)
        people = cast.gather()
        author, editor = people["author@msoic.example"], people["editor@msoic.example"]
        files = operations.files()
        self.stdout.write(f"Writing, signing and sharing {len(files)} debriefs …")
        for operation in files:
            operations.live_through(operation, author, editor)
        cast.go_away()
        past.settle(editor)

    def _introduce(self) -> None:
        width = max(len(member.email) for member in cast.CAST)
        self.stdout.write("\nSign in as any of these; the password of all is " + cast.PASSWORD)
        for member in cast.CAST:
            self.stdout.write(f"  {member.email:<{width}}  {member.shows}")
        self.stdout.write(
            f"\nThe demo sends no mail. What it would have sent: {settings.PORTAL_URL}/demo/mail/"
        )
