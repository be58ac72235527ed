"""Rosters: shifts of a unit, absences, swaps, and times with nobody on duty."""

import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0002_circulars"),
    ]

    operations = [
        migrations.CreateModel(
            name="Roster",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.TextField(db_collation="C")),
                ("next_at", models.DateTimeField(null=True)),
                (
                    "unit",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Gap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins", models.DateTimeField()),
                ("warned_at", models.DateTimeField(null=True)),
                ("called_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "roster",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gaps",
                        to="supervision.roster",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins", models.DateTimeField()),
                ("ends", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "posting",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
                    ),
                ),
                (
                    "roster",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to="supervision.roster",
                    ),
                ),
            ],
            options={
                "ordering": ("begins", "id"),
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField(db_collation="C")),
                ("place", models.SmallIntegerField(default=1)),
                ("begins", models.DateTimeField()),
                ("ends", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "posting",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
                    ),
                ),
                (
                    "roster",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shifts",
                        to="supervision.roster",
                    ),
                ),
            ],
            options={
                "ordering": ("begins", "kind", "place", "id"),
            },
        ),
        migrations.CreateModel(
            name="Swap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.TextField(db_collation="C", default="asked")),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
                    ),
                ),
                (
                    "offered_to",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="swaps", to="supervision.shift"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="roster",
            index=models.Index(fields=["next_at"], name="roster_next"),
        ),
        migrations.AddConstraint(
            model_name="gap",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)), fields=("roster", "begins"), name="gap_once"
            ),
        ),
        migrations.AddIndex(
            model_name="absence",
            index=models.Index(fields=["roster", "ends"], name="absence_roster"),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gt", models.F("begins"))), name="absence_forward"
            ),
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(fields=["roster", "begins"], name="shift_roster"),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                expressions=(
                    (
                        models.Func(models.F("posting"), models.F("posting"), models.Value("[]"), function="int8range"),
                        "&&",
                    ),
                    (
                        models.Func(
                            models.F("begins"),
                            models.F("ends"),
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ),
                name="shift_nobody_twice",
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("kind", "duty_leader"), ("withdrawn_at__isnull", True)),
                expressions=(
                    (
                        models.Func(models.F("roster"), models.F("roster"), models.Value("[]"), function="int8range"),
                        "&&",
                    ),
                    (models.Func(models.F("place"), models.F("place"), models.Value("[]"), function="int8range"), "&&"),
                    (
                        models.Func(
                            models.F("begins"),
                            models.F("ends"),
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ),
                name="shift_one_place_duty_leader",
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("kind", "duty_officer"), ("withdrawn_at__isnull", True)),
                expressions=(
                    (
                        models.Func(models.F("roster"), models.F("roster"), models.Value("[]"), function="int8range"),
                        "&&",
                    ),
                    (models.Func(models.F("place"), models.F("place"), models.Value("[]"), function="int8range"), "&&"),
                    (
                        models.Func(
                            models.F("begins"),
                            models.F("ends"),
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ),
                name="shift_one_place_duty_officer",
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("duty_leader", "duty_officer"))), name="shift_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(condition=models.Q(("place__range", (1, 9))), name="shift_place"),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gt", models.F("begins"))), name="shift_forward"
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ends__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("begins"), "+", models.Value(datetime.timedelta(days=1, seconds=43200))
                        ),
                    )
                ),
                name="shift_length",
            ),
        ),
        migrations.AddIndex(
            model_name="swap",
            index=models.Index(condition=models.Q(("state", "asked")), fields=["offered_to"], name="swap_open"),
        ),
        migrations.AddConstraint(
            model_name="swap",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")), fields=("shift",), name="swap_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="swap",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("asked", "agreed", "declined", "taken_back", "lapsed"))),
                name="swap_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="swap",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "asked")),
                    models.Q(models.Q(("state", "asked"), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="swap_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="swap",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_by", models.F("offered_to")), _negated=True), name="swap_with_another"
            ),
        ),
    ]
