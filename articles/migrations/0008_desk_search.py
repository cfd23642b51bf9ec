"""The table of the desk's search (desk/search.py), with the words of every story in it.

No model declares it: Django knows neither of SQLite's full text nor of what it keeps beside it.
"""

from django.db import migrations

from articles.desk import search

TABLES = {
    # Whole words as they were folded, without where they stand; what a reader types is mostly
    # the beginning of a word, and of short ones there are many.
    "sqlite": [
        (
            "CREATE VIRTUAL TABLE articles_search USING "
            "fts5(words, detail='none', tokenize='ascii', prefix='2 3')"
        )
    ],
    "postgresql": [
        # No foreign key: Django empties tables of its own in tests, and knows nothing of this one.
        "CREATE TABLE articles_search (article_id bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX articles_search_words ON articles_search USING gin (words)",
    ],
}


def make_table(apps, schema_editor):
    for statement in TABLES[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE articles_search")


def index_stories(apps, schema_editor):
    search.rebuild(apps.get_model("articles", "Article").objects)


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_words")]

    operations = [
        migrations.RunPython(make_table, drop_table, elidable=False),
        migrations.RunPython(index_stories, migrations.RunPython.noop),
    ]
