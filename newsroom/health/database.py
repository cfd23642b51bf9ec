"""Whether the database is there, stands where the code does, and tells the time as we do."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

# The press refuses a moment that is further ahead than this.
SKEW = timedelta(seconds=2)
LOCALTIME = Path("/etc/localtime")


def unreachable(_now: datetime) -> Iterator[str]:
    """Nothing where the database answers; where not, whoever looks catches its error."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield from ()


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """Those that this code brings; read from the disk once."""
    return frozenset(MigrationLoader(None).graph.nodes)


def unmigrated(_now: datetime) -> Iterator[str]:
    """Migrations that the database lacks."""
    lacking = sorted(_migrations() - MigrationRecorder(connection).applied_migrations().keys())
    if lacking:
        some = ", ".join(".".join(one) for one in lacking[:3]) + (" …" if lacking[3:] else "")
        yield f"Not all migrations are applied ({some}): run `manage.py migrate`."


def skewed(_now: datetime) -> Iterator[str]:
    """A clock of this machine that tells another time than the database's.

    It reads the clocks itself: a moment that was read before other checks is too old to compare.
    """
    asked = timezone.now()
    theirs = _time_of_the_database()
    if theirs is None:
        return
    ahead = asked + (timezone.now() - asked) / 2 - theirs
    if abs(ahead) > SKEW:
        way = "ahead of" if ahead > timedelta() else "behind"
        yield (
            f"This machine's clock is {abs(ahead).total_seconds():.0f} seconds {way} the "
            "database's: set both by NTP (`timedatectl set-ntp true`)."
        )


def _time_of_the_database() -> datetime | None:
    """PostgreSQL's clock; of SQLite the clock of the file system that it writes to."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Seconds: they mean the same whatever the session's zone.
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            return datetime.fromtimestamp(float(cursor.fetchone()[0]), UTC)
    if (folder := folder_of_sqlite()) is None:
        return None
    try:
        with TemporaryFile(dir=folder) as file:
            return datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
    except OSError:  # the folder cannot be written to: that is another check's to say
        return None


def folder_of_sqlite() -> Path | None:
    """Where SQLite's file lies; None on PostgreSQL, and in memory."""
    folder = Path(str(connection.settings_dict["NAME"])).parent
    return folder if connection.vendor == "sqlite" and folder.is_dir() else None


def wrong_zone(now: datetime, localtime: Path = LOCALTIME) -> Iterator[str]:
    """A zone that no newsroom lives in, or a database that does not store UTC."""
    name = settings.TIME_ZONE
    of_the_machine = localtime.resolve().as_posix().partition("zoneinfo/")[2]
    if name == "UTC" and "/" in of_the_machine and not of_the_machine.startswith("Etc/"):
        yield (
            f"TIME_ZONE is UTC, and this machine stands in {of_the_machine}: set TIME_ZONE to "
            "the newsroom's zone, so that what editors type is their own time."
        )
    elif name != "UTC" and ("/" not in name or name.startswith("Etc/")):
        offset = now.astimezone(ZoneInfo(name)).strftime("%z")
        yield (
            f"TIME_ZONE={name} is no place but an offset ({offset} now): give the newsroom's "
            "zone, such as Europe/Berlin, so that summer time is kept."
        )
    if (stored := _zone_of_the_database()) != "UTC":
        yield (
            f"The database tells moments in {stored} instead of UTC: take the zone out of "
            "DATABASE_URL, and let no pooler share one session between programs."
        )


def _zone_of_the_database() -> str:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW timezone")
            return cursor.fetchone()[0]
    return connection.timezone_name
