"""How is the portal set up while it is measured? As in production, with one page more.

This module takes the place of `portal.settings` in the processes that the benchmark starts.
"""

from __future__ import annotations

from portal.settings import *  # noqa: F403
from portal.settings import MIDDLEWARE as _MIDDLEWARE

ROOT_URLCONF = "debriefs.measuring.pages"
MIDDLEWARE = ["debriefs.measuring.pages.CountQueries", *_MIDDLEWARE]
