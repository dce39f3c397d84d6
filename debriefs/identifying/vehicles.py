"""Registrations of vehicles. Roads, forms, exhibits and sections of Acts look much like them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from debriefs.identifying.finding import Kind, Span
from debriefs.identifying.reading import Reading
from debriefs.identifying.vocabulary import ACRONYMS

WHY_VEHICLE = "A vehicle's registration. Write what it was: “the white van”."

#: Since 2001: two letters of the place, two digits of the half-year, three letters.
_NOW = re.compile(r"\b(?:[A-HJ-PR-Y]{2}\d\d ?[A-HJ-PR-Z]{3}|[a-hj-pr-y]{2}\d\d[a-hj-pr-z]{3})\b")
#: Before: a letter of the year at the front, or at the end; Northern Ireland's with I or Z; and
#: Romania's, which is the foreign one that comes up most.
_BEFORE = re.compile(
    r"\b(?:[A-HJ-NPR-Y]\d{1,3} ?[A-HJ-PR-Y]{3}|[A-HJ-PR-Y]{3} ?\d{1,3}[A-HJ-NPR-Y]|"
    r"(?:[A-Z]?[A-Z]Z|[A-Z]I[A-Z]) ?\d{2,4}|[A-Z]{1,2}[ -]\d{2,3}[ -][A-Z]{3})\b"
)
#: Whatever letters and digits are said to be one.
_SAID = re.compile(
    r"\b(?i:registration|registered|reg|VRM|VRN|number ?plates?|plates?|index)\b\.?"
    r"(?i: (?:number|mark|no|plates?))?\.?(?i: (?:is|was|of|as|bearing|reading|ending))?"
    r"(?: (?:[A-Z][a-z]{1,10}|BMW|VW)){0,2}[ :,(\"']{1,3}(?i:(?:a|an|the) )?"
    r"((?=[A-Z -]{0,6}\d|[\d -]{0,6}[A-Z])[A-Z\d]{1,7}(?:[ -][A-Z\d]{1,5}){0,3})\b"
)
_NEAR = re.compile(
    r"\b(?:vehicles?|cars?|vans?|plates?|registration|registered|reg|VRM|VRN|index|ANPR|lorry|truck|"
    r"minibus|taxi|coach|driver|drove|driven|driving|parked|motorbike|motorcycle|scooter|caravan|"
    r"trailer|saloon|hatchback|Audi|BMW|Citroen|Fiat|Ford|Honda|Hyundai|Iveco|Kia|Luton|Mazda|"
    r"Mercedes|Nissan|Peugeot|Renault|Skoda|Sprinter|Suzuki|Toyota|Transit|Vauxhall|Vito|Vivaro|"
    r"Volkswagen|Volvo|VW)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[A-Z]{2,3}")


def vehicles(reading: Reading) -> Iterator[Span]:
    """Registrations: today's wherever they stand, older and foreign ones where a vehicle is spoken
    of."""
    text = reading.text
    for found in _SAID.finditer(text):
        signs = re.sub(r"[ -]", "", found[1])
        mixed = any(sign.isdigit() for sign in signs) and not signs.isdigit()
        if mixed and 4 <= len(signs) <= 9 and not _speaks(found[1]):
            yield Span(Kind.VEHICLE, *found.span(1), WHY_VEHICLE)
    for found in _NOW.finditer(text):
        if not (" " in found[0] and _speaks(found[0][4:])):
            yield Span(Kind.VEHICLE, *found.span(), WHY_VEHICLE)
    for found in _BEFORE.finditer(text):
        around = text[max(0, found.start() - 60) : found.end() + 40]
        if _NEAR.search(around) and not _speaks(found[0]):
            yield Span(Kind.VEHICLE, *found.span(), WHY_VEHICLE)


def _speaks(words: str) -> bool:
    """Whether one of its groups of letters is a word or a short form that debriefs use."""
    return any(letters in ACRONYMS for letters in _LETTERS.findall(words))
