"""`manage.py evaluate_search DIR`: how good is the search, on a collection with judged answers?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand, CommandParser

from debriefs.measuring import collection, judging, places
from portal.embedded import say


class Command(BaseCommand):
    """Loads the collection as released debriefs into a schema that is dropped at the end."""

    help = "Measure the search on a collection in the layout of BEIR, in a schema of its own."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder, and in what form the figures are wanted."""
        parser.add_argument("folder", type=Path, metavar="DIR", help="where corpus.jsonl is")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, load, ask, print."""
        try:
            judged = collection.read(options["folder"])
            if judged.unjudged:
                say(f"{judged.unjudged:,} questions have no judgements and are left out.")
            with places.ending_in_order(), places.scratch_schema():
                found = _measured(judged)
        except (collection.Faulty, places.NoPlace) as trouble:
            raise CommandError(str(trouble)) from None
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for line in judging.lines(found):
            self.stdout.write(line)


def _measured(judged: collection.Collection) -> dict[str, Any]:
    library = judging.Library()
    say("Loading and indexing the documents …")
    library.fill(judged)
    if strange := library.missing(judged):
        say(f"{strange:,} judgements are about documents that are not in the corpus.")
    say(f"Asking {len(judged.questions):,} questions of {len(library.keys):,} documents …")
    answers = judging.ask(judged, library)
    return judging.figures(judged, library, answers)
