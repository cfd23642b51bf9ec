"""python -m tests.benchmarks.counted: how many queries uncached stories take; prints JSON."""

import json
import sys

import django

django.setup()

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Publication
from articles.pages.cache.addresses import Address
from newsroom.front import clock, page_cache

STORIES = 50


def main() -> None:
    cache = page_cache(get_wsgi_application())
    cache.horizon.look(clock())  # as the process's own thread does
    public = Publication.objects.at(timezone.now()).order_by("-pk")
    paths = list(public.values_list("path", flat=True)[:STORIES])
    cache.attempt(Address(paths[0]))  # what is read once of a process
    found = []
    for path in paths[1:]:
        with CaptureQueriesContext(connection) as asked:
            cache.attempt(Address(path))
        found.append([query["sql"] for query in asked.captured_queries])
    most = max(found, key=len)
    editions = sum('FROM "articles_edition"' in sql for sql in most)
    print(json.dumps({"page": len(most) - editions, "edition": editions}))


if __name__ == "__main__":
    sys.exit(main())
