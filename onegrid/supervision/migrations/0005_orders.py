"""Orders of supervision and their history."""

import django.db.models.deletion
from django.db import migrations, models

# The history is append-only; only its words may be sealed later, or erased when their time is over.
APPEND_ONLY = """
CREATE FUNCTION supervision_orderstep_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.words = '' AND
        to_jsonb(NEW) - '{words,words_sealed}'::text[] = to_jsonb(OLD) - '{words,words_sealed}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the history of an order is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER supervision_orderstep_append_only BEFORE UPDATE OR DELETE ON supervision_orderstep
    FOR EACH ROW EXECUTE FUNCTION supervision_orderstep_refuse();
CREATE TRIGGER supervision_orderstep_no_truncate BEFORE TRUNCATE ON supervision_orderstep
    FOR EACH STATEMENT EXECUTE FUNCTION supervision_orderstep_refuse();
"""
NO_APPEND_ONLY = """
DROP TRIGGER supervision_orderstep_no_truncate ON supervision_orderstep;
DROP TRIGGER supervision_orderstep_append_only ON supervision_orderstep;
DROP FUNCTION supervision_orderstep_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0021_parts_of_a_unit"),
        ("org", "0003_trail_purposes"),
        ("supervision", "0004_rulings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField(db_collation="C")),
                ("state", models.TextField(db_collation="C", default="open")),
                ("words", models.TextField(blank=True, default="")),
                ("words_sealed", models.BinaryField(null=True)),
                ("issued_at", models.DateTimeField()),
                ("reply_by", models.DateTimeField()),
                ("unanswered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ending", models.TextField(blank=True, db_collation="C", default="")),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="events.event",
                    ),
                ),
                (
                    "issued_by",
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
            name="OrderStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("n", models.SmallIntegerField()),
                ("verb", models.TextField(db_collation="C")),
                ("to_state", models.TextField(db_collation="C")),
                ("at", models.DateTimeField()),
                ("reply_by", models.DateTimeField(null=True)),
                ("words", models.TextField(blank=True, default="")),
                ("words_sealed", models.BinaryField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.posting",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="supervision.order",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
            ],
            options={
                "ordering": ("order_id", "n"),
            },
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["event", "unit"], name="order_event_unit"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("state__in", ("open", "replied"))),
                fields=["unit", "reply_by"],
                name="order_unit_live",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("state__in", ("open", "replied"))), fields=["reply_by", "id"], name="order_live"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("state__in", ("open", "replied")), _negated=True),
                fields=["-ended_at", "-id"],
                name="order_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("open", "replied"))), fields=("event", "unit"), name="order_one_live"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("urge", "ordinary", "yellow", "red", "listed"))), name="order_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("open", "replied", "settled", "cancelled", "over"))),
                name="order_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("ending__in", ("", "raised", "event_ended", "left_unit"))), name="order_ending"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("open", "replied")), ("ended_at__isnull", True)),
                    models.Q(("ended_at__isnull", False), ("state__in", ("settled", "cancelled", "over"))),
                    _connector="OR",
                ),
                name="order_ended_has_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "over"), models.Q(("ending", ""), _negated=True)),
                    models.Q(models.Q(("state", "over"), _negated=True), ("ending", "")),
                    _connector="OR",
                ),
                name="order_over_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("issued_by__isnull", False), ("kind__in", ("urge", "ordinary")), _connector="OR"),
                name="order_by_the_house",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), ("words_sealed__isnull", True), _connector="OR"),
                name="order_words_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderstep",
            constraint=models.UniqueConstraint(fields=("order", "n"), name="order_step_order"),
        ),
        migrations.AddConstraint(
            model_name="orderstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_state__in", ("open", "replied", "settled", "cancelled", "over"))),
                name="order_step_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), ("words_sealed__isnull", True), _connector="OR"),
                name="order_step_words_once",
            ),
        ),
        migrations.RunSQL(APPEND_ONLY, NO_APPEND_ONLY),
    ]
