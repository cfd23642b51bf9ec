"""What a page costs in a big archive against one of 1,000 stories, on both databases."""

import contextlib
import itertools
import statistics
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.benchmarks import load
from tests.benchmarks.archives import POSTGRESQL, SQLITE
from tests.benchmarks.form import SMALL, Form, facts
from tests.benchmarks.programs import WSGI, site
from tests.benchmarks.report import Row, figure, row

DATABASES = (SQLITE, POSTGRESQL)
# By the words of a row: the addresses that are asked for in their turn, each as often.
PAGES: Mapping[str, Callable[[Any], list[str]]] = {
    "home": lambda facts: ["/"],
    "section": lambda facts: facts["sections"],
    "story": lambda facts: facts["stories"][:50],
    "tag": lambda facts: [facts["tag"]],
    "author": lambda facts: facts["authors"],
    "search": lambda facts: [
        f"/search/?q={words}" for words in ("harbour+levy", "council", "night+vote&sort=date")
    ],
    "feed": lambda facts: ["/rss.xml", f"{facts['sections'][0]}atom.xml"],
    "sitemap": lambda facts: ["/sitemap.xml"],
    "admin list": lambda facts: [
        f"/admin/articles/article/{query}" for query in ("", "?status=ready", "?section=1")
    ],
}
FAR_DOWN = "a section's last page (500) / its first"
MONTH = "a month's sitemap, an address of it"


def _name(page: str, database: str) -> str:
    return f"{page} at N / at {SMALL:,}, p95, {database}"


ROWS = tuple(
    name
    for database in DATABASES
    for name in (
        *(_name(page, database) for page in PAGES),
        _name(MONTH, database),
        f"{FAR_DOWN}, {database}",
    )
)


def measure(form: Form) -> Iterator[Row]:
    for database in DATABASES:
        if not form.wants(*(name for name in ROWS if name.endswith(database))):
            continue
        addresses = [form.archives.of(database, n) for n in (SMALL, form.stories)]
        small, big = map(facts, addresses)
        yield figure(f"  stories in the biggest tag, {database}", big["stories_of_tag"])
        with contextlib.ExitStack() as stack:
            servers = [stack.enter_context(site(WSGI, each)) for each in addresses]
            # Who has a cookie of a session is answered by Django and never from memory.
            wires = [
                load.Wire(server.port, {"Cookie": each["cookie"]})
                for server, each in zip(servers, (small, big), strict=True)
            ]
            times = int(form.of(400, 100))
            for page, of in PAGES.items():
                if not form.wants(_name(page, database)):
                    continue
                pair = _taken(wires, [of(small), of(big)], times)
                yield _row(_name(page, database), pair)
            yield _month(wires, [small, big], database, times)
            yield _far_down(wires[1], big["page"], database, times)


def _taken(wires: list[load.Wire], paths: list[list[str]], times: int) -> list[list[float]]:
    """The seconds of each page from each server, the two in turns."""
    turns = [itertools.cycle(each) for each in paths]
    found: list[list[float]] = [[], []]
    for number in range(times + 10):
        for taken, wire, turn in zip(found, wires, turns, strict=True):
            seconds = load.seconds_of(wire, next(turn))
            if number >= 10:  # warm
                taken.append(seconds)
    return found


def _row(name: str, pair: list[list[float]], of: tuple[float, float] = (1, 1)) -> Row:
    """The row of p95s, of the small archive and the big one; each so many parts of a page."""
    ends = [p95(taken) / parts for taken, parts in zip(pair, of, strict=True)]
    middles = [statistics.median(taken) / parts for taken, parts in zip(pair, of, strict=True)]
    how = (
        f"p95 {1000 * ends[0]:,.3g} → {1000 * ends[1]:,.3g} ms, "
        f"median {1000 * middles[0]:,.3g} → {1000 * middles[1]:,.3g} ms"
    )
    return row(name, ends[1] / ends[0], "≤ 1.5", how)


def p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20, method="inclusive")[-1]


def _month(wires: list[load.Wire], facts: list[Any], database: str, times: int) -> Row:
    """A month's file is as long as the month was: what is compared is an address of it."""
    paths = [each["month"] for each in facts]
    lengths = [wire.ask(path)[2].count(b"<loc>") for wire, path in zip(wires, paths, strict=True)]
    pair = _taken(wires, [[path] for path in paths], times // 4)
    # The page around them costs as much as some addresses.
    return _row(_name(MONTH, database), pair, (lengths[0] + 20, lengths[1] + 20))


def _far_down(wire: load.Wire, page: list[Any], database: str, times: int) -> Row:
    first, deep, number = page
    pair = _taken([wire, wire], [[first], [deep]], times)
    found = _row(f"{FAR_DOWN}, {database}", pair)
    return row(found.name, found.value or 0, "≤ 1.5", f"page {number}; {found.how}")
