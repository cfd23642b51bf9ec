"""The bell: it tells every process of a site that the edition moved, before they look themselves.

What the edition is, the database says, and everybody looks there twice a second anyway. So a bell
that is broken costs half a second, and nobody but ops notices.
"""

import logging
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings

from articles import shared_memory

try:
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry
except ImportError:  # the extra is not installed; settings.py refuses a BELL_URL then
    redis = None  # type: ignore[assignment]  # a module or nothing: no type says that

log = logging.getLogger(__name__)

_PATIENCE = 0.2  # seconds that Redis may take
_PASS_OVER = 100  # times that a broken one is not listened to: some five seconds
_KEY = "newsroom:edition"


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


class RedisBell:
    """A bell for several machines: a number in Redis."""

    def __init__(self, url: str) -> None:
        self.redis = redis.Redis.from_url(
            url,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
            retry=Retry(NoBackoff(), 0),  # whoever waits has a press to end, or an edition to read
        )
        self.is_broken = False
        self._passed_over = 0  # times that it was not listened to since it broke

    def ring(self) -> None:
        self._ask("incr")

    def heard(self) -> object:
        if self.is_broken and self._passed_over < _PASS_OVER:
            self._passed_over += 1
            return None
        self._passed_over = 0
        return self._ask("get")

    def _ask(self, command: str) -> object:
        try:
            said = getattr(self.redis, command)(_KEY)
        except (redis.RedisError, OSError, ValueError) as fault:
            if not self.is_broken:  # once, not ten times a second
                log.warning("The bell in Redis does not answer: %s", type(fault).__name__)
            self.is_broken = True
            return None
        self.is_broken = False
        return said


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
        bells.append(RedisBell(settings.BELL_URL))
    return tuple(bells)
