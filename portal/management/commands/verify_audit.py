"""`manage.py verify_audit`: is the record whole?"""

from __future__ import annotations

from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand, CommandParser

from portal import audit


class Command(BaseCommand):
    """Walks the chain of audit events and names the first broken link."""

    help = "Verify the chain of audit events; prints its head, to be kept somewhere else."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--expect`: a head that was printed and kept earlier, which shows whether the end was cut
        off."""
        parser.add_argument("--expect", default="", metavar="HEAD", help="a head printed earlier")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print links and head; exit with 1 and the fault when the chain is broken."""
        found = audit.verify(options["expect"])
        self.stdout.write(f"{found.links} links, head {found.head or '(none)'}")
        if found.fault:
            raise CommandError(found.fault)
        self.stdout.write("The record is whole.")
