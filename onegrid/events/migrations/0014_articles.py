"""What is known about a kind of matter, with source and date."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0013_further_questions"),
        ("org", "0002_trail_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField(db_collation="C")),
                ("category", models.TextField(db_collation="C")),
                ("title_zh", models.TextField()),
                ("title_en", models.TextField()),
                ("words_zh", models.TextField()),
                ("words_en", models.TextField()),
                ("source_zh", models.TextField()),
                ("source_en", models.TextField()),
                ("dated", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("active", models.BooleanField(default=True)),
                ("version", models.IntegerField(default=1)),
                ("changed_at", models.DateTimeField(null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.posting",
                    ),
                ),
            ],
            options={"ordering": ("category", "code")},
        ),
        migrations.AddConstraint(
            model_name="article", constraint=models.UniqueConstraint(fields=("code",), name="article_code")
        ),
    ]
