"""What identifies only together: three or more of age, people, place, day and a rare trait."""

from __future__ import annotations

import re
from collections.abc import Iterator

from debriefs.identifying.dates import DATE
from debriefs.identifying.finding import Kind, Span
from debriefs.identifying.reading import Reading, sentence_of
from debriefs.identifying.vocabulary import (
    AMBIGUOUS_TOWNS,
    COUNTRIES,
    PEOPLES,
    TOWNS,
    one_of,
)

#: How many of them make a person.
ENOUGH = 3

#: Where it starts and ends, and what it tells.
_Element = tuple[int, int, str]

_NUMBER = (
    r"(?:\d{1,2}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty)(?:-(?:one|two|three|four|five|six|"
    r"seven|eight|nine))?|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"seventeen|eighteen|nineteen)"
)
_SOMEBODY = (
    r"(?:woman|women|man|men|girls?|boys?|child|children|teenagers?|youths?|nationals?|citizens?|"
    r"victims?|suspects?|defendants?|workers?|labourers?|mothers?|fathers?|sisters?|brothers?|couple|"
    r"family|male|males|female|females|speaker|complainants?|survivors?|witness|witnesses|student|"
    r"driver|nanny|cleaner|gardener|fisherman|cook|chef|migrants?|minors?|adults?|person|people|"
    r"nurse|carer|twins|wife|husband|daughter|son)"
)
_KIN = (
    r"(?:father|mother|brother|sister|husband|wife|uncle|aunt|son|daughter|parents?|partner|cousin)"
)

_PEOPLE = one_of(PEOPLES)
_TRAIT = (
    r"pregnan(?:t|cy)|deaf|blind|wheelchair|amputee|amputated|autis(?:m|tic)|disab(?:led|ility|ilities)|"
    r"learning (?:difficulty|difficulties|disability|disabilities)|epilep(?:sy|tic)|HIV|diabetic|"
    r"schizophreni[ac]|transgender|twins?|triplets?|dwarfism|albino|birthmark|stammer|prosthetic|"
    r"dementia|one[- ](?:arm|leg|eye|hand)(?:ed)?|"
    r"(?:missing|lost) (?:\w{2,5} )?(?:fingers?|toes?|hand|arm|leg|foot|eye)"
)

_BE = r"(?:was|is|were|are)"
#: What makes of "of 44" no age.
_NO_AGE = r"(?! ?(?:[-+%]|to \d|(?:years?|months?|weeks?|days?|hours?|stone|per|people|of)\b))"

#: What is told of somebody, and the words that tell it.
_ELEMENTS = {
    "the exact age": re.compile(
        rf"\b{_NUMBER}[ -]years?[ -]olds?\b|"
        rf"\b(?:aged|age|age of) {_NUMBER}\b(?!\+)(?! ?(?:-|to|and|or|plus) ?"
        r"(?:\d|\w{3,5}teen|over|under|above|older|younger|twenty|thirty))|"
        rf"\b(?:{_BE}|only|just) {_NUMBER}(?=,? (?:and|when|at the time)\b|[.;,])|"
        rf"\bturned {_NUMBER}\b{_NO_AGE}|"
        rf"\b{_SOMEBODY} of {_NUMBER}\b{_NO_AGE}|"
        rf"\b(?:{_PEOPLE}|{_SOMEBODY}), \d\d(?=[,;)])|\b{_SOMEBODY} \(\d\d\)",
        re.IGNORECASE,
    ),
    "the nationality or language": re.compile(
        rf"\b{_PEOPLE}(?:-speaking)?(?=(?:[ ,-]{{1,2}}[a-z]{{2,14}}){{0,3}}[ -]{_SOMEBODY}\b)|"
        rf"\b(?:{_BE}|all|both|mostly) {_PEOPLE}\b(?! (?!and\b)[A-Za-z])|"
        rf"(?<=, ){_PEOPLE}(?=[,.;)])|(?<=\(){_PEOPLE}(?=[,;)])|"
        rf"\b(?:spoke|speaks|speaking) (?:only )?{_PEOPLE}\b|"
        rf"\b[Ff]rom (?:a village in |rural |northern |southern )?{one_of(COUNTRIES)}\b"
    ),
    "the town": re.compile(
        rf"(?<![\w-]){one_of(TOWNS)}\b|"
        rf"\b(?:in|at|near|from|outside|to) {one_of(AMBIGUOUS_TOWNS)}\b|"
        r"\b(?:village|hamlet|town) of [A-Z][a-z]{2,20}\b"
    ),
    "the exact day": re.compile(DATE),
    "a rare trait": re.compile(
        rf"\b(?:{_TRAIT})\b|"
        rf"\b{_KIN} (?:is|was|had been|works as|worked as) (?:a|an|the) [a-z]{{3,20}}\b|"
        rf"\b(?:daughter|son|wife|husband|sister|brother|widow) of (?:a|an|the) [a-z]{{3,20}}\b",
        re.IGNORECASE,
    ),
}

#: A town in these is the name of a body or a building, and says nothing of where somebody was.
_BODY_AFTER = re.compile(
    r"(?:'s)? (?:(?:City|Borough|Metropolitan|County|District|Town) )?"
    r"(?:(?:Crown|County|Youth|Combined) Court|Magistrates|Council|Police|University|Airport|"
    r"Constabulary|CPS|Road|Street|Lane|United|Safeguarding)\b"
)
_BODY_BEFORE = re.compile(
    r"\b(?:Operation|Op|HMP|HMYOI|[Cc]ourt (?:at|in|sitting at)|Greater|University of|Bishop of|"
    r"Mayor of|City of|CPS) $"
)


def combinations(reading: Reading) -> Iterator[Span]:
    """Each sentence, or two neighbouring ones of a paragraph, that say enough of them.

    A sentence counts once: three that follow each other are no one long finding.
    """
    by_sentence: dict[int, list[_Element]] = {}
    starts = reading.sentences()
    for element in sorted(_elements(reading.text)):
        by_sentence.setdefault(sentence_of(starts, element[0]), []).append(element)
    last = 0
    for number, told in by_sentence.items():
        following = by_sentence.get(number + 1, [])
        if _kinds(told) < ENOUGH and _kinds(following) < ENOUGH:
            told = told + following
            if "\n" in reading.text[told[0][0] : told[-1][0]]:
                continue
        if _kinds(told) >= ENOUGH and told[0][0] >= last:
            last = max(end for _, end, _ in told)
            yield Span(Kind.COMBINATION, told[0][0], last, _why(told))


def _elements(text: str) -> Iterator[_Element]:
    for what, pattern in _ELEMENTS.items():
        for found in pattern.finditer(text):
            if what == "the town" and (
                _BODY_AFTER.match(text, found.end())
                or _BODY_BEFORE.search(text[max(0, found.start() - 16) : found.start()])
            ):
                continue
            yield found.start(), found.end(), what


def _kinds(group: list[_Element]) -> int:
    return len({what for _, _, what in group})


def _why(group: list[_Element]) -> str:
    told = list(dict.fromkeys(what for _, _, what in group))
    listed = f"{', '.join(told[:-1])} and {told[-1]}"
    return (
        f"Together {listed} can identify somebody. "
        "Make one or two of them wider: an age band, the region, the year."
    )
