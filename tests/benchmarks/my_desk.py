"""python -m tests.benchmarks.my_desk [N]: what My desk costs at 1,000 stories, and at 100,000 (N).

A database of its own (SQLite, or DATABASE_URL), the site's own middleware, no network between.
One run measures both, so that a busy machine is as busy for the one as for the other. The last
line says whether the page came within 500 ms, 95 of 100 times, and within twice its cost of a
small archive.
"""

import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from io import StringIO
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
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from articles.desk import planning, press, revisions, workflow
from articles.desk.revisions import Values
from articles.models import Article, Section

SMALL, LARGE, ROUNDS, MOST, RATIO = 1_000, 100_000, 30, 500, 2.0


def fill_desk(person: User, colleague: User) -> None:
    """Forty stories of the day: to review, to write, to publish, and scheduled."""
    now = timezone.now()
    section = Section.objects.order_by("pk")[0].pk
    for number in range(10):
        known = {"by": colleague, "now": now - timedelta(hours=3)}
        for kind in ("review", "ready", "next", "write"):
            name = f"{kind} {number}".capitalize()
            story = revisions.create(Values(name, section, body="<p>It is so.</p>"), **known)
            if kind in ("review", "ready"):
                workflow.take("submit", story.pk, **known)
            if kind == "ready":
                workflow.take("approve", story.pk, by=person, now=now)
            if kind == "next":
                at = now + timedelta(hours=1 + number)
                press.schedule(story.pk, revision=1, by=person, seen=0, now=now, at=at)
            if kind == "write":
                plan = {"assignee_id": person.pk, "due_at": now + timedelta(hours=number)}
                planning.plan(story.pk, plan, by=person, now=now)


def measured(desk: Client, count: int) -> float:
    """The median milliseconds of the page; prints it with its queries, and their slowest."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as captured:
        desk.get("/admin/")
        asked = list(captured.captured_queries)
    times = sorted(timed(desk) for _ in range(ROUNDS))
    median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    slowest = sorted(asked, key=lambda query: -float(query["time"]))[:3]
    words = ", ".join(f"{query['time']} s" for query in slowest)
    print(
        f"{count:>8,} stories: p50 {median:5.0f} ms, p95 {p95:5.0f} ms, "
        f"{len(asked)} queries, slowest {words}"
    )
    if p95 > MOST:
        for query in slowest:
            print(query["time"], query["sql"][:600])
    return median


def timed(desk: Client) -> float:
    start = time.perf_counter()
    answer = desk.get("/admin/")
    took = (time.perf_counter() - start) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"My desk answered {answer.status_code}")
    return took


def main(large_archive: int) -> int:
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    settings.DEBUG = False  # which would keep every query
    person = User.objects.create_superuser("desk@newsroom.example", "x")
    colleague = User.objects.create_superuser("colleague@newsroom.example", "x")
    desk = Client()
    desk.force_login(person)
    call_command("make_archive", SMALL, versions=100, verbosity=0, stdout=StringIO())
    fill_desk(person, colleague)
    small = measured(desk, SMALL)
    call_command("make_archive", large_archive - SMALL, versions=100, add=True, stdout=StringIO())
    large = measured(desk, Article.objects.count())
    ratio = large / small
    good = ratio <= RATIO and large <= MOST
    print(f"ratio {ratio:.2f}: {'good' if good else 'TOO SLOW'} (at most {RATIO})")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else LARGE))
