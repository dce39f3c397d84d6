"""Dates as they are written, and those that are said to be somebody's birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from debriefs.identifying.finding import Kind, Span
from debriefs.identifying.reading import Reading

WHY_BIRTH = "A date of birth. Write an age band: “in her twenties”."

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:19|20)\d\d"

#: A day of a month, with its year or without, in words or in numbers; never a year alone.
DATE = (
    rf"(?:(?<![\d/])\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?:,? {_YEAR}\b)?|"
    rf"\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?![\d:])(?:,? {_YEAR}\b)?|"
    rf"(?<![\w/.-])\d{{1,2}}(?:/\d{{1,2}}/|-\d{{1,2}}-|\.\d{{1,2}}\.)(?:{_YEAR}|\d\d)(?![\w/-]|\.\d)|"
    rf"(?<![\w/.-]){_YEAR}[-/]\d\d[-/]\d\d(?![\w/-]))"
)
_BORN = re.compile(
    r"(?i:\b(?:born|date of birth|birth ?date|birthday|d\.? ?o\.? ?b\b\.?)"
    r"(?: (?:on|in|is|was|of|as|given|recorded|shown|being|the)){0,4}[ :,(-]{0,3})"
    rf"(?P<date>{DATE}(?: '?\d\d\b)?|{_MONTH} {_YEAR}\b)"
    rf"|(?P<before>{DATE}) \(?(?i:(?:(?:is|was) )?(?:given |recorded |shown )?(?:as )?"
    r"(?:(?:his|her|their|the|a) )?(?:date of birth|birth ?date|d\.?o\.?b\b))"
)


def births(reading: Reading) -> Iterator[Span]:
    """Dates that are said to be somebody's birth; a year alone is wide enough."""
    for found in _BORN.finditer(reading.text):
        group = "date" if found["date"] else "before"
        yield Span(Kind.BIRTH, found.start(group), found.end(group), WHY_BIRTH)
