"""The desk's list of authors comes in its order from an index."""

from django.db import migrations, models

from newsroom.migrating import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("articles", "0022_told_as_ended")]

    operations = [
        AddIndexWhileServing(
            model_name="author",
            index=models.Index(fields=["name", "id"], name="author_by_name"),
        ),
    ]
