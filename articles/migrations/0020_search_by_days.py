"""On PostgreSQL the readers' search can ask for the newest stretches of 23 days first.

The index of words also holds of each row its stretch: the minutes of its place by 32,768. SQLite's
own is in the order of places.
"""

from django.db import migrations

NAME = "articles_reading_search_words"
WORDS = f"CREATE INDEX {NAME} ON articles_reading_search USING gin (words)"
WORDS_BY_DAYS = (
    f"CREATE INDEX {NAME} ON articles_reading_search USING gin (words, (ARRAY[place >> 46]))"
)


def index_by_days(apps, schema_editor):
    _make(schema_editor, WORDS_BY_DAYS)


def index_words_alone(apps, schema_editor):
    _make(schema_editor, WORDS)


def _make(schema_editor, index):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {NAME}")
        schema_editor.execute(index)


class Migration(migrations.Migration):
    dependencies = [("articles", "0019_websub")]

    operations = [migrations.RunPython(index_by_days, index_words_alone)]
