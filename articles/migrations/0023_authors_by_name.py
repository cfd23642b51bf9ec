"""The desk's list of authors comes in its order from an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0022_told_as_ended")]

    operations = [
        migrations.AddIndex(
            model_name="author",
            index=models.Index(fields=["name", "id"], name="author_by_name"),
        ),
    ]
