"""How list rows follow the Publications: one row a run in which nothing of the list changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from articles.models import ListKind, ListRow, Publication


@dataclass(frozen=True)
class Place:
    """A list, and where in its order a story stands."""

    kind: str
    what: int
    first_published_at: datetime


@dataclass(frozen=True)
class Run:
    """That a story stands in a place from one moment to another."""

    place: Place
    starts_at: datetime
    ends_at: datetime | None


def places(publication: Publication) -> list[Place]:
    """The lists that a version stands in."""
    first = publication.first_published_at
    return [
        Place(ListKind.ALL, 0, first),
        Place(ListKind.SECTION, publication.section_id, first),
        *(Place(ListKind.AUTHOR, author, first) for author in publication.authors),
        *(Place(ListKind.TAG, tag, first) for tag in publication.tags),
    ]


def runs(publications: Iterable[Publication]) -> list[Run]:
    """The rows that versions, in time order, call for; those of no length call for none."""
    found: list[Run] = []
    running: dict[Place, int] = {}
    for publication in publications:
        start, end = publication.starts_at, publication.ends_at
        if publication.withheld or start == end:
            continue
        for place in places(publication):
            index = running.get(place)
            if index is not None and found[index].ends_at == start:
                found[index] = Run(place, found[index].starts_at, end)
            else:
                running[place] = len(found)
                found.append(Run(place, start, end))
    return found


def relist(article_id: int, now: datetime) -> None:
    """Make the rows of a story what its Publications call for from `now` on.

    Rows that ended stay as they are. The caller is in the press's transaction.
    """
    line = Publication.objects.line(article_id, now)
    wanted = {(run.place, run.starts_at): run for run in runs(line)}
    for row in ListRow.objects.filter(story=article_id).unfinished(now):
        place = Place(row.kind, row.what, row.first_published_at)
        run = wanted.pop((place, row.starts_at), None) or _continued(wanted, place, row, now)
        if run is None:
            _end(row, now)
        elif run.ends_at != row.ends_at:
            ListRow.objects.filter(pk=row.pk).update(ends_at=run.ends_at)
    ListRow.objects.bulk_create(
        ListRow(
            story_id=article_id,
            kind=run.place.kind,
            what=run.place.what,
            first_published_at=run.place.first_published_at,
            starts_at=run.starts_at,
            ends_at=run.ends_at,
        )
        for run in wanted.values()
    )


def forget(article_id: int) -> None:
    """Delete every row of a story that was withheld whole."""
    ListRow.objects.filter(story=article_id).delete()


def _continued(
    wanted: dict[tuple[Place, datetime], Run], place: Place, row: ListRow, now: datetime
) -> Run | None:
    """The run that goes on from a row: the versions it began with have ended by now."""
    for (other, start), run in wanted.items():
        if other == place and row.starts_at < start <= now:
            return wanted.pop((other, start)) and run
    return None


def _end(row: ListRow, now: datetime) -> None:
    if row.starts_at >= now:
        row.delete()
    else:
        ListRow.objects.filter(pk=row.pk).update(ends_at=now)
