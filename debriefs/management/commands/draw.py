"""`manage.py draw`: write the documents that are drawn from the code."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from debriefs import documents


class Command(BaseCommand):
    """Writes `docs/workflow.md` and the drawn pieces of the README."""

    help = "Write the workflow diagram and the tables of rules and verbs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write both files afresh."""
        documents.WORKFLOW.parent.mkdir(exist_ok=True)
        documents.WORKFLOW.write_text(documents.workflow_document())
        documents.README.write_text(documents.readme_document(documents.README.read_text()))
        self.stdout.write("Drawn.")
