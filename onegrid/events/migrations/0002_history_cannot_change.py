"""Steps are append-only, in the database itself; each tells the live screens of its commit; words get their search table."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION events_step_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of an event is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER events_step_append_only BEFORE UPDATE OR DELETE ON events_step
    FOR EACH ROW EXECUTE FUNCTION events_step_refuse();
CREATE TRIGGER events_step_no_truncate BEFORE TRUNCATE ON events_step
    FOR EACH STATEMENT EXECUTE FUNCTION events_step_refuse();
"""
NO_APPEND_ONLY = """
DROP TRIGGER events_step_no_truncate ON events_step;
DROP TRIGGER events_step_append_only ON events_step;
DROP FUNCTION events_step_refuse();
"""

# What never changes on an event: its number, where it was reported, when it was opened.
FIXED = """
CREATE FUNCTION events_event_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> OLD.number OR NEW.reported_area <> OLD.reported_area OR NEW.reported_at <> OLD.reported_at THEN
        RAISE EXCEPTION 'number, reported area and opening time never change'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER events_event_fixed BEFORE UPDATE ON events_event FOR EACH ROW EXECUTE FUNCTION events_event_keep();
"""
NOT_FIXED = """
DROP TRIGGER events_event_fixed ON events_event;
DROP FUNCTION events_event_keep();
"""

# Ids and codes only, never words: who may not see the row learns nothing from the channel.
LIVE = """
CREATE FUNCTION events_step_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('onegrid', json_build_object(
        's', NEW.id, 'n', e.number, 'a', e.area, 'h', e.holder_id, 'o', e.owner_id, 'u', e.unit_ids,
        'x', e.about_unit_ids, 'r', e.restricted, 'v', NEW.verb, 't', NEW.to_state, 'p', e.reporter_id)::text)
    FROM events_event e WHERE e.id = NEW.event_id;
    RETURN NULL;
END $$;
CREATE TRIGGER events_step_live AFTER INSERT ON events_step FOR EACH ROW EXECUTE FUNCTION events_step_tell();
"""
NOT_LIVE = """
DROP TRIGGER events_step_live ON events_step;
DROP FUNCTION events_step_tell();
"""

# No B-tree on event_id, only a hash index: the planner would walk the key backwards for a word that it misjudges.
SEARCH = """
CREATE TABLE events_search (event_id bigint NOT NULL, area text COLLATE "C" NOT NULL, tokens int4[] NOT NULL)
    PARTITION BY RANGE (event_id);
CREATE TABLE events_search_0 PARTITION OF events_search FOR VALUES FROM (0) TO (250000);
CREATE TABLE events_search_1 PARTITION OF events_search FOR VALUES FROM (250000) TO (500000);
CREATE INDEX events_search_tokens ON events_search USING gin (tokens) WITH (gin_pending_list_limit = 1024);
CREATE INDEX events_search_event ON events_search USING hash (event_id);
"""

TUNING = """
ALTER TABLE events_event SET (autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE events_event ALTER COLUMN area SET STATISTICS 1000;
ALTER TABLE events_assignment SET (autovacuum_vacuum_scale_factor = 0.02);
"""


class Migration(migrations.Migration):
    dependencies = (("events", "0001_first_nouns"),)
    operations = (
        migrations.RunSQL(APPEND_ONLY, NO_APPEND_ONLY),
        migrations.RunSQL(FIXED, NOT_FIXED),
        migrations.RunSQL(LIVE, NOT_LIVE),
        migrations.RunSQL(SEARCH, "DROP TABLE events_search;"),
        migrations.RunSQL(TUNING, migrations.RunSQL.noop),
    )
