"""What the database refuses and works out for the work on a version: discarding, embargoes until
proceedings end, deputies, second editors, remarks and reviews.

Refused: a deputy's decision while a signatory of the force could decide; a release beyond policing
that no other editor proposed; a change of a remark's words, of an answered review, of what was said
about the end of proceedings, of the saves and accepted warnings of a sealed version.

Worked out: `until_proceedings_end` of a version, and no readers while it holds.
"""

import re
from importlib import import_module
from typing import ClassVar

from django.db import migrations

_before = import_module("debriefs.migrations.0002_guard_versions").FORWARD


def _as_it_was(name: str) -> str:
    """The definition of a function in the migration before, to go back to."""
    found = re.search(rf"CREATE FUNCTION {name}\(.*?\n(?:END )?\$\$;", _before, flags=re.DOTALL)
    if found is None:
        raise LookupError(name)
    return found[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


def _changed(name: str, *changes: tuple[str, str]) -> str:
    """The definition with these texts put in place of those, each of which must be there."""
    definition = _as_it_was(name)
    for old, new in changes:
        if old not in definition:
            raise LookupError(old)
        definition = definition.replace(old, new)
    return definition


SAFE = {
    "debriefs_life_columns": "debriefs_life_columns()",
    "debriefs_moves": "debriefs_moves()",
    "debriefs_refuse_change_to_decided": "debriefs_refuse_change_to_decided()",
    "debriefs_derive_version": "debriefs_derive_version()",
}
_SEARCH_PATHS = "\n".join(
    f"ALTER FUNCTION {signature} SET search_path = public, pg_temp;" for signature in SAFE.values()
)

FORWARD = "\n".join(
    (
        _changed(
            "debriefs_life_columns",
            ("'embargo_until',", "'embargo_until', 'until_proceedings_end',"),
        ),
        _changed(
            "debriefs_moves",
            (
                "('checking', 'drafting'),",
                "('checking', 'drafting'), ('drafting', 'discarded'), ('discarded', 'drafting'),",
            ),
        ),
        _changed(
            "debriefs_derive_version",
            (
                "    signed := EXISTS (",
                "    NEW.until_proceedings_end := EXISTS (\n"
                "        SELECT FROM debriefs_signoff s\n"
                "        WHERE s.version_id = NEW.id AND s.until_proceedings_end AND NOT EXISTS (\n"
                "            SELECT FROM debriefs_proceedingsend e WHERE e.signoff_id = s.id)\n"
                "    );\n"
                "    signed := EXISTS (",
            ),
            (
                "IF NEW.state = 'released' AND signed\n",
                "IF NEW.state = 'released' AND signed AND NOT NEW.until_proceedings_end\n",
            ),
        ),
        r"""
-- Whether a signatory of the organisation could decide on the version today. A deputy waits then.
CREATE FUNCTION debriefs_signatory_is_there(organisation bigint, version bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM portal_membership m JOIN portal_user u ON u.id = m.user_id
        WHERE m.organisation_id = organisation AND m.role = 'signatory' AND m.ended_at IS NULL
            AND u.is_active
            AND NOT EXISTS (
                SELECT FROM debriefs_version_contributors c
                WHERE c.version_id = version AND c.user_id = m.user_id)
            AND NOT EXISTS (
                SELECT FROM portal_absence a
                WHERE a.user_id = m.user_id AND a.organisation_id = organisation
                    AND a.ended_at IS NULL
                    AND (now() AT TIME ZONE 'Europe/London')::date
                        BETWEEN a.from_day AND a.until_day)
    )
$$;
""",
        _changed(
            "debriefs_refuse_change_to_decided",
            (
                "    RETURN NEW;\nEND $$;",
                """    IF NOT EXISTS (
        SELECT FROM portal_membership m
        WHERE m.user_id = NEW.decided_by_id AND m.organisation_id = NEW.organisation_id
            AND m.role = 'signatory' AND m.ended_at IS NULL
    ) AND debriefs_signatory_is_there(NEW.organisation_id, NEW.version_id) THEN
        RAISE EXCEPTION 'a deputy decides while every signatory is away'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;""",
            ),
        ),
        _SEARCH_PATHS,
        r"""
CREATE TRIGGER proceedings_end_derive AFTER INSERT ON debriefs_proceedingsend
    FOR EACH ROW EXECUTE FUNCTION debriefs_derive_after_withdrawal();
CREATE TRIGGER proceedings_end_seal BEFORE UPDATE OR DELETE ON debriefs_proceedingsend
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER stands BEFORE TRUNCATE ON debriefs_proceedingsend
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION debriefs_refuse_lone_release() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.proposed_by_id IS NULL
        AND (SELECT tier FROM portal_sharinggroup WHERE id = NEW.sharing_group_id) > 2 THEN
        RAISE EXCEPTION 'a second editor confirms what goes beyond policing'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER release_by_two BEFORE INSERT OR UPDATE ON debriefs_release
    FOR EACH ROW EXECUTE FUNCTION debriefs_refuse_lone_release();

CREATE TRIGGER acceptance_seal BEFORE INSERT OR UPDATE OR DELETE ON debriefs_acceptance
    FOR EACH ROW EXECUTE FUNCTION debriefs_refuse_change_to_sealed_row();
CREATE TRIGGER save_seal BEFORE INSERT OR UPDATE OR DELETE ON debriefs_save
    FOR EACH ROW EXECUTE FUNCTION debriefs_refuse_change_to_sealed_row();
CREATE TRIGGER stands BEFORE TRUNCATE ON debriefs_acceptance
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER stands BEFORE TRUNCATE ON debriefs_remark
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION debriefs_refuse_other_words() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - 'answer' - 'resolved_at' - 'resolved_by_id'
        <> to_jsonb(OLD) - 'answer' - 'resolved_at' - 'resolved_by_id' THEN
        RAISE EXCEPTION 'a remark keeps its words' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER remark_keeps_words BEFORE UPDATE ON debriefs_remark
    FOR EACH ROW EXECUTE FUNCTION debriefs_refuse_other_words();

CREATE TRIGGER review_stands BEFORE UPDATE OR DELETE ON debriefs_review
    FOR EACH ROW WHEN (OLD.outcome <> '') EXECUTE FUNCTION portal_refuse_change();
""",
    )
)

BACKWARD = "\n".join(
    (
        r"""
DROP TRIGGER review_stands ON debriefs_review;
DROP TRIGGER remark_keeps_words ON debriefs_remark;
DROP FUNCTION debriefs_refuse_other_words();
DROP TRIGGER stands ON debriefs_remark;
DROP TRIGGER stands ON debriefs_acceptance;
DROP TRIGGER save_seal ON debriefs_save;
DROP TRIGGER acceptance_seal ON debriefs_acceptance;
DROP TRIGGER release_by_two ON debriefs_release;
DROP FUNCTION debriefs_refuse_lone_release();
DROP TRIGGER stands ON debriefs_proceedingsend;
DROP TRIGGER proceedings_end_seal ON debriefs_proceedingsend;
DROP TRIGGER proceedings_end_derive ON debriefs_proceedingsend;
""",
        *(_as_it_was(name) for name in SAFE),
        _SEARCH_PATHS,
        "DROP FUNCTION debriefs_signatory_is_there(bigint, bigint);",
    )
)


class Migration(migrations.Migration):
    """Triggers and functions of the work on a version."""

    dependencies: ClassVar = [
        ("debriefs", "0003_the_work_on_a_version"),
        ("portal", "0003_absences"),
    ]

    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
