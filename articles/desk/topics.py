"""Which lists a WebSub hub may have to be told of, because their feeds could read otherwise.

That a verb was pressed or a moment came only has a list looked at. Whether it changed is found by
comparing its feeds with what the hub was told (hub.py): so each change that readers see is told
once, and what they do not see, an embargoed story say, never.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from articles import intervals
from articles.desk import listing
from articles.models import FeedTopic, HubLook, Image, ListKind, ListRow, Move, Publication, Tag

# How far a look goes back behind the one before: what a verb wrote is seen once it is committed,
# some time after the moment that it bears.
OVERLAP = timedelta(minutes=10)
_RENAMES = {
    "change_section": ListKind.SECTION,
    "change_author": ListKind.AUTHOR,
    "change_tag": ListKind.TAG,
    "merge_tag": ListKind.TAG,
}
_OF_PICTURES = ("change_image", "withdraw_image", "restore_image")
# Of a picture that more show, the newest so many: no feed holds more than twenty.
_STORIES_OF_A_PICTURE = 200
Lists = set[tuple[str, int]]


def look(now: datetime) -> None:
    """Mark every list whose feeds could read otherwise than at the last look."""
    with transaction.atomic():
        HubLook.objects.get_or_create(pk=1, defaults={"looked_at": now})
        last = HubLook.objects.select_for_update().get(pk=1)
        since = last.looked_at - OVERLAP
        lists = _lists(_changed(since, now)) | _lists(_showing_others(since, now))
        renames = Move.objects.filter(verb__in=_RENAMES, at__gt=since, pk__gt=last.renamed)
        if found := list(renames.order_by("pk")):
            last.renamed = found[-1].pk
            named = {(_RENAMES[move.verb], move.details["id"]) for move in found}
            lists |= {(kind, what) for kind, what in named if _is_public(kind, what, now)}
            # A name stands in feeds of other lists, too: in whichever its stories stand.
            FeedTopic.objects.filter(due_at=None).update(due_at=now)
        _make_due(lists, now)
        last.looked_at = max(now, last.looked_at)
        last.save(update_fields=["looked_at", "renamed"])


def due(now: datetime) -> QuerySet[FeedTopic]:
    """The lists that are to be compared now; after a rename, what changed since comes first."""
    return FeedTopic.objects.filter(due_at__lte=now).order_by("-due_at", "pk")


def next_look(now: datetime) -> datetime | None:
    """The first moment after now at which the site changes by itself, or the hub is to be tried
    again; None: there is none."""
    waiting = FeedTopic.objects.filter(due_at__gt=now).order_by("due_at")
    moments = (intervals.next_change(now), waiting.values_list("due_at", flat=True).first())
    return min((moment for moment in moments if moment), default=None)


def arm(moment: datetime) -> bool:
    """Keep that a look comes at a moment; return False where one comes then already."""
    return bool(HubLook.objects.filter(pk=1).exclude(armed_for=moment).update(armed_for=moment))


def mark_lists_of(article_id: int, now: datetime) -> None:
    """Mark the lists that a story's newest version stood in; for who takes their names off it."""
    if settings.WEBSUB_HUB:
        versions = Publication.objects.filter(article=article_id, starts_at__lte=now)
        _make_due(_lists(versions.order_by("-starts_at", "-pk")[:1]), now)


def _is_public(kind: str, what: int, now: datetime) -> bool:
    return ListRow.objects.at(now).filter(kind=kind, what=what).exists()


def _make_due(lists: Lists, now: datetime) -> None:
    """Have lists compared now; but those that the hub did not take when it is to be tried again."""
    topics = [FeedTopic(kind=kind, what=what) for kind, what in sorted(lists)]
    FeedTopic.objects.bulk_create(topics, batch_size=500, ignore_conflicts=True)
    for kind in ListKind:
        named = [topic.what for topic in topics if topic.kind == kind]
        for start in range(0, len(named), 500):
            found = FeedTopic.objects.filter(kind=kind, what__in=named[start : start + 500])
            found.filter(attempts=0).update(due_at=now)


def _lists(versions: Iterable[Publication]) -> Lists:
    """The lists of versions that can be had as feeds."""
    rows = Tag.objects.exclude(merged_into=None).values_list("pk", "merged_into")
    merged = dict(rows)
    places = (place for version in versions for place in listing.places(version, merged))
    return {(place.kind, place.what) for place in places if place.kind != ListKind.PICTURE}


def _changed(since: datetime, now: datetime) -> Iterator[Publication]:
    """Every version that readers saw begin or end in between, also where it is withheld now."""
    seen = Publication.objects.filter(Q(ends_at=None) | Q(ends_at__gt=F("starts_at")))
    rows = seen.only("kind", "section", "authors", "tags", "pictures", "first_published_at")
    yield from rows.filter(starts_at__gt=since, starts_at__lte=now).iterator()
    yield from rows.filter(ends_at__gt=since, ends_at__lte=now).iterator()
    # What an import opened in the past began at no moment that is looked at.
    pressed = Move.objects.filter(verb="publish", at__gt=since).values("article")
    yield from rows.filter(article__in=pressed, ends_at=None, starts_at__lte=since).iterator()


def _showing_others(since: datetime, now: datetime) -> Iterator[Publication]:
    """Every version that shows a picture other than before: with other words, or not any more."""
    turned = Move.objects.filter(verb__in=_OF_PICTURES, at__gt=since)
    licences = Image.objects.filter(ends_at__gt=since, ends_at__lte=now)
    images = {move.details["id"] for move in turned} | set(licences.values_list("pk", flat=True))
    for image in sorted(images):
        rows = ListRow.objects.at(now).of(ListKind.PICTURE, image)
        stories = list(rows.values_list("story", flat=True)[:_STORIES_OF_A_PICTURE])
        yield from Publication.objects.at(now).filter(article__in=stories)
