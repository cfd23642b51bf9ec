"""manage.py backup: the paper in one file; docs/ops.md explains it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, no_translations
from django.db import DatabaseError, connection
from django.utils import timezone

from newsroom.keeping import backup
from newsroom.keeping.archive import Unfit
from newsroom.keeping.pictures import shown


class Command(BaseCommand):
    help = "Writes the database and the pictures to one file, while the site runs (docs/ops.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.tar", nargs="?", help="which is not there yet")
        parser.add_argument("--into", metavar="FOLDER", help="name the file by its moment (UTC)")
        parser.add_argument(
            "--keep", type=int, metavar="N", help="with --into: delete all but the newest N"
        )
        parser.add_argument(
            "--with-bucket", action="store_true", help="also copy pictures that lie in a bucket"
        )

    @no_translations  # the terminal is spoken to in English, whatever readers are
    def handle(
        self, *, file: str, into: str, keep: int | None, with_bucket: bool, **options: Any
    ) -> None:
        if bool(file) == bool(into):
            raise CommandError("Name a file, or a folder by --into; not both.")
        if keep is not None and (keep < 1 or not into):
            raise CommandError("--keep wants --into, and a number from 1 on.")
        now = timezone.now()
        path = backup.stamped(Path(into), now) if into else Path(file)
        bucket = (
            "" if with_bucket or "://" not in settings.PICTURES_STORE else settings.PICTURES_STORE
        )
        try:
            made = backup.make(
                path, connection=connection, storage=default_storage, bucket=bucket, now=now
            )
        except Unfit as unfit:
            raise CommandError(f"No backup was made. {unfit}") from None
        except DatabaseError as error:
            raise CommandError(
                f"No backup was made. The database says: {error} docs/ops.md says what it takes."
            ) from None
        except OSError as error:
            raise CommandError(
                f"No backup was made. {error.strerror or error}: {error.filename or path}. "
                "Give the folder of the file the room and the rights that it takes."
            ) from None
        self._say(path, made)
        for old in backup.keep_newest(Path(into), keep) if keep else ():
            self.stdout.write(f"Deleted {old}.")

    def _say(self, path: Path, made: Any) -> None:
        rows = sum(made.tables.values())
        self.stdout.write(
            f"{path}: {path.stat().st_size:,} bytes, {rows:,} rows, {made.files:,} pictures’ files."
            " Read back and compared."
        )
        if made.pictures:
            self.stdout.write(
                f"The pictures lie in {made.pictures} and are not in the file: keep the bucket by "
                "its own versioning, or say --with-bucket."
            )
        if made.missing:
            self.stderr.write(
                f"{len(made.missing)} files that the database names are not in the store: "
                f"{shown(made.missing)}. `rebuild_pictures` makes sizes anew that are missing."
            )
