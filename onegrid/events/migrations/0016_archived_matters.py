"""A closed matter goes into the archive; the sweep finds by an index those whose time has come."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0015_alarms")]

    operations = [
        migrations.RemoveConstraint(
            model_name="event",
            name="event_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="event",
            name="event_final_is_closed",
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(condition=models.Q(("state", "closed")), fields=["closed_at"], name="event_to_archive"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "reported",
                            "waiting_reporter",
                            "accepted",
                            "assigned",
                            "handling",
                            "suspended",
                            "checking",
                            "rating",
                            "refused",
                            "closed",
                            "archived",
                            "void",
                        ),
                    )
                ),
                name="event_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state__in", ("refused", "closed", "archived", "void"))),
                    models.Q(
                        models.Q(("state__in", ("refused", "closed", "archived", "void")), _negated=True),
                        ("closed_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="event_final_is_closed",
            ),
        ),
    ]
