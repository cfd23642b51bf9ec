"""The hidden folder that a backup or a restore works in: gone afterwards, or at the next time."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = ".newsroom-keeping-"


@contextmanager
def folder_in(parent: Path) -> Iterator[Path]:
    """A folder (0700) that only this process uses; what a killed one left is taken away first."""
    _sweep(parent)
    path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    lock = os.open(path, os.O_RDONLY)
    try:
        # A process that is killed lets go of it, whatever else it leaves.
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


def _sweep(parent: Path) -> None:
    for path in parent.glob(f"{_PREFIX}*"):
        lock = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
        except BlockingIOError:
            pass  # another one at work
        finally:
            os.close(lock)
