from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0019_facts_of_many_hands"),
    ]

    operations = [
        migrations.AddField(
            model_name="request",
            name="words_sealed",
            field=models.BinaryField(null=True),
        ),
    ]
