"""Which lists are on a team's desk: where versions are in their life, and what is stuck.

What each list holds is asked in `lanes.py`; numbers and rows are made in `desk.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from debriefs.services import lanes
from debriefs.services.lanes import Rows
from portal.models import User


def _plainly(about: Any) -> str:
    return str(about)


def _reminded(times: int) -> str:
    if not times:
        return "not reminded yet"
    return "reminded once" if times == 1 else f"reminded {times} times"


def _with(group: str) -> str:
    return f"with {group}"


def _proceedings(until_they_end: bool) -> str:
    return "until proceedings end" if until_they_end else ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One list of the desk: its rows for a person, and what its columns mean.

    `since` and `who` are the headings of those columns, `due` that of the date, where there is
    one. `verb` is what to do about a row, and `leads_to` the route where that is done; it takes the
    slug, and for a route of one version its number. `within` is the list of which this one is a
    part.
    """

    key: str
    title: str
    says: str
    rows: Callable[[User], Rows]
    since: str
    who: str
    verb: str
    leads_to: str
    due: str = ""
    about: Callable[[Any], str] = _plainly
    nothing: str = "Nothing is here now."
    within: str = ""


#: Where versions are, in the order of their life.
PIPELINE: tuple[Lane, ...] = (
    Lane(
        key="drafting",
        title="Drafts",
        says="Being written by the team.",
        rows=lanes.drafting,
        since="Last written in",
        who="By",
        verb="Write",
        leads_to="debriefs:draft",
    ),
    Lane(
        key="checking",
        title="To check",
        says="Wait for a second reader, who did not write them.",
        rows=lanes.checking,
        since="Submitted",
        who="By",
        verb="Check",
        leads_to="debriefs:check",
    ),
    Lane(
        key="checked",
        title="To send",
        says="Checked; an editor seals them and sends them to the forces.",
        rows=lanes.checked,
        since="Checked",
        who="By",
        verb="Send",
        leads_to="debriefs:send",
    ),
    Lane(
        key="with-forces",
        title="With forces",
        says="Sealed, and signed by one force after the other.",
        rows=lanes.with_forces,
        since="Sent",
        who="By",
        verb="See",
        leads_to="debriefs:version",
        due="Decisions due",
    ),
    Lane(
        key="returned",
        title="Came back",
        says="A force wants changes or declined; no next version is open.",
        rows=lanes.returned,
        since="Came back",
        who="From",
        verb="Open the next version of",
        leads_to="debriefs:reopen",
    ),
    Lane(
        key="agreed",
        title="To share",
        says="Every force agreed; shared with nobody yet.",
        rows=lanes.agreed,
        since="Agreed",
        who="Last force",
        verb="Share",
        leads_to="debriefs:release",
        due="Embargo ends",
    ),
    Lane(
        key="released",
        title="Shared",
        says="Read by the groups that they are shared with.",
        rows=lanes.released,
        since="Shared",
        who="By",
        verb="Review",
        leads_to="debriefs:review",
        due="Review due",
    ),
    Lane(
        key="withdrawn",
        title="Withdrawn",
        says="A force withdrew its consent; no next version is open.",
        rows=lanes.withdrawn,
        since="Withdrawn",
        who="By",
        verb="Open the next version of",
        leads_to="debriefs:reopen",
    ),
)

#: What is stuck, or will be.
WATCHED: tuple[Lane, ...] = (
    Lane(
        key="waiting",
        title="Forces we wait for",
        says="Each force that has not decided on a version yet.",
        rows=lanes.waiting,
        since="Asked",
        who="Force",
        verb="See",
        leads_to="debriefs:version",
        due="Due",
        about=_reminded,
        nothing="We wait for no force.",
    ),
    Lane(
        key="overdue",
        title="Overdue",
        says="Forces that should have decided by now.",
        rows=lanes.overdue,
        since="Asked",
        who="Force",
        verb="See",
        leads_to="debriefs:version",
        due="Was due",
        about=_reminded,
        nothing="No force is late.",
        within="waiting",
    ),
    Lane(
        key="proposals",
        title="Proposals",
        says="To share beyond policing; a second editor has to confirm.",
        rows=lanes.proposals,
        since="Proposed",
        who="By",
        verb="Look at",
        leads_to="debriefs:release",
        about=_with,
        nothing="No proposal waits.",
    ),
    Lane(
        key="embargoed",
        title="Under embargo",
        says="Agreed, but kept from everybody for now.",
        rows=lanes.embargoed,
        since="Set",
        who="By",
        verb="See",
        leads_to="debriefs:version",
        due="Ends",
        about=_proceedings,
        nothing="Nothing is under embargo.",
    ),
    Lane(
        key="reviews",
        title="Reviews due",
        says="To be reviewed within 90 days, or already late.",
        rows=lanes.reviews,
        since="Shared",
        who="By",
        verb="Review",
        leads_to="debriefs:review",
        due="Due",
        nothing="No review is due in the next 90 days.",
    ),
    Lane(
        key="no-longer",
        title="To take back",
        says="The last review said they should no longer be shared.",
        rows=lanes.no_longer,
        since="Said",
        who="By",
        verb="Take back",
        leads_to="debriefs:release",
        nothing="Nothing has to be taken back.",
    ),
    Lane(
        key="untouched",
        title="Untouched drafts",
        says="Nobody has written in them for 30 days.",
        rows=lanes.untouched,
        since="Last written in",
        who="By",
        verb="Write",
        leads_to="debriefs:draft",
        nothing="Somebody wrote in every draft in the last 30 days.",
    ),
)

LANES: dict[str, Lane] = {lane.key: lane for lane in (*PIPELINE, *WATCHED)}
