"""What a person wants to hear by which way."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import onegrid.kit.clock


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_ways_out"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phone_sealed", models.BinaryField(null=True)),
                ("phone_masked", models.TextField(blank=True, default="")),
                ("mail_sealed", models.BinaryField(null=True)),
                ("mail_masked", models.TextField(blank=True, default="")),
                ("ways", models.JSONField(default=dict)),
                ("quiet_from", models.TimeField(null=True)),
                ("quiet_until", models.TimeField(null=True)),
                ("version", models.IntegerField(default=1)),
                ("changed_at", models.DateTimeField(default=onegrid.kit.clock.now)),
            ],
        ),
        migrations.AddField(
            model_name="preference",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notice_preference",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quiet_from__isnull", True), ("quiet_until__isnull", True)),
                    models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                    _connector="OR",
                ),
                name="preference_quiet_both",
            ),
        ),
    ]
