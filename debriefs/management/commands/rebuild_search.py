"""`manage.py rebuild_search`: write the search index of everything that is released afresh.

The portal can go on meanwhile. After a restore, and whenever the index is in doubt.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from debriefs.search import index


class Command(BaseCommand):
    """Write the search index afresh."""

    help = "Write the search index of everything that is released afresh; the portal can go on."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many versions were indexed."""
        count = index.rebuild()
        self.stdout.write(f"Indexed {count:,} released version{'' if count == 1 else 's'}.")
