"""The boundary as WKB beside the JSON; what is written without it loses a stale one."""

from django.db import migrations, models

KEEP = """
CREATE FUNCTION org_area_outline() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.boundary IS DISTINCT FROM OLD.boundary AND NEW.outline IS NOT DISTINCT FROM OLD.outline THEN
        NEW.outline := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER org_area_outline BEFORE UPDATE ON org_area
    FOR EACH ROW EXECUTE FUNCTION org_area_outline();
"""
LEAVE = """
DROP TRIGGER org_area_outline ON org_area;
DROP FUNCTION org_area_outline();
"""


class Migration(migrations.Migration):
    dependencies = (("org", "0005_area_phones"),)
    operations = (
        migrations.AddField(model_name="area", name="outline", field=models.BinaryField(null=True)),
        migrations.RunSQL(KEEP, LEAVE),
    )
