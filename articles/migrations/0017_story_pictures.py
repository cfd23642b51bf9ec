"""A story’s picture, in the working copy and in what readers see."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import articles.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0016_pictures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.image",
                verbose_name="picture",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="picture_alt",
            field=articles.models.fields.LineField(
                blank=True, max_length=250, verbose_name="picture’s description"
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="picture_caption",
            field=articles.models.fields.ProseField(
                blank=True, max_length=500, verbose_name="picture’s caption"
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="named",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="publication",
            name="picture",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="publication",
            name="picture_alt",
            field=models.CharField(blank=True, max_length=250),
        ),
        migrations.AddField(
            model_name="publication",
            name="picture_caption",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="publication",
            name="pictures",
            field=models.JSONField(default=list),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                models.F("picture"),
                condition=models.Q(("picture__isnull", False)),
                name="desk_by_picture",
            ),
        ),
    ]
