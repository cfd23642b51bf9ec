"""Fronts: which stories stand where on the home page and on a section's, and the breaking banner.

What readers see of it are Pins and Banners, each from one moment to another; a slot without a Pin
is filled by rule (pages/fronts.py). What the desk is arranging is a Front.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.intervals import Interval, IntervalQuerySet, NoOverlap, ends_after_it_starts
from articles.models.article import Article
from articles.models.fields import LineField

PLACES = 5  # of a front that are filled by hand: the lead, and four below it
HOME = 0  # the front of no section


class PinQuerySet(IntervalQuerySet):
    def newest_in(self, slots: Iterable[int], t: datetime) -> Self:
        """Of each of some slots what was pinned in it last by t, ended or not.

        By one step a slot: years of a front lie behind it. No two of a slot overlap, so that no
        other one may hold.
        """
        begun = Pin.objects.filter(starts_at__lte=t).order_by("-starts_at", "-pk").values("pk")
        newest = (models.Q(pk=models.Subquery(begun.filter(slot=slot)[:1])) for slot in slots)
        return self.filter(reduce(or_, newest))

    def standing(self, slots: Iterable[int], t: datetime) -> list["Pin"]:
        """What is pinned in some slots at t."""
        pins: Iterable[Any] = self.newest_in(slots, t)
        return [pin for pin in pins if pin.holds(t)]


class Front(models.Model):
    """The front as the desk has it; readers' code never queries it."""

    section = models.BigIntegerField(primary_key=True)  # the id of a section, or HOME
    pressed = models.PositiveIntegerField(default=0)  # moves with every verb
    draft = models.JSONField(default=list)  # [story, until] a place; an empty place is null
    edited_by = models.CharField(max_length=120, blank=True)
    edited_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("front")
        verbose_name_plural = _("fronts")
        default_permissions: ClassVar[Any] = ("change",)

    def __str__(self) -> str:
        return f"{self.section}"


class Pin(Interval):
    """That a story was put by hand into a slot of a front."""

    slot = models.BigIntegerField()  # the front's section × PLACES + the place
    story = models.ForeignKey(Article, models.PROTECT, related_name="+", db_index=False)
    # When it was asked to end; it ends before that where the front is arranged anew.
    until = models.DateTimeField(null=True, blank=True)
    by_name = models.CharField(max_length=120)

    objects = PinQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ends_after_it_starts("pin_ends_after_it_starts"),
            NoOverlap(name="one_story_a_slot", owner="slot"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                "slot", models.F("starts_at").desc(), models.F("id").desc(), name="pins_of_a_slot"
            ),
            models.Index("starts_at", name="pin_starts"),
            models.Index("ends_at", name="pin_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.story_id} in {self.slot}"

    @property
    def section(self) -> int:
        """The id of the section whose front it is on, or HOME."""
        return self.slot // PLACES

    @property
    def place(self) -> int:
        """Its place on the front, from 0."""
        return self.slot % PLACES


class BannerQuerySet(IntervalQuerySet):
    def at(self, t: datetime) -> Self:
        """The one that stands at t, if any; by one step, however many stood before it."""
        newest = Banner.objects.filter(starts_at__lte=t).order_by("-starts_at", "-pk").values("pk")
        return super().at(t).filter(pk=models.Subquery(newest[:1]))


class Banner(Interval):
    """What stands above every page while it breaks; one at a time, and it always ends."""

    site = models.PositiveSmallIntegerField(default=1, editable=False)
    words = LineField(_("words"), max_length=140)
    story = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("story"),
    )  # fmt: skip
    by_name = models.CharField(max_length=120, editable=False)

    objects = BannerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ends_after_it_starts("banner_ends_after_it_starts"),
            models.CheckConstraint(name="a_banner_ends", condition=models.Q(ends_at__isnull=False)),
            NoOverlap(name="one_banner_at_a_time", owner="site"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("starts_at", name="banner_starts"),
            models.Index("ends_at", name="banner_ends"),
        ]

    def __str__(self) -> str:
        return self.words
