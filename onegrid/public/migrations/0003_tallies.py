from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("public", "0002_followers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("measure", models.TextField(db_collation="C")),
                ("town", models.TextField(blank=True, db_collation="C", default="")),
                ("category", models.TextField(blank=True, db_collation="C", default="")),
                ("restricted", models.BooleanField(default=False)),
                ("reason", models.TextField(blank=True, db_collation="C", default="")),
                ("amount", models.IntegerField()),
                ("counted_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "measure", "town", "category", "restricted", "reason"), name="tally_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gte", 1)), name="tally_amount"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("restricted", False),
                            models.Q(("category", ""), ("reason", ""), ("town", "")),
                            _connector="OR",
                        ),
                        name="tally_restricted_whole",
                    ),
                ],
            },
        ),
    ]
