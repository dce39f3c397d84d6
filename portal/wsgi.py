"""How does a web server reach the portal? Through `application`; the settings live elsewhere."""

import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application

from portal.database import ensure_running

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
ensure_running(Path(__file__).resolve().parent.parent)
application = get_wsgi_application()
