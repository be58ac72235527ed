"""Who took a tick back; what a series of meetings does on rest days."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0005_area_phones"),
        ("supervision", "0011_joint_work_on_places"),
    ]

    operations = [
        migrations.AddField(
            model_name="appliedline",
            name="undone_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="appliedline",
            name="undone_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="org.posting",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="moves",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="meeting",
            name="rhythm_at",
            field=models.DateTimeField(null=True),
        ),
    ]
