"""Names of people.

A name is told by what stands before it (a rank, "the victim", "a man called"), by what stands after
it (an age, KC), or by a given name, for which see `given_names`. A capital letter alone tells
nothing: debriefs are full of units, operations and places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from debriefs.identifying.finding import Kind, Span
from debriefs.identifying.given_names import (
    OF_A_NAMED_THING,
    WHY_GIVEN,
    given_names,
    surnames_first,
)
from debriefs.identifying.reading import Reading
from debriefs.identifying.shape import (
    CAPITAL,
    FULL,
    INITIALS,
    NAME,
    PARTICLE,
    WORD,
    bare,
    is_nobody,
    name_at,
)
from debriefs.identifying.vocabulary import (
    ACRONYMS,
    AMBIGUOUS_GIVEN_NAMES,
    GIVEN_NAMES,
    PEOPLE,
    SURNAMES,
    THINGS,
    one_of,
)

WHY_RANK = "A name after a rank or title. Write the role instead: “the SIO”, “the judge”."
WHY_COLLAR = "An officer's number. Write the role instead: “the exhibits officer”."
WHY_PERSON = "A name. Write who it was instead: “the first victim”, “a driver”."
WHY_AGAIN = "A name that stands elsewhere in this text. Write who it was there as well."
WHY_INITIALS = "Somebody's initials. Write “the first victim”, or “Victim A”."


def names(reading: Reading) -> Iterator[Span]:
    """Names of people, the surest first."""
    text = reading.text
    told = [
        *_after_titles(text),
        *surnames_first(text),
        *_when_called(text),
        *_after_roles(text),
        *_by_neighbours(text),
        *given_names(text),
    ]
    yield from told
    yield from _again(text, told)


# --- After ranks and titles -----------------------------------------------------------------------

_SHORT_RANKS = (
    "PC|WPC|TPC|DC|WDC|TDC|PS|WPS|DS|WDS|DI|DCI|DSU|DCS|CI|CC|ACC|DAC|DCC|PCSO|Sgt|Insp|Supt|Det|"
    "(?:Det|Detective) (?:Con|Sgt|Insp|Supt|Ch Insp|Ch Supt)|D/Con|D/Sgt|D/Insp|D/Supt|"
    "Ch Insp|Ch Supt|C/Insp|C/Supt"
)
_LONG_RANKS = (
    "(?i:(?:(?:Detective|Police|Special|Staff) )?"
    "(?:Constable|Sergeant|(?:Chief )?Inspector|(?:Chief )?Superintendent)|"
    "(?:(?:Assistant|Deputy) )?Chief Constable|(?:(?:Assistant|Deputy) )?Commissioner|"
    "Commander|Investigating Officer|Police Staff Investigator)"
)
_RANKS = (
    r"(?:(?:Acting|Temporary|Trainee|Retired|Former) |(?:T|A)[/ ])?"
    rf"(?:{_SHORT_RANKS}|{_LONG_RANKS})"
)
_TITLES = (
    "(?:Mr|Mrs|Ms|Lord|Lady) Justice|HHJ|HH Judge|(?:His|Her) Honou?r(?: Judge)?|"
    "(?:(?:District|Deputy|Circuit|Crown Court) )?Judge|Recorder|Sheriff|"
    "Mr|Mrs|Ms|Miss|Mx|Dr|Doctor|Prof|Professor|Rev|Reverend|Father|Imam|Sir|Dame|Lord|Lady|"
    "Councillor|Cllr|(?:Chief )?Crown Prosecutor|Home Secretary|Minister|MP|"
    "SIO|DSIO|OIC|FLO|MSVLO|SPOC"
)
_RANKED = re.compile(rf"(?<![\w/])(?:{_RANKS}|{_TITLES})\.? (?:\d{{2,6}} )?(?P<name>{NAME})")
_COLLAR = re.compile(
    r"\b(?:PC|WPC|DC|WDC|TDC|PS|DS|DI|PCSO|Sgt) \d{3,6}(?![\w/.,:-]?\d)(?! (?:times|hours|days)\b)"
)


def _after_titles(text: str) -> Iterator[Span]:
    for found in _RANKED.finditer(text):
        yield from name_at(text, *found.span("name"), WHY_RANK, begin=found.start())
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
    rf"(?:\"(?P<quoted>{CAPITAL}[^\"\n]{{1,30}})\"|'(?P<single>{CAPITAL}[^'\n]{{1,30}})'|(?P<name>{NAME}))"
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
            if not is_nobody(found[quoted]) or _OF_A_PERSON.search(before):
                yield Span(Kind.NAME, *found.span(quoted), WHY_PERSON)
        elif (
            found["surely"]
            or found["name"].split()[0] in GIVEN_NAMES
            or _OF_A_PERSON.search(before)
        ):
            yield from name_at(text, *found.span("name"), WHY_PERSON)


# --- After who it is ------------------------------------------------------------------------------

_ROLE = re.compile(
    rf"\b{_PERSON},? (?:(?P<initials>{INITIALS}|{CAPITAL}{{2}}(?!\w))|(?P<name>{NAME})"
    rf"(?:(?:,| and|, and) (?P<also>{NAME}))?)"
)
_ANY_GIVEN_NAMES = GIVEN_NAMES | AMBIGUOUS_GIVEN_NAMES
#: V1 is the first victim, and so on; a name beside it undoes the code.
_CODED = re.compile(
    rf"\b[VSWD]\d{{1,2}}\b(?:,| is| was| =| -|:)? \(?(?P<name>{WORD}(?: {PARTICLE}{WORD})?)(?!\w)|"
    rf"\b(?P<before>{WORD}(?: {PARTICLE}{WORD})?) (?:\(|= ?|- )[VSWD]\d{{1,2}}\b"
)
#: At the start of a sentence "Victim Support" is as likely, so more is asked for.
_ROLE_AT_START = re.compile(
    r"\b(?:Victim|Suspect|Defendant|Complainant|Witness|Nominal|Survivor) "
    rf"(?:(?P<initials>{INITIALS})|(?P<name>{WORD} {CAPITAL}\.))"
)
_LABEL = re.compile(
    r"\b(?:(?i:report(?:ed)?|prepared|written|authored|compiled|reviewed|approved|signed|drafted|"
    r"interviewed|submitted|chaired|run|led|headed) by|Author|SIO|OIC|Contact|Interpreter|"
    r"Interviewer|Prosecutor|Counsel|Name|Officer|Chair|Owner|Victim|Suspect|Defendant|Lead)"
    rf"(?: ?:| -)? (?P<name>{FULL})"
)


def _after_roles(text: str) -> Iterator[Span]:
    for pattern in (_ROLE, _ROLE_AT_START):
        for found in pattern.finditer(text):
            if found["initials"]:
                if found["initials"] not in ACRONYMS:
                    yield Span(Kind.NAME, *found.span("initials"), WHY_INITIALS)
                continue
            yield from name_at(text, *found.span("name"), WHY_PERSON)
            if found.groupdict().get("also"):
                yield from name_at(text, *found.span("also"), WHY_PERSON)
    for found in _CODED.finditer(text):
        group = "name" if found["name"] else "before"
        if found[group].split()[0] in _ANY_GIVEN_NAMES:
            yield from name_at(text, *found.span(group), WHY_PERSON)
    for found in _LABEL.finditer(text):
        if not is_nobody(found["name"]):
            yield Span(Kind.NAME, *found.span("name"), WHY_PERSON)


# --- By what stands before or follows -------------------------------------------------------------

#: What is done to or had by people, before two words that are in no list.
_BEFORE = (
    r"(?:arrested|charged|interviewed|jailed|convicted|sentenced|detained|identified|"
    r"(?:run|led|headed|controlled|recruited|owned|driven|trafficked|exploited|paid|hired|kept) by|"
    r"against|(?:statement|arrest|conviction|death|evidence|account|home|phone|wife|husband|brother|"
    r"sister|mother|father|son|daughter|friend|trial) of|(?:messages?|calls?) (?:from|to))"
)
#: What people do, after two such words.
_THEN = (
    r"(?:pleaded|entered a (?:not )?guilty plea|gave evidence|admitted|denied|confessed|testified|"
    r"absconded|fled|"
    r"(?:was|is) (?:arrested|charged|jailed|convicted|sentenced|acquitted|extradited|born|"
    r"found guilty|remanded|bailed|interviewed|recruited|rescued))"
)
_UNLISTED = re.compile(
    rf"\b{_BEFORE} (?P<name>{WORD}(?: {PARTICLE}{WORD}){{1,2}})(?!\w)|"
    rf"(?<!\w)(?P<then>{WORD}(?: {PARTICLE}{WORD}){{1,2}}),? (?:who )?{_THEN}\b"
)
_FOLLOWED = re.compile(
    rf"(?<!\w)(?P<alone>{WORD})(?=, \d\d, )|"
    rf"(?P<name>{FULL}),? (?=(?:KC|QC|MBE|OBE|CBE|DBE|QPM|KPM|JP)\b|\(?aged \d{{1,2}}\b|"
    r"\(\d\d\)|\d\d,)"
)


def _by_neighbours(text: str) -> Iterator[Span]:
    for pattern, why in ((_FOLLOWED, WHY_PERSON), (_UNLISTED, WHY_GIVEN)):
        for found in pattern.finditer(text):
            group = str(found.lastgroup)
            if not is_nobody(found[group]):
                yield Span(Kind.NAME, *found.span(group), why)


# --- Once more ------------------------------------------------------------------------------------

_TITLE_WORDS = frozenset(re.findall(r"[A-Z]\w+", f"{_RANKS}|{_TITLES}"))
_ALONE = re.compile(rf"(?<![\w'-]){WORD}(?![\w-])")
_LOWER = re.compile(r"\b[a-z]{4,25}\b")


def _again(text: str, told: list[Span]) -> Iterator[Span]:
    """A surname or a given name that was told to be one, wherever else it stands alone."""
    ordinary = set(_LOWER.findall(text))
    known = {
        word
        for span in told
        for word in map(bare, text[span.start : span.end].split())
        if len(word) >= 4
        and word.isalpha()
        and word[0].isupper()
        and word not in _TITLE_WORDS
        and word not in SURNAMES
        and not is_nobody(word)
        and word.lower() not in ordinary
    }
    for found in _ALONE.finditer(text):
        name = found[0].removesuffix("'s")
        before = text[max(0, found.start() - 12) : found.start()]
        if name in known and not OF_A_NAMED_THING.search(before):
            yield Span(Kind.NAME, found.start(), found.start() + len(name), WHY_AGAIN)
