"""The nouns of a debrief, a file each."""

from debriefs.models.debrief import Debrief
from debriefs.models.draft import Presence, Save
from debriefs.models.grants import DebriefGroupObjectPermission, VersionGroupObjectPermission
from debriefs.models.notice import Notice
from debriefs.models.part import Part
from debriefs.models.recurrence import Recurrence
from debriefs.models.release import Release, ReleaseProposal
from debriefs.models.remark import Acceptance, Remark
from debriefs.models.review import Review
from debriefs.models.search import Indexed, IndexState, Passage, Posting, Spelling
from debriefs.models.searches import NothingFound, Question, RecentSearch, SavedSearch
from debriefs.models.signoff import ConsentWithdrawal, ProceedingsEnd, SignOff
from debriefs.models.synonym import SynonymSet
from debriefs.models.version import Participation, Version
from debriefs.models.vocabulary import Country, ExploitationType, Offence, Theme

__all__ = [
    "Acceptance",
    "ConsentWithdrawal",
    "Country",
    "Debrief",
    "DebriefGroupObjectPermission",
    "ExploitationType",
    "IndexState",
    "Indexed",
    "NothingFound",
    "Notice",
    "Offence",
    "Part",
    "Participation",
    "Passage",
    "Posting",
    "Presence",
    "ProceedingsEnd",
    "Question",
    "RecentSearch",
    "Recurrence",
    "Release",
    "ReleaseProposal",
    "Remark",
    "Review",
    "Save",
    "SavedSearch",
    "SignOff",
    "Spelling",
    "SynonymSet",
    "Theme",
    "Version",
    "VersionGroupObjectPermission",
]
