"""What search keeps beside the released versions, and what keeps it true.

Whatever a program does: a change of who may read a released version is noted in the transaction
that makes it, and what is no longer released leaves the index with it.
"""

from typing import ClassVar

import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

FORWARD = r"""
CREATE FUNCTION debriefs_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO debriefs_indexed (version_id, changed, read_by)
        VALUES (NEW.id, pg_current_xact_id()::text::bigint, 0)
        ON CONFLICT (version_id) DO UPDATE SET changed = excluded.changed;
    RETURN NULL;
END $$;
CREATE TRIGGER version_note_change AFTER UPDATE ON debriefs_version
    FOR EACH ROW WHEN (
        (OLD.state = 'released' OR NEW.state = 'released')
        AND (OLD.state, OLD.readers) IS DISTINCT FROM (NEW.state, NEW.readers)
    )
    EXECUTE FUNCTION debriefs_note_change();

CREATE FUNCTION debriefs_take_out_of_index() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM debriefs_posting WHERE (lexeme, version_id) IN (
        SELECT DISTINCT each.lexeme COLLATE "C", NEW.id
        FROM debriefs_passage p, unnest(p.words) AS each WHERE p.version_id = NEW.id);
    DELETE FROM debriefs_passage WHERE version_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER version_take_out_of_index AFTER UPDATE ON debriefs_version
    FOR EACH ROW WHEN (OLD.state = 'released' AND NEW.state <> 'released')
    EXECUTE FUNCTION debriefs_take_out_of_index();

-- The region of a debrief is that of the organisations that took part, and has a name.
CREATE FUNCTION debriefs_begin_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO debriefs_indexstate (id, average_length, epoch) VALUES (1, 600, 2)
        ON CONFLICT (id) DO UPDATE SET epoch = debriefs_indexstate.epoch + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER organisation_begins_epoch AFTER UPDATE OF region_id ON portal_organisation
    FOR EACH ROW WHEN (OLD.region_id IS DISTINCT FROM NEW.region_id)
    EXECUTE FUNCTION debriefs_begin_epoch();

CREATE TRIGGER region_begins_epoch AFTER UPDATE OF key, name ON portal_region
    FOR EACH ROW EXECUTE FUNCTION debriefs_begin_epoch();

ALTER FUNCTION debriefs_note_change() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_take_out_of_index() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_begin_epoch() SET search_path = public, pg_temp;
"""

BACKWARD = r"""
DROP TRIGGER region_begins_epoch ON portal_region;
DROP TRIGGER organisation_begins_epoch ON portal_organisation;
DROP FUNCTION debriefs_begin_epoch();
DROP TRIGGER version_take_out_of_index ON debriefs_version;
DROP FUNCTION debriefs_take_out_of_index();
DROP TRIGGER version_note_change ON debriefs_version;
DROP FUNCTION debriefs_note_change();
"""


class Migration(migrations.Migration):
    """Five tables, and four triggers; `manage.py rebuild_search` fills them for what is there."""

    dependencies: ClassVar = [
        ("debriefs", "0004_guard_the_work"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Indexed",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="indexed",
                        serialize=False,
                        to="debriefs.version",
                    ),
                ),
                ("changed", models.BigIntegerField(db_index=True)),
                ("read_by", models.PositiveIntegerField(default=0)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Spelling",
            fields=[
                ("word", models.TextField(db_collation="C", primary_key=True, serialize=False)),
                ("lexeme", models.TextField(db_collation="C")),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="IndexState",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("average_length", models.PositiveIntegerField()),
                ("epoch", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="one_state_of_the_index"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("head", "Title and summary"),
                            ("facts", "Facts"),
                            ("section", "Section"),
                            ("lesson", "Lesson"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "reach",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Participating forces"),
                            (2, "Policing"),
                            (3, "Law-enforcement partners"),
                            (4, "Public"),
                        ]
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "part",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="debriefs.part",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="debriefs.version",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "lexeme",
                        "version_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("at1", models.SmallIntegerField()),
                ("at2", models.SmallIntegerField()),
                ("at3", models.SmallIntegerField()),
                ("at4", models.SmallIntegerField()),
                ("lexeme", models.TextField(db_collation="C")),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="debriefs.version",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
