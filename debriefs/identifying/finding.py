"""What a finding is: where something identifying stands, what kind it is, and what to write
instead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing identifies a person."""

    NAME = "name"
    BIRTH = "birth"
    PHONE = "phone"
    EMAIL = "email"
    HANDLE = "handle"
    VEHICLE = "vehicle"
    POSTCODE = "postcode"
    ADDRESS = "address"
    DOCUMENT = "document"
    REFERENCE = "reference"
    BANK = "bank"
    DEVICE = "device"
    COMBINATION = "combination"

    @property
    def label(self) -> str:
        """The kind as a heading or a list says it."""
        return LABELS[self]

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Value and label of each kind, for a model field."""
        return [(kind.value, kind.label) for kind in cls]


LABELS = {
    Kind.NAME: "Name",
    Kind.BIRTH: "Date of birth",
    Kind.PHONE: "Phone number",
    Kind.EMAIL: "E-mail address",
    Kind.HANDLE: "Social media account",
    Kind.VEHICLE: "Vehicle registration",
    Kind.POSTCODE: "Postcode",
    Kind.ADDRESS: "Address",
    Kind.DOCUMENT: "Identity document",
    Kind.REFERENCE: "Reference number",
    Kind.BANK: "Bank details",
    Kind.DEVICE: "Device or network address",
    Kind.COMBINATION: "Details that identify together",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """`words` stand at `start` to `end` of the text as it was typed; `why` says to the author in
    plain words what they are and what to write instead."""

    kind: Kind
    start: int
    end: int
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class Span:
    """A finding before it has been put back into the author's text: places in the text as read."""

    kind: Kind
    start: int
    end: int
    why: str
