"""Which slug a story, author or tag gets: made from its name, free, and its own for ever."""

from collections.abc import Callable
from itertools import count

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.models import Article, Author, SlugClaim, Tag
from articles.text import slug_of, with_suffix


def holder(slug: str, article_id: int | None) -> Article | None:
    """The other story that a slug belongs to, as its working copy's or by an old claim."""
    other = Article.objects.filter(slug=slug).exclude(pk=article_id).first()
    if other:
        return other
    claim = SlugClaim.objects.filter(pk=slug).exclude(article=article_id).first()
    return claim.article if claim else None


def for_story(headline: str, article_id: int | None) -> str:
    """A free slug made from a headline; numbered when the plain one belongs to another story."""
    return _free(slug_of(headline) or "story", lambda slug: holder(slug, article_id) is not None)


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
    taken = Author.objects.filter
    return _free(slug_of(name) or "author", lambda slug: taken(slug=slug).exists())


def for_tag(name: str) -> str:
    """A free slug made from a tag's name."""
    taken = Tag.objects.filter
    return _free(slug_of(name) or "tag", lambda slug: taken(slug=slug).exists())


def _free(slug: str, is_taken: Callable[[str], bool]) -> str:
    if not is_taken(slug):
        return slug
    return next(
        numbered for number in count(2) if not is_taken(numbered := with_suffix(slug, number))
    )
