"""What became since of the stories that a page shows as of a moment in the past.

Those taken down since are shown, with a mark, to who may take down; to others as today: not in
lists, and 410. What was withheld is shown at no moment (Publication.objects), so never here.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest

from articles.models import Publication, state_after
from articles.moments import AsOf, as_of
from articles.states import PublicState


class Shown(Protocol):
    """A version that a page shows: a Publication, or what a search found of one."""

    @property
    def pk(self) -> int: ...
    @property
    def article_id(self) -> int: ...


Story = TypeVar("Story", bound=Shown)


def visible(request: HttpRequest, stories: list[Story]) -> list[Story]:
    """The stories of a list, without those taken down since that who asks may not see."""
    seen = as_of(request)
    if seen is None or seen.sees_gone:
        return stories
    gone = _taken_down(stories, seen)
    return [story for story in stories if story.article_id not in gone]


def withdrawn(request: HttpRequest, publication: Publication) -> Publication | None:
    """What says that a story was taken down since, to who may not see it; None: it was not."""
    seen = as_of(request)
    if seen is None or seen.sees_gone:
        return None
    return _taken_down([publication], seen).get(publication.article_id)


def marked(seen: AsOf, stories: Sequence[Publication]) -> list[Publication]:
    """Those of a page's stories that were taken down since, each once."""
    gone = _taken_down(stories, seen) if seen.sees_gone else {}
    return list({s.article_id: s for s in stories if s.article_id in gone}.values())


def _taken_down(stories: Sequence[Shown], seen: AsOf) -> dict[int, Publication]:
    """Of each story that is gone by now, its newest version; by story."""
    if not stories or seen.moment >= seen.now:
        return {}
    begun = Publication.objects.begun(seen.now)
    newest = begun.filter(article=OuterRef("article")).order_by("-starts_at", "-pk")
    shown = begun.filter(pk__in=[story.pk for story in stories])
    wanted = shown.annotate(newest=Subquery(newest.values("pk")[:1]))
    rows = begun.filter(pk__in=wanted.values("newest"))
    return {row.article_id: row for row in rows if state_after(row, seen.now) == PublicState.GONE}
