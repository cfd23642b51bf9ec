"""Index the names that there are; run again, it indexes them again."""

from django.db import migrations

from articles.kinds import ListKind


def write_words(apps, schema_editor):
    words = apps.get_model("articles", "NameWord").objects
    for model, kind in (("Author", ListKind.AUTHOR), ("Tag", ListKind.TAG)):
        words.write_all(kind, apps.get_model("articles", model).objects.all())


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("articles", "0024_words_of_names")]

    operations = [migrations.RunPython(write_words, migrations.RunPython.noop)]
