"""Whether there is room, and whether what has to be written can be."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile, gettempdir

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.files.storage import FileSystemStorage, default_storage, storages

from articles import shared_memory
from newsroom.health.database import folder_of_sqlite

SECONDS_FOR_A_BUCKET = 3
# A day, and an hour in which it is made.
OLDEST_BACKUP = timedelta(hours=25)

_bucket = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bucket")


def media(_now: datetime) -> Iterator[str]:
    """A store of pictures that takes none."""
    store = storages["default"]
    if isinstance(store, FileSystemStorage):
        if why := _cannot_write(Path(store.location)):
            yield (
                f"No picture can be stored in {store.location} ({why}): give the folder to the "
                "user that the site runs as, or correct PICTURES_STORE."
            )
    elif why := _cannot_reach_the_bucket():
        yield (
            f"The bucket {settings.PICTURES_STORE} does not answer ({why}): correct "
            "PICTURES_STORE, its keys or its network."
        )


def _cannot_reach_the_bucket() -> str:
    """Why; empty: it answers. A bucket that is silent must not hold whoever asks."""
    asked = _bucket.submit(default_storage.exists, "newsroom-asks")
    try:
        fault = asked.exception(timeout=SECONDS_FOR_A_BUCKET)
    except TimeoutError:
        asked.cancel()
        return f"silent for {SECONDS_FOR_A_BUCKET} seconds"
    return type(fault).__name__ if fault else ""


def memory(_now: datetime) -> Iterator[str]:
    """Shared memory that cannot be written, or that others may write to: pages are kept there."""
    folder = Path(settings.SHARED_FOLDER)
    if why := _cannot_write(folder):
        yield (
            f"Nothing can be written to {settings.SHARED_FOLDER} ({why}), where pages are kept: "
            "let the site's user write there, and give a container `--shm-size=256m`."
        )
    elif folder.exists() and not shared_memory.is_ours_alone(folder):
        yield (
            f"{folder} is not the site's alone, and no page is shared there: `chmod 700` it as its "
            "owner, who has to be the site's user, or name another by SHARED_FOLDER."
        )


def _cannot_write(folder: Path) -> str:
    """Why; empty: it can be. By a file: a mode says nothing of a disk that is full or read-only."""
    try:
        with NamedTemporaryFile(
            dir=_existing(folder), prefix="newsroom-asks-", buffering=0
        ) as file:
            file.write(b"x")
    except OSError as fault:
        return fault.strerror or type(fault).__name__
    return ""


def disks(_now: datetime) -> Iterator[str]:
    """A disk that is full, or nearly."""
    seen = set()
    for what, folder in _folders().items():
        place = _existing(folder)
        room, device = shutil.disk_usage(place), place.stat().st_dev
        if device not in seen and room.free < settings.LEAST_ROOM * room.total:
            yield (
                f"The disk of {what} ({place}) is nearly full, {room.free // 1_000_000} MB of "
                f"{room.total // 1_000_000} MB are free: make room, or give it a larger one."
            )
        seen.add(device)


def _folders() -> dict[str, Path]:
    """Where the site writes, by what."""
    store, sqlite = storages["default"], folder_of_sqlite()
    folders = {"temporary files": Path(gettempdir())}
    if sqlite is not None:
        folders["the database"] = sqlite
    if isinstance(store, FileSystemStorage):
        folders["pictures"] = Path(store.location)
    return {**folders, "pages kept in memory": Path(settings.SHARED_FOLDER)}


def _existing(folder: Path) -> Path:
    """The folder, or the one above it that is there: one is made at need."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def ungathered(_now: datetime) -> Iterator[str]:
    """Static files that this process does not know the names of: it can make no page."""
    if isinstance(staticfiles_storage, ManifestFilesMixin) and not staticfiles_storage.hashed_files:
        yield (
            "Static files were not gathered when this process started: run `manage.py "
            "collectstatic --no-input`, then reload gunicorn."
        )


def gathered_before(_now: datetime) -> Iterator[str]:
    """Static files that came with a later release than the gathered ones.

    Nothing for a probe to ask: the process of the earlier release does not need them.
    """
    names = getattr(staticfiles_storage, "hashed_files", None)
    missing = [name for name in _static_sources() if name not in names] if names else []
    if missing:
        yield (
            f"{len(missing)} static files are not gathered, such as {missing[0]}: run `manage.py "
            "collectstatic --no-input`, then reload gunicorn."
        )


def _static_sources() -> Iterator[str]:
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=[]):
            prefix = getattr(storage, "prefix", None)
            yield f"{prefix}/{path}" if prefix else path


def backups(now: datetime) -> Iterator[str]:
    """A backup that is missing or too old, where a setting says where they lie."""
    if not settings.BACKUPS:
        return
    folder = Path(settings.BACKUPS)
    made = [file.stat().st_mtime for file in folder.rglob("*") if file.is_file()]
    newest = datetime.fromtimestamp(max(made), UTC) if made else None
    if newest is None or now - newest > OLDEST_BACKUP:
        age = f"is {(now - newest) // timedelta(hours=1)} hours old" if newest else "is missing"
        yield f"The last backup in {folder} {age}: see why cron makes none, and make one now."
