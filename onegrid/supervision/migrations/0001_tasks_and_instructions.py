"""The first tasks: what a unit must do by a date, and the words of a leader."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# History is only added to; when its matter is erased, the words of a step go and nothing else of it.
APPEND_ONLY = """
CREATE FUNCTION supervision_taskstep_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.words_sealed IS NULL AND
        to_jsonb(NEW) - 'words_sealed' = to_jsonb(OLD) - 'words_sealed' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the history of a task is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER supervision_taskstep_append_only BEFORE UPDATE OR DELETE ON supervision_taskstep
    FOR EACH ROW EXECUTE FUNCTION supervision_taskstep_refuse();
CREATE TRIGGER supervision_taskstep_no_truncate BEFORE TRUNCATE ON supervision_taskstep
    FOR EACH STATEMENT EXECUTE FUNCTION supervision_taskstep_refuse();
"""
NO_APPEND_ONLY = """
DROP TRIGGER supervision_taskstep_no_truncate ON supervision_taskstep;
DROP TRIGGER supervision_taskstep_append_only ON supervision_taskstep;
DROP FUNCTION supervision_taskstep_refuse();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("events", "0021_parts_of_a_unit"),
        ("org", "0003_trail_purposes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Instruction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words_sealed", models.BinaryField(null=True)),
                ("area", models.TextField(db_collation="C")),
                ("unit_ids", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("given_at", models.DateTimeField()),
                (
                    "event",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="events.event"),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words_sealed", models.BinaryField(null=True)),
                ("source", models.TextField(db_collation="C")),
                ("area", models.TextField(db_collation="C")),
                ("state", models.TextField(db_collation="C", default="open")),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("answer_by", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("returns", models.SmallIntegerField(default=0)),
                ("reminded", models.SmallIntegerField(default=0)),
                ("remind_at", models.DateTimeField(null=True)),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="events.event",
                    ),
                ),
                (
                    "instruction",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="supervision.instruction",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
                (
                    "posting",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.posting",
                    ),
                ),
                (
                    "reported_by",
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
            name="TaskStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words_sealed", models.BinaryField(null=True)),
                ("n", models.SmallIntegerField()),
                ("verb", models.TextField(db_collation="C")),
                ("to_state", models.TextField(db_collation="C")),
                ("at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
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
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="supervision.task"
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
                "ordering": ("task", "n"),
            },
        ),
        migrations.AddConstraint(
            model_name="instruction",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_ids__len__gte", 1)), name="instruction_to_somebody"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["unit", "due_at", "id"], name="task_unit_due"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["issuer", "due_at", "id"], name="task_issuer_due"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(condition=models.Q(("event__isnull", False)), fields=["event"], name="task_event"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("instruction__isnull", False)), fields=["instruction"], name="task_instruction"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("remind_at__isnull", False)), fields=["remind_at"], name="task_remind"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("open", "reported", "done", "cancelled"))), name="task_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("event__isnull", False), ("instruction__isnull", False), ("source", "instruction")),
                name="task_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state__in", ("done", "cancelled"))),
                    models.Q(models.Q(("state__in", ("done", "cancelled")), _negated=True), ("ended_at__isnull", True)),
                    _connector="OR",
                ),
                name="task_final_is_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "open"), ("remind_at__isnull", True), _connector="OR"),
                name="task_open_reminds",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer_by__isnull", False), ("reported_by__isnull", False), ("state", "reported")),
                    models.Q(models.Q(("state", "reported"), _negated=True), ("answer_by__isnull", True)),
                    _connector="OR",
                ),
                name="task_reported_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("posting__isnull", True), ("unit", models.F("issuer")), _connector="OR"),
                name="task_own_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="taskstep",
            constraint=models.UniqueConstraint(fields=("task", "n"), name="task_step_order"),
        ),
        migrations.RunSQL(APPEND_ONLY, NO_APPEND_ONLY),
    ]
