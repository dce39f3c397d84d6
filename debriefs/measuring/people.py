"""Who is there while something is measured? The cast of the demo, and its vocabulary."""

from __future__ import annotations

from django.core.management import call_command

from debriefs.demo import cast
from debriefs.management.commands.demo import VOCABULARY
from debriefs.measuring.loading import Makers
from portal.models import Organisation, User

#: An officer of the policing group and of no other: who measures.
OFFICER = "officer@lancashire.example"


def gather() -> Makers:
    """Organisations, words to choose from, groups and people are in the empty database."""
    call_command("loaddata", *VOCABULARY, verbosity=0)
    cast.gather()
    return makers()


def makers() -> Makers:
    """Those of the cast who make what is loaded."""
    return Makers(
        team=Organisation.objects.get(key=cast.TEAM),
        author=User.objects.get(email="author@msoic.example"),
        editor=User.objects.get(email="editor@msoic.example"),
        second_editor=cast.second_editor(),
        signatory=User.objects.get(email="signatory@bedfordshire.example"),
    )


def officer() -> User:
    """Who measures, as a new request finds them."""
    return User.objects.get(email=OFFICER)
