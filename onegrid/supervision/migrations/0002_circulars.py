"""Circulars: their figures never change, a published one does not either; their history is only ever added to."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

FORBID = """
CREATE FUNCTION supervision_circular_stands_fast() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a circular is kept' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.unit_id, NEW.area, NEW.place, NEW.since, NEW.until, NEW.language, NEW.made_by_id, NEW.counted_at, NEW.figures)
       IS DISTINCT FROM
       (OLD.unit_id, OLD.area, OLD.place, OLD.since, OLD.until, OLD.language, OLD.made_by_id, OLD.counted_at, OLD.figures)
    THEN
        RAISE EXCEPTION 'the figures of a circular stand fast' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.number <> '' AND
       (NEW.number, NEW.year, NEW.n, NEW.published_at, NEW.title, NEW.overview, NEW.handling, NEW.problems, NEW.demands,
        NEW.sent_to)
       IS DISTINCT FROM
       (OLD.number, OLD.year, OLD.n, OLD.published_at, OLD.title, OLD.overview, OLD.handling, OLD.problems, OLD.demands,
        OLD.sent_to)
    THEN
        RAISE EXCEPTION 'a published circular stands fast' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER supervision_circular_stands_fast BEFORE UPDATE OR DELETE ON supervision_circular
    FOR EACH ROW EXECUTE FUNCTION supervision_circular_stands_fast();
CREATE FUNCTION supervision_circular_step_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of a circular is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER supervision_circularstep_no_change BEFORE UPDATE OR DELETE ON supervision_circularstep
    FOR EACH ROW EXECUTE FUNCTION supervision_circular_step_append_only();
CREATE TRIGGER supervision_circularstep_no_truncate BEFORE TRUNCATE ON supervision_circularstep
    FOR EACH STATEMENT EXECUTE FUNCTION supervision_circular_step_append_only();
"""
ALLOW = """
DROP TRIGGER supervision_circularstep_no_truncate ON supervision_circularstep;
DROP TRIGGER supervision_circularstep_no_change ON supervision_circularstep;
DROP FUNCTION supervision_circular_step_append_only();
DROP TRIGGER supervision_circular_stands_fast ON supervision_circular;
DROP FUNCTION supervision_circular_stands_fast();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0001_tasks_and_instructions"),
        ("org", "0003_trail_purposes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Circular",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.TextField(db_collation="C")),
                ("place", models.TextField(db_collation="C")),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("language", models.TextField(default="zh-hans")),
                ("state", models.TextField(db_collation="C", default="draft")),
                ("counted_at", models.DateTimeField()),
                ("figures", models.JSONField()),
                ("title", models.TextField()),
                ("overview", models.TextField(blank=True, default="")),
                ("handling", models.TextField(blank=True, default="")),
                ("problems", models.TextField(blank=True, default="")),
                ("demands", models.TextField(blank=True, default="")),
                (
                    "unit_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "sent_to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("year", models.SmallIntegerField(null=True)),
                ("n", models.IntegerField(null=True)),
                ("number", models.TextField(blank=True, default="")),
                ("published_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, default="")),
                ("version", models.IntegerField(default=1)),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CircularReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("read_at", models.DateTimeField(null=True)),
                ("remind_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                (
                    "circular",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="supervision.circular",
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.posting",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CircularSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.TextField(db_collation="C")),
                ("prefix", models.TextField()),
                (
                    "unit",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CircularStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("n", models.IntegerField()),
                ("verb", models.TextField(db_collation="C")),
                ("from_state", models.TextField(blank=True, db_collation="C", default="")),
                ("to_state", models.TextField(db_collation="C")),
                ("at", models.DateTimeField()),
                ("words", models.TextField(blank=True, default="")),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
                    ),
                ),
                (
                    "circular",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="supervision.circular",
                    ),
                ),
            ],
            options={
                "ordering": ("circular_id", "n"),
            },
        ),
        migrations.AddIndex(
            model_name="circular",
            index=models.Index(fields=["area", "-id"], name="circular_area"),
        ),
        migrations.AddIndex(
            model_name="circular",
            index=django.contrib.postgres.indexes.GinIndex(fields=["sent_to"], name="circular_sent_to"),
        ),
        migrations.AddConstraint(
            model_name="circular",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("draft", "submitted", "discarded", "approved", "published", "withdrawn"))
                ),
                name="circular_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="circular",
            constraint=models.CheckConstraint(
                condition=models.Q(("since__lte", models.F("until"))), name="circular_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="circular",
            constraint=models.UniqueConstraint(fields=("unit", "year", "n"), name="circular_number_once"),
        ),
        migrations.AddConstraint(
            model_name="circular",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("n__isnull", True),
                        ("number", ""),
                        ("published_at__isnull", True),
                        ("state__in", ("draft", "submitted", "approved", "discarded")),
                    ),
                    models.Q(
                        models.Q(("state__in", ("draft", "submitted", "approved", "discarded")), _negated=True),
                        models.Q(("number", ""), _negated=True),
                        ("n__gte", 1),
                        ("published_at__isnull", False),
                        ("year__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="circular_published_has_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="circular",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="circular_withdrawn_says_why",
            ),
        ),
        migrations.AddIndex(
            model_name="circularreceipt",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)), fields=["unit"], name="circular_receipt_unread"
            ),
        ),
        migrations.AddIndex(
            model_name="circularreceipt",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True), ("reminded_at__isnull", True)),
                fields=["remind_at"],
                name="circular_receipt_remind",
            ),
        ),
        migrations.AddConstraint(
            model_name="circularreceipt",
            constraint=models.UniqueConstraint(fields=("circular", "unit"), name="circular_receipt_once"),
        ),
        migrations.AddConstraint(
            model_name="circularreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(("read_at__isnull", True), ("read_by__isnull", False), _connector="OR"),
                name="circular_receipt_read_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="circularseries",
            constraint=models.CheckConstraint(
                condition=models.Q(("prefix", ""), _negated=True), name="circular_series_prefix"
            ),
        ),
        migrations.AddConstraint(
            model_name="circularstep",
            constraint=models.UniqueConstraint(fields=("circular", "n"), name="circular_step_order"),
        ),
        migrations.AddConstraint(
            model_name="circularstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verb__in", ("draft", "edit", "submit", "discard", "approve", "send_back", "publish", "withdraw"))
                ),
                name="circular_step_verb",
            ),
        ),
        migrations.RunSQL(FORBID, ALLOW),
    ]
