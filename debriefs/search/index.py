"""What search keeps of a released version, and how is it written?

All of it is worked out in the database from the words that were signed, with PostgreSQL's English
dictionary. Impacts are those of BM25 (Robertson and Zaragoza, 2009) as Lucene computes them, over
the words of all parts that a reader of that clearance sees, with the words of titles and lessons
counted several times.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

from debriefs.models import Version
from debriefs.workflow import State

#: Saturation of repeated words, and how much a long text is held against it.
K1, B = 1.5, 0.75

#: How often a word counts where it stands; in a lesson's own words once and a half.
OPERATION, TITLE, HEADING, LESSON, PLAIN = 4.0, 3.0, 3.0, 1.5, 1.0

#: Words in a version until a rebuild has counted: impacts hardly depend on it.
USUAL_LENGTH = 600

#: Versions that are written in one go.
AT_ONCE = 500

#: Every text of the versions `%(versions)s`: how far it travels, how much its words count, in which
#: passage it stands, and whether as its heading (A) or its body (D).
TEXTS = f"""
    SELECT v.id AS version, NULL::bigint AS part, 'head' AS kind, 4 AS reach,
        {OPERATION} AS weight, 'A' AS label, d.operation AS text
    FROM debriefs_version v JOIN debriefs_debrief d ON d.id = v.debrief_id
    WHERE v.id = ANY(%(versions)s)
    UNION ALL
    SELECT v.id, NULL, 'head', 4, {TITLE}, 'A', v.title
    FROM debriefs_version v WHERE v.id = ANY(%(versions)s)
    UNION ALL
    SELECT v.id, NULL, 'head', 4, {PLAIN}, 'D', v.summary
    FROM debriefs_version v WHERE v.id = ANY(%(versions)s)
    UNION ALL
    SELECT p.version_id, p.id, p.kind, p.reach, {HEADING}, 'A', concat_ws(' ', p.title, t.name)
    FROM debriefs_part p LEFT JOIN debriefs_theme t ON t.id = p.theme_id
    WHERE p.version_id = ANY(%(versions)s)
    UNION ALL
    SELECT p.version_id, p.id, p.kind, p.reach,
        CASE p.kind WHEN 'lesson' THEN {LESSON} ELSE {PLAIN} END, 'D', p.text
    FROM debriefs_part p WHERE p.version_id = ANY(%(versions)s)
    UNION ALL
    SELECT v.id, NULL, 'facts', v.facts_reach, {PLAIN}, 'D', concat_ws('. ', v.talk_title,
        (SELECT string_agg(o.name || ' ' || o.short_name, '. ') FROM debriefs_participation p
            JOIN portal_organisation o ON o.id = p.organisation_id WHERE p.version_id = v.id),
        (SELECT string_agg(t.name, '. ') FROM debriefs_version_themes l
            JOIN debriefs_theme t ON t.id = l.theme_id WHERE l.version_id = v.id),
        (SELECT string_agg(t.name, '. ') FROM debriefs_version_exploitation l
            JOIN debriefs_exploitationtype t ON t.id = l.exploitationtype_id
            WHERE l.version_id = v.id),
        (SELECT string_agg(t.name, '. ') FROM debriefs_version_offences l
            JOIN debriefs_offence t ON t.id = l.offence_id WHERE l.version_id = v.id),
        (SELECT string_agg(t.name, '. ') FROM debriefs_version_countries l
            JOIN debriefs_country t ON t.id = l.country_id WHERE l.version_id = v.id))
    FROM debriefs_version v WHERE v.id = ANY(%(versions)s)
"""

_IMPACTS = ", ".join(
    f"round(1000 * {K1 + 1} * tf{n} / (tf{n} + {K1} * (1 - {B} + {B} * length{n} / average)))"
    for n in (1, 2, 3, 4)
)
_COUNTS = ", ".join(
    f"coalesce(sum(weight * tf) FILTER (WHERE reach >= {n}), 0) AS tf{n}" for n in (1, 2, 3, 4)
)
_LENGTHS = ", ".join(f"sum(tf{n}) OVER (PARTITION BY version) AS length{n}" for n in (1, 2, 3, 4))

WRITE_POSTINGS = f"""
    INSERT INTO debriefs_posting (lexeme, version_id, at1, at2, at3, at4)
    SELECT lexeme, version, {_IMPACTS}
    FROM (
        SELECT *, {_LENGTHS},
            coalesce((SELECT average_length FROM debriefs_indexstate), {USUAL_LENGTH}) AS average
        FROM (
            SELECT version, lexeme, {_COUNTS}
            FROM (
                SELECT version, reach, weight, found.lexeme COLLATE "C" AS lexeme,
                    cardinality(found.positions) AS tf
                FROM ({TEXTS}) texts, unnest(to_tsvector('english', text)) AS found
            ) counted
            GROUP BY version, lexeme
        ) summed
    ) measured
    ORDER BY lexeme, version
"""

WRITE_PASSAGES = f"""
    INSERT INTO debriefs_passage (version_id, part_id, kind, reach, words)
    SELECT version, part, kind, reach,
        setweight(to_tsvector('english', coalesce(string_agg(text, '. ')
            FILTER (WHERE label = 'A'), '')), 'A')
        || to_tsvector('english', coalesce(string_agg(text, '. ') FILTER (WHERE label = 'D'), ''))
    FROM ({TEXTS}) texts GROUP BY version, part, kind, reach
