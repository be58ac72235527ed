"""Messages go out by mail and text message; urgent ones, waiting ones, bundles, addresses until they are delivered."""

import django.db.models.deletion
from django.db import migrations, models

import onegrid.kit.clock

FORMER = {"delivered": "sent", "undelivered": "failed", "bundled": "failed"}


def name_the_ways(apps, schema_editor):
    """The generic gateway is the way of text messages; what waits was due when it was written."""
    rows = apps.get_model("notices", "Message").objects
    rows.filter(channel="gateway").update(channel="sms")
    rows.update(due_at=models.F("created_at"))


def former_names(apps, schema_editor):
    rows = apps.get_model("notices", "Message").objects
    rows.filter(channel__in=("sms", "mail")).update(channel="gateway")
    rows.filter(to_posting=None, to_report=None).delete()
    for state, former in FORMER.items():
        rows.filter(state=state).update(bundle=None, state=former)
    # Else the checks of deleted rows would still wait when the table is altered.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_first_nouns"),
        ("org", "0002_trail_append_only"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="message",
            name="message_channel",
        ),
        migrations.RemoveConstraint(
            model_name="message",
            name="message_state",
        ),
        migrations.RemoveConstraint(
            model_name="message",
            name="message_has_receiver",
        ),
        migrations.AddField(
            model_name="message",
            name="address_sealed",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="bundle",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="gathered",
                to="notices.message",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="due_at",
            field=models.DateTimeField(default=onegrid.kit.clock.now),
        ),
        migrations.AddField(
            model_name="message",
            name="gathers",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="message",
            name="left_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="reference",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="message",
            name="settled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="to_other",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="message",
            name="unit",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="urgent",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["to_posting", "kind", "-due_at"], name="message_storm"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("bundle__isnull", False)), fields=["bundle"], name="message_bundle"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("state", "queued")), fields=["due_at"], name="message_waiting"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("left_at__isnull", True), ("state__in", ("unknown", "undelivered", "failed"))),
                fields=["unit", "-id"],
                name="message_troubled",
            ),
        ),
        migrations.RunPython(name_the_ways, former_names),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True), fields=("reference",), name="message_reference"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ("in_app", "console", "mail", "sms"))), name="message_channel"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ("queued", "bundled", "sending", "sent", "delivered", "unknown", "undelivered", "failed"),
                    )
                ),
                name="message_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_posting__isnull", False),
                    ("to_report__isnull", False),
                    models.Q(("to_other", ""), _negated=True),
                    _connector="OR",
                ),
                name="message_has_receiver",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("bundle__isnull", True), ("state", "bundled"), _connector="OR"),
                name="message_bundled",
            ),
        ),
    ]
