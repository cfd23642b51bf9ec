"""What years of work leave in an archive beside its stories: so the plans are what they will be."""

from datetime import timedelta

from django.db import connection
from django.db.models import F

from articles import reads
from articles.models import (
    Article,
    Banner,
    Image,
    LeadsTo,
    Pin,
    Publication,
    ReadsAnHour,
    Redirect,
)  # fmt: skip
from articles.models.front import HOME, PLACES
from tests.benchmarks.shape import Archive
from tests.conftest import NOW

HOUR = timedelta(hours=1)
OLD_ADDRESSES = 20_000


def furnish():
    """Let the archive be read, arranged, corrected and led to; and analysed."""
    read_some()
    arrange_fronts()
    add_pictures()
    correct_some()
    lead_some()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            # What waits to be put into an index of words, as autovacuum puts it there.
            cursor.execute("SELECT gin_clean_pending_list('articles_reading_search_words')")


def correct_some():
    """Let every 20th version bear a note; of stories that are public and of others."""
    # Counted from the archive's first, so that in every run the same versions bear one.
    first = Publication.objects.earliest("pk").pk
    picked = Publication.objects.annotate(rest=(F("pk") - first) % 20).filter(rest=0)
    picked.update(change="correction", note="It was so.")
    picked.update(noted=True)
    # And one story in which every version of 2,000 is told in its history.
    told = Publication.objects.filter(article=Archive.at(NOW).many_versioned[1])
    told.exclude(change="correction").update(change="update")


def arrange_fronts():
    """Years of fronts and banners behind them, an hour each; what stands now is filled by rule."""
    story = Article.objects.values_list("pk", flat=True)[0]
    slots = [front * PLACES + n for front in (HOME, Archive.at(NOW).section.pk) for n in range(5)]
    hours = [{"starts_at": NOW - n * HOUR, "ends_at": NOW - (n - 1) * HOUR} for n in range(2, 800)]
    pins = (Pin(slot=slot, story_id=story, **hour) for slot in slots for hour in hours)
    Pin.objects.bulk_create(pins)
    Banner.objects.bulk_create(Banner(words="So it is.", **hour) for hour in hours)


def add_pictures():
    """A library of pictures, of which every tenth is licensed for some time."""
    Image.objects.bulk_create(
        Image(
            file=f"{n}.webp",
            width=3,
            height=2,
            alt="A lock",
            starts_at=NOW - n * HOUR,
            ends_at=NOW + n * HOUR if n % 10 == 0 else None,
        )
        for n in range(1, 3_000)
    )


def lead_some():
    """Let old addresses lead to stories, as many to the one of 2,000 versions as to all others."""
    archive = Archive.at(NOW)
    stories = [archive.many_versioned[0], archive.ordinary, archive.many_versioned[-3]]
    rows = (
        Redirect(source=f"/2019/{n}", kind=LeadsTo.STORY, what=stories[n % 3])
        for n in range(OLD_ADDRESSES)
    )
    Redirect.objects.bulk_create(rows)
    lists = {LeadsTo.TAG: archive.big_tag, LeadsTo.AUTHOR: archive.big_author}
    Redirect.objects.bulk_create(
        Redirect(source=f"/old/{kind}", kind=kind, what=what.pk) for kind, what in lists.items()
    )


def read_some():
    """Let more stories be read than are ranked, old and new ones, some of them hidden."""
    ids = Publication.objects.values_list("article", flat=True)
    stories = {*ids.order_by("pk")[: reads.RANKED], *ids.order_by("-pk")[:2_000]}
    for back in range(3):
        hour = reads.hour_of(NOW) - back * HOUR
        rows = (ReadsAnHour(story=story, hour=hour, count=10**6 - story) for story in stories)
        ReadsAnHour.objects.bulk_create(rows)
    reads.rank_if_due(NOW)
