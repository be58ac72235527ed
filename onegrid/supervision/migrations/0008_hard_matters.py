"""The list of hard matters, its leaders in charge and its history."""

import django.db.models.deletion
from django.db import migrations, models

# History is only added to; when its matter is erased, the words of a step go and nothing else of it.
APPEND_ONLY = """
CREATE FUNCTION supervision_hardstep_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.words_sealed IS NULL AND
        to_jsonb(NEW) - 'words_sealed' = to_jsonb(OLD) - 'words_sealed' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the history of a hard matter is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER supervision_hardstep_append_only BEFORE UPDATE OR DELETE ON supervision_hardstep
    FOR EACH ROW EXECUTE FUNCTION supervision_hardstep_refuse();
CREATE TRIGGER supervision_hardstep_no_truncate BEFORE TRUNCATE ON supervision_hardstep
    FOR EACH STATEMENT EXECUTE FUNCTION supervision_hardstep_refuse();
"""
NO_APPEND_ONLY = """
DROP TRIGGER supervision_hardstep_no_truncate ON supervision_hardstep;
DROP TRIGGER supervision_hardstep_append_only ON supervision_hardstep;
DROP FUNCTION supervision_hardstep_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0023_on_duty_by_the_roster"),
        ("org", "0004_deputies"),
        ("supervision", "0007_notice_board"),
    ]

    operations = [
        migrations.CreateModel(
            name="HardCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words_sealed", models.BinaryField(null=True)),
                ("put_at", models.DateTimeField()),
                ("way", models.TextField(db_collation="C")),
                ("review_at", models.DateTimeField()),
                ("lead_since", models.DateTimeField()),
                ("reminded", models.SmallIntegerField(default=0)),
                ("remind_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(blank=True, default="")),
                (
                    "centre",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="events.event"),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HardStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words_sealed", models.BinaryField(null=True)),
                ("n", models.SmallIntegerField()),
                ("verb", models.TextField(db_collation="C")),
                ("at", models.DateTimeField()),
                ("way", models.TextField(db_collation="C")),
                ("review_at", models.DateTimeField()),
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="supervision.hardcase"
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
                    ),
                ),
            ],
            options={
                "ordering": ("case", "n"),
            },
        ),
        migrations.AddIndex(
            model_name="hardcase",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["review_at", "id"], name="hard_case_review"
            ),
        ),
        migrations.AddIndex(
            model_name="hardcase",
            index=models.Index(
                condition=models.Q(("remind_at__isnull", False)), fields=["remind_at"], name="hard_case_remind"
            ),
        ),
        migrations.AddConstraint(
            model_name="hardcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("event",), name="hard_case_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="hardcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "way__in",
                        (
                            "analysis",
                            "mediation",
                            "adjudication",
                            "reconsideration",
                            "court",
                            "arbitration",
                            "petition",
                            "hearing",
                            "higher",
                            "other",
                        ),
                    )
                ),
                name="hard_case_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="hardcase",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ("", "taken_off", "ended"))), name="hard_case_outcome"
            ),
        ),
        migrations.AddConstraint(
            model_name="hardcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("outcome", "")),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("remind_at__isnull", True),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="hard_case_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="hardstep",
            constraint=models.UniqueConstraint(fields=("case", "n"), name="hard_step_order"),
        ),
        migrations.AddConstraint(
            model_name="hardstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("verb__in", ("put_on", "review", "hand_over", "take_off", "end"))),
                name="hard_step_verb",
            ),
        ),
        migrations.RunSQL(APPEND_ONLY, NO_APPEND_ONLY),
    ]
