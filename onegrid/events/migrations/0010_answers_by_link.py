"""A unit without an account answers one matter by a link: its row, its steps, its objection."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT


def kinds(*known: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(actor_kind__in=known), name="step_actor_kind")


class Migration(migrations.Migration):
    dependencies = (("events", "0009_on_call_and_alerts"),)
    operations = (
        migrations.CreateModel(
            name="Link",
            fields=(
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event", models.ForeignKey(on_delete=PROTECT, related_name="links", to="events.event")),
                ("area", models.TextField(db_collation="C")),
                ("unit", models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="org.unit")),
                ("code_hash", models.BinaryField(max_length=32)),
                ("made_by", models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="org.posting")),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(db_index=False, null=True, on_delete=PROTECT, related_name="+", to="org.posting"),
                ),
                ("ending", models.TextField(blank=True, default="")),
            ),
            options={
                "constraints": (
                    models.UniqueConstraint(fields=("code_hash",), name="link_code"),
                    models.UniqueConstraint(
                        fields=("event",), condition=models.Q(ended_at__isnull=True), name="link_one_open"
                    ),
                    models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("made_at")), name="link_expires"),
                    models.CheckConstraint(
                        condition=models.Q(ending__in=("", "result", "revoked", "replaced", "left")),
                        name="link_ending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(ended_at__isnull=True, ending="")
                        | (models.Q(ended_at__isnull=False) & ~models.Q(ending="")),
                        name="link_ended",
                    ),
                ),
            },
        ),
        migrations.RemoveConstraint(model_name="step", name="step_actor_kind"),
        migrations.AddConstraint(model_name="step", constraint=kinds("staff", "reporter", "guest", "house")),
        migrations.AlterField(
            model_name="request",
            name="asked_by",
            field=models.ForeignKey(db_index=False, null=True, on_delete=PROTECT, related_name="+", to="org.posting"),
        ),
    )
