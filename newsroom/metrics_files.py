"""Where gunicorn's workers count together: a folder in memory, and in it a slot for each worker.

Nothing here imports prometheus_client: gunicorn's configuration reads this before any worker is.
"""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import gettempdir, mkdtemp

# prometheus_client's own name for it.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SLOT = "NEWSROOM_WORKER_SLOT"
_PREFIX = "newsroom-metrics-"
_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder in it is made by mkdtemp: no name to foresee


def open_folder() -> None:
    """Make the folder of this start of gunicorn's, and name it in the environment of its workers.

    A folder that the environment names already is emptied. What a server that was killed has left
    is removed.
    """
    if given := os.environ.get(FOLDER):
        Path(given).mkdir(parents=True, exist_ok=True)
        _remove(Path(given).glob("*.db"))
        return
    where = _MEMORY if _MEMORY.is_dir() else Path(gettempdir())
    for left in where.glob(f"{_PREFIX}*"):
        pid = left.name.removeprefix(_PREFIX).partition("-")[0]
        if left.stat().st_uid == os.getuid() and pid.isdigit() and not _is_alive(int(pid)):
            shutil.rmtree(left, ignore_errors=True)
    os.environ[FOLDER] = mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=where)


def close_folder() -> None:
    """Remove the folder, if it is one that was made here."""
    folder = Path(os.environ.get(FOLDER, ""))
    if folder.name.startswith(f"{_PREFIX}{os.getpid()}-"):
        shutil.rmtree(folder, ignore_errors=True)


def free_slot(taken: Iterable[int]) -> int:
    """The first slot that no living worker counts in."""
    numbers = set(taken)
    return next(slot for slot in range(len(numbers) + 1) if slot not in numbers)


def forget_living(slot: int) -> None:
    """Remove what a worker said of itself as it lived; what it counted stays, and is counted on."""
    _remove(Path(os.environ[FOLDER]).glob(f"gauge_live*_{slot}.db"))


def slot_of_this_process() -> str:
    """The slot that gunicorn gave this worker; in any other process its number."""
    return os.environ.get(SLOT) or f"pid{os.getpid()}"


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
