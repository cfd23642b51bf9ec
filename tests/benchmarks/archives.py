"""The databases that are measured on: archives by their number of stories, made once and kept."""

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.benchmarks.programs import BUILD, Postgresql, manage

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


@dataclass
class Archives:
    """Where archives lie; they are filled by manage.py make_archive when first asked for."""

    @cached_property
    def postgresql(self) -> Postgresql:
        return Postgresql()

    def of(self, database: str, stories: int) -> str:
        """Return the address of an archive that nobody writes to."""
        make = self._on_sqlite if database == SQLITE else self._on_postgresql
        return make(f"archive_{stories}", stories)

    @contextlib.contextmanager
    def copy(self, stories: int) -> Iterator[str]:
        """A copy of an archive on PostgreSQL, to write to, for as long as the block lasts."""
        self.of(POSTGRESQL, stories)
        server = self.postgresql
        name = f"copy_{os.getpid()}_{time.monotonic_ns()}"
        # No copy is made of what somebody reads; of our servers none does.
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = 'archive_{stories}'"
        )
        server.execute(f"CREATE DATABASE {name} TEMPLATE archive_{stories}")
        try:
            yield server.url(name)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _on_sqlite(self, name: str, stories: int) -> str:
        file = BUILD / f"{name}.sqlite3"
        if not file.exists():
            new = Path(f"{file}.new")
            new.unlink(missing_ok=True)
            _fill(f"sqlite:///{new}", stories)
            os.replace(new, file)
        return _as_the_code_is(f"sqlite:///{file}")

    def _on_postgresql(self, name: str, stories: int) -> str:
        server = self.postgresql
        if not server.has(name):
            server.execute(f"DROP DATABASE IF EXISTS {name}_new WITH (FORCE)")
            server.execute(f"CREATE DATABASE {name}_new")
            _fill(server.url(f"{name}_new"), stories)
            server.execute(f"ALTER DATABASE {name}_new RENAME TO {name}")
        return _as_the_code_is(server.url(name))


def _fill(database: str, stories: int) -> None:
    print(
        f"Making an archive of {stories:,} stories ({database.partition(':')[0]}) ...", flush=True
    )
    manage(database, "migrate", "--verbosity", "0")
    manage(database, "make_archive", str(stories))
    # The server's own autovacuum would do it, some minutes later and in the middle of a row.
    if not database.startswith("sqlite"):
        manage(database, "shell", "--command", _VACUUM)


_VACUUM = "from django.db import connection; connection.cursor().execute('VACUUM ANALYZE')"


def _as_the_code_is(database: str) -> str:
    """An archive that an earlier commit made, with the tables of this one."""
    manage(database, "migrate", "--verbosity", "0")
    return database
