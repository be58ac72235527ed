"""Further questions of a leaf, and what each voice answered to them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0012_handled_on_the_spot"),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.TextField()),
                ("name_en", models.TextField()),
                ("category", models.TextField(db_collation="C")),
                ("key", models.TextField(db_collation="C")),
                ("kind", models.TextField(db_collation="C")),
                ("order", models.SmallIntegerField(default=0)),
                ("required", models.BooleanField(default=False)),
                ("hint_zh", models.TextField(blank=True, default="")),
                ("hint_en", models.TextField(blank=True, default="")),
                ("options", models.JSONField(default=list)),
                ("depends", models.JSONField(default=dict)),
                ("active", models.BooleanField(default=True)),
            ],
            options={"ordering": ("category", "order", "id")},
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(fields=("category", "key"), name="question_once"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("choice", "many", "text", "number", "yes_no", "date"))),
                name="question_kind",
            ),
        ),
        migrations.AddField("report", "answers", models.JSONField(default=list)),
        migrations.AddField("report", "answers_sealed", models.BinaryField(null=True)),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("answers_sealed__isnull", True), ("answers", []), _connector="OR"),
                name="report_answers_sealed",
            ),
        ),
    ]
