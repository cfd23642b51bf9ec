"""Reads that come at once count each, and are ranked once; a locked database holds no reader up."""

import sqlite3
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import LastRanking, MostRead, ReadsAnHour
from tests.conftest import NOW
from tests.pages.test_most_read import BROWSER

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

READERS = 4
only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite has one writer")


def tell(story):
    kind = "text/plain;charset=UTF-8"
    return Client().post("/most-read/", data=f"{story}", content_type=kind, headers=BROWSER)


def test_of_readers_who_come_at_once_each_is_counted_and_one_ranks(published, clock):
    story, barrier, answers, rankings = published().pk, Barrier(READERS), [], []

    def look_together(execute, sql, params, many, context):
        """Nobody claims the minute before all have seen that it is not ranked yet."""
        found = execute(sql, params, many, context)
        if sql.startswith("SELECT") and "articles_lastranking" in sql:
            barrier.wait(timeout=30)
        if "INTO articles_mostread" in sql:
            rankings.append(params)
        return found

    def reader():
        try:
            with connection.execute_wrapper(look_together):
                answers.append(tell(story).status_code)
        finally:
            connections.close_all()

    readers = [Thread(target=reader) for _ in range(READERS)]
    for thread in readers:
        thread.start()
    for thread in readers:
        thread.join(timeout=60)
    assert answers == [204] * READERS
    assert ReadsAnHour.objects.get().count == READERS
    assert LastRanking.objects.get().minute == NOW
    assert len(rankings) == MostRead.objects.count() == 1


@only_sqlite
def test_while_another_writes_a_read_is_lost_soon_and_the_desk_waits_as_long_as_before(
    published, clock
):
    story = published().pk
    writer = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with CaptureQueriesContext(connection) as asked:
        assert tell(story).status_code == 204
    writer.execute("ROLLBACK")
    writer.close()
    waits = [q["sql"] for q in asked if q["sql"].startswith("PRAGMA busy_timeout =")]
    assert waits == ["PRAGMA busy_timeout = 250", "PRAGMA busy_timeout = 20000"]
    assert not ReadsAnHour.objects.exists()
    tell(story)
    assert ReadsAnHour.objects.get().count == 1
