"""The app of people, organisations and the record of what they did."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the system checks of `portal.checks` when the app is ready."""

    name = "portal"

    def ready(self) -> None:
        """Import the checks for their registration."""
        from portal import checks  # noqa: F401
