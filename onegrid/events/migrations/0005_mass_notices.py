import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0004_reply_templates"),
        ("org", "0002_trail_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="MassNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.TextField(db_collation="C")),
                ("made_at", models.DateTimeField()),
                ("words", models.TextField()),
                ("audience", models.JSONField(default=dict)),
                ("events", models.IntegerField()),
                ("receivers", models.IntegerField()),
                ("state", models.TextField(db_collation="C", default="frozen")),
                ("released_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.posting"
                    ),
                ),
                (
                    "released_by",
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
        ),
        migrations.CreateModel(
            name="MassRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.TextField(db_collation="C")),
                ("receivers", models.SmallIntegerField()),
                ("state", models.TextField(db_collation="C", default="waiting")),
                ("why", models.TextField(blank=True, default="")),
                (
                    "notice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="events.massnotice",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="massnotice",
            index=models.Index(fields=["area", "-id"], name="mass_notice_area"),
        ),
        migrations.AddConstraint(
            model_name="massnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("frozen", "sending", "sent", "withdrawn"))), name="mass_notice_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="massnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("frozen", "withdrawn")), ("released_by__isnull", False), _connector="OR"
                ),
                name="mass_notice_released",
            ),
        ),
        migrations.AddConstraint(
            model_name="massrow",
            constraint=models.UniqueConstraint(fields=("notice", "number"), name="mass_row_once"),
        ),
        migrations.AddConstraint(
            model_name="massrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("waiting", "told", "skipped"))), name="mass_row_state"
            ),
        ),
    ]
