"""What the database itself refuses, and who may read, which it works out itself.

Refused: any change to what a sealed version says, to its parts, participants or lists; any change
to a decided sign-off or a withdrawn consent; a decision on another digest than the version's. Only
the columns named in `debriefs_life_columns()` may move after sealing, so a column that is added
later is guarded from its first day.

Worked out: `ceiling`, `embargo_until`, `readers`, `facts_readers` and `former_readers` of a version
and `readers` of a part, whenever anything they follow from changes: grants, tiers, signatures,
withdrawals, releases, and the members of a group of participating forces. Whatever a program writes
into these columns is overwritten.
"""

from typing import ClassVar

from django.db import migrations

FORWARD = r"""
-- Where a version is in its life, and what is worked out; everything else is what it says.
CREATE FUNCTION debriefs_life_columns() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['state', 'released_at', 'superseded_at', 'withdrawn_at',
                 'ceiling', 'embargo_until', 'readers', 'facts_readers', 'former_readers']
$$;

CREATE FUNCTION debriefs_refuse_change_to_sealed_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sealed_at IS NULL THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE'
        AND to_jsonb(NEW) - debriefs_life_columns() = to_jsonb(OLD) - debriefs_life_columns() THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a sealed version does not change' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER version_seal BEFORE UPDATE OR DELETE ON debriefs_version
    FOR EACH ROW EXECUTE FUNCTION debriefs_refuse_change_to_sealed_version();

-- Waits for a seal that is under way, and lets none begin before this transaction ends.
CREATE FUNCTION debriefs_is_sealed(version bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    sealed timestamptz;
BEGIN
    SELECT v.sealed_at INTO sealed FROM debriefs_version v WHERE v.id = version FOR SHARE;
    RETURN sealed IS NOT NULL;
END $$;

CREATE FUNCTION debriefs_refuse_change_to_sealed_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND debriefs_is_sealed(OLD.version_id)
        OR TG_OP <> 'DELETE' AND debriefs_is_sealed(NEW.version_id) THEN
        IF TG_TABLE_NAME = 'debriefs_part' AND TG_OP = 'UPDATE' THEN
            IF to_jsonb(NEW) - 'readers' = to_jsonb(OLD) - 'readers' THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'a sealed version does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER part_seal BEFORE INSERT OR UPDATE OR DELETE ON debriefs_part
    FOR EACH ROW EXECUTE FUNCTION debriefs_refuse_change_to_sealed_row();
CREATE TRIGGER participation_seal BEFORE INSERT OR UPDATE OR DELETE ON debriefs_participation
    FOR EACH ROW EXECUTE FUNCTION debriefs_refuse_change_to_sealed_row();
CREATE TRIGGER exploitation_seal BEFORE INSERT OR UPDATE OR DELETE ON debriefs_version_exploitation
    FOR EACH ROW EXECUTE FUNCTION debriefs_refuse_change_to_sealed_row();
CREATE TRIGGER offences_seal BEFORE INSERT OR UPDATE OR DELETE ON debriefs_version_offences
    FOR EACH ROW EXECUTE FUNCTION debriefs_refuse_change_to_sealed_row();
CREATE TRIGGER countries_seal BEFORE INSERT OR UPDATE OR DELETE ON debriefs_version_countries
    FOR EACH ROW EXECUTE FUNCTION debriefs_refuse_change_to_sealed_row();
CREATE TRIGGER themes_seal BEFORE INSERT OR UPDATE OR DELETE ON debriefs_version_themes
    FOR EACH ROW EXECUTE FUNCTION debriefs_refuse_change_to_sealed_row();
-- Who wrote it says who may not sign it.
CREATE TRIGGER contributors_seal BEFORE INSERT OR UPDATE OR DELETE ON debriefs_version_contributors
    FOR EACH ROW EXECUTE FUNCTION debriefs_refuse_change_to_sealed_row();

-- What the canonical text says of a debrief may not change under a signature either.
CREATE FUNCTION debriefs_refuse_change_to_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'slug' - 'owner_id' <> to_jsonb(OLD) - 'slug' - 'owner_id'
        AND EXISTS (
            SELECT FROM debriefs_version WHERE debrief_id = OLD.id AND sealed_at IS NOT NULL
        ) THEN
        RAISE EXCEPTION 'the identity of a sealed debrief does not change'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER debrief_identity BEFORE UPDATE ON debriefs_debrief
    FOR EACH ROW EXECUTE FUNCTION debriefs_refuse_change_to_identity();

CREATE FUNCTION debriefs_refuse_change_to_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.decision <> '' THEN
            RAISE EXCEPTION 'a sign-off begins undecided' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.decision <> '' THEN
        RAISE EXCEPTION 'a decided sign-off does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a sign-off is not taken away' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.version_id <> OLD.version_id OR NEW.organisation_id <> OLD.organisation_id THEN
        RAISE EXCEPTION 'a sign-off stays with its force and version'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.decision = '' THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT FROM debriefs_version v
        WHERE v.id = NEW.version_id AND v.digest = NEW.digest AND v.state = 'with_forces'
    ) THEN
        RAISE EXCEPTION 'a decision is on the digest of a version that is with the forces'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM portal_membership m
        WHERE m.user_id = NEW.decided_by_id AND m.organisation_id = NEW.organisation_id
            AND m.role IN ('signatory', 'deputy') AND m.ended_at IS NULL
    ) OR EXISTS (
        SELECT FROM debriefs_version_contributors c
        WHERE c.version_id = NEW.version_id AND c.user_id = NEW.decided_by_id
    ) THEN
        RAISE EXCEPTION 'a signatory of the force decides, and not on own words'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signoff_seal BEFORE INSERT OR UPDATE OR DELETE ON debriefs_signoff
    FOR EACH ROW EXECUTE FUNCTION debriefs_refuse_change_to_decided();
CREATE TRIGGER withdrawal_seal BEFORE UPDATE OR DELETE ON debriefs_consentwithdrawal
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

-- From which state to which; a test holds it against the table of moves in workflow.py.
CREATE FUNCTION debriefs_moves() RETURNS TABLE (source text, target text)
LANGUAGE sql IMMUTABLE AS $$
    VALUES ('drafting', 'checking'), ('checking', 'drafting'), ('checking', 'with_forces'),
        ('with_forces', 'agreed'), ('with_forces', 'returned'), ('with_forces', 'withdrawn'),
        ('agreed', 'returned'), ('agreed', 'released'), ('agreed', 'withdrawn'),
        ('released', 'superseded'), ('released', 'withdrawn')
$$;

CREATE FUNCTION debriefs_refuse_unknown_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN (SELECT source, target FROM debriefs_moves()) THEN
        RAISE EXCEPTION 'no version goes from % to %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_moves BEFORE UPDATE ON debriefs_version
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION debriefs_refuse_unknown_move();

-- What a signed text names keeps its name: a force that is renamed is a new one, with a successor.
CREATE FUNCTION debriefs_refuse_renaming() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    signed boolean;
BEGIN
    EXECUTE format(
        'SELECT EXISTS (SELECT FROM %I named JOIN debriefs_version v ON v.id = named.version_id
            WHERE named.%I = $1 AND v.sealed_at IS NOT NULL)', TG_ARGV[0], TG_ARGV[1]
    ) INTO signed USING OLD.id;
    IF signed THEN
        RAISE EXCEPTION 'a signed version names it' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER organisation_keeps_name BEFORE UPDATE OF key, name ON portal_organisation
    FOR EACH ROW WHEN (OLD.key <> NEW.key OR OLD.name <> NEW.name)
    EXECUTE FUNCTION debriefs_refuse_renaming('debriefs_participation', 'organisation_id');
CREATE TRIGGER theme_keeps_name BEFORE UPDATE OF key, name ON debriefs_theme
    FOR EACH ROW WHEN (OLD.key <> NEW.key OR OLD.name <> NEW.name)
    EXECUTE FUNCTION debriefs_refuse_renaming('debriefs_version_themes', 'theme_id');
CREATE TRIGGER lesson_theme_keeps_name BEFORE UPDATE OF key, name ON debriefs_theme
    FOR EACH ROW WHEN (OLD.key <> NEW.key OR OLD.name <> NEW.name)
    EXECUTE FUNCTION debriefs_refuse_renaming('debriefs_part', 'theme_id');
CREATE TRIGGER exploitation_keeps_name BEFORE UPDATE OF key, name ON debriefs_exploitationtype
    FOR EACH ROW WHEN (OLD.key <> NEW.key OR OLD.name <> NEW.name)
    EXECUTE FUNCTION debriefs_refuse_renaming(
        'debriefs_version_exploitation', 'exploitationtype_id');
CREATE TRIGGER offence_keeps_name BEFORE UPDATE OF key, name, statute ON debriefs_offence
    FOR EACH ROW WHEN (OLD.key <> NEW.key OR OLD.name <> NEW.name OR OLD.statute <> NEW.statute)
    EXECUTE FUNCTION debriefs_refuse_renaming('debriefs_version_offences', 'offence_id');
CREATE TRIGGER country_keeps_name BEFORE UPDATE OF key, name ON debriefs_country
    FOR EACH ROW WHEN (OLD.key <> NEW.key OR OLD.name <> NEW.name)
    EXECUTE FUNCTION debriefs_refuse_renaming('debriefs_version_countries', 'country_id');

-- Who may read ----------------------------------------------------------------------------------

-- The groups among `candidates` whose tier is within `widest`, in order.
CREATE FUNCTION debriefs_within(candidates integer[], widest integer) RETURNS integer[]
LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(s.group_id ORDER BY s.group_id), '{}')
    FROM portal_sharinggroup s WHERE s.group_id = ANY (candidates) AND s.tier <= widest
$$;

-- Whether everyone in a group is such as its tier admits, and at tier 1 took part. Services see to
-- the first when somebody joins; this holds whoever wrote the row.
CREATE FUNCTION debriefs_fits(sharing portal_sharinggroup, version bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
        SELECT FROM portal_belonging b LEFT JOIN portal_organisation o ON o.id = b.organisation_id
        WHERE b.sharing_group_id = sharing.id AND b.ended_at IS NULL
            AND (sharing.tier = 2 AND o.kind IN ('partner', 'prosecutor')
                OR sharing.tier = 1 AND (o.id IS NULL OR o.id NOT IN (
                    SELECT p.organisation_id FROM debriefs_participation p
                    WHERE p.version_id = version)))
    )
$$;

CREATE FUNCTION debriefs_derive_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    signed boolean;
    today date := (now() AT TIME ZONE 'Europe/London')::date;
BEGIN
    SELECT least(NEW.reach, min(s.ceiling)), max(s.embargo_until)
        INTO NEW.ceiling, NEW.embargo_until
        FROM debriefs_signoff s WHERE s.version_id = NEW.id;
    signed := EXISTS (
        SELECT FROM debriefs_participation p WHERE p.version_id = NEW.id AND p.signs
    ) AND NOT EXISTS (
        SELECT FROM debriefs_participation p
        WHERE p.version_id = NEW.id AND p.signs AND NOT EXISTS (
            SELECT FROM debriefs_signoff s
            WHERE s.version_id = NEW.id AND s.organisation_id = p.organisation_id
                AND s.decision IN ('agreed', 'agreed_up_to') AND s.digest = NEW.digest
        )
    ) AND NOT EXISTS (
        SELECT FROM debriefs_consentwithdrawal w
        JOIN debriefs_signoff s ON s.id = w.signoff_id WHERE s.version_id = NEW.id
    );
    NEW.readers := '{}';
    IF NEW.state = 'released' AND signed
        AND (NEW.embargo_until IS NULL OR NEW.embargo_until <= today) THEN
        NEW.readers := debriefs_within(ARRAY(
            SELECT held.group_id
            FROM debriefs_versiongroupobjectpermission held
            JOIN auth_permission permission
                ON permission.id = held.permission_id AND permission.codename = 'read_version'
            JOIN portal_sharinggroup s ON s.group_id = held.group_id
            WHERE held.content_object_id = NEW.id
                AND debriefs_fits(s, NEW.id)
        ), NEW.ceiling);
    END IF;
    NEW.facts_readers := debriefs_within(NEW.readers, NEW.facts_reach);
    NEW.former_readers := '{}';
    IF NEW.state IN ('released', 'superseded', 'withdrawn') THEN
        NEW.former_readers := debriefs_within(ARRAY(
            SELECT s.group_id FROM debriefs_release r
            JOIN portal_sharinggroup s ON s.id = r.sharing_group_id
            WHERE r.version_id = NEW.id AND s.group_id <> ALL (NEW.readers)
                AND debriefs_fits(s, NEW.id)
        ), NEW.ceiling);
    END IF;
    RETURN NEW;
END $$;
-- The names put it before `version_seal`: triggers of one kind fire in the order of their names.
CREATE TRIGGER version_derive BEFORE INSERT OR UPDATE ON debriefs_version
    FOR EACH ROW EXECUTE FUNCTION debriefs_derive_version();

CREATE FUNCTION debriefs_derive_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT debriefs_within(v.readers, NEW.reach) INTO NEW.readers
        FROM debriefs_version v WHERE v.id = NEW.version_id;
    RETURN NEW;
END $$;
CREATE TRIGGER part_derive BEFORE INSERT OR UPDATE ON debriefs_part
    FOR EACH ROW EXECUTE FUNCTION debriefs_derive_part();

CREATE FUNCTION debriefs_derive_parts_of_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE debriefs_part SET readers = readers WHERE version_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER version_parts AFTER UPDATE ON debriefs_version
    FOR EACH ROW WHEN (NEW.sealed_at IS NOT NULL)
    EXECUTE FUNCTION debriefs_derive_parts_of_version();

-- Writing a version's row derives it afresh. These call for that when something else changed.
CREATE FUNCTION debriefs_derive_after_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE debriefs_version SET readers = readers
        WHERE id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.content_object_id END,
                     CASE WHEN TG_OP <> 'DELETE' THEN NEW.content_object_id END);
    RETURN NULL;
END $$;
CREATE TRIGGER grant_derive
    AFTER INSERT OR UPDATE OR DELETE ON debriefs_versiongroupobjectpermission
    FOR EACH ROW EXECUTE FUNCTION debriefs_derive_after_grant();

CREATE FUNCTION debriefs_derive_after_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE debriefs_version SET readers = readers WHERE id = NEW.version_id;
    RETURN NULL;
END $$;
CREATE TRIGGER signoff_derive AFTER INSERT OR UPDATE ON debriefs_signoff
    FOR EACH ROW EXECUTE FUNCTION debriefs_derive_after_row();
CREATE TRIGGER release_derive AFTER INSERT OR UPDATE ON debriefs_release
    FOR EACH ROW EXECUTE FUNCTION debriefs_derive_after_row();

CREATE FUNCTION debriefs_derive_after_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE debriefs_version SET readers = readers
        WHERE id = (SELECT version_id FROM debriefs_signoff WHERE id = NEW.signoff_id);
    RETURN NULL;
END $$;
CREATE TRIGGER withdrawal_derive AFTER INSERT ON debriefs_consentwithdrawal
    FOR EACH ROW EXECUTE FUNCTION debriefs_derive_after_withdrawal();

CREATE FUNCTION debriefs_derive_for_group(sharing bigint) RETURNS void LANGUAGE sql AS $$
    UPDATE debriefs_version SET readers = readers WHERE id IN (
        SELECT held.content_object_id FROM debriefs_versiongroupobjectpermission held
        JOIN portal_sharinggroup s ON s.group_id = held.group_id WHERE s.id = sharing
        UNION SELECT r.version_id FROM debriefs_release r WHERE r.sharing_group_id = sharing)
$$;
CREATE FUNCTION debriefs_derive_after_tier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM debriefs_derive_for_group(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER sharing_group_derive AFTER UPDATE OF tier ON portal_sharinggroup
    FOR EACH ROW EXECUTE FUNCTION debriefs_derive_after_tier();
CREATE TRIGGER sharing_group_keeps_group BEFORE UPDATE ON portal_sharinggroup
    FOR EACH ROW WHEN (OLD.group_id <> NEW.group_id) EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION debriefs_derive_after_belonging() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Waits for a release to the group that is under way, so that it is derived afresh as well.
    PERFORM FROM portal_sharinggroup s WHERE s.id = NEW.sharing_group_id FOR NO KEY UPDATE;
    PERFORM debriefs_derive_for_group(s.id) FROM portal_sharinggroup s
        WHERE s.id = NEW.sharing_group_id AND s.tier < 3;
    RETURN NULL;
END $$;
CREATE TRIGGER belonging_derive AFTER INSERT OR UPDATE ON portal_belonging
    FOR EACH ROW EXECUTE FUNCTION debriefs_derive_after_belonging();

-- Triggers for rows do not see a TRUNCATE.
CREATE TRIGGER stands BEFORE TRUNCATE ON debriefs_version
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER stands BEFORE TRUNCATE ON debriefs_part
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER stands BEFORE TRUNCATE ON debriefs_participation
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER stands BEFORE TRUNCATE ON debriefs_version_exploitation
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER stands BEFORE TRUNCATE ON debriefs_version_offences
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER stands BEFORE TRUNCATE ON debriefs_version_countries
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER stands BEFORE TRUNCATE ON debriefs_version_themes
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER stands BEFORE TRUNCATE ON debriefs_version_contributors
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER stands BEFORE TRUNCATE ON debriefs_signoff
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER stands BEFORE TRUNCATE ON debriefs_consentwithdrawal
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER stands BEFORE TRUNCATE ON debriefs_release
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER stands BEFORE TRUNCATE ON debriefs_versiongroupobjectpermission
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();

-- Or a temporary table of the same name, which is looked up first, would be taken for ours.
ALTER FUNCTION debriefs_life_columns() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_refuse_change_to_sealed_version() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_is_sealed(bigint) SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_refuse_change_to_sealed_row() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_refuse_change_to_identity() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_refuse_change_to_decided() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_moves() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_refuse_unknown_move() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_refuse_renaming() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_within(integer[], integer) SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_fits(portal_sharinggroup, bigint) SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_derive_version() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_derive_part() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_derive_parts_of_version() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_derive_after_grant() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_derive_after_row() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_derive_after_withdrawal() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_derive_for_group(bigint) SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_derive_after_tier() SET search_path = public, pg_temp;
ALTER FUNCTION debriefs_derive_after_belonging() SET search_path = public, pg_temp;
"""

