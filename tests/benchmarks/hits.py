"""A cached story page: how fast it is answered, against what answers nothing but its bytes."""

import contextlib
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.benchmarks import load
from tests.benchmarks.archives import POSTGRESQL
from tests.benchmarks.form import SMALL, Form, facts
from tests.benchmarks.programs import (
    ASGI,
    BUILD,
    WSGI,
    Server,
    environment,
    gunicorn,
    nginx,
    site,
)
from tests.benchmarks.report import Row, figure

AGAINST_ASGI = "cached page, asgi / bare ASGI callable"
AGAINST_WSGI = "cached page, gthread / bare WSGI callable"
ACROSS = "cached page, asgi / bare WSGI callable on gthread"
BY_NGINX = "cached page by nginx / static file by nginx"
ROWS = (AGAINST_ASGI, AGAINST_WSGI, ACROSS, BY_NGINX)

# As most readers' browsers ask.
READER = {"Accept-Encoding": "br"}
_OF_THE_SERVER = ("server", "date", "connection", "transfer-encoding")


def measure(form: Form) -> Iterator[Row]:
    database = form.archives.of(POSTGRESQL, SMALL)
    path = facts(database)["stories"][0]
    with contextlib.ExitStack() as stack:
        run = stack.enter_context
        asgi, wsgi = run(site(ASGI, database)), run(site(WSGI, database))
        page = kept(asgi, path, READER)
        bare = environment(database, BARE_PAGE=page)
        servers = {
            "asgi": (asgi, path),
            "gthread": (wsgi, path),
            "bare asgi": (run(gunicorn(("asgi", "tests.benchmarks.bare:asgi"), env=bare)), "/"),
            "bare gthread": (
                run(gunicorn(("gthread", "tests.benchmarks.bare:wsgi"), env=bare)),
                "/",
            ),
        }
        file = {"page.html": Path(page).read_bytes().partition(b"\n")[2]}
        before = run(nginx(asgi, file))
        servers["nginx, page"] = (before, path)
        servers["nginx, file"] = (before, "/static/page.html")
        alone = run(nginx(asgi, file, alone=True))
        servers["nginx's cache alone, page"] = (alone, path)
        servers["nginx's cache alone, file"] = (alone, "/static/page.html")
        bursts = {
            name: partial(load.pace, server, [path], form.seconds, READER)
            for name, (server, path) in servers.items()
        }
        found = load.side_by_side(bursts, form.rounds)
    yield from compared(found)


def compared(found: dict[str, list[load.Pace]]) -> Iterator[Row]:
    yield from load.figures(found, f"{load.CONNECTIONS} connections, br")
    for name, of, to, must in (
        (AGAINST_ASGI, "asgi", "bare asgi", "≥ 0.80"),
        (AGAINST_WSGI, "gthread", "bare gthread", "≥ 0.95"),
        (ACROSS, "asgi", "bare gthread", "≥ 3.5"),
        (BY_NGINX, "nginx, page", "nginx, file", "≥ 0.90"),
    ):
        yield load.compared(found, name, of, to, must)
    least = load.ratio(found["nginx's cache alone, page"], found["nginx's cache alone, file"])
    yield figure("  the same of an nginx that has a cache and nothing else", least)


def kept(server: Server, path: str, headers: load.Headers) -> str:
    """Keep a page as a server answers it, for bare.py; return the file."""
    wire = load.Wire(server.port, headers)
    wire.ask(path)
    _status, head, body = wire.ask(path)
    wire.close()
    pairs = [line.split(": ", 1) for line in head.split("\r\n")[1:]]
    headers = [pair for pair in pairs if pair[0].lower() not in _OF_THE_SERVER]
    file = BUILD / f"page-{server.port}"
    file.write_bytes(json.dumps(headers).encode() + b"\n" + body)
    return str(file)
