"""manage.py restore: a site comes back from a backup; docs/ops.md explains it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, no_translations
from django.db import DatabaseError, connection

from newsroom.keeping import restore
from newsroom.keeping.archive import Archive, Unfit
from newsroom.keeping.manifest import Manifest


class Command(BaseCommand):
    help = "Restores a backup into an empty database and an empty store of pictures (docs/ops.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.tar")
        parser.add_argument("--check", action="store_true", help="check the file and write nothing")
        parser.add_argument(
            "--replace", action="store_true", help="in the place of a site that is there"
        )
        parser.add_argument("--yes", action="store_true", help="with --replace: do not ask")

    @no_translations  # the terminal is spoken to in English, whatever readers are
    def handle(self, *, file: str, check: bool, replace: bool, yes: bool, **options: Any) -> None:
        try:
            with Path(file).open("rb") as opened:
                archive = Archive(opened)
                manifest = restore.read(archive, connection=connection)
                self.stdout.write(_told(manifest))
                if not check:
                    self._require_room(manifest, replace=replace, asked=not yes)
                    self._restore(archive, manifest)
        except Unfit as unfit:
            raise CommandError(f"Nothing was restored. {unfit}") from None
        except restore.Doubtful as doubt:
            raise CommandError(f"{doubt} Look at the disk, and restore again.") from None
        except DatabaseError as error:
            raise CommandError(f"Nothing was restored. The database says: {error}") from None
        except OSError as error:
            raise CommandError(f"Nothing was restored. {error}.") from None

    def _require_room(self, manifest: Manifest, *, replace: bool, asked: bool) -> None:
        store = None if manifest.pictures else default_storage
        there = restore.in_the_way(connection=connection, storage=store)
        listed = "".join(f"\n  {line}" for line in there)
        if there and not replace:
            raise CommandError(
                f"Nothing was restored. This would be in the way:{listed}\n"
                "Name an empty database and an empty store of pictures, or say --replace."
            )
        if there and asked:
            self.stdout.write(f"This will be replaced, and is then gone:{listed}")
            if (
                input(f"Type the site’s name ({settings.SITE_NAME}) to go on: ")
                != settings.SITE_NAME
            ):
                raise CommandError("Nothing was restored. That is not the site’s name.")

    def _restore(self, archive: Archive, manifest: Manifest) -> None:
        # SQLite's file is unpacked beside where it will be; on PostgreSQL only a small paper's is.
        name = Path(connection.settings_dict["NAME"])
        beside = name.parent if connection.vendor == "sqlite" else settings.DATA_DIR
        beside.mkdir(parents=True, exist_ok=True)
        restore.put_back(
            archive, manifest, connection=connection, storage=default_storage, folder=beside,
            say=self.stdout.write,
        )  # fmt: skip
        call_command("migrate", verbosity=0)
        rows = sum(manifest.tables.values())
        self.stdout.write(f"Restored: {rows:,} rows and {manifest.files:,} pictures’ files.")
        if manifest.pictures:
            self.stdout.write(f"Pictures are not in it: they lie in {manifest.pictures}.")


def _told(manifest: Manifest) -> str:
    return (
        f"A backup of {manifest.made_at}, of version {manifest.product} on {manifest.vendor}: "
        f"{sum(manifest.tables.values()):,} rows, {manifest.files:,} pictures’ files. It is whole."
    )
