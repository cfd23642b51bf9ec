"""The pictures' half: the files that the database names, out of the store and back into it."""

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import Storage

from newsroom.keeping.archive import Archive, Unfit, Writer

_SHOWN = 3  # names in a sentence
_IN_MEMORY = 8 * 1024 * 1024  # bytes of a file; of a larger one more lie on disk


class Copied:
    """Copies files into an archive, each once, whichever snapshot of the database names it.

    Their names are kept on disk: a large paper has millions.
    """

    def __init__(self, storage: Storage, writer: Writer, folder: Path) -> None:
        self._storage, self._writer = storage, writer
        self._names = sqlite3.connect(folder / "copied.sqlite3", isolation_level=None)
        self._names.execute("PRAGMA journal_mode=OFF")
        self._names.execute("CREATE TABLE copied (name TEXT PRIMARY KEY) WITHOUT ROWID")

    def copy(self, names: Iterable[str]) -> set[str]:
        """Copy what was not copied yet; return the names of which the store has no file."""
        missing = set()
        for name in names:
            if self._names.execute("SELECT 1 FROM copied WHERE name = ?", [name]).fetchone():
                continue
            try:
                with self._storage.open(name) as file:
                    self._writer.add_media(name, file.size, file.chunks())
            except FileNotFoundError:
                missing.add(name)
            else:
                self._names.execute("INSERT INTO copied VALUES (?)", [name])
        return missing

    def close(self) -> None:
        self._names.close()


def held(storage: Storage) -> Iterator[str]:
    """The names of all files in a store."""
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            inner, files = storage.listdir(folder)
        except FileNotFoundError:
            return
        yield from (os.path.join(folder, name) for name in files)
        folders += [os.path.join(folder, name) for name in inner]


class Put:
    """Files that come back into a store; `undo` takes out again what was not there before."""

    def __init__(self, storage: Storage, folder: Path) -> None:
        self._storage = storage
        self._names = sqlite3.connect(folder / "put.sqlite3", isolation_level=None)
        self._names.execute("PRAGMA journal_mode=OFF")
        self._names.execute("CREATE TABLE put (name TEXT PRIMARY KEY, new INT) WITHOUT ROWID")

    def put(self, archive: Archive) -> int:
        """Write every file of an archive and read it back; return how many there are.

        A file of that name that is there already stays, and has to have the same bytes: names are
        random. Raises Unfit.
        """
        count = 0
        for name, _, chunks in archive.media():
            sha256 = self._write(name, chunks)
            if _hash(self._storage, name) != sha256:
                raise Unfit(
                    f"The store holds another “{name}” than the backup. Move it away, look at its "
                    "disk, and begin again."
                )
            count += 1
        return count

    def undo(self) -> None:
        for (name,) in self._names.execute("SELECT name FROM put WHERE new"):
            self._storage.delete(name)

    def remove_others(self) -> int:
        """Delete what the store holds beside what came back; return how many files those were."""
        count = 0
        for name in list(held(self._storage)):
            if not self._names.execute("SELECT 1 FROM put WHERE name = ?", [name]).fetchone():
                self._storage.delete(name)
                count += 1
        return count

    def close(self) -> None:
        self._names.close()

    def _write(self, name: str, chunks: Iterator[bytes]) -> str:
        """Write a file where there is none; return its hash. A bucket's client seeks in it."""
        is_new = not self._storage.exists(name)
        try:
            self._names.execute("INSERT INTO put VALUES (?, ?)", [name, is_new])
        except sqlite3.IntegrityError:
            raise Unfit(f"This file holds “{name}” twice, as no backup does.") from None
        sha256 = hashlib.sha256()
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as content:
            for chunk in chunks:
                sha256.update(chunk)
                content.write(chunk)
            content.seek(0)
            if is_new and self._storage.save(name, File(content, name)) != name:
                raise Unfit(f"The store did not take “{name}” under its name. Look at its folder.")
        return sha256.hexdigest()


def _hash(storage: Storage, name: str) -> str:
    sha256 = hashlib.sha256()
    with storage.open(name) as file:
        for chunk in file.chunks():
            sha256.update(chunk)
    return sha256.hexdigest()


def shown(names: Iterable[Any]) -> str:
    """A few of some names, and how many more there are."""
    listed = sorted(map(str, names))
    more = len(listed) - _SHOWN
    return ", ".join(listed[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
