"""python -m tests.benchmarks.search: what a search costs in the database of DATABASE_URL.

Fill it first (manage.py migrate, make_archive N). Every figure is a median in microseconds, of a
page's SQL and of the whole page. Run it on two databases to see what the size of the archive does.
"""

import os
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client

from articles.models import Article, Publication
from tests.benchmarks.lists import report, say, without_a_manifest

QUERIES = {
    "a word of every story": "the",
    "a common word": "council",
    "two common words": "council+harbour",
    "a common word and a place": "council+brakeden",
    "the beginning of common words": "coun",
    "the beginning of many words": "ma",
    "a rare word": "7",
    "an author’s name": "braden",
    "what nobody wrote": "zyzzyva",
    "a common word, in a year long past": "council&from=2012-01-01&to=2012-12-31",
    "a common word, newest first, page 90": "council&sort=date&page=90",
}


def main() -> None:
    without_a_manifest()
    stories, versions = Article.objects.count(), Publication.objects.count()
    say(f"{connection.vendor}: {stories:,} stories, {versions:,} versions")
    say(f"{'':46}{'SQL':>10}{'whole':>10}")
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    for words, query in QUERIES.items():
        report(words, _asking(client, f"/search/?q={query}"))


def _asking(client: Client, path: str) -> Callable[[], object]:
    return lambda: client.get(path)


if __name__ == "__main__":
    main()
