"""What stories are filed under: sections, authors and tags, and who works for which section.

Their names are looked up by identity, never frozen: a rename shows everywhere at once.
"""

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from taggit.models import TagBase

from articles.models.fields import LineField, ProseField
from articles.text import SLUG_LENGTH

# First words of addresses that are, or will be, the site's own; a section cannot be called so.
RESERVED_SLUGS = (
    "about", "account", "accounts", "admin", "api", "archive", "author", "authors", "contact",
    "corrections", "desk", "feed", "feeds", "healthz", "manifest", "masthead", "media", "metrics",
    "most-read", "news-sitemap", "offline", "page", "pages", "pictures", "policies", "preview",
    "readyz", "robots", "search", "section", "sections", "share", "sitemap", "sitemaps", "static",
    "stories", "story", "tag", "tags", "topic", "topics",
)  # fmt: skip
# Of these, the ones that a page of the site may stand at.
PAGE_SLUGS = ("about", "contact", "masthead", "policies")


_an_address = URLValidator(["http", "https"])


def refuse_reserved(slug: str) -> None:
    """Raise ValidationError for a slug that is a word of the site's own."""
    if slug in RESERVED_SLUGS:
        raise ValidationError(
            _("“%(slug)s” is an address of the site’s own. Choose another.") % {"slug": slug},
            code="reserved",
        )


def refuse_comma(name: str) -> None:
    """Raise ValidationError for a comma, which stands between tags where they are typed."""
    if "," in name:
        raise ValidationError(_("A tag’s name holds no comma."), code="comma")


def require_addresses(lines: str) -> None:
    """Raise ValidationError for a line that is no http or https address."""
    for line in lines.split("\n"):
        if line.strip():
            _an_address(line.strip())


class Section(models.Model):
    """A part of the paper, such as World. Its slug is fixed once a story was published in it."""

    name = LineField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(
        _("slug"), max_length=SLUG_LENGTH, unique=True, validators=[refuse_reserved]
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=100, help_text=_("Low numbers stand first in the navigation.")
    )
    description = ProseField(_("description"), max_length=400, blank=True)
    four_eyes = models.BooleanField(
        _("four eyes"),
        default=False,
        help_text=_(
            "Whoever changed a story’s text last cannot approve it, and only what was "
            "approved goes out."
        ),
    )
    retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Listed no more; its page stays.")
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["order", "name"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="section_slug_is_no_word_of_the_sites_own",
                condition=~models.Q(slug__in=RESERVED_SLUGS),
                violation_error_message=_("This slug is an address of the site’s own."),
            ),
            models.CheckConstraint(
                name="section_has_name_and_slug", condition=~models.Q(name="") & ~models.Q(slug="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/"


class Author(models.Model):
    """Who signs a story. An author outlives the account of the person."""

    name = LineField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=SLUG_LENGTH, unique=True, blank=True)
    job_title = LineField(_("job title"), max_length=80, blank=True)
    bio = ProseField(_("bio"), max_length=2000, blank=True)
    email = models.EmailField(
        _("e-mail for readers"), blank=True, help_text=_("Shown on the author’s page.")
    )
    links = ProseField(
        _("links"),
        max_length=1000,
        blank=True,
        validators=[require_addresses],
        help_text=_("Where else the author is to be found: one address a line."),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="author",
        verbose_name=_("signs in as"),
    )
    retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Offered no more; the page stays.")
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="author_has_name_and_slug", condition=~models.Q(name="") & ~models.Q(slug="")
            ),
        ]
        # A desk of fifty thousand reads a page of its list of authors, and not all of them.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name", "id"], name="author_by_name")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/author/{self.slug}/"


class Tag(TagBase):
    """A topic. Its slug follows the stories' rule and is never empty."""

    name = LineField(_("name"), max_length=80, unique=True, validators=[refuse_comma])
    slug = models.SlugField(_("slug"), max_length=SLUG_LENGTH, unique=True, blank=True)
    description = ProseField(_("description"), max_length=400, blank=True)
    retired = models.BooleanField(_("retired"), default=False)
    # Another tag that took over its stories; its old address leads there.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("name"),
                name="one_tag_a_name_whatever_its_capitals",
                violation_error_message=_("There is a tag of this name already."),
            ),
            models.CheckConstraint(
                name="tag_has_name_and_slug", condition=~models.Q(name="") & ~models.Q(slug="")
            ),
        ]

    def get_absolute_url(self) -> str:
        return f"/tag/{self.slug}/"


class SectionMember(models.Model):
    """That a person works for a section. Someone with no row works for all of them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="sections_worked_for",
        db_index=False,
    )
    section = models.ForeignKey(Section, models.CASCADE, related_name="members")

    class Meta:
        verbose_name = _("section of a person")
        verbose_name_plural = _("sections of people")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "section"], name="one_row_a_person_and_section")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.section}"
