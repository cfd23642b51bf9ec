"""The folder in memory that the processes of a site share on one machine."""

import os
import stat
from functools import lru_cache
from pathlib import Path

from django.conf import settings


@lru_cache(maxsize=1)
def folder() -> Path | None:
    """Return the folder, made where it was missing; None where it cannot be had.

    Nobody else may write there: what lies in it is served. A folder of that name that is not ours
    alone, on a machine with other users, is left alone.
    """
    path = Path(settings.SHARED_FOLDER)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path if is_ours_alone(path) else None
    except OSError:
        return None


def is_ours_alone(path: Path) -> bool:
    """Whether it is a folder of ours that no other may write to. Raises OSError: none is there."""
    known = path.lstat()
    is_ours = stat.S_ISDIR(known.st_mode) and known.st_uid == os.getuid()
    return is_ours and not known.st_mode & 0o022
