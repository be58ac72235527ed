"""When grids are divided anew, many matters take a step at once: open pages are told once, not row by row."""

from django.db import migrations

TELL = """
CREATE OR REPLACE FUNCTION events_step_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {quiet}
    PERFORM pg_notify('onegrid', json_build_object(
        's', NEW.id, 'n', e.number, 'a', e.area, 'h', e.holder_id, 'o', e.owner_id, 'u', e.unit_ids,
        'x', e.about_unit_ids, 'r', e.restricted, 'v', NEW.verb, 't', NEW.to_state, 'p', e.reporter_id)::text)
    FROM events_event e WHERE e.id = NEW.event_id;
    RETURN NULL;
END $$;
"""
QUIET = "IF current_setting('onegrid.in_bulk', true) = 'on' THEN RETURN NULL; END IF;"


class Migration(migrations.Migration):
    dependencies = (("events", "0023_on_duty_by_the_roster"),)
    operations = (migrations.RunSQL(TELL.format(quiet=QUIET), TELL.format(quiet="")),)
