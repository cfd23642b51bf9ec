"""Which stories of a list were read most in the last 24 hours, of those that are public now."""

from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from articles.models import ListKind, ListRow, MostRead, Publication
from articles.moments import as_of, moment_of
from articles.prepared import prepared

IN_A_BLOCK = 5


def most_read(
    request: HttpRequest, kind: ListKind, what: int, *, most: int = IN_A_BLOCK, but: int = 0
) -> list[Publication]:
    """The stories of a list that were read most, `most` of them, without the story `but`.

    None where the site is read as of another moment: what is ranked is today's reads only. The
    ranking is minutes old and knows nothing of what ended since; the list and the gate do.
    """
    if as_of(request):
        return []
    t = moment_of(request)
    found: list[Any] = _found(t, t - timedelta(days=1), kind, what, but, most=most)
    return sorted(found, key=attrgetter("place"))


@prepared
def _found(
    t: datetime, day_before: datetime, kind: ListKind, what: int, but: int, *, most: int
) -> QuerySet[Publication]:
    ranked = MostRead.objects.ranked_after(day_before)
    begun = Publication.objects.begun(t).filter(article=OuterRef("story"))
    # By the story's own index: with the list's bound SQLite would walk down the whole list.
    standing = ListRow.objects.begun(t).unfinished(t).filter(kind=kind, what=what)
    wanted = (
        ranked.exclude(story=but)
        .filter(Exists(standing.filter(story=OuterRef("story"))))
        .annotate(current=Subquery(begun.order_by("-starts_at", "-pk").values("pk")[:1]))
        .order_by("place")
        .values("current")[:most]
    )
    place = Subquery(ranked.filter(story=OuterRef("article_id")).values("place")[:1])
    return Publication.objects.at(t).filter(pk__in=wanted).annotate(place=place)
