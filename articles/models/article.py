"""The working copy of a story: what the desk edits. Readers' code never queries these tables."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase

from articles.captions import LONGEST_CAPTION
from articles.kinds import USUAL, StoryKind
from articles.models.fields import BodyField, LineField, ProseField
from articles.models.picture import LONGEST_ALT, Image
from articles.models.taxonomy import Author, Section, Tag
from articles.states import DeskStatus, Priority
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

    kind = models.CharField(
        _("kind"),
        max_length=9,
        choices=StoryKind.choices,
        default=USUAL,
    )
    headline = LineField(_("headline"), max_length=250)
    dateline = LineField(
        _("dateline"),
        max_length=60,
        blank=True,
        help_text=_("Where it was reported from, such as Port Varda."),
    )
    standfirst = ProseField(
        _("standfirst"),
        max_length=1000,
        blank=True,
        help_text=_("One or two sentences below the headline, and the story’s excerpt in lists."),
    )
    picture = models.ForeignKey(
        Image,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("picture"),
    )
    # Of the picture in this story; empty: as the library has it.
    picture_alt = LineField(_("picture’s description"), max_length=LONGEST_ALT, blank=True)
    picture_caption = ProseField(_("picture’s caption"), max_length=LONGEST_CAPTION, blank=True)
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
    # Nothing goes out before this moment, and nothing at all while the story is held.
    embargo = models.DateTimeField(_("embargo"), null=True, blank=True, editable=False)
    held = models.BooleanField(_("held"), default=False, editable=False)
    erased = models.BooleanField(default=False, editable=False)  # by law, for ever
    # What is planned of it (desk/planning.py): no part of its text, and of no revision.
    slugline = LineField(_("slugline"), max_length=40, blank=True, editable=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        db_index=False,
        verbose_name=_("assigned to"),
    )
    due_at = models.DateTimeField(_("due"), null=True, editable=False)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NORMAL, editable=False
    )
    length = models.PositiveIntegerField(_("length"), null=True, editable=False)  # words asked for
    words = models.PositiveIntegerField(_("words"), default=0, editable=False)  # of the body
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        db_index=False,
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
            ("set_embargo", "Can set an embargo"),
            ("break_embargo", "Can lift an embargo before its moment"),
            ("hold_article", "Can hold a story and lift the hold"),
            ("override_checks", "Can let a story out against a check, with a reason"),
            ("erase_article", "Can erase a story by law"),
            ("share_article", "Can share a revision with a person outside"),
            ("read_as_of", "Can read the site as of another moment"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("edited_at", "id", name="desk_by_edited"),
            models.Index("section", "edited_at", "id", name="desk_by_section"),
            models.Index("status", "edited_at", "id", name="desk_by_status"),
            models.Index("created_by", "edited_at", "id", name="desk_by_writer"),
            models.Index("assignee", "edited_at", "id", name="desk_by_assignee"),
            models.Index(
                "picture", name="desk_by_picture", condition=models.Q(picture__isnull=False)
            ),
            models.Index(
                "due_at", "id", name="desk_by_due", condition=models.Q(due_at__isnull=False)
            ),
            models.Index(
                "priority", "id", name="desk_without_due", condition=models.Q(due_at__isnull=True)
            ),
            models.Index(
                "embargo", "id", name="desk_by_embargo", condition=models.Q(embargo__isnull=False)
            ),
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
            models.CheckConstraint(
                name="story_kind_is_known", condition=models.Q(kind__in=StoryKind.values)
            ),
            # As a range: Django cannot read a table of SQLite's back whose rule holds a comma.
            models.CheckConstraint(
                name="priority_is_one_of_three",
                condition=models.Q(priority__range=(min(Priority.values), max(Priority.values))),
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
