"""The trail is only ever added to: the database refuses UPDATE, DELETE and TRUNCATE."""

from django.db import migrations

FORBID = """
CREATE FUNCTION org_trail_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER org_trailentry_no_change BEFORE UPDATE OR DELETE ON org_trailentry
    FOR EACH ROW EXECUTE FUNCTION org_trail_append_only();
CREATE TRIGGER org_trailentry_no_truncate BEFORE TRUNCATE ON org_trailentry
    FOR EACH STATEMENT EXECUTE FUNCTION org_trail_append_only();
"""
ALLOW = """
DROP TRIGGER org_trailentry_no_truncate ON org_trailentry;
DROP TRIGGER org_trailentry_no_change ON org_trailentry;
DROP FUNCTION org_trail_append_only();
"""


class Migration(migrations.Migration):
    dependencies = (("org", "0001_initial"),)
    operations = (migrations.RunSQL(FORBID, ALLOW),)
