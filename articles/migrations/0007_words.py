"""Every story's words, as a save counts them from now on."""

from django.db import migrations

from articles import body


def count_words(apps, schema_editor):
    stories = apps.get_model("articles", "Article").objects
    batch = []
    for story in stories.only("pk", "body").iterator(chunk_size=500):
        story.words = body.word_count(story.body)
        batch.append(story)
        if len(batch) == 500:
            stories.bulk_update(batch, ["words"])
            batch = []
    stories.bulk_update(batch, ["words"])


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_planning")]

    operations = [migrations.RunPython(count_words, migrations.RunPython.noop)]
