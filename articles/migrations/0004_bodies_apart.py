"""A revision's body stands apart from its other fields, compressed. Whether an old one changed
the text nobody wrote down, so it counts as if it had."""

from django.db import migrations

import articles.models.fields


def take_bodies_out(apps, schema_editor):
    revision = apps.get_model("articles", "Revision")
    for row in revision.objects.filter(body=None).iterator(500):
        row.body = row.fields.pop("body", "")
        row.is_text = True
        row.save(update_fields=["fields", "body", "is_text"])


def put_bodies_back(apps, schema_editor):
    revision = apps.get_model("articles", "Revision")
    for row in revision.objects.iterator(500):
        row.fields["body"] = row.body
        row.save(update_fields=["fields"])


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_desk")]
    operations = [
        migrations.RunPython(take_bodies_out, put_bodies_back, elidable=True),
        migrations.AlterField(
            model_name="revision", name="body", field=articles.models.fields.PackedTextField()
        ),
    ]
