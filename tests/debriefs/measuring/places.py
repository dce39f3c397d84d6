"""How do the tests run a command that leads its connection elsewhere? In a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from debriefs.measuring import places


def manage(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """`manage.py` with these arguments on the database of the tests; passwords are kept as in
    production."""
    return subprocess.run(
        (sys.executable, "manage.py", *map(str, arguments)),
        env={**os.environ, "DATABASE_URL": places.address(), "PORTAL_MODE": "demo"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
