"""What in a text could tell a reader who somebody is? Warnings for the author, never a refusal.

Pure: a text goes in, findings come out; no database, no person. It is a second pair of eyes and
misses things: `manage.py measure_warnings` says how many. The map:

    finding        what a finding is, and the kinds
    reading        the text as a person reads it, without Markdown's signs
    numbers        telephones, bank details, devices
    online         e-mail addresses, accounts of social media
    records        documents, and references of cases
    vehicles       registrations
    places         postcodes and addresses
    dates          dates of birth
    names          names of people; with shape, what a name looks like, and given_names
    combinations   what identifies only together
    vocabulary     the words that these know, from the lists in words/
    measuring      how often they are right

Every pattern is bounded in what it can swallow, so the time grows with the length of the text and
not faster, whatever is written.
"""

from __future__ import annotations

from debriefs.identifying import (
    combinations,
    dates,
    names,
    numbers,
    online,
    places,
    records,
    vehicles,
)
from debriefs.identifying.finding import Finding, Kind, Span
from debriefs.identifying.reading import read

__all__ = ["Finding", "Kind", "find"]

#: What is looked for, first come first served: the digits of a card are not a telephone as well.
_LOOKED_FOR = (
    online.addresses_of_mail,
    online.accounts,
    dates.births,
    records.documents,
    records.references,
    numbers.devices,
    numbers.bank_details,
    numbers.telephones,
    places.addresses,
    places.postcodes,
    vehicles.vehicles,
    names.names,
)


def find(text: str) -> list[Finding]:
    """What in a Markdown text could identify somebody, in the order in which it stands there.

    Places are those of `text` as it is. Findings do not overlap, but for a combination, which
    spans others.
    """
    reading = read(text)
    taken = bytearray(len(reading.text))
    spans: list[Span] = []
    for look in _LOOKED_FOR:
        for span in look(reading):
            if not any(taken[span.start : span.end]):
                taken[span.start : span.end] = b"\x01" * (span.end - span.start)
                spans.append(span)
    spans += combinations.combinations(reading)
    findings = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        start, end = reading.place(span.start, span.end)
        findings.append(Finding(span.kind, start, end, text[start:end], span.why))
    return findings
