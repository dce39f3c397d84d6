"""The nouns of a debrief, a file each."""

from debriefs.models.debrief import Debrief
from debriefs.models.grants import DebriefGroupObjectPermission, VersionGroupObjectPermission
from debriefs.models.part import Part
from debriefs.models.release import Release
from debriefs.models.signoff import ConsentWithdrawal, SignOff
from debriefs.models.version import Participation, Version
from debriefs.models.vocabulary import Country, ExploitationType, Offence, Theme

__all__ = [
    "ConsentWithdrawal",
    "Country",
    "Debrief",
    "DebriefGroupObjectPermission",
    "ExploitationType",
    "Offence",
    "Part",
    "Participation",
    "Release",
    "SignOff",
    "Theme",
    "Version",
    "VersionGroupObjectPermission",
]
