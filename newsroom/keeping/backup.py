"""How a backup is made: pictures, then one state of the database, sealed, read back, and only then
given its name."""

import os
import tomllib
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import django
from django.conf import settings
from django.core.files.storage import Storage

from newsroom.keeping import postgresql, sqlite, tables, work
from newsroom.keeping.archive import Archive, Unfit, Writer
from newsroom.keeping.manifest import Manifest
from newsroom.keeping.pictures import Copied

_HALVES: dict[str, Any] = {"sqlite": sqlite.Snapshot, "postgresql": postgresql.Snapshot}
_SNAPSHOTS = 5  # of which one has all files that it names
_STAMP = "newsroom-%Y-%m-%dT%H-%M-%SZ.tar"
_STAMPED = (
    "newsroom-[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]-[0-9][0-9]-[0-9][0-9]Z.tar"
)


def stamped(folder: Path, now: datetime) -> Path:
    """The name of a backup in a folder, by its moment (UTC)."""
    return folder / now.strftime(_STAMP)


def make(path: Path, *, connection: Any, storage: Storage, bucket: str, now: datetime) -> Manifest:
    """Write a backup to a file that is not there yet; return what it says of itself.

    `bucket` is where the pictures stay, by its name; empty: they are copied. Until all of it is
    written, read back and compared, there is no file of that name. Raises Unfit, and OSError where
    the disk refuses.
    """
    if path.exists():
        raise Unfit(f"{path} is there already. Name another file.")
    if not path.parent.is_dir():
        raise Unfit(f"{path.parent} is no folder. Make it first.")
    with work.folder_in(path.parent) as folder:
        part = folder / "backup"
        with open(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "wb") as file:
            manifest = _write(file, folder, connection, None if bucket else storage, now, bucket)
        with part.open("rb") as file:
            Archive(file).check()
        try:
            os.link(part, path)  # a rename would replace what came there meanwhile
        except FileExistsError:
            raise Unfit(f"{path} came to be meanwhile. Name another file.") from None
        _let_the_disk_have_it(path.parent)
    return manifest


def keep_newest(folder: Path, count: int) -> list[Path]:
    """Delete a folder's backups but the newest ones; return what was deleted."""
    found = sorted(folder.glob(_STAMPED), reverse=True)
    for path in found[count:]:
        path.unlink()
    return found[count:]


def version() -> str:
    """The product's, as pyproject.toml gives it."""
    text = (Path(settings.BASE_DIR) / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def _write(
    file: Any, folder: Path, connection: Any, storage: Storage | None, now: datetime, bucket: str
) -> Manifest:
    with ExitStack() as opened:
        writer = Writer(file, opened.enter_context(TemporaryFile()))
        copied = None
        if storage:
            copied = opened.enter_context(closing(Copied(storage, writer, folder)))
        snapshot, missing = _settled(connection, folder, copied)
        opened.callback(snapshot.close)
        manifest = Manifest(
            made_at=now.isoformat(timespec="seconds"),
            product=version(),
            django=django.get_version(),
            vendor=connection.vendor,
            server="",
            migrations=tables.applied(snapshot.connection),
            pictures=bucket,
            missing=sorted(missing),
        )
        snapshot.tell(manifest)
        manifest.streams = snapshot.write(writer)
        manifest.files = writer.files
        writer.seal(manifest.as_json())
    return manifest


def _settled(connection: Any, folder: Path, copied: Copied | None) -> tuple[Any, set[str]]:
    """A state of the database of which every file is in the archive; and the files that it names
    and the store has not.

    Most are copied before, which can take long. While the few that came meanwhile are copied, one
    can be deleted with its picture: then a later state is taken, which does not name it.
    """
    half = _HALVES[connection.vendor]
    if copied is None:
        return half(connection, folder), set()
    copied.copy(tables.files(connection))
    missing: set[str] = set()
    for _ in range(_SNAPSHOTS):
        snapshot = half(connection, folder)
        still = copied.copy(tables.files(snapshot.connection))
        if still <= missing:
            return snapshot, still
        missing = still
        snapshot.close()
    raise Unfit("Pictures are deleted faster than they are copied. Try again in an hour.")


def _let_the_disk_have_it(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
