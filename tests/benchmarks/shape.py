"""What is worth asking of an archive: its big and small lists, and its hardest stories."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db.models import Count, Model

from articles.management.commands.make_archive import MANY_VERSIONED
from articles.models import Article, Author, ListKind, ListRow, Publication, Section, Tag


@dataclass(frozen=True)
class Archive:
    """A database that make_archive filled, as it stands at `now`."""

    now: datetime
    many_versioned: list[int]  # stories; the last three are gone, hidden and moved
    far_down: list[int]  # stories from the old end and the middle
    section: Section
    big_tag: Tag
    small_tag: Tag
    big_author: Author
    small_author: Author

    @classmethod
    def at(cls, now: datetime) -> Self:
        stories = Article.objects.order_by("pk").values_list("pk", flat=True)
        count = stories.count()
        return cls(
            now=now,
            many_versioned=list(stories[count - MANY_VERSIONED :]),
            far_down=[stories[count // 40], stories[count // 2]],
            section=Section.objects.get(slug="world"),
            big_tag=_of_size(ListKind.TAG, Tag, now, "-n"),
            small_tag=_of_size(ListKind.TAG, Tag, now, "n"),
            big_author=_of_size(ListKind.AUTHOR, Author, now, "-n"),
            small_author=_of_size(ListKind.AUTHOR, Author, now, "n"),
        )

    def length(self, kind: ListKind, what: int = 0) -> int:
        return ListRow.objects.at(self.now).of(kind, what).count()

    def at_depth(self, depth: int, kind: ListKind, what: int = 0) -> int:
        """The story that stands so far down a list."""
        return ListRow.objects.at(self.now).of(kind, what).values_list("story", flat=True)[depth]

    def path(self, story: int) -> str:
        """The newest address of a story."""
        return Publication.objects.filter(article=story).latest("starts_at", "pk").path

    def first_path(self, story: int) -> str:
        return Publication.objects.filter(article=story).earliest("starts_at", "pk").path

    @property
    def ordinary(self) -> int:
        """A story that is public in its second version."""
        public = Publication.objects.at(self.now).filter(revision=2)
        return public.order_by("article")[100].article_id


def _of_size(kind: ListKind, model: type[Model], now: datetime, order: str) -> Any:
    rows = ListRow.objects.at(now).filter(kind=kind).values("what").annotate(n=Count("pk"))
    return model._default_manager.get(pk=rows.order_by(order, "what")[0]["what"])
