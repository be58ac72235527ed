"""What is kept how long, what is held, what is left; and the one way in which the words of a history go."""

import django.db.models.deletion
from django.db import migrations, models

# What a step may keep when its words are gone: what the clocks and the figures need, by name; all else is erased.
FACTS = """
CREATE FUNCTION events_facts_kept(facts jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_object_agg(one.key, one.value), '{}'::jsonb) FROM jsonb_each(facts) AS one
    WHERE one.key IN ('limits', 'promised_by', 'days', 'review_on', 'extension', 'undoes', 'category', 'level', 'unit',
                      'by_rule', 'solved', 'satisfied', 'kind', 'voice', 'request', 'by_time', 'unreachable', 'sha256',
                      'through')
       OR (one.key = 'reason' AND one.value #>> '{}' IN (SELECT code FROM events_reason))
$$;
"""
NO_FACTS = "DROP FUNCTION events_facts_kept(jsonb);"

# 1. `events_erase_history` is the only way, and only for an event that is marked as erased (the mark itself is refused
#    while somebody holds the matter). 2. It names the event for the length of its own two statements. 3. The trigger
#    lets a row through only if every other column is as it was and the words are really gone: a way around the
#    function could erase what is erased anyway, and never write a history.
ERASE = """
CREATE FUNCTION events_step_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted events_step%ROWTYPE := OLD;
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('onegrid.erasing', true) = OLD.event_id::text THEN
        wanted.words := '';
        wanted.words_sealed := NULL;
        wanted.facts := events_facts_kept(OLD.facts);
        IF NEW IS NOT DISTINCT FROM wanted
            AND EXISTS (SELECT 1 FROM events_event WHERE id = OLD.event_id AND erased_at IS NOT NULL) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the history of an event is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
DROP TRIGGER events_step_append_only ON events_step;
CREATE TRIGGER events_step_append_only BEFORE UPDATE OR DELETE ON events_step
    FOR EACH ROW EXECUTE FUNCTION events_step_only_erased();

CREATE FUNCTION events_release_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted events_release%ROWTYPE := OLD;
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('onegrid.erasing', true) = OLD.event_id::text THEN
        wanted.words := '';
        wanted.boxes := '[]';
        wanted.public_sha256 := '';
        wanted.photo_id := NULL;
        IF NEW IS NOT DISTINCT FROM wanted
            AND EXISTS (SELECT 1 FROM events_event WHERE id = OLD.event_id AND erased_at IS NOT NULL) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the history of releases is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
DROP TRIGGER events_release_append_only ON events_release;
CREATE TRIGGER events_release_append_only BEFORE UPDATE OR DELETE ON events_release
    FOR EACH ROW EXECUTE FUNCTION events_release_only_erased();

CREATE FUNCTION events_erase_history(which bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM events_event WHERE id = which AND erased_at IS NOT NULL) THEN
        RAISE EXCEPTION 'event % is not marked as erased', which USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM set_config('onegrid.erasing', which::text, true);
    UPDATE events_step SET words = '', words_sealed = NULL, facts = events_facts_kept(facts) WHERE event_id = which;
    UPDATE events_release SET words = '', boxes = '[]', public_sha256 = '', photo_id = NULL WHERE event_id = which;
    PERFORM set_config('onegrid.erasing', '', true);
END $$;
"""
NO_ERASE = """
DROP FUNCTION events_erase_history(bigint);
DROP TRIGGER events_release_append_only ON events_release;
CREATE TRIGGER events_release_append_only BEFORE UPDATE OR DELETE ON events_release
    FOR EACH ROW EXECUTE FUNCTION events_step_refuse();
DROP FUNCTION events_release_only_erased();
DROP TRIGGER events_step_append_only ON events_step;
CREATE TRIGGER events_step_append_only BEFORE UPDATE OR DELETE ON events_step
    FOR EACH ROW EXECUTE FUNCTION events_step_refuse();
DROP FUNCTION events_step_only_erased();
"""

# Erased stays erased, nothing is erased while it is held, and a tombstone is never moved.
MARK = """
CREATE FUNCTION events_event_mark_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at THEN
        RAISE EXCEPTION 'what is erased stays erased' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM events_hold WHERE event_id = OLD.id AND lifted_at IS NULL AND until >= NEW.erased_at::date
    ) THEN
        RAISE EXCEPTION 'event % is held', OLD.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER events_event_erased BEFORE UPDATE OF erased_at ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_event_mark_erased();
CREATE TRIGGER events_tombstone_append_only BEFORE UPDATE OR DELETE ON events_tombstone
    FOR EACH ROW EXECUTE FUNCTION events_step_refuse();
CREATE TRIGGER events_tombstone_no_truncate BEFORE TRUNCATE ON events_tombstone
    FOR EACH STATEMENT EXECUTE FUNCTION events_step_refuse();
"""
NO_MARK = """
DROP TRIGGER events_tombstone_no_truncate ON events_tombstone;
DROP TRIGGER events_tombstone_append_only ON events_tombstone;
DROP TRIGGER events_event_erased ON events_event;
DROP FUNCTION events_event_mark_erased();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0016_archived_matters"), ("org", "0002_trail_append_only")]

    operations = [
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.TextField(db_collation="C")),
                ("reason", models.TextField()),
                ("until", models.DateField()),
                ("set_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.TextField()),
                ("name_en", models.TextField()),
                ("kind", models.TextField(db_collation="C")),
                ("category", models.TextField(blank=True, db_collation="C", default="")),
                ("days", models.IntegerField()),
                ("active", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.TextField(db_collation="C")),
                ("kind", models.TextField(db_collation="C")),
                ("rule", models.TextField(db_collation="C")),
                ("area", models.TextField(db_collation="C")),
                ("restricted", models.BooleanField(default=False)),
                ("erased_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="event",
            name="erased_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at__isnull", True),
                    models.Q(
                        ("address", ""),
                        ("c6__isnull", True),
                        ("c8__isnull", True),
                        ("closed_at__isnull", False),
                        ("lat__isnull", True),
                        ("lon__isnull", True),
                        ("result", ""),
                        ("title", ""),
                        ("words", ""),
                        ("words_sealed__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="event_erased_is_empty",
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="events.event"
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="lifted_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="org.posting",
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="set_by",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionrule",
            constraint=models.UniqueConstraint(fields=("kind", "category"), name="retention_rule_once"),
        ),
        migrations.AddConstraint(
            model_name="retentionrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("archive", "contact", "event"))), name="retention_rule_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionrule",
            constraint=models.CheckConstraint(condition=models.Q(("days__gte", 31)), name="retention_rule_days"),
        ),
        migrations.AddIndex(
            model_name="tombstone",
            index=models.Index(fields=["-erased_at", "-id"], name="tombstone_latest"),
        ),
        migrations.AddConstraint(
            model_name="tombstone",
            constraint=models.UniqueConstraint(fields=("number", "kind"), name="tombstone_once"),
        ),
        migrations.AddConstraint(
            model_name="tombstone",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("contact", "event"))), name="tombstone_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)), fields=("event",), name="hold_one_at_a_time"
            ),
        ),
        migrations.RunSQL(FACTS, NO_FACTS),
        migrations.RunSQL(ERASE, NO_ERASE),
        migrations.RunSQL(MARK, NO_MARK),
    ]
