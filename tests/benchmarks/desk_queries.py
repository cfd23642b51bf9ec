"""python -m tests.benchmarks.desk_queries [N]: what the desk's pages ask at 60 stories and at N.

A database of its own (SQLite, or an empty one that DATABASE_URL names): the demo newsroom, then
100,000 invented stories (N) on top. Of each page the most queries that any role gets, over all of
the demo's stories for the form. The last line says whether each stays within 15.
"""

import logging
import os
import sys
import tempfile
from io import StringIO
from pathlib import Path

import django

FOLDER = tempfile.TemporaryDirectory()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(FOLDER.name) / 'newsroom.sqlite3'}")
os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("DEMO_PASSWORD", "only-for-benchmarks")
django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from articles.models import Article

MOST = 15
ROLES = ("reporter", "editor", "publisher", "managing")
PAGES = {
    "My desk": "/admin/",
    "queue": "/admin/articles/article/?view=queue",
    "all stories": "/admin/articles/article/",
    "a search": "/admin/articles/article/?q=council",
    "calendar, a month": "/admin/calendar/",
    "budget": "/admin/budget/",
}


def count(desk: Client, address: str) -> int:
    reset_queries()  # the log holds so many and no more
    with CaptureQueriesContext(connection) as captured:
        answer = desk.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    return len(captured.captured_queries)


def measured(stories: list[int]) -> dict[str, int]:
    """The most queries of each page, over the roles."""
    found: dict[str, int] = {}
    for role in ROLES:
        desk = Client()
        desk.force_login(User.objects.get(email=f"{role}@meridian.example"))
        for name, address in PAGES.items():
            found[name] = max(found.get(name, 0), count(desk, address))
        for story in stories:
            asked = count(desk, f"/admin/articles/article/{story}/change/")
            found["story form"] = max(found.get("story form", 0), asked)
    return found


def main(large: int) -> int:
    settings.ALLOWED_HOSTS, settings.DEBUG = ["*"], False
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    call_command("demo", stdout=StringIO())
    stories = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    small = measured(stories)
    call_command("make_archive", large, add=True, verbosity=0, stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    newest = list(Article.objects.order_by("-pk").values_list("pk", flat=True)[:20])
    big = measured([*stories, *newest])
    total = Article.objects.count()
    print(f"{'':22}{len(stories):>10,}{total:>10,}  stories")
    for name in small:
        print(f"{name:22}{small[name]:>10}{big[name]:>10}  queries at most")
    good = max(*small.values(), *big.values()) <= MOST
    print("good" if good else f"TOO MANY (at most {MOST})")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 100_000))
