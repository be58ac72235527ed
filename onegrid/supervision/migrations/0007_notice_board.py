"""The notice board of a centre."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0004_deputies"),
        ("supervision", "0006_meetings"),
    ]

    operations = [
        migrations.CreateModel(
            name="BoardNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.TextField(db_collation="C")),
                ("title", models.TextField()),
                ("words", models.TextField()),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("pinned", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("taken_down_at", models.DateTimeField(null=True)),
                (
                    "circular",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supervision.circular",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
                    ),
                ),
                (
                    "taken_down_by",
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
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("taken_down_at__isnull", True)),
                        fields=["area", "until"],
                        name="board_notice_up",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("since__lte", models.F("until"))), name="board_notice_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_down_at__isnull", True), ("taken_down_by__isnull", True)),
                            models.Q(("taken_down_at__isnull", False), ("taken_down_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="board_notice_taken_down",
                    ),
                ],
            },
        ),
    ]
