"""Whether what the desk holds and what readers are shown agree: of each story, picture and name
what a torn write, or a database that was restored in part, would leave behind.

It reads, and holds nobody up. What looked wrong while somebody wrote is looked at once more.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

from django.core.files.storage import default_storage
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from articles import reading_index
from articles.desk import listing, search
from articles.models import (
    Article,
    Author,
    Edition,
    Image,
    ListRow,
    NameWord,
    Publication,
    PublicationText,
    Rendition,
    Revision,
    SlugClaim,
    Tag,
    name_word,
)
from articles.states import EndsAs

_BATCH = 500


class Fault(NamedTuple):
    """What does not agree: of what, and a sentence for whoever runs the site."""

    of: str
    says: str

    def __str__(self) -> str:
        return f"{self.of}: {self.says}"


def faults(now: datetime) -> Iterator[Fault]:
    """Look through everything; `now` (UTC) says what readers are shown at present and later."""
    try:
        connection.check_constraints()
    except IntegrityError as fault:
        yield Fault("the database", f"a key leads nowhere: {fault}")
    if not Edition.objects.filter(pk=1).exists():
        yield Fault("the edition", "its row is missing")
    looks: list[tuple[QuerySet, Callable[[Sequence[int]], Iterable[Fault]]]] = [
        (Article.objects.all(), partial(_of_stories, now=now)),
        (Image.objects.all(), _of_pictures),
        *(
            (model._default_manager.all(), partial(_of_names, model))
            for model in name_word.KINDS_OF_NAMES
        ),
    ]
    for rows, look in looks:
        for batch in _batches(rows):
            if any(look(batch)):
                yield from look(batch)


def _batches(rows: QuerySet) -> Iterator[list[int]]:
    last = 0
    while batch := list(
        rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]
    ):
        yield batch
        last = batch[-1]


# --- Stories -------------------------------------------------------------------------------------


def _of_stories(stories: Sequence[int], now: datetime) -> Iterator[Fault]:
    lines: dict[int, list[Publication]] = defaultdict(list)
    for row in Publication.objects.filter(article__in=stories).order_by("starts_at", "pk"):
        lines[row.article_id].append(row)
    for says in (_of_texts, _of_lines, _of_claims, _of_lists, _of_indexes):
        for story, fault in says(stories, lines, now):
            yield Fault(f"story {story}", fault)


Lines = dict[int, list[Publication]]
Found = Iterator[tuple[int, str]]


def _of_texts(stories: Sequence[int], lines: Lines, _now: datetime) -> Found:
    """Each version has its text, and each number of a revision leads to one."""
    kept = set(Revision.objects.filter(article__in=stories).values_list("article", "number"))
    for story, number in Article.objects.filter(pk__in=stories).values_list("pk", "version"):
        if (story, number) not in kept:
            yield story, f"its newest revision, {number}, is missing"
    versions = [row.pk for line in lines.values() for row in line]
    texts = PublicationText.objects.filter(publication__in=versions)
    with_text = set(texts.values_list("publication", flat=True))
    for story, line in lines.items():
        for row in line:
            if row.pk not in with_text:
                yield story, f"version {row.pk} has no text"


def _of_lines(_stories: Sequence[int], lines: Lines, _now: datetime) -> Found:
    """No two versions hold at one moment, and none ends for the next where there is no next."""
    for story, line in lines.items():
        starts = {row.starts_at for row in line}
        for row in line:
            if row.ends_as == EndsAs.NEXT and row.ends_at not in starts:
                yield story, f"version {row.pk} ends for another, which is missing"
        shown = [row for row in line if row.starts_at != row.ends_at]
        for row, following in pairwise(shown):
            if row.ends_at is None or row.ends_at > following.starts_at:
                yield story, f"versions {row.pk} and {following.pk} hold at the same moment"


def _of_claims(_stories: Sequence[int], lines: Lines, _now: datetime) -> Found:
    """Each address that a story was or will be at is its own."""
    slugs = {row.path.rstrip("/").rpartition("/")[2] for line in lines.values() for row in line}
    owners = dict(SlugClaim.objects.filter(slug__in=slugs).values_list("slug", "article"))
    for story, line in lines.items():
        for path in dict.fromkeys(row.path for row in line):
            if owners.get(path.rstrip("/").rpartition("/")[2]) != story:
                yield story, f"its address {path} is not claimed for it"


def _of_lists(stories: Sequence[int], lines: Lines, now: datetime) -> Found:
    """It stands in the lists that its versions call for, from now on."""
    standing: dict[int, set[Any]] = defaultdict(set)
    for row in ListRow.objects.filter(story__in=stories).unfinished(now):
        place = listing.Place(row.kind, row.what, row.first_published_at)
        standing[row.story_id].add((place, row.ends_at))
    tags = {tag for line in lines.values() for row in line for tag in row.tags}
    merged = dict(
        Tag.objects.filter(pk__in=tags, merged_into__isnull=False).values_list("pk", "merged_into")
    )
    for story in stories:
        line = [row for row in lines.get(story, ()) if row.ends_at is None or row.ends_at > now]
        wanted = {(run.place, run.ends_at) for run in listing.runs(line, merged)}
        for place, ends in sorted(wanted ^ standing[story], key=str):
            verb = "is missing in" if (place, ends) in wanted else "stands wrongly in"
            yield story, f"it {verb} the list of {place.kind} {place.what or ''}".rstrip()


def _of_indexes(stories: Sequence[int], lines: Lines, now: datetime) -> Found:
    """The desk's search knows it, and the readers' what they are shown or will be."""
    written = Article.objects.filter(pk__in=stories, erased=False).values_list("pk", flat=True)
    known = search.known(stories)
    for story in written:
        if story not in known:
            yield story, "the desk’s search does not know it (manage.py rebuild_search)"
    places = {
        reading_index.place(row.pk, row.first_published_at): (story, row.pk)
        for story, line in lines.items()
        for row in line
        if not row.withheld
        and row.starts_at != row.ends_at
        and (row.ends_at is None or row.ends_at > now)
    }
    for place in places.keys() - reading_index.standing(places):
        story, version = places[place]
        yield story, f"the search does not know version {version} (manage.py rebuild_search)"


# --- Pictures and names --------------------------------------------------------------------------


def _of_pictures(images: Sequence[int]) -> Iterator[Fault]:
    files: list[Iterable[tuple[int, str]]] = [
        Image.objects.filter(pk__in=images).values_list("pk", "file"),
        Rendition.objects.filter(image__in=images).values_list("image", "file"),
    ]
    for image, file in (named for some in files for named in some):
        if not default_storage.exists(file):
            yield Fault(f"picture {image}", f"its file {file} is missing")


def _of_names(model: type[Author] | type[Tag], names: Sequence[int]) -> Iterator[Fault]:
    kind = name_word.KINDS_OF_NAMES[model]
    words = NameWord.objects.filter(kind=kind, what__in=names).values("what")
    for named in model._default_manager.filter(pk__in=names).exclude(pk__in=words):
        says = "no search finds it by its name (manage.py rebuild_search)"
        yield Fault(f"{kind.value} {named.pk}", says)
