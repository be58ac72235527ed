"""Who is called when it is grave: the on-call list of a centre, alerts, and each call of one."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    dependencies = (("events", "0008_titles_released"), ("org", "0002_trail_append_only"))
    operations = (
        migrations.CreateModel(
            name="OnCall",
            fields=(
                ID,
                ("centre", models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="org.unit")),
                ("posting", models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="org.posting")),
                ("place", models.SmallIntegerField()),
                ("away_from", models.DateTimeField(null=True)),
                ("away_until", models.DateTimeField(null=True)),
            ),
            options={
                "ordering": ("centre", "place", "id"),
                "constraints": (
                    models.UniqueConstraint(fields=("centre", "posting"), name="on_call_once"),
                    models.CheckConstraint(
                        condition=models.Q(away_from__isnull=True, away_until__isnull=True)
                        | models.Q(away_until__gt=models.F("away_from")),
                        name="on_call_away",
                    ),
                ),
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=(
                ID,
                ("event", models.ForeignKey(on_delete=PROTECT, related_name="alerts", to="events.event")),
                ("area", models.TextField(db_collation="C")),
                ("centre", models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="org.unit")),
                ("level", models.SmallIntegerField()),
                ("cause", models.TextField(db_collation="C")),
                ("raised_at", models.DateTimeField()),
                ("next_at", models.DateTimeField(null=True)),
                ("rounds", models.SmallIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(blank=True, default="")),
                (
                    "acknowledged_by",
                    models.ForeignKey(db_index=False, null=True, on_delete=PROTECT, related_name="+", to="org.posting"),
                ),
            ),
            options={
                "constraints": (
                    models.UniqueConstraint(fields=("event", "centre", "level"), name="alert_once"),
                    models.UniqueConstraint(
                        fields=("event",), condition=models.Q(ended_at__isnull=True), name="alert_one_open"
                    ),
                    models.CheckConstraint(condition=models.Q(level__in=(1, 2)), name="alert_level"),
                    models.CheckConstraint(
                        condition=models.Q(outcome__in=("", "acknowledged", "moved", "over")), name="alert_outcome"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(ended_at__isnull=True, next_at__isnull=False, outcome="")
                        | (models.Q(ended_at__isnull=False, next_at__isnull=True) & ~models.Q(outcome="")),
                        name="alert_open_goes_on",
                    ),
                ),
                "indexes": (
                    models.Index(fields=("next_at",), condition=models.Q(ended_at__isnull=True), name="alert_next"),
                ),
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=(
                ID,
                ("alert", models.ForeignKey(on_delete=PROTECT, related_name="calls", to="events.alert")),
                ("n", models.SmallIntegerField()),
                (
                    "posting",
                    models.ForeignKey(db_index=False, null=True, on_delete=PROTECT, related_name="+", to="org.posting"),
                ),
                ("at", models.DateTimeField()),
            ),
            options={
                "ordering": ("alert", "n"),
                "constraints": (models.UniqueConstraint(fields=("alert", "n"), name="call_once"),),
            },
        ),
    )
