"""python -m tests.benchmarks.history: how long a story of 10,000 revisions takes to open.

A database of its own (SQLite, or DATABASE_URL), the site's own middleware, no network between.
The last line says whether history and form came within 500 ms, 95 of 100 times.
"""

import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import django

FOLDER = tempfile.TemporaryDirectory()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(FOLDER.name) / 'newsroom.sqlite3'}")
os.environ.setdefault("DEBUG", "1")
django.setup()

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.desk import press, revisions
from articles.desk.revisions import Values
from articles.desk.rights import Program
from articles.models import Article, Revision, Section

REVISIONS, ROUNDS, MOST = 10_000, 40, 500  # ms, of 95 of 100
BODY = ("<p>" + "The harbour board met again on Tuesday and put it off. " * 5 + "</p>") * 91


def story() -> Article:
    """A live story of 5,000 words that was saved 10,000 times, the last 9,999 since it is live."""
    by, begun = Program("benchmark"), timezone.now() - timedelta(days=90)
    values = Values("Harbour Opens", Section.objects.get(slug="world").pk, body=BODY)
    article = revisions.create(values, by=by, now=begun)
    press.publish(article.pk, revision=1, by=by, seen=0, now=begun)
    first = Revision.objects.get(article=article)
    rows = []
    for number in range(2, REVISIONS + 1):
        row = Revision.objects.model(**{f.attname: getattr(first, f.attname) for f in FIELDS})
        row.number, row.based_on = number, number - 1
        row.at = begun + timedelta(minutes=12 * number)
        row.changed = {"fields": ["body"], "added": 12, "removed": 3}
        rows.append(row)
    Revision.objects.bulk_create(rows, batch_size=200)
    Article.objects.filter(pk=article.pk).update(version=REVISIONS)
    return article


FIELDS = [field for field in Revision._meta.concrete_fields if not field.primary_key]


def main() -> int:
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    settings.DEBUG = False  # which would keep every query
    article = story()
    desk = Client()
    desk.force_login(User.objects.create_superuser("desk@newsroom.example", "x"))
    slow = 0
    for page in ("history/", "change/"):
        times = [timed(desk, f"/admin/articles/article/{article.pk}/{page}") for _ in range(ROUNDS)]
        p95 = statistics.quantiles(times[1:], n=20)[-1]
        slow = max(slow, p95)
        print(f"{page:10} p50 {statistics.median(times[1:]):5.0f} ms, p95 {p95:5.0f} ms")
    good = slow <= MOST
    print(f"{REVISIONS:,} revisions: {'good' if good else 'TOO SLOW'} (at most {MOST} ms)")
    return 0 if good else 1


def timed(desk: Client, address: str) -> float:
    start = time.perf_counter()
    answer = desk.get(address)
    took = (time.perf_counter() - start) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    return took


if __name__ == "__main__":
    sys.exit(main())
