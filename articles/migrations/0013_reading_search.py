"""The table of the readers' search (articles/reading_index.py), with the words of every version.

No model declares it: Django knows neither of SQLite's full text nor of what it keeps beside it.
"""

from django.db import migrations
from django.utils import timezone

from articles import reading_index

TABLES = {
    # As the desk's own index; a reader's last word may be the beginning of one, and what begins
    # so is merged for every search unless there is an index of that length.
    "sqlite": [
        (
            "CREATE VIRTUAL TABLE articles_reading_search USING "
            "fts5(words, detail='none', tokenize='ascii', prefix='1 2 3 4 5 6')"
        )
    ],
    "postgresql": [
        # No foreign key: Django empties tables of its own in tests, and knows nothing of this one.
        "CREATE TABLE articles_reading_search (place bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX articles_reading_search_words ON articles_reading_search USING gin (words)",
    ],
}


def make_table(apps, schema_editor):
    for statement in TABLES[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE articles_reading_search")


def index_versions(apps, schema_editor):
    versions = apps.get_model("articles", "Publication").objects
    reading_index.rebuild(timezone.now(), versions)


class Migration(migrations.Migration):
    dependencies = [("articles", "0012_sitemaps")]

    operations = [
        migrations.RunPython(make_table, drop_table, elidable=False),
        migrations.RunPython(index_versions, migrations.RunPython.noop),
    ]
