"""How a working copy is saved: swap first, check, write a numbered Revision of what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles.desk import addresses, audit, rights
from articles.desk.rights import Actor
from articles.models import AlsoRead, Article, ArticleTag, Byline, Revision, SlugClaim

SCHEMA = 1  # of a snapshot, for those who read an old one later


class Stale(Exception):
    """Somebody saved or pressed since `seen` was read; nothing was written."""


@dataclass(frozen=True)
class Values:
    """What was typed of a story. Ids in the order they are to be shown in."""

    headline: str
    section: int
    standfirst: str = ""
    body: str = ""
    slug: str = ""  # empty: keep the story's, or make one from the headline
    authors: Sequence[int] = ()
    tags: Sequence[int] = ()
    also_read: Sequence[int] = ()


def create(values: Values, *, by: Actor, now: datetime, note: str = "") -> Article:
    """Write a new story's first revision and return its working copy.

    Raises PermissionDenied, or ValidationError with a sentence a field.
    """
    rights.require(by, "articles.add_article", [values.section])
    article = Article(created_by_id=by.pk, created_at=now, edited_at=now, version=1)
    try:
        with transaction.atomic():
            _fill(article, values)
            article.save(force_insert=True)
            _write_ordered(article, values)
            record(article, by=by, at=now, based_on=0, note=note)
            audit.record(
                "create", by=by, at=now, subject=article.headline, article=article, revision=1
            )
    except IntegrityError:
        # Two stories of one headline at one moment: the other has the slug by now.
        if addresses.holder(article.slug, None) is None:
            raise
        return create(values, by=by, now=now, note=note)
    return article


def save(
    article_id: int, values: Values, *, by: Actor, seen: int, now: datetime, note: str = ""
) -> Article:
    """Save what was typed over revision `seen` and return the working copy.

    Writes nothing when nothing changed. Raises Stale when the story was saved since,
    PermissionDenied, or ValidationError with a sentence a field.
    """
    try:
        with transaction.atomic():
            return _save(article_id, values, by=by, seen=seen, now=now, note=note)
    except _NothingChanged:
        return Article.objects.get(pk=article_id)


class _NothingChanged(Exception):
    """Takes the swap of the counter back."""


def _save(
    article_id: int, values: Values, *, by: Actor, seen: int, now: datetime, note: str
) -> Article:
    swapped = Article.objects.filter(pk=article_id, version=seen).update(version=F("version") + 1)
    if not swapped:
        raise Stale
    article = Article.objects.get(pk=article_id)
    rights.require_edit(by, article)
    before = snapshot(article)
    _fill(article, values)
    rights.require_edit(by, article)  # in the section it goes to as well
    _write_ordered(article, values)
    if snapshot(article) == before:
        raise _NothingChanged
    article.edited_at = now
    article.save()
    record(article, by=by, at=now, based_on=seen, note=note)
    return article


def discard(article_id: int, *, by: Actor, now: datetime) -> None:
    """Delete a story that was never public or scheduled; its Moves stay.

    Raises PermissionDenied, or ValidationError when readers have had its address.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article_id)
        rights.require(by, "articles.delete_article", [article.section_id])
        rights.require_edit(by, article)
        if SlugClaim.objects.filter(article=article).exists():
            raise ValidationError(
                _("“%(headline)s” was public or scheduled: unpublish it, or take it down.")
                % {"headline": article.headline}
            )
        audit.record("discard", by=by, at=now, subject=article.headline, article=article)
        article.delete()


def snapshot(article: Article) -> dict[str, Any]:
    """What a working copy holds, as a Revision keeps it."""
    return {
        "schema": SCHEMA,
        "headline": article.headline,
        "standfirst": article.standfirst,
        "body": article.body,
        "section": article.section_id,
        "slug": article.slug,
        "authors": list(article.bylines.values_list("author_id", flat=True)),
        "tags": list(
            ArticleTag.objects.filter(content_object=article)
            .order_by("pk")
            .values_list("tag_id", flat=True)
        ),
        "also_read": list(article.also_read_links.values_list("story_id", flat=True)),
    }


def record(article: Article, *, by: Actor, at: datetime, based_on: int, note: str = "") -> Revision:
    """Keep the working copy as the revision that its version numbers."""
    return keep(article, snapshot(article), by=by, at=at, based_on=based_on, note=note)


def keep(
    article: Article,
    values: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
    based_on: int,
    note: str = "",
) -> Revision:
    """Keep a snapshot as the revision that the story's version numbers."""
    return Revision.objects.create(
        article=article,
        number=article.version,
        based_on=based_on,
        snapshot=values,
        by_id=by.pk,
        by_name=str(by)[:120],
        at=at,
        note=note,
    )


def _fill(article: Article, values: Values) -> None:
    article.headline = values.headline
    article.standfirst = values.standfirst
    # django-prose-editor has no types, so mypy takes the field for the attribute.
    article.body = values.body  # type: ignore[assignment]
    article.section_id = values.section
    slug = values.slug or article.slug or addresses.for_story(values.headline, article.pk)
    if slug != article.slug:
        addresses.require_free(slug, article.pk)
    article.slug = slug
    # Cleaning passes every text through the gate, and the body through the sanitiser.
    article.full_clean(validate_unique=False)


def _write_ordered(article: Article, values: Values) -> None:
    """Make bylines, tags and also-read links what was typed, in its order."""
    authors, tags, stories = (
        list(dict.fromkeys(ids)) for ids in (values.authors, values.tags, values.also_read)
    )
    if article.pk in stories:
        raise ValidationError({"also_read": _("A story cannot point to itself.")})
    if list(article.bylines.values_list("author_id", flat=True)) != authors:
        article.bylines.all().delete()
        Byline.objects.bulk_create(
            Byline(article=article, author_id=author, position=position)
            for position, author in enumerate(authors)
        )
    if list(article.also_read_links.values_list("story_id", flat=True)) != stories:
        article.also_read_links.all().delete()
        AlsoRead.objects.bulk_create(
            AlsoRead(article=article, story_id=story, position=position)
            for position, story in enumerate(stories)
        )
    rows = ArticleTag.objects.filter(content_object=article).order_by("pk")
    if list(rows.values_list("tag_id", flat=True)) != tags:
        rows.delete()
        ArticleTag.objects.bulk_create(
            ArticleTag(content_object=article, tag_id=tag) for tag in tags
        )
