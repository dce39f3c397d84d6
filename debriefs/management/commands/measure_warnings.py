"""`manage.py measure_warnings`: how often are the warnings about identifying data right?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from debriefs.identifying.measuring import SETS, measure, read_set, table


class Command(BaseCommand):
    """Prints precision, recall and F1 for each kind of finding and for all, on both sets."""

    help = "Measure the warnings about identifying data on the labelled sentences."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--list`: each miss and false alarm as well."""
        parser.add_argument("--list", action="store_true", help="list misses and false alarms")

    def handle(self, *args: Any, **options: Any) -> None:
        """A table for each set."""
        for name, path in SETS.items():
            texts = read_set(path)
            quiet = sum(not text.marks for text in texts)
            measured = measure(texts)
            self.stdout.write(f"{name}: {len(texts)} texts, {quiet} with nothing to find")
            for line in table(measured):
                self.stdout.write(line)
            if options["list"]:
                for word, lines in (
                    ("missed", measured.missed),
                    ("false alarm", measured.false_alarms),
                ):
                    for line in lines:
                        self.stdout.write(f"  {word}: {line}")
            self.stdout.write("")
