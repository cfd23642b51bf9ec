"""The stories of which readers are told that they ended, the last one first."""

from django.db import migrations, models
from django.db.models import F, OrderBy, Q


class Migration(migrations.Migration):
    dependencies = [("articles", "0021_redirects")]

    operations = [
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                OrderBy(F("ends_at"), descending=True),
                OrderBy(F("id"), descending=True),
                condition=Q(ends_as="gone") | Q(ends_as="expired"),
                name="told_as_ended",
            ),
        ),
    ]