BACKWARD = r"""
DROP TRIGGER stands ON debriefs_version;
DROP TRIGGER stands ON debriefs_part;
DROP TRIGGER stands ON debriefs_participation;
DROP TRIGGER stands ON debriefs_version_exploitation;
DROP TRIGGER stands ON debriefs_version_offences;
DROP TRIGGER stands ON debriefs_version_countries;
DROP TRIGGER stands ON debriefs_version_themes;
DROP TRIGGER stands ON debriefs_version_contributors;
DROP TRIGGER stands ON debriefs_signoff;
DROP TRIGGER stands ON debriefs_consentwithdrawal;
DROP TRIGGER stands ON debriefs_release;
DROP TRIGGER stands ON debriefs_versiongroupobjectpermission;
DROP TRIGGER country_keeps_name ON debriefs_country;
DROP TRIGGER offence_keeps_name ON debriefs_offence;
DROP TRIGGER exploitation_keeps_name ON debriefs_exploitationtype;
DROP TRIGGER lesson_theme_keeps_name ON debriefs_theme;
DROP TRIGGER theme_keeps_name ON debriefs_theme;
DROP TRIGGER organisation_keeps_name ON portal_organisation;
DROP FUNCTION debriefs_refuse_renaming();
DROP TRIGGER version_moves ON debriefs_version;
DROP FUNCTION debriefs_refuse_unknown_move();
DROP FUNCTION debriefs_moves();
DROP TRIGGER belonging_derive ON portal_belonging;
DROP FUNCTION debriefs_derive_after_belonging();
DROP TRIGGER sharing_group_keeps_group ON portal_sharinggroup;
DROP TRIGGER sharing_group_derive ON portal_sharinggroup;
DROP FUNCTION debriefs_derive_after_tier();
DROP FUNCTION debriefs_derive_for_group(bigint);
DROP TRIGGER withdrawal_derive ON debriefs_consentwithdrawal;
DROP FUNCTION debriefs_derive_after_withdrawal();
DROP TRIGGER release_derive ON debriefs_release;
DROP TRIGGER signoff_derive ON debriefs_signoff;
DROP FUNCTION debriefs_derive_after_row();
DROP TRIGGER grant_derive ON debriefs_versiongroupobjectpermission;
DROP FUNCTION debriefs_derive_after_grant();
DROP TRIGGER version_parts ON debriefs_version;
DROP FUNCTION debriefs_derive_parts_of_version();
DROP TRIGGER part_derive ON debriefs_part;
DROP FUNCTION debriefs_derive_part();
DROP TRIGGER version_derive ON debriefs_version;
DROP FUNCTION debriefs_derive_version();
DROP FUNCTION debriefs_fits(portal_sharinggroup, bigint);
DROP FUNCTION debriefs_within(integer[], integer);
DROP TRIGGER withdrawal_seal ON debriefs_consentwithdrawal;
DROP TRIGGER signoff_seal ON debriefs_signoff;
DROP FUNCTION debriefs_refuse_change_to_decided();
DROP TRIGGER debrief_identity ON debriefs_debrief;
DROP FUNCTION debriefs_refuse_change_to_identity();
DROP TRIGGER contributors_seal ON debriefs_version_contributors;
DROP TRIGGER themes_seal ON debriefs_version_themes;
DROP TRIGGER countries_seal ON debriefs_version_countries;
DROP TRIGGER offences_seal ON debriefs_version_offences;
DROP TRIGGER exploitation_seal ON debriefs_version_exploitation;
DROP TRIGGER participation_seal ON debriefs_participation;
DROP TRIGGER part_seal ON debriefs_part;
DROP FUNCTION debriefs_refuse_change_to_sealed_row();
DROP FUNCTION debriefs_is_sealed(bigint);
DROP TRIGGER version_seal ON debriefs_version;
DROP FUNCTION debriefs_refuse_change_to_sealed_version();
DROP FUNCTION debriefs_life_columns();
"""


class Migration(migrations.Migration):
    """Triggers and functions of the seal and of reading."""

    dependencies: ClassVar = [
        ("debriefs", "0001_debriefs_versions_and_signatures"),
        ("portal", "0002_guard_the_record"),
    ]

    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
