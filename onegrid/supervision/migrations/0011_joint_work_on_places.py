"""Joint work on places: the work, its measures, which are tasks, and its history."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

# History is only added to.
APPEND_ONLY = """
CREATE FUNCTION supervision_placestep_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of work on a place is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER supervision_placestep_append_only BEFORE UPDATE OR DELETE ON supervision_placestep
    FOR EACH ROW EXECUTE FUNCTION supervision_placestep_refuse();
CREATE TRIGGER supervision_placestep_no_truncate BEFORE TRUNCATE ON supervision_placestep
    FOR EACH STATEMENT EXECUTE FUNCTION supervision_placestep_refuse();
"""
NO_APPEND_ONLY = """
DROP TRIGGER supervision_placestep_no_truncate ON supervision_placestep;
DROP TRIGGER supervision_placestep_append_only ON supervision_placestep;
DROP FUNCTION supervision_placestep_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0023_on_duty_by_the_roster"),
        ("org", "0005_area_phones"),
        ("supervision", "0010_plans"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlaceMeasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("n", models.SmallIntegerField()),
                ("words", models.TextField()),
                ("due", models.DateField()),
            ],
            options={
                "ordering": ("work_id", "n"),
            },
        ),
        migrations.CreateModel(
            name="PlaceStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("n", models.SmallIntegerField()),
                ("verb", models.TextField(db_collation="C")),
                ("to_state", models.TextField(db_collation="C")),
                ("at", models.DateTimeField()),
                ("words", models.TextField(blank=True, default="")),
                ("until", models.DateField()),
            ],
            options={
                "ordering": ("work_id", "n"),
            },
        ),
        migrations.CreateModel(
            name="PlaceWork",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.TextField()),
                ("problem", models.TextField()),
                ("plan", models.TextField()),
                ("area", models.TextField(db_collation="C")),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("radius", models.SmallIntegerField(null=True)),
                (
                    "leaves",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(db_collation="C"), default=list, size=None
                    ),
                ),
                ("unit_ids", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("state", models.TextField(db_collation="C", default="proposed")),
                ("made_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("answer_by", models.DateTimeField(null=True)),
                ("summary", models.TextField(blank=True, default="")),
                ("ended_at", models.DateTimeField(null=True)),
                ("why", models.TextField(blank=True, default="")),
                ("figures", models.JSONField(null=True)),
                ("told", models.SmallIntegerField(default=0)),
                ("act_at", models.DateTimeField(null=True)),
                ("version", models.IntegerField(default=1)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="task",
            name="task_source",
        ),
        migrations.AddField(
            model_name="placemeasure",
            name="unit",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="measure",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="task",
                to="supervision.placemeasure",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("event__isnull", False),
                        ("instruction__isnull", False),
                        ("measure__isnull", True),
                        ("meeting__isnull", True),
                        ("source", "instruction"),
                    ),
                    models.Q(
                        ("instruction__isnull", True),
                        ("measure__isnull", True),
                        ("meeting__isnull", False),
                        ("source", "meeting"),
                    ),
                    models.Q(
                        ("event__isnull", True),
                        ("instruction__isnull", True),
                        ("measure__isnull", False),
                        ("meeting__isnull", True),
                        ("source", "place"),
                    ),
                    _connector="OR",
                ),
                name="task_source",
            ),
        ),
        migrations.AddField(
            model_name="placestep",
            name="actor",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="org.posting",
            ),
        ),
        migrations.AddField(
            model_name="placework",
            name="centre",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
            ),
        ),
        migrations.AddField(
            model_name="placework",
            name="charge",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
            ),
        ),
        migrations.AddField(
            model_name="placework",
            name="lead",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
            ),
        ),
        migrations.AddField(
            model_name="placework",
            name="proposed_by",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
            ),
        ),
        migrations.AddField(
            model_name="placestep",
            name="work",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="supervision.placework",
            ),
        ),
        migrations.AddField(
            model_name="placemeasure",
            name="work",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="measures",
                to="supervision.placework",
            ),
        ),
        migrations.AddIndex(
            model_name="placework",
            index=models.Index(fields=["area", "-id"], name="place_work_area"),
        ),
        migrations.AddIndex(
            model_name="placework",
            index=models.Index(fields=["centre", "-id"], name="place_work_centre"),
        ),
        migrations.AddIndex(
            model_name="placework",
            index=django.contrib.postgres.indexes.GinIndex(fields=["unit_ids"], name="place_work_units_gin"),
        ),
        migrations.AddIndex(
            model_name="placework",
            index=models.Index(condition=models.Q(("act_at__isnull", False)), fields=["act_at"], name="place_work_act"),
        ),
        migrations.AddConstraint(
            model_name="placework",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("proposed", "approved", "running", "summed", "closed", "dropped"))),
                name="place_work_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="placework",
            constraint=models.CheckConstraint(
                condition=models.Q(("since__lt", models.F("until"))), name="place_work_term"
            ),
        ),
        migrations.AddConstraint(
            model_name="placework",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat__isnull", True), ("lon__isnull", True), ("radius__isnull", True)),
                    models.Q(("lat__isnull", False), ("lon__isnull", False), ("radius__gte", 1), ("radius__lte", 1000)),
                    _connector="OR",
                ),
                name="place_work_point",
            ),
        ),
        migrations.AddConstraint(
            model_name="placework",
            constraint=models.CheckConstraint(condition=models.Q(("unit_ids__len__gte", 1)), name="place_work_units"),
        ),
        migrations.AddConstraint(
            model_name="placework",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("act_at__isnull", True), ("state__in", ("closed", "dropped")), ("ended_at__isnull", False)
                    ),
                    models.Q(
                        models.Q(("state__in", ("closed", "dropped")), _negated=True),
                        models.Q(("ended_at__isnull", False), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="place_work_final_is_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="placework",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer_by__isnull", False), ("state__in", ("proposed", "summed"))),
                    models.Q(
                        models.Q(("state__in", ("proposed", "summed")), _negated=True), ("answer_by__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="place_work_waits_for_a_leader",
            ),
        ),
        migrations.AddConstraint(
            model_name="placework",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("approved", "running", "summed", "closed")), _negated=True),
                    ("approved_at__isnull", False),
                    _connector="OR",
                ),
                name="place_work_live_is_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="placework",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("summed", "closed")), _negated=True),
                    models.Q(("summary", ""), _negated=True),
                    _connector="OR",
                ),
                name="place_work_summed_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="placework",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True), ("figures__isnull", False), _connector="OR"
                ),
                name="place_work_closed_counted",
            ),
        ),
        migrations.AddConstraint(
            model_name="placework",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "dropped"), _negated=True), models.Q(("why", ""), _negated=True), _connector="OR"
                ),
                name="place_work_dropped_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="placestep",
            constraint=models.UniqueConstraint(fields=("work", "n"), name="place_step_order"),
        ),
        migrations.AddConstraint(
            model_name="placestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "verb__in",
                        (
                            "propose_place",
                            "change_place",
                            "approve_place",
                            "begin_place",
                            "add_measure",
                            "extend_place",
                            "sum_up_place",
                            "send_place_back",
                            "close_place",
                            "drop_place",
                        ),
                    )
                ),
                name="place_step_verb",
            ),
        ),
        migrations.AddConstraint(
            model_name="placemeasure",
            constraint=models.UniqueConstraint(fields=("work", "n"), name="place_measure_order"),
        ),
        migrations.AddConstraint(
            model_name="placemeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), _negated=True), name="place_measure_says_what"
            ),
        ),
        migrations.RunSQL(APPEND_ONLY, NO_APPEND_ONLY),
    ]
