"""What is finished where it was met, and which of it a checker still looks at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0011_further_ways_in"),
    ]

    operations = [
        migrations.AddField("category", "on_the_spot", models.BooleanField(default=False)),
        migrations.AddField("category", "consulting", models.BooleanField(default=False)),
        migrations.AddField("category", "sample_every", models.SmallIntegerField(default=5)),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.CheckConstraint(
                condition=models.Q(("sample_every__gte", 1)), name="category_sample_every"
            ),
        ),
        migrations.AddField("event", "spot", models.BooleanField(default=False)),
        migrations.AddField("event", "sampled", models.BooleanField(default=False)),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("sampled", True)), fields=["owner", "closed_at", "id"], name="event_sampled"
            ),
        ),
    ]
