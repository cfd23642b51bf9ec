"""How often a machine renders one page: asked for by many at once, and when its time is over."""

import contextlib
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import load
from tests.benchmarks.archives import POSTGRESQL
from tests.benchmarks.form import SMALL, Form, facts, pressing
from tests.benchmarks.programs import BUILD, Server, site
from tests.benchmarks.report import Row, row

WORKERS, AT_ONCE, LOAD = 2, 500, 1000
ENTRIES = {"asgi": "asgi", "gthread": "wsgi"}


def _cold(worker: str) -> str:
    return f"renders for {AT_ONCE} cold requests at once, {worker}"


def _over(worker: str) -> str:
    return f"renders when a hot page is over, {worker}"


ROWS = tuple(name(worker) for worker in ENTRIES for name in (_cold, _over))


def measure(form: Form) -> Iterator[Row]:
    stories = facts(form.archives.of(POSTGRESQL, SMALL))["stories"]
    for worker, entry in ENTRIES.items():
        if not form.wants(_cold(worker), _over(worker)):
            continue
        with (
            form.archives.copy(SMALL) as database,
            watched(worker, entry, database) as (
                server,
                log,
            ),
        ):
            yield _asked_at_once(worker, server, log, stories[: form.rounds])
            yield _when_over(worker, server, log, stories[-1], database, form)


@contextlib.contextmanager
def watched(worker: str, entry: str, database: str) -> Iterator[tuple[Server, Path]]:
    """The site, and the file in which each of its renders is a line."""
    log = BUILD / f"renders-{worker}"
    log.unlink(missing_ok=True)
    told = {"BENCH_ENTRY": entry, "BENCH_RENDERS": str(log)}
    served = (worker, "tests.benchmarks.served:site")
    with site(served, database, workers=WORKERS, **told) as server:
        yield server, log


def renders(log: Path, path: str) -> int:
    return log.read_text(encoding="utf-8").split().count(path)


def _asked_at_once(worker: str, server: Server, log: Path, paths: list[str]) -> Row:
    found = []
    for path in paths:
        told = load.at_once(server.port, path, AT_ONCE)
        if told.statuses != {"200": AT_ONCE}:
            raise RuntimeError(f"{AT_ONCE} at once are answered {told.statuses}")
        found.append(renders(log, path))
    how = f"{WORKERS} workers, {len(paths)} pages; the last in {told.longest:,.0f} ms"
    return row(_cold(worker), max(found), "≤ 1", how, counted=True)


def _when_over(worker: str, server: Server, log: Path, path: str, database: str, form: Form) -> Row:
    """Presses of another story, under load on a page that is hot."""
    found, rates = [], []
    # The folder of the site whose press it is: there hangs the bell.
    with pressing(database, SHARED_FOLDER=str(server.shared)) as press:
        for _round in range(form.rounds):
            load.rate(server.port, [path], 1)
            before = renders(log, path)
            loading = load.Loading(server.port, [path], 2.5, LOAD)
            time.sleep(1)
            press()
            told = loading.told()
            if told.failed:
                raise RuntimeError(f"Under load: {told.statuses}")
            rates.append(told.longest)
            found.append(renders(log, path) - before)
    how = (
        f"{WORKERS} workers, {LOAD:,} requests a second, {len(found)} presses; the longest wait "
        f"{statistics.median(rates):,.0f} ms"
    )
    return row(_over(worker), max(found), "≤ 1", how, counted=True)
