"""When: the states of a version, and every move between them, as one table.

Who may make a move is decided in `permissions.py`; what else must hold (signatures, embargo) in the
service. Pure: no database, no person. `diagram()` draws the table; `docs/workflow.md` is that
drawing, kept fresh by a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a version is in its life."""

    DRAFTING = "drafting"
    CHECKING = "checking"
    WITH_FORCES = "with_forces"
    RETURNED = "returned"
    AGREED = "agreed"
    RELEASED = "released"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"

    @property
    def words(self) -> str:
        """The state as people say it."""
        return self.value.replace("_", " ").capitalize()

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Value and words of each state, for a model field."""
        return [(state.value, state.words) for state in cls]


#: The version that is being worked on; a debrief has one at most.
OPEN_STATES = (State.DRAFTING, State.CHECKING, State.WITH_FORCES, State.AGREED)

#: The words can no longer change.
SEALED_STATES = (
    State.WITH_FORCES,
    State.RETURNED,
    State.AGREED,
    State.RELEASED,
    State.SUPERSEDED,
    State.WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class Move:
    """A named step: from which states, to which, and in a few words what happens.

    `makes` are the states a version can be in afterwards; the service chooses where there are
    several.
    """

    name: str
    sources: tuple[State, ...]
    makes: tuple[State, ...]
    says: str
    wrong_state: str


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move(
            "edit",
            (State.DRAFTING,),
            (State.DRAFTING,),
            "words and facts are written",
            "Only a draft can be changed. Open the next version to change the words.",
        ),
        Move(
            "submit",
            (State.DRAFTING,),
            (State.CHECKING,),
            "the draft goes to a second reader",
            "Only a draft can be submitted for checking.",
        ),
        Move(
            "take_back",
            (State.CHECKING,),
            (State.DRAFTING,),
            "its authors go on writing before it was sent",
            "Only a version that is being checked can be taken back.",
        ),
        Move(
            "send_back",
            (State.CHECKING,),
            (State.DRAFTING,),
            "the second reader wants changes",
            "Only a version that is being checked can be sent back.",
        ),
        Move(
            "check",
            (State.CHECKING,),
            (State.CHECKING,),
            "the second reader has checked it",
            "Only a version that is being checked can be passed.",
        ),
        Move(
            "send",
            (State.CHECKING,),
            (State.WITH_FORCES,),
            "sealed, and sent to every signing force",
            "Only a checked version can be sent to the forces.",
        ),
        Move(
            "decide",
            (State.WITH_FORCES,),
            (State.WITH_FORCES, State.AGREED, State.RETURNED),
            "a force agrees, wants changes, or declines",
            "This version is no longer waiting for decisions.",
        ),
        Move(
            "discard",
            (State.DRAFTING,),
            (State.DISCARDED,),
            "the draft is put aside, and kept for a while",
            "Only a draft can be discarded.",
        ),
        Move(
            "restore",
            (State.DISCARDED,),
            (State.DRAFTING,),
            "a discarded draft is brought back",
            "Only a discarded draft can be brought back.",
        ),
        Move(
            "reopen",
            (State.WITH_FORCES, State.RETURNED, State.AGREED, State.RELEASED, State.WITHDRAWN),
            (State.RETURNED, State.RELEASED, State.WITHDRAWN),
            "the next version is opened as a copy",
            "A next version is opened from a version that was sent to the forces.",
        ),
        Move(
            "release",
            (State.AGREED, State.RELEASED),
            (State.RELEASED,),
            "shared with a sharing group",
            "Only a version that every signing force agreed to can be shared.",
        ),
        Move(
            "propose",
            (State.AGREED, State.RELEASED),
            (State.AGREED, State.RELEASED),
            "an editor asks a second one to share it beyond policing",
            "Only a version that every signing force agreed to can be shared.",
        ),
        Move(
            "supersede",
            (State.RELEASED,),
            (State.SUPERSEDED,),
            "the next version takes its place",
            "Only a released version can be superseded.",
        ),
        Move(
            "withdraw_release",
            (State.RELEASED,),
            (State.RELEASED,),
            "taken back from one sharing group",
            "Only a released version can be taken back from a group.",
        ),
        Move(
            "withdraw_consent",
            (State.WITH_FORCES, State.AGREED, State.RELEASED),
            (State.WITHDRAWN,),
            "a signing force takes its agreement back",
            "Consent can be withdrawn from a version that is with the forces, agreed or released.",
        ),
        Move(
            "end_proceedings",
            (State.WITH_FORCES, State.AGREED),
            (State.WITH_FORCES, State.AGREED),
            "a force lifts the embargo that it set until proceedings end",
            "Only an embargo on a version that is with the forces or agreed is lifted.",
        ),
        Move(
            "review",
            (State.RELEASED,),
            (State.RELEASED,),
            "its owner says that it still holds, or that it will be revised or withdrawn",
            "Only a released version is reviewed.",
        ),
    )
}


def allows(move: str, state: str) -> bool:
    """Whether a version in `state` can make `move`. Raises KeyError for an unknown move."""
    return State(state) in MOVES[move].sources


def diagram() -> str:
    """The table as a Mermaid state diagram; moves that stay where they are are drawn as loops."""
    lines = ["stateDiagram-v2", "    [*] --> drafting: start"]
    for move in MOVES.values():
        for source in move.sources:
            for target in _targets(move, source):
                lines.append(f"    {source.value} --> {target.value}: {move.name}")
    lines.append("    superseded --> [*]")
    return "\n".join(lines) + "\n"


def _targets(move: Move, source: State) -> tuple[State, ...]:
    """Where `move` can lead from `source`: reopening leaves what readers see as it is."""
    if move.name in ("propose", "end_proceedings"):
        return (source,)
    if move.name != "reopen":
        return move.makes
    return (source,) if source in (State.RELEASED, State.WITHDRAWN) else (State.RETURNED,)
