"""Which slug a story, author or tag gets: made from its name, free, and its own for ever."""

from itertools import count

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.kinds import StoryKind
from articles.models import Article, Author, Section, SlugClaim, Tag
from articles.models.taxonomy import PAGE_SLUGS, RESERVED_SLUGS
from articles.text import SLUG_LENGTH, slug_of, with_suffix


def holder(slug: str, article_id: int | None) -> Article | None:
    """The other story that a slug belongs to, as its working copy's or by an old claim."""
    other = Article.objects.filter(slug=slug).exclude(pk=article_id).first()
    if other:
        return other
    claim = SlugClaim.objects.filter(pk=slug).exclude(article=article_id).first()
    return claim.article if claim else None


def for_story(headline: str, article_id: int | None) -> str:
    """A free slug made from a headline; numbered when the plain one belongs to another story."""
    slug = slug_of(headline) or "story"
    stories = Article.objects.exclude(pk=article_id)
    claims = SlugClaim.objects.exclude(article=article_id)
    return _free(slug, _taken(stories, slug) | _taken(claims, slug))


def of_story(slug: str, headline: str, article: Article | None) -> str:
    """The slug that a save gives a story: the typed one, else its own, else one made from the
    headline; empty where there is none of these."""
    own = slug or (article.slug if article else "")
    if own or not headline:
        return own
    return for_story(headline, article.pk if article else None)


def require_free(slug: str, article_id: int | None) -> None:
    """Raise ValidationError, naming the story, when a slug belongs to another one."""
    other = holder(slug, article_id)
    if other is not None:
        raise ValidationError(
            {
                "slug": _("“%(slug)s” belongs to another story, “%(headline)s”. Choose another.")
                % {"slug": slug, "headline": other.headline}
            },
            code="taken",
        )


def require_place(kind: str, slug: str, article_id: int | None, *, was: str = "") -> None:
    """Raise ValidationError where a text of a kind cannot stand at its slug.

    `was` is the kind that it had before; empty for a new one. A page of the site stands at one
    word, where sections and the site's own addresses do; and once readers had the address of a
    text, it stays a page, or no page.
    """
    is_page = kind == StoryKind.PAGE
    turns = was != "" and is_page != (was == StoryKind.PAGE)
    if turns and SlugClaim.objects.filter(article=article_id).exists():
        said = _("Readers have had its address. Write a new text for a page of the site.")
        raise ValidationError({"kind": said})
    is_taken = slug in RESERVED_SLUGS and slug not in PAGE_SLUGS
    if is_page and (is_taken or Section.objects.filter(slug=slug).exists()):
        said = _("“%(slug)s” is an address of the site’s own. Choose another.") % {"slug": slug}
        raise ValidationError({"slug": said}, code="taken")


def of_page(slug: str) -> bool:
    """Whether a page of the site stands, or was to stand, at a section's address."""
    kept = SlugClaim.objects.filter(pk=slug, article__kind=StoryKind.PAGE)
    return kept.exists() or Article.objects.filter(slug=slug, kind=StoryKind.PAGE).exists()


def for_author(name: str) -> str:
    """A free slug made from an author's name."""
    slug = slug_of(name) or "author"
    return _free(slug, _taken(Author.objects.all(), slug))


def for_tag(name: str) -> str:
    """A free slug made from a tag's name."""
    slug = slug_of(name) or "tag"
    return _free(slug, _taken(Tag.objects.all(), slug))


def _taken(rows: QuerySet, slug: str) -> set[str]:
    """The slugs among the rows that begin as this one does, numbered ones included."""
    beginning = slug[: SLUG_LENGTH - len("-99999")]
    return set(rows.filter(slug__startswith=beginning).values_list("slug", flat=True))


def _free(slug: str, taken: set[str]) -> str:
    if slug not in taken:
        return slug
    numbered = (with_suffix(slug, number) for number in count(2))
    return next(candidate for candidate in numbered if candidate not in taken)
