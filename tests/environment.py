"""What must hold before pytest reads the settings?

A plugin, named in pyproject.toml and loaded before all others. Fixtures do not live here.
"""

import os
from pathlib import Path

from portal.database import ensure_running

os.environ.setdefault("PORTAL_MODE", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# Playwright keeps an event loop in the tests' thread, and Django refuses the database beside one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
ensure_running(Path(__file__).resolve().parent.parent)
