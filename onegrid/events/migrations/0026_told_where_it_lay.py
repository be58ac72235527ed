"""A matter that moves to another place is told to those as well who saw it where it lay before."""

from django.db import migrations

TELL = """
CREATE OR REPLACE FUNCTION events_step_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('onegrid.in_bulk', true) = 'on' THEN RETURN NULL; END IF;
    PERFORM pg_notify('onegrid', json_build_object(
        's', NEW.id, 'n', e.number, 'a', e.area, 'h', e.holder_id, 'o', e.owner_id, 'u', e.unit_ids,
        'x', e.about_unit_ids, 'r', e.restricted, 'v', NEW.verb, 't', NEW.to_state, 'p', e.reporter_id{before})::text)
    FROM events_event e WHERE e.id = NEW.event_id;
    RETURN NULL;
END $$;
"""
BEFORE = ", 'b', CASE WHEN NEW.verb IN ('place', 'rezone') THEN NEW.facts->>'from' END"


class Migration(migrations.Migration):
    dependencies = (("events", "0025_restricted_views"),)
    operations = (migrations.RunSQL(TELL.format(before=BEFORE), TELL.format(before="")),)
