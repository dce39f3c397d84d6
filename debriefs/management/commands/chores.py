"""`manage.py chores`: what has to be done day by day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from debriefs.services import chores


class Command(BaseCommand):
    """Reminds, escalates, asks for reviews and tidies up. Run it once a day; oftener does no
    harm."""

    help = "Remind, escalate, ask for reviews and tidy up; once a day, and oftener does no harm."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do every chore and say how often; fails at the end if one of them did."""
        done = list(chores.run())
        if options["verbosity"]:
            for each in done:
                self.stdout.write(f"{'failed' if each.failed else each.count:>6}  {each.says}")
        if any(each.failed for each in done):
            raise CommandError("Not every chore was done. The log says where it failed.")
