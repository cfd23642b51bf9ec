"""Which stories leave as files, and which of their texts: what readers get, else the desk's.

A story that is live or scheduled leaves as readers get it, and `published` says when it opens.
Any other leaves as the desk's working copy, without: an import with --publish must not bring
back what was withdrawn. What vanished, or is withheld, does not leave.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery

from articles.kinds import USUAL
from articles.models import (
    AlsoRead,
    Article,
    ArticleTag,
    Byline,
    Publication,
    PublicationText,
    state_after,
)
from articles.states import EndsAs, PublicState
from articles.wire import story_files
from articles.wire.names import Registers

_AT_ONCE = 200  # stories held in memory


@dataclass(frozen=True)
class Leaving:
    """A story's file, and what it does not say."""

    slug: str
    text: str
    has_unpublished_changes: bool
    has_end: bool


@dataclass
class Outgoing:
    """One run of an export; `kept_back` counts what does not leave, as the stories go by."""

    now: datetime
    zone: ZoneInfo
    kept_back: int = 0
    registers: Registers = field(default_factory=Registers)

    def stories(self) -> Iterator[Leaving]:
        """Every story that leaves, in the order of the ids."""
        ids = Article.objects.order_by("pk").values_list("pk", flat=True).iterator()
        while chunk := list(islice(ids, _AT_ONCE)):
            found = list(self._with_rows(Article.objects.filter(pk__in=chunk).order_by("pk")))
            self.kept_back += len(chunk) - len(found)
            yield from self._files(found)

    def _with_rows(
        self, articles: QuerySet[Article]
    ) -> Iterator[tuple[Article, Publication | None]]:
        """The stories that leave, each with what readers get now or will get next."""
        own = Publication.objects.filter(article=OuterRef("pk"))
        begun = own.filter(starts_at__lte=self.now).order_by("-starts_at", "-pk")
        waiting = own.filter(starts_at__gt=self.now, withheld=False).order_by("starts_at")
        found = list(
            articles.annotate(
                newest=Subquery(begun.values("pk")[:1]),
                following=Subquery(waiting.values("pk")[:1]),
            )
        )
        rows = Publication.objects.in_bulk(
            [pk for article in found for pk in (article.newest, article.following) if pk]
        )
        for article in found:
            newest = rows.get(article.newest)
            state = state_after(newest, self.now)
            if state != PublicState.VANISHED:
                is_live = state == PublicState.LIVE
                yield article, newest if is_live else rows.get(article.following)

    def _files(self, found: Sequence[tuple[Article, Publication | None]]) -> Iterator[Leaving]:
        texts = PublicationText.objects.in_bulk([row.pk for _article, row in found if row])
        drafts = _Drafts([article.pk for article, row in found if row is None])
        said = [
            _of_readers(row, texts[row.pk], self.now) if row else drafts.said(article)
            for article, row in found
        ]
        slugs = self._slugs(pk for story in said for pk in story["also_read"])
        ending = self._ending([article.pk for article, _row in found])
        for (article, row), story in zip(found, said, strict=True):
            yield Leaving(
                slug=story["slug"],
                text=self._text(story, slugs),
                has_unpublished_changes=row is not None and row.revision != article.version,
                has_end=article.pk in ending,
            )

    def _text(self, story: dict[str, Any], slugs: dict[int, str]) -> str:
        moment = story["published"]
        return story_files.written(
            {
                "headline": story["headline"],
                "slug": story["slug"],
                "kind": story["kind"] if story["kind"] != USUAL else "",
                "dateline": story["dateline"],
                "standfirst": story["standfirst"],
                "section": self._spelled("sections", story["section"]),
                "authors": [self._spelled("authors", pk) for pk in story["authors"]],
                "tags": [self._spelled("tags", pk) for pk in story["tags"]],
                "published": moment.astimezone(self.zone).isoformat() if moment else "",
                "also_read": [slugs[pk] for pk in story["also_read"] if pk in slugs],
            },
            story["body"],
        )

    def _spelled(self, register: str, pk: int) -> str:
        try:
            return getattr(self.registers, register).spelled(pk)
        except KeyError:  # made while the export runs
            self.registers = Registers()
            return getattr(self.registers, register).spelled(pk)

    def _slugs(self, ids: Iterable[int]) -> dict[int, str]:
        """By which slugs other stories leave; without those that do not."""
        others = Article.objects.filter(pk__in=set(ids)).only("slug")
        return {
            article.pk: _slug_in(row.path) if row else article.slug
            for article, row in self._with_rows(others)
        }

    def _ending(self, ids: Sequence[int]) -> set[int]:
        """The stories that are to end by themselves."""
        rows = Publication.objects.filter(
            article__in=ids, ends_at__gt=self.now, ends_as=EndsAs.EXPIRED
        )
        return set(rows.values_list("article", flat=True))


class _Drafts:
    """What the desk's working copies of some stories say."""

    def __init__(self, ids: Sequence[int]) -> None:
        bylines = Byline.objects.filter(article__in=ids).order_by("position")
        tags = ArticleTag.objects.filter(content_object__in=ids).order_by("pk")
        links = AlsoRead.objects.filter(article__in=ids).order_by("position")
        self.authors = _grouped(bylines.values_list("article", "author"))
        self.tags = _grouped(tags.values_list("content_object", "tag"))
        self.also_read = _grouped(links.values_list("article", "story"))

    def said(self, article: Article) -> dict[str, Any]:
        return {
            "headline": article.headline,
            "slug": article.slug,
            "kind": article.kind,
            "dateline": article.dateline,
            "standfirst": article.standfirst,
            "section": article.section_id,
            "authors": self.authors.get(article.pk, []),
            "tags": self.tags.get(article.pk, []),
            "published": None,
            "also_read": self.also_read.get(article.pk, []),
            "body": article.body,
        }


def _of_readers(row: Publication, text: PublicationText, now: datetime) -> dict[str, Any]:
    # Of a story that is to come back, the moment it does: its first one is past, and an import
    # with --publish would show it at once.
    return {
        "headline": row.headline,
        "slug": _slug_in(row.path),
        "kind": row.kind,
        "dateline": row.dateline,
        "standfirst": text.standfirst,
        "section": row.section_id,
        "authors": row.authors,
        "tags": row.tags,
        "published": row.first_published_at if row.starts_at <= now else row.starts_at,
        "also_read": row.also_read,
        "body": text.body,
    }


def _slug_in(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for owner, member in pairs:
        groups.setdefault(owner, []).append(member)
    return groups
