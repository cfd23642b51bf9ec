"""What stands in every new database: the sections World and National, and the edition's row."""

from django.db import migrations


def lay_ground(apps, schema_editor):
    section = apps.get_model("articles", "Section")
    section.objects.bulk_create(
        [
            section(name="World", slug="world", order=10),
            section(name="National", slug="national", order=20),
        ]
    )
    apps.get_model("articles", "Edition").objects.create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]
    operations = [migrations.RunPython(lay_ground, migrations.RunPython.noop, elidable=False)]
