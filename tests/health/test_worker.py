"""The worker's heartbeat: written while it lives, whatever it does, and by nothing else."""

import logging
import signal

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.tasks import send_notices
from newsroom.health import worker

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def db_worker():
    """Run the command as it is, and take back what it sets for its own process."""
    signals = {
        name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)
    }
    loggers = {
        one: one.level for one in map(logging.getLogger, ("django_tasks", "django_tasks_db"))
    }

    def db_worker(*options):
        call_command("db_worker", "--no-startup-delay", "--no-reload", *options)

    yield db_worker
    for name, handler in signals.items():
        signal.signal(name, handler)
    for one, level in loggers.items():
        one.setLevel(level)


def test_the_worker_says_that_it_lives_and_does_its_work(db_worker):
    assert worker.last_beat() is None
    send_notices.enqueue()
    assert worker.queue().length == 1
    began = timezone.now()
    db_worker("--max-tasks", "1")
    assert worker.queue() == worker.Queue(0, None)
    assert DBTaskResult.objects.successful().count() == 1
    assert worker.last_beat() >= began


def test_a_worker_that_cron_starts_says_so_each_time(db_worker):
    began = timezone.now()
    db_worker("--batch")
    assert worker.last_beat() >= began
