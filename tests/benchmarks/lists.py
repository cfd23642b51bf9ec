"""python -m tests.benchmarks.lists: how long each list takes in the database of DATABASE_URL.

Fill it first (manage.py migrate, make_archive N). Every line is a median in microseconds: of
the question's SQL alone, and of the whole function or request that asks it.
"""

import logging
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles import intervals
from articles.desk import overview
from articles.models import Article, ListKind, Publication
from articles.pages import cards, fronts, names
from tests.benchmarks.plans import Query, asked
from tests.benchmarks.shape import Archive

Question = Callable[[], object]

ROUNDS = 200
MOST_SECONDS = 3  # for one question
PAGE = 500


def without_a_manifest() -> None:
    """Let pages be rendered without a manifest of static files to build first."""
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.WHITENOISE_AUTOREFRESH = True


def main() -> None:
    without_a_manifest()
    logging.disable(logging.WARNING)  # one a page that is gone, and they are asked for often
    archive = Archive.at(timezone.now())
    stories, versions = Article.objects.count(), Publication.objects.count()
    say(f"{connection.vendor}: {stories:,} stories, {versions:,} versions")
    say(f"{'':46}{'SQL':>10}{'whole':>10}")
    for words, question in {**lists(archive), **others(archive), **pages(archive)}.items():
        report(words, question)
    compare_pages(archive)


def lists(a: Archive) -> dict[str, Question]:
    """The lists and what they stand on, by the words they are printed with."""

    def first_page(kind: ListKind, what: int) -> Question:
        return lambda: cards.page(kind, what, a.now, None)

    found: dict[str, Question] = {
        "newest 9 of all": lambda: cards.newest(ListKind.ALL, 0, a.now, most=9),
        "the home page's front": lambda: fronts.home({}, a.now),
    }
    for kind, what in (
        (ListKind.SECTION, a.section),
        (ListKind.TAG, a.big_tag),
        (ListKind.TAG, a.small_tag),
        (ListKind.AUTHOR, a.big_author),
        (ListKind.AUTHOR, a.small_author),
    ):
        found[f"{kind} of {a.length(kind, what.pk):,}"] = first_page(kind, what.pk)
    return found


def others(a: Archive) -> dict[str, Question]:
    """What else pages and the desk ask."""
    desk = Article.objects.defer("body", "standfirst")[:50]
    return {
        "also read: 3 stories of many versions": lambda: cards.public(a.many_versioned[:3], a.now),
        "also read: 2 old stories": lambda: cards.public(a.far_down, a.now),
        "names and navigation": lambda: names.look_up(a.now, authors=[a.big_author.pk]),
        "the next change": lambda: intervals.next_change(a.now),
        "the desk's list": lambda: list(overview.with_public_state(desk, a.now)),
        "the desk: a story of many versions": lambda: overview.overview(
            Article(pk=a.many_versioned[0]), a.now
        ),
    }


def pages(a: Archive) -> dict[str, Question]:
    """Whole pages: the gate of a path stands first in their SQL."""
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    paths = {
        "home": "/",
        "a story's page": a.path(a.ordinary),
        "a story's page, of many versions": a.path(a.many_versioned[0]),
        "the old path of one that moved": a.first_path(a.many_versioned[-1]),
        "the path of one that is gone": a.path(a.many_versioned[-3]),
        "the path of one that was hidden": a.path(a.many_versioned[-2]),
    }
    return {words: lambda path=path: client.get(path) for words, path in paths.items()}  # type: ignore[misc]


def compare_pages(a: Archive) -> None:
    """A section's first page and its 500th, or its last where there are not so many."""
    kind, what = ListKind.SECTION, a.section.pk
    number = min(PAGE, (a.length(kind, what) - 1) // cards.STORIES_A_PAGE)
    before = str(a.at_depth((number - 1) * cards.STORIES_A_PAGE - 1, kind, what))
    first = report("a section's page 1", lambda: cards.page(kind, what, a.now, None))
    deep = report(f"a section's page {number}", lambda: cards.page(kind, what, a.now, before))
    say(f"{'ratio':46}{deep / first:>10.2f}")


def report(words: str, question: Question) -> float:
    """Print what a question takes, and return what its SQL takes."""
    queries = asked(question)
    sql = median(lambda: run(queries))
    say(f"{words:46}{sql:>10,.0f}{median(question):>10,.0f}")
    return sql


def run(queries: Iterable[Query]) -> None:
    with connection.cursor() as cursor:
        for sql, params in queries:
            cursor.execute(sql, params)
            cursor.fetchall()


def median(question: Question) -> float:
    """The median of some hundred runs, in microseconds, the first few left out."""
    taken: list[float] = []
    stop = time.perf_counter() + MOST_SECONDS
    while len(taken) < 5 or (len(taken) < ROUNDS and time.perf_counter() < stop):
        start = time.perf_counter()
        question()
        taken.append((time.perf_counter() - start) * 1e6)
    return statistics.median(taken[2:])


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
