"""What the public may see is released by a person, and each release stands in a history of its own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Another title is not released with the old one, whoever writes it.
FORGET = """
CREATE FUNCTION events_event_forget_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.restricted OR (NEW.title <> OLD.title AND NEW.title_released_at IS NOT DISTINCT FROM OLD.title_released_at)
    THEN
        NEW.title_released_at := NULL;
        NEW.title_released_by_id := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER events_event_title_changed BEFORE UPDATE OF title, restricted ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_event_forget_release();
CREATE TRIGGER events_release_append_only BEFORE UPDATE OR DELETE ON events_release
    FOR EACH ROW EXECUTE FUNCTION events_step_refuse();
CREATE TRIGGER events_release_no_truncate BEFORE TRUNCATE ON events_release
    FOR EACH STATEMENT EXECUTE FUNCTION events_step_refuse();
"""
NO_FORGET = """
DROP TRIGGER events_release_no_truncate ON events_release;
DROP TRIGGER events_release_append_only ON events_release;
DROP TRIGGER events_event_title_changed ON events_event;
DROP FUNCTION events_event_forget_release();
"""
# What was released before there were covered copies was released as it is.
AS_IT_IS = "UPDATE events_attachment SET public_sha256 = sha256 WHERE released_at IS NOT NULL;"


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0007_moments_of_steps"),
        ("org", "0002_trail_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.TextField(db_collation="C")),
                ("deed", models.TextField(db_collation="C")),
                ("words", models.TextField(blank=True, default="")),
                ("boxes", models.JSONField(default=list)),
                ("public_sha256", models.CharField(blank=True, default="", max_length=64)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="attachment",
            name="public_sha256",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="event",
            name="title_released_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="event",
            name="title_released_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="org.posting",
            ),
        ),
        migrations.RunSQL(AS_IT_IS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("public_sha256", ""), ("released_at__isnull", True)),
                    models.Q(("released_at__isnull", False), models.Q(("public_sha256", ""), _negated=True)),
                    _connector="OR",
                ),
                name="attachment_public_copy",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("title_released_at__isnull", True),
                    models.Q(("restricted", False), models.Q(("title", ""), _negated=True)),
                    _connector="OR",
                ),
                name="event_released_title",
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="actor",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="events.event"
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="photo",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="events.attachment"
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("deed__in", ("release", "cover", "withdraw"))), name="release_deed_known"
            ),
        ),
        migrations.RunSQL(FORGET, NO_FORGET),
    ]
