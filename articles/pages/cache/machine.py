"""One render a machine: its processes take turns by a lock each slot, and share what was rendered.

Both lie in shared memory, in a fixed number of slots: two addresses of one slot only wait for each
other, and the later one takes the place. A process that dies leaves no lock (flock).
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from threading import get_ident
from zlib import crc32

from articles.pages.cache.entries import Entry

SLOTS = 512
LARGEST = 500_000  # bytes of a page that is shared; in all, no more than a tenth of it as a rule


class Machine:
    """The processes of a site on one machine; `folder` is None where they can share nothing."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    @contextmanager
    def turn(self, key: str) -> Iterator[bool]:
        """Give whether it is our turn to render what a key stands for: nobody else is at it."""
        try:
            lock = os.open(self._file(key, "lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:  # nothing is shared; a render too many harms nobody
            yield True
            return
        try:
            yield _is_free(lock)
        finally:
            os.close(lock)

    def shared(self, key: str) -> Entry | None:
        """What another process rendered for the key last, if it still lies there."""
        try:
            return Entry.loaded(key, self._file(key, "page").read_bytes())
        except OSError:
            return None

    def share(self, key: str, entry: Entry) -> None:
        """Let the others have an entry. The caller has the turn."""
        if len(entry.packed) > LARGEST:
            return
        try:
            new = self._file(key, f"{os.getpid()}-{get_ident()}")
            new.write_bytes(entry.dumped(key))
            new.replace(self._file(key, "page"))
        except OSError:  # no room, no folder: each renders for itself
            return

    def remember(self, state: Sequence[int]) -> None:
        """Keep what is known of the edition, for a process that starts without a database."""
        with suppress(OSError):
            new = self._named(f"state-{os.getpid()}-{get_ident()}")
            new.write_text(json.dumps(state))
            new.replace(self._named("state"))

    def remembered(self) -> list[int] | None:
        """What a process of this machine knew last."""
        try:
            return json.loads(self._named("state").read_bytes())
        except (OSError, ValueError):
            return None

    def _file(self, key: str, kind: str) -> Path:
        slot = crc32(key.encode("utf-8", "surrogateescape")) % SLOTS
        return self._named(f"{slot:03}.{kind}")

    def _named(self, name: str) -> Path:
        if self.folder is None:
            raise FileNotFoundError
        return self.folder / name


def _is_free(lock: int) -> bool:
    try:
        flock(lock, LOCK_EX | LOCK_NB)
    except OSError:
        return False
    return True
