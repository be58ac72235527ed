"""Visits, letters, stations, grid workers, e-mail and alarms are ways of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0010_answers_by_link"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="report", name="report_channel"),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "channel__in",
                        ("web", "phone", "visit", "letter", "station", "worker", "email", "alarm", "api", "import"),
                    )
                ),
                name="report_channel",
            ),
        ),
    ]
