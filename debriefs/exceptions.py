"""The ways in which a service of this app says no; each carries a sentence for the person who
asked."""

from portal.exceptions import Refused

__all__ = ["Conflict", "Moved", "Refused"]


class Conflict(Refused):
    """Somebody else saved since the text was loaded; `current` is the revision now."""

    def __init__(self, current: int) -> None:
        super().__init__(
            "Someone else saved this draft after you opened it. "
            "Compare the two texts before you save yours."
        )
        self.current = current


class Moved(Refused):
    """The digest that was on the screen is not that of the version any more."""

    def __init__(self) -> None:
        super().__init__(
            "What you read is not what is waiting for your decision now. "
            "Read the version again, then decide."
        )
