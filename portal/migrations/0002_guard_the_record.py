"""The record of who did what: appended only, and each event chained to the one before.

The database refuses to change, delete or truncate events and links, whoever asks. A deferred
trigger links each event when its transaction commits, under one advisory lock held only for that
moment. Order of links is order of commits. `portal_audit_faults()` walks the chain and lists what
is wrong with it.
"""

from typing import ClassVar

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is appended only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_event_stands BEFORE UPDATE OR DELETE ON portal_auditevent
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER audit_events_stand BEFORE TRUNCATE ON portal_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER audit_link_stands BEFORE UPDATE OR DELETE ON portal_auditlink
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER audit_links_stand BEFORE TRUNCATE ON portal_auditlink
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();

-- Its time is the database's own, and only the trigger below makes links.
CREATE FUNCTION portal_date_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER audit_event_is_dated BEFORE INSERT ON portal_auditevent
    FOR EACH ROW EXECUTE FUNCTION portal_date_audit_event();
CREATE TRIGGER audit_link_is_not_made_by_hand BEFORE INSERT ON portal_auditlink
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION portal_refuse_change();

-- Every column of the event, in a fixed order and notation. jsonb prints its keys in one order.
CREATE FUNCTION portal_audit_text(event portal_auditevent) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(
        event.id,
        to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        event.verb, event.actor_id, event.actor_name, event.actor_standing,
        event.subject, event.debrief, event.detail
    )::text
$$;

CREATE FUNCTION portal_audit_digest(previous bytea, event portal_auditevent) RETURNS bytea
LANGUAGE sql STABLE AS $$
    SELECT sha256(previous || convert_to(portal_audit_text(event), 'UTF8'))
$$;

CREATE FUNCTION portal_link_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_position bigint;
    last_digest bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('portal_auditlink'));
    -- A new statement, so a new snapshot: it sees what the lock's last holder committed.
    SELECT position, digest INTO last_position, last_digest
        FROM portal_auditlink ORDER BY position DESC LIMIT 1;
    IF NOT FOUND THEN
        last_position := 0;
        last_digest := sha256('');
    END IF;
    INSERT INTO portal_auditlink (position, event_id, previous, digest)
        VALUES (last_position + 1, NEW.id, last_digest, portal_audit_digest(last_digest, NEW));
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_event_is_linked AFTER INSERT ON portal_auditevent
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION portal_link_audit_event();

CREATE FUNCTION portal_audit_faults() RETURNS TABLE ("position" bigint, fault text)
LANGUAGE sql STABLE AS $$
    WITH walked AS (
        SELECT link.position, link.event_id, link.previous, link.digest,
               lag(link.position) OVER chain AS before_position,
               lag(link.digest) OVER chain AS before_digest
        FROM portal_auditlink link
        WINDOW chain AS (ORDER BY link.position)
    )
    SELECT walked.position, CASE
            WHEN event.id IS NULL THEN 'its event is missing'
            WHEN walked.position <> coalesce(walked.before_position, 0) + 1
                THEN 'the link before it is missing'
            WHEN walked.previous <> coalesce(walked.before_digest, sha256(''))
                THEN 'it does not follow from the link before it'
            ELSE 'its event was changed'
        END
    FROM walked LEFT JOIN portal_auditevent event ON event.id = walked.event_id
    WHERE event.id IS NULL
        OR walked.position <> coalesce(walked.before_position, 0) + 1
        OR walked.previous <> coalesce(walked.before_digest, sha256(''))
        OR walked.digest <> portal_audit_digest(walked.previous, event)
    UNION ALL
    SELECT coalesce((SELECT max(l.position) FROM portal_auditlink l), 0) + 1,
           'event ' || event.id || ' has no link'
    FROM portal_auditevent event
    WHERE NOT EXISTS (SELECT FROM portal_auditlink l WHERE l.event_id = event.id)
$$;

-- Or a temporary table of the same name, which is looked up first, would be taken for the record.
ALTER FUNCTION portal_refuse_change() SET search_path = public, pg_temp;
ALTER FUNCTION portal_date_audit_event() SET search_path = public, pg_temp;
ALTER FUNCTION portal_audit_text(portal_auditevent) SET search_path = public, pg_temp;
ALTER FUNCTION portal_audit_digest(bytea, portal_auditevent) SET search_path = public, pg_temp;
ALTER FUNCTION portal_link_audit_event() SET search_path = public, pg_temp;
ALTER FUNCTION portal_audit_faults() SET search_path = public, pg_temp;
"""

BACKWARD = r"""
DROP FUNCTION portal_audit_faults();
DROP TRIGGER audit_event_is_linked ON portal_auditevent;
DROP FUNCTION portal_link_audit_event();
DROP FUNCTION portal_audit_digest(bytea, portal_auditevent);
DROP FUNCTION portal_audit_text(portal_auditevent);
DROP TRIGGER audit_event_is_dated ON portal_auditevent;
DROP FUNCTION portal_date_audit_event();
DROP TRIGGER audit_link_is_not_made_by_hand ON portal_auditlink;
DROP TRIGGER audit_link_stands ON portal_auditlink;
DROP TRIGGER audit_links_stand ON portal_auditlink;
DROP TRIGGER audit_event_stands ON portal_auditevent;
DROP TRIGGER audit_events_stand ON portal_auditevent;
DROP FUNCTION portal_refuse_change();
"""


class Migration(migrations.Migration):
    """Triggers and functions of the record."""

    dependencies: ClassVar = [("portal", "0001_people_organisations_and_the_record")]

    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
