"""Names of people.

A name is told by what stands before it (a rank, "the victim", "a man called"), by a given name, or
by what stands after it (an age, KC). A capital letter alone tells nothing: debriefs are full of
units, operations and places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from debriefs.identifying.finding import Kind, Span
from debriefs.identifying.reading import Reading
from debriefs.identifying.vocabulary import (
    ACRONYMS,
    AMBIGUOUS_TOWNS,
    AREAS,
    COUNTRIES,
    GIVEN_NAMES,
    NO_NAMES,
    PEOPLE,
    PEOPLES,
    THINGS,
    TOWNS,
    one_of,
)

WHY_RANK = "A name after a rank or title. Write the role instead: “the SIO”, “the judge”."
WHY_COLLAR = "An officer's number. Write the role instead: “the exhibits officer”."
WHY_PERSON = "A name. Write who it was instead: “the first victim”, “a driver”."
WHY_INITIALS = "Somebody's initials. Write “the first victim”, or “Victim A”."
WHY_GIVEN = "This reads as somebody's name. Write who it was instead: “one of the women”."

#: Capitals of the Latin alphabet and its many accents, of Greek and of Cyrillic.
_UPPER = "".join(
    chr(code)
    for first, last in ((0x41, 0x250), (0x370, 0x530), (0x1E00, 0x1F00))
    for code in range(first, last)
    if chr(code).isupper()
)
_U, _L = f"[{_UPPER}]", r"[^\W\d_]"

#: One word of a name; O'Brien, Smith-Jones and POPESCU are one each.
_WORD = rf"(?:{_U}(?:'{_U})?{_L}{{1,24}}(?:[-']{_L}{{2,24}}){{0,2}})"
_PARTICLE = r"(?:(?:van der|van den|van|von|de la|de|del|da|di|dos|el|al|bin|ben|ap|ter|le|la) )?"
_INITIALS = rf"(?:{_U}\. ?{_U}\b\.?(?: ?{_U}\.)?)"
#: A whole name: initials, up to four words, and an initial for the rest.
_NAME = (
    rf"(?:(?:{_U}\.? ){{0,2}}{_PARTICLE}{_WORD}(?: (?:{_U}\. )?{_PARTICLE}{_WORD}){{0,3}}"
    rf"(?: {_U}\.)?)(?!\w)"
)
_TWO = rf"(?:(?:{_WORD}|{_U}\.) (?:{_U}\.? )?{_PARTICLE}{_WORD})(?!\w)"

_NOBODY = (
    NO_NAMES
    | ACRONYMS
    | AREAS
    | {word for place in (*TOWNS, *AMBIGUOUS_TOWNS, *COUNTRIES, *PEOPLES) for word in place.split()}
)


def names(reading: Reading) -> Iterator[Span]:
    """Names of people, the surest first."""
    text = reading.text
    yield from _after_titles(text)
    yield from _surnames_first(text)
    yield from _when_called(text)
    yield from _after_roles(text)
    yield from _by_what_follows(text)
    yield from _given_names(text)


# --- Where a name ends ----------------------------------------------------------------------------

_WORDS = re.compile(r"\S{1,90}")


def _end_of_name(text: str, start: int, end: int) -> int:
    """Where the name ends that starts there: before the first word that belongs to no name.

    `start` itself if that is the first word, or if there are only initials.
    """
    last = start
    for word in _WORDS.finditer(text, start, end):
        bare = _bare(word[0])
        if bare in _NOBODY:
            break
        if bare[:1].isupper() and (len(bare) > 1 or last > start):
            last = word.end()
    return last - 2 if text[start:last].endswith("'s") else last


def _bare(word: str) -> str:
    """A word without what is only its place in the sentence."""
    return word.strip(".,").removesuffix("'s")


def _is_nobody(words: str) -> bool:
    """Whether a word of them shows that they name a unit, a place or a document."""
    return any(_bare(word) in _NOBODY for word in words.split())


def _name(text: str, start: int, end: int, why: str, begin: int | None = None) -> Iterator[Span]:
    """The name at `start`, if it is one; from `begin` if the title before belongs to it."""
    last = _end_of_name(text, start, end)
    if last > start:
        yield Span(Kind.NAME, start if begin is None else begin, last, why)


# --- After ranks and titles -----------------------------------------------------------------------

_SHORT_RANKS = (
    "PC|WPC|TPC|DC|WDC|TDC|PS|WPS|DS|WDS|DI|DCI|DSU|DCS|CI|ACC|DCC|PCSO|Sgt|Insp|Supt|Det|"
    "Det Con|Det Sgt|Det Insp|Det Supt|D/Con|D/Sgt|D/Insp|D/Supt|Ch Insp|Ch Supt|C/Insp|C/Supt"
)
_LONG_RANKS = (
    "(?:(?:Detective|Police|Special|Staff) )?"
    "(?:Constable|Sergeant|(?:Chief )?Inspector|(?:Chief )?Superintendent)|"
    "(?:(?:Assistant|Deputy) )?Chief Constable|(?:(?:Assistant|Deputy) )?Commissioner|"
    "Commander|Investigating Officer|Police Staff Investigator"
)
_RANKS = (
    r"(?:(?:Acting|Temporary|Trainee|Retired|Former) |(?:T|A)[/ ])?"
    rf"(?:{_SHORT_RANKS}|{_LONG_RANKS})"
)
_TITLES = (
    "(?:Mr|Mrs|Ms|Lord|Lady) Justice|HHJ|HH Judge|(?:His|Her) Honou?r(?: Judge)?|"
    "(?:(?:District|Deputy|Circuit|Crown Court) )?Judge|Recorder|Sheriff|"
    "Mr|Mrs|Ms|Miss|Mx|Dr|Doctor|Prof|Professor|Rev|Reverend|Father|Imam|Sir|Dame|Lord|Lady|"
    "Councillor|Cllr|SIO|DSIO|OIC|FLO|MSVLO|SPOC"
)
_RANKED = re.compile(rf"(?<![\w/])(?:{_RANKS}|{_TITLES})\.? (?:\d{{2,6}} )?(?P<name>{_NAME})")
_COLLAR = re.compile(
    r"\b(?:PC|WPC|DC|WDC|TDC|PS|DS|DI|PCSO|Sgt) \d{3,6}(?![\w/.,:-]?\d)(?! (?:times|hours|days)\b)"
)


def _after_titles(text: str) -> Iterator[Span]:
    for found in _RANKED.finditer(text):
        yield from _name(text, *found.span("name"), WHY_RANK, begin=found.start())
    for found in _COLLAR.finditer(text):
        yield Span(Kind.NAME, *found.span(), WHY_COLLAR)


# --- After words that name ------------------------------------------------------------------------

#: Only a person can be said to be named so.
_SURELY = (
    r"nicknamed|alias|a\.?k\.?a\.?|goes by the name(?: of)?|by the names? of|"
    r"(?:calls|calling|called) (?:him|her|them)sel(?:f|ves)|surname(?: of| is| was)?|"
    r"(?:whose|his|her|their|real|first|full|true) names? (?:is|was|were|as)|"
    r"nickname(?: of| is| was)?|[Tt]he nominal"
)
#: Sites, houses and tactics can be as well.
_PERHAPS = (
    r"named|called|known (?:only |locally |to (?:us|police|them) )?as|goes by|went by|going by|"
    r"under the name(?: of)?|in the name(?: of)?|name of"
)
_CALLED = re.compile(
    rf"\b(?:(?P<surely>{_SURELY})|(?:{_PERHAPS})),? "
    rf"(?:\"(?P<quoted>{_U}[^\"\n]{{1,30}})\"|'(?P<single>{_U}[^'\n]{{1,30}})'|(?P<name>{_NAME}))"
)
_PERSON = one_of(PEOPLE)
_OF_A_PERSON = re.compile(
    rf"\b(?:{_PERSON}|somebody|someone|manager|boss|who|everybody)s?"
    r"(?:,? (?:\w{2,10} ){0,3}|,? )$",
    re.IGNORECASE,
)
_OF_A_THING = re.compile(rf"\b{one_of(THINGS)}s?,? (?:\w{{2,10}} ){{0,3}}$", re.IGNORECASE)


def _when_called(text: str) -> Iterator[Span]:
    for found in _CALLED.finditer(text):
        before = text[max(0, found.start() - 60) : found.start()]
        if _OF_A_THING.search(before):
            continue
        quoted = "quoted" if found["quoted"] else "single" if found["single"] else ""
        if quoted:
            if not _is_nobody(found[quoted]) or _OF_A_PERSON.search(before):
                yield Span(Kind.NAME, *found.span(quoted), WHY_PERSON)
        elif (
            found["surely"]
            or found["name"].split()[0] in GIVEN_NAMES
            or _OF_A_PERSON.search(before)
        ):
            yield from _name(text, *found.span("name"), WHY_PERSON)


# --- After who it is ------------------------------------------------------------------------------

_ROLE = re.compile(
    rf"\b{_PERSON},? (?:(?P<initials>{_INITIALS}|{_U}{{2}}(?!\w))|(?P<name>{_NAME})"
    rf"(?:(?:,| and|, and) (?P<also>{_NAME}))?)"
)
#: At the start of a sentence "Victim Support" is as likely, so more is asked for.
_ROLE_AT_START = re.compile(
    r"\b(?:Victim|Suspect|Defendant|Complainant|Witness|Nominal|Survivor) "
    rf"(?:(?P<initials>{_INITIALS})|(?P<name>{_WORD} {_U}\.))"
)
_LABEL = re.compile(
    r"\b(?:(?i:report(?:ed)?|prepared|written|authored|compiled|reviewed|approved|signed|drafted|"
    r"interviewed|submitted|chaired|run|led|headed) by|Author|SIO|OIC|Contact|Interpreter|"
    r"Interviewer|Prosecutor|Counsel|Name|Officer|Chair|Owner|Victim|Suspect|Defendant|Lead)"
    rf"(?: ?:| -)? (?P<name>{_TWO})"
)


def _after_roles(text: str) -> Iterator[Span]:
    for pattern in (_ROLE, _ROLE_AT_START):
        for found in pattern.finditer(text):
            if found["initials"]:
                if found["initials"] not in ACRONYMS:
                    yield Span(Kind.NAME, *found.span("initials"), WHY_INITIALS)
                continue
            yield from _name(text, *found.span("name"), WHY_PERSON)
            if found.groupdict().get("also"):
                yield from _name(text, *found.span("also"), WHY_PERSON)
    for found in _LABEL.finditer(text):
        if not _is_nobody(found["name"]):
            yield Span(Kind.NAME, *found.span("name"), WHY_PERSON)


# --- By what follows ------------------------------------------------------------------------------

_FOLLOWED = re.compile(
    rf"(?P<name>{_TWO}),? (?=(?:KC|QC|MBE|OBE|CBE|QPM|KPM|JP)\b|\(?aged \d{{1,2}}\b|\(\d\d\)|"
    r"\d\d,)"
)


def _by_what_follows(text: str) -> Iterator[Span]:
    for found in _FOLLOWED.finditer(text):
        if not _is_nobody(found["name"]):
            yield Span(Kind.NAME, *found.span("name"), WHY_PERSON)


# --- Given names ----------------------------------------------------------------------------------

_RUN = re.compile(rf"(?<![\w'-]){_NAME}")
_SURNAME_FIRST = re.compile(
    rf"(?<!\w)(?P<name>{_U}{{3,20}}(?:-{_U}{{2,20}})?,? (?P<given>{_WORD}))"
)
_OF_A_NAMED_THING = re.compile(r"\b(?:Operation|Op|Project|St|Saint|HMP|Storm|Exercise) $")
#: What people do and have, so that a given name alone is a person.
_DOES = re.compile(
    r"'s? [a-z]|,? (?:who )?(?:said|told|gave|had|was|is|has|came|left|went|worked|lived|disclosed|"
    r"knew|thought|asked|answered|refused|agreed|described|explained|spoke|wanted|trusted|returned|"
    r"arrived|made|did|would|could|met|took|felt|says|reported|identified|paid|owed|recruited|also|"
    r"never|slept|cried|ran|stayed|found|saw|heard|used|kept|and (?:his|her))\b"
)


def _surnames_first(text: str) -> Iterator[Span]:
    for found in _SURNAME_FIRST.finditer(text):
        if found["given"] in GIVEN_NAMES and not _is_nobody(found["name"]):
            yield Span(Kind.NAME, *found.span("name"), WHY_GIVEN)


def _given_names(text: str) -> Iterator[Span]:
    """A given name with a surname; one alone only where it does what a person does."""
    for run in _RUN.finditer(text):
        words = list(_WORDS.finditer(text, *run.span()))
        place = next((n for n, word in enumerate(words) if _bare(word[0]) in GIVEN_NAMES), None)
        if place is None:
            continue
        start, end = words[place].start(), run.end()
        if _OF_A_NAMED_THING.search(text[max(0, start - 12) : start]):
            continue
        if place < len(words) - 1:
            if _bare(words[-1][0]) not in NO_NAMES:  # a street, a hospital, a company
                yield from _name(text, start, end, WHY_GIVEN)
        elif place == 0 and _DOES.match(text, start + len(_bare(words[0][0]))):
            yield from _name(text, start, end, WHY_GIVEN)
