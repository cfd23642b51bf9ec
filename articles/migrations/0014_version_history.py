"""What a story's version history walks along: the changes it tells, and what takes back."""

from django.db import migrations, models
from django.db.models import F, OrderBy, Q

IN_ORDER = (
    F("article"),
    OrderBy(F("starts_at"), descending=True),
    OrderBy(F("id"), descending=True),
)


class Migration(migrations.Migration):
    dependencies = [("articles", "0013_reading_search")]

    operations = [
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                *IN_ORDER,
                condition=(~Q(change="") & ~Q(change="typo")) | Q(withheld=True),
                name="versions_told_of_a_story",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                *IN_ORDER,
                condition=Q(change="legal") | Q(ends_as="gone") | Q(ends_as="vanished"),
                name="versions_that_take_back",
            ),
        ),
    ]
