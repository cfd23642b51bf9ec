"""The words of the names of authors and topics, by which a search finds whom it names."""

from django.db import migrations, models

from articles.models import name_word


class Migration(migrations.Migration):
    dependencies = [("articles", "0023_authors_by_name")]

    operations = [
        migrations.CreateModel(
            name="NameWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.BinaryField(max_length=240)),
                ("length", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=8)),
                ("what", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["word", "length", "kind", "what"], name="names_of_a_word"),
                    models.Index(fields=["kind", "what"], name="words_of_a_name"),
                ],
            },
            managers=[("objects", name_word.NameWordManager())],
        ),
    ]
