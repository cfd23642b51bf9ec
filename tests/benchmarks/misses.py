"""What is not in memory: another story with each request, and the desk, by either worker class."""

import contextlib
import itertools
from collections.abc import Iterator
from functools import partial

from tests.benchmarks import load
from tests.benchmarks.archives import POSTGRESQL
from tests.benchmarks.form import Form, facts, told
from tests.benchmarks.hits import kept
from tests.benchmarks.programs import ASGI, WSGI, Server, environment, gunicorn, site
from tests.benchmarks.report import Row, row

AGAINST_DJANGO = "uncached story / bare Django view, gthread"
QUERIES = "queries of an uncached story"
STORY, DESK = "uncached story, asgi / gthread", "the desk's list, asgi / gthread"
ROWS = (AGAINST_DJANGO, QUERIES, STORY, DESK)

LIST = "/admin/articles/article/"
LONG = 3.0  # seconds of a burst, in which each connection gets its page of the desk
AT_ONCE = 3_000  # addresses given to a burst: more than it can ask for


def measure(form: Form) -> Iterator[Row]:
    database = form.archives.of(POSTGRESQL, form.stories)
    found = facts(database)
    counted = told("counted", database)
    how = "the page's own, as tests/pages/test_queries.py pins them; before them one of the edition"
    yield row(QUERIES, counted["page"], "≤ 5", how, counted=True)
    with contextlib.ExitStack() as stack:
        # Of a megabyte a story is long gone when its turn comes again.
        served = partial(site, database=database, PAGE_CACHE_MB="1")
        asgi, wsgi = stack.enter_context(served(ASGI)), stack.enter_context(served(WSGI))
        page = kept(asgi, found["stories"][0], {})
        told_django = environment(database, BARE_PAGE=page, BARE_DJANGO="1")
        # Not the site's settings: Django would load its apps.
        told_django.pop("DJANGO_SETTINGS_MODULE")
        bare = stack.enter_context(
            gunicorn(("gthread", "tests.benchmarks.bare:django"), env=told_django)
        )
        stories = _others(found["stories"])
        signed_in = {"Cookie": found["cookie"]}
        for server in (asgi, wsgi, bare):  # templates, statements, connections
            wire = load.Wire(server.port, signed_in)
            for path in (*itertools.islice(stories, 10), LIST):
                wire.ask(path)
            wire.close()
        paces = load.side_by_side(
            {
                "story, asgi": lambda: _stories(asgi, stories, form),
                "story, gthread": lambda: _stories(wsgi, stories, form),
                "bare Django view": lambda: _stories(bare, stories, form),
                "desk, asgi": partial(load.pace, asgi, [LIST], LONG, signed_in),
                "desk, gthread": partial(load.pace, wsgi, [LIST], LONG, signed_in),
            },
            form.rounds,
        )
    yield from load.figures(paces, "not compressed")
    yield load.compared(paces, AGAINST_DJANGO, "story, gthread", "bare Django view", "≥ 0.085")
    yield load.compared(paces, STORY, "story, asgi", "story, gthread", "≥ 0.95")
    yield load.compared(paces, DESK, "desk, asgi", "desk, gthread", "≥ 0.95")


def _stories(server: Server, stories: Iterator[str], form: Form) -> load.Pace:
    return load.pace(server, list(itertools.islice(stories, AT_ONCE)), form.seconds)


def _others(paths: list[str]) -> Iterator[str]:
    """Each story in its turn, over and over."""
    return itertools.cycle(paths)
