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
        known = path.lstat()
    except OSError:
        return None
    is_ours = stat.S_ISDIR(known.st_mode) and known.st_uid == os.getuid()
    return path if is_ours and not known.st_mode & 0o022 else None
