"""How list rows follow the Publications: one row a run in which nothing of the list changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.db.models import QuerySet

from articles.kinds import StoryKind
from articles.models import ListKind, ListRow, Publication, Tag


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


def places(publication: Publication, merged: Mapping[int, int]) -> list[Place]:
    """The lists that a version stands in; `merged` leads to the tags that took others over.

    A page of the site stands in none, but for those of the pictures that it shows.
    """
    first = publication.first_published_at
    pictures = [Place(ListKind.PICTURE, picture, first) for picture in publication.pictures]
    if publication.kind == StoryKind.PAGE:
        return pictures
    tags = dict.fromkeys(merged.get(tag, tag) for tag in publication.tags)
    return [
        Place(ListKind.ALL, 0, first),
        Place(ListKind.SECTION, publication.section_id, first),
        *(Place(ListKind.AUTHOR, author, first) for author in publication.authors),
        *(Place(ListKind.TAG, tag, first) for tag in tags),
        *pictures,
    ]


def runs(
    publications: Iterable[Publication], merged: Mapping[int, int] = MappingProxyType({})
) -> list[Run]:
    """The rows that versions, in time order, call for; those of no length call for none."""
    found: list[Run] = []
    running: dict[Place, int] = {}
    for publication in publications:
        start, end = publication.starts_at, publication.ends_at
        if publication.withheld or start == end:
            continue
        for place in places(publication, merged):
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
    tags = {tag for publication in line for tag in publication.tags}
    merged = dict(
        Tag.objects.filter(pk__in=tags, merged_into__isnull=False).values_list("pk", "merged_into")
    )
    wanted = {(run.place, run.starts_at): run for run in runs(line, merged)}
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


def bring_back(version: Publication) -> None:
    """Let a version that has ended stand in its lists again, where its story was forgotten.

    One that is withheld calls for no rows. The caller is in the press's transaction.
    """
    tags = Tag.objects.filter(pk__in=version.tags, merged_into__isnull=False)
    for run in runs([version], dict(tags.values_list("pk", "merged_into"))):
        place = run.place
        rows = ListRow.objects.filter(story=version.article_id, kind=place.kind, what=place.what)
        if not rows.at(run.starts_at).exists():
            ListRow.objects.create(
                story_id=version.article_id,
                kind=place.kind,
                what=place.what,
                first_published_at=place.first_published_at,
                starts_at=run.starts_at,
                ends_at=run.ends_at,
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


def take_over(tag: int, into: int) -> int:
    """Let a tag's list stand in another's, each story once; return how many rows that were.

    The caller is in the transaction of the verb that merges them.
    """
    rows = ListRow.objects.filter(kind=ListKind.TAG)
    in_both = rows.filter(what=tag, story__in=rows.filter(what=into).values("story"))
    doubles = set(in_both.values_list("story", flat=True))
    for story in doubles:
        _join(rows.filter(what__in=(tag, into), story=story), into)
    return len(doubles) + rows.filter(what=tag).update(what=into)


def _join(rows: QuerySet[ListRow], into: int) -> None:
    """Make rows of one story one, where they overlap or touch at the same place of the order.

    Rows that overlap come from one version, so their place is the same.
    """
    joined: list[ListRow] = []
    for row in rows.order_by("starts_at", "pk"):
        last = joined[-1] if joined else None
        goes_on = last and (last.ends_at is None or row.starts_at <= last.ends_at)
        if last and goes_on and last.first_published_at == row.first_published_at:
            ends = (last.ends_at, row.ends_at)
            last.ends_at = None if None in ends else max(end for end in ends if end)
        else:
            joined.append(row)
    rows.exclude(pk__in=[row.pk for row in joined]).delete()
    for row in joined:
        ListRow.objects.filter(pk=row.pk).update(what=into, ends_at=row.ends_at)
