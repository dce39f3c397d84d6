#!/usr/bin/env python3
"""How is a management command run? Like this; the database is started first if it needs one."""

import os
import sys
from pathlib import Path

from portal.database import ensure_running
from portal.embedded import ServerTrouble

NEEDS_NO_DATABASE = {
    *("check", "collectstatic", "compilemessages", "findstatic", "help", "makemessages", "version"),
    *("--help", "-h", "--version"),
}


def main() -> None:
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command not in NEEDS_NO_DATABASE or "--database" in sys.argv:
        try:
            ensure_running(Path(__file__).resolve().parent)
        except ServerTrouble as trouble:
            sys.exit(str(trouble))

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
