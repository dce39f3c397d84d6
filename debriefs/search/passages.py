"""Where in a debrief is the answer? The best paragraphs of each hit, with the words marked.

Which passages are looked at is asked of the index; what is shown comes from the parts themselves,
and only from those that the visitor may read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from debriefs.models import Part
from debriefs.search import together
from debriefs.search.finding import Found
from debriefs.search.together import Match
from debriefs.search.words import Word, lexemes, word_set, words_of
from debriefs.text import paragraphs as paragraphs_of
from portal.prepared import Prepared
from portal.standing import Visitor, groups_of, standing_in

#: Passages of one debrief that are shown.
A_DEBRIEF = 2
#: What one passage adds to the others must be worth so much of what the best is worth.
WORTH_SHOWING = 0.5
#: Characters of a snippet, and of what stands before its first mark.
LONGEST, BEFORE = 260, 80

#: Texts that a process keeps taken apart.
KEPT = 1_000

#: The texts of a part, with what the anchors of their paragraphs begin with after that of the part.
_TEXTS = (
    ("html", ""),
    ("observed_html", "-observed"),
    ("mattered_html", "-mattered"),
    ("action_html", "-action"),
)

#: What is shown of these parts, as far as these groups may read them.
_parts = Prepared(
    lambda numbers, groups: (
        Part.objects.visible_to(standing_in(groups))
        .filter(pk__in=numbers)
        .order_by()
        .only("identity", "kind", "title", *(name for name, _ in _TEXTS))
    )
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One paragraph that answers: under which heading, where, and its words with the found ones
    marked."""

    where: str
    fragment: str
    snippet: SafeString


def best(visitor: Visitor, found: Found, versions: Sequence[int]) -> dict[int, list[Hit]]:
    """For each of these versions its best paragraphs, best first; none where only the title, the
    summary or the facts answer. At most three queries, however many versions."""
    worth = found.worth
    if not worth or not versions:
        return {}
    missing = [version for version in versions if version not in found.matches]
    matches = found.matches | together.matches(found.view, dict(worth), found.question, missing)
    chosen = {version: _chosen(matches.get(version, ())) for version in versions}
    numbers = [part for mine in chosen.values() for part in mine]
    hits = in_parts(_parts(numbers=numbers, groups=groups_of(visitor)), worth)
    return {
        version: [hits[number] for number in mine if number in hits]
        for version, mine in chosen.items()
    }


def in_parts(parts: Iterable[Part], worth: Mapping[str, float]) -> dict[int, Hit]:
    """The best paragraph of each of these parts, by the part's number; at most one query."""
    paragraphs = [(part, _paragraphs(part)) for part in parts]
    known = lexemes(set().union(*(each.words for _, mine in paragraphs for each in mine)))
    sought = {word: lexeme for word, lexeme in known.items() if lexeme in worth}
    return {part.pk: _hit(part, mine, worth, sought) for part, mine in paragraphs}


def _chosen(matches: Iterable[Match]) -> list[int]:
    """The parts to show: the best, then those that are nearly as good."""
    worth = {match.part: match.worth for match in matches if match.part is not None}
    least = WORTH_SHOWING * max(worth.values(), default=0)
    ordered = sorted(worth, key=lambda part: (-worth[part], part))
    return [part for part in ordered[:A_DEBRIEF] if worth[part] >= least]


@dataclass(frozen=True, slots=True)
class _Paragraph:
    fragment: str
    text: str
    words: frozenset[str]


def _paragraphs(part: Part) -> list[_Paragraph]:
    """The paragraphs of a part, each with the fragment of the page that leads to it."""
    return [
        _Paragraph(f"{part.anchor}{suffix}-p{number}", text, words)
        for name, suffix in _TEXTS
        for number, (text, words) in enumerate(_taken_apart(getattr(part, name)), 1)
    ]


@lru_cache(maxsize=KEPT)
def _taken_apart(markup: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The paragraphs of a text with their different words: what is often found is taken apart
    once."""
    return tuple((text, frozenset(word_set(text))) for text in paragraphs_of(markup))


def _hit(
    part: Part,
    paragraphs: Sequence[_Paragraph],
    worth: Mapping[str, float],
    sought: Mapping[str, str],
) -> Hit:
    """The best paragraph of a part; its heading alone where only that answers. `sought` are the
    words to mark, each with its lexeme."""
    fragment, text = part.anchor, paragraphs[0].text if paragraphs else ""
    most = 0.0
    for each in paragraphs:
        there = {sought[word] for word in each.words & sought.keys()}
        value = sum(worth[lexeme] for lexeme in there)
        if value > most:
            most, fragment, text = value, each.fragment, each.text
    return Hit(part.title, fragment, marked(text, worth, sought))


def marked(text: str, worth: Mapping[str, float], sought: Mapping[str, str]) -> SafeString:
    """The stretch of a text in which most of what is looked for stands, with it marked."""
    places = words_of(text, sought)
    begin = _begin(text, places, worth, sought)
    end = len(text) if len(text) - begin <= LONGEST else text.rfind(" ", begin, begin + LONGEST)
    if end <= begin:
        end = begin + LONGEST
    pieces, written = ["… " if begin else ""], begin
    for word in places:
        if word.begin >= begin and word.end <= end:
            pieces += [
                escape(text[written : word.begin]),
                f"<mark>{escape(text[word.begin : word.end])}</mark>",
            ]
            written = word.end
    pieces += [escape(text[written:end]), " …" if end < len(text) else ""]
    return mark_safe("".join(pieces))  # noqa: S308 - every piece of the text is escaped


def _begin(
    text: str, places: Sequence[Word], worth: Mapping[str, float], sought: Mapping[str, str]
) -> int:
    """Where a snippet of this text begins: shortly before the densest stretch, at a word."""
    if len(text) <= LONGEST or not places:
        return 0
    best, start = -1.0, 0
    for first in places:
        within = {
            sought[word.text]
            for word in places
            if first.begin <= word.begin <= first.begin + LONGEST - BEFORE
        }
        value = sum(worth[lexeme] for lexeme in within)
        if value > best:
            best, start = value, first.begin
    if start <= BEFORE:
        return 0
    return text.find(" ", start - BEFORE, start) + 1 or start
