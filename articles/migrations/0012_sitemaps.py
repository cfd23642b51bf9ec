"""What the sitemaps ask for: when a month's stories last changed or left, and their ids."""

from django.db import migrations, models

from articles.models.months import UTCMonth


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0011_fronts"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="listrow",
            index=models.Index(
                UTCMonth("first_published_at"),
                models.F("story"),
                condition=models.Q(("kind", "all")),
                name="stories_of_a_month",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                UTCMonth("first_published_at"),
                models.OrderBy(models.F("starts_at"), descending=True),
                condition=models.Q(("starts_at__gt", models.F("first_published_at"))),
                name="later_starts_of_a_month",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                UTCMonth("first_published_at"),
                models.OrderBy(models.F("ends_at"), descending=True),
                condition=models.Q(
                    ("ends_at__isnull", False), models.Q(("ends_as", "next"), _negated=True)
                ),
                name="last_ends_of_a_month",
            ),
        ),
    ]
