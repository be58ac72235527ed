from django.db import migrations


class Migration(migrations.Migration):
    """The house keeps it in `org_throttle`. The table stays for one release: the web of before writes it until its
    restart, which comes after this."""

    dependencies = [
        ("public", "0003_tallies"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="Throttle")]),
    ]
