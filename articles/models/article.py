"""The working copy of a story, every revision typed of it, and the audit of every verb.

Readers' code never queries these tables.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase

from articles.models.fields import BodyField, LineField, ProseField
from articles.models.taxonomy import Author, Section, Tag
from articles.states import DeskStatus
from articles.text import SLUG_LENGTH


class ArticleTag(ItemBase):
    """That the working copy bears a tag."""

    tag = models.ForeignKey(Tag, models.PROTECT, related_name="+")
    content_object = models.ForeignKey("Article", models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="a_tag_once_a_story")
        ]


class Article(models.Model):
    """The working copy: what the desk edits. What readers see of it are its Publications."""

    headline = LineField(_("headline"), max_length=250)
    standfirst = ProseField(
        _("standfirst"),
        max_length=1000,
        blank=True,
        help_text=_("One or two sentences below the headline, and the story’s excerpt in lists."),
    )
    section = models.ForeignKey(
        Section,
        models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("section"),
    )
    authors = models.ManyToManyField(
        Author, through="Byline", related_name="+", blank=True, verbose_name=_("by")
    )
    tags = TaggableManager(
        through=ArticleTag, blank=True, related_name="desk_articles", verbose_name=_("tags")
    )
    also_read = models.ManyToManyField(
        "self",
        through="AlsoRead",
        through_fields=("article", "story"),
        symmetrical=False,
        related_name="+",
        blank=True,
        verbose_name=_("also read"),
    )
    slug = models.SlugField(
        _("slug"),
        max_length=SLUG_LENGTH,
        unique=True,
        blank=True,
        help_text=_("The last part of the address. Left empty, it is made from the headline."),
    )
    status = models.CharField(
        _("desk status"), max_length=10, choices=DeskStatus.choices, default=DeskStatus.DRAFT
    )
    version = models.PositiveIntegerField(default=0, editable=False)  # moves with every save
    pressed = models.PositiveIntegerField(default=0, editable=False)  # with every press verb
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(editable=False)
    edited_at = models.DateTimeField(_("last saved"), editable=False)
    body = BodyField(_("body"), blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-edited_at", "-pk"]
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        permissions: ClassVar[Any] = [
            ("change_others_article", "Can edit stories of others"),
            ("publish_article", "Can publish, schedule, update and unpublish"),
            ("take_down_article", "Can take down and restore"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("edited_at", "id", name="desk_by_edited"),
            models.Index("section", "edited_at", "id", name="desk_by_section"),
            models.Index("status", "edited_at", "id", name="desk_by_status"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="desk_status_is_one_of_the_table",
                condition=models.Q(status__in=DeskStatus.values),
            ),
            models.CheckConstraint(
                name="story_has_headline_and_slug",
                condition=~models.Q(headline="") & ~models.Q(slug=""),
            ),
        ]

    def __str__(self) -> str:
        return self.headline


class Byline(models.Model):
    """That an author signs the working copy, and in which place."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="bylines", db_index=False)
    author = models.ForeignKey(Author, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["article", "author"], name="an_author_signs_once")
        ]

    def __str__(self) -> str:
        return f"{self.author_id} signs {self.article_id}"


class AlsoRead(models.Model):
    """That the working copy points to another story, and in which place."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="also_read_links", db_index=False
    )
    story = models.ForeignKey(Article, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["article", "story"], name="a_story_pointed_to_once"),
            models.CheckConstraint(
                name="no_story_points_to_itself", condition=~models.Q(article=models.F("story"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} points to {self.story_id}"


class Revision(models.Model):
    """What was typed, once a save: numbered within its story, never changed afterwards.

    The snapshot holds headline, standfirst, body, slug, and the ids of section, bylines, tags
    and also-read stories in their order (articles/desk/revisions.py).
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    based_on = models.PositiveIntegerField(default=0)  # the revision it was typed over; 0: none
    snapshot = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    note = LineField(max_length=250, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["article", "-number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["article", "number"], name="one_revision_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Move(models.Model):
    """One verb done: who, what, when, why. Append-only; it holds identities and names, no keys,
    so that it outlives the people and stories it tells of."""

    at = models.DateTimeField(_("when"))
    verb = models.CharField(_("verb"), max_length=30)
    by = models.BigIntegerField(null=True)
    by_name = models.CharField(_("who"), max_length=120)
    article = models.BigIntegerField(null=True)
    subject = models.CharField(_("what"), max_length=250)
    revision = models.PositiveIntegerField(_("revision"), null=True)
    reason = models.TextField(_("why"), blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        verbose_name = _("move")
        verbose_name_plural = _("audit")
        indexes: ClassVar[list[models.Index]] = [
            models.Index("article", models.F("id").desc(), name="moves_of_a_story")
        ]

    def __str__(self) -> str:
        return f"{self.verb}: {self.subject}"
