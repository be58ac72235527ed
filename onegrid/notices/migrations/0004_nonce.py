"""A callback that is played back is known by its nonce."""

from django.db import migrations, models

import onegrid.kit.clock


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0003_preference"),
    ]

    operations = [
        migrations.CreateModel(
            name="Nonce",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.TextField()),
                ("at", models.DateTimeField(default=onegrid.kit.clock.now)),
            ],
        ),
        migrations.AddIndex(
            model_name="nonce",
            index=models.Index(fields=["at"], name="nonce_at"),
        ),
        migrations.AddConstraint(
            model_name="nonce",
            constraint=models.UniqueConstraint(fields=("value",), name="nonce_once"),
        ),
    ]
