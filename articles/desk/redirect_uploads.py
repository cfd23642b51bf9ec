"""A file of redirects between its upload and its import: kept where pictures are, under a name that
nobody can guess, until somebody says yes to it, or for a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.crypto import get_random_string

_FOLDER = "redirects"
_KEPT_FOR = timedelta(days=1)


def keep(file: File, now: datetime) -> str:
    """Keep an upload and return what it is called now; what others left long ago goes."""
    _sweep(now)
    return default_storage.save(f"{_FOLDER}/{get_random_string(32)}.csv", file)


@contextmanager
def opened(name: str) -> Iterator[Any]:
    """The lines of a kept file, in octets. Raises FileNotFoundError where it is no more."""
    if not default_storage.exists(name):
        raise FileNotFoundError(name)
    with default_storage.open(name) as file:
        yield file


def drop(name: str) -> None:
    """Keep a file no longer."""
    default_storage.delete(name)


def _sweep(now: datetime) -> None:
    if not default_storage.exists(_FOLDER):
        return
    for file in default_storage.listdir(_FOLDER)[1]:
        name = f"{_FOLDER}/{file}"
        if now - default_storage.get_modified_time(name) > _KEPT_FOR:
            default_storage.delete(name)
