"""Who is on duty at a centre by the roster, beside its standing list."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0022_protected_reporters"),
        ("org", "0003_trail_purposes"),
    ]

    operations = [
        migrations.CreateModel(
            name="OnDuty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.SmallIntegerField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "centre",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
                (
                    "posting",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
                    ),
                ),
            ],
            options={
                "ordering": ("centre", "place", "since", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("centre", "posting", "since"), name="on_duty_once"),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("since"))), name="on_duty_forward"
                    ),
                ],
            },
        ),
    ]
