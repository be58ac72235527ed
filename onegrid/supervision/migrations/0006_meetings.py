"""Meetings, their matters, and tasks that come from them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0021_parts_of_a_unit"),
        ("org", "0003_trail_purposes"),
        ("supervision", "0005_orders"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words_sealed", models.BinaryField(null=True)),
                ("title", models.TextField()),
                ("kind", models.TextField(db_collation="C")),
                ("room", models.TextField()),
                ("starts_at", models.DateTimeField()),
                ("series", models.TextField(db_collation="C", default="none")),
                (
                    "unit_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "agenda",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("state", models.TextField(db_collation="C", default="called")),
                ("made_at", models.DateTimeField()),
                ("answer_by", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("why", models.TextField(blank=True, default="")),
            ],
        ),
        migrations.CreateModel(
            name="MeetingMatter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="task",
            name="task_source",
        ),
        migrations.AddField(
            model_name="meeting",
            name="called_by",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="centre",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="chair",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="follows",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="supervision.meeting",
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="meeting",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tasks",
                to="supervision.meeting",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(condition=models.Q(("meeting__isnull", False)), fields=["meeting"], name="task_meeting"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("event__isnull", False),
                        ("instruction__isnull", False),
                        ("meeting__isnull", True),
                        ("source", "instruction"),
                    ),
                    models.Q(("instruction__isnull", True), ("meeting__isnull", False), ("source", "meeting")),
                    _connector="OR",
                ),
                name="task_source",
            ),
        ),
        migrations.AddField(
            model_name="meetingmatter",
            name="event",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="events.event"),
        ),
        migrations.AddField(
            model_name="meetingmatter",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="matters", to="supervision.meeting"
            ),
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["centre", "starts_at", "id"], name="meeting_centre"),
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=django.contrib.postgres.indexes.GinIndex(fields=["unit_ids"], name="meeting_units"),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("called", "held", "signed", "cancelled"))), name="meeting_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("analysis", "regular", "other"))), name="meeting_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("series__in", ("none", "weekly", "monthly"))), name="meeting_series"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer_by__isnull", True), ("ended_at__isnull", False), ("state__in", ("signed", "cancelled"))
                    ),
                    models.Q(
                        models.Q(("state__in", ("signed", "cancelled")), _negated=True),
                        ("answer_by__isnull", False),
                        ("ended_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="meeting_final_is_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("held", "signed")), _negated=True),
                    ("words_sealed__isnull", False),
                    _connector="OR",
                ),
                name="meeting_held_has_minutes",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "cancelled"), _negated=True),
                    models.Q(("why", ""), _negated=True),
                    _connector="OR",
                ),
                name="meeting_cancelled_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingmatter",
            constraint=models.UniqueConstraint(fields=("meeting", "event"), name="meeting_matter_once"),
        ),
    ]
