"""Numbers under which somebody is on record: documents that are issued, references that are
given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from debriefs.identifying.finding import Kind, Span
from debriefs.identifying.reading import Reading

WHY_DOCUMENT = "The number of somebody's document. Leave it out: “her passport” is enough."
WHY_REFERENCE = "A reference that leads to one record. Leave it out, or say what kind it was."
WHY_NRM = "A reference to one person's NRM case. Leave it out: “the NRM decision” is enough."

#: What may stand between the name of a number and the number.
_THEN = (
    r"(?i:,? ?(?:number|no|nos|ref|refs|reference|id|code)\b)?\.?(?i: (?:number|no)\b)?\.?"
    r"(?i:,? (?:is|was|of|being|given as|recorded as|under|as))?[ :#,(]{1,3}"
)
_RECORD = r"([A-Z]{0,6}[/-]?\d{1,10}[A-Z]{0,3}(?:[/-][A-Z\d]{1,10}){0,4})(?![\w/])"

_DOCUMENTS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?i:\bpassports?)" + _THEN + r"((?:[A-Z]{1,3}[ -]?){0,2}\d{6,9}[A-Z]?)\b",
        r"(?i:\b(?:BRP|residence permit|identity card|ID card|visa|share code|Home Office|"
        r"(?:driving )?licence|NHS|CNP|PESEL|prison|NOMIS|NOMS))"
        + _THEN
        + r"((?=[A-Z -]{0,6}\d)[A-Z\d](?:[ -]?[A-Z\d]){5,17})\b",
        # National Insurance: the letters that are given out, and QQ, which examples use.
        r"\b((?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-TW-Z][A-CEGHJ-NPQR-TW-Z] ?"
        r"\d\d ?\d\d ?\d\d ?[A-D])\b",
        # A driving licence of Great Britain.
        r"\b([A-Z9]{5} ?\d{6} ?[A-Z9]{2}\d[A-Z]{2})\b",
    )
)

_NRM = re.compile(
    r"\b(NRM[/-]?\d{4,12}(?:[/-]\d{1,8})?)\b|"
    rf"\bNRM(?: case)?{_THEN}([A-Z]{{0,3}}\d{{1,8}}(?:[/-]\d{{1,8}}){{0,2}})\b"
)
_REFERENCES = tuple(
    re.compile(pattern)
    for pattern in (
        # The Police National Computer: year, number, check letter.
        r"(?<![\w/])((?:19|20)?\d\d/\d{3,7}[A-HJ-NP-RT-Z])\b",
        r"(?i:\b(?:PNC(?:ID)?|CRO))" + _THEN + _RECORD,
        # A criminal record without a full set of fingerprints.
        r"(?<![\w/])((?:SF|CF)\d\d/\d{2,6}[A-Z])\b",
        r"\b(?:URN|CPS)" + _THEN + r"([A-Z\d](?:[ /-]?[A-Z\d]){5,14})\b",
        r"(?i:\b(?:crime|custody|incident|occurrence|intelligence|investigation|court|case|"
        r"property|warrant|detention|HOLMES|Niche|Athena|collision|missing person|MISPER|referral|"
        r"log)(?: (?:record|log|report|number|reference|ref|case))?)" + _THEN + _RECORD,
        r"\b(?:CAD|STORM|[Ii]ncident(?: log)?|[Ll]og)(?: (?:number|no\.?|ref))?[ :]{1,2}"
        r"(\d{3,6}(?:[/-][A-Z\d]{1,8}){0,2})(?! (?:calls|entries|incidents|records))\b",
        # An officer's.
        r"(?i:\b(?:collar|shoulder|warrant|badge|staff|force) (?:number|no\.?)[ :]{1,2}"
        r"(?:is |was )?)([A-Z]{0,3}\d{3,6})\b",
    )
)
#: A year, two years, a date, or from one number to another.
_NONE = re.compile(
    r"(?:19|20)\d\d(?:[/-](?:\d\d|(?:19|20)\d\d))?|\d\d?/\d\d?/\d{2,4}|\d{1,3}-\d{1,3}"
)


def documents(reading: Reading) -> Iterator[Span]:
    """Passports, permits, licences, National Insurance and what else is issued to one person."""
    for pattern in _DOCUMENTS:
        for found in pattern.finditer(reading.text):
            if _digits(found[1]) >= 4:
                yield Span(Kind.DOCUMENT, *found.span(1), WHY_DOCUMENT)


def references(reading: Reading) -> Iterator[Span]:
    """References of the NRM, the PNC, a criminal record, a crime, a custody record, a case file."""
    for found in _NRM.finditer(reading.text):
        group = found.lastindex or 0
        if _digits(found[group]) >= 4 and not _NONE.fullmatch(found[group]):
            yield Span(Kind.REFERENCE, *found.span(group), WHY_NRM)
    for pattern in _REFERENCES:
        for found in pattern.finditer(reading.text):
            if _digits(found[1]) >= 3 and not _NONE.fullmatch(found[1]):
                yield Span(Kind.REFERENCE, *found.span(1), WHY_REFERENCE)


def _digits(words: str) -> int:
    return sum(sign.isdigit() for sign in words)
