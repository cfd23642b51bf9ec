"""Whether a worker is at work: it writes down every few seconds that it lives, and what has been
ready for long says that it does not work."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import db
from django.db import connection
from django.db.models import Case, Count, F, Min, When
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from newsroom.health.models import Heartbeat

EVERY = 10  # seconds
# Six beats that were missed: one or two may wait for a lock of SQLite's.
SILENT_FOR = timedelta(minutes=1)
# The longest task of a site, a receipt of many surfaces that time out, takes less.
WAITING_FOR = timedelta(minutes=10)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Queue:
    """The tasks that could run now: how many, and since when the oldest could (None: no task)."""

    length: int
    oldest: datetime | None


def beat(now: datetime) -> None:
    """Write down that a worker lives."""
    Heartbeat.objects.update_or_create(pk=1, defaults={"at": now})


def last_beat() -> datetime | None:
    """When a worker last wrote that it lives; None: never."""
    return Heartbeat.objects.values_list("at", flat=True).filter(pk=1).first()


def queue() -> Queue:
    """What is ready to be done."""
    since = Case(When(run_after=get_date_max(), then=F("enqueued_at")), default=F("run_after"))
    return Queue(**DBTaskResult.objects.ready().aggregate(length=Count("*"), oldest=Min(since)))


@contextmanager
def beating() -> Iterator[None]:
    """Beat beside what is done within: a task that takes long is no silence."""
    stop = threading.Event()
    heart = threading.Thread(target=_beat_until, args=(stop,), name="heartbeat", daemon=True)
    heart.start()
    try:
        yield
    finally:
        stop.set()
        heart.join(timeout=1)


def _beat_until(stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            beat(timezone.now())
        except db.Error:
            _log.warning("No heartbeat could be written.", exc_info=True)
        finally:
            connection.close()  # the database may be another one by the next beat
        stop.wait(EVERY)


def faults(now: datetime) -> Iterator[str]:
    """What is wrong with the worker."""
    last, waiting = last_beat(), queue()
    if last is None or now - last > SILENT_FOR:
        silence = f"for {_minutes(now - last)}" if last else "yet"
        yield (
            f"No worker has been heard of {silence}: start `manage.py db_worker`, and read in its "
            "log why it ended."
        )
    elif waiting.oldest and now - waiting.oldest > WAITING_FOR:
        yield (
            f"The oldest of {waiting.length} tasks has been ready for "
            f"{_minutes(now - waiting.oldest)}, though a worker lives: look in its log for the "
            "task that hangs, or start a second worker."
        )


def _minutes(span: timedelta) -> str:
    return f"{span // timedelta(minutes=1)} minutes"
