"""What the calendar and the day's list ask for: stories by their embargo, and those not due."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_desk_search")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                "priority", "id", name="desk_without_due", condition=models.Q(due_at__isnull=True)
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                "embargo", "id", name="desk_by_embargo", condition=models.Q(embargo__isnull=False)
            ),
        ),
    ]
