"""How a service says no. The words are for the person who asked, so they say what to do."""


class Refused(Exception):
    """What was asked for is not allowed, now or for this person. `reason` is a plain sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
