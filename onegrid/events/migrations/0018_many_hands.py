import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0017_time_of_keeping"),
        ("org", "0002_trail_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="assignment",
            name="assignment_state",
        ),
        migrations.RemoveConstraint(
            model_name="event",
            name="event_final_is_closed",
        ),
        migrations.RemoveConstraint(
            model_name="request",
            name="request_one_open",
        ),
        migrations.AddField(
            model_name="assignment",
            name="limit",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="assignment",
            name="remind_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="assignment",
            name="result",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="assignment",
            name="sealed",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="assignment",
            name="task",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="category",
            name="passes_through",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="event",
            name="joined_into",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="joined",
                to="events.event",
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="parts_open",
            field=models.SmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="event",
            name="passed_by",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="passes_through",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="report",
            name="promised_by",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("remind_at__isnull", False)), fields=["remind_at"], name="assignment_remind"
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("joined_into__isnull", False)), fields=["joined_into"], name="event_joined_into"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("role", "assist"), models.Q(("state__in", ("ended", "undone")), _negated=True)),
                fields=("event", "unit"),
                name="assignment_one_part",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("offered", "claimed", "done", "returned", "undone", "ended", "passed"))
                ),
                name="assignment_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state__in", ("refused", "closed", "archived", "void"))),
                    models.Q(("closed_at__isnull", False), ("joined_into__isnull", False)),
                    models.Q(
                        models.Q(("state__in", ("refused", "closed", "archived", "void")), _negated=True),
                        ("closed_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="event_final_is_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at__isnull", True)),
                fields=("event", "kind", "unit"),
                name="request_one_open",
            ),
        ),
    ]
