"""What readers notice while something is down or starts anew: 5xx and requests without an answer.

They come through nginx, as readers do, 200 a second for pages that are in memory. A second such
load goes to gunicorn itself: what of a fault it is that the proxy makes good.
"""

import contextlib
import itertools
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import psycopg

from tests.benchmarks import load
from tests.benchmarks.archives import POSTGRESQL
from tests.benchmarks.form import SMALL, Form, facts
from tests.benchmarks.programs import (
    ASGI,
    ROOT,
    WSGI,
    Postgresql,
    Server,
    free_port,
    manage,
    nginx,
    redis,
    site,
)
from tests.benchmarks.report import Row, figure, row

ENTRIES = {"asgi": ASGI, "gthread": WSGI}
RATE, HOT = 200, 20  # requests a second; pages
WORKERS = 2


@dataclass(frozen=True)
class Running:
    """A site with all that stands around it."""

    gunicorn: Server
    nginx: Server
    database: str
    postgresql: Postgresql
    redis: int  # its process


def _reload(running: Running, until: float) -> None:
    while time.monotonic() < until - 2:
        os.kill(running.gunicorn.pid, signal.SIGHUP)
        time.sleep(3)


def _stop_database(running: Running, until: float) -> None:
    running.postgresql.stop()
    _wait(until - 2)
    running.postgresql.start()


def _freeze_database(running: Running, until: float) -> None:
    pids = running.postgresql.pids()
    _signal(pids, signal.SIGSTOP)
    _wait(until - 2)
    _signal(pids, signal.SIGCONT)


def _stop_redis(running: Running, until: float) -> None:
    """First it hangs, then it is gone."""
    _signal([running.redis], signal.SIGSTOP)
    _wait((time.monotonic() + until) / 2)
    _signal([running.redis], signal.SIGKILL)


def _migrate(running: Running, until: float) -> None:
    """The newest migration back and forth; then a lock such as one holds that rewrites a table."""
    names = sorted(file.stem for file in (ROOT / "articles/migrations").glob("0*.py"))
    manage(running.database, "migrate", "articles", names[-2], "--verbosity", "0")
    manage(running.database, "migrate", "--verbosity", "0")
    with psycopg.connect(running.database) as wire:
        wire.execute("LOCK TABLE articles_publication IN ACCESS EXCLUSIVE MODE")
        _wait(until - 2)


def _kill_workers(running: Running, until: float) -> None:
    while time.monotonic() < until - 2:
        if workers := running.gunicorn.children():
            _signal(workers[:1], signal.SIGKILL)
        time.sleep(1)


OUTAGES: Mapping[str, Callable[[Running, float], None]] = {
    "reload (HUP)": _reload,
    "database stopped": _stop_database,
    "database frozen": _freeze_database,
    "Redis stopped": _stop_redis,
    "a migration": _migrate,
    "a worker killed each second": _kill_workers,
}


def _name(outage: str, worker: str) -> str:
    return f"5xx and lost, {outage}, {worker}"


ROWS = tuple(_name(outage, worker) for worker in ENTRIES for outage in OUTAGES)


def measure(form: Form) -> Iterator[Row]:
    form.archives.of(POSTGRESQL, SMALL)
    for worker, outage in itertools.product(ENTRIES, OUTAGES):
        # The short form strikes at what is deployed.
        if (form.is_short and ENTRIES[worker] != ASGI) or not form.wants(
            name := _name(outage, worker)
        ):
            continue
        with form.archives.copy(SMALL) as database, _site(worker, database, form) as running:
            seconds = form.of(63 if outage.startswith("database") else 20, 8)
            yield from _struck(name, running, seconds, OUTAGES[outage])


@contextlib.contextmanager
def _site(worker: str, database: str, form: Form) -> Iterator[Running]:
    with contextlib.ExitStack() as stack:
        port = free_port()
        pid = stack.enter_context(redis(port))
        bell = f"redis://127.0.0.1:{port}/0"
        served = stack.enter_context(
            site(ENTRIES[worker], database, workers=WORKERS, BELL_URL=bell)
        )
        before = stack.enter_context(nginx(served))
        yield Running(served, before, database, form.archives.postgresql, pid)


def _struck(
    name: str, running: Running, seconds: float, strike: Callable[[Running, float], None]
) -> Iterator[Row]:
    pages = facts(running.database)["stories"][:HOT]
    for port in (running.nginx.port, running.gunicorn.port):
        load.Loading(port, pages, 2, RATE).told()  # warm, on every worker
    loaded = partial(load.Loading, paths=pages, seconds=seconds, rate=RATE)
    readers, direct = loaded(running.nginx.port), loaded(running.gunicorn.port)
    time.sleep(1)
    strike(running, readers.until)
    told, also = readers.told(), direct.told()
    how = f"through nginx, {told.asked:,} requests {_said(told)}"
    yield row(name, told.failed, "= 0", how, counted=True)
    yield figure(
        "  the same, past the proxy", also.failed, f"{also.asked:,} requests {_said(also)}"
    )


def _said(told: load.Told) -> str:
    wrong = {status: n for status, n in told.statuses.items() if status != "200"}
    return f"{wrong or 'all 200'}, p99 {told.p99:,.0f} ms, longest {told.longest:,.0f} ms"


def _wait(until: float) -> None:
    time.sleep(max(0.0, until - time.monotonic()))


def _signal(pids: list[int], what: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, what)
