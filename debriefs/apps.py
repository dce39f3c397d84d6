"""The app of debriefs: written, signed, shared and read."""

from django.apps import AppConfig


class DebriefsConfig(AppConfig):
    """Nothing to start: the work is in services, the guarding in the database."""

    name = "debriefs"
