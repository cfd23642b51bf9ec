"""The picture library: images, the renditions made of them, and which stories show one."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import articles.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0015_reads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="listrow",
            name="kind",
            field=models.CharField(
                choices=[
                    ("all", "All"),
                    ("section", "Section"),
                    ("author", "Author"),
                    ("tag", "Tag"),
                    ("picture", "Picture"),
                ],
                max_length=8,
            ),
        ),
        migrations.CreateModel(
            name="Image",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("file", models.CharField(editable=False, max_length=100, unique=True)),
                ("width", models.PositiveIntegerField(editable=False)),
                ("height", models.PositiveIntegerField(editable=False)),
                (
                    "alt",
                    articles.models.fields.LineField(
                        blank=True,
                        help_text="What is to be seen, for those who cannot see it.",
                        max_length=250,
                        verbose_name="description",
                    ),
                ),
                (
                    "caption",
                    articles.models.fields.ProseField(
                        blank=True, max_length=500, verbose_name="caption"
                    ),
                ),
                (
                    "credit",
                    articles.models.fields.LineField(
                        blank=True,
                        help_text="Who made it, and for whom.",
                        max_length=120,
                        verbose_name="credit",
                    ),
                ),
                (
                    "rights",
                    articles.models.fields.ProseField(
                        blank=True,
                        help_text="What was agreed, for colleagues. Readers never see it.",
                        max_length=1000,
                        verbose_name="rights",
                    ),
                ),
                ("taken_on", models.DateField(blank=True, null=True, verbose_name="taken on")),
                (
                    "focal_x",
                    models.PositiveSmallIntegerField(
                        default=50,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="focal point, across %",
                    ),
                ),
                (
                    "focal_y",
                    models.PositiveSmallIntegerField(
                        default=50,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="focal point, down %",
                    ),
                ),
                (
                    "withheld",
                    models.BooleanField(default=False, editable=False, verbose_name="withdrawn"),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
            ],
            options={
                "verbose_name": "picture",
                "verbose_name_plural": "pictures",
                "ordering": ["-pk"],
                "permissions": [
                    ("withdraw_image", "Can withdraw a picture everywhere, and bring it back")
                ],
            },
        ),
        migrations.CreateModel(
            name="Rendition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("crop", models.CharField(max_length=4)),
                ("format", models.CharField(max_length=4)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=40, unique=True)),
                ("file", models.CharField(max_length=100, unique=True)),
                ("bytes", models.PositiveIntegerField()),
                ("around", models.CharField(blank=True, max_length=7)),
                (
                    "image",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="renditions",
                        to="articles.image",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(models.F("starts_at"), name="image_starts"),
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(
                models.F("ends_at"),
                condition=models.Q(("ends_at__isnull", False)),
                name="image_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at", None), ("ends_at__gte", models.F("starts_at")), _connector="OR"
                ),
                name="image_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file", ""), _negated=True), ("width__gt", 0), ("height__gt", 0)
                ),
                name="image_has_a_file_and_a_size",
            ),
        ),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.CheckConstraint(
                condition=models.Q(("focal_x__lte", 100), ("focal_y__lte", 100)),
                name="image_focal_point_is_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="rendition",
            constraint=models.UniqueConstraint(
                fields=("image", "crop", "format", "width"), name="one_rendition_a_size"
            ),
        ),
        migrations.AddConstraint(
            model_name="rendition",
            constraint=models.CheckConstraint(
                condition=models.Q(("width__gt", 0), ("height__gt", 0), ("bytes__gt", 0)),
                name="rendition_has_a_size",
            ),
        ),
    ]
