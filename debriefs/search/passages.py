"""Where in a debrief is the answer? The best paragraphs of each hit, with the words marked.

Which passages are looked at is asked of the index; what is shown comes from the parts themselves,
and only from those that the visitor may read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from debriefs.models import Part
from debriefs.search.finding import Found
from debriefs.search.ranking import quoted
from debriefs.search.words import Word, lexemes, words_of
from debriefs.text import paragraphs
from portal.standing import Visitor

#: Passages of one debrief that are shown.
A_DEBRIEF = 3
#: What one passage adds to the others must be worth so much of what the best is worth.
WORTH_SHOWING = 0.5
#: Characters of a snippet, and of what stands before its first mark.
LONGEST, BEFORE = 260, 80
#: Words that are looked for in passages, the rarest of a question.
MOST_WORDS = 16
#: A lesson is worth more than a section with the same words.
LESSON = 1.25

#: The texts of a part, with what the anchors of their paragraphs begin with after that of the part.
_TEXTS = (
    ("html", ""),
    ("observed_html", "-observed"),
    ("mattered_html", "-mattered"),
    ("action_html", "-action"),
)

_MATCHES = """
    SELECT p.version_id, p.part_id, p.kind, ARRAY(
        SELECT word.number FROM unnest(%(words)s::tsquery[]) WITH ORDINALITY AS word (is, number)
        WHERE p.words @@ word.is)
    FROM unnest(%(versions)s::bigint[], %(clearances)s::int[]) AS wanted (version, clearance)
    JOIN debriefs_passage p ON p.version_id = wanted.version AND p.reach >= wanted.clearance
    WHERE p.part_id IS NOT NULL AND p.words @@ %(any)s::tsquery
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One paragraph that answers: under which heading, where, and its words with the found ones
    marked."""

    where: str
    fragment: str
    snippet: SafeString


def best(visitor: Visitor, found: Found, versions: Sequence[int]) -> dict[int, list[Hit]]:
    """For each of these versions its best paragraphs, best first; none where only the title, the
    summary or the facts answer. Three queries, however many versions."""
    worth = dict(sorted(found.lexemes.items(), key=lambda each: -each[1])[:MOST_WORDS])
    if not worth or not versions:
        return {}
    chosen = _chosen(_worth_of_passages(found, versions, worth))
    parts = Part.objects.visible_to(visitor).in_bulk(
        [part for mine in chosen.values() for part in mine]
    )
    texts = {number: _paragraphs(part) for number, part in parts.items()}
    known = lexemes(
        word.text for each in texts.values() for _, text in each for word in words_of(text)
    )
    return {
        version: [
            _hit(parts[number], texts[number], worth, known) for number in mine if number in parts
        ]
        for version, mine in chosen.items()
    }


#: For each version its passages: the part, what it is worth, and which words it has.
_Matches = dict[int, list[tuple[int, float, frozenset[str]]]]


def _worth_of_passages(
    found: Found, versions: Sequence[int], worth: Mapping[str, float]
) -> _Matches:
    words = list(worth)
    clearance = found.view.clearance
    parameters: dict[str, Any] = {
        "words": [quoted(word) for word in words],
        "any": " | ".join(quoted(word) for word in words),
        "versions": list(versions),
        "clearances": [int(clearance[version]) for version in versions],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MATCHES, parameters)
        rows = cursor.fetchall()
    matches: _Matches = {}
    for version, part, kind, numbers in rows:
        there = frozenset(words[number - 1] for number in numbers)
        value = sum(worth[word] for word in there) * (LESSON if kind == "lesson" else 1)
        matches.setdefault(version, []).append((part, value, there))
    return matches


def _chosen(matches: _Matches) -> dict[int, list[int]]:
    """The passages to show: the best, then those that are nearly as good."""
    chosen = {}
    for version, mine in matches.items():
        ordered = sorted(mine, key=lambda each: (-each[1], each[0]))
        least = WORTH_SHOWING * ordered[0][1]
        chosen[version] = [part for part, value, _ in ordered[:A_DEBRIEF] if value >= least]
    return chosen


def _paragraphs(part: Part) -> list[tuple[str, str]]:
    """The paragraphs of a part, each with the fragment of the page that leads to it."""
    return [
        (f"{part.anchor}{suffix}-p{number}", text)
        for name, suffix in _TEXTS
        for number, text in enumerate(paragraphs(getattr(part, name)), 1)
    ]


def _hit(
    part: Part,
    texts: Sequence[tuple[str, str]],
    worth: Mapping[str, float],
    known: Mapping[str, str],
) -> Hit:
    """The best paragraph of a part; its heading alone where only that answers."""
    fragment, text = part.anchor, texts[0][1] if texts else ""
    most = 0.0
    for where, each in texts:
        there = {known[word.text] for word in words_of(each)} & worth.keys()
        value = sum(worth[lexeme] for lexeme in there)
        if value > most:
            most, fragment, text = value, where, each
    return Hit(part.title, fragment, marked(text, worth, known))


def marked(text: str, worth: Mapping[str, float], known: Mapping[str, str]) -> SafeString:
    """The stretch of a text in which most of what is looked for stands, with it marked."""
    words = words_of(text)
    places = [word for word in words if known[word.text] in worth]
    begin = _begin(text, places, worth, known)
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
    text: str, places: Sequence[Word], worth: Mapping[str, float], known: Mapping[str, str]
) -> int:
    """Where a snippet of this text begins: shortly before the densest stretch, at a word."""
    if len(text) <= LONGEST or not places:
        return 0
    best, start = -1.0, 0
    for first in places:
        within = {
            known[word.text]
            for word in places
            if first.begin <= word.begin <= first.begin + LONGEST - BEFORE
        }
        value = sum(worth[lexeme] for lexeme in within)
        if value > best:
            best, start = value, first.begin
    if start <= BEFORE:
        return 0
    return text.find(" ", start - BEFORE, start) + 1 or start
