"""The bell: it tells every process of a site that the edition moved, before they look themselves.

What the edition is, the database says, and everybody looks there twice a second anyway. So a bell
that is broken costs half a second, and nobody but ops notices.
"""

import logging
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from articles import shared_memory

log = logging.getLogger(__name__)

_OF_REDIS = "articles.redis_bell.RedisBell"  # it needs the extra redis; settings.py sees to that


class Bell(Protocol):
    """What can be rung, and heard by who was not there: what is heard is another after a ring."""

    def ring(self) -> None: ...
    def heard(self) -> object: ...


class FileBell:
    """A bell for the processes of one machine: the moment at which a file was last touched."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def ring(self) -> None:
        try:
            self.file.touch()
        except OSError as fault:
            log.warning("The bell %s cannot be rung: %s", self.file, fault)

    def heard(self) -> object:
        try:
            return self.file.stat().st_mtime_ns
        except OSError:
            return None


def ring() -> None:
    """Tell the processes of this site, on this machine or (with a BELL_URL) on all of them."""
    for bell in _bells():
        bell.ring()


def heard() -> tuple[object, ...]:
    """Return what was heard so far: something else once a bell has rung."""
    return tuple(bell.heard() for bell in _bells())


def rung_at() -> int:
    """Return when this machine's own bell rang last: microseconds since 1970, 0 for never."""
    folder = shared_memory.folder()
    rung = FileBell(folder / "bell").heard() if folder else None
    return rung // 1000 if isinstance(rung, int) else 0


@lru_cache(maxsize=1)
def _bells() -> tuple[Bell, ...]:
    bells: list[Bell] = []
    if folder := shared_memory.folder():
        bells.append(FileBell(folder / "bell"))
    if settings.BELL_URL:
        bells.append(import_string(_OF_REDIS)(settings.BELL_URL))
    return tuple(bells)
