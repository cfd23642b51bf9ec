"""The proxy's cache of pages, emptied when something is taken away from readers.

nginx keeps each page as a file (deploy/nginx). While the site answers, a page is asked for again
after a second; what is emptied here is what the proxy would show while the site is down.
"""

import os
import re
from pathlib import Path

_PAGE = re.compile(r"[0-9a-f]{32}(\.[0-9]{10})?")  # the second: being written (use_temp_path=off)
_FOLDER = re.compile(r"[0-9a-f]{1,2}")  # where proxy_cache_path has levels=
_DEEP = 3  # levels at most


class NotACacheError(ValueError):
    """A folder that nginx does not keep its pages in; nothing in it was touched."""


def purge(folder: Path) -> int:
    """Remove every page that the proxy keeps in a folder; return how many there were.

    What it is just writing goes as well, and is then not kept. A page that the site made before a
    withdrawal and that reaches the proxy after this is not seen: purge once more when requests of
    before must be over. Raises NotACacheError where anything else lies in the folder, or there is
    none, before anything is removed; PermissionError, at the end, for what may not be removed.
    """
    pages = _pages(folder, _DEEP)
    refused: PermissionError | None = None
    removed = 0
    for page in pages:
        try:
            page.unlink()
            removed += 1
        except FileNotFoundError:  # nginx was there first
            continue
        except PermissionError as error:
            refused = error
    if refused:
        raise refused
    return removed


def _pages(folder: Path, deep: int) -> list[Path]:
    if folder.is_symlink() or not folder.is_dir():
        raise NotACacheError(f"{folder} is no folder. PROXY_CACHE names that of proxy_cache_path.")
    found: list[Path] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False) and _PAGE.fullmatch(entry.name):
                found.append(Path(entry.path))
            elif deep and entry.is_dir(follow_symlinks=False) and _FOLDER.fullmatch(entry.name):
                found += _pages(Path(entry.path), deep - 1)
            else:
                raise NotACacheError(
                    f"{entry.path} is no page that nginx keeps, so nothing in {folder} was "
                    "removed. PROXY_CACHE names the folder of proxy_cache_path."
                )
    return found
