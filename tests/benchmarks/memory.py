"""Whether a worker's memory stays what it is, whatever it is asked for."""

import itertools
import random
from collections.abc import Iterator

from tests.benchmarks import load
from tests.benchmarks.archives import POSTGRESQL
from tests.benchmarks.form import Form, facts
from tests.benchmarks.programs import ASGI, WSGI, Server, site
from tests.benchmarks.report import Row, row

ENTRIES = {"asgi": ASGI, "gthread": WSGI}
MEGABYTE = 2**20


def _name(worker: str) -> str:
    return f"memory of a worker after many requests / before, {worker}"


ROWS = tuple(_name(worker) for worker in ENTRIES)


def measure(form: Form) -> Iterator[Row]:
    # The short form's first tenth would be what a process grows by in any case.
    first, then = form.of(40_000, 15_000), form.of(160_000, 15_000)
    database = form.archives.of(POSTGRESQL, form.stories)
    for worker, entry in ENTRIES.items():
        if not form.wants(_name(worker)):
            continue
        # A cache that is full soon: what it may hold is no leak.
        with site(entry, database, PAGE_CACHE_MB="8") as server:
            mixed = _mixed(facts(database))
            asked = _ask(server, mixed, first)
            before = server.memory()
            asked += _ask(server, mixed, then)
            after = server.memory()
        how = f"{before / MEGABYTE:.0f} → {after / MEGABYTE:.0f} MB, {asked:,} mixed requests"
        yield row(_name(worker), after / before, "≤ 1.1", how)


def _ask(server: Server, mixed: Iterator[str], count: float) -> int:
    asked = 0
    while asked < count:
        told = load.burst(server.port, list(itertools.islice(mixed, 20_000)), 2)
        if told.failed:
            raise RuntimeError(f"Mixed requests are answered {told.statuses}")
        asked += told.asked
    return asked


def _mixed(found: dict[str, list[str]]) -> Iterator[str]:
    """What readers, crawlers and programs that guess ask for, in turns."""
    dice = random.Random(1)
    hot, stories = found["stories"][:20], found["stories"]
    while True:
        roll = dice.random()
        if roll < 0.75:
            yield dice.choice(hot)
        elif roll < 0.85:
            yield f"{dice.choice(hot)}?{dice.getrandbits(64):x}={dice.random()}"
        elif roll < 0.93:
            yield dice.choice(stories)
        elif roll < 0.96:
            yield dice.choice(found["authors"] + found["sections"])
        elif roll < 0.98:
            yield f"/world/{dice.getrandbits(64):x}/"
        else:
            yield f"/search/?q={dice.choice(('harbour', 'levy', 'vote'))}+{dice.randrange(1000)}"
