"""python -m tests.benchmarks.facts: what there is to ask for in the database of DATABASE_URL.

Prints JSON: addresses by what they are, and the cookie of somebody who may open the whole desk.
"""

import json
import random
import sys

import django

django.setup()

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Author, ListKind, ListRow, Publication, Section
from articles.pages.cards import STORIES_A_PAGE
from tests.benchmarks.shape import Archive

STORIES, AUTHORS = 20_000, 40  # of which addresses are given, at most
PAGE = 500


def main() -> None:
    archive, dice = Archive.at(timezone.now()), random.Random(1)
    sections = list(Section.objects.order_by("pk"))
    number, deep = far_down(archive)
    # Shuffled: neighbours in time are neighbours in the database's pages.
    stories = [path for path in some_stories(archive.now) if path]
    dice.shuffle(stories)
    print(
        json.dumps(
            {
                "stories": stories,
                "sections": [section.get_absolute_url() for section in sections],
                "authors": [author.get_absolute_url() for author in some_authors(archive, dice)],
                "tag": archive.big_tag.get_absolute_url(),
                "stories_of_tag": archive.length(ListKind.TAG, archive.big_tag.pk),
                "month": f"/sitemaps/{a_month(archive)}.xml",
                "page": [archive.section.get_absolute_url(), deep, number],
                "cookie": f"{settings.SESSION_COOKIE_NAME}={a_session()}",
            }
        )
    )


def some_stories(now):
    """The addresses of stories that are public, over all years."""
    public = Publication.objects.at(now).filter(withheld=False)
    first, last = public.order_by("pk")[0].pk, public.order_by("-pk")[0].pk
    step = max((last - first) // STORIES, 1)
    ids = range(first, last + 1, step)
    for begin in range(0, len(ids), 500):
        yield from public.filter(pk__in=ids[begin : begin + 500]).values_list("path", flat=True)


def some_authors(archive, dice):
    """The busiest, one of few stories, and others between."""
    newest = ListRow.objects.at(archive.now).filter(kind=ListKind.AUTHOR)
    ids = list(newest.order_by("-pk").values_list("what", flat=True)[:5_000])
    picked = dice.sample(sorted(set(ids)), min(AUTHORS, len(set(ids))))
    return [archive.big_author, archive.small_author, *Author.objects.filter(pk__in=picked)]


def far_down(archive):
    """A section's page 500, or its last where there are not so many: its number and address."""
    kind, what = ListKind.SECTION, archive.section.pk
    number = min(PAGE, (archive.length(kind, what) - 1) // STORIES_A_PAGE)
    story = archive.at_depth((number - 1) * STORIES_A_PAGE - 1, kind, what)
    return number, f"{archive.section.get_absolute_url()}?before={story}"


def a_month(archive):
    """A month of an archive's middle."""
    story = archive.far_down[1]
    first = Publication.objects.filter(article=story).earliest("starts_at", "pk")
    return f"{first.first_published_at:%Y-%m}"


def a_session() -> str:
    chief, _is_new = User.objects.get_or_create(
        email="chief@newsroom.example",
        defaults={"display_name": "Chief", "is_staff": True, "is_superuser": True},
    )
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    client.force_login(chief)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    sys.exit(main())
