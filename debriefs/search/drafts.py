"""Which of the drafts that somebody works on answer a question, and where?

Nothing of a draft is in the index. There are few, so their words are looked through at the time of
asking, with the same dictionary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from django.db import connection
from django.urls import reverse

from debriefs import permissions
from debriefs.models import Part, Version
from debriefs.search import passages
from debriefs.search.passages import Hit
from debriefs.search.query import Asked
from debriefs.search.ranking import quoted
from debriefs.search.words import lexemes, words_of
from debriefs.workflow import OPEN_STATES, State
from portal.models import User

#: Drafts that are shown, and passages of each.
MOST, A_DRAFT = 20, 3
#: A word in the title or the operation's name counts so much more.
TITLE = 2.0

_LOOK = """
    SELECT texts.version, texts.part, ARRAY(
        SELECT word.number FROM unnest(%(words)s::tsquery[])
            WITH ORDINALITY AS word (asked, number) WHERE texts.words @@ word.asked),
        texts.words @@ ANY(%(without)s::tsquery[])
    FROM (
        SELECT v.id AS version, NULL::bigint AS part,
            to_tsvector('english', concat_ws('. ', d.operation, v.title, v.summary)) AS words
        FROM debriefs_version v JOIN debriefs_debrief d ON d.id = v.debrief_id
        WHERE v.id = ANY(%(versions)s)
        UNION ALL
        SELECT p.version_id, p.id, to_tsvector('english', concat_ws('. ', p.title, p.text))
        FROM debriefs_part p WHERE p.version_id = ANY(%(versions)s)
    ) texts
"""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of a draft that answers, and where it is written, or read where it is sealed."""

    hit: Hit
    url: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that answers; without passages where only its title or summary does."""

    version: Version
    operation: str
    url: str
    passages: Sequence[Passage]

    @property
    def state(self) -> State:
        """Where it is in its life."""
        return State(self.version.state)


def find(person: User, asked: Asked) -> list[Draft]:
    """The open versions that the person works on with any of the words, best first; at most four
    queries, however many."""
    states = [state.value for state in OPEN_STATES]
    mine = permissions.can_work_on.things(person).filter(state__in=states)
    versions = {version.pk: version for version in mine.select_related("debrief")}
    besides = [word.text for text in asked.without for word in words_of(text)]
    known = lexemes([*asked.all_words, *besides])
    wanted = [lexeme for lexeme in dict.fromkeys(known[word] for word in asked.all_words) if lexeme]
    if not wanted:
        return []
    rows = _look(list(versions), wanted, [known[word] for word in besides if known[word]])
    worth = _worth(wanted, [there for _, _, there, _ in rows])
    excluded = {version for version, _, _, without in rows if without}
    scores: dict[int, float] = {}
    found: dict[int, list[tuple[float, int]]] = {}
    for version, part, there, _ in rows:
        value = sum(worth[lexeme] for lexeme in there)
        if not value or version in excluded:
            continue
        scores[version] = scores.get(version, 0.0) + value * (1 if part else TITLE)
        if part:
            found.setdefault(version, []).append((value, part))
    best = sorted(scores, key=lambda version: (-scores[version], version))[:MOST]
    chosen = {
        version: [part for _, part in sorted(found.get(version, ()), key=_first)[:A_DRAFT]]
        for version in best
    }
    parts = Part.objects.in_bulk([part for each in chosen.values() for part in each])
    hits = passages.in_parts(parts.values(), worth)
    return [
        _draft(versions[version], [(parts[part], hits[part]) for part in chosen[version]])
        for version in best
    ]


def _first(found: tuple[float, int]) -> tuple[float, int]:
    value, part = found
    return -value, part


def _look(
    versions: Sequence[int], wanted: Sequence[str], without: Sequence[str]
) -> list[tuple[int, int | None, list[str], bool]]:
    """Every text of these versions: which of the words it has, and whether one that it must not."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LOOK,
            {
                "versions": list(versions),
                "words": [quoted(lexeme) for lexeme in wanted],
                "without": [quoted(lexeme) for lexeme in without],
            },
        )
        return [
            (version, part, [wanted[number - 1] for number in numbers], without)
            for version, part, numbers, without in cursor.fetchall()
        ]


def _worth(wanted: Sequence[str], texts: Sequence[Sequence[str]]) -> dict[str, float]:
    """What each word is worth: more, the fewer of these texts have it."""
    having = {lexeme: sum(lexeme in there for there in texts) for lexeme in wanted}
    return {
        lexeme: log(1 + (len(texts) - many + 0.5) / (many + 0.5)) for lexeme, many in having.items()
    }


def _draft(version: Version, found: Sequence[tuple[Part, Hit]]) -> Draft:
    slug = version.debrief.slug
    drafting = version.state == State.DRAFTING
    read = version.get_absolute_url()
    return Draft(
        version,
        version.debrief.operation,
        reverse("debriefs:draft", args=[slug]) if drafting else read,
        [
            Passage(
                hit,
                reverse("debriefs:part", args=[slug, part.identity])
                if drafting
                else f"{read}#{hit.fragment}",
            )
            for part, hit in found
        ],
    )
