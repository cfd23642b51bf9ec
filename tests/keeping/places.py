"""A machine of its own for a site: a database, a store of pictures, and manage.py run there."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
URL = os.environ["DATABASE_URL"]  # as tests/databases.py gives it
IS_POSTGRESQL = not URL.startswith("sqlite")


def server(database: str) -> str:
    """The address of a database on the tests' server."""
    return urlunsplit(urlsplit(URL)._replace(path=f"/{database}"))


@dataclass
class Place:
    folder: Path
    url: str

    @property
    def env(self) -> dict[str, str]:
        own = {"DATABASE_URL": self.url, "PICTURES_STORE": str(self.store), "SITE_NAME": "Courier"}
        return {**os.environ, **own}

    @property
    def store(self) -> Path:
        return self.folder / "media"

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, *arguments]

    def manage(self, *arguments: Any, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = self.command("manage.py", *map(str, arguments))
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.env,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    def program(self, *arguments: Any) -> Any:
        """Run a program of the tests there; return what it prints, read as JSON."""
        command = self.command("-m", *map(str, arguments))
        done = subprocess.run(
            command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def files(self) -> dict[str, bytes]:
        found = (path for path in self.store.rglob("*") if path.is_file())
        return {str(path.relative_to(self.store)): path.read_bytes() for path in found}


class Places:
    """Makes places, and takes the databases away again."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._databases = folder, []
        self._prefix = f"keeping_{os.getpid()}"

    def make(self, name: str, *, sqlite: bool = not IS_POSTGRESQL) -> Place:
        folder = self._folder / name
        folder.mkdir()
        if sqlite:
            return Place(folder, f"sqlite:///{folder / 'newsroom.sqlite3'}")
        database = f"{self._prefix}_{len(self._databases)}"
        self._say(f"CREATE DATABASE {database}")
        self._databases.append(database)
        return Place(folder, server(database))

    def clear(self) -> None:
        for database in self._databases:
            self._say(f"DROP DATABASE {database} WITH (FORCE)")

    @staticmethod
    def _say(sql: str) -> None:
        with psycopg.connect(URL, autocommit=True) as connection:
            connection.execute(sql)
