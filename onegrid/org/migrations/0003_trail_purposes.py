"""The purpose of a look, which may name somebody, goes with what was looked at; nothing else of the trail ever does."""

from django.db import migrations

# 1. `org_trail_forget_purposes` is the only way. 2. It names the subject for the length of its one statement.
# 3. The trigger lets a row through only if the purpose is gone and every other column is as it was.
ALLOW = """
CREATE FUNCTION org_trail_only_purpose() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted org_trailentry%ROWTYPE := OLD;
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('onegrid.forgetting', true) = OLD.subject AND OLD.subject <> '' THEN
        wanted.purpose := '';
        IF NEW IS NOT DISTINCT FROM wanted THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER org_trailentry_no_change ON org_trailentry;
CREATE TRIGGER org_trailentry_no_change BEFORE UPDATE OR DELETE ON org_trailentry
    FOR EACH ROW EXECUTE FUNCTION org_trail_only_purpose();

CREATE FUNCTION org_trail_forget_purposes(about text, ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('onegrid.forgetting', about, true);
    UPDATE org_trailentry SET purpose = '' WHERE subject = about AND subject_id = ANY (ids) AND purpose <> '';
    PERFORM set_config('onegrid.forgetting', '', true);
END $$;
"""
FORBID = """
DROP FUNCTION org_trail_forget_purposes(text, bigint[]);
DROP TRIGGER org_trailentry_no_change ON org_trailentry;
CREATE TRIGGER org_trailentry_no_change BEFORE UPDATE OR DELETE ON org_trailentry
    FOR EACH ROW EXECUTE FUNCTION org_trail_append_only();
DROP FUNCTION org_trail_only_purpose();
"""


class Migration(migrations.Migration):
    dependencies = (("org", "0002_trail_append_only"),)
    operations = (migrations.RunSQL(ALLOW, FORBID),)
