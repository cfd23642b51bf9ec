"""The picture library: an image whose pixels never change, and the renditions made of it.

Both are read by the readers' pages: an image by its identity, a rendition by its random name.
"""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.captions import LONGEST_CAPTION, LONGEST_CREDIT
from articles.intervals import Interval, IntervalQuerySet, ends_after_it_starts
from articles.models.fields import LineField, ProseField

LONGEST_ALT = 250
MIDDLE = 50  # hundredths


class ImageQuerySet(IntervalQuerySet):
    def at(self, t: datetime) -> Self:
        """Those that may be shown at t: licensed, and not withdrawn."""
        return super().at(t).filter(withheld=False)


class Image(Interval):
    """A picture of the library, from when it was added until its licence ends.

    Its pixels never change: another picture is another image.
    """

    file = models.CharField(max_length=100, unique=True, editable=False)  # the master's, in storage
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = LineField(
        _("description"),
        max_length=LONGEST_ALT,
        blank=True,  # only until it was described once: nothing can show it before
        help_text=_("What is to be seen, for those who cannot see it."),
    )
    caption = ProseField(_("caption"), max_length=LONGEST_CAPTION, blank=True)
    credit = LineField(
        _("credit"),
        max_length=LONGEST_CREDIT,
        blank=True,
        help_text=_("Who made it, and for whom."),
    )
    rights = ProseField(
        _("rights"),
        max_length=1000,
        blank=True,
        help_text=_("What was agreed, for colleagues. Readers never see it."),
    )
    taken_on = models.DateField(_("taken on"), null=True, blank=True)
    focal_x = models.PositiveSmallIntegerField(
        _("focal point, across %"), default=MIDDLE, validators=[MaxValueValidator(100)]
    )
    focal_y = models.PositiveSmallIntegerField(
        _("focal point, down %"), default=MIDDLE, validators=[MaxValueValidator(100)]
    )
    withheld = models.BooleanField(_("withdrawn"), default=False, editable=False)  # at every moment
    # Since a save of any story first named it: then it is not deleted any more.
    named = models.BooleanField(default=False, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        db_index=False,
        verbose_name=_("added by"),
    )

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions: ClassVar[Any] = [
            ("withdraw_image", "Can withdraw a picture everywhere, and bring it back")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("starts_at", name="image_starts"),
            models.Index("ends_at", name="image_ends", condition=Q(ends_at__isnull=False)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ends_after_it_starts("image_ends_after_it_starts"),
            models.CheckConstraint(
                name="image_has_a_file_and_a_size",
                condition=~Q(file="") & Q(width__gt=0) & Q(height__gt=0),
            ),
            models.CheckConstraint(
                name="image_focal_point_is_within",
                condition=Q(focal_x__lte=100) & Q(focal_y__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return self.alt or self.caption or gettext("Picture %(number)s") % {"number": self.pk}

    @property
    def focal(self) -> tuple[int, int]:
        return self.focal_x, self.focal_y


class Rendition(models.Model):
    """A file made of an image: its public name stays, its file in storage is made anew with the
    focal point."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="renditions", db_index=False)
    crop = models.CharField(max_length=4)  # articles/pixels.py: “full”, “3x2”, …
    format = models.CharField(max_length=4)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    name = models.CharField(max_length=40, unique=True)  # random, in its address
    file = models.CharField(max_length=100, unique=True)  # random, in storage
    bytes = models.PositiveIntegerField()
    around = models.CharField(max_length=7, blank=True)  # the focal point; empty: of no crop

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["image", "crop", "format", "width"], name="one_rendition_a_size"
            ),
            models.CheckConstraint(
                name="rendition_has_a_size",
                condition=Q(width__gt=0) & Q(height__gt=0) & Q(bytes__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.image_id}: {self.crop}, {self.width} px, {self.format}"

    def get_absolute_url(self) -> str:
        return f"/pictures/{self.name}"
