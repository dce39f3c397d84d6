"""Where somebody lives or was found: postcodes and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from debriefs.identifying.finding import Kind, Span
from debriefs.identifying.reading import Reading

WHY_POSTCODE = "A postcode. Write the region, or what the place was: “a house in the North West”."
WHY_ADDRESS = "An address. Write what the place was: “the first house”."

#: The areas that the Royal Mail delivers to.
_AREA = (
    "AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|EH|"
    "EN|EX|FK|FY|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|LA|LD|LE|LL|LN|LS|LU|ME|"
    "MK|ML|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|"
    "SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE|B|E|G|L|M|N|S|W"
)
_OUTWARD = rf"(?:{_AREA})\d[A-Z\d]?"
_POSTCODE = re.compile(
    rf"(?<![\w/-])(?:{_OUTWARD} {{0,2}}\d[A-BD-HJLNP-UW-Z]{{2}})(?![\w/-])", re.IGNORECASE
)
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)$")
_DISTRICT = re.compile(
    rf"\b(?i:postcodes?|postal (?:code|district|area))(?i: (?:area|district|sector)s?)?"
    rf"(?i:,|:| is| was| of| in| beginning| starting)?(?: with)? {{0,2}}({_OUTWARD})\b"
    rf"(?:(?:, ?| and | or )({_OUTWARD})\b)?(?:(?:, ?| and | or )({_OUTWARD})\b)?"
    rf"|\b({_OUTWARD})(?= (?i:postcode|postal))"
)


def postcodes(reading: Reading) -> Iterator[Span]:
    """Whole postcodes anywhere; the first half alone only where it is said to be one."""
    for found in _POSTCODE.finditer(reading.text):
        if not _ORDINAL.search(found[0]):
            yield Span(Kind.POSTCODE, *found.span(), WHY_POSTCODE)
    for found in _DISTRICT.finditer(reading.text):
        for group in range(1, 5):
            if found[group]:
                yield Span(Kind.POSTCODE, *found.span(group), WHY_POSTCODE)


_STREET = (
    r"(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Close|Drive|Crescent|Cres|Court|Place|Terrace|Grove|"
    r"Gardens|Gdns|Way|Walk|Hill|Square|Mews|Parade|Row|Rise|View|Green|Park|Quay|Wharf|Yard|Gate|"
    r"Mount|Vale|Fold|Croft|Boulevard|Broadway|Promenade|Esplanade|Embankment|Causeway|Highway|"
    r"Alley|Passage|Arcade|Bridge|End|Meadows?|Wynd|Brow|Dale|Garth|Heol|Ffordd|Stryd)\b"
)
_BUILDING = (
    r"(?:House|Court|Heights|Tower|Towers|Point|Lodge|Mansions|Buildings?|Apartments|Works|Mill|"
    r"Cottages?|Farm|Hall|Villas?|Plaza|(?:Industrial|Trading|Business|Retail|Caravan) "
    r"(?:Estate|Park|Centre)|Caravan Site|Estate)\b"
)
_WORD = r"[A-Z][A-Za-z'-]{0,20}\.?"
_NUMBER = r"\d{1,4}[A-Za-z]?(?: ?[-/] ?\d{1,4}[A-Za-z]?)?"
_WITHIN = r"(?:[Ff]lat|[Aa]partment|[Aa]pt|[Uu]nit|[Rr]oom|[Ss]uite|[Cc]aravan|[Pp]lot|[Ss]tudio)"
_DWELLING = (
    r"(?:address|house|flat|property|premises|brothel|shop|farm|salon|bar|car wash|factory|unit|"
    r"restaurant|takeaway|terrace|bedsit|basement|warehouse|garage|yard|pub|caravan)"
)
_NAMED = rf"(?:{_WORD} ){{1,3}}"
_ADDRESS = re.compile(
    # A number in a street, after that of a flat.
    rf"(?<![\w£$€.,/:])(?:{_WITHIN} \d{{1,4}}[A-Za-z]?,? )?{_NUMBER},? "
    rf"(?P<street>{_NAMED}{_STREET}|The {_STREET})"
    # A flat in a named building.
    rf"|\b{_WITHIN} \d{{1,4}}[A-Za-z]?,? (?:of |at |in )?"
    rf"(?P<building>{_NAMED}(?:{_BUILDING}|{_STREET}))"
    # A house that has a name, in a street.
    rf"|\b(?P<house>(?:{_WORD} ){{1,2}}(?:Cottage|House|Farm|Lodge|Villa|Barn)|"
    rf"Old {_WORD}), {_NAMED}{_STREET}"
    # Where somebody is "of".
    rf"|, of (?P<of>{_NAMED}{_STREET})"
    # A house "in" a street, of which only the street is the author's to leave out.
    rf"|\b(?i:{_DWELLING})(?:s|es)? (?:in|on|at|off|along) (?P<in>{_NAMED}{_STREET})"
)
#: A town after the street belongs to the address.
_TOWN = re.compile(r"(?:, [A-Z][a-z'-]{2,20}){1,2}(?= |\.|,|;|\)|$)")
_NO_STREET = re.compile(
    r"\b(?:Crown|Magistrates'?|High(?! Street| Road)|Supreme|County|Family|Youth|Appeals?|"
    r"District|Sheriff|Border|National|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Operation|Police|Modern|West End|Premier|Open|Car|Theme|Gold|Silver|Bronze|Victims?|Monday|"
    r"Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
#: "A shop on the High Street" is any shop.
_MAIN_STREET = re.compile(r"^The |High Street|Downing Street")
_YEAR = re.compile(r"(?:19|20)\d\d,? ")


def addresses(reading: Reading) -> Iterator[Span]:
    """A number and a street, a flat in a named building, a named house, a house "in" a street."""
    text = reading.text
    for found in _ADDRESS.finditer(text):
        form = str(found.lastgroup)
        start = found.start(form) if form in ("in", "of") else found.start()
        if form == "in" and _MAIN_STREET.search(found["in"]):
            continue
        if _NO_STREET.search(found[form]) or (form == "street" and _YEAR.match(found[0])):
            continue
        town = _TOWN.match(text, found.end())
        yield Span(Kind.ADDRESS, start, town.end() if town else found.end(), WHY_ADDRESS)
