import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0006_listed_leaves"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="step",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["at"], name="step_at", pages_per_range=32
            ),
        ),
    ]
