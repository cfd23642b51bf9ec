"""python -m tests.benchmarks.oddities COUNT: odd requests for a few pages, before the page cache.

Random parameters, headers and hosts, as crawlers, trackers and whoever tries to fill a cache send
them. On the database of DATABASE_URL; prints JSON: the entries, and megabytes before and after.
"""

import io
import json
import logging
import os
import random
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.utils import timezone

from articles.models import Publication, Section
from newsroom.wsgi import Site, django

STORIES = 20
MEGABYTE = 2**20
HOSTS = ("127.0.0.1", "127.0.0.1:8000", "LOCALHOST", "localhost:1", "evil.example", "127.0.0.1@x")
CODINGS = ("", "br", "gzip", "gzip;q=0.5, br", "identity", "*")


def main(count: str) -> None:
    logging.disable(logging.ERROR)  # one a host that is not ours
    site, dice, paths = Site(django), random.Random(1), pages()
    site.watch_edition()
    # A third warms what grows in any process: statements, patterns, templates.
    for _number in range(int(count) // 3):
        ask(site, dice, dice.choice(paths))
    before = memory()
    for _number in range(int(count)):
        ask(site, dice, dice.choice(paths))
    said = {
        "requests": int(count),
        # A story's and a section's page has a form for printing: one address more each.
        "addresses": 2 * (len(paths) - 1) + 1,
        "entries": len(site.cache.pages) + len(site.cache.others),
        "before": before,
        "after": memory(),
    }
    print(json.dumps(said))


def pages() -> list[str]:
    public = Publication.objects.at(timezone.now()).order_by("-pk")
    sections = [section.get_absolute_url() for section in Section.objects.all()[:3]]
    return ["/", *sections, *public.values_list("path", flat=True)[:STORIES]]


def ask(site: Site, dice: random.Random, path: str) -> None:
    names = [f"{dice.getrandbits(40):x}" for _ in range(dice.randrange(1, 4))]
    query = "&".join(f"{name}={dice.getrandbits(40):x}" for name in names)
    if dice.random() < 0.2:
        query += "&print=" + names[0]
    if dice.random() < 0.3:
        query = f"utm_source={names[0]}&fbclid={names[0]}"
    environ: dict[str, Any] = {
        "REQUEST_METHOD": dice.choice(("GET", "GET", "HEAD")),
        "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": dice.choice(HOSTS[: 6 if names[1:] else 4]),
        "HTTP_ACCEPT_ENCODING": f"{dice.choice(CODINGS)}, {names[0]}",
        "HTTP_ACCEPT_LANGUAGE": names[0], "HTTP_COOKIE": f"{names[0]}={names[-1]}",
        "HTTP_X_FORWARDED_HOST": names[0], "HTTP_IF_NONE_MATCH": f'"{names[0]}"',
        "HTTP_USER_AGENT": names[0], "HTTP_REFERER": names[0],
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0), "wsgi.multithread": False, "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }  # fmt: skip
    answer = site(environ, lambda *_said: None)
    b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()


def memory() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


if __name__ == "__main__":
    main(*sys.argv[1:])
