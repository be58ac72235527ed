import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_reporter_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReplyTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.TextField()),
                ("name_en", models.TextField()),
                ("area", models.TextField(blank=True, db_collation="C", default="")),
                ("code", models.TextField(db_collation="C")),
                ("category", models.TextField(blank=True, db_collation="C", default="")),
                (
                    "verbs",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(db_collation="C"), size=None),
                ),
                (
                    "states",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(db_collation="C"), blank=True, default=list, size=None
                    ),
                ),
                ("words_zh", models.TextField()),
                ("words_en", models.TextField()),
                ("active", models.BooleanField(default=True)),
                ("version", models.IntegerField(default=1)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("area", "code"), name="reply_template_once")],
            },
        ),
    ]