"""

#: In the order of the words: two releases at once would otherwise wait for each other.
WRITE_SPELLINGS = f"""
    INSERT INTO debriefs_spelling (word, lexeme)
    SELECT word, (ts_lexize('english_stem', word))[1] FROM (
        SELECT DISTINCT found.lexeme COLLATE "C" AS word
        FROM ({TEXTS}) texts, unnest(to_tsvector('simple', text)) AS found
        WHERE length(found.lexeme) BETWEEN 3 AND 30 AND found.lexeme ~ '^[[:alpha:]]+$'
    ) words
    WHERE cardinality(ts_lexize('english_stem', word)) > 0
    ORDER BY word
    ON CONFLICT DO NOTHING
"""

TAKE_OUT = (
    "DELETE FROM debriefs_posting WHERE version_id = ANY(%(versions)s) AND lexeme IN ("
    '  SELECT each.lexeme COLLATE "C" FROM debriefs_passage p, unnest(p.words) AS each'
    "  WHERE p.version_id = ANY(%(versions)s))",
    "DELETE FROM debriefs_passage WHERE version_id = ANY(%(versions)s)",
)


def add(versions: Iterable[int]) -> None:
    """These versions are found from now on, by those who may read them; within the transaction of
    the caller. They are indexed already or not, and released."""
    numbers = list(versions)
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (*TAKE_OUT, WRITE_POSTINGS, WRITE_PASSAGES, WRITE_SPELLINGS):
            cursor.execute(statement, {"versions": numbers})


def rebuild() -> int:
    """Write the index of everything that is released afresh, with the average length of today; how
    many versions there are.

    The portal goes on meanwhile. A version that is released or taken back during the rebuild waits
    for the few seconds that its portion takes. What processes keep is read again.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_EVERYTHING)
        cursor.execute(_MEASURE, {"usual": USUAL_LENGTH})
    released = Version.objects.filter(state=State.RELEASED.value).order_by("pk")
    numbers = list(released.values_list("pk", flat=True))
    for first in range(0, len(numbers), AT_ONCE):
        portion = numbers[first : first + AT_ONCE]
        with transaction.atomic():
            locked = released.select_for_update().filter(pk__in=portion)
            add(locked.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_EVERYTHING)
        cursor.execute(_FORGET_SPELLINGS)
        cursor.execute(_NEXT_EPOCH, {"usual": USUAL_LENGTH})
    return len(numbers)


def count_readers() -> int:
    """Bring up to date how many people have opened each released debrief; for how many versions
    that number moved."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_READERS)
        return int(cursor.rowcount)


_COUNT_READERS = """
    UPDATE debriefs_indexed i
    SET read_by = counted.people, changed = pg_current_xact_id()::text::bigint
    FROM (
        SELECT v.id, count(DISTINCT e.actor_id) AS people
        FROM debriefs_version v JOIN portal_auditevent e
            ON e.debrief = v.debrief_id AND e.verb = 'version.read'
        WHERE v.state = 'released' GROUP BY v.id
    ) counted
    WHERE i.version_id = counted.id AND i.read_by <> counted.people
"""

#: Rows that a trigger would have written; their numbers of transaction made those of this database,
#: which after a restore they may not be.
_NOTE_EVERYTHING = """
    INSERT INTO debriefs_indexed (version_id, changed, read_by)
    SELECT id, pg_current_xact_id()::text::bigint, 0 FROM debriefs_version
    WHERE state = 'released'
    ON CONFLICT (version_id) DO UPDATE SET changed = excluded.changed
"""

#: Rounded to a power of two: a number about everything that is released must not tell when one
#: more is. Lengths are weighted as in the postings; a sample is enough.
_MEASURE = f"""
    WITH sample AS (
        SELECT array_agg(id) AS numbers FROM (
            SELECT id FROM debriefs_version WHERE state = 'released'
            ORDER BY md5(id::text) LIMIT 2000
        ) AS taken
    ), lengths AS (
        SELECT version, sum(weight * (
            SELECT sum(cardinality(each.positions)) FROM unnest(to_tsvector('english', text)) each
        )) AS length
        FROM ({TEXTS.replace("ANY(%(versions)s)", "ANY((SELECT numbers FROM sample)::bigint[])")})
            texts
        GROUP BY version
    ), average AS (
        SELECT coalesce(avg(length), %(usual)s) AS length FROM lengths WHERE length > 0
    )
    INSERT INTO debriefs_indexstate (id, average_length, epoch)
    SELECT 1, greatest(16, power(2, round(log(2, length)))), 1 FROM average
    ON CONFLICT (id) DO UPDATE SET average_length = excluded.average_length
"""

_FORGET_SPELLINGS = """
    DELETE FROM debriefs_spelling s WHERE NOT EXISTS (
        SELECT FROM debriefs_posting p WHERE p.lexeme = s.lexeme)
"""

_NEXT_EPOCH = """
    INSERT INTO debriefs_indexstate (id, average_length, epoch) VALUES (1, %(usual)s, 2)
    ON CONFLICT (id) DO UPDATE SET epoch = debriefs_indexstate.epoch + 1
"""
