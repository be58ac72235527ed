"""Protected reporters; whoever spoke of an office before is protected from now on as well."""

import django.db.models.deletion
from django.db import migrations, models

PROTECT = """
UPDATE events_report r SET protected = true FROM events_event e
WHERE e.id = r.event_id AND (e.about_office OR e.about_unit_ids <> '{}');
UPDATE events_contact c SET masked = '', phone_index = NULL FROM events_report r
WHERE r.id = c.report_id AND r.protected;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0021_parts_of_a_unit"),
        ("org", "0003_trail_purposes"),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="protects",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="report",
            name="protected",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="Unsealing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.TextField(db_collation="C")),
                ("purpose", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("granted", models.BooleanField(null=True)),
                ("words", models.TextField(blank=True, default="")),
                ("opened_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.posting",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="unsealings", to="events.report"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)), fields=("report",), name="unsealing_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True), ("decided_by__isnull", True), ("granted__isnull", True)
                            ),
                            models.Q(
                                ("decided_at__isnull", False), ("decided_by__isnull", False), ("granted__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="unsealing_decided_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="unsealing_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opened_at__isnull", True), ("granted", True), _connector="OR"),
                        name="unsealing_opened_granted",
                    ),
                ],
            },
        ),
        migrations.RunSQL(PROTECT, migrations.RunSQL.noop),
    ]
