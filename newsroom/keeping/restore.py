"""How a site comes back from a backup: everything is checked before anything is written, then the
pictures, then the database in one step."""

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.files.storage import Storage
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from newsroom.keeping import postgresql, sqlite, tables, work
from newsroom.keeping.archive import Archive, Unfit
from newsroom.keeping.manifest import Manifest, require_fit
from newsroom.keeping.pictures import Put, held, shown


class Doubtful(Exception):
    """Why a site that came back is not to be trusted, in a sentence."""


def read(archive: Archive, *, connection: Any) -> Manifest:
    """What a backup says of itself; raises Unfit where it cannot come back here, or is damaged."""
    manifest = Manifest.read(archive.manifest)
    known = set(MigrationLoader(None).disk_migrations)
    require_fit(manifest, vendor=connection.vendor, known=known)
    archive.check()
    return manifest


def in_the_way(*, connection: Any, storage: Storage | None) -> list[str]:
    """What stands where a backup would come back, in words; none: nothing does.

    Without a store pictures are not looked for: they stayed in their bucket.
    """
    found = []
    if holding := tables.holding(connection):
        rows = sum(tables.count(connection, table) for table in holding)
        found.append(f"the database {_name(connection)} ({rows:,} rows, in {shown(holding)})")
    if storage and (files := list(held(storage))):
        where = getattr(storage, "location", "") or getattr(storage, "bucket_name", "the store")
        found.append(f"the pictures in {where} (files: {len(files):,})")
    return found


def put_back(
    archive: Archive,
    manifest: Manifest,
    *,
    connection: Any,
    storage: Storage,
    folder: Path,
    say: Callable[[str], None],
) -> None:
    """Write a backup that was read over what is there; `folder` has room for SQLite's file.

    The database is built and checked beside the old one, then the pictures are written beside the
    old ones, then the database takes the old one's place, then the old pictures go. Whatever fails
    before that last step leaves the site as it was. Raises Unfit and OSError.
    """
    with work.folder_in(folder) as inner:
        say("The database is built and checked …")
        with closing(_built(archive, manifest, connection, inner)) as database:
            put = Put(storage, inner)
            with closing(put):
                try:
                    say("The pictures are written and read back …")
                    _require_files(put.put(archive), manifest)
                    os.sync()
                    database.take_place()
                except BaseException:
                    put.undo()
                    raise
                _look_again(database)
                if not manifest.pictures:
                    put.remove_others()


def _look_again(database: Any) -> None:
    try:
        database.look_again()
    except Unfit as unfit:
        raise Doubtful(f"The backup took its place, and now reads otherwise. {unfit}") from None


def _built(archive: Archive, manifest: Manifest, connection: Any, folder: Path) -> Any:
    if connection.vendor == "sqlite":
        return sqlite.Restored(archive, manifest, connection, folder)
    return postgresql.Restored(archive, manifest, connection, folder, _migrate)


def _require_files(count: int, manifest: Manifest) -> None:
    if count != manifest.files:
        raise Unfit(f"{count:,} pictures came back, and the backup tells of {manifest.files:,}.")


def _migrate(connection: Any, migrations: dict[str, str]) -> None:
    """Make the tables as they were after some migrations, the last of each app."""
    MigrationExecutor(connection).migrate(list(migrations.items()))


def _name(connection: Any) -> str:
    return str(connection.settings_dict["NAME"])
