"""Which slug a story, author or tag gets: made from its name, free, and its own for ever."""

from itertools import count

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.models import Article, Author, SlugClaim, Tag
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
