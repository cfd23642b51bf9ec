"""The page cache itself, in a process of its own: a day by a simulated clock, and odd requests."""

from collections.abc import Iterator

from tests.benchmarks.archives import SQLITE
from tests.benchmarks.form import SMALL, Form, told
from tests.benchmarks.report import Row, figure, row

RATE, TAKEN_DOWN = "hit rate of a replayed day", "pages shown after they were taken down"
ENTRIES = "cache entries a canonical address, after odd requests"
MEMORY = "memory after odd requests / before"
ROWS = (RATE, TAKEN_DOWN, ENTRIES, MEMORY)


def measure(form: Form) -> Iterator[Row]:
    database = form.archives.of(SQLITE, SMALL)
    if form.wants(RATE, TAKEN_DOWN):
        yield from _day(form, database)
    if form.wants(ENTRIES, MEMORY):
        yield from _odd(form, database)


def _day(form: Form, database: str) -> Iterator[Row]:
    hours = form.of(24, 2)
    day = told("day", database, str(hours))
    how = (
        f"{hours} h, {day['requests']:,} requests, {day['rendered']:,} renders, "
        f"{day['presses']} presses, {day['scheduled']} scheduled"
    )
    yield row(RATE, day["rate"], "≥ 0.60", how)
    yield row(TAKEN_DOWN, day["late"], "= 0", f"{day['takedowns']} takedowns", counted=True)
    yield figure("  the same day with room for every page", day["rate with room"])


def _odd(form: Form, database: str) -> Iterator[Row]:
    odd = told("oddities", database, str(form.of(100_000, 20_000)))
    how = f"{odd['requests']:,} requests, {odd['entries']} entries of {odd['addresses']} addresses"
    yield row(ENTRIES, odd["entries"] / odd["addresses"], "≤ 1", how, counted=True)
    how = f"{odd['before']:.0f} → {odd['after']:.0f} MB"
    yield row(MEMORY, odd["after"] / odd["before"], "≤ 1.1", how)
